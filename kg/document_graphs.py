"""A graph of many documents in parts that SHACL can look at one after the other.

    quads  ->  a store on disk  ->  (graph, the nodes that are whole in it), one part after the other

A node that one document alone speaks of (its events, claims, spans, groups) is whole in that document's graph with what the shared
graphs (edges, clusters, lexicon, what stands in no graph) say of it. Every other node (states, clusters, runs) is looked at by itself,
with all that any graph says of it and all statements about it. Of the nodes at the other end of its relations a part has the types.
So every node is looked at once, and no part is larger than one document or what is said of one node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from itertools import groupby
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import rdflib

from kg.namespaces import KGO, PREFIXES

#: About so many quads make a part: few enough for little memory, enough for pySHACL's start not to count.
SIZE = 5_000

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_DOCUMENT = ox.NamedNode(KGO + "Document")
# The relation that shapes also look at from its other end: kg writes it into the graph of clusters, others may have it anywhere.
_IN_CLUSTER = ox.NamedNode(KGO + "inCluster")
_Node = ox.NamedNode | ox.BlankNode


class Parts:
    """The quads of some files in a store on disk, which is gone when this is left."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.documents = {
            q.subject
            for q in store.quads_for_pattern(None, _TYPE, _DOCUMENT, None)
            if isinstance(q.subject, ox.NamedNode) and q.graph_name == q.subject
        }
        self._stack = ExitStack()
        self._types = lru_cache(maxsize=50_000)(self._types_of)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Parts:
        """Read quads into a store."""
        with ExitStack() as stack:
            store = ox.Store(stack.enter_context(TemporaryDirectory(prefix="kg-validate-")))
            store.bulk_extend(quads)
            parts = cls(store)
            parts._stack = stack.pop_all()
        return parts

    def __enter__(self) -> Parts:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __len__(self) -> int:
        return len(self.store)

    def whole(self) -> rdflib.Graph:
        """All as one graph."""
        from kg.validation import union

        return union(self.store)

    def chunks(self, objects_of: Iterable[str] = ()) -> Iterator[tuple[rdflib.Graph, set[str]]]:
        """The parts, each with the nodes that are whole in it.

        `objects_of`: properties whose values are looked at also where nothing is said of them.
        """
        shared: set[_Node] = set()
        yield from self._grouped(self._of_document(d, shared) for d in sorted(self.documents, key=str))
        for name in (ox.DefaultGraph(), *(n for n in self.store.named_graphs() if n not in self.documents)):
            # What is said of one node stands together.
            nodes = (node for node, _ in groupby(self.store.quads_for_pattern(None, None, None, name), _node))
            shared.update(node for node in nodes if len(self._homes(node)) != 1)
        yield from self._grouped(self._of_node(n) for n in sorted(shared, key=str))
        yield from self._grouped(({q}, {node}) for iri in sorted(objects_of) for q, node in self._unspoken(ox.NamedNode(iri)))

    def _unspoken(self, property: ox.NamedNode) -> Iterator[tuple[ox.Quad, _Node]]:
        """Values of a property of which nothing is said, each once."""
        seen: set[_Node] = set()
        for q in self.store.quads_for_pattern(None, property, None, None):
            node = q.object
            if isinstance(node, ox.NamedNode | ox.BlankNode) and node not in seen and not any(self.store.quads_for_pattern(node, None, None, None)):
                seen.add(node)
                yield q, node

    def _grouped(self, parts: Iterable[tuple[set[ox.Quad], set[_Node]]]) -> Iterator[tuple[rdflib.Graph, set[str]]]:
        """Small parts put together, the types of what they point to added."""
        from kg.validation import union

        quads: set[ox.Quad] = set()
        owned: set[_Node] = set()
        for found, nodes in parts:
            quads |= found
            owned |= nodes
            if len(quads) >= SIZE:
                yield union(self._with_types(quads)), {n.value for n in owned}
                quads, owned = set(), set()
        if owned:
            yield union(self._with_types(quads)), {n.value for n in owned}

    def _with_types(self, quads: set[ox.Quad]) -> Iterator[ox.Quad]:
        yield from quads
        ends = {t for q in quads for t in (q.subject, q.object) if isinstance(t, ox.NamedNode | ox.BlankNode)}
        for node in ends:
            yield from (ox.Quad(node, _TYPE, type) for type in self._types(node))

    def _types_of(self, node: _Node) -> frozenset[ox.NamedNode]:
        return frozenset(q.object for q in self.store.quads_for_pattern(node, _TYPE, None, None) if isinstance(q.object, ox.NamedNode))

    def _homes(self, node: _Node) -> set[_Node]:
        """The documents whose graphs say something of a node; two of them if there are more."""
        homes: set[_Node] = set()
        for q in self.store.quads_for_pattern(node, None, None, None):
            if q.graph_name in self.documents:
                homes.add(q.graph_name)  # type: ignore[arg-type]
                if len(homes) > 1:
                    break
        return homes

    def _of_document(self, document: ox.NamedNode, shared: set[_Node]) -> tuple[set[ox.Quad], set[_Node]]:
        """A document's graph with what is known of its own nodes elsewhere. Nodes that others speak of too are added to `shared`."""
        quads = set(self.store.quads_for_pattern(None, None, None, document))
        mine: set[_Node] = set()
        for node in {_node(q) for q in quads}:
            if len(self._homes(node)) == 1:
                mine.add(node)
                quads |= self._around(node)
            else:
                shared.add(node)
        return quads, mine

    def _of_node(self, node: _Node) -> tuple[set[ox.Quad], set[_Node]]:
        return self._around(node), {node}

    def _around(self, node: _Node) -> set[ox.Quad]:
        """All that is said of a node, what the shared graphs say of those that point to it there, and what any graph has in it as a cluster."""
        quads = set(self.store.quads_for_pattern(node, None, None, None))
        quads.update(self.store.quads_for_pattern(None, _IN_CLUSTER, node, None))
        for q in self.store.quads_for_pattern(None, None, node, None):
            if q.graph_name not in self.documents:
                quads.update(self.store.quads_for_pattern(_node(q), None, None, q.graph_name))
        return quads


def _node(q: ox.Quad) -> _Node:
    if isinstance(q.subject, ox.NamedNode | ox.BlankNode):
        return q.subject
    raise TypeError(f"{q.subject} is no node")
