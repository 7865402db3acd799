"""kg.merging, kg.differences and kg.datasets, and the commands over them."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kg import api
from kg.cli import cli
from kg.datasets import DESCRIPTION_PREFIXES
from kg.datasets import count as counted
from kg.errors import KgError
from kg.extraction_files import read
from kg.formats import read_quads, write_quads
from kg.graph import Graph
from kg.merging import merged, statements
from kg.model import Document, Entity, Event, Extraction, Quantity, Span
from kg.namespaces import DEFAULT_BASE, KGO, PREFIXES
from kg.rdf import quads
from kg.validation import validate

EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"
LABEL, ALIAS = PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel"


def kg(*arguments: str | Path, status: int = 0) -> Result:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert done.exit_code == status, done.output
    return done


def saved(extractions: list[Extraction], path: Path) -> Path:
    path.write_text("".join(map(api.json_line, extractions)), encoding="utf-8")
    return path


def graph_file(extractions: list[Extraction], path: Path) -> Path:
    write_quads(quads(Graph.of(extractions)), path)
    return path


def report(id: str, who: str, number: int, day: str, name: str = "كيم") -> Extraction:
    """A document of one sentence: so many soldiers were sent to Russia."""
    words = [name, "أرسل", str(number), "جندي", "إلى", "روسيا"]
    text, at = "", []
    for word in words:
        at.append(len(text))
        text += f"{word} "
    text = text.strip()
    span = lambda i, n=1: Span(at[i], at[i + n - 1] + len(words[i + n - 1]), " ".join(words[i : i + n]))  # noqa: E731
    count = Quantity(number, "exact", "soldiers", str(number))
    entities = (
        Entity("E1", "PERSON", "Kim Jong Un", name, (span(0),), qid="Q56226"),
        Entity("E2", "FORCE", "soldiers", "جندي", (span(2, 2),), concept="force/soldiers", quantity=count),
        Entity("E3", "STATE", "Russia", "روسيا", (span(5),), qid="Q159"),
    )
    event = Event("V1", "SEND", span(1), {"agent": ("E1",), "theme": ("E2",), "recipient": ("E3",)}, 0)
    return Extraction(Document(id, text, published=day, source=who), (Span(0, len(text), text),), entities, (event,), (), {"kg": "1"})


@pytest.fixture
def days(tmp_path: Path) -> tuple[list[Extraction], list[Extraction]]:
    """Two days' news of one shipment, two documents each, so that there is a cluster on either day."""
    first = [report("a1", "وكالة أولى", 3000, "2025-03-25"), report("a2", "وكالة ثانية", 3000, "2025-03-25")]
    second = [report("b1", "وكالة ثالثة", 5000, "2025-03-26", "كيم جونغ أون"), report("b2", "وكالة أولى", 4000, "2025-03-26", "كيم جونغ أون")]
    return first, second


def values(found: list[ox.Quad], subject: str, property: str) -> set[str]:
    return {q.object.value for q in found if q.subject.value == subject and q.predicate.value == property}  # type: ignore[union-attr]


# Merging


def test_merging_extractions_is_building_them_together(days: tuple[list[Extraction], list[Extraction]], tmp_path: Path) -> None:
    a, b = saved(days[0], tmp_path / "a.jsonl"), saved(days[1], tmp_path / "b.jsonl")
    kg("merge", a, b, "-o", tmp_path / "merged.trig")
    kg("merge", b, a, "-o", tmp_path / "again.trig")
    kg("convert", saved([*days[0], *days[1]], tmp_path / "all.jsonl"), tmp_path / "whole.trig")
    assert (tmp_path / "merged.trig").read_bytes() == (tmp_path / "whole.trig").read_bytes() == (tmp_path / "again.trig").read_bytes()


def test_merging_rdf_settles_what_holds_for_the_whole(days: tuple[list[Extraction], list[Extraction]], tmp_path: Path) -> None:
    a, b = graph_file(days[0], tmp_path / "a.trig"), graph_file(days[1], tmp_path / "b.nq")
    found = list(merged([a, b]))
    assert set(found) == set(merged([b, a]))
    write_quads(found, tmp_path / "c.trig")
    assert validate(tmp_path / "c.trig").lines == []
    assert values(found, f"{DEFAULT_BASE}Q56226", LABEL) == {"كيم جونغ أون", "Kim Jong Un"}
    assert "كيم" in values(found, f"{DEFAULT_BASE}Q56226", ALIAS)
    (cluster,) = {q.subject.value for q in found if q.predicate.value == KGO + "memberCount"}  # type: ignore[union-attr]
    sources = {q.object for file in (a, b) for q in read_quads(file) if q.predicate.value == KGO + "toldBy"}
    assert len(sources) > 1
    assert {name: values(found, cluster, KGO + name) for name in ("memberCount", "independentSources", "minValue", "maxValue", "firstReported")} == {
        "memberCount": {"4"}, "independentSources": {str(len(sources))}, "minValue": {"3000"}, "maxValue": {"5000"}, "firstReported": {"2025-03-25"},
    }  # fmt: skip


def test_conflicting_claims_stand_side_by_side(days: tuple[list[Extraction], list[Extraction]], tmp_path: Path) -> None:
    denial = replace(days[1][0], events=(replace(days[1][0].events[0], polarity="negative", source=("E3",)),))
    a, b = graph_file(days[0], tmp_path / "a.ttl"), graph_file([denial], tmp_path / "b.ttl")
    kg("merge", a, b, "-o", tmp_path / "c.ttl")
    found = list(read_quads(tmp_path / "c.ttl"))
    claims = [q.object.value.removeprefix(KGO) for q in found if q.predicate.value == KGO + "polarity"]  # type: ignore[union-attr]
    assert Counter(claims) == {"positive": 2, "negative": 1}
    assert {q.object.value for q in found if q.predicate.value == KGO + "claimant"} == {f"{DEFAULT_BASE}Q159"}  # type: ignore[union-attr]
    edges = {q.subject for q in found if q.object == ox.NamedNode(KGO + "Edge")}
    assert all(len({q.object for q in found if q.subject == e and q.predicate.value == KGO + "claim"}) <= 2 for e in edges)
    lost = {q.predicate.value for q in statements([a, b]) if q.triple not in {f.triple for f in found}}
    assert lost == {LABEL}  # which is another name now


def test_two_documents_of_one_id_are_refused(days: tuple[list[Extraction], list[Extraction]], tmp_path: Path) -> None:
    other = replace(days[1][0], document=replace(days[1][0].document, id="a1"))
    a, b = graph_file(days[0], tmp_path / "a.trig"), graph_file([other], tmp_path / "b.trig")
    assert "two different documents are <https://example.org/kg/a1>" in kg("merge", a, b, "-o", tmp_path / "c.trig", status=2).output
    assert not (tmp_path / "c.trig").exists()
    assert (
        "two documents have the id"
        in kg("merge", saved(days[0], tmp_path / "a.jsonl"), saved([other], tmp_path / "b.jsonl"), "-o", tmp_path / "c.nt", status=2).output
    )


def test_blank_nodes_of_two_files_are_different_ones(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_text(f'[] <http://x/p> "{name}" .', encoding="utf-8")
    kg("merge", tmp_path / "a.ttl", tmp_path / "b.ttl", "-o", tmp_path / "c.ttl")
    assert len({q.subject for q in read_quads(tmp_path / "c.ttl")}) == 2


def test_bad_extractions_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(EXAMPLES.read_text(encoding="utf-8").splitlines()[0] + "\n{}\n", encoding="utf-8")
    assert "a.jsonl:2: is no extraction" in kg("convert", tmp_path / "a.jsonl", tmp_path / "a.ttl", status=2).output
    (tmp_path / "b.jsonl").write_bytes(b"\n\xff\n")
    with pytest.raises(KgError, match=r"b\.jsonl:\d: is no extraction"):
        list(read(tmp_path / "b.jsonl"))


# Differences


def test_what_the_news_added(tmp_path: Path) -> None:
    first, second = read(EXAMPLES)
    a, b = saved([first], tmp_path / "a.jsonl"), saved([first, second], tmp_path / "b.jsonl")
    text = kg("diff", a, b).output
    both, one = Graph.of([first, second]), Graph.of([first])
    new = {q.triple for q in statements([b])} - {q.triple for q in statements([a])}
    assert text.splitlines()[0].split() == ["triples", f"+{len(new)}", "-0"]
    (entities,) = [line.split() for line in text.splitlines() if line.startswith("entities")]
    assert entities == ["entities", f"+{len(both.entities()) - len(one.entities())}", "-0"]
    assert "  Send أرسلت (agent إيران, recipient روسيا, theme طائرة مسيرة)\n" in text
    assert "  إيران sendsTo روسيا\n" in text
    back = kg("diff", b, a, "--limit", "1").output
    assert "- events\n" in back and "and 3 more" in back
    assert kg("diff", b, b).output.split() == ["triples", "+0", "-0"]


def test_differences_as_statements(tmp_path: Path) -> None:
    first, second = read(EXAMPLES)
    a, b = graph_file([first], tmp_path / "a.trig"), graph_file([first, second], tmp_path / "b.trig")
    one, both = set(read_quads(a)), set(read_quads(b))
    (tmp_path / "new.nq").write_text(kg("diff", a, b, "--format", "nq").output, encoding="utf-8")
    assert set(read_quads(tmp_path / "new.nq")) == both - one
    (tmp_path / "gone.nq").write_text(kg("diff", b, a, "--format", "nq", "--removed").output, encoding="utf-8")
    assert set(read_quads(tmp_path / "gone.nq")) == both - one
    (tmp_path / "new.ttl").write_text(kg("diff", a, b, "-f", "ttl").output, encoding="utf-8")
    assert {q.triple for q in read_quads(tmp_path / "new.ttl")} == {q.triple for q in both} - {q.triple for q in one}
    lines = [json.loads(line) for line in kg("diff", a, b, "-f", "json").output.splitlines()]
    assert Counter(d["change"] for d in lines) == Counter({"added": len(both - one), "removed": len(one - both)}) + Counter()
    assert {"type": "literal", "value": "إيران", "xml:lang": "ar"} in [d["object"] for d in lines]


def test_a_new_claim_about_a_known_fact_is_listed(tmp_path: Path) -> None:
    (first, *_) = read(EXAMPLES)
    again = replace(first, document=replace(first.document, id="d9", published="2025-04-01"))
    text = kg("diff", graph_file([first], tmp_path / "a.nq"), graph_file([first, again], tmp_path / "b.nq")).output
    claims = text.partition("+ claims\n")[2]
    assert "the document 2025-04-01 (positive, asserted): " in claims


# Data sets


def test_the_description_of_a_data_set(tmp_path: Path) -> None:
    graph = graph_file(list(read(EXAMPLES)), tmp_path / "graph.trig")
    (tmp_path / "graph.html").write_text("<p>", encoding="utf-8")
    kg("describe", graph, tmp_path / "graph.html", "-o", tmp_path / "void.ttl", "--title", "تجربة")
    store = ox.Store()
    store.load(path=str(tmp_path / "void.ttl"), format=ox.RdfFormat.TURTLE)
    triples = {q.triple for q in read_quads(graph)}
    prefixes = "".join(f"PREFIX {p}: <{iri}> " for p, iri in DESCRIPTION_PREFIXES.items())

    def ask(pattern: str) -> set[tuple[str, ...]]:
        variables = " ".join(re.findall(r"\?\w+", f"?d {pattern.removeprefix('?d')}"))
        found = store.query(f"{prefixes} SELECT {variables} WHERE {{ ?d a void:Dataset, dcat:Dataset . {pattern} }}")
        return {tuple(t.value for t in row)[1:] for row in found}  # type: ignore[union-attr]

    assert ask("?d void:triples ?n ; dcterms:title ?t") == {(str(len(triples)), "تجربة")}
    assert ask("?d void:distinctSubjects ?s") == {(str(len({t.subject for t in triples})),)}
    assert ask("?d void:distinctObjects ?o") == {(str(len({t.object for t in triples})),)}
    states = len({t.subject for t in triples if t.object == ox.NamedNode(KGO + "State")})
    assert ask("?d void:classPartition [ void:class kgo:State ; void:entities ?n ]") == {(str(states),)}
    claims = sum(t.predicate.value == KGO + "claim" for t in triples)
    assert ask("?d void:propertyPartition [ void:property kgo:claim ; void:triples ?n ]") == {(str(claims),)}
    assert (KGO,) in ask("?d void:vocabulary ?v")
    assert ask("?d dcterms:temporal/dcat:startDate ?a")
    assert {url for (url,) in ask("?d dcat:distribution/dcat:downloadURL ?u")} == {f"{DEFAULT_BASE}graph.trig", f"{DEFAULT_BASE}graph.html"}
    assert ask("?d void:dataDump ?u") == {(f"{DEFAULT_BASE}graph.trig",)}
    for (example,) in ask("?d void:exampleResource ?e"):
        assert any(t.subject == ox.NamedNode(example) for t in triples)
    assert "none of these is RDF" in kg("describe", tmp_path / "graph.html", status=2).output
    first = kg("describe", graph).output
    assert first == kg("describe", graph).output and "void:triples" in first


def test_the_order_of_statements_does_not_count(tmp_path: Path) -> None:
    graph = quads(Graph.of(read(EXAMPLES)))
    assert counted(graph) == counted([*reversed(graph), *graph])


# kg build --format


def test_build_writes_more_formats(tmp_path: Path) -> None:
    summary = api.write(list(read(EXAMPLES)), tmp_path / "out", formats=api.FORMATS)
    names = {p.name for p in summary.files}
    assert names == {p.name for p in (tmp_path / "out").iterdir()}
    assert names == {*api.FILES, "void.ttl", "graph.nodes.csv", "graph.edges.csv", *(f"graph.{f}" for f in api.FORMATS if f not in ("csv", "void"))}
    assert {q.triple for q in read_quads(tmp_path / "out" / "graph.trig")} == {q.triple for q in read_quads(tmp_path / "out" / "graph.ttl")}
    api.write(list(read(EXAMPLES))[::-1], tmp_path / "again", formats=["void", "csv", "trig"])
    for name in ("graph.trig", "graph.nodes.csv", "graph.edges.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
