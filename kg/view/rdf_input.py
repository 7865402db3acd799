"""kg's own RDF read back, as far as the page needs it: entities, events with their claims, facts, clusters. The texts are not in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pyoxigraph as ox

from kg.errors import KgError
from kg.graph import Graph
from kg.language import _
from kg.model import ENTITY_TYPES, Document
from kg.namespaces import DEFAULT_BASE, KGO, PREFIXES, class_name, namespace, type_of_class
from kg.rdf import BOUND_OF
from kg.vocabulary import Vocabulary

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_ENTITIES = {class_name(t): t for t in ENTITY_TYPES}
_NAMES = {iri: prefix for prefix, iri in PREFIXES.items()}


def graph_of(quads: Iterable[ox.Quad], vocabulary: Vocabulary) -> Graph:
    """The graph that kg wrote as these quads. KgError if they tell of no document of kg."""
    read = _Reader(quads)
    graph = Graph((), read.base, vocabulary)
    graph.documents = {d.id: d for d in sorted(read.documents.values(), key=lambda d: d.id)}
    entities = read.entities(graph)
    read.events(graph, entities)
    read.clusters(graph)
    read.facts(graph)
    return graph


class _Reader:
    """What is said of each subject: short name of the property ("kgo:about") -> values."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self.of_type: dict[str, list[str]] = defaultdict(list)  # "kgo:Event" -> subjects
        self.claims: dict[str, list[str]] = defaultdict(list)  # event or fact -> claims
        names: dict[str, str] = {}
        for q in quads:
            if not isinstance(q.subject, ox.NamedNode):
                continue
            name = names.get(q.predicate.value)
            if name is None:
                name = names[q.predicate.value] = _short(q.predicate.value)
            values = self.said[q.subject.value][name]
            if q.object not in values:
                values.append(q.object)
        for subject in sorted(self.said):
            for type in self.iris(subject, "rdf:type"):
                self.of_type[_short(type)].append(subject)
            for about in self.iris(subject, "kgo:about"):
                self.claims[about].append(subject)
        found = self.of_type["kgo:Document"]
        if not found and self.said:
            raise KgError(_("this is not a graph of kg: there is no kgo:Document in it"))
        self.base = namespace(found[0]) if found else DEFAULT_BASE
        self.documents = {
            s: Document(self.text(s, "dcterms:identifier") or self.key(s), "", *(self.text(s, f"dcterms:{p}") for p in ("title", "date", "source")))
            for s in found
        }

    def iris(self, subject: str, name: str) -> list[str]:
        return sorted(v.value for v in self.said.get(subject, {}).get(name, ()) if isinstance(v, ox.NamedNode))

    def iri(self, subject: str, name: str) -> str:
        return next(iter(self.iris(subject, name)), "")

    def texts(self, subject: str, name: str, language: str | None = None) -> list[str]:
        values = [v for v in self.said.get(subject, {}).get(name, ()) if isinstance(v, ox.Literal)]
        return sorted(v.value for v in values if language is None or v.language == language)

    def text(self, subject: str, name: str, language: str | None = None) -> str | None:
        return next(iter(self.texts(subject, name, language)), None)

    def number(self, subject: str, name: str, otherwise: float = 0.0) -> float:
        try:
            return float(self.text(subject, name) or otherwise)
        except ValueError:
            return otherwise

    def key(self, iri: str) -> str:
        return iri.removeprefix(self.base)

    def span(self, node: str) -> tuple[str, int, int, str]:
        """(document's IRI, start, end, text) of a span."""
        start, end, text = -1, -1, ""
        for selector in self.iris(node, "oa:hasSelector"):
            if self.texts(selector, "oa:start"):
                start, end = int(self.number(selector, "oa:start", -1)), int(self.number(selector, "oa:end", -1))
            text = self.text(selector, "oa:exact") or text
        return self.iri(node, "oa:hasSource"), start, end, text

    def labels(self, node: str) -> dict[str, str | None]:
        return {"label_ar": self.text(node, "rdfs:label", "ar") or self.key(node), "label_en": self.text(node, "rdfs:label", "en")}

    def entities(self, graph: Graph) -> set[str]:
        found = set(self.of_type["kgo:Entity"])
        for node in sorted(found):
            types = [_ENTITIES[name] for t in self.iris(node, "rdf:type") if (name := t.removeprefix(KGO)) in _ENTITIES]
            same = [i.rpartition("/")[2] for i in self.iris(node, "skos:exactMatch") if i.startswith(PREFIXES["wd"])]
            names = self.labels(node)
            concept = self.iri(node, "kgo:ofType")
            quantity: dict[str, Any] | None = None
            if self.texts(node, "kgo:value"):
                bound = BOUND_OF.get(self.iri(node, "kgo:bound").removeprefix(KGO), "exact")
                quantity = {
                    "value": self.number(node, "kgo:value"), "approx": bound != "exact", "unit": self.text(node, "kgo:unit") or "",
                    "text": self.text(node, "kgo:quantityText") or self.text(node, "kgo:value") or "", "bound": bound,
                }  # fmt: skip
            graph.nx.add_node(
                self.key(node), kind="entity", type=types[0] if types else "ORGANISATION", **names,
                aliases=[a for a in self.texts(node, "skos:altLabel") if a not in names.values()], qid=same[0] if same else None,
                concept=self.text(concept, "skos:notation") or None, quantity=quantity, documents=self.document_ids(node, "kgo:mentionedIn"),
            )  # fmt: skip
        return found

    def document_ids(self, node: str, name: str) -> list[str]:
        return sorted(self.documents[d].id for d in self.iris(node, name) if d in self.documents)

    def claim(self, claims: Sequence[str], place: tuple[str, int, int, str]) -> dict[str, Any]:
        """What the claims of one document about one event or fact have in common; `place` is what they rest on in it."""
        first = claims[0]
        spans = [s for c in claims for n in self.iris(c, "prov:wasDerivedFrom") if (s := self.span(n))[0] == place[0]]
        sentence = max(spans, key=lambda s: s[2] - s[1], default=place)
        d = self.documents.get(place[0])
        claimants = sorted({self.key(s) for c in claims for s in self.iris(c, "kgo:claimant")})
        return {
            "document": d.id if d else self.key(place[0]), "title": d and d.title, "published": d and d.published, "source": d and d.source,
            "sentence": sentence[3] or place[3], "sentence_start": sentence[1], "sentence_end": sentence[2], "start": place[1], "end": place[2],
            "confidence": self.number(first, "kgo:confidence", 1.0), "sources": claimants,
            "polarity": self.iri(first, "kgo:polarity").removeprefix(KGO) or "positive",
            "modality": self.iri(first, "kgo:modality").removeprefix(KGO) or "asserted",
        }  # fmt: skip

    def events(self, graph: Graph, entities: set[str]) -> None:
        for node in self.of_type["kgo:Event"]:
            if not self.claims[node]:
                continue
            key = self.key(node)
            name = next((t.removeprefix(KGO) for t in self.iris(node, "rdf:type") if t.startswith(KGO) and t != KGO + "Event"), "Event")
            place = self.span(self.iri(node, "kgo:trigger"))
            claim = self.claim(self.claims[node], place)
            days = {k: d for k, p in (("first_day", "kgo:firstDay"), ("last_day", "kgo:lastDay")) if (d := self.text(node, p))}
            graph.nx.add_node(
                key, kind="event", type=type_of_class(name), **self.labels(node), trigger=self.text(node, "kgo:triggerText") or place[3], event=key,
                path="", **claim, **days, documents=[claim["document"]],
            )  # fmt: skip
            for predicate, values in sorted(self.said[node].items()):
                for v in values:
                    if predicate.startswith("kgo:") and isinstance(v, ox.NamedNode) and v.value in entities:
                        role = predicate.removeprefix("kgo:")
                        graph.nx.add_edge(key, self.key(v.value), role, kind="role", role=role)
            for cluster in self.iris(node, "kgo:inCluster"):
                graph.nx.add_edge(key, self.key(cluster), "inCluster", kind="member", stance="")

    def clusters(self, graph: Graph) -> None:
        for node in self.of_type["kgo:EventCluster"]:
            key = self.key(node)
            if key not in graph.nx:  # no event is in it
                continue
            numbers = []
            if self.texts(node, "kgo:minValue"):
                least, most = self.number(node, "kgo:minValue"), self.number(node, "kgo:maxValue")
                numbers = [
                    {"unit": self.text(node, "kgo:unit") or "", "min": least, "max": most, "reports": int(self.number(node, "kgo:numberReports"))}
                ]
            days = {k: _day(self.text(node, p)) for k, p in (("first", "kgo:firstReported"), ("last", "kgo:lastReported"))}
            graph.nx.add_node(
                key, kind="cluster", type=type_of_class(self.iri(node, "kgo:eventClass").removeprefix(KGO) or "Event"), **self.labels(node),
                members=sorted(a for a, _ in graph.nx.in_edges(key)), participants={}, theme=None, sources=self.voices(node, "kgo:toldBy"),
                deniers=self.voices(node, "kgo:deniedBy"), numbers=numbers, **days, documents=self.document_ids(node, "prov:wasDerivedFrom"),
            )  # fmt: skip
        # A cluster that is named and not described says nothing.
        graph.nx.remove_nodes_from([k for k, d in list(graph.nx.nodes(data=True)) if "kind" not in d])

    def voices(self, node: str, name: str) -> list[tuple[str, str]]:
        def named(who: str) -> str:
            d = self.documents.get(who)
            return self.text(who, "rdfs:label", "ar") or self.text(who, "rdfs:label") or (d.source or d.title or d.id if d else self.key(who))

        return [(self.key(who), named(who)) for who in self.iris(node, name)]

    def facts(self, graph: Graph) -> None:
        for node in [*self.of_type["kgo:Fact"], *self.of_type["kgo:Candidate"]]:
            a, b = (self.key(self.iri(node, f"rdf:{end}")) for end in ("subject", "object"))
            predicate = self.iri(node, "rdf:predicate").removeprefix(KGO)
            if a not in graph.nx or b not in graph.nx or not predicate:
                continue
            if not self.claims[node]:
                if self.texts(node, "kgo:score"):
                    graph.nx.add_edge(a, b, predicate, kind="candidate", predicate=predicate, score=self.number(node, "kgo:score"))
                continue
            if not graph.nx.has_edge(a, b, predicate):
                graph.nx.add_edge(a, b, predicate, kind="fact", predicate=predicate, office=None, claims=[])
            for claim in self.claims[node]:
                places = [self.span(n) for n in self.iris(claim, "prov:wasDerivedFrom")]
                place = min(places, key=lambda s: (s[2] - s[1], s), default=("", -1, -1, ""))
                told = {**self.claim([claim], place), "evidence": place[3], "office": self.text(node, "kgo:office")}
                graph.nx.edges[a, b, predicate]["claims"].append(told)


def _short(iri: str) -> str:
    start = namespace(iri)
    return f"{_NAMES[start]}:{iri.removeprefix(start)}" if start in _NAMES else iri


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
