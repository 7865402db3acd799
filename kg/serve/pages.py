"""The picture, the query page, and the links that lead from page to page."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

from kg.namespaces import PREFIXES
from kg.resources import ontology_dir
from kg.serve.answers import Answer
from kg.serve.negotiation import HTML

if TYPE_CHECKING:
    import pyoxigraph as ox
    from jinja2 import Template

#: What the query page holds at first: who did what to whom, as the short edges tell.
FIRST = """\
PREFIX kgo: <https://example.org/kg/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?who ?does ?whom (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
  ?edge a kgo:Edge ; rdf:subject/rdfs:label ?who ; rdf:predicate ?does ; rdf:object/rdfs:label ?whom ; kgo:claim ?claim .
  FILTER (lang(?who) = "ar" && lang(?whom) = "ar")
}
GROUP BY ?who ?does ?whom
ORDER BY DESC(?claims) ?who ?does ?whom
LIMIT 100
"""
#: Properties of other vocabularies that kg writes.
_ALSO = """
rdf:type rdf:subject rdf:predicate rdf:object rdfs:label skos:altLabel skos:exactMatch dcterms:date dcterms:title dcterms:source dcterms:identifier
prov:wasDerivedFrom oa:hasSource oa:hasSelector oa:exact oa:start oa:end
"""


def picture(store: ox.Store, links: str, union: bool = False) -> Answer:
    """The HTML view of the things that a store says most of; `links` is markup for its head, `union` as in `stored_graph`."""
    from kg.serve.stored import stored_graph
    from kg.view import TITLE, to_html

    graph, total = stored_graph(store, union=union)
    shown = len(graph.entities())
    html = to_html(graph, TITLE if shown == total else f"{TITLE}: أكثر {shown} كيانا ورودا من {total}")
    return Answer(200, HTML, html.replace("</header>", f"{links}</header>", 1).encode("utf-8", "replace"))


def links() -> str:
    """Markup for the head of the picture."""
    return f'<nav><a href="/query">{escape("استعلام SPARQL")}</a></nav>'


@cache
def query_page() -> str:
    """The page with the editor: what it completes and its gallery stand in it, so that it asks nobody."""
    from kg.queries import gallery
    from kg.store_query import USUAL

    queries = [{"title": q.title[1], "comment": "\n".join(reversed(q.description)), "query": q.query} for q in gallery().values()]
    data = {"prefixes": USUAL, "first": FIRST, "terms": _terms(), "gallery": queries}
    return template("query.html").render(data=data)


@cache
def template(name: str) -> Template:
    """A page of the server's, to be filled; all of them are made from `base.html`."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("kg.serve")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).get_template(name)


def _terms() -> dict[str, list[dict[str, str]]]:
    """The classes and properties of the ontology with their labels."""
    import pyoxigraph as ox

    store = ox.Store()
    store.load(path=str(ontology_dir() / "kg.ttl"), format=ox.RdfFormat.TURTLE)
    query = """
        SELECT ?term ?kind (SAMPLE(?a) AS ?ar) (SAMPLE(?e) AS ?en) WHERE {
          ?term a ?type .
          VALUES (?type ?kind) { (owl:Class "classes") (rdfs:Class "classes") (owl:ObjectProperty "properties") (owl:DatatypeProperty "properties")
                                 (owl:AnnotationProperty "properties") (rdf:Property "properties") }
          OPTIONAL { ?term rdfs:label ?a FILTER (lang(?a) = "ar") } OPTIONAL { ?term rdfs:label ?e FILTER (lang(?e) = "en") }
        } GROUP BY ?term ?kind ORDER BY ?term"""
    rows = store.query(query, prefixes=PREFIXES)
    assert isinstance(rows, ox.QuerySolutions)
    out: dict[str, list[dict[str, str]]] = {"classes": [], "properties": []}
    for row in rows:
        kind, term = row["kind"], row["term"]
        if isinstance(term, ox.NamedNode) and isinstance(kind, ox.Literal):
            names = {name: v.value for name in ("ar", "en") if isinstance(v := row[name], ox.Literal)}
            out[kind.value].append({"iri": term.value, **names})
    known = {t["iri"] for t in out["properties"]}
    iris = [PREFIXES[p] + name for p, name in (curie.split(":") for curie in _ALSO.split())]
    out["properties"] += [{"iri": iri} for iri in iris if iri not in known]
    return out
