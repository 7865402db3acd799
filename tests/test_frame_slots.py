"""kg.frames and kg.events with small frames: phrases, weak triggers, light verbs, required roles, passives."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.frames import Frames
from tests.small import frames, read, sentence

SEND_NOUN = """واصلت واصل VERB 0 root
روسيا روسيا PROPN 1 nsubj
إرسال إرسال NOUN 1 obj
صواريخ صاروخ NOUN 3 nmod
إلى إلى ADP 6 case
إيران إيران PROPN 3 nmod"""


def told(tmp_path: Path, rows: str, *ner: tuple[int, int, str]) -> list[tuple[str, str, dict[str, list[str]]]]:
    text = " ".join(row.split()[0] for row in rows.splitlines())
    x = read(tmp_path, text, sentence(text, rows, ner))
    return [(e.type, e.trigger.text, {r: [x.entity(i).name for i in ids] for r, ids in e.roles.items()}) for e in x.events]


def test_the_noun_of_a_light_verb_is_the_trigger(tmp_path: Path) -> None:
    found = told(tmp_path, SEND_NOUN, (1, 2, "STATE"), (3, 4, "WEAPON"), (5, 6, "STATE"))
    assert found == [("SEND", "إرسال", {"agent": ["Russia"], "theme": ["صواريخ"], "recipient": ["Iran"]})]


def test_a_weak_trigger_needs_its_roles(tmp_path: Path) -> None:
    rows = "نقلت نقل VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nصواريخ صاروخ NOUN 1 obj"
    assert told(tmp_path, rows, (1, 2, "STATE"), (2, 3, "WEAPON")) == []
    more = rows + "\nإلى إلى ADP 5 case\nإيران إيران PROPN 1 obl"
    found = told(tmp_path, more, (1, 2, "STATE"), (2, 3, "WEAPON"), (4, 5, "STATE"))
    assert found == [("SEND", "نقلت", {"agent": ["Russia"], "theme": ["صواريخ"], "recipient": ["Iran"]})]


def test_the_subject_of_a_passive_is_its_object(tmp_path: Path) -> None:
    rows = "أرسلت أرسل VERB 0 root Voice=Pass\nصواريخ صاروخ NOUN 1 nsubj:pass\nإلى إلى ADP 4 case\nإيران إيران PROPN 1 obl"
    assert told(tmp_path, rows, (1, 2, "WEAPON"), (3, 4, "STATE")) == [("SEND", "أرسلت", {"theme": ["صواريخ"], "recipient": ["Iran"]})]


def test_a_place_takes_the_slots_of_a_group(tmp_path: Path) -> None:
    rows = "هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nأوكرانيا أوكرانيا PROPN 1 obj\nقرب قرب ADP 5 case\nكورسك كورسك PROPN 1 obl"
    found = told(tmp_path, rows, (1, 2, "STATE"), (2, 3, "STATE"), (4, 5, "PLACE"))
    assert found == [("ATTACK", "هاجمت", {"agent": ["Russia"], "target": ["Ukraine"], "location": ["كورسك"]})]


def test_agents_that_are_joined_act_together(tmp_path: Path) -> None:
    rows = "هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nو و CCONJ 4 cc\nإيران إيران PROPN 2 conj\nأوكرانيا أوكرانيا PROPN 1 obj"
    found = told(tmp_path, rows, (1, 2, "STATE"), (3, 4, "STATE"), (4, 5, "STATE"))
    assert found == [("ATTACK", "هاجمت", {"agent": ["Russia", "Iran"], "target": ["Ukraine"]})]


def test_a_nisba_of_a_noun_is_its_agent(tmp_path: Path) -> None:
    rows = "أرسلت أرسل VERB 0 root\nالحكومة حكومة NOUN 1 nsubj\nالروسية روسي ADJ 2 amod\nصواريخ صاروخ NOUN 1 obj"
    assert told(tmp_path, rows, (3, 4, "WEAPON")) == [("SEND", "أرسلت", {"agent": ["Russia"], "theme": ["صواريخ"]})]


@pytest.mark.parametrize(
    "rows", ["خط خط NOUN 0 root\nالهجوم هجوم NOUN 1 nmod\nالروسي روسي ADJ 2 amod", "وقع وقع VERB 0 root\nهجوم هجوم NOUN 1 nsubj"]
)
def test_no_event(tmp_path: Path, rows: str) -> None:
    assert told(tmp_path, rows) == []


PHRASE = """@prefix kgo: <https://example.org/kg/ontology#> . @prefix kgf: <https://example.org/kg/frame/> .
kgf:fire a kgo:Frame ; kgo:eventType "FIRE" ; kgo:phrase "أطلق النار" ; kgo:role kgf:r .
kgf:r kgo:roleName "agent" ; kgo:accepts "FORCE" ; kgo:syntax "subject" ."""


@pytest.mark.parametrize(
    ("rows", "end"),
    [
        ("أطلق أطلق VERB 0 root\nالنار نار NOUN 1 obj", 2),
        ("يطلقون أطلق VERB 0 root\nالنار نار NOUN 1 obj", 2),
        ("أطلق أطلق VERB 0 root\nمسلحون مسلح NOUN 1 nsubj\nالنار نار NOUN 1 obj", 1),
        ("أطلق أطلق VERB 0 root\nصاروخا صاروخ NOUN 1 obj", 0),
    ],
)
def test_phrases(tmp_path: Path, rows: str, end: int) -> None:
    text = " ".join(row.split()[0] for row in rows.splitlines())
    s = sentence(text, rows)
    known: Frames = frames(tmp_path, PHRASE)
    found = known.triggers(s, text.split(), [False] * len(s.words))
    assert [(t.frame.id, t.start, t.end, t.kind) for t in found] == ([("fire", 0, end, "verb")] if end else [])
    assert known.triggers(s, text.split(), [True] * len(s.words)) == []  # words of a mention are no triggers
