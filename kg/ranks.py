"""How central the actors of a graph are: measures of network science over the short edges between persons, states and organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pyoxigraph as ox

from kg.namespaces import PREFIXES

#: What actors can be ranked by.
MEASURES = ("pagerank", "degree", "betweenness")

#: Betweenness is exact up to so many actors; beyond, it is estimated from the shortest paths of as many of them (Brandes and Pich 2007).
EXACT = 1000

_EDGES = """
SELECT ?a ?b (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
  ?edge a kgo:Edge ; rdf:subject ?a ; rdf:object ?b ; kgo:claim ?claim .
  FILTER EXISTS { ?a a ?x VALUES ?x { kgo:Person kgo:State kgo:Organisation } }
  FILTER EXISTS { ?b a ?y VALUES ?y { kgo:Person kgo:State kgo:Organisation } }
} GROUP BY ?a ?b ORDER BY ?a ?b
"""
_NAMES = "SELECT DISTINCT ?a ?name WHERE { VALUES ?type { kgo:Person kgo:State kgo:Organisation } ?a a ?type ; rdfs:label ?name }"


@dataclass(frozen=True, slots=True)
class Rank:
    """An actor with his measures.

    degree: share of all other actors to whom he has an edge, either way. pagerank: how often one meets him on a random walk along the edges,
    each as likely as it has claims. betweenness: share of the shortest paths between others that lead over him, edges taken both ways.
    """

    iri: str
    label_ar: str
    label_en: str
    degree: float
    pagerank: float
    betweenness: float


def ranks(store: ox.Store, by: str = "pagerank") -> list[Rank]:
    """The actors in the default graph of a store, the most central by one of `MEASURES` first. Equals are in the order of their IRIs."""
    edges = [(row["a"].value, row["b"].value, int(row["claims"].value)) for row in _select(store, _EDGES)]
    directed: nx.DiGraph[str] = nx.DiGraph()
    directed.add_weighted_edges_from(edges)
    both = directed.to_undirected()
    walked = pagerank(directed)
    sample = None if len(both) <= EXACT else EXACT
    betweenness = nx.betweenness_centrality(both, k=sample, seed=0)
    degree = nx.degree_centrality(both)
    names: dict[tuple[str, str | None], str] = {}
    for row in _select(store, _NAMES):
        key = row["a"].value, row["name"].language
        names[key] = min(row["name"].value, names.get(key, row["name"].value))
    found = [
        Rank(n, names.get((n, "ar"), n), names.get((n, "en"), ""), round(degree[n], 6), round(walked[n], 6), round(betweenness[n], 6)) for n in both
    ]
    return sorted(found, key=lambda r: (-getattr(r, by), r.iri))


def pagerank(network: nx.DiGraph[str], damping: float = 0.85, tolerance: float = 1e-10) -> dict[str, float]:
    """PageRank by weight (Page and others 1998), by power iteration. That of networkx needs scipy, 35 MB for these lines."""
    actors = list(network)
    number = {n: i for i, n in enumerate(actors)}
    edges = [(number[a], number[b], w) for a, b, w in network.edges(data="weight")]
    if not edges:
        return dict.fromkeys(actors, 1 / max(1, len(actors)))
    source, target, weight = (np.array(column) for column in zip(*edges, strict=True))
    out = np.bincount(source, weight, len(actors))
    share = weight / out[source]
    rank = np.full(len(actors), 1 / len(actors))
    while True:
        ends = rank[out == 0].sum()  # who leads nowhere leads everywhere
        new = damping * (np.bincount(target, rank[source] * share, len(actors)) + ends / len(actors)) + (1 - damping) / len(actors)
        if np.abs(new - rank).sum() < tolerance:
            return dict(zip(actors, new.tolist(), strict=True))
        rank = new


def _select(store: ox.Store, query: str) -> Sequence[ox.QuerySolution]:
    results = store.query(query, prefixes=PREFIXES)
    assert isinstance(results, ox.QuerySolutions)
    return list(results)
