"""What is drawn: the graph with parallel edges bundled and every line tied to its evidence. No colours or places yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import networkx as nx

from kg.graph import Graph

Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One claim: a document says that something holds. `mark` is the trigger's stretch of `sentence`."""

    document: str
    sentence: str
    kind: str  # "event" or "fact"
    type: str  # event type or predicate
    mark: tuple[int, int] | None = None
    says: tuple[str, ...] = ()  # Arabic labels of who reports it
    role: str | None = None
    office: str | None = None
    polarity: str = "positive"
    modality: str = "asserted"
    confidence: float | None = None
    title: str | None = None
    published: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """An entity, or the events of one type among the same participants that no short edge shows."""

    key: str
    kind: str  # "entity" or "event"
    type: str
    label: str
    attributes: Attributes
    count: int = 1  # events in it
    evidence: tuple[Evidence, ...] = ()
    maybe_same: tuple[tuple[str, float], ...] = ()  # keys and scores of the nodes that this bare name may stand for, or that may stand for it

    @property
    def certain(self) -> bool:
        """Whether something in it is asserted and not denied: always so for an entity."""
        return self.kind == "entity" or any(e.polarity == "positive" and e.modality == "asserted" for e in self.evidence)


@dataclass(frozen=True, slots=True)
class Edge:
    """A bundle of parallel edges between two nodes of one kind: "event" (who acts on whom), "fact" or "role"."""

    source: str
    target: str
    kind: str
    directed: bool
    evidence: tuple[Evidence, ...]
    types: tuple[tuple[str, int], ...] = field(default=())  # event types, predicates or the role, the most frequent first


@dataclass(frozen=True, slots=True)
class Picture:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def degree(self) -> Counter[str]:
        """How many pieces of evidence touch each node."""
        out: Counter[str] = Counter()
        for edge in self.edges:
            for end in (edge.source, edge.target):
                out[end] += len(edge.evidence) if edge.kind != "role" else 1
        return out


def picture(graph: Graph) -> Picture:
    """The picture of a graph; nothing in it depends on the order in which networkx holds it."""
    data: dict[str, Attributes] = dict(sorted(graph.nx.nodes(data=True)))
    # The parties of a meeting are equals; the edge from one of them to the place has a direction like any other.
    mutual = {p for (_, a, b), p in graph.vocabulary.short.items() if a == b == "party"}
    bundles: dict[tuple[str, str, str, bool], list[Evidence]] = defaultdict(list)
    same: dict[str, list[tuple[str, float]]] = defaultdict(list)
    drawn: set[str] = set()
    edges = sorted(graph.nx.edges(keys=True, data=True), key=lambda e: e[:3])
    for source, target, _, edge in edges:
        if edge["kind"] == "short":
            drawn.update(edge.get("events") or ())
            directed = edge["predicate"] not in mutual
            ends = (source, target) if directed else (min(source, target), max(source, target))
            found = [_evidence(c, "event", edge["event_type"], data) for c in edge["claims"]]
            bundles[(*ends, "event", directed)] += found
        elif edge["kind"] == "fact":
            found = [_evidence(c, "fact", edge["predicate"], data) for c in edge["claims"]]
            bundles[(source, target, "fact", True)] += found
        elif edge["kind"] == "candidate":
            same[source].append((target, edge["score"]))
            same[target].append((source, edge["score"]))
    nodes = [Node(k, "entity", d["type"], _label(k, d), d, maybe_same=tuple(same[k])) for k, d in data.items() if d["kind"] == "entity"]
    for node, participants in _event_nodes(graph.nx, data, drawn):
        nodes.append(node)
        for role, key in participants:
            bundles[(node.key, key, "role", True)] += [replace(e, role=role) for e in node.evidence]
    out = []
    for (source, target, kind, directed), evidence in sorted(bundles.items()):
        # A symmetric event may be stored in both directions: it is one claim, not two.
        unique = tuple(dict.fromkeys(evidence))
        names = Counter(e.role if kind == "role" and e.role else e.type for e in unique)
        out.append(Edge(source, target, kind, directed, unique, tuple(sorted(names.items(), key=lambda n: (-n[1], n[0])))))
    return Picture(tuple(nodes), tuple(out))


def _event_nodes(graph: nx.MultiDiGraph[str], data: Mapping[str, Attributes], drawn: set[str]) -> Iterable[tuple[Node, list[tuple[str, str]]]]:
    """The events that no short edge shows, those with the same type and participants in one node."""
    groups: dict[tuple[str, bool, tuple[tuple[str, str], ...]], list[str]] = defaultdict(list)
    for key, d in data.items():
        if d["kind"] == "event" and key not in drawn:
            participants = tuple(sorted({(e["role"], t) for _, t, e in graph.out_edges(key, data=True) if e["kind"] == "role"}))
            certain = d["polarity"] == "positive" and d["modality"] == "asserted"
            # Events without any participant have nothing in common but the type.
            groups[(d["type"], certain, participants or (("", key),))].append(key)
    for (type_, _, participants), keys in groups.items():
        evidence = tuple(_evidence(data[k], "event", type_, data) for k in keys)
        yield Node(keys[0], "event", type_, "", data[keys[0]], len(keys), evidence), [p for p in participants if p[0]]


def _label(key: str, d: Attributes) -> str:
    return str(d.get("label_ar") or d.get("label_en") or key)


def _evidence(claim: Attributes, kind: str, type_: str, data: Mapping[str, Attributes]) -> Evidence:
    sentence = str(claim.get("sentence") or "")
    return Evidence(
        document=str(claim["document"]), sentence=sentence, kind=kind, type=type_, mark=_mark(claim, sentence),
        says=tuple(_label(s, data.get(s, {})) for s in claim.get("sources") or ()), office=claim.get("office"),
        polarity=claim.get("polarity") or "positive", modality=claim.get("modality") or "asserted", confidence=claim.get("confidence"),
        title=claim.get("title"), published=claim.get("published"), source=claim.get("source"),
    )  # fmt: skip


def _mark(claim: Attributes, sentence: str) -> tuple[int, int] | None:
    """Where the trigger, or the words that state a fact, stand in the sentence: by offsets, else by their text."""
    words = claim.get("trigger") or claim.get("evidence")
    if not words:
        return None
    at = claim["start"] - claim["sentence_start"] if "sentence_start" in claim else -1
    if at < 0 or sentence[at : at + len(words)] != words:
        at = sentence.find(words)
    return (at, at + len(words)) if at >= 0 and len(words) < len(sentence) else None
