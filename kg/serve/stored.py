"""Store -> Graph: the things that most is said of, with what happened between them, as `kg.graph` has it from the documents.

A store of ten million triples is no picture. `stored_graph` takes the leading entities and the events among them, and says how
many entities there are. What RDF does not hold is left out: of a document's text, all but the sentences that are quoted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pyoxigraph as ox

from kg.graph import Graph, pairs
from kg.model import Document
from kg.namespaces import KGO, PREFIXES, is_qid, type_of_class
from kg.rdf import BOUND_OF
from kg.serve.reader import Claim, Reader
from kg.serve.reader import Document as Stored
from kg.store_query import base_of
from kg.vocabulary import Vocabulary

#: How many entities a picture shows: more is neither readable nor quickly laid out.
ENTITIES = 150
#: How many events are looked at for each of them.
EVENTS = 200

_LEADING = """
SELECT ?entity (COUNT(DISTINCT ?x) AS ?n) WHERE {
  { ?x a kgo:Fact ; rdf:subject|rdf:object ?entity } UNION { ?x a kgo:Event ; ?role ?entity }
  ?entity a kgo:Entity
} GROUP BY ?entity ORDER BY DESC(?n) ?entity
"""
_DOCUMENTS = "SELECT DISTINCT ?document WHERE { ?document a kgo:Document }"

Attributes = dict[str, Any]


def stored_graph(store: ox.Store, most: int = ENTITIES, union: bool = False) -> tuple[Graph, int]:
    """The graph of the `most` leading entities, and how many entities take part in anything.

    `union`: the default graph does not hold what the named ones do.
    """
    leading = _select(store, _LEADING, "entity", union)
    return Builder(store, leading[:most], base_of(store), union).build(), len(leading)


def _select(store: ox.Store, query: str, name: str, union: bool) -> list[ox.NamedNode]:
    rows = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=union)
    assert isinstance(rows, ox.QuerySolutions)
    return [node for row in rows if isinstance(node := row[name], ox.NamedNode)]


class Builder:
    """Makes the graph of some entities and of the events among them."""

    #: How many events of an entity, and claims about a fact, are taken.
    most_events, most_claims = EVENTS, EVENTS

    def __init__(
        self, store: ox.Store, entities: Iterable[ox.NamedNode], base: str, union: bool = False, vocabulary: Vocabulary | None = None
    ) -> None:
        self.store, self.union = store, union
        self.reader = Reader(store)
        self.graph = Graph((), base, vocabulary)
        self.nx = self.graph.nx
        self.entities = dict.fromkeys(entities)
        self.quoted: dict[str, dict[int, str]] = defaultdict(dict)  # document id -> offset -> words

    def build(self) -> Graph:
        for entity in self.entities:
            self.nx.add_node(self.key(entity), **self.entity(entity))
        for event in sorted({e for entity in self.entities for e in self.events_of(entity)}, key=str):
            self.add_event(event)
        for entity in self.entities:
            self.add_statements(entity)
        self.add_clusters()
        for d in sorted(self.documents(), key=lambda d: d.id):
            self.graph.documents[d.id] = Document(d.id, _text(self.quoted.get(d.id, {})), d.title, d.published, d.source)
        return self.graph

    def documents(self) -> Iterable[Stored]:
        """The documents that the graph lists."""
        return [self.reader.document(d) for d in _select(self.store, _DOCUMENTS, "document", self.union)]

    def key(self, node: ox.NamedNode) -> str:
        return node.value.removeprefix(self.graph.base)

    # Entities

    def entity(self, node: ox.NamedNode) -> Attributes:
        ar, en = self.reader.labels(node)
        quantity = self.reader.text(node, "kgo:value")
        bound = next((BOUND_OF.get(b.value.removeprefix(KGO), "exact") for b in self.reader.nodes(node, "kgo:bound")), "exact")
        qids = [m.value.removeprefix(PREFIXES["wd"]) for m in self.reader.nodes(node, "skos:exactMatch")]
        return {
            "kind": "entity", "type": self.type(node), "label_ar": ar or en or self.key(node), "label_en": en if ar else None,
            "aliases": self.reader.texts(node, "skos:altLabel"), "qid": next(filter(is_qid, qids), None),
            "concept": next((self.reader.text(c, "skos:notation") for c in self.reader.nodes(node, "kgo:ofType")), None),
            "quantity": quantity and {
                "value": float(quantity), "approx": bound != "exact", "unit": self.reader.text(node, "kgo:unit") or "",
                "text": self.reader.text(node, "kgo:quantityText") or "", "bound": bound,
            },
            "documents": self.mentioned_in(node),
        }  # fmt: skip

    def mentioned_in(self, entity: ox.NamedNode) -> list[str]:
        return [self.reader.document(d).id for d in self.reader.nodes(entity, "kgo:mentionedIn")]

    def type(self, node: ox.NamedNode) -> str:
        return next((type_of_class(c) for c in self.reader.classes(node)), "")

    # Events and facts

    def events_of(self, entity: ox.NamedNode) -> list[ox.NamedNode]:
        graph = None if self.union else ox.DefaultGraph()  # which holds every triple once
        found: dict[ox.NamedNode, bool] = {}
        for q in self.store.quads_for_pattern(None, None, entity, graph):
            s = q.subject
            if isinstance(s, ox.NamedNode) and q.predicate.value.startswith(KGO) and s not in found and self.reader.is_a(s, "kgo:Event"):
                found[s] = True
                if len(found) == self.most_events:
                    break
        return list(found)

    def add_event(self, node: ox.NamedNode) -> None:
        """An event whose participants are all there."""
        claims = self.reader.claims_about(node)
        roles = self.roles(node)
        new = [entity for _, entity in roles if entity not in self.entities]
        if not claims or not all(self.joins(entity, claims[0]) for entity in new):
            return
        for entity in new:
            self.entities[entity] = None
            self.nx.add_node(self.key(entity), **self.entity(entity))
        key, first, type = self.key(node), claims[0], self.type(node)
        ar, en = self.reader.labels(node)
        sources = sorted({self.key(s) for c in claims for s in c.says})
        claim = {**self.claim(first), "event": key, "trigger": first.words.words if first.words else "", "sources": sources}
        self.nx.add_node(
            key, kind="event", type=type, label_ar=ar or en or key, label_en=en, aliases=[], qid=None, concept=None, quantity=None,
            path=self.reader.text(node, "kgo:foundBy") or "", first_day=self.reader.text(node, "kgo:firstDay"),
            last_day=self.reader.text(node, "kgo:lastDay"), time_text=self.reader.text(node, "kgo:timeText"), documents=[first.document.id],
            polarity=first.polarity, modality=first.modality, **self.codes(node), **claim,
        )  # fmt: skip
        filled: dict[str, list[str]] = defaultdict(list)
        for role, entity in roles:
            filled[role].append(self.key(entity))
            self.nx.add_edge(key, self.key(entity), role, kind="role", role=role)
        if (first.polarity, first.modality) == ("positive", "asserted"):
            for a, b, predicate in pairs(type, filled, self.graph.vocabulary):
                edge = self.edge(a, b, predicate, kind="short", predicate=predicate, event_type=type, events=[], claims=[])
                edge["events"].append(key)
                edge["claims"].append(claim)

    def joins(self, entity: ox.NamedNode, claim: Claim) -> bool:
        """Whether an entity that is not there comes with an event in which it takes part."""
        return False

    def codes(self, event: ox.NamedNode) -> Attributes:
        """What kind of event it is by the coding schemes of conflict research."""
        intensity = self.reader.text(event, "kgo:intensity")
        codes: Attributes = {name: self.reader.text(event, f"kgo:{name}") for name in ("plover", "mode", "cameo")}
        return codes | {"contexts": tuple(self.reader.texts(event, "kgo:context")), "intensity": float(intensity) if intensity else None}

    def roles(self, event: ox.NamedNode) -> list[tuple[str, ox.NamedNode]]:
        found = {
            (q.predicate.value.removeprefix(KGO), q.object)
            for q in self.store.quads_for_pattern(event, None, None, None)
            if isinstance(q.object, ox.NamedNode) and q.predicate.value.startswith(KGO) and self.reader.is_a(q.object, "kgo:Entity")
        }
        return sorted(found, key=str)

    def add_statements(self, entity: ox.NamedNode) -> None:
        """The facts and the possible identities of an entity."""
        for statement in sorted(self.reader.subjects("rdf:subject", entity), key=str):
            candidate = self.reader.is_a(statement, "kgo:Candidate")
            if not candidate and not self.reader.is_a(statement, "kgo:Fact"):
                continue
            predicate = next((p.value.removeprefix(KGO) for p in self.reader.nodes(statement, "rdf:predicate")), "")
            for other in self.reader.nodes(statement, "rdf:object"):
                a, b = self.key(entity), self.key(other)
                if other not in self.entities:
                    continue
                if candidate:
                    score = float(self.reader.text(statement, "kgo:score") or 0)
                    self.nx.add_edge(a, b, predicate, kind="candidate", predicate=predicate, score=score)
                    continue
                edge = self.edge(a, b, predicate, kind="fact", predicate=predicate, office=self.reader.text(statement, "kgo:office"), claims=[])
                for c in self.reader.claims_about(statement, self.most_claims):
                    edge["claims"].append({**self.claim(c), "evidence": c.words.words if c.words else "", "office": c.office})

    def edge(self, a: str, b: str, key: str, **attributes: Any) -> Attributes:
        if not self.nx.has_edge(a, b, key):
            self.nx.add_edge(a, b, key, **attributes)
        data: Attributes = self.nx.edges[a, b, key]
        return data

    def claim(self, c: Claim) -> Attributes:
        words = c.words or c.sentence
        for span in (c.sentence, words):
            self.quoted[c.document.id][span.start] = max(span.words, self.quoted[c.document.id].get(span.start, ""), key=len)
        return {
            "document": c.document.id, "title": c.document.title, "published": c.document.published, "source": c.document.source,
            "sentence": c.sentence.words, "sentence_start": c.sentence.start, "sentence_end": c.sentence.end,
            "start": words.start, "end": words.end, "confidence": c.confidence,
        }  # fmt: skip

    # Clusters

    def add_clusters(self) -> None:
        members: dict[ox.NamedNode, list[str]] = defaultdict(list)
        for key, _ in self.graph.events():
            for cluster in self.reader.nodes(ox.NamedNode(self.graph.iri(key)), "kgo:inCluster"):
                members[cluster].append(key)
        for cluster, events in sorted(members.items(), key=lambda c: str(c[0])):
            ar, en = self.reader.labels(cluster)
            participants: dict[str, dict[str, None]] = defaultdict(dict)
            for event in events:
                for role, keys in self.graph.roles(event).items():
                    participants[role] |= dict.fromkeys(keys)
            self.nx.add_node(
                self.key(cluster), kind="cluster", type=self.nx.nodes[events[0]]["type"], label_ar=ar or "", label_en=en or "", members=events,
                participants={r: list(ks) for r, ks in participants.items()},
                theme=next((self.reader.text(c, "skos:notation") for c in self.reader.nodes(cluster, "kgo:themeClass")), None),
                sources=self.voices(cluster, "kgo:toldBy"), deniers=self.voices(cluster, "kgo:deniedBy"), numbers=list(self.numbers(cluster)),
                first=self.day(cluster, "kgo:firstReported"), last=self.day(cluster, "kgo:lastReported"),
                documents=sorted({str(self.nx.nodes[e]["document"]) for e in events}),
            )  # fmt: skip
            for event in events:
                self.nx.add_edge(event, self.key(cluster), "inCluster", kind="member", stance=self.nx.nodes[event]["polarity"])

    def voices(self, cluster: ox.NamedNode, predicate: str) -> list[tuple[str, str]]:
        return [(self.key(s), self.reader.label(s) or self.key(s)) for s in self.reader.nodes(cluster, predicate)]

    def numbers(self, cluster: ox.NamedNode) -> Iterator[Attributes]:
        least, most, reports = (self.reader.text(cluster, f"kgo:{p}") for p in ("minValue", "maxValue", "numberReports"))
        if least and most:
            yield {"unit": self.reader.text(cluster, "kgo:unit") or "", "min": float(least), "max": float(most), "reports": int(reports or 1)}

    def day(self, cluster: ox.NamedNode, predicate: str) -> date | None:
        try:
            return date.fromisoformat(self.reader.text(cluster, predicate) or "")
        except ValueError:
            return None


def _text(quoted: dict[int, str]) -> str:
    """A text with the quoted stretches at their places and spaces between."""
    out = [" "] * max((start + len(words) for start, words in quoted.items()), default=0)
    for start, words in sorted(quoted.items(), key=lambda q: len(q[1])):
        out[start : start + len(words)] = words
    return "".join(out)
