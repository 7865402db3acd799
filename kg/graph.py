"""Extractions -> Graph: one node for one thing, whichever documents speak of it.

`kg.identity` says which entities are one. A bare name ("شويغو"), which belongs to its document, gets a scored
`possiblySame` edge to the one full name it can be short for. Events belong to their document; those that tell of one event
hang under one cluster (`kg.clusters`).

The graph is a function of the set of documents: their order does not matter, and merging graphs gives what one build
over all their documents gives.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import combinations
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import networkx as nx

from kg.clusters import Cluster, clusters
from kg.copies import families
from kg.errors import KgError
from kg.identity import Identity, entity_keys, is_description, is_name, stem
from kg.language import _
from kg.model import ENTITY_TYPES, EVENT_ROLES, SYMMETRIC, Document, Entity, Extraction, Span
from kg.namespaces import DEFAULT_BASE, checked_base, checked_name, class_name, digest, document_key, is_qid, printable
from kg.tellings import Broader
from kg.text import fold, is_arabic
from kg.vocabulary import OTHER, Vocabulary, vocabulary

if TYPE_CHECKING:
    import pandas as pd
    import pyoxigraph as ox

    from kg.dataframes import Language, Table
    from kg.rows import Row

#: Roles that a short edge can start from: the first of them that is filled leads. Those after the first two lead only where nobody acts.
LEADS = ("agent", "seller", "buyer", "victim")
#: Roles of the equals in a symmetric event.
PARTIES = ("agent", "partner", "opponent")

#: How likely a bare name is the one full name in the graph that holds it: a last name, any other part; more if one document has both.
SCORE_LAST, SCORE_OTHER, SCORE_TOGETHER = 0.6, 0.4, 0.3

#: What else the keys of a document's parts begin with.
NOT_EVENTS = frozenset({"claim", "span", *(t.lower() for t in ENTITY_TYPES)})

Attributes = dict[str, Any]


class Graph:
    """Entities, events and clusters of events as nodes of a networkx graph, keyed by IRI local name.

    nx: nodes have `kind` "entity", "event" or "cluster"; edges "role" (event to entity), "member" (event to cluster), "fact",
    "short" (what an event means between two entities, if it is positive and asserted) or "candidate" (`possiblySame`). See
    docs/architecture.md for their attributes.
    documents: id -> Document, in the order of ids. extractions: the same, as they came.
    """

    def __init__(
        self,
        extractions: Iterable[Extraction] = (),
        base: str = DEFAULT_BASE,
        vocabulary: Vocabulary | None = None,
        broader: Broader | None = None,
        identity: Identity | None = None,
    ) -> None:
        self.base = checked_base(base)
        self.vocabulary = vocabulary or _shipped()
        self.broader = broader
        self.identity = identity
        #: The user's own lexicon files that the extractions were made with: they name classes that kg's do not.
        self.lexicon: tuple[Path, ...] = ()
        found: dict[str, Extraction] = {}
        for x in extractions:
            if found.setdefault(x.document.id, x) is not x and found[x.document.id] != x:
                raise KgError(_("two documents have the id {id!r}").format(id=x.document.id))
        self.extractions = {id: found[id] for id in sorted(found)}
        self.documents: dict[str, Document] = {id: x.document for id, x in self.extractions.items()}
        family = families(self.documents.values()) if found else {}
        #: Document id -> id of the one that stands for all near copies of its text, of those that do not stand for themselves.
        self.copies = {id: origin for id, origin in family.items() if id != origin}
        builder = Builder(self.vocabulary, broader, identity)
        self.nx: nx.MultiDiGraph[str] = builder.build(self.extractions.values(), family) if found else builder.nx

    @classmethod
    def of(
        cls,
        extractions: Iterable[Extraction],
        base: str = DEFAULT_BASE,
        vocabulary: Vocabulary | None = None,
        broader: Broader | None = None,
        identity: Identity | None = None,
    ) -> Graph:
        """Merge extractions, read once, into a graph.

        `vocabulary`: another one than the ontology that kg ships. `broader`: class -> all broader ones, where a user's own lexicon has
        classes that kg's has not (see `kg.lexicon.broader`). `identity`: what the user says is one thing (see `kg.identity`).

        KgError if `base` is no IRI that names can follow, or two different documents have one id. ValueError if an extraction
        is not sound (a span outside its text, a role that points to no entity, a type that is no name); the message says which.
        """
        return cls(extractions, base, vocabulary, broader, identity)

    @classmethod
    def merge(cls, graphs: Iterable[Graph]) -> Graph:
        """One graph of the documents of all, equal to a build over them. Base, vocabulary, lexicon and identity are the first one's."""
        graphs = list(graphs)
        if not graphs:
            return cls()
        one = graphs[0]
        merged = cls((x for g in graphs for x in g.extractions.values()), one.base, one.vocabulary, one.broader, one.identity)
        merged.lexicon = one.lexicon
        return merged

    def iri(self, key: str) -> str:
        """The IRI of a node."""
        return self.base + key

    def entities(self) -> list[tuple[str, Attributes]]:
        """Keys and attributes of the entities, by key."""
        return self._nodes("entity")

    def events(self) -> list[tuple[str, Attributes]]:
        """Keys and attributes of the events, by document and place in it."""
        return sorted(self._nodes("event"), key=lambda n: (n[1]["document"], n[1]["start"], n[0]))

    def clusters(self) -> list[tuple[str, Attributes]]:
        """Keys and attributes of the clusters, by key."""
        return self._nodes("cluster")

    def edges(self, kind: str) -> list[tuple[str, str, str, Attributes]]:
        """(from, to, key, attributes) of the edges of a kind ("role", "member", "fact", "short", "candidate"), sorted."""
        return sorted(((a, b, k, d) for a, b, k, d in self.nx.edges(keys=True, data=True) if d["kind"] == kind), key=lambda e: e[:3])

    def roles(self, event: str) -> dict[str, list[str]]:
        """Role -> keys of the entities in it. KeyError if there is no such node."""
        if event not in self.nx:
            raise KeyError(event)
        out: dict[str, list[str]] = {}
        for entity, role in sorted((entity, d["role"]) for _event, entity, d in self.nx.edges(event, data=True) if d["kind"] == "role"):
            out.setdefault(role, []).append(entity)
        return out

    @classmethod
    def load(cls, *files: str | os.PathLike[str]) -> Graph:
        """The graph of extractions that are there already: `extractions.jsonl` of `kg build`, or what `kg extract` printed. Needs no models.

        >>> graph = kg.Graph.load("out/extractions.jsonl")
        >>> list(graph.documents)
        ['d1', 'd2']

        Raises:
            KgError: a file cannot be read, or a line of it is no extraction.
        """
        from kg.extraction_files import read

        return cls.of(x for file in files for x in read(Path(file)))

    def to_pandas(self, table: Table = "events", language: Language = "ar") -> pd.DataFrame:
        """A table as a pandas DataFrame. pandas has to be installed; `events()`, `entities()` and `edges()` give lists without it.

        >>> graph.to_pandas("events", "en")[["type", "agent", "theme", "recipient"]].head(2)  # doctest: +NORMALIZE_WHITESPACE
                     type        agent              theme recipient
        key
        d1/send-0    SEND  Kim Jong Un     3,000 soldiers    Russia
        d1/send-110  SEND  North Korea  ballistic missiles   Russia

        Args:
            table: "events" (a row an event, a column a role with the names of who fills it), "entities", or "edges" (short edges and
                facts between two entities, with the number of claims and documents behind them, and their best confidence).
            language: of the names, "ar" or "en"; what has no English name keeps the Arabic one.

        Raises:
            KgError: pandas is not there, or there is no such table.
        """
        from kg.dataframes import to_pandas

        return to_pandas(self, table, language)

    @overload
    def to_rdf(self, path: None = None, *, format: str = "ttl") -> str: ...
    @overload
    def to_rdf(self, path: str | os.PathLike[str]) -> Path: ...
    def to_rdf(self, path: str | os.PathLike[str] | None = None, *, format: str = "ttl") -> str | Path:
        """The graph as RDF: as a text, or written into a file, whose path is given back. It holds what `kg build` writes.

        >>> graph.to_rdf("graph.trig").name
        'graph.trig'
        >>> "kgo:sendsTo kg:Q159" in graph.to_rdf()
        True

        Args:
            path: its suffix tells the format: .ttl, .nt, .nq, .trig, .jsonld, .rdf, each also with .gz.
            format: of the text: "ttl", "nt", "nq", "trig", "jsonld", "rdf".

        Raises:
            KgError: there is no such format, or the file cannot be written.
        """
        from kg import rdf

        if path is None:
            return rdf.serialize(self, f".{format.removeprefix('.')}", self.concepts).decode()
        rdf.write(self, path, self.concepts)
        return Path(path)

    def query(self, sparql: str) -> list[Row]:
        """The rows of the answer to a query in SPARQL 1.1, each from variable to value. The usual prefixes need no declaration.

        >>> graph.query("SELECT ?who { ?a kgo:sendsTo kg:Q159 ; rdfs:label ?who FILTER (lang(?who) = 'en') } ORDER BY ?who")
        [{'who': 'Iran'}, {'who': 'Kim Jong Un'}]
        >>> graph.query("ASK { kg:Q794 kgo:sendsTo kg:Q159 }")
        [{'answer': True}]

        Values are str (of IRIs too), int, float, Decimal, bool, date, datetime, and None where nothing is bound. CONSTRUCT and DESCRIBE give
        rows of subject, predicate and object. `pandas.DataFrame(graph.query(…))` makes a table of them. The RDF is made at the first query
        and kept: change `nx` before.

        Raises:
            KgError: the query is not in order, or would change something or call another machine.
        """
        from kg.rows import ask

        return ask(self._store, sparql, self.base)

    def view(self, path: str | os.PathLike[str] | None = None, *, height: int = 640) -> Inline | Path:
        """The picture: written as a page to a path, which is given back, or for a notebook to show.

        >>> graph.view("graph.html").name
        'graph.html'
        >>> graph.view(height=400)
        <the graph, for a notebook to show>

        Args:
            path: of the HTML file, whose folder must exist.
            height: in pixels, in a notebook.

        Raises:
            KgError: the file cannot be written.
        """
        from kg.view import to_frame, write_html

        if path is None:
            return Inline(to_frame(self, height))
        write_html(self, Path(path))
        return Path(path)

    @cached_property
    def concepts(self) -> Mapping[str, tuple[str | None, str | None]]:
        """Labels (Arabic, English) of the lexicon's classes that entities belong to: what RDF calls weapons and troops."""
        from kg.api import concept_labels

        return concept_labels(self.extractions.values(), self.lexicon)

    @cached_property
    def _store(self) -> ox.Store:
        from kg.rdf import quads
        from kg.rows import store

        return store(quads(self, self.concepts))

    def _repr_html_(self) -> str:
        """The page in a frame, as notebooks show it."""
        from kg.view import to_frame

        return to_frame(self)

    def _nodes(self, kind: str) -> list[tuple[str, Attributes]]:
        return sorted((k, d) for k, d in self.nx.nodes(data=True) if d["kind"] == kind)


@dataclass(frozen=True, slots=True, repr=False)
class Inline:
    """HTML that a notebook shows where a cell ends with it."""

    html: str

    def __repr__(self) -> str:
        return "<the graph, for a notebook to show>"

    def _repr_html_(self) -> str:
        return self.html


def _shipped() -> Vocabulary:
    return vocabulary()


class Builder:
    """Makes the nodes and edges of a graph, in `nx`: of all documents at once (`build`), or piece by piece, as `kg.store` does."""

    def __init__(self, vocabulary: Vocabulary, broader: Broader | None, identity: Identity | None) -> None:
        self.vocabulary, self.broader, self.identity = vocabulary, broader, identity
        self.nx: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        self.seen: dict[str, list[tuple[str, Entity]]] = defaultdict(list)  # entity key -> (document id, entity)
        self.event_keys: dict[tuple[str, str], str] = {}  # (document id, event id) -> key

    def build(self, extractions: Collection[Extraction], family: Mapping[str, str]) -> nx.MultiDiGraph[str]:
        self.add(extractions)
        self.add_candidates()
        for cluster in clusters(extractions, self.vocabulary, self.broader, self.identity, family):
            self.add_cluster(cluster)
        return self.nx

    def add(self, extractions: Iterable[Extraction]) -> nx.MultiDiGraph[str]:
        """Entities, events and facts, without what is found by comparing them: candidates and clusters."""
        keyed = [(x, self.entity_keys(x)) for x in extractions]
        for key in sorted(self.seen):
            self.nx.add_node(key, **self.entity_node(self.seen[key]))
        for x, keys in keyed:
            self.add_events(x, keys)
            self.add_facts(x, keys)
        for _a, _b, data in self.nx.edges(data=True):
            if data["kind"] == "fact":
                offices = Counter(c["office"] for c in data["claims"] if c["office"])
                data["office"] = min(offices, key=lambda o: (-offices[o], o)) if offices else None
        return self.nx

    # Entities

    def entity_keys(self, x: Extraction) -> dict[str, str]:
        """Entity id -> key. Takes note of the entities under their keys."""
        for e in x.entities:
            for m in e.mentions:
                _check(m, x)
        keys = entity_keys(x, self.vocabulary, self.identity)
        for e in x.entities:
            self.seen[keys[e.id]].append((x.document.id, e))
        return keys

    def entity_node(self, seen: list[tuple[str, Entity]]) -> Attributes:
        entities = [e for _, e in seen]
        types = Counter(e.type for e in entities)
        type = min(types, key=lambda t: (-types[t], ENTITY_TYPES.index(t)))
        labels = [printable(e.label) for e in entities]
        label = _best([t for t in labels if is_arabic(t)] or labels, by_words=type == "PERSON")
        names = [printable(e.name) for e in entities if not is_arabic(e.name) and e.name.strip()]
        name = _best(names) if names else None
        others = {printable(t).strip() for e in entities for t in (e.label, *(m.text for m in e.mentions))}
        with_quantity = [e.quantity for e in entities if e.quantity]
        quantity = asdict(with_quantity[0]) if with_quantity else None
        if quantity:
            if not isfinite(quantity["value"]):
                raise ValueError(_("document {id!r}: {value} is no number of things").format(id=seen[0][0], value=quantity["value"]))
            quantity |= {k: printable(quantity[k]) for k in ("unit", "text", "bound")}
        return {
            "kind": "entity", "type": type, "label_ar": label, "label_en": name,
            "aliases": sorted(t for t in others if t and t not in (label, name) and self.is_alias(type, t)),
            "qid": next((e.qid for e in entities if is_qid(e.qid)), None),
            "concept": min((e.concept for e in entities if e.concept), default=None),
            "quantity": quantity, "documents": sorted({d for d, _ in seen}),
        }  # fmt: skip

    def is_alias(self, type: str, text: str) -> bool:
        # "الرئيس الروسي" stands for somebody in one document; it is no name that he has. "الجبير" is.
        words = fold(text).split()
        return len(words) == 1 or not is_description(words) if type == "PERSON" else is_name(type, text, self.vocabulary)

    # Events and facts

    def add_events(self, x: Extraction, keys: dict[str, str]) -> None:
        document = document_key(x.document.id)
        taken: Counter[str] = Counter()
        entities = {e.id: e for e in x.entities}
        for e in sorted(x.events, key=lambda e: (e.trigger.start, e.type, e.trigger.end, e.id)):
            _check(e.trigger, x)
            roles = {r: sorted({_resolve(i, keys, x, e.id) for i in ids}) for r, ids in sorted(e.roles.items())}
            sources = sorted({_resolve(i, keys, x, e.id) for i in e.source})
            key = f"{document}/{class_name(e.type).lower()}-{e.trigger.start}"
            taken[key] += 1
            if taken[key] > 1:
                key = f"{key}-{taken[key]}"
            if key in self.nx or class_name(e.type).lower() in NOT_EVENTS:
                raise ValueError(_("document {id!r}: {type!r} cannot be a type of events").format(id=x.document.id, type=e.type))
            self.event_keys.setdefault((x.document.id, e.id), key)
            claim = {
                **_document(x.document), "event": key, **_sentence(x, e.sentence, e.trigger), "trigger": printable(e.trigger.text),
                "start": e.trigger.start, "end": e.trigger.end, "confidence": _checked_confidence(e.confidence, x), "sources": sources,
            }  # fmt: skip
            names = {"label_ar": claim["trigger"], "label_en": self.vocabulary.label(class_name(e.type), "en")}
            how: Attributes = {"polarity": checked_name(e.polarity), "modality": checked_name(e.modality), "path": printable(e.path)}
            codes = self.vocabulary.coder.code(e, entities, x.document.text, claim["sentence_end"], self.broader)
            how |= {"plover": codes.plover, "mode": codes.mode, "contexts": codes.contexts, "cameo": codes.cameo, "intensity": codes.intensity}
            none: Attributes = {"aliases": [], "qid": None, "concept": None, "quantity": None}
            when = {"first_day": e.when.first, "last_day": e.when.last, "time_text": printable(e.when.span.text)} if e.when else {}
            self.nx.add_node(key, kind="event", type=e.type, **names, **none, **how, **claim, **when, documents=[x.document.id])
            for role, ids in roles.items():
                for entity in ids:
                    self.nx.add_edge(key, entity, checked_name(role), kind="role", role=role)
            if e.polarity == "positive" and e.modality == "asserted":
                for a, b, predicate in pairs(e.type, roles, self.vocabulary):
                    self.add_claim(a, b, predicate, claim, kind="short", predicate=predicate, event_type=e.type)

    def add_facts(self, x: Extraction, keys: dict[str, str]) -> None:
        for f in sorted(x.facts, key=lambda f: (f.evidence.start, f.evidence.end, f.predicate, -f.confidence, f.id)):
            _check(f.evidence, x)
            subject, object = _resolve(f.subject, keys, x, f.id), _resolve(f.object, keys, x, f.id)
            claim = {
                **_document(x.document), **_sentence(x, f.sentence, f.evidence), "evidence": printable(f.evidence.text),
                "start": f.evidence.start, "end": f.evidence.end, "confidence": _checked_confidence(f.confidence, x),
                "office": printable(f.office) if f.office else None,
            }  # fmt: skip
            if subject != object:
                self.add_claim(subject, object, checked_name(f.predicate), claim, kind="fact", predicate=f.predicate, office=None)

    def add_claim(self, a: str, b: str, key: str, claim: Attributes, kind: str, **attributes: Any) -> None:
        if not self.nx.has_edge(a, b, key):
            lists: Attributes = {"claims": [], "events": []} if kind == "short" else {"claims": []}
            self.nx.add_edge(a, b, key, kind=kind, **attributes, **lists)
        data = self.nx.edges[a, b, key]
        if data["kind"] != kind:
            raise ValueError(_("{name!r} is the name of a short edge and cannot be a fact").format(name=key))
        # Found twice at one place by two rules, it is still said once; the surer one came first.
        place = ("document", "event", "start", "end", "office")
        if all(any(c.get(k) != claim.get(k) for k in place) for c in data["claims"]):
            data["claims"].append(claim)
            if kind == "short":
                data["events"].append(claim["event"])

    # Clusters

    def add_cluster(self, c: Cluster) -> None:
        key = f"cluster/{c.id}"
        members = {self.event_keys[m.document, m.event]: m.stance for m in c.members}
        order = ("party", *EVENT_ROLES.get(c.type, ()))
        roles = sorted(c.participants, key=lambda r: (order.index(r) if r in order else len(order), r))
        who = list(dict.fromkeys(k for r in roles for k in c.participants[r]))
        names = {
            "label_ar": self.cluster_label(c.type, "ar", [self.nx.nodes[k]["label_ar"] for k in who], "، "),
            "label_en": self.cluster_label(c.type, "en", [n for k in who if (n := self.nx.nodes[k]["label_en"])], ", "),
        }
        self.nx.add_node(
            key, kind="cluster", type=c.type, **names, members=sorted(members), participants={r: list(ks) for r, ks in c.participants.items()},
            theme=c.theme, sources=[(s.key, printable(s.name)) for s in c.sources], deniers=[(s.key, printable(s.name)) for s in c.deniers],
            numbers=[asdict(n) for n in c.numbers], first=c.first, last=c.last, documents=list(c.documents),
        )  # fmt: skip
        for event, stance in members.items():
            self.nx.add_edge(event, key, "inCluster", kind="member", stance=stance)

    def cluster_label(self, type: str, language: str, names: list[str], comma: str) -> str:
        """What happened, and who took part in it."""
        return ": ".join(filter(None, (self.vocabulary.label(class_name(type), language), comma.join(names))))

    # Candidates

    def add_candidates(self) -> None:
        people = [(k, d) for k, d in sorted(self.nx.nodes(data=True)) if d["kind"] == "entity" and d["type"] == "PERSON"]
        by_word: dict[str, dict[str, float]] = defaultdict(dict)
        for key, data in people:
            for name in (data["label_ar"], *data["aliases"]):
                words = fold(name).split()
                for i, w in enumerate(words if len(words) > 1 else ()):
                    score = SCORE_LAST if i == len(words) - 1 else SCORE_OTHER
                    by_word[stem(w)][key] = max(score, by_word[stem(w)].get(key, 0))
        for key, data in people:
            words = fold(data["label_ar"]).split()
            found = by_word.get(stem(words[0]), {}) if len(words) == 1 else {}
            found = {k: score for k, score in found.items() if not (self.identity and self.identity.differ(key, k))}
            if len(found) == 1 and key not in found and not data["qid"] and not data["concept"]:
                (other, score), = found.items()  # fmt: skip
                if set(data["documents"]) & set(self.nx.nodes[other]["documents"]):
                    score += SCORE_TOGETHER
                self.nx.add_edge(key, other, "possiblySame", kind="candidate", predicate="possiblySame", score=round(score, 3))


def pairs(event_type: str, roles: Mapping[str, Collection[str]], vocabulary: Vocabulary) -> list[tuple[str, str, str]]:
    """(from, to, predicate) of the relations between its participants that an event stands for, if it was so."""
    type = class_name(event_type)
    word = vocabulary.short
    lead = next((r for r in LEADS if roles.get(r)), None)
    out = {(a, b, word.get((type, lead, r), OTHER)) for r, bs in roles.items() if lead and r != lead for a in roles[lead] for b in bs}
    if event_type in SYMMETRIC or (type, "party", "party") in word:
        parties = sorted({e for r in PARTIES for e in roles.get(r, [])})
        out = {t for t in out if t[0] not in parties or t[1] not in parties}
        out |= {(a, b, word.get((type, "party", "party"), OTHER)) for a, b in combinations(parties, 2)}
    return sorted(t for t in out if t[0] != t[1])


def _best(names: Iterable[str], by_words: bool = False) -> str:
    """The name used most often (of persons: the one of most words, so the fullest), then the longest, then the first."""
    counts = Counter(n.strip() or "\ufffd" for n in names)
    return min(counts, key=lambda n: (-len(n.split()) if by_words else 0, -counts[n], -len(n), n))


def _document(d: Document) -> Attributes:
    clean = {k: printable(v) if v else None for k, v in (("title", d.title), ("published", d.published), ("source", d.source))}
    return {"document": d.id, **clean}


def _check(span: Span, x: Extraction) -> None:
    if not 0 <= span.start < span.end <= len(x.document.text) or x.document.text[span.start : span.end] != span.text:
        message = _("document {id!r} has no {text!r} at {start}:{end}")
        raise ValueError(message.format(id=x.document.id, text=span.text, start=span.start, end=span.end))


def _resolve(id: str, keys: dict[str, str], x: Extraction, where: str) -> str:
    if id not in keys:
        message = _("document {id!r}: {where!r} points to entity {entity!r}, which is not there")
        raise ValueError(message.format(id=x.document.id, where=where, entity=id))
    return keys[id]


def _checked_confidence(value: float, x: Extraction) -> float:
    if not 0 <= value <= 1:
        raise ValueError(_("document {id!r}: confidence {value} is not between 0 and 1").format(id=x.document.id, value=value))
    return value


def _sentence(x: Extraction, index: int, inside: Span) -> Attributes:
    """The sentence of that index if it is there and holds `inside`, else one that does, else `inside` itself."""
    first = x.sentences[index : index + 1] if index >= 0 else ()
    s = next((s for s in (*first, *x.sentences) if s.start <= inside.start and inside.end <= s.end), inside)
    return {"sentence": printable(x.document.text[s.start : s.end]), "sentence_start": s.start, "sentence_end": min(s.end, len(x.document.text))}


def fact_key(subject: str, predicate: str, object: str, office: str | None = None) -> str:
    """The key of a fact, the same in every document."""
    return f"fact/{predicate}-{digest(subject, predicate, object, office or '')}"
