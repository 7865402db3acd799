"""A graph in a real Oxigraph server: loaded by HTTP, asked by SPARQL, given back whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.namespaces import PREFIXES
from kg.rdf import FORMATS, quads, serialize, write
from tests.end_to_end.servers import running_oxigraph
from tests.serving import graph

SENDINGS = "SELECT ?who ?what ?whom WHERE { ?e a kgo:Send ; kgo:agent/rdfs:label ?who ; kgo:theme/rdfs:label ?what ; kgo:recipient/rdfs:label ?whom }"
ARABIC = SENDINGS[:-1] + 'FILTER (lang(?who) = "ar" && lang(?what) = "ar" && lang(?whom) = "ar") }'


def held(graph: Graph) -> set[ox.Quad]:
    """The quads as Oxigraph has them, which keeps numbers as values: -2.0 is -2."""
    store = ox.Store()
    store.extend(quads(graph))
    return set(store)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of an empty store."""
    with running_oxigraph(tmp_path) as server:
        yield server.endpoint


def send(url: str, method: str, data: bytes | None = None, **headers: str) -> bytes:
    request = Request(url, data, {k.replace("_", "-"): v for k, v in headers.items()}, method=method)
    with urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
    return body


def select(server: str, query: str, union: bool = False) -> set[tuple[str, ...]]:
    prefixes = "".join(f"PREFIX {p}: <{iri}> " for p, iri in PREFIXES.items())
    more = "?union-default-graph" if union else ""
    answer = send(
        f"{server}/query{more}",
        "POST",
        (prefixes + query).encode(),
        Content_Type="application/sparql-query",
        Accept="application/sparql-results+json",
    )
    found = json.loads(answer)
    return {tuple(row[v]["value"] for v in found["head"]["vars"]) for row in found["results"]["bindings"]}


EXPECTED = {
    ("كيم جونغ أون", "جندي", "روسيا"),
    ("كوريا الشمالية", "صواريخ باليستية", "روسيا"),
    ("إيران", "طائرة مسيرة", "روسيا"),
}


def test_turtle_in_the_default_graph(server: str, tmp_path: Path) -> None:
    write(graph(), tmp_path / "graph.ttl")
    send(f"{server}/store?default", "POST", (tmp_path / "graph.ttl").read_bytes(), Content_Type="text/turtle")
    assert select(server, ARABIC) == EXPECTED
    back = send(f"{server}/store?default", "GET", Accept="application/n-triples")
    assert {q.triple for q in ox.parse(back, format=ox.RdfFormat.N_TRIPLES)} == {q.triple for q in held(graph())}


@pytest.mark.parametrize("suffix", [s for s in FORMATS if FORMATS[s].supports_datasets])
def test_named_graphs(suffix: str, server: str) -> None:
    send(f"{server}/store", "POST", serialize(graph(), suffix), Content_Type=FORMATS[suffix].media_type)
    assert select(server, ARABIC, union=True) == EXPECTED
    back = send(f"{server}/store", "GET", Accept="application/n-quads")
    assert set(ox.parse(back, format=ox.RdfFormat.N_QUADS)) == held(graph())
    names = {n.rpartition("/kg/")[2] for (n,) in select(server, "SELECT DISTINCT ?g WHERE { GRAPH ?g {} }")}
    assert names == {"d1", "d2", "graph/edges", "graph/lexicon"}
