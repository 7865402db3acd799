"""One document as a store takes it in: the quads that it says alone, and what the whole needs to know of it.

What depends on other documents is left to `kg.store_settle` and `kg.store_clusters`: how an entity is called that several documents
speak of, whom a bare name may mean, and which events are one.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pyoxigraph as ox

from kg import rdf
from kg.copies import sorted_runs
from kg.graph import Attributes, Builder, Graph
from kg.identity import Identity, entity_keys, is_local, place_key
from kg.model import Entity, Event, Extraction, Quantity, Span
from kg.namespaces import class_name, document_key
from kg.store_ledger import stored
from kg.tellings import SPEAKS_FOR, Broader, tell
from kg.text import fold
from kg.vocabulary import Vocabulary

EDGES, LEXICON, CLUSTERS = "graph/edges", "graph/lexicon", "graph/clusters"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a graph depends on beside its documents; see `kg.graph.Graph.of` and `kg.rdf.quads`."""

    base: str
    vocabulary: Vocabulary
    broader: Broader | None = None
    identity: Identity | None = None
    concepts: rdf.ConceptLabels = field(default_factory=dict)

    def builder(self) -> Builder:
        return Builder(self.vocabulary, self.broader, self.identity)

    def graph(self) -> Graph:
        """A graph of nothing yet."""
        return Graph((), self.base, self.vocabulary, self.broader, self.identity)

    def graph_of(self, x: Extraction) -> Graph:
        """The graph of a document, without whom bare names may mean and what is told twice: that is settled for all documents together."""
        graph = self.graph()
        graph.extractions, graph.documents = {x.document.id: x}, {x.document.id: x.document}
        graph.nx = self.builder().add([x])
        return graph

    def name(self, key: str) -> ox.NamedNode:
        return ox.NamedNode(self.base + key)


@dataclass(frozen=True, slots=True)
class Part:
    """What a document brings.

    Attributes:
        quads: of its own graph. shared: what it says in the graphs of edges and of the lexicon.
        entities: key -> what this document alone makes of an entity that others may speak of too.
        seen: (key, the entity) of these, as they come in the document.
        persons: key -> attributes of the persons that belong to this document.
        told: event type -> its events of that type, as `unpack` reads them.
        voices: (folded name, key, label) of the organisations that are the source of an event.
        runs: the runs of its text (see `kg.copies`), sorted.
    """

    quads: set[ox.Quad]
    shared: set[ox.Quad]
    entities: Mapping[str, Attributes]
    seen: tuple[tuple[str, str], ...]
    persons: Mapping[str, Attributes]
    told: Mapping[str, bytes]
    voices: frozenset[tuple[str, str, str]]
    runs: bytes


def part(x: Extraction, settings: Settings, known: Callable[[str], Attributes | None]) -> Part:
    """What a document brings.

    Args:
        x: what the document says.
        settings: of the store.
        known: entity key -> attributes that the entity has in the store, None if it is not there.

    Raises:
        ValueError: the extraction is not sound.
    """
    document = x.document
    graph = settings.graph_of(x)
    nodes = dict(graph.entities())
    everywhere = {key: dict(data) for key, data in nodes.items() if not is_local(key, document)}
    for key in everywhere:
        if attributes := known(key):
            graph.nx.nodes[key].update(attributes)
    by_graph: dict[Any, list[ox.Quad]] = defaultdict(list)
    for q in rdf.unsorted(graph, settings.concepts):
        by_graph[q.graph_name].append(q)
    lexicon = settings.name(LEXICON)
    # What is said of an entity that others speak of too is said by that entity, not by this document.
    said = {key: graph.nx.nodes[key] for key in everywhere}
    local = {key: data for key, data in nodes.items() if key not in everywhere}
    of_entities = set(by_graph[lexicon]) - set(described(said, settings, LEXICON))
    of_entities.update(described(local, settings, LEXICON))
    keys = entity_keys(x, settings.vocabulary, settings.identity)
    return Part(
        quads=stored(by_graph[settings.name(document_key(document.id))]),
        shared=stored([*by_graph[settings.name(EDGES)], *of_entities]),
        entities=everywhere,
        seen=tuple((keys[e.id], form(e)) for e in x.entities if keys[e.id] in everywhere),
        persons={key: data for key, data in local.items() if data["type"] == "PERSON"},
        told=_cuts(x),
        voices=_voices(x, settings),
        runs=sorted_runs(document.text).tobytes(),
    )


def described(nodes: Mapping[str, Attributes], settings: Settings, graph: str | None = None) -> list[ox.Quad]:
    """The quads that entities by themselves give, all or those of one named graph. Attributes as `Graph.entities` has them."""
    alone = settings.graph()
    alone.nx.add_nodes_from(nodes.items())
    name = settings.name(graph) if graph else None
    return [q for q in rdf.unsorted(alone, settings.concepts) if name is None or q.graph_name == name]


# Entities


def form(e: Entity) -> str:
    """How a document speaks of an entity, as text that is equal for equal ways: hundreds of documents share a few."""
    q = e.quantity
    quantity = [q.value, q.approx, q.unit, q.text, q.bound] if q else None
    return json.dumps([e.type, e.name, e.label, sorted({m.text for m in e.mentions}), e.qid, e.concept, quantity])


def entity(text: str) -> Entity:
    """What `form` wrote. Its id and the places of its mentions are lost."""
    type, name, label, mentions, qid, concept, quantity = json.loads(text)
    spans = tuple(Span(0, 0, m) for m in mentions)
    return Entity("", type, name, label, spans, qid, concept, Quantity(*quantity) if quantity else None)


# Events


def _cuts(x: Extraction) -> dict[str, bytes]:
    """Event type -> the extraction cut down to what clusters are made of, with the keys of its events."""
    by_type: dict[str, list[Event]] = defaultdict(list)
    names: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for e in sorted(x.events, key=lambda e: (e.trigger.start, e.type, e.trigger.end, e.id)):
        name = f"{document_key(x.document.id)}/{class_name(e.type).lower()}-{e.trigger.start}"
        taken[name] += 1
        if e.id not in names:  # an event is known by its id
            names[e.id] = name if taken[name] == 1 else f"{name}-{taken[name]}"
            by_type[e.type].append(e)
    facts = tuple(f for f in x.facts if f.predicate in SPEAKS_FOR)
    at: dict[str, list[Entity]] = defaultdict(list)
    for entity in x.entities:
        at[place_key(x.document, entity)].append(entity)
    out = {}
    for type, events in by_type.items():
        used = {i for e in events for ids in (*e.roles.values(), e.source) for i in ids}.union(*((f.subject, f.object) for f in facts))
        # Others at the same place too, from which it is told apart by its key.
        places = sorted({place_key(x.document, e) for e in x.entities if e.id in used})
        entities = tuple(replace(e, mentions=_first(e)) for place in places for e in at[place])
        document = replace(x.document, text="", title=None)
        cut = replace(x, document=document, sentences=(), entities=entities, events=tuple(events), facts=facts, versions={})
        mine = {e.id: names[e.id] for e in events}
        out[type] = zlib.compress(json.dumps([cut.to_json(), mine]).encode())
    return out


def _first(e: Entity) -> tuple[Span, ...]:
    return (min(e.mentions, key=lambda m: m.start),) if e.mentions else ()


def unpack(cut: bytes) -> tuple[Extraction, dict[str, str]]:
    """An extraction cut down to the events of one type, and event id -> key."""
    x, names = json.loads(zlib.decompress(cut))
    return Extraction.from_json(x), names


def _voices(x: Extraction, settings: Settings) -> frozenset[tuple[str, str, str]]:
    """What `kg.clusters` asks of the sources: under which names the organisations go that are quoted."""
    return frozenset(
        (fold(name), key, e.label)
        for t in tell([x], settings.vocabulary, settings.identity, {x.document.id: x.document.id})
        for key, e in t.says
        if e.type == "ORGANISATION" and not is_local(key, t.document)
        for name in (e.label, e.name, *(m.text for m in e.mentions))
    )


def whole(x: Extraction) -> bytes:
    return zlib.compress(json.dumps(x.to_json()).encode())


def read_whole(data: bytes) -> Extraction:
    return Extraction.from_json(json.loads(zlib.decompress(data)))
