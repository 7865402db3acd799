"""What is drawn: things that happened between entities, parallel lines bundled, every line tied to its claims. No colours or places yet.

A happening is an event told once, or a cluster of events that are one (`kg.clusters`): three hundred reports on one shipment are one line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.graph import Graph, pairs
from kg.view.style import event_class

Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """A document says that something happened or holds. `mark` is the trigger's stretch of `sentence`."""

    document: str
    sentence: str
    kind: str  # "event" or "fact"
    type: str  # event type or predicate
    at: tuple[int, int]  # where the sentence stands in the document's text
    mark: tuple[int, int] | None = None
    says: tuple[str, ...] = ()  # keys of those who report it
    office: str | None = None
    polarity: str = "positive"
    modality: str = "asserted"
    confidence: float | None = None
    event: str | None = None
    who: tuple[str, ...] = ()  # keys of the participants
    title: str | None = None
    published: str | None = None
    source: str | None = None

    @property
    def certain(self) -> bool:
        """Asserted and not denied."""
        return self.polarity == "positive" and self.modality == "asserted"


@dataclass(frozen=True, slots=True)
class Happening:
    """An event, or a cluster of events that are one. `sources` and `deniers` are names; days are those of the event if known, else of reports."""

    key: str
    type: str
    claims: tuple[Claim, ...]
    roles: Mapping[str, tuple[str, ...]]
    documents: tuple[str, ...]
    sources: tuple[str, ...] = ()
    deniers: tuple[str, ...] = ()
    numbers: tuple[Mapping[str, Any], ...] = ()
    days: tuple[str, str] | None = None
    dated: bool = False  # whether the days are those that the text gives for the event itself

    @property
    def certain(self) -> bool:
        """Whether anybody asserts it."""
        return any(c.certain for c in self.claims)


@dataclass(frozen=True, slots=True)
class Node:
    """An entity, or the happenings of one type among the same participants that make no pair."""

    key: str
    kind: str  # "entity" or "event"
    type: str
    label: str
    attributes: Attributes
    happenings: tuple[int, ...] = ()
    certain: bool = True
    maybe_same: tuple[tuple[str, float], ...] = ()  # keys and scores of the nodes that this bare name may stand for, or that may stand for it
    state: str | None = None  # key of the state that it belongs to


@dataclass(frozen=True, slots=True)
class Edge:
    """A bundle of parallel lines between two nodes: "event" (who acts on whom; of one class), "fact" or "role" (from a node of an event)."""

    source: str
    target: str
    kind: str
    directed: bool
    certain: bool
    types: tuple[tuple[str, int], ...]  # event types, predicates or roles, the most frequent first
    happenings: tuple[int, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    happenings: tuple[Happening, ...]

    def weight(self) -> Counter[str]:
        """How much is told of each node: documents over its lines."""
        out: Counter[str] = Counter()
        for edge in self.edges:
            told = sum(len(self.happenings[h].documents) for h in edge.happenings) or len(edge.claims)
            for end in (edge.source, edge.target):
                out[end] += told if edge.kind != "role" else 1
        return out


@dataclass(slots=True)
class _Bundle:
    happenings: list[int] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)


def picture(graph: Graph) -> Picture:
    """The picture of a graph; nothing in it depends on the order in which networkx holds it."""
    data: dict[str, Attributes] = dict(sorted(graph.nx.nodes(data=True)))
    happenings = tuple(_happenings(graph, data))
    bundles: dict[tuple[str, str, str, bool, bool, str], _Bundle] = defaultdict(_Bundle)
    loose: dict[tuple[str, bool, tuple[tuple[str, str], ...]], list[int]] = defaultdict(list)
    # The parties of a meeting are equals; the line from one of them to the place has a direction like any other.
    mutual = {p for (_, a, b), p in graph.vocabulary.short.items() if a == b == "party"}
    for i, h in enumerate(happenings):
        found = pairs(h.type, h.roles, graph.vocabulary)
        for a, b, predicate in found:
            ends = (a, b) if predicate not in mutual else (min(a, b), max(a, b))
            bundle = bundles[(*ends, "event", predicate not in mutual, h.certain, event_class(h.type, graph.vocabulary))]
            if i not in bundle.happenings:
                bundle.happenings.append(i)
                bundle.names[h.type] += 1
        if not found:
            who = tuple(sorted({(role, key) for role, keys in h.roles.items() for key in keys}))
            # Those without any participant have nothing in common but the type.
            loose[(h.type, h.certain, who or (("", h.key),))].append(i)
    for (_, certain, who), members in loose.items():
        for role, key in who:
            if role:
                bundles[(happenings[members[0]].key, key, "role", True, certain, "")].names[role] += 1
    same: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for a, b, _, d in graph.edges("candidate"):
        same[a].append((b, d["score"]))
        same[b].append((a, d["score"]))
    facts = graph.edges("fact")
    for a, b, _, d in facts:
        bundle = bundles[(a, b, "fact", True, True, "")]
        bundle.claims += dict.fromkeys(_claim(c, "fact", d["predicate"], (a, b)) for c in d["claims"])
        bundle.names[d["predicate"]] += len(d["claims"])
    states = _states(data, [(a, b, len(d["claims"])) for a, b, _, d in facts])
    nodes = [
        Node(k, "entity", d["type"], label(k, d), d, maybe_same=tuple(same[k]), state=states.get(k)) for k, d in data.items() if d["kind"] == "entity"
    ]
    for (type_, certain, _), members in loose.items():
        key = happenings[members[0]].key
        nodes.append(Node(key, "event", type_, "", data[key], tuple(members), certain))
    edges = [
        Edge(a, b, kind, directed, certain, tuple(sorted(e.names.items(), key=lambda n: (-n[1], n[0]))), tuple(e.happenings), tuple(e.claims))
        for (a, b, kind, directed, certain, _), e in sorted(bundles.items())
    ]
    return Picture(tuple(nodes), tuple(edges), happenings)


def label(key: str, d: Attributes) -> str:
    return str(d.get("label_ar") or d.get("label_en") or key)


def _happenings(graph: Graph, data: Mapping[str, Attributes]) -> Iterable[Happening]:
    """Clusters, and the events that are in none, by the key of the first event."""
    cluster_of = {a: b for a, b, _, _ in graph.edges("member")}
    members: dict[str, list[str]] = defaultdict(list)
    for key, d in data.items():
        if d["kind"] == "event":
            members[cluster_of.get(key, key)].append(key)
    for key, events in members.items():
        roles: dict[str, dict[str, None]] = defaultdict(dict)
        claims = []
        for event in events:
            own = graph.roles(event)
            for role, keys in own.items():
                roles[role] |= dict.fromkeys(keys)
            claims.append(_claim({**data[event], "event": event}, "event", data[event]["type"], [k for keys in own.values() for k in keys]))
        d = data[key]
        said = {c.document: c for c in claims}
        names = tuple(name for _, name in d.get("sources") or ()) if d["kind"] == "cluster" else _voices(claims[0], data)
        days, dated = _days([data[e] for e in events], claims)
        yield Happening(
            key, d["type"], tuple(claims), {r: tuple(ks) for r, ks in sorted(roles.items())}, tuple(said), names,
            tuple(name for _, name in d.get("deniers") or ()), tuple(d.get("numbers") or ()), days, dated,
        )  # fmt: skip


def _voices(claim: Claim, data: Mapping[str, Attributes]) -> tuple[str, ...]:
    """Who says so: those whom the document names, else its publisher."""
    return tuple(label(s, data.get(s, {})) for s in claim.says) or ((claim.source or claim.document),)


def _days(events: Sequence[Attributes], claims: Sequence[Claim]) -> tuple[tuple[str, str] | None, bool]:
    own = sorted(d for e in events for d in (e.get("first_day"), e.get("last_day")) if d)
    days = own or sorted(c.published[:10] for c in claims if c.published and len(c.published) >= 10 and c.published[:4].isdecimal())
    return ((days[0], days[-1]) if days else None), bool(own)


def _claim(c: Attributes, kind: str, type_: str, who: Iterable[str]) -> Claim:
    sentence = str(c.get("sentence") or "")
    start = c.get("sentence_start", -1)
    return Claim(
        document=str(c["document"]), sentence=sentence, kind=kind, type=type_, at=(start, c.get("sentence_end", -1)), mark=_mark(c, sentence),
        says=tuple(c.get("sources") or ()), office=c.get("office"), polarity=c.get("polarity") or "positive",
        modality=c.get("modality") or "asserted", confidence=c.get("confidence"), event=c.get("event"), who=tuple(who),
        title=c.get("title"), published=c.get("published"), source=c.get("source"),
    )  # fmt: skip


def _mark(c: Attributes, sentence: str) -> tuple[int, int] | None:
    """Where the trigger, or the words that state a fact, stand in the sentence: by offsets, else by their text."""
    words = c.get("trigger") or c.get("evidence")
    if not words:
        return None
    at = c["start"] - c["sentence_start"] if "sentence_start" in c else -1
    if at < 0 or sentence[at : at + len(words)] != words:
        at = sentence.find(words)
    return (at, at + len(words)) if at >= 0 and len(words) < len(sentence) else None


def _states(data: Mapping[str, Attributes], facts: Sequence[tuple[str, str, int]]) -> dict[str, str]:
    """The state that each entity belongs to, over three facts at most: a general to his army, the army to its state."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b, n in facts:
        votes[a][b] += n
        if data[b]["type"] != "STATE":
            votes[b][a] += n
    known = {k: k for k, d in data.items() if d["kind"] == "entity" and d["type"] == "STATE"}
    states = dict(known)
    for _ in range(3):
        found = {}
        for key in sorted(votes.keys() - states.keys()):
            near: Counter[str] = Counter()
            for other, n in votes[key].items():
                if other in states:
                    near[states[other]] += n
            if near:
                found[key] = min(near, key=lambda s: (-near[s], s))
        states |= found
    return {k: s for k, s in states.items() if k not in known}
