"""ontology/kg.ttl is complete and sound, and its page is fresh."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from babel.core import get_global
from rdflib.namespace import OWL, RDF, RDFS

from kg.frames import PLOVER
from kg.graph import Graph
from kg.model import ENTITY_TYPES, EVENT_ROLES, PREDICATES, Extraction
from kg.namespaces import KGO, PREFIXES, class_name
from kg.ontology_page import main, page
from kg.rdf import write
from kg.resources import ontology_dir
from kg.validation import load
from kg.vocabulary import vocabulary
from tests.told import TROOPS, document

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"
K = rdflib.Namespace(KGO)
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
#: Vocabularies of others, whose terms need no declaration here.
KNOWN = tuple(iri for p, iri in PREFIXES.items() if p not in ("kgo", "wd"))


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ontology_dir() / "kg.ttl")


def terms(graph: rdflib.Graph, *kinds: rdflib.URIRef) -> Iterator[rdflib.URIRef]:
    yield from (s for kind in kinds for s in graph.subjects(RDF.type, kind) if isinstance(s, rdflib.URIRef))


def test_every_term_has_labels_and_comments_in_both_languages(ontology: rdflib.Graph) -> None:
    named = {s for s in ontology.subjects() if str(s).startswith(KGO)}
    assert len(named) > 240
    for term in named:
        for property in (RDFS.label, RDFS.comment):
            assert sorted(str(o.language) for o in ontology.objects(term, property) if isinstance(o, rdflib.Literal)) == ["ar", "en"], term
        assert ontology.value(term, RDFS.isDefinedBy) is not None, term


def test_every_property_has_a_domain_and_a_range(ontology: rdflib.Graph) -> None:
    """Deliberately open ones have rdfs:Resource."""
    missing = [(str(t), str(p)) for t in terms(ontology, *PROPERTIES) for p in (RDFS.domain, RDFS.range) if (t, p, None) not in ontology]
    assert missing == []
    for t in terms(ontology, OWL.DatatypeProperty):
        assert str(ontology.value(t, RDFS.range)).startswith((PREFIXES["xsd"], PREFIXES["rdf"])), t


def test_inverses_agree(ontology: rdflib.Graph) -> None:
    pairs = [(a, b) for a, b in ontology.subject_objects(OWL.inverseOf) if str(b).startswith(KGO)]
    assert len(pairs) >= 20
    for a, b in pairs:
        assert (b, OWL.inverseOf, a) in ontology
        assert {str(o) for o in ontology.objects(a, RDFS.domain) if isinstance(o, rdflib.URIRef)} == {
            str(o) for o in ontology.objects(b, RDFS.range) if isinstance(o, rdflib.URIRef)
        }, a


def test_what_is_used_in_an_export_is_declared(tmp_path: Path, ontology: rdflib.Graph) -> None:
    declared = {str(s) for s in ontology.subjects(RDFS.label)}
    told = (document("c1", TROOPS), document("c2", TROOPS.but(count=4000), published="2025-03-28"))
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    write(Graph.of([*(Extraction.from_json(json.loads(line)) for line in lines), *told]), tmp_path / "graph.ttl")
    for path in (tmp_path / "graph.ttl", *sorted(ontology_dir().rglob("*.ttl"))):
        graph = load([path])
        used = {str(t) for triple in graph for t in triple if isinstance(t, rdflib.URIRef) and str(t).startswith(KGO)} - {KGO}
        assert used - declared == set(), path.name
    graph = load([tmp_path / "graph.ttl"])
    words = {str(p) for p in graph.predicates()} | {str(o) for o in graph.objects(None, RDF.type)}
    assert [w for w in sorted(words) if not w.startswith((KGO, *KNOWN))] == []


def test_what_is_aligned_is_of_known_vocabularies(ontology: rdflib.Graph) -> None:
    known = (KGO, *KNOWN, "http://www.w3.org/ns/org#", "http://www.w3.org/2006/time#")
    for property in (RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf, RDFS.seeAlso, RDFS.range, RDFS.domain):
        for term in ontology.objects(None, property):
            assert isinstance(term, rdflib.BNode) or str(term).startswith(known), term
    aligned = {str(o) for p in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso) for o in ontology.objects(None, p)}
    for start in (PREFIXES["schema"], PREFIXES["sem"], PREFIXES["prov"], PREFIXES["skos"], *known[-2:]):
        assert any(iri.startswith(start) for iri in aligned), start


def test_types_roles_and_facts_of_the_model_are_there(ontology: rdflib.Graph) -> None:
    for type in ENTITY_TYPES:
        assert (K[class_name(type)], RDFS.subClassOf, K.Entity) in ontology
    for type, roles in EVENT_ROLES.items():
        assert (K[class_name(type)], RDFS.subClassOf, K.Event) in ontology
        assert ontology.value(K[class_name(type)], K.cameo) is not None
        for role in roles:
            assert set(ontology.transitive_objects(K[role], RDFS.subPropertyOf)) & {K.participant}, role
    for predicate in PREDICATES:
        assert (K[predicate], RDFS.subPropertyOf, K.factRelation) in ontology


def test_codes_are_of_the_schemes() -> None:
    coder = vocabulary().coder
    assert set(coder.categories) == set(PLOVER)
    shapes = load([ontology_dir() / "shapes.ttl"])
    listed = next(shapes.objects(rdflib.URIRef("https://example.org/kg/shapes#Plover"), rdflib.SH["in"]))
    assert {str(o) for o in shapes.items(listed)} == set(PLOVER)
    given = [*coder.classes.values(), *(r.codes for rules in coder.rules.values() for r in rules)]
    assert {c.plover for c in given} - {None} <= set(PLOVER)
    for codes in given:
        assert codes.cameo is None or (codes.cameo.isdigit() and 2 <= len(codes.cameo) <= 4 and 1 <= int(codes.cameo[:2]) <= 20)
    for name, rules in coder.rules.items():
        assert name == "Event" or name in {class_name(t) for t in EVENT_ROLES}
        for r in rules:
            assert r.triggers or r.words or r.roles or r.id.endswith("any"), r.id
            assert set(r.roles) | set(r.unless) <= set(EVENT_ROLES[next(t for t in EVENT_ROLES if class_name(t) == name)]), r.id
            assert r.types <= set(ENTITY_TYPES)


def test_classes_of_rules_are_in_the_lexicon() -> None:
    lexicon = "".join(p.read_text(encoding="utf-8") for p in (ontology_dir() / "lexicon").glob("weapons*.ttl"))
    for rules in vocabulary().coder.rules.values():
        for rule in rules:
            for concept in rule.concepts:
                assert f"<{concept}> a " in lexicon, f"{rule.id}: {concept}"


def test_every_state_with_a_code_has_the_long_one() -> None:
    graph = load([ontology_dir() / "lexicon" / "states.ttl", ontology_dir() / "countries.ttl"])
    states = dict(graph.subject_objects(K.iso2))
    assert len(states) > 240
    aliases = get_global("territory_aliases")
    for state, code in states.items():
        (long,) = graph.objects(state, K.iso3)
        assert aliases.get(str(long), ["XK"]) == [str(code)], state


def test_the_page_is_fresh() -> None:
    assert main(["--check"]) == 0, "docs/ontology.md is stale: python -m kg.ontology_page"


def test_the_page_has_every_term(ontology: rdflib.Graph) -> None:
    text = page()
    for term in {str(s).removeprefix(KGO) for s in ontology.subjects(RDFS.label) if str(s).startswith(KGO)}:
        assert f"| `{term}` |" in text, term
    assert "](assets/model.svg)" in text
