"""What the endpoint says of itself, in the vocabulary of SPARQL 1.1 Service Description."""

from __future__ import annotations

import pyoxigraph as ox

from kg import __version__
from kg.namespaces import PREFIXES
from kg.serve.evaluate import GRAPH_FORMATS, TABLE_FORMATS

SD = "http://www.w3.org/ns/sparql-service-description#"


def description(endpoint: str, type: str) -> bytes:
    """The description of the endpoint at that address, as RDF of that media type."""
    service, dataset, graph = (ox.NamedNode(endpoint + part) for part in ("#service", "#dataset", "#union"))
    formats = [*(f.iri for f in TABLE_FORMATS.values()), *(f.iri for f in GRAPH_FORMATS.values())]
    triples = [
        _triple(service, "rdf:type", ox.NamedNode(SD + "Service")),
        _triple(service, "rdfs:label", ox.Literal(f"kg {__version__}", language="en")),
        _triple(service, "sd:endpoint", ox.NamedNode(endpoint)),
        _triple(service, "sd:supportedLanguage", ox.NamedNode(SD + "SPARQL11Query")),
        _triple(service, "sd:feature", ox.NamedNode(SD + "UnionDefaultGraph")),
        _triple(service, "sd:defaultDataset", dataset),
        _triple(dataset, "rdf:type", ox.NamedNode(SD + "Dataset")),
        _triple(dataset, "sd:defaultGraph", graph),
        _triple(graph, "rdf:type", ox.NamedNode(SD + "Graph")),
        *(_triple(service, "sd:resultFormat", ox.NamedNode(iri)) for iri in formats),
    ]
    return ox.serialize(triples, format=GRAPH_FORMATS[type], prefixes={**PREFIXES, "sd": SD}) or b""


def _triple(subject: ox.NamedNode, curie: str, object: ox.NamedNode | ox.Literal) -> ox.Triple:
    prefix, name = curie.split(":")
    return ox.Triple(subject, ox.NamedNode((SD if prefix == "sd" else PREFIXES[prefix]) + name), object)
