"""kg.bench_rdf: the graph that is measured on, and the report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.bench_rdf import MEASURES, compare, generated
from kg.formats import write_quads
from kg.namespaces import KGO


def test_the_graph_is_the_same_each_time() -> None:
    graph = list(generated(3000))
    assert graph == list(generated(3000))
    assert len({q.triple for q in graph}) == 3000  # as many merged triples as one asks for
    kinds = {q.object.value for q in graph if q.predicate.value.endswith("#type")}  # type: ignore[union-attr]
    assert {KGO + name for name in ("Document", "Event", "Claim", "Edge", "Entity")} <= kinds
    assert graph[:1000] == list(generated(1000))


def test_both_write_and_read_the_same_number() -> None:
    report = compare(2000)
    assert [(m.who, m.what) for m in report.measures] == list(MEASURES)
    assert {m.triples for m in report.measures} == {2000}
    assert all(m.cpu_seconds > 0 and m.peak_mb > 10 for m in report.measures)
    assert report.faster("write") == report.of("rdflib", "write").cpu_seconds / report.of("kg", "write").cpu_seconds


def test_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "kg.cli", "bench", "rdf", "--triples", "500", "--json"], capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert report["triples"] == 500
    assert set(report["ratios"]) == {"write", "read"}
    assert done.stderr == ""


@pytest.mark.slow
def test_kg_needs_less_than_half_of_the_memory_of_rdflib(tmp_path: Path) -> None:
    # What does not grow weighs more here than in a graph of a million, where it is a twelfth (docs/cli.md).
    assert compare(200_000).leaner("write") < 1 / 2
    assert write_quads(generated(200_000), tmp_path / "g.nt") == 200_000
