"""A store read as kg writes one: labels, claims with the sentence that makes them, documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import pyoxigraph as ox

from kg.namespaces import KGO, PREFIXES

Subject = ox.NamedNode | ox.BlankNode


def term(curie: str) -> ox.NamedNode:
    """`term("kgo:agent")`."""
    prefix, name = curie.split(":", 1)
    return ox.NamedNode(PREFIXES[prefix] + name)


def short(iri: str) -> str:
    """An IRI with its prefix, if it has one that kg knows."""
    for prefix, start in PREFIXES.items():
        if iri.startswith(start) and re.fullmatch(r"[\w-]+", iri[len(start) :]):
            return f"{prefix}:{iri[len(start) :]}"
    return iri


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document: its IRI, and its identifier, title, date and source."""

    iri: str
    id: str
    title: str | None = None
    published: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text."""

    document: ox.NamedNode
    start: int
    words: str

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@dataclass(frozen=True, slots=True)
class Claim:
    """A document says that an event happened or a fact holds: in this sentence, by these words in it."""

    about: str
    document: Document
    sentence: Span
    words: Span | None
    says: tuple[ox.NamedNode, ...] = ()
    polarity: str = "positive"
    modality: str = "asserted"
    confidence: float = 1.0
    office: str | None = None

    @property
    def mark(self) -> tuple[int, int] | None:
        """Where the words stand in the sentence; None if they are all of it, or somewhere else."""
        if self.words is None or len(self.words.words) >= len(self.sentence.words):
            return None
        at = self.words.start - self.sentence.start
        return (at, at + len(self.words.words)) if at >= 0 and self.sentence.words[at:].startswith(self.words.words) else None


class Reader:
    """Looks things up in all graphs of a store."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self._documents: dict[ox.NamedNode, Document] = {}

    def objects(self, subject: Subject, predicate: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
        """The values of a property, each once, sorted."""
        return sorted({q.object for q in self.store.quads_for_pattern(subject, term(predicate), None, None)}, key=str)

    def nodes(self, subject: Subject, predicate: str) -> list[ox.NamedNode]:
        return [o for o in self.objects(subject, predicate) if isinstance(o, ox.NamedNode)]

    def texts(self, subject: Subject, predicate: str) -> list[str]:
        return [o.value for o in self.objects(subject, predicate) if isinstance(o, ox.Literal)]

    def text(self, subject: Subject, predicate: str) -> str | None:
        return next(iter(self.texts(subject, predicate)), None)

    def subjects(self, predicate: str, object: ox.NamedNode) -> Iterator[ox.NamedNode]:
        """What has that value, each once, in the order of the store."""
        seen: set[ox.NamedNode] = set()
        for q in self.store.quads_for_pattern(None, term(predicate), object, None):
            if isinstance(q.subject, ox.NamedNode) and q.subject not in seen:
                seen.add(q.subject)
                yield q.subject

    def labels(self, node: Subject) -> tuple[str | None, str | None]:
        """The Arabic and the English label. A label without a language, and a title, count as Arabic where there is no other."""
        found = [o for p in ("rdfs:label", "skos:prefLabel", "dcterms:title") for o in self.objects(node, p) if isinstance(o, ox.Literal)]
        ar, en = (next((o.value for o in found if o.language == language), None) for language in ("ar", "en"))
        return ar or next((o.value for o in found if not o.language), None), en

    def label(self, node: Subject) -> str | None:
        ar, en = self.labels(node)
        return ar or en

    def classes(self, node: Subject) -> list[str]:
        """The classes of kg's vocabulary by name, the special ones only: Send, not Event."""
        names = [c.value.removeprefix(KGO) for c in self.nodes(node, "rdf:type") if c.value.startswith(KGO)]
        return [n for n in names if n not in ("Entity", "Event")] or names

    def is_a(self, node: Subject, curie: str) -> bool:
        return any(self.store.quads_for_pattern(node, self._type, term(curie), None))

    @cached_property
    def _type(self) -> ox.NamedNode:
        return term("rdf:type")

    def document(self, node: ox.NamedNode) -> Document:
        if node not in self._documents:
            title, published, source = (self.text(node, f"dcterms:{p}") for p in ("title", "date", "source"))
            self._documents[node] = Document(node.value, self.text(node, "dcterms:identifier") or node.value, title, published, source)
        return self._documents[node]

    def span(self, node: Subject) -> Span | None:
        """The span that selectors of the Web Annotation vocabulary describe. None if they do not."""
        start, words = None, None
        for selector in self.nodes(node, "oa:hasSelector"):
            at, exact = self.text(selector, "oa:start"), self.text(selector, "oa:exact")
            start = int(at) if at and at.isdecimal() else start
            words = exact if exact is not None else words
        document = next(iter(self.nodes(node, "oa:hasSource")), None)
        return None if document is None or start is None or words is None else Span(document, start, words)

    def spans(self, node: Subject, predicate: str) -> list[Span]:
        """The spans that a property leads to, the longest first."""
        found = (self.span(s) for s in self.nodes(node, predicate))
        return sorted((s for s in found if s), key=lambda s: (-len(s.words), s.start))

    def claim(self, node: ox.NamedNode) -> Claim | None:
        """A claim about an event or a fact. None if it says not what it is about, or not where it stands."""
        about = next(iter(self.nodes(node, "kgo:about")), None)
        spans = self.spans(node, "prov:wasDerivedFrom")
        if about is None or not spans:
            return None
        words = spans[1:] if self.is_a(about, "kgo:Fact") else self.spans(about, "kgo:trigger")
        confidence = self.text(node, "kgo:confidence")
        return Claim(
            about.value, self.document(spans[0].document), spans[0], words[0] if words else None, tuple(self.nodes(node, "kgo:claimant")),
            self._word(node, "kgo:polarity", "positive"), self._word(node, "kgo:modality", "asserted"), float(confidence) if confidence else 1.0,
            self.text(about, "kgo:office"),
        )  # fmt: skip

    def claims_about(self, node: ox.NamedNode, most: int | None = None) -> list[Claim]:
        """What is claimed of an event or a fact; the first so many that the store gives, if there are more than `most`."""
        claims = sorted(islice(self.subjects("kgo:about", node), most), key=str)
        return [c for c in map(self.claim, claims) if c]

    def _word(self, node: ox.NamedNode, predicate: str, default: str) -> str:
        return next((v.value.removeprefix(KGO) for v in self.nodes(node, predicate)), default)
