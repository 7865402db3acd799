"""Runs on real Ray clusters on this machine: nodes that go, documents that take their process with them, and what others can see of it."""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from kg.cluster import extract
from kg.documents import Problems
from kg.graph_files import json_line
from kg.model import Document
from tests.poison import Rule
from tests.ray_nodes import Nodes
from tests.test_corpus import documents, expected, gone, log

from .conftest import ROOT, kg

pytestmark = pytest.mark.slow
pytest.importorskip("ray", reason="pip install 'arabic-kg[cluster]'")

#: Reads documents by rule on a cluster of this machine alone.
RUN = """
import sys
from pathlib import Path
from kg.cluster import extract
from kg.console import ended_by_signal
from kg.documents import Problems
from kg.graph_files import json_line
from tests.poison import Rule
from tests.test_corpus import documents

if __name__ == "__main__":
    with ended_by_signal():
        for x in extract(documents(40, 1000), Rule(Path(sys.argv[1]), pause=float(sys.argv[2])), Problems(), address="local",
                         shards=sys.argv[3], memory=300_000_000, size=1000):
            sys.stdout.write(json_line(x))
            sys.stdout.flush()
"""


def start(folder: Path, pause: float) -> subprocess.Popen[str]:
    script = folder / "run.py"
    script.write_text(RUN, encoding="utf-8")
    command = [sys.executable, str(script), str(folder / "log"), str(pause), str(folder / "shards")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment)


def test_a_run_whose_node_is_lost_ends_as_one_without_a_cluster(models: Path, tmp_path: Path) -> None:
    # Enough for several shards for each of the two nodes.
    corpus = tmp_path / "corpus.jsonl"
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    corpus.write_text("".join(json.dumps({"id": f"d{n}", "text": text}) + "\n" for n, text in enumerate(texts * 4)), encoding="utf-8")
    alone = kg("extract", str(corpus), "--workers", "1")
    assert (alone.returncode, alone.stderr) == (0, "")
    shards = tmp_path / "shards"
    with Nodes() as nodes:
        command = [sys.executable, "-m", "kg.cli", "extract", str(corpus), "--cluster", nodes.address, "--shards", str(shards)]
        run = subprocess.Popen(command, cwd=ROOT, env=nodes.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        while not (lost := nodes.reading(1)) or not list(shards.glob("extractions/**/*.gz")):
            assert run.poll() is None, run.communicate()
            time.sleep(0.1)
        nodes.kill(1)
        assert all(gone(process) for process in lost)
        done = len(list(shards.glob("extractions/**/*.gz")))
        out, err = run.communicate()
    assert done < len(list(shards.glob("documents/**/*.gz"))), "all was read before the node was lost"
    assert (run.returncode, err) == (0, "")
    assert out == alone.stdout


def test_poison_is_named_also_where_it_ends_the_process_of_the_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = documents(12)
    poison = [Document(kind, f"{kind} خبر") for kind in ("CRASH", "ORPHAN", "RAISE")]
    given = [*some[:4], poison[0], *some[4:8], poison[1], *some[8:], poison[2]]
    problems = Problems()
    with Nodes() as nodes:
        for name, value in nodes.environment.items():
            monkeypatch.setenv(name, value)
        found = [json_line(x) for x in extract(given, Rule(), problems, address=nodes.client, memory=300_000_000, size=300)]
    assert found == expected(some)
    assert [(p.where, p.what) for p in problems] == [
        ("CRASH", "ended the process that read it (SIGSEGV)"),
        ("ORPHAN", "ended the process of the cluster that read it, 3 times"),
        ("RAISE", "cannot be read, which is a mistake in kg (RecursionError: too deep)"),
    ]


def test_a_cluster_of_this_machine_alone_is_seen_by_nobody_and_ends_with_the_run(tmp_path: Path) -> None:
    run = start(tmp_path, pause=0.3)
    assert run.stdout
    first = run.stdout.readline()
    processes = psutil.Process(run.pid).children(recursive=True)
    assert any("raylet" in p.name() for p in processes)
    reached = {c.laddr.ip for p in processes for c in p.net_connections() if c.laddr} | {
        c.raddr.ip for p in processes for c in p.net_connections() if c.raddr
    }
    assert reached and {ip for ip in reached if not loopback(ip)} == set()
    # Whatever ends it, nothing of it stays, and the next run goes on.
    run.kill()
    run.communicate()
    assert all(gone(p.pid) for p in processes)
    read_before = {id for line in log(tmp_path / "log", "read") for id in line[1:]}
    run = start(tmp_path, pause=0)
    out, err = run.communicate()
    assert (run.returncode, err, out.splitlines(keepends=True)) == (0, "", expected(documents(40, 1000)))
    assert out.startswith(first)
    assert 0 < len(read_before) < 40
    times = [id for line in log(tmp_path / "log", "read") for id in line[1:]]
    assert len(times) < 40 + len(read_before), "what was read is not read again"


def test_a_run_on_a_cluster_that_is_told_to_end_takes_it_along(tmp_path: Path) -> None:
    run = start(tmp_path, pause=0.3)
    assert run.stdout
    run.stdout.readline()
    processes = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGTERM)
    _, err = run.communicate()
    assert (run.returncode, err) == (143, "")
    assert all(gone(p.pid) for p in processes)
    assert list(Path("/tmp").glob("kg-ray-*")) == []


def test_a_build_on_a_cluster_gives_the_same_files(demo: Path, tmp_path: Path) -> None:
    done = kg("build", "seeds", "-o", str(tmp_path / "out"), "--cluster", "local")
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("extractions.jsonl", "graph.ttl", "graph.html"):
        assert (tmp_path / "out" / name).read_bytes() == (demo / name).read_bytes(), name


def loopback(ip: str) -> bool:
    address = ipaddress.ip_address(ip)
    return bool(address.is_loopback or (getattr(address, "ipv4_mapped", None) and address.ipv4_mapped.is_loopback))  # type: ignore[union-attr]
