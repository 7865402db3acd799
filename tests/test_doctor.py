"""kg doctor: what it finds on this machine, and what it says where something is wrong."""

from __future__ import annotations

import json
import shutil
import sys
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import __version__, doctor
from kg.api import fill
from kg.cli import cli
from kg.doctor import DISK, MEMORY, Check, examine, worst
from kg.model import Extraction

EXTRACTIONS = Path(__file__).parent / "data" / "extractions.jsonl"


def by_name(*checks: Check) -> dict[str, Check]:
    return {c.name: c for c in checks}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    lines = EXTRACTIONS.read_text(encoding="utf-8").splitlines()
    fill((Extraction.from_json(json.loads(line)) for line in lines), tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def pack(tmp_path: Path, models: Path) -> Path:
    """A copy of the smallest files of the models that are used, with a manifest of these alone."""
    manifest = json.loads((models / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = {name: entry for name, entry in manifest["files"].items() if name in ("mwt.pt", "tokenizer.pt")}
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for name in manifest["files"]:
        shutil.copy(models / name, folder)
    return folder


# Everything


def test_all_is_told_and_each_thing_once(store: Path) -> None:
    checks = list(examine(store=store))
    assert len(by_name(*checks)) == len(checks)
    found = by_name(*checks)
    assert found["kg"].found.startswith(__version__)
    assert found["Python"].found.startswith(sys.version.split()[0])
    for package in ("stanza", "torch", "rdflib", "pyoxigraph"):
        assert found[package] == Check(package, "ok", metadata.version(package))
    assert {"PyTorch", "ontology", "models", "licence", "cores", "memory", "disk", "temporary files", "Arabic font", "browser", "store"} <= set(found)
    for check in checks:
        assert check.state == "ok" or check.advice, f"{check.name} is a {check.state} without advice"


def test_status_and_json() -> None:
    result = CliRunner().invoke(cli, ["doctor", "--json"])
    told = json.loads(result.stdout)
    assert result.exit_code == (1 if told["state"] == "problem" else 0)
    assert told["state"] == worst([Check(**c) for c in told["checks"]])


def test_a_problem_is_status_1_and_says_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["doctor", "--models", str(tmp_path), "--store", str(tmp_path / "no store")])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    for name, said in (("models", f"no models in {tmp_path}"), ("store", "is no store of kg")):
        (at,) = [n for n, line in enumerate(lines) if line.startswith(f"problem  {name} ")]
        assert said in lines[at] and lines[at + 1].startswith(" " * 27)
    assert not any("\x1b" in line for line in lines)
    assert not (tmp_path / "no store").exists()


def test_the_worst_counts() -> None:
    ok, warning, problem = Check("a", "ok", ""), Check("b", "warning", ""), Check("c", "problem", "")
    assert worst([]) == worst([ok]) == "ok"
    assert worst([ok, warning]) == "warning"
    assert worst([problem, warning, ok]) == "problem"


# Software


@pytest.mark.parametrize(("version", "state"), [((3, 10), "problem"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 99), "warning")])
def test_pythons(version: tuple[int, int], state: str) -> None:
    assert doctor.python(version).state == state


def test_packages_that_are_missing_or_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = ["stanza>=1.15,<1.16", "rdflib>=999", "kg-needs-this-one>=1", "only-on-mars; sys_platform == 'mars'", "starlette; extra == 'serve'"]
    monkeypatch.setattr(metadata, "requires", lambda name: needed)
    found = by_name(*doctor.packages())
    assert {name: c.state for name, c in found.items()} == {"stanza": "ok", "rdflib": "problem", "kg-needs-this-one": "problem"}
    assert found["rdflib"].advice.endswith("pip install 'rdflib>=999'")
    assert found["kg-needs-this-one"].advice == "pip install 'kg-needs-this-one>=1'"


def test_run_from_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "DISTRIBUTION", "kg-that-nobody-installed")
    found = by_name(*doctor.packages())
    assert found.pop("packages").state == "warning"
    assert set(found) == set(doctor.TOLD)
    assert doctor.python((3, 99)).state == "ok"


def test_a_pytorch_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    check = doctor.torch_loads()
    assert (check.state, check.found.partition(" (")[0]) == ("problem", "does not load")


def test_a_broken_ontology(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("kg.resources.ontology_dir", lambda: tmp_path)
    assert doctor.ontology().state == "problem"


# Models


def test_models_that_are_whole(pack: Path) -> None:
    models, licence = doctor.pack(str(pack))
    assert models.state == licence.state == "ok"
    assert "2 files" in models.found and "no commercial use" in licence.found


def test_models_that_are_not(pack: Path) -> None:
    (pack / "mwt.pt").write_bytes(b"not the model")
    (pack / "tokenizer.pt").unlink()
    models, licence = doctor.pack(str(pack))
    assert models.state == "problem" and models.advice
    assert "mwt.pt is changed, tokenizer.pt is missing" in models.found
    assert licence.state == "ok"


def test_models_that_nobody_listed(pack: Path) -> None:
    (pack / "more.pt").write_bytes(b"")
    assert next(doctor.pack(str(pack))).state == "warning"


def test_models_without_a_licence(pack: Path) -> None:
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    del manifest["licence"]
    (pack / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    _, licence = doctor.pack(str(pack))
    assert licence.state == "warning"


# The machine


@pytest.mark.parametrize(("limits", "states"), [(MEMORY, ("problem", "warning", "ok")), (DISK, ("problem", "warning", "ok"))], ids=["memory", "disk"])
def test_room(limits: tuple[int, int], states: tuple[str, ...], tmp_path: Path) -> None:
    least, enough = limits
    for free, state in zip((least - 1, enough - 1, enough), states, strict=True):
        check = doctor.memory(lambda free=free: free) if limits is MEMORY else doctor.disk("disk", tmp_path, free)  # type: ignore[misc]
        assert check.state == state
        assert bool(check.advice) == (state != "ok")


def test_fonts_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed(answer: str) -> Check:
        (tmp_path / "fc-list").write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
        (tmp_path / "fc-list").chmod(0o755)
        return doctor.fonts()

    monkeypatch.setenv("PATH", str(tmp_path))
    assert doctor.fonts().state == "ok"
    assert "not looked for" in doctor.fonts().found
    assert listed("exit 0").state == "warning"
    assert listed("echo Noto Naskh Arabic,Noto; echo Amiri") == Check("Arabic font", "ok", "Amiri and 1 more")
    assert "not looked for" in listed("exit 3").found


def test_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise doctor.webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(doctor.webbrowser, "get", none)
    monkeypatch.setenv("PATH", "")
    found = doctor.browser()
    assert (found.state, found.found) == ("warning", "none") and "copy graph.html" in found.advice


@pytest.mark.parametrize(
    ("name", "state", "found"),
    [
        ("firefox", "ok", "firefox"),
        ("xdg-open", "ok", "xdg-open"),
        ("", "ok", "the system's own"),
        ("w3m", "warning", "only w3m, which runs no scripts"),
    ],
)
def test_a_browser_that_shows_text_only_shows_no_page(name: str, state: str, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.webbrowser, "get", lambda: doctor.webbrowser.GenericBrowser(name) if name else object())
    monkeypatch.setenv("PATH", "")
    check = doctor.browser()
    assert (check.state, check.found) == (state, found)


def test_a_browser_without_a_screen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On a server with a browser for tests, `webbrowser` finds none: it takes one only where there is a display."""
    (tmp_path / "chromium").touch(0o755)
    monkeypatch.setattr(doctor.webbrowser, "get", lambda: doctor.webbrowser.GenericBrowser("lynx"))
    monkeypatch.setenv("PATH", str(tmp_path))
    check = doctor.browser()
    assert check.state == "ok" and check.found.startswith("chromium, but") and "kg serve" in check.advice


# A store


def test_a_store(store: Path) -> None:
    check = doctor.stored(store)
    assert check.state == "ok" and " statements, " in check.found
    (store / "unsettled").touch()
    assert doctor.stored(store).state == "warning"
    (store / "store.json").write_text("{}", encoding="utf-8")
    assert doctor.stored(store).state == "problem"
