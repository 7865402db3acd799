"""The figures on annotated documents: floors, and both scorers of one mind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import SHARED, kg

pytestmark = pytest.mark.slow

FLOORS = {"mention": 0.80, "entity": 0.80, "event": 0.68, "role": 0.40, "fact": 0.50}


def test_figures_do_not_fall(dev: Path) -> None:
    gold = SHARED / "gold" / "dev.jsonl"
    done = kg("evaluate", str(gold), "--predicted", str(dev), "--json")
    assert done.returncode == 0, done.stderr
    ours = json.loads(done.stdout)
    official = subprocess.run(
        [sys.executable, str(SHARED / "gold" / "score.py"), str(gold), str(dev), "--json"], capture_output=True, text=True, check=True
    )
    theirs = json.loads(official.stdout)
    for name, floor in FLOORS.items():
        assert ours[name]["f1"] == theirs[name]["f1"] >= floor, name
    # Not only these: every figure that the official scorer gives is also ours.
    for name, figure in theirs.items():
        assert {k: ours.get(name, {}).get(k) for k in figure} == figure, name
