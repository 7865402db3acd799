"""Parse + entities + frames -> events: triggers, roles, confidence.

For every trigger that a frame knows, each role takes the argument that stands best in one of its slots and has an accepted
type, with what is coordinated with it. Of several frames for a word the one whose roles are filled best wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.arguments import Argument, Sites, Slot
from kg.entities import Handle
from kg.frames import Frame, Frames, Role, Trigger
from kg.model import SYMMETRIC

#: Verbs of these types speak of what others do: «أدانت إيران الضربات».
_SPEECH = frozenset({"CONDEMN", "ACCUSE", "DEMAND", "WARN"})

#: Below this a slot does not count.
THRESHOLD = 0.3

#: What is lost by each place that a slot stands later in a role's list.
_RANK_COST = 0.02


@dataclass(frozen=True, slots=True)
class Found:
    """An event before polarity, modality and source. `roles` map to arguments; `paths` say how each role was found."""

    trigger: Trigger
    roles: dict[str, tuple[Argument, ...]]
    paths: dict[str, Slot]
    score: float

    @property
    def type(self) -> str:
        return self.trigger.frame.type


@dataclass(frozen=True, slots=True)
class Option:
    """An argument that may fill a role."""

    role: Role
    argument: Argument
    slot: Slot


@dataclass(frozen=True, slots=True)
class Reading:
    """A word as the trigger of a frame: what may fill its roles, best first, and the event that this makes, if it makes one."""

    trigger: Trigger
    options: tuple[Option, ...]
    found: Found | None


def read(sites: Sites, mentioned: Sequence[bool], frames: Frames) -> list[Reading]:
    """What frames say of a sentence, in the order of the triggers.

    Args:
        sites: the sentence and its arguments.
        mentioned: which words belong to a mention, and so are no triggers.
        frames: of the ontology.
    """
    blocked = [m or i in sites.counting for i, m in enumerate(mentioned)]
    triggers = frames.triggers(sites.sentence, sites.names, blocked)
    sites.barriers = frozenset(t.head for t in triggers if t.kind == "verb" and t.frame.type in _SPEECH)
    out = []
    for trigger in triggers:
        found = options(trigger, sites)
        out.append(Reading(trigger, tuple(found), fill(trigger, sites, found)))
    return out


def fullest(readings: Sequence[Reading]) -> Reading | None:
    """The reading whose roles are filled best, the first of those that are equal; None if there is none."""
    return max(readings, key=lambda r: r.found.score if r.found else 0.0, default=None)


def choose(readings: Sequence[Reading]) -> list[Found]:
    """The events of a sentence by frames alone: for every trigger the frame whose roles are filled best."""
    best: dict[int, Found] = {}
    for reading in readings:
        start, found = reading.trigger.start, reading.found
        if found and (start not in best or _rank(best[start]) < _rank(found)):
            best[start] = found
    # A light verb that is a trigger too is the same event as its noun.
    lights = {(f.trigger.light, f.type) for f in best.values()}
    return [best[k] for k in sorted(best) if (best[k].trigger.head, best[k].type) not in lights]


def _rank(found: Found) -> tuple[float, int, str]:
    return round(found.score - 0.15 * bool(found.trigger.required), 3), -len(found.trigger.frame.id), found.trigger.frame.id


def bare(at: int, type: str, verb: bool) -> Trigger:
    """A trigger that no frame knows."""
    return Trigger(Frame("", type, (), (), (), (), (), (), frozenset(), (), (), (), (), ()), at, at + 1, at, "verb" if verb else "noun")


def options(trigger: Trigger, sites: Sites) -> list[Option]:
    """What may fill the roles of a trigger, best first."""
    frame = trigger.frame
    found: list[tuple[float, int, int, Option]] = []
    for n, arg in enumerate(sites.args):
        if (arg.start < trigger.end and trigger.start < arg.end) or (sites.speaks(arg) and trigger.start > arg.end):
            continue
        slots = sites.slots(trigger, arg)
        for k, role in enumerate(frame.roles):
            if arg.type in role.accepts and (slot := _best(role, frame, slots)) and slot.score >= THRESHOLD:
                found.append((-slot.score, k, n, Option(role, arg, slot)))
    return [option for *_, option in sorted(found, key=lambda f: f[:3])]


def fill(trigger: Trigger, sites: Sites, options: Sequence[Option]) -> Found | None:
    """Fill the roles of one trigger; None if no role is filled, or not all that the frame requires."""
    frame = trigger.frame
    roles: dict[str, list[Argument]] = {}
    paths: dict[str, Slot] = {}
    used: set[Handle] = set()
    for option in options:
        role, arg = option.role, option.argument
        if arg.handle in used:
            continue
        if role.name in roles:
            same_group = any(a.group == arg.group for a in roles[role.name])
            if not same_group:
                continue
        roles.setdefault(role.name, []).append(arg)
        paths.setdefault(role.name, option.slot)
        used.add(arg.handle)
        for other in sites.args:  # what is coordinated comes along
            if other.group == arg.group and other.type in role.accepts and other.handle not in used:
                roles[role.name].append(other)
                used.add(other.handle)
    met = set(roles) | ({"agent"} if frame.type in SYMMETRIC and "partner" in roles else set())
    if not roles or any(r not in met for r in trigger.required):
        return None
    ordered = {r.name: tuple(sorted(roles[r.name], key=lambda a: a.start)) for r in frame.roles if r.name in roles}
    return Found(trigger, ordered, paths, sum(s.score for s in paths.values()))


def _best(role: Role, frame: Frame, slots: dict[str, Slot]) -> Slot | None:
    """The best of the slots that a role takes, less what its place in the role's list costs."""
    best: Slot | None = None
    for rank, name in enumerate(role.slots):
        for slot in _matching(name, role, frame, slots):
            score = slot.score - _RANK_COST * min(rank, 5)
            if best is None or score > best.score:
                best = Slot(slot.name, score, slot.view)
    return best


def _matching(name: str, role: Role, frame: Frame, slots: dict[str, Slot]) -> list[Slot]:
    if name in ("genitive-agent", "genitive-theme"):
        slot = slots.get("genitive")
        if slot is None:
            return []
        place = frame.genitive.index(role.name) if role.name in frame.genitive else 2
        return [Slot("genitive", slot.score - 0.1 * place, slot.view)]
    slot = slots.get(name)
    return [slot] if slot else []
