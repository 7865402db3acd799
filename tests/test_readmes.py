"""README.md and README.ar.md say the same: commands, outputs, figures, links; what the demo prints is what they show."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "README.ar.md")


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[str]:
    """The blocks of code, without what stands behind # in commands, which is prose."""
    found = re.findall(r"^```\w*\n(.*?)^```$", text(page), re.DOTALL | re.MULTILINE)
    return ["\n".join(re.sub(r"\s+#.*", "", line) if line.startswith("$ ") else line for line in block.splitlines()) for block in found]


def test_commands_and_outputs_agree() -> None:
    english, arabic = map(blocks, PAGES)
    assert english == arabic
    assert len(english) >= 6


def test_tables_agree() -> None:
    english, arabic = (re.findall(r"^\|.*\|$", text(page), re.MULTILINE) for page in PAGES)
    assert english == arabic
    assert len(english) > 5


def test_links_agree() -> None:
    english, arabic = ({t for t in re.findall(r"\]\(([^)]+)\)", text(page)) if t not in PAGES} for page in PAGES)
    assert english == arabic


def test_figures_agree() -> None:
    """Every number outside of the blocks, but for those that stand as words in one of the two."""

    def figures(page: str) -> set[str]:
        prose = re.sub(r"^```.*?^```$", "", text(page), flags=re.DOTALL | re.MULTILINE)
        return set(re.findall(r"\d[\d.,]*\d|\d", prose))

    english, arabic = map(figures, PAGES)
    assert english - arabic <= {"3,000"}
    assert arabic - english == set()


@pytest.mark.slow
def test_what_the_demo_prints_is_what_is_shown(tmp_path: Path, models: Path) -> None:
    run = [sys.executable, "-m", "kg.cli"]
    environment = {**os.environ, "KG_MODELS": str(models)}
    out = tmp_path / "out"
    built = subprocess.run([*run, "build", str(ROOT / "seeds"), "-o", str(out)], env=environment, capture_output=True, text=True, check=True)
    counts = "\n".join(line for line in built.stdout.splitlines() if not line.startswith(str(tmp_path)))
    asked = [*run, "query", "--example", "who-armed-whom", str(out / "graph.ttl")]
    armed = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout
    query = next(b for b in blocks("README.md") if b.startswith("SELECT"))
    rows = subprocess.run(
        [*run, "query", query, str(out / "graph.ttl"), "--format", "tsv"], env=environment, capture_output=True, text=True, check=True
    )
    sent = [line.split("\t") for line in rows.stdout.splitlines()[1:]]
    for page in PAGES:
        assert counts in text(page)
        assert armed.strip() in text(page)
        shown = [[c.strip() for c in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", text(page), re.MULTILINE)][2:]
        assert shown == [[re.sub(r'^"|"@\w+$', "", cell) for cell in row] for row in sent]
