"""The gallery's queries give the same answers in the servers as in the embedded store."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.model import Extraction
from kg.queries import gallery
from kg.rdf import quads, write
from kg.store_ledger import in_default
from tests.end_to_end.servers import Running, oxigraph, server, virtuoso

__all__ = ["oxigraph", "server", "virtuoso"]  # fixtures

EXAMPLES = Path(__file__).parents[1] / "data" / "extractions.jsonl"

Rows = list[tuple[str | None, ...]]


def embedded(store: ox.Store, query: str) -> Rows:
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(None if term is None else str(getattr(term, "value", term)) for term in row) for row in found]


def comparable(rows: Iterable[tuple[str | None, ...]]) -> list[tuple[str, ...]]:
    """Rows without their order, which ORDER BY leaves open among equals; numbers and booleans as values (1.0 is 1, true is 1)."""

    def value(text: str | None) -> str:
        text = {"true": "1", "false": "0"}.get(text or "", text or "")
        try:
            return f"{float(text):.9g}"
        except ValueError:
            return text

    return sorted(tuple(map(value, row)) for row in rows)


def load(extractions: Path, server: Running, folder: Path) -> ox.Store:
    """Load the graph of some extractions into a server, instead of all it held, and into an embedded store."""
    graph = Graph.of(Extraction.from_json(json.loads(line)) for line in extractions.read_text(encoding="utf-8").splitlines())
    server.drop([g for (g,) in server.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }") if g and g.startswith("https://example.org/")])
    write(graph, folder / "graph.trig")
    done = server.load(folder / "graph.trig", "--state", folder / "state")
    assert done.returncode == 0, done.stderr
    store = ox.Store()
    store.bulk_extend(each for q in quads(graph) for each in (q, in_default(q.triple)))
    return store


def check(store: ox.Store, server: Running) -> None:
    wrong, answered = {}, 0
    for name, query in gallery().items():
        here = embedded(store, query.query)
        try:
            there = server.select(query.query)
        except AssertionError as e:
            wrong[name] = str(e)[:200]
            continue
        answered += bool(here)
        if comparable(there) != comparable(here):
            wrong[name] = f"{len(here)} rows in the embedded store, {len(there)} in the server"
    assert not wrong
    assert answered > 2


def test_the_gallery(server: Running, tmp_path: Path) -> None:
    check(load(EXAMPLES, server, tmp_path), server)


@pytest.mark.slow
def test_the_gallery_on_the_demo(server: Running, demo: Path, tmp_path: Path) -> None:
    check(load(demo / "extractions.jsonl", server, tmp_path), server)
