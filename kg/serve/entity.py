"""All that a store holds of one thing: as RDF, or as a page with its names, what it did and what is said of it, each with the sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Generic, TypeVar
from urllib.parse import unquote

import pyoxigraph as ox

from kg.namespaces import KGO
from kg.serve.answers import Answer, Question, refusal
from kg.serve.evaluate import TooLong, not_acceptable, too_long, write_triples
from kg.serve.negotiation import GRAPHS, HTML
from kg.serve.pages import template
from kg.serve.reader import Claim, Reader, short, term
from kg.vocabulary import vocabulary

T = TypeVar("T")

_WORDS = {
    "aliases": "يرد أيضا باسم", "possibly_same": "ربما هو نفسه", "evidence": "الأدلة", "events": "الأحداث", "facts": "العلاقات الثابتة",
    "role": "الدور",    "says": "نقلا عن", "office": "المنصب", "confidence": "الثقة", "negative": "منفي", "planned": "مخطط له", "possible": "محتمل",
    "conditional": "مشروط", "denied": "مكذَّب",
}  # fmt: skip

#: How many events, facts, properties and references a page shows; it says how many more there are.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Value:
    """An object of a triple to show: an IRI with its label, or a literal with its language or datatype."""

    text: str
    iri: str | None = None
    note: str = ""  # language, or datatype with its prefix


@dataclass(frozen=True, slots=True)
class Told:
    """An event or a fact with who else is in it and the claims about it."""

    iri: str
    label: str
    role: str
    others: tuple[tuple[str, Value], ...]  # (role, entity)
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """The first of many."""

    entries: Sequence[T]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.entries)


def candidates(address: str) -> list[str]:
    """The IRIs that a client may mean by an address: browsers encode every Arabic letter, IRIs of kg only those of document names.

    Each segment stands as it came, or with its Arabic letters written out. The first six encoded segments are tried both ways.
    """
    parts = address.split("/")
    choices, free = [], 6
    for part in parts:
        plain = _decoded(part)
        choices.append((part, plain) if plain != part and free > 0 else (part,))
        free -= plain != part
    return ["/".join(p) for p in product(*choices)]


def _decoded(segment: str) -> str:
    """A segment with its non-ASCII letters written out and the other percent signs left."""
    out, i = [], 0
    while i < len(segment):
        end = i
        while segment[end : end + 1] == "%" and segment[end + 1 : end + 2].lower() >= "8":
            end += 3
        piece = segment[i:end] if end > i else segment[i]
        try:
            out.append(unquote(piece, errors="strict") if end > i else piece)
        except UnicodeDecodeError:
            out.append(piece)
        i = end if end > i else i + 1
    return "".join(out)


def entity(store: ox.Store, question: Question, most: int) -> Answer:
    """The answer about an IRI: HTML where `question.graph` says so, else RDF. 404 if the store says nothing of it."""
    for iri in candidates(question.text):
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            continue
        if any(store.quads_for_pattern(node, None, None, None)) or any(store.quads_for_pattern(None, None, node, None)):
            break
    else:
        return refusal(404, f"nothing is known of <{question.text}>")
    if question.graph == HTML:
        return Answer(200, HTML, _Page(store, node).html().encode())
    if question.graph is None:
        return not_acceptable(GRAPHS)
    about = {q.triple: None for pattern in ((node, None), (None, node)) for q in store.quads_for_pattern(pattern[0], None, pattern[1], None)}
    try:
        return write_triples(sorted(about, key=str), question.graph, most)
    except TooLong:
        return too_long(most)


class _Page:
    def __init__(self, store: ox.Store, node: ox.NamedNode) -> None:
        self.store, self.node = store, node
        self.reader = Reader(store)
        self.label = vocabulary().label

    def html(self) -> str:
        ar, en = self.reader.labels(self.node)
        return template("entity.html").render(
            title=ar or en or self.node.value, english=en if ar else None, iri=self.node.value,
            classes=[self.label(c) for c in self.reader.classes(self.node)],
            aliases=[a for a in self.reader.texts(self.node, "skos:altLabel") if a not in (ar, en)],
            matches=[m.value for m in self.reader.nodes(self.node, "skos:exactMatch") if m.value.startswith(("http://", "https://"))],
            claims=self.claims(), told=self._listed(self.told()), facts=self._listed(self.facts()), same=self._listed(self.same()),
            properties=self._listed(self.properties()), references=self._listed(self.references()), words=_WORDS, shown=self._value, short=short,
        )  # fmt: skip

    def _listed(self, items: Iterator[T]) -> Listed[T]:
        first = list(islice(items, SHOWN))
        return Listed(first, len(first) + sum(1 for _ in items))

    def claims(self) -> list[Claim]:
        """The claim that the thing is, or those about it."""
        if claim := self.reader.claim(self.node):
            return [claim]
        return self.reader.claims_about(self.node)

    def told(self) -> Iterator[Told]:
        """The events that it takes part in, or, of a document, those that it tells of."""
        roles: dict[ox.NamedNode, str] = {}
        for q in self.store.quads_for_pattern(None, None, self.node, None):
            if isinstance(q.subject, ox.NamedNode) and q.predicate.value.startswith(KGO) and self.reader.is_a(q.subject, "kgo:Event"):
                roles.setdefault(q.subject, q.predicate.value.removeprefix(KGO))
        for q in self.store.quads_for_pattern(None, term("rdf:type"), term("kgo:Event"), self.node):
            if isinstance(q.subject, ox.NamedNode):
                roles.setdefault(q.subject, "")
        for event in sorted(roles, key=str):
            others = [
                (self.label(q.predicate.value.removeprefix(KGO)), self._value(q.object))
                for q in sorted(set(q.triple for q in self.store.quads_for_pattern(event, None, None, None)), key=str)
                if q.predicate.value.startswith(KGO) and q.object != self.node and self._is_entity(q.object)
            ]
            role = self.label(roles[event]) if roles[event] else ""
            yield Told(event.value, self.reader.label(event) or event.value, role, tuple(others), tuple(self.reader.claims_about(event)))

    def facts(self) -> Iterator[Told]:
        for statement in self._statements("kgo:Fact"):
            predicates = [p.value.removeprefix(KGO) for p in self.reader.nodes(statement, "rdf:predicate")]
            ends = [("", self._value(o)) for p in ("rdf:subject", "rdf:object") for o in self.reader.nodes(statement, p)]
            label = "، ".join(map(self.label, predicates))
            yield Told(statement.value, label, "", tuple(ends), tuple(self.reader.claims_about(statement)))

    def same(self) -> Iterator[Value]:
        for statement in self._statements("kgo:Candidate"):
            for p in ("rdf:subject", "rdf:object"):
                yield from (self._value(o) for o in self.reader.nodes(statement, p) if o != self.node)

    def _statements(self, curie: str) -> list[ox.NamedNode]:
        found = {s for p in ("rdf:subject", "rdf:object") for s in self.reader.subjects(p, self.node)}
        return sorted((s for s in found if self.reader.is_a(s, curie)), key=str)

    def properties(self) -> Iterator[tuple[str, Value]]:
        for t in sorted({q.triple for q in self.store.quads_for_pattern(self.node, None, None, None)}, key=str):
            yield short(t.predicate.value), self._value(t.object)

    def references(self) -> Iterator[tuple[Value, str]]:
        for t in sorted({q.triple for q in self.store.quads_for_pattern(None, None, self.node, None)}, key=str):
            yield self._value(t.subject), short(t.predicate.value)

    def _is_entity(self, node: object) -> bool:
        return isinstance(node, ox.NamedNode) and self.reader.is_a(node, "kgo:Entity")

    def _value(self, node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Value:
        if isinstance(node, ox.NamedNode):
            return Value(self.reader.label(node) or short(node.value), node.value)
        if isinstance(node, ox.Literal):
            kind = short(node.datatype.value)
            return Value(node.value, note=node.language or ("" if kind == "xsd:string" else kind))
        return Value(str(node))
