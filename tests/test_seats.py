"""kg.seats: capitals that an event shows to act, and cities that it shows to be where it happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.entities import Register
from kg.extract import Extractor
from kg.model import Document
from kg.reading import Told
from kg.scenes import Scene, scenes
from kg.seats import settle
from tests import small

TEXT = "حادث اليابان موسكو"
ROWS = "حادث حادث VERB 0 root\nاليابان يابان PROPN 1 nsubj\nموسكو موسكو PROPN 1 obj"


def scene(tmp_path: Path, tagged: str) -> tuple[Extractor, Register, list[Scene]]:
    """The text as a scene, where NER has tagged Moscow so."""
    extractor = small.extractor(tmp_path)
    s = small.sentence(TEXT, ROWS, [(1, 2, "STATE"), (2, 3, tagged)])
    return extractor, *scenes(TEXT, (s,), extractor)


def told(tmp_path: Path, event: str, role: str, tagged: str) -> tuple[dict[str, list[str]], list[str]]:
    """The states and places of «VERB اليابان موسكو» by type, and those in the role that Moscow has in an event; NER has tagged it so."""
    extractor, register, seen = scene(tmp_path, tagged)
    japan, moscow = (register.of(m) for m in seen[0].mentions)
    happened = [Told(0, 0, 1, event, {"agent": (japan,), role: (moscow,)}, (), "positive", "asserted", 0.9, "")]
    seen, happened = settle(register, seen, happened, extractor.lexicon)
    entities, ids = register.freeze(h for group in happened[0].roles.values() for h in group)
    names = {e.id: e.name for e in entities}
    by_type = {t: [e.name for e in entities if e.type == t and e.mentions] for t in ("STATE", "PLACE")}
    assert [m.type for m in seen[0].mentions] == [next(t for t, ns in by_type.items() if names[ids[register.of(m)]] in ns) for m in seen[0].mentions]
    return by_type, [names[ids[h]] for h in happened[0].roles[role]]


@pytest.mark.parametrize(
    ("event", "role", "tagged", "state"),
    [
        ("ACCUSE", "target", "PLACE", True),
        ("SEND", "recipient", "PLACE", True),
        ("MEET", "partner", "PLACE", True),
        ("ATTACK", "target", "PLACE", False),  # a city may be shot at
        ("CAPTURE", "theme", "PLACE", False),
        ("VISIT", "location", "PLACE", False),
        ("VISIT", "location", "STATE", False),  # the tagger was wrong
        ("WITHDRAW", "origin", "STATE", False),
        ("ACCUSE", "target", "STATE", True),
        ("LOSE", "victim", "PLACE", True),
        ("PROTEST", "target", "STATE", True),
        ("ATTACK", "target", "STATE", False),
        ("CAPTURE", "theme", "STATE", False),
        ("SUPPORT", "theme", "STATE", True),  # which says nothing
        ("SUPPORT", "theme", "PLACE", False),
    ],
)
def test_a_capital_is_what_its_role_makes_it(tmp_path: Path, event: str, role: str, tagged: str, state: bool) -> None:
    expected = ({"STATE": ["Japan", "Russia"], "PLACE": []}, ["Russia"]) if state else ({"STATE": ["Japan"], "PLACE": ["Moscow"]}, ["Moscow"])
    assert told(tmp_path, event, role, tagged) == expected


def test_a_document_may_be_told_again(tmp_path: Path) -> None:
    extractor, register, seen = scene(tmp_path, "PLACE")
    japan, moscow = (register.of(m) for m in seen[0].mentions)

    def types(event: str, role: str) -> list[str]:
        happened = [Told(0, 0, 1, event, {"agent": (japan,), role: (moscow,)}, (), "positive", "asserted", 0.9, "")]
        return [e.type for e in extractor.assemble(Document("d", TEXT), register, seen, happened).entities]

    assert [types(*x) for x in (("ACCUSE", "target"), ("VISIT", "location"), ("ACCUSE", "target"))] == [
        ["STATE", "STATE"],
        ["STATE", "PLACE"],
        ["STATE", "STATE"],
    ]


def test_events_that_disagree_leave_the_mention(tmp_path: Path) -> None:
    extractor, register, seen = scene(tmp_path, "PLACE")
    japan, moscow = (register.of(m) for m in seen[0].mentions)
    both = (("ACCUSE", "target"), ("VISIT", "location"))
    happened = [Told(0, 0, 1, event, {"agent": (japan,), role: (moscow,)}, (moscow,), "positive", "asserted", 0.9, "") for event, role in both]
    x = extractor.assemble(Document("d", TEXT), register, seen, happened)
    names = {e.id: (e.name, len(e.mentions)) for e in x.entities}
    assert [names[id] for e in x.events for role in ("target", "location") for id in e.roles.get(role, ())] == [("Russia", 0), ("Moscow", 1)]
    assert [names[id] for e in x.events for id in e.source] == [("Russia", 0)] * 2
