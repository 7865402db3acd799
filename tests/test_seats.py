"""kg.seats: capitals that an event shows to act, and cities that it shows to be where it happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.reading import Told
from kg.scenes import scenes
from kg.seats import settle
from tests import small

ROWS = "{0} {0} VERB 0 root\nاليابان يابان PROPN 1 nsubj\nموسكو موسكو PROPN 1 obj"


def told(tmp_path: Path, event: str, role: str, tagged: str) -> tuple[dict[str, list[str]], list[str]]:
    """The states and places of «VERB اليابان موسكو» by type, and those in the role that Moscow has in an event; NER has tagged it so."""
    text = "حادث اليابان موسكو"
    s = small.sentence(text, ROWS.format("حادث"), [(1, 2, "STATE"), (2, 3, tagged)])
    extractor = small.extractor(tmp_path)
    register, seen = scenes(text, (s,), extractor)
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
    ],
)
def test_a_capital_is_what_its_role_makes_it(tmp_path: Path, event: str, role: str, tagged: str, state: bool) -> None:
    expected = ({"STATE": ["Japan", "Russia"], "PLACE": []}, ["Russia"]) if state else ({"STATE": ["Japan"], "PLACE": ["Moscow"]}, ["Moscow"])
    assert told(tmp_path, event, role, tagged) == expected
