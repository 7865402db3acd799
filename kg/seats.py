"""Capitals and seats of power by what events show of them: «ألقت اللوم على طوكيو» blames Japan, «غادر طوكيو» leaves a city.

`kg.mentions` knows a government by the verb whose subject it is, a place by the words before it. Whom an event is about, and where it
happens, is known only when events have been read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.entities import Handle, Register
from kg.lexicon import Entry, Lexicon
from kg.model import Mention
from kg.reading import Told
from kg.scenes import Scene

#: Roles that no place has by the guidelines.
_PARTIES = frozenset({"agent", "recipient", "partner", "opponent", "guest", "seller", "buyer"})
#: Others in which a place is its government: whom one accuses, not whom one shoots at.
_ANSWERABLE = frozenset(
    {("SANCTION", "target"), ("LIFT_SANCTION", "target"), ("ACCUSE", "target"), ("CONDEMN", "target"), ("WARN", "target"),
     ("PROTEST", "target"), ("LOSE", "victim")}
)  # fmt: skip
#: Roles of where it happens, and of what is shot at or taken.
_WHERE = frozenset({"location", "origin"})
_STRUCK = frozenset({("ATTACK", "target"), ("FIRE", "target"), ("CAPTURE", "theme")})


def settle(register: Register, told: Sequence[Scene], happened: Sequence[Told], lexicon: Lexicon) -> tuple[list[Scene], list[Told]]:
    """Scenes and events with the states for which capitals and the like stand where they take part in an event, and the cities where one happens.

    A mention becomes one of the other unless events of its sentence disagree.
    """
    roles = {(e.sentence, h, _wanted(e.type, role)) for e in happened for role, group in e.roles.items() for h in group}
    acting = {(n, h) for n, h, wanted in roles if wanted == "STATE"} | {(e.sentence, h) for e in happened for h in e.source}
    there = {(n, h) for n, h, wanted in roles if wanted == "PLACE"}
    becomes: dict[tuple[int, Handle], Entry] = {}
    moving: list[tuple[int, Mention, Entry]] = []
    for n, h in sorted(acting | there, key=lambda x: (x[0], x[1].draft.order, x[1].type)):
        mention = _only([m for m in told[n].mentions if register.of(m) == h])
        entry = _state(h, lexicon) if (n, h) in acting else _city(h, mention, lexicon)
        if entry:
            becomes[n, h] = entry
            if mention and ((n, h) in acting) != ((n, h) in there):
                moving.append((n, mention, entry))
    if not becomes:
        return list(told), list(happened)

    def of(n: int, h: Handle, wanted: str) -> Handle:
        entry = becomes.get((n, h))
        return register.implied(entry, wanted) if entry and entry.type == wanted else h

    out = [
        replace(
            e,
            roles={role: tuple(dict.fromkeys(of(e.sentence, h, _wanted(e.type, role)) for h in group)) for role, group in e.roles.items()},
            source=tuple(dict.fromkeys(of(e.sentence, h, "STATE") for h in e.source)),
        )
        for e in happened
    ]
    seen = list(told)
    for n, m, entry in moving:
        moved = register.move(m, entry)
        seen[n] = replace(seen[n], mentions=tuple(moved if x is m else x for x in seen[n].mentions))
    return seen, out


def _wanted(type: str, role: str) -> str:
    """What a city is in a role: its state, a place, or "" where it may be either."""
    if role in _PARTIES or (type, role) in _ANSWERABLE:
        return "STATE"
    return "PLACE" if role in _WHERE or (type, role) in _STRUCK else ""


def _only(found: Sequence[Mention]) -> Mention | None:
    return found[0] if len(found) == 1 else None


def _state(h: Handle, lexicon: Lexicon) -> Entry | None:
    """The state for whose government a place stands."""
    state = lexicon.entries.get(h.entry.seat or "") if h.type == "PLACE" and h.entry else None
    return state if state and state.type == "STATE" else None


def _city(h: Handle, m: Mention | None, lexicon: Lexicon) -> Entry | None:
    """The city that a mention of a state names."""
    entry = lexicon.entry(m.concept) if h.type == "STATE" and m and m.concept else None
    return entry if entry and entry.type == "PLACE" and not entry.get("residenceOf") else None
