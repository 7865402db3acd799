"""Runs of the real command with the real models, once for all tests that look at their results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"


def kg(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `kg` as a user does, from the root of the checkout."""
    command = [sys.executable, "-m", "kg.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False, encoding="utf-8")


@pytest.fixture(scope="session")
def demo(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `kg build seeds` writes."""
    out = tmp_path_factory.mktemp("demo")
    done = kg("build", "seeds", "-o", str(out), PYTHONHASHSEED="1")
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def article(models: Path) -> dict[str, Any]:
    """What kg finds in the user's own article."""
    if not (SHARED / "seeds").is_dir():
        pytest.skip("the user's article does not travel with kg")
    done = kg("extract", *map(str, sorted((SHARED / "seeds").glob("*.txt"))))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[0])


@pytest.fixture(scope="session")
def dev(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extractions of the annotated development documents."""
    if not (SHARED / "gold" / "dev.txt.jsonl").is_file():
        pytest.skip("the annotated documents do not travel with kg")
    out = tmp_path_factory.mktemp("dev") / "dev.jsonl"
    done = kg("extract", str(SHARED / "gold" / "dev.txt.jsonl"))
    assert done.returncode == 0, done.stderr
    out.write_text(done.stdout, encoding="utf-8")
    return out
