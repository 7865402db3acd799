"""kg.baselines: what the relation layer is measured against does what it says, no more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.baselines import BASELINES, cooccurrence, triples
from kg.model import Document
from kg.reading import Told
from kg.scenes import Scene
from tests import small, tiny


def scene(rows: str, *ner: tuple[int, int, str]) -> list[Scene]:
    text = " ".join(row.split()[0] for row in rows.splitlines())
    return tiny.told(({"text": text}, (small.sentence(text, rows, ner),)))[1]


def edges(events: Sequence[Told]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Who does what to what, by concept."""
    return [(str(e.roles["agent"][0].concept), e.type, tuple(str(h.concept) for h in e.roles["theme"])) for e in events]


NOUN = "الهجوم هجوم NOUN 0 root\nعلى على ADP 3 case\nروسيا روسيا PROPN 1 nmod\nأغضب أغضب VERB 1 acl\nإيران إيران PROPN 4 obj"


def test_every_actor_does_it_to_everything_else() -> None:
    _, told = tiny.told(tiny.sent())
    assert edges(cooccurrence(told, tiny.extractor())) == [
        ("Q423", "SEND", ("force/soldier", "Q159")),
        ("force/soldier", "SEND", ("Q423", "Q159")),
        ("Q159", "SEND", ("Q423", "force/soldier")),
        ("Q159", "ATTACK", ("Q212",)),
        ("Q212", "ATTACK", ("Q159",)),
    ]


def test_weapons_and_places_do_nothing() -> None:
    rows = """هاجمت هاجم VERB 0 root
إيران إيران PROPN 1 nsubj
حلب حلب PROPN 1 obj
ب ب ADP 5 case
صواريخ صاروخ NOUN 1 obl"""
    told = scene(rows, (1, 2, "STATE"), (2, 3, "PLACE"), (4, 5, "WEAPON"))
    (event,) = cooccurrence(told, tiny.extractor())
    assert [h.type for h in (*event.roles["agent"], *event.roles["theme"])] == ["STATE", "PLACE", "WEAPON"]


def test_triples_are_subject_verb_and_object() -> None:
    _, told = tiny.told(tiny.sent())
    assert edges(triples(told, tiny.extractor())) == [("Q423", "SEND", ("force/soldier",)), ("Q159", "ATTACK", ("Q212",))]


def test_triples_go_by_the_parse_alone() -> None:
    rows = "هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 {}\nأوكرانيا أوكرانيا PROPN 1 {}"
    ner = ((1, 2, "STATE"), (2, 3, "STATE"))
    assert edges(triples(scene(rows.format("nsubj", "obj"), *ner), tiny.extractor())) == [("Q159", "ATTACK", ("Q212",))]
    assert edges(triples(scene(rows.format("obj", "nsubj"), *ner), tiny.extractor())) == [("Q212", "ATTACK", ("Q159",))]
    assert triples(scene(rows.format("nsubj", "obl"), *ner), tiny.extractor()) == []  # without an object


def test_triples_are_of_verbs_only() -> None:
    told = scene(NOUN, (2, 3, "STATE"), (4, 5, "STATE"))
    assert triples(told, tiny.extractor()) == []
    assert len(cooccurrence(told, tiny.extractor())) == 2


def test_a_noun_with_subject_and_object_is_no_verb() -> None:
    told = scene("هجوم هجوم NOUN 0 root\nروسيا روسيا PROPN 1 nsubj\nأوكرانيا أوكرانيا PROPN 1 obj", (1, 2, "STATE"), (2, 3, "STATE"))
    assert [r.trigger.kind for r in told[0].readings] == ["noun"]
    assert triples(told, tiny.extractor()) == []


def test_a_verb_that_two_frames_know_is_one_triple(tmp_path: Path) -> None:
    twice = small.FRAMES + '\nkgf:other a kgo:Frame ; kgo:eventType "FIGHT" ; kgo:verb "هاجم يهاجم" ; kgo:role kgf:attack.agent .'
    _, told = tiny.told(tiny.sent(), tiny.extractor(frames=small.frames(tmp_path, twice)))
    assert len(told[1].readings) == 2
    assert edges(triples(told[1:], tiny.extractor())) == [("Q159", "ATTACK", ("Q212",))]


def test_two_subjects_are_two_events_and_two_objects_one() -> None:
    rows = """هاجمت هاجم VERB 0 root
روسيا روسيا PROPN 1 nsubj
و و CCONJ 4 cc
إيران إيران PROPN 2 conj
أوكرانيا أوكرانيا PROPN 1 obj
و و CCONJ 7 cc
اليمن اليمن PROPN 5 conj"""
    told = scene(rows, *((i, i + 1, "STATE") for i in (1, 3, 4, 6)))
    assert edges(triples(told, tiny.extractor())) == [("Q159", "ATTACK", ("Q212", "Q805")), ("Q794", "ATTACK", ("Q212", "Q805"))]


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_without_trigger_or_company_there_is_nothing(name: str) -> None:
    untold = scene("رأت رأى VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nأوكرانيا أوكرانيا PROPN 1 obj", (1, 2, "STATE"), (2, 3, "STATE"))
    alone = scene("هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj", (1, 2, "STATE"))
    assert BASELINES[name](untold, tiny.extractor()) == BASELINES[name](alone, tiny.extractor()) == BASELINES[name]([], tiny.extractor()) == []


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_a_baseline_in_the_place_of_the_reader(name: str) -> None:
    gold, sentences = tiny.sent()
    extractor = tiny.extractor()
    extractor.read = BASELINES[name]
    found = extractor(Document("d", gold["text"]), sentences)
    assert {e.path for e in found.events} == {"baseline"}
    assert {(e.type, e.trigger.text) for e in found.events} == {("SEND", "أرسلت"), ("ATTACK", "هاجمت")}
    assert all((e.polarity, e.modality, e.source, e.confidence) == ("positive", "asserted", (), 1.0) for e in found.events)
