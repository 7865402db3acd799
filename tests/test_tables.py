"""kg.tables: nodes and edges in CSV and GraphML as other programs read them."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.extraction_files import read
from kg.formats import write_quads
from kg.graph import Graph
from kg.namespaces import DEFAULT_BASE, KGO, PREFIXES
from kg.rdf import quads
from kg.tables import csv_paths

EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"
XSD = PREFIXES["xsd"]


@pytest.fixture(scope="module")
def example() -> Graph:
    return Graph.of(read(EXAMPLES))


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://example.org/{name}")


def said(s: str, p: str, o: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(node(s), node(p), o)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(graph: list[ox.Quad], folder: Path) -> tuple[list[dict[str, str]], list[dict[str, str]], Any]:
    """Nodes and edges as CSV has them, and the graph that networkx reads from GraphML."""
    n = write_quads(graph, folder / "g.csv")
    assert write_quads(graph, folder / "g.graphml") == n
    nodes, edges = (rows(p) for p in csv_paths(folder / "g.csv"))
    assert len(nodes) + len(edges) == n
    return nodes, edges, nx.read_graphml(folder / "g.graphml", force_multigraph=True)


def test_nodes_and_edges_of_a_graph(example: Graph, tmp_path: Path) -> None:
    nodes, edges, network = written(quads(example), tmp_path)
    ids = [n["Id"] for n in nodes]
    keys = {*dict(example.entities()), *dict(example.events())}
    assert {example.iri(key) for key in keys} <= set(ids)
    assert sorted(set(ids)) == ids == sorted(network)
    assert not any("claim" in id or "span" in id for id in ids)
    assert {e[k] for e in edges for k in ("Source", "Target")} <= set(ids)
    relations = {(a, b, p) for a, b, p, _ in [*example.edges("short"), *example.edges("fact"), *example.edges("role")]}
    found = {(e["Source"].removeprefix(DEFAULT_BASE), e["Target"].removeprefix(DEFAULT_BASE), e["Label"]) for e in edges}
    assert relations <= found
    russia = next(n for n in nodes if n["Id"].endswith("/Q159"))
    assert (russia["Label"], russia["label_en"], russia["type"], russia["altLabel"]) == ("روسيا", "Russia", "State", "موسكو")
    assert network.nodes[russia["Id"]]["label"] == "روسيا"
    assert {(a, b, d["label"]) for a, b, d in network.edges(data=True)} == {(e["Source"], e["Target"], e["Label"]) for e in edges}


def test_edges_weigh_as_much_as_their_claims(example: Graph, tmp_path: Path) -> None:
    _, edges, network = written(quads(example), tmp_path)
    claims = {(example.iri(a), example.iri(b), p): len(d["claims"]) for a, b, p, d in example.edges("fact")}
    assert claims
    for (a, b, p), n in claims.items():
        (edge,) = [e for e in edges if (e["Source"], e["Target"], e["Label"]) == (a, b, p)]
        assert (edge["Weight"], edge["Kind"]) == (str(n), "fact")
        assert any(d["weight"] == n and isinstance(d["weight"], int) for _, t, d in network.edges(a, data=True) if t == b and d["label"] == p)
    (candidate,) = [e for e in edges if e["Label"] == "possiblySame"]
    assert 0 < float(candidate["score"]) < 1


def test_attributes_have_types(tmp_path: Path) -> None:
    graph = [
        said("a", "n", ox.Literal("3", datatype=ox.NamedNode(XSD + "integer"))),
        said("a", "d", ox.Literal("0.5", datatype=ox.NamedNode(XSD + "decimal"))),
        said("b", "d", ox.Literal("7", datatype=ox.NamedNode(XSD + "integer"))),
        said("a", "huge", ox.Literal(str(10**30), datatype=ox.NamedNode(XSD + "integer"))),
        said("a", "many", ox.Literal("1", datatype=ox.NamedNode(XSD + "integer"))),
        said("a", "many", ox.Literal("2", datatype=ox.NamedNode(XSD + "integer"))),
        said("a", "yes", ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))),
        said("a", "to", node("nobody")),
    ]
    nodes, edges, network = written(graph, tmp_path)
    assert network.nodes["http://example.org/a"] | {"types": ""} == {
        "label": "a", "n": 3, "d": 0.5, "huge": str(10**30), "many": "1|2", "yes": True, "types": "",
    }  # fmt: skip
    assert network.nodes["http://example.org/b"]["d"] == 7.0
    assert [n["Label"] for n in nodes] == ["a", "b", "nobody"]
    assert [(e["Source"], e["Target"], e["Label"], e["Weight"]) for e in edges] == [("http://example.org/a", "http://example.org/nobody", "to", "1")]


def test_columns_of_one_name_have_their_iris(tmp_path: Path) -> None:
    graph = [said("a", "x/date", ox.Literal("1")), said("a", "y/date", ox.Literal("2")), said("a", "label", ox.Literal("3"))]
    nodes, _, _ = written(graph, tmp_path)
    assert {k: v for k, v in nodes[0].items() if "example" in k} == {
        "http://example.org/x/date": "1", "http://example.org/y/date": "2", "http://example.org/label": "3",
    }  # fmt: skip


def test_rdf_12_gives_the_same_tables(example: Graph, tmp_path: Path) -> None:
    from kg.formats import read_quads

    write_quads(quads(example), tmp_path / "new.ttl", rdf12=True)
    write_quads(read_quads(tmp_path / "new.ttl"), tmp_path / "new.csv.gz")
    write_quads(quads(example), tmp_path / "old.csv")
    for new, old in zip(csv_paths(tmp_path / "new.csv.gz"), csv_paths(tmp_path / "old.csv"), strict=True):
        assert gzip.decompress(new.read_bytes()) == old.read_bytes()


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20) | st.sampled_from(
    ['"', "a,b", "a\nb", "\r", "a\r\nb", "<&>", "]]>", "'", "\u202eقلب", "|", "\t", "طويل " * 300, "=1+1"]
)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT.filter(lambda t: "\ufffe" not in t and "\uffff" not in t), min_size=1, max_size=6))
def test_hostile_texts_stand_in_tables_as_they_are(texts: list[str], tmp_path: Path) -> None:
    graph = [ox.Quad(node(f"n{i}"), ox.NamedNode(KGO + "unit"), ox.Literal(text)) for i, text in enumerate(texts)]
    nodes, _, network = written(graph, tmp_path)
    assert {n["Id"]: n["unit"] for n in nodes} == {f"http://example.org/n{i}": text for i, text in enumerate(texts)}
    assert {id: data.get("unit", "") for id, data in network.nodes(data=True)} == {n["Id"]: n["unit"] for n in nodes}
