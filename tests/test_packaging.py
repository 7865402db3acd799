"""The wheel holds what kg needs, and works where there is no checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from kg import __version__

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = sorted(p.name for p in (ROOT / "kg" / "models").glob("*.pt"))
TEXT = "أرسلت كوريا الشمالية 3000 جندي إلى روسيا. وقال الرئيس الروسي فلاديمير بوتين إن بلاده ترحب بهم."

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command that must succeed and sees neither the checkout nor this run's settings."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "KG_MODELS"}
    environment = {k: v for k, v in os.environ.items() if k not in hidden}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", "--quiet", "--wheel-dir", folder, cwd=folder)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_code_ontology_page_and_weights_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    ontology = {f"kg/ontology/{p.relative_to(ROOT / 'ontology').as_posix()}" for p in (ROOT / "ontology").rglob("*.ttl")}
    code = {p.relative_to(ROOT).as_posix() for p in (ROOT / "kg").rglob("*.py")}
    page = {f"kg/view/{p.name}" for p in (ROOT / "kg" / "view").iterdir() if p.suffix in {".html", ".css", ".js"}}
    weights = {f"kg/models/{p.name}" for p in (ROOT / "kg" / "models").glob("*") if p.suffix in {".pt", ".json"}}
    assert ontology and page
    catalogue = {f"kg/locale/ar/LC_MESSAGES/kg.{suffix}" for suffix in ("po", "mo")}
    assert ontology | code | page | weights | catalogue | {"kg/py.typed"} <= names
    metadata = f"arabic_kg-{__version__}.dist-info/"
    assert {name.partition("/")[0] for name in names} == {"kg", metadata.rstrip("/")}
    assert metadata + "licenses/LICENSE" in names
    assert not [name for name in names if "__pycache__" in name]


@pytest.mark.skipif(not WEIGHTS, reason="the weights are not in kg/models")
def test_an_installed_kg_builds_a_graph_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    environment, work = tmp_path / "environment", tmp_path / "work"
    work.mkdir()
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    # The torch of this run, by its version: any other might be a download of gigabytes.
    torch = f"torch=={version('torch').partition('+')[0]}"
    run(python, "-m", "pip", "install", "--quiet", torch, cwd=work)
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=work)

    (work / "some.txt").write_text(TEXT, encoding="utf-8")
    kg = environment / "bin" / "kg"
    assert run(kg, "--version", cwd=work) == f"kg {__version__}\n"
    assert run(kg, "--lang", "ar", "--help", cwd=work).startswith("الاستعمال: kg")
    summary = run(kg, "build", "some.txt", cwd=work)
    assert summary.split()[:2] == ["documents", "1"]
    assert sorted(p.name for p in (work / "out").iterdir()) == [".kg-cache", "extractions.jsonl", "graph.html", "graph.ttl"]
    extraction = json.loads((work / "out" / "extractions.jsonl").read_text(encoding="utf-8"))
    assert "SEND" in {e["type"] for e in extraction["events"]}
    assert run(kg, "validate", "out/graph.ttl", cwd=work) == "out/graph.ttl: valid\n"
    listed = json.loads(run(kg, "models", "list", "--json", cwd=work))
    assert {f["state"] for f in listed["files"]} == {"ok"}
    assert Path(listed["directory"]).is_relative_to(environment)
