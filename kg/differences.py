"""What one graph has and another has not: which statements, and what that means in things, events and claims."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import pyoxigraph as ox

from kg.language import N_, _, directed, isolated, joined, padded
from kg.namespaces import KGO, PREFIXES
from kg.sorting import Sorted, differing, parsed

_TYPE, _LABEL = PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"
#: What a summary counts: name -> class.
KINDS = {
    N_("documents"): KGO + "Document",
    N_("entities"): KGO + "Entity",
    N_("events"): KGO + "Event",
    N_("claims"): KGO + "Claim",
    N_("facts"): KGO + "Fact",
    N_("short edges"): KGO + "Edge",
    N_("clusters"): KGO + "EventCluster",
}

Read = Callable[[], Iterable[ox.Quad]]


@dataclass(slots=True)
class Side:
    """What only one of two graphs has: how many triples, how many of each kind, and the first of these."""

    triples: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def difference(a: Iterable[ox.Quad], b: Iterable[ox.Quad], named: bool = True) -> Iterator[tuple[bool, ox.Quad]]:
    """The statements that only one of two graphs has: (whether it is the second, statement), in order.

    Blank nodes are compared by their labels; graphs of kg have none.

    Args:
        a, b: read once, sorted on disk where they are too many for memory.
        named: whether the named graphs count, or the merged triples only.
    """
    for added, lines in groupby(differing(Sorted(a, named), Sorted(b, named)), lambda found: found[0]):
        for quad in parsed((line for _which, line in lines), named):
            yield added, quad


def summarise(a: Iterable[ox.Quad], b: Iterable[ox.Quad], limit: int) -> tuple[Side, Side]:
    """What only the first graph has, and what only the second: triples whatever their graph, kinds, and up to `limit` of each kind."""
    sides = Side(), Side()
    kinds = {f"<{iri}>": name for name, iri in KINDS.items()}
    for added, line in differing(Sorted(a, named=False), Sorted(b, named=False)):
        side = sides[added]
        side.triples += 1
        subject, predicate, rest = line.decode().split(" ", 2)
        if predicate == f"<{_TYPE}>" and (kind := kinds.get(rest.removesuffix(" .\n"))):
            side.counts[kind] += 1
            if len(side.first[kind]) < limit:
                side.first[kind].append(subject[1:-1])
    return sides


class Described:
    """Some nodes of a graph in words. The graph is read three times: for them, for what they are about, and for who takes part."""

    def __init__(self, read: Read, nodes: Iterable[str]) -> None:
        self.values: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
        wanted = set(nodes)
        for _turn in range(3):
            if not wanted:
                break
            found = _values(read(), wanted)
            self.values |= found
            wanted = {v.value for of in found.values() for vs in of.values() for v in vs if isinstance(v, ox.NamedNode)} - set(self.values)
            wanted = {iri for iri in wanted if not iri.startswith(KGO)}

    def get(self, node: str, name: str) -> list[ox.NamedNode | ox.Literal]:
        return self.values.get(node, {}).get(name if ":" in name else KGO + name, [])

    def label(self, node: str) -> str:
        """The name of a thing, in Arabic if it has one."""
        found = {v.language: v.value for v in self.get(node, _LABEL) if isinstance(v, ox.Literal)}
        name = found.get("ar") or found.get(None) or found.get("en")
        titles = [v.value for key in ("title", "identifier") for v in self.get(node, PREFIXES["dcterms"] + key)]
        return name or next(iter(titles), "") or f"<{node}>"

    def type(self, node: str) -> str:
        """What kind of thing it is, in the ontology's word."""
        types = [v.value.removeprefix(KGO) for v in self.get(node, _TYPE) if v.value.startswith(KGO)]
        return next((t for t in types if t not in ("Entity", "Event")), types[0] if types else "")

    def line(self, node: str) -> str:
        """What a node is, in one line."""
        kind = self.type(node)
        if kind == "Claim":
            who = joined(self.label(v.value) for v in self.get(node, "claimant")) or _("the document")
            how = joined(v.value.removeprefix(KGO) for name in ("polarity", "modality") for v in self.get(node, name))
            when = "".join(f" {v.value}" for v in self.get(node, PREFIXES["dcterms"] + "date"))
            return f"{who}{when} ({how}): {_('; ').join(self.line(v.value) for v in self.get(node, 'about'))}"
        if parts := [self.get(node, PREFIXES["rdf"] + part) for part in ("subject", "predicate", "object")]:
            s, p, o = ([v.value for v in part] for part in parts)
            if s and p and o:
                return f"{self.label(s[0])} {p[0].removeprefix(KGO)} {self.label(o[0])}"
        roles = [(p.removeprefix(KGO), self.label(v.value)) for p, vs in sorted(self.values.get(node, {}).items()) for v in vs if _is_role(p, v)]
        name = f"{kind} {self.label(node)}".strip()
        return name + (f" ({joined(f'{role} {label}' for role, label in roles)})" if roles else "")


_NO_ROLES = {KGO + name for name in ("trigger", "inCluster", "mentionedIn", "ofType", "involves", "themeClass", "toldBy", "deniedBy", "possiblySame")}


def _is_role(property: str, value: ox.NamedNode | ox.Literal) -> bool:
    return property.startswith(KGO) and property not in _NO_ROLES and isinstance(value, ox.NamedNode) and not value.value.startswith(KGO)


def _values(quads: Iterable[ox.Quad], wanted: set[str]) -> dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]:
    found: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for q in quads:
        if isinstance(q.subject, ox.NamedNode) and q.subject.value in wanted and isinstance(q.object, ox.NamedNode | ox.Literal):
            of = found.setdefault(q.subject.value, {}).setdefault(q.predicate.value, [])
            if q.object not in of:
                of.append(q.object)
    return found


def report(read_a: Read, read_b: Read, limit: int) -> Iterator[str]:
    """What the second graph adds and what it lacks, in lines of text.

    Claims are listed where what they are about is not new itself, since a new event is always claimed.
    """
    gone, new = summarise(read_a(), read_b(), limit)
    yield f"{padded(_('triples'), 12)}{_signed(new.triples, gone.triples)}"
    for kind in KINDS:
        if new.counts[kind] or gone.counts[kind]:
            yield f"{padded(_(kind), 12)}{_signed(new.counts[kind], gone.counts[kind])}"
    for sign, side, read in (("+", new, read_b), ("-", gone, read_a)):
        described = Described(read, [node for nodes in side.first.values() for node in nodes])
        for kind in KINDS:
            yield from _listed(kind, sign, side, described)


def _listed(kind: str, sign: str, side: Side, described: Described) -> Iterator[str]:
    nodes: Sequence[str] = side.first[kind]
    if kind == "claims":
        shown = {n for of in ("events", "facts") for n in side.first[of]}
        nodes = [n for n in nodes if not shown.intersection(v.value for v in described.get(n, "about"))]
    if nodes:
        yield ""
        yield f"{sign} {isolated(_(kind))}"
        for line in sorted(described.line(n) for n in nodes):
            yield directed(f"  {line}")
        if (more := side.counts[kind] - len(side.first[kind])) > 0:
            yield directed("  " + _("and {n} more").format(n=more))


def _signed(new: int, gone: int) -> str:
    return f"{f'+{new}':>8} {f'-{gone}':>8}"
