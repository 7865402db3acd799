"""Scenes -> events: by the learned scorer where there is one, by frames alone where there is none.

The scorer says of every word whether it triggers an event of which type, of every entity near it which role it has and
whether it is the source. Events of types and words that only a user's own frames know are read by the frames.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg import events
from kg.arguments import Argument
from kg.entities import Handle
from kg.factuality import Reader
from kg.features import BACK, ROLES, TYPES, Words
from kg.model import MODALITIES, POLARITIES
from kg.scenes import Offer, Scene, candidates

if TYPE_CHECKING:
    from kg.extract import Extractor
    from kg.scorer import Scorer

#: What a scorer goes by unless its file says otherwise; see `kg.training.events`, which chooses them.
SETTINGS = {"trigger": 0.3, "role": 0.4, "lead": 0.3, "second": 0.8, "source": 0.4, "weight.trigger": 1.0, "weight.role": 1.0, "bias": 2.0}


#: Sentences that the scorer reads at a time.
_WINDOW = 60

#: How many words behind a SEND its purpose may stand.
_PURPOSE = 12

#: A word that is a trigger with at least this probability is asked about, and speaks to other events of the roles in it.
LEAST = 0.2

#: Roles of who acts.
LEADING = frozenset({"agent", "seller"})


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a document tells it: the words [start, end) of its sentence that trigger it, and who takes part."""

    sentence: int
    start: int
    end: int
    type: str
    roles: dict[str, tuple[Handle, ...]]
    source: tuple[Handle, ...]
    polarity: str
    modality: str
    confidence: float
    path: str


def read(told: Sequence[Scene], extractor: Extractor) -> list[Told]:
    """The events of a document, in the order of their triggers."""
    scorer = extractor.scorer
    if scorer is None or not told:
        return by_frames(told, extractor)
    own = by_frames(told, extractor, own=True) if extractor.frames.has_own else []
    settings = {**SETTINGS, **scorer.settings}
    found = decide(told, ask(told, extractor, scorer, min(LEAST, settings["trigger"])), settings)
    # A type that only the user has is hers to find; elsewhere the model has seen more.
    hers = {(e.sentence, i) for e in own if e.type not in TYPES for i in range(e.start, e.end)}
    found = [e for e in found if not any((e.sentence, i) in hers for i in range(e.start, e.end))]
    taken = {(e.sentence, i) for e in found for i in range(e.start, e.end)}
    own = [e for e in own if not any((e.sentence, i) in taken for i in range(e.start, e.end))]
    return sorted([*found, *own], key=lambda e: (e.sentence, e.start, e.type))


# ---------------------------------------------------------------------------------------------------------------------
# Frames


def by_frames(told: Sequence[Scene], extractor: Extractor, own: bool = False) -> list[Told]:
    """The events that frames find; with `own` only those of a user's frames."""
    reader = Reader(extractor.cues)
    out = []
    for n, scene in enumerate(told):
        readings = [r for r in scene.readings if r.trigger.frame.own or not own]
        happened = events.choose(readings)
        factual = reader.read(scene.sentence, scene.sites, happened)
        for e, f in zip(happened, factual, strict=True):
            roles = {name: tuple(dict.fromkeys(a.handle for a in group)) for name, group in e.roles.items()}
            confidence = round(min(0.99, sum(slot.score for slot in e.paths.values()) / len(e.paths)), 3)
            path = f"{e.trigger.frame.id}/{e.trigger.kind}: " + ", ".join(f"{r}={slot.name} by {slot.view}" for r, slot in e.paths.items())
            out.append(Told(n, e.trigger.start, e.trigger.end, e.type, roles, f.source, f.polarity, f.modality, confidence, path))
    return out


# ---------------------------------------------------------------------------------------------------------------------
# The scorer


@dataclass(frozen=True, slots=True)
class Standing:
    """An entity as a target sees it: its argument nearest to the trigger, its likeliest role, and whether it is the source."""

    argument: Argument
    sentence: int
    role: str
    probability: float
    source: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the scorer says of one possible trigger."""

    sentence: int
    at: int
    type: str
    probability: float
    modality: str
    polarity: str
    entities: tuple[Standing, ...]


def ask(told: Sequence[Scene], extractor: Extractor, scorer: Scorer, least: float) -> list[Answer]:
    """The scorer's answers for all words of a document that are triggers with a probability of at least `least`.

    A long document is read in windows, each with the sentences before it that roles may be found in: memory does not grow with length.
    """
    answers: list[Answer] = []
    for start in range(0, len(told), _WINDOW):
        first = max(0, start - BACK)
        for a in _ask(told[first : start + _WINDOW], extractor, scorer, least):
            if a.sentence + first >= start:
                moved = tuple(replace(s, sentence=s.sentence + first) for s in a.entities)
                answers.append(replace(a, sentence=a.sentence + first, entities=moved))
    return answers


def first_window(told: Sequence[Scene]) -> list[Words]:
    """The sentences of a document that the scorer is asked for first: all, if there are not too many."""
    return [s.words for s in told[:_WINDOW]]


def _ask(told: Sequence[Scene], extractor: Extractor, scorer: Scorer, least: float) -> list[Answer]:
    probabilities = scorer.triggers([s.words for s in told])
    chosen: list[tuple[int, int, str]] = []
    surety: list[float] = []
    for n, (scene, of_words) in enumerate(zip(told, probabilities, strict=True)):
        best = of_words[:, 1:].max(1)
        for at, (p, number) in enumerate(zip(best.values.tolist(), best.indices.tolist(), strict=True)):
            if p >= least:
                type = TYPES[number]
                sent = float(of_words[at, TYPES.index("SEND") + 1])
                if type == "DEPLOY" and 2 * sent >= p and sent >= least and _has_recipient(scene, at):
                    type, p = "SEND", sent
                chosen.append((n, at, type))
                surety.append(p)
    if not chosen:
        return []
    targets, offers = candidates(told, chosen, extractor)
    targets = [replace(t, surety=p) for t, p in zip(targets, surety, strict=True)]
    modality, polarity = scorer.facts(targets)
    roles, sources = scorer.roles(targets, [o.plain for o in offers])
    entities: dict[int, dict[int, list[Offer]]] = {}
    for o in offers:
        entities.setdefault(o.target, {}).setdefault(o.plain.entity, []).append(o)
    best = roles[:, 1:].max(1)
    likeliest, surest, spoken = best.indices.tolist(), best.values.tolist(), sources.tolist()
    out = []
    for k, (n, at, type) in enumerate(chosen):
        standing = []
        for entity, places in entities.get(k, {}).items():
            nearest = min(places, key=lambda o: (abs(o.plain.sentence - n), abs(o.plain.head - at)))
            standing.append(
                Standing(
                    nearest.argument,
                    nearest.plain.sentence,
                    ROLES[likeliest[entity]],
                    surest[entity],
                    spoken[entity],
                )
            )
        truth = MODALITIES[int(modality[k].argmax())], POLARITIES[int(polarity[k].argmax())]
        out.append(Answer(n, at, type, surety[k], *truth, tuple(standing)))
    return out


def _has_recipient(scene: Scene, at: int) -> bool:
    """Whether frames read a word as sending arms or aid to somebody: what another party receives is sent, what stays one's own is deployed."""
    for r in scene.readings:
        if r.found and r.trigger.frame.type == "SEND" and r.trigger.start <= at < r.trigger.end:
            theme, recipient = (r.found.roles.get(role, ()) for role in ("theme", "recipient"))
            if any(a.type in ("STATE", "ORGANISATION") for a in recipient) and theme and all(a.type != "FORCE" for a in theme):
                return True
    return False


def decide(told: Sequence[Scene], answers: Sequence[Answer], settings: Mapping[str, float]) -> list[Told]:
    """The events that answers make under thresholds (`SETTINGS`)."""
    out = []
    for a in answers:
        filled = fill(a, settings)
        if a.probability >= settings["trigger"] and filled:
            source = tuple(dict.fromkeys(s.argument.handle for s in a.entities if s.source >= settings["source"]))
            out.append(_told(told[a.sentence], a, filled, source, settings))
    return purposes(told, out)


def purposes(told: Sequence[Scene], found: Sequence[Told]) -> list[Told]:
    """What is sent to help somebody is sent to him: «أرسل جنودا لمساعدة روسيا». A SEND without a recipient takes that of the SUPPORT behind ل."""
    out = []
    for e in found:
        if e.type == "SEND" and "recipient" not in e.roles and "theme" in e.roles:
            words = told[e.sentence].sites.folded
            helped = next(
                (
                    h.roles["recipient"]
                    for h in found
                    if h.type == "SUPPORT" and h.sentence == e.sentence and e.end < h.start <= e.end + _PURPOSE and words[h.start - 1] == "ل"
                    if "recipient" in h.roles and not set(h.roles["recipient"]) & {x for group in e.roles.values() for x in group}
                ),
                (),
            )
            if helped:
                e = replace(e, roles={**e.roles, "recipient": helped}, path=f"{e.path}, recipient=ل by purpose")
        out.append(e)
    return out


def fill(a: Answer, settings: Mapping[str, float]) -> list[Standing]:
    """Who takes which role.

    The likeliest of a role counts from "role" on (in a role that leads an event, from "lead" on: who is wrong there makes a wrong edge to everybody
    else); others beside it if they are coordinated with it, or sure by themselves ("second"): a wrong one more makes a wrong edge to each
    participant in another role.
    """
    out: list[Standing] = []
    for role in dict.fromkeys(s.role for s in a.entities):
        ranked = sorted((s for s in a.entities if s.role == role), key=lambda s: -s.probability)
        first = ranked[0]
        if first.probability < settings["lead" if role in LEADING else "role"]:
            continue
        out.append(first)
        for s in ranked[1:]:
            joined = s.argument.group == first.argument.group and s.sentence == first.sentence
            if s.probability >= (settings["role"] if joined else settings["second"]):
                out.append(s)
    return out


def confidence(trigger: float, roles: Sequence[float], settings: Mapping[str, float]) -> float:
    """The probability that an event is right with all its roles, from those of its parts: a logistic fit, see `kg.training.events`."""
    mean = sum(map(math.log, roles)) / len(roles)
    z = settings["bias"] + settings["weight.trigger"] * math.log(trigger) + settings["weight.role"] * mean
    return round(1 / (1 + math.exp(-z)), 3)


def _told(scene: Scene, a: Answer, filled: Sequence[Standing], source: tuple[Handle, ...], settings: Mapping[str, float]) -> Told:
    reading = events.fullest([r for r in scene.readings if r.trigger.start == a.at and r.trigger.frame.type == a.type])
    start, end = (reading.trigger.start, reading.trigger.end) if reading else (a.at, a.at + 1)
    roles: dict[str, tuple[Handle, ...]] = {}
    ways = []
    for f in sorted(filled, key=lambda f: f.argument.start):
        roles[f.role] = (*roles.get(f.role, ()), f.argument.handle)
        slots = [o.slot for o in reading.options if o.role.name == f.role and o.argument is f.argument] if reading else []
        ways.append(f"{f.role}={f'{slots[0].name} by {slots[0].view}' if slots else 'learned'} {f.probability:.2f}")
    path = f"{f'{reading.trigger.frame.id}/{reading.trigger.kind}' if reading else 'learned'} {a.probability:.2f}: " + ", ".join(ways)
    sure = confidence(a.probability, [f.probability for f in filled], settings)
    return Told(a.sentence, start, end, a.type, roles, source, a.polarity, a.modality, sure, path)
