"""docs/kg.ipynb runs from the first cell to the last, and shows the graph inline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.test_docs import ROOT

NOTEBOOK = ROOT / "docs" / "kg.ipynb"


def test_the_notebook_is_kept_without_outputs() -> None:
    """What is shown is made when it is run, and stale figures cannot stay."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")


@pytest.fixture(scope="module")
def shown(models: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each cell of code shows, by the cell's text."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path_factory.mktemp("notebook"))}}).execute()
    return {cell.source: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


@pytest.mark.slow
def test_the_graph_is_shown_inline(shown: dict[str, Any]) -> None:
    (output,) = shown["graph.view(height=560)"]
    assert output.data["text/html"].startswith("<iframe srcdoc=")
    assert "كوريا الشمالية" in output.data["text/html"]


@pytest.mark.slow
def test_the_other_cells_show_what_they_say(shown: dict[str, Any]) -> None:
    (sent,) = [outputs[0].data["text/plain"] for source, outputs in shown.items() if "kgo:Send" in source]
    assert "3,000 soldiers" in sent and "Iran" in sent
    for source, outputs in shown.items():
        assert outputs, f"shows nothing: {source}"
        assert not [o for o in outputs if o.output_type == "stream" and o.name == "stderr"], source
