"""Clusters: an event that is told twice or more is one thing to an analyst, with who says so and what numbers they give.

`kg.tellings` finds which events are one. Sources are those who say so, not those who print it: whom the documents name as
their source, else their publisher; and near copies of one text speak with one voice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from math import inf, isfinite
from typing import TypeVar

from kg.identity import Identity, is_local
from kg.model import COUNTED, Document, Extraction
from kg.namespaces import digest, document_key, slug
from kg.tellings import DAYS, NUMBERED, Broader, Telling, group, tell
from kg.text import fold
from kg.vocabulary import Vocabulary
from kg.vocabulary import vocabulary as shipped

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """An event of a document in a cluster. `stance` is "denied" if it is said not to be so, else the modality."""

    document: str
    event: str
    stance: str


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Who says so: the key of an entity, of a publisher ("publisher/...") or of a document whose publisher is not known."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The range of the numbers reported in one unit, and in how many reports; the copies of a text are one report."""

    unit: str
    min: float
    max: float
    reports: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Events that are one event, told twice or more.

    Attributes:
        id: the same as long as type, linked participants, theme and the week of the first report are.
        participants: role -> keys of those in it, the most frequent first; agent, partner and opponent of a symmetric event are
            the role "party".
        theme: the lexicon's class of what was sent, lost ….
        documents: their ids.
        sources: who says that it was, will or may be; only such as are independent of one another.
        deniers: who says that it was not, likewise.
        numbers: of what is not denied, the unit with the most reports first.
        first, last: days of publication, None if they are not known.
    """

    id: str
    type: str
    members: tuple[Member, ...]
    participants: Mapping[str, tuple[str, ...]]
    theme: str | None
    documents: tuple[str, ...]
    sources: tuple[Source, ...]
    deniers: tuple[Source, ...]
    numbers: tuple[Numbers, ...]
    first: date | None
    last: date | None

    @property
    def stances(self) -> dict[str, int]:
        """Stance -> how many members take it."""
        return dict(sorted(Counter(m.stance for m in self.members).items()))


def clusters(
    extractions: Iterable[Extraction],
    vocabulary: Vocabulary | None = None,
    broader: Broader | None = None,
    identity: Identity | None = None,
    family: Mapping[str, str] | None = None,
) -> tuple[Cluster, ...]:
    """The clusters of two events or more, by their first member. The order of the extractions does not matter.

    An event whose document has no date, and no near copy that has one, is joined only with others of this document and its copies.

    Args:
        extractions: of different documents.
        vocabulary: another one than the ontology that kg ships.
        broader: class -> all broader ones, as `kg.lexicon.broader` gives them; those of kg's lexicon if it is left out.
        identity: what a user says is one thing.
        family: which documents are near copies of one text, as `kg.copies.families` tells it; found here if it is left out.

    Raises:
        ValueError: an extraction is not sound: an unknown entity type, an event that points to no entity.
    """
    tellings = tell(extractions, vocabulary or shipped(), identity, family)
    names = _names(tellings)
    found: list[Cluster] = []
    taken: set[tuple[str, ...]] = set()
    for told in group(tellings, broader):
        parts, cluster = cluster_of(told, names)
        # Two events with the same stable parts (a speaker tells them apart by their numbers) are told apart by their first members.
        more = (told[0].document.id, told[0].event.id) if parts in taken else ()
        taken.add(parts)
        found.append(replace(cluster, id=digest(*parts, *more)))
    return tuple(found)


def cluster_of(told: Sequence[Telling], names: Mapping[str, Source]) -> tuple[tuple[str, ...], Cluster]:
    """One group of tellings (`kg.tellings.group`) as a cluster: what its id is made of, and the cluster without an id.

    Args:
        told: the group, in its order.
        names: folded name -> the organisation that goes by it, for publishers that others quote.
    """
    said, denied = [t for t in told if t.stance != "denied"], [t for t in told if t.stance == "denied"]
    participants = _participants(told)
    linked = [f"{role} {key}" for role, keys in sorted(participants.items()) for key in sorted(keys) if not is_local(key, told[0].document)]
    themes = Counter(e.concept for t in told for _, e in t.roles.get("theme", ()) if e.type in COUNTED and e.concept)
    theme = min(themes, key=lambda c: (-themes[c], c)) if themes else None
    days = [t.day for t in told if t.day is not None]
    # A cluster spans a week at most, so that two of the same participants, one after the other, do not begin in one week.
    week = str(min(days) // DAYS) if days else f"of {told[0].family}"
    first, last = (date.fromordinal(min(days)), date.fromordinal(max(days))) if days else (None, None)
    members = tuple(Member(t.document.id, t.event.id, t.stance) for t in told)
    documents = tuple(dict.fromkeys(t.document.id for t in told))
    sources, deniers = _sources(said, names), _sources(denied, names)
    return (told[0].event.type, *linked, theme or "", week), Cluster(
        "", told[0].event.type, members, participants, theme, documents, sources, deniers, _numbers(said), first, last
    )


def _participants(told: Sequence[Telling]) -> dict[str, tuple[str, ...]]:
    """Role -> those who are known in all documents or, in a role without such and a cluster of one document, in this one.

    Groups never are: each telling has its own.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    firm: set[str] = set()
    for t in told:
        for role, who in t.roles.items():
            counts[role].update(key for key, e in who if e.type not in COUNTED or not is_local(key, t.document))
            firm.update(key for key, _ in who if not is_local(key, t.document))
    alone = len({t.document.id for t in told}) == 1
    out = {}
    for role, count in sorted(counts.items()):
        if keys := [k for k in count if k in firm] or (list(count) if alone else []):
            out[role] = tuple(sorted(keys, key=lambda k: (-count[k], k)))
    return out


def _numbers(told: Iterable[Telling]) -> tuple[Numbers, ...]:
    values: dict[str, set[tuple[float, str]]] = defaultdict(set)
    for t in told:
        for role in NUMBERED:
            for _, e in t.roles.get(role, ()):
                if e.quantity and isfinite(e.quantity.value):
                    values[e.quantity.unit].add((e.quantity.value, t.family))
    out = [Numbers(unit, min(found)[0], max(found)[0], len({family for _, family in found})) for unit, found in values.items()]
    return tuple(sorted(out, key=lambda n: (-n.reports, n.unit)))


# Sources


def _names(tellings: Iterable[Telling]) -> dict[str, Source]:
    """Folded name -> the one organisation that has it: an agency that publishes and that others quote is one source."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for t in tellings:
        for key, e in t.says:
            if e.type == "ORGANISATION" and not is_local(key, t.document):
                for name in (e.label, e.name, *(m.text for m in e.mentions)):
                    found[fold(name)][key] = min(e.label, found[fold(name)].get(key, e.label))
    return {name: Source(*next(iter(who.items()))) for name, who in found.items() if name and len(who) == 1}


def _sources(told: Iterable[Telling], names: Mapping[str, Source]) -> tuple[Source, ...]:
    """Who says so, independently of one another.

    All copies of a text speak with one voice: whom one of them names is the source of all. Where nobody is named, their
    publishers count as one. A state, its ministry and the ministry's spokesman are one source too.
    """
    families: dict[str, list[Telling]] = defaultdict(list)
    for t in told:
        families[t.family].append(t)
    named: list[tuple[set[str], Source]] = []
    printed: list[tuple[set[str], list[tuple[float, Source]]]] = []
    for family, copies in families.items():
        for t in copies:
            for key, e in t.says:
                # Each copy has its own «متحدث»; it is one man.
                voice = f"{family} {fold(e.label)}" if is_local(key, t.document) else key
                named.append(({voice, *t.behind[key]}, Source(key, e.label)))
        if not any(t.says for t in copies):
            publishers = [(inf if t.day is None else t.day, _publisher(t.document, names)) for t in copies]
            printed.append(({p.key for _, p in publishers}, publishers))
    claimants, sources = {s.key for _, s in named}, set()
    for _, voices in _overlapping((voice, [(voice, source)]) for voice, source in named):
        heard = Counter(key for voice, _ in voices for key in voice)
        sources.add(min((s for _, s in voices), key=lambda s: (-heard[s.key], s)))  # the state, if it is one of them
    for keys, publishers in _overlapping(printed):
        if claimants.isdisjoint(keys):
            sources.add(min(publishers)[1])  # the earliest
    return tuple(sorted(sources))


def _overlapping(sets: Iterable[tuple[set[str], list[_T]]]) -> list[tuple[set[str], list[_T]]]:
    """Sets, each with what belongs to it; those that share an element, directly or over others, made one."""
    owner: dict[str, int] = {}
    out: dict[int, tuple[set[str], list[_T]]] = {}
    for n, (keys, things) in enumerate(sets):
        joined = [out.pop(k) for k in {owner[key] for key in keys if key in owner}]
        out[n] = keys.union(*(k for k, _ in joined)), list(chain(things, *(ts for _, ts in joined)))
        owner |= dict.fromkeys(out[n][0], n)
    return list(out.values())


def _publisher(document: Document, names: Mapping[str, Source]) -> Source:
    if not (document.source or "").strip():
        return Source(document_key(document.id), document.id)
    name = document.source or ""
    return names.get(fold(name)) or Source(f"publisher/{slug(name) or '~' + digest(name)}", name)
