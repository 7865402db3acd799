"""CONTRIBUTING.md, word for word: someone who has never seen the code adds a weapon and an event type to a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from kg import __version__
from tests.examples import program
from tests.test_docs import BLOCK, ROOT, script

PAGE = ROOT / "CONTRIBUTING.md"


@pytest.fixture(scope="module")
def printed(models: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the examples of the page print, run where a contributor runs them: in a checkout, with its environment active."""
    checkout, programs = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("programs")
    for name in ("kg", "ontology", "tests"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__", "*.pt"))
    shutil.copy(ROOT / "pyproject.toml", checkout)
    program(programs / "kg")
    program(programs / "python", "")
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "KG_MODELS": str(models)}
    done = subprocess.run(["bash", "-c", script(PAGE)], cwd=checkout, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_steps_print_what_the_page_shows(printed: str) -> None:
    at = 0
    shown = 0
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        document = False
        for line in block["body"].splitlines() if block["needs"] is None else ():
            if document:
                document = line != "END"
            elif line.startswith("$ "):
                document = line.endswith("<<'END'")
            else:
                at = printed.index(f"{line}\n", at)
                shown += 1
    assert shown >= 6


@pytest.mark.slow
def test_kg_does_not_know_them_without_the_steps(models: Path, tmp_path: Path) -> None:
    (report,) = re.findall(r"cat > report.txt <<'END'\n(.*?)^END$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    (tmp_path / "report.txt").write_text(report, encoding="utf-8")
    command = [sys.executable, "-m", "kg.cli", "extract", str(tmp_path / "report.txt")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    assert "Boran" not in done.stdout
    assert "RECOGNISE" not in done.stdout


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md"])
def test_links_and_files_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        assert "://" in target or (ROOT / target).exists(), target
    for path in re.findall(r"`((?:kg|ontology|tests|docs)/[a-z_./]*[a-z/])`", text):
        assert (ROOT / path).exists(), path


def test_the_modules_of_the_map_are_there() -> None:
    (line,) = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if "how one sentence becomes an edge" in line]
    modules = re.findall(r"`(?:kg/)?(\w+\.py)`", line)
    assert len(modules) >= 5
    for module in modules:
        assert (ROOT / "kg" / module).is_file(), module


# Files that others read


def test_the_citation_is_of_this_version() -> None:
    """The keys that CFF 1.2.0 demands, and those of kg."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert cited["cff-version"] == "1.2.0" and cited["message"] and cited["title"] and cited["type"] == "software"
    assert cited["authors"] and all(set(a) <= {"name", "family-names", "given-names", "orcid", "website"} for a in cited["authors"])
    assert cited["version"] == project["version"] == __version__
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", cited["date-released"])
    assert cited["license"] == project["license"].split(" AND ")


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=lambda p: p.stem)
def test_issue_forms_are_sound(path: Path) -> None:
    """What GitHub demands of an issue form."""
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"] and form["description"] and form["body"]
    ids = [part["id"] for part in form["body"]]
    assert len(set(ids)) == len(ids)
    for part in form["body"]:
        assert part["type"] in {"textarea", "input", "dropdown", "checkboxes", "markdown"}
        assert part["attributes"]["label"]
    assert any(part.get("validations", {}).get("required") for part in form["body"])
