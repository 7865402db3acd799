"""kg.validation and the shapes: what kg writes conforms, and every shape finds its fault."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner
from rdflib.namespace import SH

from kg.cli import cli
from kg.document_graphs import Parts
from kg.errors import KgError
from kg.formats import read_quads
from kg.graph import Graph
from kg.model import Extraction
from kg.namespaces import DEFAULT_BASE, PREFIXES
from kg.rdf import FORMATS, serialize, write
from kg.resources import ontology_dir
from kg.validation import load, validate
from tests.told import TROOPS, document

EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"
GOLD = Path(__file__).parents[2] / "shared" / "gold" / "train.jsonl"
# rdflib warns of its own use of what it is about to rename.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

SHAPES = "https://example.org/kg/shapes#"


def read(path: Path = EXAMPLES) -> list[Extraction]:
    return [Extraction.from_json(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


#: Two documents that tell of one event, planned so that it gives no short edge.
PLAN = TROOPS.but(modality="planned")
TOLD = (document("c1", PLAN), document("c2", PLAN.but(count=4000), published="2025-03-28"))

PREFIX = "".join(f"PREFIX {p}: <{iri}> " for p, iri in {**PREFIXES, "kg": DEFAULT_BASE}.items())


def faults(update: str, tmp_path: Path) -> set[str]:
    """The shapes that find fault with the examples and a cluster of two after a SPARQL update."""
    store = ox.Store()
    store.load(serialize(Graph.of([*read(), *TOLD]), ".ttl"), format=ox.RdfFormat.TURTLE)
    before = set(store)
    store.update(PREFIX + update)
    assert set(store) != before, "the update changes nothing"
    store.dump(str(tmp_path / "broken.nt"), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    return {v.shape.removeprefix(SHAPES) for v in validate(tmp_path / "broken.nt")}


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_kg_writes_conforms(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"graph{suffix}"
    write(Graph.of([*read(), *TOLD]), path, {"weapon/drone": ("طائرة مسيرة", "drone")})
    report = validate(path)
    assert report == [], report.lines
    assert report.conforms


@pytest.mark.skipif(not GOLD.exists(), reason="the gold data do not travel with kg")
def test_gold_documents_conform(tmp_path: Path) -> None:
    write(Graph.of(read(GOLD)[:8]), tmp_path / "gold.ttl")
    assert validate(tmp_path / "gold.ttl").lines == []


FORCE, SEND, CLAIM, SPAN = (
    "<https://example.org/kg/d1/force-36>",
    "<https://example.org/kg/d1/send-0>",
    "<https://example.org/kg/d1/claim-send-0>",
    "<https://example.org/kg/d1/span-0-4>",
)

#: A change to a sound graph -> the shape that has to object.
BROKEN = [
    ("DELETE DATA { kg:Q159 a kgo:State }", "EntityType"),
    ("INSERT DATA { kg:Q159 a kgo:Person }", "EntityType"),
    ("DELETE WHERE { kg:Q159 rdfs:label ?x }", "EntityLabel"),
    ('INSERT DATA { kg:Q159 rdfs:label "" }', "EntityLabel"),
    ('INSERT DATA { kg:Q159 rdfs:label "الروس"@ar }', "EntityLabel"),
    ("INSERT DATA { kg:Q159 rdfs:label 7 }", "EntityLabel"),
    ('INSERT DATA { kg:Q159 rdfs:label "Russie"@fr }', "EntityLabel"),
    ('DELETE DATA { kg:Q159 rdfs:label "روسيا"@ar }', "EntityLabel"),
    ("DELETE WHERE { kg:Q423 kgo:mentionedIn ?x }", "EntityDocument"),
    ("INSERT DATA { kg:Q423 kgo:mentionedIn kg:Q159 }", "EntityDocument"),
    ('INSERT DATA { kg:Q423 kgo:searchKey "مفتاح"@ar }', "SearchKey"),
    ("INSERT DATA { kg:Q423 skos:exactMatch <http://www.wikidata.org/wiki/Q423> }", "ExactMatch"),
    ("INSERT DATA { kg:Q423 skos:exactMatch wd:Q884 }", "ExactMatch"),
    (f"INSERT DATA {{ {FORCE} kgo:ofType <https://example.org/kg/concept/none> }}", "OfType"),
    (f"INSERT DATA {{ {FORCE} kgo:value 4000 }}", "Value"),
    (f'DELETE WHERE {{ {FORCE} kgo:value ?v }} ; INSERT DATA {{ {FORCE} kgo:value "many" }}', "Value"),
    (f"INSERT DATA {{ {FORCE} kgo:bound kgo:exact }}", "BoundValue"),
    (f"DELETE WHERE {{ {FORCE} kgo:bound ?b }} ; INSERT DATA {{ {FORCE} kgo:bound kgo:roughly }}", "BoundValue"),
    (f"DELETE WHERE {{ {FORCE} kgo:bound ?b }}", "Entity"),
    ("INSERT DATA { kg:Q423 kgo:possiblySame kg:d1 }", "PossiblySame"),
    ("INSERT DATA { kg:Q423 kgo:sendsTo kg:Q159 }", "Stated"),
    ("INSERT DATA { kg:Q423 kgo:sendsTo kg:nobody }", "Stated"),
    ("INSERT DATA { _:x a kgo:Entity }", "Entity"),
    ("INSERT DATA { _:x a kgo:Event }", "Event"),
    (f"INSERT DATA {{ {SEND} kgo:agent kg:d1 }}", "Roles"),
    (f"DELETE WHERE {{ {SEND} rdfs:label ?x }}", "EventLabel"),
    (f'INSERT DATA {{ {SEND} rdfs:label "إرسال"@ar }}', "EventLabel"),
    (f"DELETE WHERE {{ {SEND} kgo:trigger ?x }}", "Trigger"),
    (f"INSERT DATA {{ {SEND} kgo:trigger kg:d1 }}", "Trigger"),
    (f"DELETE WHERE {{ {SEND} kgo:triggerText ?x }}", "TriggerText"),
    (f'INSERT DATA {{ {SEND} kgo:firstDay "2025-03-02"^^xsd:date ; kgo:lastDay "2025-03-01"^^xsd:date }}', "FirstDay"),
    (f'INSERT DATA {{ {SEND} kgo:lastDay "أمس" }}', "LastDay"),
    (f'INSERT DATA {{ {SEND} kgo:timeText "أمس"@ar , "اليوم"@ar }}', "TimeText"),
    (f'INSERT DATA {{ {SEND} kgo:plover "GIFT" }}', "Plover"),
    (f"DELETE WHERE {{ ?c kgo:about {SEND} }}", "ClaimedEvent"),
    (f"DELETE WHERE {{ {CLAIM} kgo:about ?x }}", "About"),
    (f"INSERT DATA {{ {CLAIM} kgo:about kg:Q159 }}", "About"),
    (f"INSERT DATA {{ {CLAIM} kgo:claimant kg:d1 }}", "Claimant"),
    (f"INSERT DATA {{ {CLAIM} kgo:claimant kg:Q159, kg:Q423 }}", "Claimant"),
    (f"DELETE WHERE {{ {CLAIM} kgo:polarity ?x }}", "Polarity"),
    (f"INSERT DATA {{ {CLAIM} kgo:polarity kgo:negative }}", "Polarity"),
    (f"DELETE WHERE {{ {CLAIM} kgo:modality ?x }} ; INSERT DATA {{ {CLAIM} kgo:modality kgo:dreamt }}", "Modality"),
    (f"DELETE WHERE {{ {CLAIM} kgo:confidence ?x }}", "Confidence"),
    (f"DELETE WHERE {{ {CLAIM} kgo:confidence ?x }} ; INSERT DATA {{ {CLAIM} kgo:confidence 1.5 }}", "Confidence"),
    (f"DELETE WHERE {{ {CLAIM} prov:wasDerivedFrom ?x }}", "Evidence"),
    (f"INSERT DATA {{ {CLAIM} prov:wasDerivedFrom kg:d1 }}", "Evidence"),
    (f"DELETE WHERE {{ {CLAIM} prov:wasGeneratedBy ?x }}", "Run"),
    (f'INSERT DATA {{ {CLAIM} dcterms:date "أمس" }}', "Date"),
    ('DELETE WHERE { kg:d1 dcterms:date ?x } ; INSERT DATA { kg:d1 dcterms:date "2025-13-45"^^xsd:date }', "Date"),
    (f"DELETE WHERE {{ {SPAN} oa:hasSource ?x }}", "SpanSource"),
    (f"INSERT DATA {{ {SPAN} oa:hasSource kg:Q159 }}", "SpanSource"),
    ("DELETE WHERE { <https://example.org/kg/d1/span-0-4> oa:hasSelector <https://example.org/kg/d1/span-0-4/quote> }", "SpanSelector"),
    (f"INSERT DATA {{ {SPAN[:-1]}/position> oa:start 9 }}", "PositionStart"),
    (
        f"DELETE WHERE {{ {SPAN[:-1]}/position> oa:start ?x }} ; INSERT DATA {{ {SPAN[:-1]}/position> oa:start 4 }}",
        "PositionStart",
    ),
    (f"DELETE WHERE {{ {SPAN[:-1]}/position> oa:end ?x }}", "PositionEnd"),
    (f"DELETE WHERE {{ {SPAN[:-1]}/quote> oa:exact ?x }}", "QuoteExact"),
    (f'INSERT DATA {{ {SPAN[:-1]}/quote> oa:prefix "قبل"@ar }}', "QuoteContext"),
    ("DELETE WHERE { kg:d1 dcterms:identifier ?x }", "Identifier"),
    ("DELETE WHERE { kg:d1 kgo:textDigest ?x } ; INSERT DATA { kg:d1 kgo:textDigest 'none' }", "Digest"),
    ('INSERT DATA { kg:d1 dcterms:title "عنوان آخر"@ar }', "Title"),
    ("INSERT DATA { kg:d1 kgo:copyOf kg:Q159 }", "CopyOf"),
    ("DELETE { ?s rdf:subject ?x } WHERE { ?s a kgo:Edge ; rdf:subject ?x }", "Subject"),
    ("DELETE { ?s rdf:predicate ?x } INSERT { ?s rdf:predicate rdfs:seeAlso } WHERE { ?s a kgo:Fact ; rdf:predicate ?x }", "Predicate"),
    ("INSERT { ?s rdf:object kg:d1 } WHERE { ?s a kgo:Candidate }", "Object"),
    ("DELETE { ?s kgo:claim ?x } WHERE { ?s a kgo:Edge ; kgo:claim ?x }", "StatementClaim"),
    ("INSERT { ?s kgo:claim kg:d1 } WHERE { ?s a kgo:Fact }", "StatementClaim"),
    ("DELETE { ?s kgo:score ?x } INSERT { ?s kgo:score 2.0 } WHERE { ?s kgo:score ?x }", "Score"),
    ("DELETE WHERE { ?part kgo:version ?x }", "Version"),
    ("INSERT { ?e kgo:inCluster kg:d1 } WHERE { ?e kgo:inCluster ?c }", "InCluster"),
    ("DELETE { <https://example.org/kg/c1/send-0> kgo:inCluster ?c } WHERE { ?c a kgo:EventCluster }", "Members"),
    ("DELETE { <https://example.org/kg/c1/send-0> kgo:inCluster ?c } WHERE { ?c a kgo:EventCluster }", "Counted"),
    (f"INSERT {{ {SEND} kgo:inCluster ?c }} WHERE {{ ?c a kgo:EventCluster }}", "Counted"),
    ("INSERT { kg:d1 kgo:inCluster ?c } WHERE { ?c a kgo:EventCluster }", "Members"),
    ("DELETE { ?c rdfs:label ?x } WHERE { ?c a kgo:EventCluster ; rdfs:label ?x }", "ClusterLabel"),
    ("DELETE WHERE { ?c kgo:eventClass ?x }", "EventClass"),
    ("DELETE { ?c kgo:eventClass ?x } INSERT { ?c kgo:eventClass kgo:Attack } WHERE { ?c kgo:eventClass ?x }", "Counted"),
    ("DELETE WHERE { ?c kgo:memberCount ?x }", "MemberCount"),
    ("DELETE { ?c kgo:memberCount ?x } INSERT { ?c kgo:memberCount 3 } WHERE { ?c kgo:memberCount ?x }", "Counted"),
    ("INSERT { ?c kgo:involves kg:d1 } WHERE { ?c a kgo:EventCluster }", "Involves"),
    ("INSERT { ?c kgo:themeClass kg:Q159 } WHERE { ?c a kgo:EventCluster }", "ThemeClass"),
    ("DELETE WHERE { ?c kgo:independentSources ?x }", "IndependentSources"),
    ("DELETE { ?c kgo:independentSources ?x } INSERT { ?c kgo:independentSources 1 } WHERE { ?c kgo:independentSources ?x }", "Counted"),
    ("DELETE WHERE { ?c kgo:toldBy ?x }", "Sources"),
    ("DELETE WHERE { ?c kgo:toldBy ?x }", "Counted"),
    ("INSERT { ?c kgo:deniedBy ?c } WHERE { ?c a kgo:EventCluster }", "Sources"),
    ("DELETE { ?c kgo:minValue ?x } INSERT { ?c kgo:minValue 5000 } WHERE { ?c kgo:minValue ?x }", "MinValue"),
    ("DELETE WHERE { ?c kgo:maxValue ?x }", "Cluster"),
    ('INSERT { ?c kgo:maxValue "many" } WHERE { ?c kgo:maxValue ?x }', "MaxValue"),
    ("DELETE { ?c kgo:numberReports ?x } INSERT { ?c kgo:numberReports 0 } WHERE { ?c kgo:numberReports ?x }", "NumberReports"),
    ('DELETE { ?c kgo:firstReported ?x } INSERT { ?c kgo:firstReported "2026-01-01"^^xsd:date } WHERE { ?c kgo:firstReported ?x }', "FirstReported"),
    ('INSERT { ?c kgo:lastReported "أمس" } WHERE { ?c a kgo:EventCluster }', "LastReported"),
    ("DELETE { ?c prov:wasDerivedFrom ?x } WHERE { ?c a kgo:EventCluster ; prov:wasDerivedFrom ?x }", "ClusterDocuments"),
    (f'INSERT DATA {{ {FORCE} kgo:unit "men", "women" }}', "Unit"),
    (f'INSERT DATA {{ {FORCE} kgo:quantityText "" }}', "QuantityText"),
    ('INSERT DATA { kg:Q423 skos:altLabel "" }', "AltLabel"),
    (f'INSERT DATA {{ {SEND} kgo:mode "Economic Aid" }}', "Mode"),
    (f'INSERT DATA {{ {SEND} kgo:context "MILITARY" }}', "Context"),
    (f'INSERT DATA {{ {SEND} kgo:cameo "21" }}', "Cameo"),
    (f"INSERT DATA {{ {SEND} kgo:intensity 11.0 }}", "Intensity"),
    (f'INSERT DATA {{ {SEND} kgo:foundBy "a", "b" }}', "FoundBy"),
    ("DELETE WHERE { kg:d1 dcterms:language ?x }", "Language"),
    ('INSERT DATA { kg:d1 dcterms:source "one", "two" }', "Publication"),
    ("DELETE { ?r rdfs:label ?x } WHERE { ?r a prov:Activity ; rdfs:label ?x }", "ActivityLabel"),
    ("INSERT { ?r prov:used kg:d9 } WHERE { ?r a prov:Activity }", "Used"),
    ("DELETE { ?c skos:notation ?x } WHERE { ?c a kgo:Concept ; skos:notation ?x }", "Notation"),
    ('INSERT { ?c skos:prefLabel "arme"@fr } WHERE { ?c a kgo:Concept }', "PrefLabel"),
    ("INSERT { ?c skos:exactMatch kg:d1 } WHERE { ?c a kgo:Concept }", "ConceptMatch"),
    ("DELETE { ?p rdfs:label ?x } WHERE { ?p a kgo:Publisher ; rdfs:label ?x }", "PublisherName"),
]


def test_a_document_at_a_time_finds_what_all_at_once_finds(tmp_path: Path) -> None:
    """Each fault alone, in named graphs: in the first that the subject has, or the first document's."""
    sound = ox.Store()
    sound.load(serialize(Graph.of([*read(), *TOLD]), ".nq"), format=ox.RdfFormat.N_QUADS)
    graphs = {q.subject: q.graph_name for q in sorted(sound, key=str, reverse=True)}
    found = 0
    shared = {"Counted", "Members", "InCluster", "Used"}  # what several graphs know something of
    for update, _ in [*BROKEN[::12], *(case for case in BROKEN if case[1] in shared)]:
        flat = ox.Store()
        flat.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in sound)
        flat.update(PREFIX + update)
        triples = {q.triple for q in flat}
        broken = [q for q in sound if q.triple in triples]
        known = {q.triple for q in sound}
        first = ox.NamedNode(f"{DEFAULT_BASE}d1")
        broken += [ox.Quad(t.subject, t.predicate, t.object, graphs.get(t.subject, first)) for t in triples - known]
        (tmp_path / "broken.nq").write_bytes(ox.serialize(broken, format=ox.RdfFormat.N_QUADS) or b"")
        whole, parts = validate(tmp_path / "broken.nq"), validate(tmp_path / "broken.nq", at_once=0)
        # Nodes without a name are called anew at each reading.
        assert [(v.shape, v.path) for v in whole] == [(v.shape, v.path) for v in parts], update
        found += len(whole)
    assert found >= len(BROKEN) / 12


def test_parts_are_small_and_each_node_is_whole_in_one(tmp_path: Path) -> None:
    write(Graph.of([document(f"c{n}", TROOPS.but(modality="planned")) for n in range(30)]), tmp_path / "graph.nq")
    with Parts.of(read_quads(tmp_path / "graph.nq")) as parts:
        chunks = list(parts.chunks())
        nodes = [node for _, owned in chunks for node in owned]
        assert len(nodes) == len(set(nodes)) == len({str(q.subject) for q in parts.store})
        assert sum(len(graph) for graph, _ in chunks) < 3 * len(parts)
    assert validate(tmp_path / "graph.nq", at_once=0) == []


@pytest.mark.parametrize(("update", "shape"), BROKEN)
def test_every_shape_finds_its_fault(update: str, shape: str, tmp_path: Path) -> None:
    assert shape in faults(update, tmp_path)


def test_no_shape_is_left_out() -> None:
    shapes = rdflib.Graph().parse(ontology_dir() / "shapes.ttl")
    named = {str(s).removeprefix(SHAPES) for s in shapes.subjects(rdflib.RDF.type, SH.PropertyShape)}
    assert named - {shape for _, shape in BROKEN} == set()


def test_messages_are_arabic_and_english(tmp_path: Path) -> None:
    shapes = rdflib.Graph().parse(ontology_dir() / "shapes.ttl")
    for shape in set(shapes.subjects(rdflib.RDF.type, SH.PropertyShape)) | set(shapes.subjects(rdflib.RDF.type, SH.SPARQLConstraint)):
        assert {str(getattr(m, "language", None)) for m in shapes.objects(shape, SH.message)} == {"ar", "en"}, shape
    (tmp_path / "broken.ttl").write_text(
        "@prefix oa: <http://www.w3.org/ns/oa#> . <http://x/q> a oa:TextQuoteSelector .",
        encoding="utf-8",
    )
    (violation,) = report = validate(tmp_path / "broken.ttl")
    assert (violation.focus, violation.path) == ("http://x/q", "http://www.w3.org/ns/oa#exact")
    assert (violation.message_ar, violation.message_en) == ("الاقتباس نص واحد غير فارغ", "A quotation is one text that is not empty")
    assert not report.conforms
    assert report.lines == ["<http://x/q> <http://www.w3.org/ns/oa#exact> A quotation is one text that is not empty | الاقتباس نص واحد غير فارغ"]


def test_several_files_are_one_graph(tmp_path: Path) -> None:
    lines = serialize(Graph.of(read()), ".nt").splitlines(keepends=True)
    (tmp_path / "a.nt").write_bytes(b"".join(lines[::2]))
    (tmp_path / "b.nt").write_bytes(b"".join(lines[1::2]))
    assert validate(tmp_path / "a.nt")
    assert validate([tmp_path / "a.nt", str(tmp_path / "b.nt")]) == []


def test_own_shapes(tmp_path: Path) -> None:
    write(Graph.of(read()), tmp_path / "graph.ttl")
    (tmp_path / "own.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kgo: <https://example.org/kg/ontology#> .
        <http://x/s> a sh:NodeShape ; sh:targetClass kgo:Document ; sh:property [ sh:path kgo:reviewed ; sh:minCount 1 ] .""",
        encoding="utf-8",
    )
    assert [v.focus for v in validate(tmp_path / "graph.ttl", tmp_path / "own.ttl")] == [f"{DEFAULT_BASE}d1", f"{DEFAULT_BASE}d2"]
    assert [v.focus for v in validate(tmp_path / "graph.ttl", own=tmp_path / "own.ttl")] == [f"{DEFAULT_BASE}d1", f"{DEFAULT_BASE}d2"]
    said = CliRunner().invoke(cli, ["validate", str(tmp_path / "graph.ttl"), "--shapes", str(tmp_path / "own.ttl"), "--only"])
    assert said.exit_code == 1
    assert [line.split()[0] for line in said.output.splitlines()[1:]] == [f"<{DEFAULT_BASE}d1>", f"<{DEFAULT_BASE}d2>"]
    (tmp_path / "own.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://x/s> a sh:NodeShape ; sh:targetNode <http://x/n> ; sh:property [ sh:minCount 1 ] .",
        encoding="utf-8",
    )
    with pytest.raises(KgError, match=r"own\.ttl"):
        validate(tmp_path / "graph.ttl", tmp_path / "own.ttl")


def test_a_compressed_file_is_checked_as_the_file_is(tmp_path: Path) -> None:
    graph = Graph.of(read())
    for name in ("graph.ttl", "graph.trig.gz"):
        write(graph, tmp_path / name)
        assert validate(tmp_path / name).conforms
    # Blank nodes of two files are two, whatever they are called there.
    for name in "ab":
        (tmp_path / f"{name}.nt").write_text("_:x <http://x/p> <http://x/o> .\n", encoding="utf-8")
    assert len(load([tmp_path / "a.nt", tmp_path / "b.nt"])) == 2


@pytest.mark.parametrize(
    ("name", "text"), [("a.ttl", "kgo:x kgo:y"), ("a.nq", "<a>"), ("a.jsonld", "{"), ("a.rdf", "<rdf"), ("a.txt", ""), ("none.ttl", None)]
)
def test_what_cannot_be_read_is_named(name: str, text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(KgError, match=name.replace(".", r"\.")):
        validate(tmp_path / name)
