"""Statements about statements, in the two forms that RDF has for them.

RDF 1.1: a node of type `rdf:Statement` with `rdf:subject`, `rdf:predicate` and `rdf:object`. RDF 1.2: a reifier with
`rdf:reifies <<( s p o )>>`. Both functions take statements in order and keep it, and hold those of one subject at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import pyoxigraph as ox

from kg.namespaces import PREFIXES

_RDF = PREFIXES["rdf"]
_TYPE, _STATEMENT, _REIFIES = (ox.NamedNode(_RDF + name) for name in ("type", "Statement", "reifies"))
_PARTS = tuple(ox.NamedNode(_RDF + name) for name in ("subject", "predicate", "object"))


def as_reified(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """The form of RDF 1.2: where a subject has one of each of the three parts, a triple term stands for them."""
    for _, group in groupby(quads, _subject):
        about = list(group)
        parts = [[q.object for q in about if q.predicate == p] for p in _PARTS]
        if any(len(found) != 1 for found in parts):
            yield from about
            continue
        s, p, o = (found[0] for found in parts)
        if not isinstance(s, ox.NamedNode | ox.BlankNode) or not isinstance(p, ox.NamedNode):
            yield from about
            continue
        first = about[0]
        rest = [q for q in about if q.predicate not in _PARTS and (q.predicate, q.object) != (_TYPE, _STATEMENT)]
        yield from _in_order([*rest, ox.Quad(first.subject, _REIFIES, ox.Triple(s, p, o), first.graph_name)])


def as_statements(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """The form of RDF 1.1: where a subject reifies one triple, its parts stand for that."""
    for _, group in groupby(quads, _subject):
        about = list(group)
        reified = [q.object for q in about if q.predicate == _REIFIES and isinstance(q.object, ox.Triple)]
        if len(reified) != 1:
            yield from about
            continue
        (triple,), first = reified, about[0]
        more = [(_TYPE, _STATEMENT), *zip(_PARTS, triple, strict=True)]
        rest = [q for q in about if q.predicate != _REIFIES or not isinstance(q.object, ox.Triple)]
        yield from _in_order({*rest, *(ox.Quad(first.subject, p, o, first.graph_name) for p, o in more)})


def _subject(quad: ox.Quad) -> tuple[object, object]:
    return quad.graph_name, quad.subject


def _in_order(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The statements about one subject as `kg.sorting` orders them."""
    return sorted(quads, key=lambda q: (q.predicate != _TYPE, str(q.predicate), str(q.object)))
