"""kg.ranks: PageRank without scipy is PageRank."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ranks import pagerank

EDGES = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), st.integers(1, 9)), min_size=1, max_size=30)


def network(edges: list[tuple[str, str, int]]) -> nx.DiGraph[str]:
    made: nx.DiGraph[str] = nx.DiGraph()
    made.add_weighted_edges_from(edges)
    return made


@given(EDGES)
def test_it_is_where_a_random_walk_comes_to_rest(edges: list[tuple[str, str, int]]) -> None:
    walked = network(edges)
    rank = pagerank(walked)
    assert sum(rank.values()) == pytest.approx(1)
    out = {n: sum(w for *_, w in walked.out_edges(n, data="weight")) for n in walked}
    idle = sum(rank[n] for n in walked if not out[n])
    for n in walked:
        came = sum(rank[a] * w / out[a] for a, _, w in walked.in_edges(n, data="weight")) + idle / len(walked)
        assert rank[n] == pytest.approx(0.85 * came + 0.15 / len(walked), abs=1e-8)


def test_a_ring_has_no_first() -> None:
    assert pagerank(network([("a", "b", 1), ("b", "c", 5), ("c", "a", 2)])) == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})


def test_no_edges() -> None:
    lonely: nx.DiGraph[str] = nx.DiGraph()
    assert pagerank(lonely) == {}
    lonely.add_nodes_from("ab")
    assert pagerank(lonely) == {"a": 0.5, "b": 0.5}
