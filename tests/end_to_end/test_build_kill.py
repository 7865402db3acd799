"""`kg build` of a graph too large for memory, ended from outside at any moment and started again: the files are those of a run that was not."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.cache import FILE as CACHE
from kg.graph_files import STORE
from kg.store import Reader
from tests.test_corpus import gone, log

from .conftest import ROOT, kg
from .test_corpus_kill import kept

#: Does what `kg build` does, but reads documents by rule.
BUILD = """
import sys
from pathlib import Path
from kg.cache import Cache
from kg.console import ended_by_signal
from kg.corpus import extract
from kg.graph_files import write
from kg.problems import Problems
from tests.poison import Rule
from tests.test_corpus import documents

if __name__ == "__main__":
    out, log, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    with ended_by_signal(), Cache(out / ".kg-cache", "1", Problems()) as cache:
        found = extract(documents(400, 1000), Rule(log, pause=0.03), Problems(), cache=cache, workers=workers)
        write(found, out, graph_limit=20, formats=["trig"])
"""
FILES = ("extractions.jsonl", "graph.ttl", "graph.trig", "graph.html")


def start(folder: Path, out: Path, workers: int) -> subprocess.Popen[bytes]:
    script = folder / "build.py"
    script.write_text(BUILD, encoding="utf-8")
    command = [sys.executable, str(script), str(out), str(folder / "log"), str(workers)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True)


def stored(out: Path) -> set[str]:
    with Reader(out / STORE) as reader:
        assert reader.settled
        return set(map(str, reader.quads))


@pytest.mark.slow
def test_a_large_build_that_is_killed_at_random_moments_ends_the_same(tmp_path: Path) -> None:
    whole, out, chance = tmp_path / "whole", tmp_path / "out", random.Random(9)
    assert start(tmp_path, whole, 1).wait() == 0
    for how in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, signal.SIGINT):
        before = kept(out / ".kg-cache")
        process = start(tmp_path, out, 2)
        while kept(out / ".kg-cache") <= before and process.poll() is None:
            time.sleep(0.05)
        time.sleep(chance.random() / 2)
        (os.killpg if how == signal.SIGINT else os.kill)(process.pid, how)
        assert process.wait() == {signal.SIGTERM: 128 + how}.get(how, -how)
        assert all(gone(int(line[0])) for line in log(tmp_path / "log", "load"))
        assert {p.name for p in out.iterdir() if not p.name.startswith(".")} == set()
    assert 0 < kept(out / ".kg-cache") < 400
    # And while the store is made, and while files are streamed out of it.
    for sign in (f"{STORE}/ledger.sqlite", f"{STORE}/quads/CURRENT", "graph.ttl", "graph.html"):
        process = start(tmp_path, out, 2)
        while not any(out.glob(f".kg-writing-*/{sign}")) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.random() / 10)
        process.kill()
        process.wait()
    assert start(tmp_path, out, 2).wait() == 0
    for name in FILES:
        assert (out / name).read_bytes() == (whole / name).read_bytes(), name
    assert stored(out) == stored(whole)
    # What the killed runs left is gone.
    assert {p.name for p in out.iterdir()} == {*FILES, STORE, ".kg-cache"}
    assert (out / ".kg-cache" / CACHE).exists()


# With the real models


@pytest.mark.slow
def test_the_demo_beyond_the_limit_is_the_demo(demo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = kg("build", "seeds", "-o", str(out), "--graph-limit", "2", "--workers", "2", "--cache", str(tmp_path / "cache"))
    assert done.returncode == 0
    assert f"the graph is too large for memory (--graph-limit 2): {out / STORE} holds it" in done.stderr
    for name in ("extractions.jsonl", "graph.ttl"):
        assert (out / name).read_bytes() == (demo / name).read_bytes(), name
    # The same command without the limit reads nothing again, and takes the store away.
    done = kg("build", "seeds", "-o", str(out), "--cache", str(tmp_path / "cache"))
    assert (done.returncode, done.stderr) == (0, "")
    assert not (out / STORE).exists()
    assert (out / "graph.html").read_bytes() == (demo / "graph.html").read_bytes()
