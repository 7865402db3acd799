"""`kg bench documents` with the real models: builds on both sides of the limit, and one that is killed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import kg


@pytest.mark.slow
def test_builds_are_measured_and_survive_being_killed(models: Path) -> None:
    done = kg("bench", "documents", "4", "2", "--graph-limit", "2", "--kills", "2", "--models", str(models), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert [run["documents"] for run in report["runs"]] == [2, 4] and report["kills"] == 2
    for run in (report["one_document"], *report["runs"]):
        assert run["seconds"] > 0 and 100 < run["parent_mb"] <= run["all_mb"] and run["worker_mb"] == 0


@pytest.mark.slow
def test_a_build_that_fails_is_one_line(tmp_path: Path) -> None:
    done = kg("bench", "documents", "1", "--models", str(tmp_path / "none"))
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("kg: kg build of 1 documents ended with status 2: ") and done.stderr.count("\n") == 1
