"""An event type that only a user knows, LAUNDER with a role of its own: from the extraction to graph, RDF, SHACL and page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import rdflib

from kg import rdf, view
from kg.api import write
from kg.graph import Graph
from kg.model import Document, Entity, Event, Extraction, Span
from kg.namespaces import KGO
from kg.validation import validate
from kg.view.picture import picture
from kg.vocabulary import Vocabulary, vocabulary

# rdflib warns of its own use of what it is about to rename.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

OWN = Path(__file__).parent / "data" / "own_words" / "launder.ttl"
TEXT = "غسلت شركة النخلة أموالا لصالح روسيا عبر مصرف الواحة في دبي"
WHO = {
    "agent": ("شركة النخلة", "ORGANISATION"),
    "recipient": ("روسيا", "STATE"),
    "bank": ("مصرف الواحة", "ORGANISATION"),
    "location": ("دبي", "PLACE"),
}


def told(id: str = "d1", **more: str) -> Extraction:
    entities, roles = [], {}
    for n, (role, (name, type)) in enumerate(WHO.items(), 1):
        at = TEXT.index(name)
        entities.append(Entity(f"E{n}", type, name, name, (Span(at, at + len(name), name),)))
        roles[role] = (f"E{n}",)
    event = replace(Event("V1", "LAUNDER", Span(0, 4, "غسلت"), roles, 0, path="launder/verb: agent=subject by parse"), **more)
    return Extraction(Document(id, TEXT, published="2025-03-27"), (Span(0, len(TEXT), TEXT),), tuple(entities), (event,))


@pytest.fixture(params=[vocabulary(), vocabulary(OWN)], ids=["unknown", "described"])
def words(request: pytest.FixtureRequest) -> Vocabulary:
    """The type is carried through whether or not anybody says what it is called."""
    assert isinstance(request.param, Vocabulary)
    return request.param


@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".jsonld"])
def test_it_is_an_event_of_a_class_of_its_name(words: Vocabulary, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"graph{suffix}"
    rdf.write(Graph.of([told()], vocabulary=words), path)
    assert validate(path) == []
    found = rdflib.Dataset(default_union=True).parse(path)
    (event,) = found.subjects(rdflib.RDF.type, rdflib.URIRef(KGO + "Launder"))
    assert (event, rdflib.RDF.type, rdflib.URIRef(KGO + "Event")) in found
    for role in WHO:
        (entity,) = found.objects(event, rdflib.URIRef(KGO + role))
        assert (entity, rdflib.RDFS.label, rdflib.Literal(WHO[role][0], lang="ar")) in found
    assert found.value(event, rdflib.URIRef(KGO + "plover")) is None


def test_two_reports_of_it_make_a_valid_graph(words: Vocabulary, tmp_path: Path) -> None:
    graph = Graph.of([told("d1"), told("d2")], vocabulary=words)
    assert len(graph.events()) == 2
    rdf.write(graph, tmp_path / "graph.ttl")
    assert validate(tmp_path / "graph.ttl") == []


@pytest.mark.parametrize("more", [{}, {"polarity": "negative"}, {"modality": "denied"}])
def test_the_page_shows_it(more: dict[str, str]) -> None:
    page = view.to_html(Graph.of([told(**more)], vocabulary=vocabulary(OWN)))
    assert "غسل أموال" in page
    assert "Launder" in view.to_html(Graph.of([told(**more)]))
    # Who has which role stands with the evidence; what nobody asserts is drawn in dashes.
    assert "المصرف" in page
    drawn = picture(Graph.of([told(**more)], vocabulary=vocabulary(OWN)))
    lines = [e for e in drawn.edges if e.kind == "event"]
    assert lines and all(e.certain == (not more) for e in lines)


def test_what_is_asserted_gives_an_edge(words: Vocabulary) -> None:
    edges = Graph.of([told()], vocabulary=words).edges("short")
    assert {(key, d["event_type"]) for *_, key, d in edges} == {("actsOn", "LAUNDER")}
    assert len(edges) == 3


def test_write_takes_the_users_file(tmp_path: Path) -> None:
    write([told()], tmp_path, frames=[OWN])
    assert '"launder money"@en' in (tmp_path / "graph.ttl").read_text(encoding="utf-8")
    assert "غسل أموال" in (tmp_path / "graph.html").read_text(encoding="utf-8")
