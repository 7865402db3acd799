"""Runs that are ended from outside, at any moment and by any means, and started again: the result is that of one that was not."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from kg.cache import FILE
from tests.test_corpus import documents, expected, gone, log

from .conftest import ROOT, kg

#: Reads documents by rule with two processes, and writes what is found as `kg extract` does.
RUN = """
import sys
from pathlib import Path
from kg.api import json_line
from kg.cache import Cache
from kg.console import ended_by_signal
from kg.corpus import extract
from kg.documents import Problems
from kg.errors import KgError
from tests.poison import Rule
from tests.test_corpus import documents

if __name__ == "__main__":
    cache, log, count, words = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    try:
        with ended_by_signal(), Cache(cache, "1", Problems()) as opened:
            for x in extract(documents(count, words), Rule(log, pause=0.03), Problems(), cache=opened, workers=2):
                sys.stdout.write(json_line(x))
                sys.stdout.flush()
    except KgError as e:
        sys.exit(f"kg: {e}")
"""


def start(folder: Path, cache: Path, count: int, words: int) -> subprocess.Popen[bytes]:
    """Start a run that writes what it gives and what it says into files, so that it never waits for a reader."""
    script = folder / "run.py"
    script.write_text(RUN, encoding="utf-8")
    command = [sys.executable, str(script), str(cache), str(folder / "log"), str(count), str(words)]
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        return subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True)


def finished(folder: Path, run: subprocess.Popen[bytes]) -> tuple[int, list[str], str]:
    """Status, lines and messages of a run, when it has ended."""
    status = run.wait()
    return status, (folder / "out").read_text(encoding="utf-8").splitlines(keepends=True), (folder / "err").read_text(encoding="utf-8")


def kept(cache: Path) -> int:
    """How many extractions are in a cache."""
    if not (cache / FILE).exists():
        return 0
    with closing(sqlite3.connect(cache / FILE, timeout=60)) as db:
        if not db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'entry'").fetchone()[0]:
            return 0
        return int(db.execute("SELECT count(*) FROM entry").fetchone()[0])


def wait_for(cache: Path, more_than: int, process: subprocess.Popen[bytes]) -> None:
    while kept(cache) <= more_than and process.poll() is None:
        time.sleep(0.05)


@pytest.mark.slow
def test_a_run_that_is_killed_at_random_moments_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    cache, chance = tmp_path / "cache", random.Random(5)
    counts = []
    for how in (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        process = start(tmp_path, cache, 400, 1000)
        wait_for(cache, kept(cache), process)
        time.sleep(chance.random() / 2)
        # An interrupt at a terminal goes to all processes, the others to the one.
        (os.killpg if how == signal.SIGINT else os.kill)(process.pid, how)
        status, _, _ = finished(tmp_path, process)
        assert status == {signal.SIGTERM: 128 + how}.get(how, -how)
        counts.append(kept(cache))
        assert all(gone(int(line[0])) for line in log(tmp_path / "log", "load"))
    assert counts == sorted(set(counts)), "a run did not go on where the one before it was"
    assert counts[-1] < 400
    assert finished(tmp_path, start(tmp_path, cache, 400, 1000)) == (0, expected(documents(400, 1000)), "")


@pytest.mark.slow
def test_a_full_disk_ends_the_run_with_one_line_and_the_next_one_goes_on(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160k", "none", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("only root may make a small disk")
    try:
        status, _, err = finished(tmp_path, start(tmp_path, disk / "cache", 400, 1000))
        assert status == 1
        assert err.startswith(f"kg: cannot use the cache {disk / 'cache'}: ") and err.count("\n") == 1
        assert "full" in err or "disk I/O" in err
        there = kept(disk / "cache")
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        assert finished(tmp_path, start(tmp_path, disk / "cache", 400, 1000)) == (0, expected(documents(400, 1000)), "")
        assert 0 < there < 400
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_build_that_waits_for_its_input_ends_at_once_by_sigterm() -> None:
    process = subprocess.Popen([sys.executable, "-m", "kg.cli", "extract", "-"], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write("{")
    process.stdin.flush()
    while not signal_is_caught(process.pid, signal.SIGTERM):
        time.sleep(0.1)
    process.terminate()
    _, err = process.communicate()
    assert (process.returncode, err) == (143, "")


def signal_is_caught(process: int, number: signal.Signals) -> bool:
    """Whether a process has a handler for a signal."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


# With the real models


@pytest.mark.slow
def test_two_workers_give_what_one_gives(demo: Path) -> None:
    done = kg("extract", "seeds", "--workers", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (demo / "extractions.jsonl").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_build_that_is_killed_is_finished_by_the_next_one(demo: Path, tmp_path: Path) -> None:
    out, cache = tmp_path / "out", tmp_path / "out" / ".kg-cache"
    process = subprocess.Popen([sys.executable, "-m", "kg.cli", "build", "seeds", "-o", str(out), "--workers", "2"], cwd=ROOT)
    wait_for(cache, 0, process)
    process.kill()
    process.wait()
    first = kept(cache)
    assert 0 < first < len(list((ROOT / "seeds").glob("*.txt")))
    assert not (out / "graph.ttl").exists()
    done = kg("build", "seeds", "-o", str(out), "--workers", "2")
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("extractions.jsonl", "graph.ttl", "graph.html"):
        assert (out / name).read_bytes() == (demo / name).read_bytes(), name
    # Nothing is new: the models are not loaded.
    code = (
        f"import sys; from kg.cli import cli; cli(['build', 'seeds', '-o', {str(out)!r}], standalone_mode=False); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    for name in ("extractions.jsonl", "graph.ttl", "graph.html"):
        assert (out / name).read_bytes() == (demo / name).read_bytes(), name
