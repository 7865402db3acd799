"""kg.identity with a user's own file: it merges, it splits, and it wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import KgError
from kg.graph import Graph
from kg.identity import Identity, load_identity, unmatched
from kg.model import Document, Entity, Extraction, Span
from kg.namespaces import DEFAULT_BASE
from kg.vocabulary import vocabulary

PREFIX = (
    "@prefix kg: <https://example.org/kg/> . @prefix kgo: <https://example.org/kg/ontology#> . @prefix wd: <http://www.wikidata.org/entity/> . "
    "@base <https://example.org/kg/> . "
)
FULL, BARE = "سيرغي شويغو", "شويغو"


def says(id: str, *people: tuple[str, str | None]) -> Extraction:
    """A document with these names, each with its Wikidata item or none, one after the other."""
    text = " ".join(name for name, _ in people)
    entities, at = [], 0
    for n, (name, qid) in enumerate(people, 1):
        entities.append(Entity(f"E{n}", "PERSON", name, name, (Span(at, at + len(name), name),), qid))
        at += len(name) + 1
    return Extraction(Document(id, text), (Span(0, len(text), text),), tuple(entities))


def told(tmp_path: Path, text: str) -> Identity:
    (tmp_path / "identity.ttl").write_text(PREFIX + text, encoding="utf-8")
    return load_identity([tmp_path / "identity.ttl"], DEFAULT_BASE)


def nodes(identity: Identity | None, *documents: Extraction) -> dict[str, list[str]]:
    graph = Graph.of(documents, identity=identity)
    return {key: data["documents"] for key, data in graph.entities()}


def test_two_nodes_become_one(tmp_path: Path) -> None:
    documents = says("d1", (FULL, None)), says("d2", ("وزير الدفاع شويغو", None)), says("d3", (BARE, None))
    assert len(nodes(None, *documents)) == 3
    identity = told(tmp_path, "<person/سيرغي-شويغو> kgo:same wd:Q1 . <d3/person-0> kgo:same <person/سيرغي-شويغو> .")
    assert nodes(identity, *documents) == {"Q1": ["d1", "d3"], "person/وزير-الدفاع-شويغو": ["d2"]}


def test_what_is_the_same_is_so_over_others_and_in_any_order(tmp_path: Path) -> None:
    documents = says("d1", (BARE, None)), says("d2", (BARE, None)), says("d3", (BARE, None))
    one = nodes(told(tmp_path, "<d1/person-0> kgo:same <d2/person-0> . <d2/person-0> kgo:same <d3/person-0> ."), *documents)
    assert one == nodes(told(tmp_path, "<d3/person-0> kgo:same <d2/person-0> . <d1/person-0> kgo:same <d2/person-0> ."), *documents)
    ((key, found),) = one.items()
    assert found == ["d1", "d2", "d3"]
    assert key.startswith("identity/")  # it belongs to no document


def test_one_node_becomes_two(tmp_path: Path) -> None:
    documents = says("d1", (FULL, None)), says("d2", (FULL, None))
    assert nodes(None, *documents) == {"person/سيرغي-شويغو": ["d1", "d2"]}
    identity = told(tmp_path, "<d2/person-0> kgo:different <person/سيرغي-شويغو> .")
    assert nodes(identity, *documents) == {"d2/person-0": ["d2"], "person/سيرغي-شويغو": ["d1"]}


def test_it_wins_over_a_wikidata_item(tmp_path: Path) -> None:
    documents = says("d1", (FULL, "Q7")), says("d2", (FULL, "Q7"))
    assert nodes(told(tmp_path, "<d2/person-0> kgo:different wd:Q7 ."), *documents) == {"Q7": ["d1"], "d2/person-0": ["d2"]}
    assert nodes(told(tmp_path, "wd:Q7 kgo:same wd:Q5 ."), *documents) == {"Q5": ["d1", "d2"]}


def test_what_is_different_is_not_possibly_the_same(tmp_path: Path) -> None:
    documents = [says("d1", (FULL, None), (BARE, None))]
    (candidate,) = Graph.of(documents).edges("candidate")
    assert candidate[:2] == (f"d1/person-{len(FULL) + 1}", "person/سيرغي-شويغو")
    identity = told(tmp_path, f"<person/سيرغي-شويغو> kgo:different <d1/person-{len(FULL) + 1}> .")
    assert Graph.of(documents, identity=identity).edges("candidate") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kg:Q1 kgo:same kg:Q2 . kg:Q2 kgo:same kg:Q3 . kg:Q3 kgo:different kg:Q1 .", "take one of them out"),
        ("kg:Q1 kgo:sameAs kg:Q2 .", "write kgo:same or kgo:different"),
        ('kg:Q1 kgo:same "Q2" .', "is no node"),
        ("kg:Q1 kgo:same <http://elsewhere.org/x> .", "is no node"),
        ("kg:Q1 kgo:same", "not Turtle"),
    ],
)
def test_mistakes_are_told(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(KgError, match=message):
        told(tmp_path, text)


def test_the_lexicon_lies_under_the_base(tmp_path: Path) -> None:
    identity = told(tmp_path, "<https://example.org/kg/lexicon/weapon/drone> kgo:same <https://example.org/kg/lexicon/Q5> .")
    assert identity.node == {"concept/weapon/drone": "Q5", "Q5": "Q5"}


def test_what_names_nothing_is_told(tmp_path: Path) -> None:
    identity = told(tmp_path, "<d1/person-0> kgo:same <d9/person-4> . kg:Q8 kgo:different kg:Q9 .")
    assert unmatched(identity, [says("d1", (FULL, "Q8"))], vocabulary()) == ["Q9", "d9/person-4"]


def test_a_mistake_stops_a_build_at_once(tmp_path: Path) -> None:
    (tmp_path / "identity.ttl").write_text("x", encoding="utf-8")
    (tmp_path / "a.txt").write_text("نص", encoding="utf-8")
    done = CliRunner().invoke(cli, ["build", str(tmp_path / "a.txt"), "--identity", str(tmp_path / "identity.ttl"), "-o", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "is not Turtle" in done.output
    assert not (tmp_path / "out").exists()
