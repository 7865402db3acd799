"""kg.rdf: what is written, that it is the same each time, and that other programs read it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.graph import Graph
from kg.model import Document, Entity, Event, Extraction, Fact, Quantity, Span, When
from kg.namespaces import DEFAULT_BASE, KGO, PREFIXES
from kg.rdf import FORMATS, quads, serialize, to_dataset, write

# rdflib warns of its own use of what it is about to rename.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"
GOLD = Path(__file__).parents[2] / "shared" / "gold" / "train.jsonl"
SENDINGS = "SELECT ?who ?what ?whom WHERE { ?e a kgo:Send ; kgo:agent/rdfs:label ?who ; kgo:theme/rdfs:label ?what ; kgo:recipient/rdfs:label ?whom }"
RDFLIB_NAMES = {".ttl": "turtle", ".nt": "nt", ".nq": "nquads", ".trig": "trig", ".jsonld": "json-ld", ".rdf": "xml"}


def read(path: Path = EXAMPLES) -> list[Extraction]:
    return [Extraction.from_json(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def dataset() -> rdflib.Dataset:
    return to_dataset(Graph.of(read()), {"weapon/drone": ("طائرة مسيرة", "drone")})


def ask(dataset: rdflib.Dataset, query: str) -> set[tuple[str, ...]]:
    return {tuple(str(t) for t in row) for row in dataset.query(query, initNs={**PREFIXES, "kg": DEFAULT_BASE})}  # type: ignore[union-attr]


def merged(data: bytes, suffix: str) -> set[ox.Triple]:
    return {q.triple for q in ox.parse(data, format=FORMATS[suffix])}


def test_who_sent_what_to_whom(dataset: rdflib.Dataset) -> None:
    arabic = SENDINGS[:-1] + 'FILTER (lang(?who) = "ar" && lang(?what) = "ar" && lang(?whom) = "ar") }'
    assert ask(dataset, arabic) == {
        ("كيم جونغ أون", "جندي", "روسيا"),
        ("كوريا الشمالية", "صواريخ باليستية", "روسيا"),  # its claim is negative
        ("إيران", "طائرة مسيرة", "روسيا"),
    }
    assert ("Iran", "drones", "Russia") in ask(dataset, SENDINGS)


def test_claims(dataset: rdflib.Dataset) -> None:
    rows = ask(
        dataset,
        """SELECT ?claim ?event ?claimant ?polarity ?confidence ?date ?quote WHERE {
        ?claim a kgo:Claim ; kgo:about ?event ; kgo:polarity ?polarity ; kgo:modality kgo:asserted ; kgo:confidence ?confidence ; dcterms:date ?date ;
          prov:wasGeneratedBy/prov:used/kgo:version "0123abcd" ; prov:wasDerivedFrom [ oa:hasSource kg:d1 ; oa:hasSelector/oa:exact ?quote ] .
        ?event a kgo:Event . OPTIONAL { ?claim kgo:claimant ?claimant } }""",
    )
    first, second, third = (s.strip() + "." for s in read()[0].document.text.split(".")[:3])
    base, day = DEFAULT_BASE, "2025-03-27"
    assert rows == {
        (f"{base}d1/claim-send-0", f"{base}d1/send-0", "None", f"{KGO}positive", "0.9", day, first),
        (f"{base}d1/claim-send-110", f"{base}d1/send-110", f"{base}Q3874799", f"{KGO}negative", "0.9", day, second),
        (f"{base}d1/claim-meet-143-by-1", f"{base}d1/meet-143", f"{base}Q212", f"{KGO}positive", "0.9", day, third),
        (f"{base}d1/claim-meet-143-by-2", f"{base}d1/meet-143", f"{base}Q3874799", f"{KGO}positive", "0.9", day, third),
    }


def test_evidence_stands_where_it_says(dataset: rdflib.Dataset) -> None:
    spans = ask(
        dataset,
        """SELECT ?id ?start ?end ?exact ?prefix ?suffix WHERE {
        ?span a oa:SpecificResource ; oa:hasSource/dcterms:identifier ?id ; oa:hasSelector [ oa:start ?start ; oa:end ?end ] ;
          oa:hasSelector [ oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix ] }""",
    )
    texts = {x.document.id: x.document.text for x in read()}
    assert len(spans) == 15
    for id, start, end, exact, prefix, suffix in spans:
        assert texts[id][int(start) : int(end)] == exact
        assert prefix + exact + suffix in texts[id]


def test_no_relation_is_bare(dataset: rdflib.Dataset) -> None:
    edges = dataset.graph(rdflib.URIRef(DEFAULT_BASE + "graph/edges"))
    statements = {
        (edges.value(s, rdflib.RDF.subject), edges.value(s, rdflib.RDF.predicate), edges.value(s, rdflib.RDF.object)) for s in set(edges.subjects())
    }
    relations = {(s, p, o) for s, p, o in edges if str(p).startswith(KGO) and (o, rdflib.RDF.type, rdflib.URIRef(KGO + "Entity")) in dataset}
    assert len(relations) == 12  # eight events' edges, one of them both ways, two facts, one candidate
    assert relations <= statements
    assert ask(dataset, "SELECT ?e WHERE { ?s rdf:predicate kgo:sendsTo ; rdf:subject kg:Q794 ; kgo:claim/kgo:about ?e }") == {
        (f"{DEFAULT_BASE}d2/send-57",)
    }
    assert ask(dataset, "SELECT ?o WHERE { ?s a kgo:Fact ; rdf:predicate kgo:holdsOffice ; kgo:office ?o }") == {("وزير الدفاع",)}
    assert ask(dataset, "SELECT ?x WHERE { kg:Q56226 kgo:meets ?x . ?x kgo:meets kg:Q56226 }")
    assert ask(dataset, "SELECT ?x WHERE { ?x kgo:sendsTo kg:Q159 }") == {
        (f"{DEFAULT_BASE}Q56226",),
        (f"{DEFAULT_BASE}Q794",),
    }  # not the negative one


def test_named_graphs(dataset: rdflib.Dataset) -> None:
    names = {str(g.identifier).removeprefix(DEFAULT_BASE) for g in dataset.graphs() if len(g)}
    assert names - {"urn:x-rdflib:default"} == {"d1", "d2", "graph/edges", "graph/lexicon"}
    lexicon = dataset.graph(rdflib.URIRef(DEFAULT_BASE + "graph/lexicon"))
    drone = rdflib.URIRef(DEFAULT_BASE + "concept/weapon/drone")
    assert {str(o) for o in lexicon.objects(drone, rdflib.SKOS.prefLabel)} == {"طائرة مسيرة", "drone"}
    assert (rdflib.URIRef(DEFAULT_BASE + "Q159"), rdflib.SKOS.exactMatch, rdflib.URIRef(PREFIXES["wd"] + "Q159")) in lexicon


def test_quantities_names_and_documents(dataset: rdflib.Dataset) -> None:
    assert ask(
        dataset, "SELECT ?v ?b ?u ?t WHERE { <https://example.org/kg/d1/force-36> kgo:value ?v ; kgo:bound ?b ; kgo:unit ?u ; kgo:ofType ?t }"
    ) == {("3000", f"{KGO}atLeast", "soldiers", f"{DEFAULT_BASE}concept/force/soldiers")}
    assert ask(dataset, 'SELECT ?n WHERE { kg:Q159 skos:altLabel "موسكو"@ar ; kgo:searchKey ?n }') == {("russia",), ("روسيا",), ("موسكو",)}
    assert ask(dataset, "SELECT ?t ?d ?s WHERE { kg:d1 dcterms:title ?t ; dcterms:date ?d ; dcterms:source ?s }") == {
        ("جنود إلى الجبهة", "2025-03-27", "وكالة الأمثلة")
    }
    assert not any(isinstance(t, rdflib.BNode) for quad in dataset.quads() for t in quad)


@pytest.mark.parametrize(
    ("type", "label", "name", "more", "labels"),
    [
        ("STATE", "روسيا", "Russia", {"concept": "Q159"}, {("روسيا", "ar"), ("Russia", "en")}),
        ("STATE", "روسيا", "روسيا", {}, {("روسيا", "ar")}),
        ("ORGANISATION", "CNN", "CNN", {"concept": "organisation/cnn"}, {("سي إن إن", "ar"), ("CNN", "en")}),
        ("ORGANISATION", "CNN", "CNN", {"qid": "Q48340"}, {("شبكة سي إن إن", "ar"), ("CNN", "en")}),
        ("ORGANISATION", "Yonhap", "Yonhap", {}, {("Yonhap", "ar"), ("Yonhap", "en")}),
        ("WEAPON", "F-16", "fighter jets", {"concept": "weapon/fighter"}, {("F-16", "ar"), ("fighter jets", "en")}),
        ("FORCE", "15", "15", {}, {("15", "ar"), ("15", "en")}),
    ],
)
def test_there_is_always_an_arabic_label(type: str, label: str, name: str, more: dict[str, str], labels: set[tuple[str, str]]) -> None:
    x = Extraction(Document("d", label), (), (Entity("E1", type, name, label, (Span(0, len(label), label),), **more),))  # type: ignore[arg-type]
    concepts = {"organisation/cnn": ("سي إن إن", "CNN"), "Q48340": ("شبكة سي إن إن", "CNN"), "weapon/fighter": ("طائرة مقاتلة", "fighter")}
    graph = Graph.of([x])
    ((key, _),) = graph.entities()
    found = {q.object for q in quads(graph, concepts) if q.predicate.value.endswith("#label") and q.subject == ox.NamedNode(graph.iri(key))}
    assert {(o.value, o.language) for o in found if isinstance(o, ox.Literal)} == labels


def test_events_have_labels_in_both_languages(dataset: rdflib.Dataset) -> None:
    assert ask(
        dataset, 'SELECT ?ar ?en WHERE { <https://example.org/kg/d1/send-0> rdfs:label ?ar, ?en FILTER (lang(?ar) = "ar" && lang(?en) = "en") }'
    ) == {("أرسل", "send")}


@pytest.mark.parametrize(
    ("published", "type"),
    [
        ("2025-03-27", "date"), ("2025-03-27T10:00:00", "dateTime"), ("2025-03-27T10:00:00Z", "dateTime"),
        ("2025-03-27T10:00:00+00:00:30", "string"), ("2025-03-27T10:00:00+20:00", "string"), ("أمس", "string"), ("2025-02-30", "string"),
    ],
)  # fmt: skip
def test_dates(published: str, type: str) -> None:
    (date,) = [q.object for q in quads(Graph.of([Extraction(Document("d", "نص", published=published))])) if str(q.predicate).endswith("/date>")]
    assert isinstance(date, ox.Literal)
    assert date.datatype.value == PREFIXES["xsd"] + type


# Files


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_holds_the_same(suffix: str, tmp_path: Path) -> None:
    graph = Graph.of(read())
    path = tmp_path / f"graph{suffix}"
    write(graph, path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert merged(path.read_bytes(), suffix) == {q.triple for q in quads(graph)}
    if FORMATS[suffix].supports_datasets:
        assert set(ox.parse(path.read_bytes(), format=FORMATS[suffix])) == set(quads(graph))
    loaded = rdflib.Dataset(default_union=True)
    loaded.parse(path, format=RDFLIB_NAMES[suffix])
    assert len({(s, p, o) for s, p, o, _ in loaded.quads()}) == len({q.triple for q in quads(graph)})


def test_turtle_loads_in_rdflib_and_oxigraph_alike(tmp_path: Path) -> None:
    write(Graph.of(read()), tmp_path / "graph.ttl")
    there, store = rdflib.Graph().parse(tmp_path / "graph.ttl"), ox.Store()
    store.load(path=str(tmp_path / "graph.ttl"), format=ox.RdfFormat.TURTLE)
    assert len(there) == len(store) > 300
    prefixes = "".join(f"PREFIX {p}: <{iri}> " for p, iri in PREFIXES.items())
    solutions = store.query(prefixes + SENDINGS)
    assert isinstance(solutions, ox.QuerySolutions)
    found = {tuple(str(getattr(term, "value", None)) for term in row) for row in solutions}
    assert found == {tuple(map(str, row)) for row in there.query(SENDINGS) if isinstance(row, rdflib.query.ResultRow)}
    assert len(found) > 3


@pytest.mark.parametrize("suffix", FORMATS)
def test_two_runs_write_the_same_bytes(suffix: str) -> None:
    code = (
        "import json, sys; from kg.graph import Graph; from kg.model import Extraction; from kg.rdf import serialize\n"
        f"lines = open({str(EXAMPLES)!r}, encoding='utf-8').read().splitlines()[:: int(sys.argv[1])]\n"
        f"sys.stdout.buffer.write(serialize(Graph.of(Extraction.from_json(json.loads(l)) for l in lines), {suffix!r}))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code, step], check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for step, seed in (("1", "1"), ("-1", "2"))
    ]
    assert runs[0] == runs[1] == serialize(Graph.of(read()), suffix)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(KgError, match="suffix"):
        write(Graph.of([]), tmp_path / "graph.txt")
    with pytest.raises(KgError, match="cannot write"):
        write(Graph.of(read()), tmp_path / "nowhere" / "graph.ttl")
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(KgError, match="cannot write"):
        write(Graph.of(read()), tmp_path / "folder.ttl")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder.ttl", "graph.ttl"]
    assert path.read_text(encoding="utf-8") == "old"
    write(Graph.of(read()), path)
    assert path.read_bytes() == serialize(Graph.of(read()), ".ttl")


@pytest.mark.parametrize("base", ["http://data.example/", "urn:kg:", "https://schema.org/", "http://data.example/ar#", "https://example.org/أخبار/"])
def test_another_base(base: str) -> None:
    if base == "urn:kg:":
        base += "x/"
    graph = Graph.of(read(), base=base)
    assert all(q.graph_name.value.startswith(base) for q in quads(graph) if isinstance(q.graph_name, ox.NamedNode))
    assert merged(serialize(graph, ".ttl"), ".ttl") == {q.triple for q in quads(graph)}


HOSTILE = st.text(st.characters(codec=None), min_size=1, max_size=20) | st.sampled_from(
    [
        '"',
        '"""',
        "'''",
        "\\",
        "a\nb",
        "a\r\nb",
        "\r",
        "\x00",
        "\x1b[0m",
        "\ud83d",
        "\uffff",
        "<script>",
        "]]>",
        "&amp;",
        "@ar",
        "^^x",
        "\u202eقلب",
        'قال "كذا"\n',
        "\ufeff",
        "\x7f\x85",
    ]
)


@settings(deadline=None, max_examples=15)
@given(label=HOSTILE, trigger=HOSTILE, office=HOSTILE, id=HOSTILE, title=st.none() | HOSTILE, published=st.none() | HOSTILE, version=HOSTILE)
def test_hostile_texts_survive_every_format(
    label: str, trigger: str, office: str, id: str, title: str | None, published: str | None, version: str
) -> None:
    text = f"{label} {trigger}"
    whole, mention, at = Span(0, len(text), text), Span(0, len(label), label), Span(len(label) + 1, len(text), trigger)
    entities = (
        Entity(label, "PERSON", label, label, (mention,), concept=label),
        Entity(label + "2", "WEAPON", trigger, trigger, (at,), concept=trigger, quantity=Quantity(-1.5e-7, True, office, trigger, label)),
    )
    event = Event("V1", "SEND", at, {"agent": (label,), "theme": (label + "2",)}, 0, source=(label,), path=office)
    fact = Fact("F1", label, "leads", label + "2", mention, 0, office)
    graph = Graph.of(
        [Extraction(Document(id, text, title, published, office), (whole,), entities, (event,), (fact,), {"kg": version, office: label})]
    )
    expected = {q.triple for q in quads(graph)}
    for suffix in FORMATS:
        data = serialize(graph, suffix)
        data.decode()  # UTF-8: lone surrogates are replaced by U+FFFD
        assert merged(data, suffix) == expected, suffix
        loaded = rdflib.Dataset(default_union=True)
        loaded.parse(data=data, format=RDFLIB_NAMES[suffix])
        texts: set[Any] = {str(o) for _, _, o, _ in loaded.quads() if isinstance(o, rdflib.Literal)}
        assert texts == {t.object.value for t in expected if isinstance(t.object, ox.Literal)}, suffix


@pytest.mark.skipif(not GOLD.exists(), reason="the gold data do not travel with kg")
def test_gold_documents() -> None:
    graph = Graph.of(read(GOLD)[:20])
    assert merged(serialize(graph, ".ttl"), ".ttl") == {q.triple for q in quads(graph)}


def test_a_graph_alone_can_be_read() -> None:
    """The graph of one document names its entities without the others."""
    graph = Graph.of([replace(read()[0], document=replace(read()[0].document, id="خبر/1"))])
    name = graph.iri("%D8%AE%D8%A8%D8%B1%2F1")
    own = {str(q.subject) for q in quads(graph) if str(q.graph_name) == f"<{name}>" and str(q.predicate).endswith("#label>")}
    assert f"<{graph.iri('Q159')}>" in own
    assert f"<{name}/force-36>" in own


def test_when_an_event_happens() -> None:
    text = "قصفت روسيا أوديسا أمس"
    event = Event("V1", "ATTACK", Span(0, 4, "قصفت"), {"agent": ("E1",)}, 0, when=When("2025-03-01", None, Span(18, 21, "أمس")))
    state = Entity("E1", "STATE", "Russia", "روسيا", (Span(5, 10, "روسيا"),))
    told = Extraction(Document("d", text), (Span(0, len(text), text),), (state,), (event,))
    assert Extraction.from_json(json.loads(json.dumps(told.to_json()))).events == (event,)
    values = {q.predicate.value.removeprefix(KGO): q.object for q in quads(Graph.of([told])) if q.subject.value.endswith("attack-0")}
    assert values["firstDay"] == ox.Literal("2025-03-01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    assert values["timeText"] == ox.Literal("أمس", language="ar")
    assert "lastDay" not in values  # it is open
