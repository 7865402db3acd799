"""kg.scenes and kg.reading: what may be a trigger's argument, and the events that answers make under thresholds."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from kg import reading
from kg.arguments import Argument
from kg.entities import Handle
from kg.events import choose
from kg.features import BACK, FLAGS, ROLES, TYPES, Candidate, Pair, Target, Words
from kg.frames import Frames
from kg.model import EVENT_ROLES, MODALITIES, POLARITIES, Document, Extraction
from kg.namespaces import KGO
from kg.reading import SETTINGS, Answer, Standing, Told
from kg.recurrent import possible
from kg.scenes import Scene, anchored, candidates
from kg.scorer import Scorer
from tests import small, tiny

# ---------------------------------------------------------------------------------------------------------------------
# Scenes


def text(*sentences: str) -> tiny.Parsed:
    """A document of sentences in the form of small.sentence, with a state or person wherever a proper name stands."""
    rows = [[row.split() for row in s.splitlines()] for s in sentences]
    whole = " ".join(form for s in rows for form, *_ in s)
    out, at = [], 0
    for n, s in enumerate(rows):
        names = [(i, i + 1, "STATE") for i, row in enumerate(s) if row[2] == "PROPN"]
        out.append(small.sentence(whole, sentences[n], names, n, at))
        at = out[-1].end
    return {"id": "d", "text": whole}, tuple(out)


ATTACK = "هاجمت هاجم VERB 0 root\n{} {} PROPN 1 nsubj\n{} {} PROPN 1 obj\n. . PUNCT 1 punct"


def attack(agent: str, target: str) -> str:
    return ATTACK.format(agent, agent, target, target)


def test_a_scene_holds_what_is_known_of_its_sentence() -> None:
    register, (first, second) = tiny.told(tiny.sent())
    assert [m.span.text for m in first.mentions] == ["كوريا الشمالية", "جندي", "روسيا"]
    assert [a.handle for a in first.sites.args] == [register.of(m) for m in first.mentions]
    assert first.sites.args[2].handle == second.sites.args[0].handle  # Russia is one in both
    assert [r.trigger.frame.type for r in (*first.readings, *second.readings)] == ["SEND", "ATTACK"]
    assert (len(first.words.forms), len(second.words.forms)) == (8, 4)


def test_members_of_an_organisation_in_brackets_are_no_arguments() -> None:
    rows = (
        "اجتمعت اجتمع VERB 0 root\nحماس حماس PROPN 1 nsubj\n( ( PUNCT 4 punct\nروسيا روسيا PROPN 2 appos\nو و CCONJ 6 cc\nاليابان يابان PROPN 4 conj"
    )
    rows += "\n) ) PUNCT 4 punct\nمع مع ADP 9 case\nإيران إيران PROPN 1 obl"
    told = "اجتمعت حماس (روسيا واليابان) مع إيران"
    s = small.sentence(told, rows, [(1, 2, "ORGANISATION"), (3, 4, "STATE"), (5, 6, "STATE"), (8, 9, "STATE")])
    _, (scene,) = tiny.told(({"text": told}, (s,)))
    assert len(scene.mentions) == 4
    assert [a.handle.entry and a.handle.entry.label_en for a in scene.sites.args] == ["Hamas", "Iran"]


def test_titles_of_a_scene() -> None:
    told = "قال قال VERB 0 root\nالرئيس رئيس NOUN 1 nsubj\nالروسي روسي ADJ 2 amod\nبوتين بوتين PROPN 2 nmod"
    s = small.sentence("قال الرئيس الروسي بوتين", told, [(3, 4, "PERSON")])
    _, (scene,) = tiny.told(({"text": "قال الرئيس الروسي بوتين"}, (s,)))
    (title,) = scene.titles
    assert title.state and (title.office.id, title.state.id, title.person) == ("office/president", "Q159", 0)


def test_a_word_that_a_frame_reads_is_asked_about_with_its_roles() -> None:
    _, (scene, _) = tiny.told(tiny.sent())
    anchor, found = anchored(scene, 0, "SEND")
    assert (anchor.at, anchor.type, len(anchor.readings)) == (0, "SEND", 1)
    assert set(found.roles) == {"agent", "theme", "recipient"}


def test_a_word_that_no_frame_knows_is_asked_about_without() -> None:
    _, (scene, _) = tiny.told(tiny.sent())
    anchor, found = anchored(scene, 4, "KILL")
    assert anchor.readings == () and found.roles == {}
    assert (found.trigger.start, found.trigger.end, found.trigger.frame.type, found.trigger.kind) == (4, 5, "KILL", "noun")
    assert anchored(scene, 0, "KILL")[1].trigger.kind == "verb"


def test_a_frame_that_wants_more_keeps_its_trigger() -> None:
    _, (scene,) = tiny.told(text("نقلت نقل VERB 0 root\nروسيا روسيا PROPN 1 nsubj"))
    anchor, found = anchored(scene, 0, "SEND")
    assert anchor.readings[0].found is None
    assert (found.trigger, found.roles) == (anchor.readings[0].trigger, {})


def offered(told: Sequence[Scene], *chosen: tuple[int, int, str]) -> dict[int, list[tuple[str, int]]]:
    """For every target the things that may have a role in it, with the sentences where they stand."""
    targets, offers = candidates(told, chosen, tiny.extractor())
    return {k: [(str(o.handle.concept), o.plain.sentence) for o in offers if o.target == k] for k in range(len(targets))}


def test_arguments_of_the_sentence_and_of_those_before() -> None:
    _, told = tiny.told(text(attack("اليمن", "اليابان"), attack("إيران", "روسيا"), attack("روسيا", "أوكرانيا"), attack("إيران", "أوكرانيا")))
    seen = offered(told, (0, 0, "ATTACK"), (2, 0, "ATTACK"), (3, 0, "ATTACK"))
    assert seen[0] == [("Q805", 0), ("Q17", 0)]
    assert seen[1] == [("Q159", 2), ("Q212", 2), ("Q794", 1), ("Q805", 0), ("Q17", 0)]  # Russia once, where it is nearest
    assert seen[2] == [("Q794", 3), ("Q212", 3), ("Q159", 2)]  # nothing from more than BACK sentences before
    assert BACK == 2


def test_targets_are_in_the_order_of_the_text_with_what_rules_say() -> None:
    _, told = tiny.told(tiny.denied())
    (target,), _ = candidates(told, [(0, 5, "SEND")], tiny.extractor())
    assert target == Target(0, 5, TYPES.index("SEND"), MODALITIES.index("asserted"), POLARITIES.index("negative"))
    _, told = tiny.told(tiny.planned())
    (target,), _ = candidates(told, [(0, 1, "ATTACK")], tiny.extractor())
    assert MODALITIES[target.modality] == "planned"


def test_the_speaker_is_marked() -> None:
    _, told = tiny.told(tiny.denied())
    _, offers = candidates(told, [(0, 5, "SEND")], tiny.extractor())
    assert [o.plain.pair.numbers[6] for o in offers] == [1.0, 0.0, 0.0, 0.0]


def test_what_stands_for_one_thing_has_one_number_for_each_target() -> None:
    twice = """هاجمت هاجم VERB 0 root
روسيا روسيا PROPN 1 nsubj
أوكرانيا أوكرانيا PROPN 1 obj
و و CCONJ 5 cc
هاجمت هاجم VERB 1 conj
روسيا روسيا PROPN 5 nsubj
إيران إيران PROPN 5 obj"""
    _, told = tiny.told(text(twice))
    targets, offers = candidates(told, [(0, 0, "ATTACK"), (0, 4, "ATTACK")], tiny.extractor())
    assert [(o.target, o.handle.concept, o.plain.entity) for o in offers] == [
        (0, "Q159", 0), (0, "Q212", 1), (0, "Q159", 0), (0, "Q794", 2), (1, "Q159", 3), (1, "Q212", 4), (1, "Q159", 3), (1, "Q794", 5),
    ]  # fmt: skip
    assert len(targets) == 2


def elsewhere(p: Pair) -> set[str]:
    return {r for r, x in zip(ROLES, p.numbers[FLAGS + 2 * len(ROLES) :], strict=True) if x}


def test_roles_in_other_events_are_known_but_not_those_in_this_one() -> None:
    _, told = tiny.told(tiny.sent())
    _, offers = candidates(told, [(0, 0, "SEND"), (1, 0, "ATTACK")], tiny.extractor())
    assert [elsewhere(o.plain.pair) for o in offers if o.target == 0] == [set(), set(), set()]
    assert [(o.handle.concept, elsewhere(o.plain.pair)) for o in offers if o.target == 1] == [
        ("Q159", set()),
        ("Q212", set()),
        ("Q423", {"agent"}),
        ("force/soldier", {"theme"}),
    ]


# ---------------------------------------------------------------------------------------------------------------------
# Frames alone


def test_without_a_scorer_frames_read() -> None:
    _, told = tiny.told(tiny.sent())
    events = reading.read(told, tiny.extractor())
    assert events == reading.by_frames(told, tiny.extractor())
    assert [(e.sentence, e.start, e.end, e.type) for e in events] == [(0, 0, 1, "SEND"), (1, 0, 1, "ATTACK")]
    assert {role: [h.concept for h in handles] for role, handles in events[0].roles.items()} == {
        "agent": ["Q423"],
        "theme": ["force/soldier"],
        "recipient": ["Q159"],
    }
    assert events[0].path.startswith("send/verb: agent=subject by parse")
    assert reading.read([], tiny.extractor(Scorer([tiny.network()], {}))) == []


def test_frames_say_how_sure_they_are() -> None:
    _, told = tiny.told(tiny.denied())
    (event,) = reading.by_frames(told, tiny.extractor())
    (found,) = choose(told[0].readings)
    assert event.confidence == round(min(0.99, found.score / 3), 3)
    assert (event.polarity, [h.concept for h in event.source]) == ("negative", ["Q17"])


# ---------------------------------------------------------------------------------------------------------------------
# Decisions


def handles(told: Sequence[Scene]) -> dict[str, tuple[Argument, int]]:
    return {str(a.handle.concept): (a, n) for n, s in enumerate(told) for a in s.sites.args}


def answer(told: Sequence[Scene], sentence: int, type: str, probability: float, **entities: tuple[str, float, float]) -> Answer:
    """An answer about the first word of a sentence; `entities` by concept: role, probability, source."""
    known = handles(told)
    standing = tuple(Standing(*known[c.replace("_", "/")], *said) for c, said in entities.items())
    return Answer(sentence, 0, type, probability, "asserted", "positive", standing)


def decided(told: Sequence[Scene], *answers: Answer, **settings: float) -> list[Told]:
    return reading.decide(told, answers, {**SETTINGS, **{k.replace("_", "."): v for k, v in settings.items()}})


def roles(event: Told) -> dict[str, list[str]]:
    return {role: [str(h.concept) for h in handles] for role, handles in event.roles.items()}


@pytest.fixture
def told() -> list[Scene]:
    return tiny.told(tiny.sent())[1]


def test_thresholds_are_the_least_that_counts(told: list[Scene]) -> None:
    a = answer(told, 1, "ATTACK", 0.5, Q159=("agent", 0.3, 0.4), Q212=("target", 0.4, 0.39))
    (event,) = decided(told, a, trigger=0.5, lead=0.3, role=0.4, source=0.4)
    assert roles(event) == {"agent": ["Q159"], "target": ["Q212"]}
    assert [h.concept for h in event.source] == ["Q159"]
    assert decided(told, a, trigger=0.51) == []
    assert roles(*decided(told, a, lead=0.31, role=0.4)) == {"target": ["Q212"]}
    assert roles(*decided(told, a, lead=0.3, role=0.41)) == {"agent": ["Q159"]}
    assert decided(told, a, lead=0.31, role=0.41) == []  # nobody takes part
    assert decided(told, a, source=0.41)[0].source == ()


def test_of_several_in_one_role_the_likeliest_and_those_that_are_sure(told: list[Scene]) -> None:
    a = answer(told, 1, "ATTACK", 0.9, Q423=("target", 0.7, 0.0), Q212=("target", 0.75, 0.0), force_soldier=("target", 0.9, 0.0))
    assert roles(*decided(told, a, role=0.4, second=0.8)) == {"target": ["force/soldier"]}
    assert roles(*decided(told, a, role=0.4, second=0.72)) == {"target": ["Q212", "force/soldier"]}  # in the order of the words
    assert len(roles(*decided(told, a, role=0.4, second=0.7))["target"]) == 3


def test_what_is_coordinated_comes_along() -> None:
    rows = "هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nو و CCONJ 4 cc\nإيران إيران PROPN 2 conj\nأوكرانيا أوكرانيا PROPN 1 obj"
    _, told = tiny.told(text(rows))
    a = answer(told, 0, "ATTACK", 0.9, Q159=("agent", 0.9, 0.0), Q794=("agent", 0.45, 0.0), Q212=("agent", 0.45, 0.0))
    assert roles(*decided(told, a, role=0.4, second=0.8)) == {"agent": ["Q159", "Q794"]}
    assert roles(*decided(told, a, role=0.5, second=0.8)) == {"agent": ["Q159"]}


def test_groups_of_two_sentences_are_not_coordinated(told: list[Scene]) -> None:
    # The first argument of either sentence has the group 0.
    assert told[0].sites.args[0].group == told[1].sites.args[0].group
    a = answer(told, 1, "ATTACK", 0.9, Q159=("agent", 0.9, 0.0), Q423=("agent", 0.6, 0.0))
    assert roles(*decided(told, a, role=0.4, second=0.8)) == {"agent": ["Q159"]}


CONCEPTS = ("Q423", "force_soldier", "Q159", "Q212")
CHANCE = st.floats(0.01, 1.0)
TOLD = tiny.told(tiny.sent())[1]


@settings(deadline=None)
@given(
    CHANCE,
    st.dictionaries(st.sampled_from(CONCEPTS), st.tuples(st.sampled_from(["agent", "target", "location"]), CHANCE, CHANCE), min_size=1),
    st.fixed_dictionaries({name: CHANCE for name in ("trigger", "role", "lead", "second", "source")}),
    st.sampled_from(["trigger", "role", "lead", "second", "source"]),
    CHANCE,
)
def test_a_higher_threshold_never_gives_more(
    probability: float, entities: dict[str, tuple[str, float, float]], low: dict[str, float], name: str, more: float
) -> None:
    a = answer(TOLD, 1, "ATTACK", probability, **entities)
    high = {**low, name: min(1.0, low[name] + more)}

    def said(thresholds: Mapping[str, float]) -> tuple[int, set[tuple[str, Handle]], set[Handle]]:
        events = decided(TOLD, a, **thresholds)
        return len(events), {(r, h) for e in events for r, group in e.roles.items() for h in group}, {h for e in events for h in e.source}

    few, many = said(high), said(low)
    assert few[0] <= many[0] <= 1
    assert few[1] <= many[1] and few[2] <= many[2]
    known = handles(TOLD)
    assert many[1] <= {(role, known[c.replace("_", "/")][0].handle) for c, (role, *_) in entities.items()}


def test_an_event_says_how_it_was_found(told: list[Scene]) -> None:
    send = answer(told, 0, "SEND", 0.91, Q423=("agent", 0.82, 0.0), Q159=("theme", 0.73, 0.0))
    (event,) = decided(told, send)
    assert event.path == "send/verb 0.91: agent=subject by parse 0.82, theme=learned 0.73"
    (event,) = decided(told, replace(send, type="KILL"))
    assert event.path == "learned 0.91: agent=learned 0.82, theme=learned 0.73"
    assert (event.start, event.end) == (0, 1)


def test_a_trigger_of_several_words_is_told_whole(tmp_path: Path) -> None:
    phrase = small.FRAMES + '\nkgf:lay a kgo:Frame ; kgo:eventType "ATTACK" ; kgo:phrase "ضرب حصارا" ; kgo:role kgf:attack.agent .'
    rows = "ضرب ضرب VERB 0 root\nحصارا حصار NOUN 1 obj\nعلى على ADP 4 case\nروسيا روسيا PROPN 1 obl"
    _, told = tiny.told(text(rows), tiny.extractor(frames=small.frames(tmp_path, phrase)))
    (event,) = decided(told, answer(told, 0, "ATTACK", 0.9, Q159=("target", 0.9, 0.0)))
    assert (event.start, event.end) == (0, 2)
    (event,) = decided(told, answer(told, 0, "KILL", 0.9, Q159=("victim", 0.9, 0.0)))
    assert (event.start, event.end) == (0, 1)


# ---------------------------------------------------------------------------------------------------------------------
# Confidence


def test_confidence_by_hand() -> None:
    assert reading.confidence(1.0, [1.0], {"bias": 2.0, "weight.trigger": 1.0, "weight.role": 1.0}) == 0.881
    # z = 1 + 2 ln 0.5 + 3 (ln 0.5 + ln 0.25) / 2
    assert reading.confidence(0.5, [0.5, 0.25], {"bias": 1.0, "weight.trigger": 2.0, "weight.role": 3.0}) == 0.029


@settings(deadline=None)
@given(
    CHANCE,
    st.lists(CHANCE, min_size=1, max_size=5),
    st.fixed_dictionaries({"bias": st.floats(-5, 5), "weight.trigger": st.floats(0, 5), "weight.role": st.floats(0, 5)}),
    st.floats(0, 1),
)
def test_confidence_grows_with_its_parts(trigger: float, roles: list[float], fitted: dict[str, float], nearer: float) -> None:
    low = reading.confidence(trigger, roles, fitted)
    assert 0 <= low <= 1
    assert reading.confidence(trigger + (1 - trigger) * nearer, roles, fitted) >= low
    assert reading.confidence(trigger, [roles[0] + (1 - roles[0]) * nearer, *roles[1:]], fitted) >= low
    assert reading.confidence(trigger, list(reversed(roles)), fitted) == pytest.approx(low, abs=0.0011)


# ---------------------------------------------------------------------------------------------------------------------
# A scorer's answers


class Oracle(Scorer):
    """A scorer that knows: triggers by (sentence, word), roles and sources by (target, sentence, word of the head)."""

    def __init__(self, triggers: Mapping[tuple[int, int], tuple[str, float]], **settings: float) -> None:
        super().__init__([], settings)
        self.known = triggers
        self.role: dict[tuple[int, int, int], tuple[str, float]] = {}
        self.source: dict[tuple[int, int, int], float] = {}
        self.asked: list[Candidate] = []

    def triggers(self, sentences: Sequence[Words]) -> list[Tensor]:
        out = [torch.zeros(len(s.forms), len(TYPES) + 1) for s in sentences]
        for of_words in out:
            of_words[:, 0] = 1.0
        for (n, at), (type, p) in self.known.items():
            out[n][at, 0], out[n][at, TYPES.index(type) + 1] = 1 - p, p
        return out

    def facts(self, targets: Sequence[Target]) -> tuple[Tensor, Tensor]:
        modality, polarity = torch.zeros(len(targets), len(MODALITIES)), torch.zeros(len(targets), len(POLARITIES))
        for k, t in enumerate(targets):
            modality[k, t.modality] = polarity[k, t.polarity] = 1.0
        return modality, polarity

    def roles(self, targets: Sequence[Target], candidates: Sequence[Candidate]) -> tuple[Tensor, Tensor]:
        self.asked = list(candidates)
        size = max((c.entity for c in candidates), default=-1) + 1
        roles, source = torch.zeros(size, len(ROLES) + 1), torch.zeros(size)
        for c in candidates:
            role, p = self.role.get((c.target, c.sentence, c.head), ("agent", 0.0))
            roles[c.entity, ROLES.index(role) + 1] += p
            source[c.entity] += self.source.get((c.target, c.sentence, c.head), 0.0)
        return roles, source


def oracle() -> Oracle:
    found = Oracle({(0, 0): ("SEND", 0.9), (0, 4): ("KILL", 0.15), (1, 0): ("ATTACK", 0.8)}, trigger=0.4, role=0.4, lead=0.4, source=0.4)
    found.role = {(0, 0, 1): ("agent", 0.9), (0, 0, 4): ("theme", 0.8), (0, 0, 6): ("recipient", 0.7)}
    found.role |= {(1, 1, 1): ("agent", 0.6), (1, 1, 2): ("target", 0.5), (1, 0, 1): ("target", 0.3)}
    found.source = {(1, 0, 1): 0.7}
    return found


def test_what_a_scorer_says_becomes_events() -> None:
    _, told = tiny.told(tiny.sent())
    extractor = tiny.extractor(oracle())
    send, attack = reading.read(told, extractor)
    assert (send.type, roles(send), send.source) == ("SEND", {"agent": ["Q423"], "theme": ["force/soldier"], "recipient": ["Q159"]}, ())
    assert (attack.type, roles(attack), [h.concept for h in attack.source]) == ("ATTACK", {"agent": ["Q159"], "target": ["Q212"]}, ["Q423"])


def test_thresholds_of_the_file_count_before_those_of_kg() -> None:
    _, told = tiny.told(tiny.sent())
    asked = oracle()
    asked.settings = {"trigger": 0.85}
    assert [e.type for e in reading.read(told, tiny.extractor(asked))] == ["SEND"]
    asked.settings = {}
    for above, types in ((0.01, ["SEND", "ATTACK"]), (-0.01, ["SEND"])):
        asked.known = {(0, 0): ("SEND", 0.99), (1, 0): ("ATTACK", SETTINGS["trigger"] + above)}
        asked.role = {(k, k, 1): ("agent", 0.99) for k in (0, 1)}
        assert [e.type for e in reading.read(told, tiny.extractor(asked))] == types


def test_answers_about_all_words_that_may_be_triggers() -> None:
    _, told = tiny.told(tiny.sent())
    asked = oracle()
    assert [(a.sentence, a.at, a.type) for a in reading.ask(told, tiny.extractor(), asked, 0.4)] == [(0, 0, "SEND"), (1, 0, "ATTACK")]
    answers = reading.ask(told, tiny.extractor(), asked, 0.14)
    assert [(a.sentence, a.at, a.type) for a in answers] == [(0, 0, "SEND"), (0, 4, "KILL"), (1, 0, "ATTACK")]
    assert [round(a.probability, 2) for a in answers] == [0.9, 0.15, 0.8]
    assert reading.ask(told, tiny.extractor(), asked, 0.95) == []


def test_of_an_entity_with_two_arguments_the_nearer_one_stands_for_it() -> None:
    rows = "روسيا روسيا PROPN 2 nsubj\nهاجمت هاجم VERB 0 root\nأوكرانيا أوكرانيا PROPN 2 obj\nو و CCONJ 5 cc\nروسيا روسيا PROPN 3 conj"
    _, told = tiny.told(text(rows))
    asked = Oracle({(0, 1): ("ATTACK", 0.9)})
    asked.role = {(0, 0, 4): ("agent", 0.9)}
    (answered,) = reading.ask(told, tiny.extractor(), asked, 0.3)
    (russia,) = [s for s in answered.entities if s.argument.handle.concept == "Q159"]
    assert (russia.argument.head, russia.role, russia.probability) == (0, "agent", pytest.approx(0.9))


def test_an_argument_of_the_sentence_is_nearer_than_one_before_it() -> None:
    _, told = tiny.told(tiny.sent())
    answered = reading.ask(told, tiny.extractor(), oracle(), 0.4)[1]
    assert [(s.argument.handle.concept, s.sentence) for s in answered.entities] == [("Q159", 1), ("Q212", 1), ("Q423", 0), ("force/soldier", 0)]


def test_modality_and_polarity_are_the_scorers() -> None:
    class Pessimist(Oracle):
        def facts(self, targets: Sequence[Target]) -> tuple[Tensor, Tensor]:
            return torch.tensor([[0.1, 0.1, 0.1, 0.1, 0.6]] * len(targets)), torch.tensor([[0.4, 0.6]] * len(targets))

    _, told = tiny.told(tiny.sent())
    asked = Pessimist({(1, 0): ("ATTACK", 0.8)})
    (answered,) = reading.ask(told, tiny.extractor(), asked, 0.4)
    assert (answered.modality, answered.polarity) == ("denied", "negative")


def test_a_trigger_with_nothing_around_it() -> None:
    _, told = tiny.told(text("هاجم هاجم VERB 0 root"))
    (answered,) = reading.ask(told, tiny.extractor(), Oracle({(0, 0): ("ATTACK", 0.8)}), 0.4)
    assert answered.entities == ()
    assert reading.decide(told, [answered], SETTINGS) == []
    assert reading.ask(told, tiny.extractor(), Scorer([tiny.network()], {}), 0.0)[0].entities == ()


@pytest.fixture(scope="module")
def untrained() -> Scorer:
    return Scorer([tiny.network(1), tiny.network(2)], {})


@settings(deadline=None, max_examples=15)
@given(st.data(), st.floats(0.0, 0.3))
def test_whatever_the_parse_answers_are_what_events_may_be(untrained: Scorer, data: st.DataObject, least: float) -> None:
    gold, sentences = tiny.sent()
    _, told = tiny.told((gold, tuple(data.draw(tiny.parses(s)) for s in sentences)))
    everything = reading.ask(told, tiny.extractor(), untrained, 0.0)
    assert [(a.sentence, a.at) for a in everything] == [(n, i) for n, s in enumerate(sentences) for i in range(len(s.words))]
    some = reading.ask(told, tiny.extractor(), untrained, least)
    assert [(a.sentence, a.at, a.type) for a in some] == [(a.sentence, a.at, a.type) for a in everything if a.probability >= least]
    for a in everything:
        assert {s.role for s in a.entities} <= set(EVENT_ROLES[a.type])
        assert len({s.argument.handle for s in a.entities}) == len(a.entities) > 0
        assert all(0 < s.probability < 1 and 0 < s.source < 1 for s in a.entities)


def test_an_extractor_with_a_scorer_gives_its_events(untrained: Scorer) -> None:
    gold, sentences = tiny.sent()
    everything = Scorer(untrained.networks, {"trigger": 0.0, "role": 0.0, "lead": 0.0, "second": 0.0, "source": 0.0})
    found = tiny.extractor(everything)(Document("d", gold["text"]), sentences)
    assert [e.trigger.text for e in found.events] == [w.text for s in sentences for w in s.words]
    ids = {e.id for e in found.entities}
    assert all({*e.source, *(i for group in e.roles.values() for i in group)} <= ids for e in found.events)
    assert Extraction.from_json(found.to_json()).to_json() == found.to_json()


# ---------------------------------------------------------------------------------------------------------------------
# Purposes

HELP = (
    "أرسلت أرسل VERB 0 root\nإيران إيران PROPN 1 nsubj\nجنودا جندي NOUN 1 obj\n{} {} ADP 5 case\nمساعدة مساعدة NOUN 1 obl\nروسيا روسيا PROPN 5 nmod"
)


@pytest.mark.parametrize(("preposition", "helped"), [("ل", ["Q159"]), ("بعد", None)])
def test_what_is_sent_to_help_somebody_is_sent_to_him(preposition: str, helped: list[str] | None) -> None:
    _, told = tiny.told(text(HELP.format(preposition, preposition)), tiny.extractor())
    iran, russia = (told[0].sites.args[n].handle for n in (0, 1))
    sent = Told(0, 0, 1, "SEND", {"theme": (iran,)}, (), "positive", "asserted", 0.5, "send/verb 0.50: theme=object by parse 0.50")
    help = Told(0, 4, 5, "SUPPORT", {"recipient": (russia,)}, (), "positive", "planned", 0.5, "support/noun 0.50: recipient=genitive by parse 0.50")
    first, second = reading.purposes(told, [sent, help])
    assert roles(first).get("recipient") == helped
    assert second == help
    has_one = replace(sent, roles={**sent.roles, "recipient": (iran,)})
    assert reading.purposes(told, [has_one, help]) == [has_one, help]


# ---------------------------------------------------------------------------------------------------------------------
# A user's own frames beside a scorer

OWN = f"""
@prefix kgo: <{KGO}> .
@prefix my: <https://example.org/my/> .
my:type a kgo:EventType ; kgo:typeName "PRAISE" ; kgo:mayHave "agent", "target" .
my:praise a kgo:Frame ; kgo:eventType "PRAISE" ; kgo:verb "امتدح يمتدح", "هاجم يهاجم" ; kgo:role my:agent, my:target .
my:agent kgo:roleName "agent" ; kgo:accepts "STATE" ; kgo:syntax "subject" .
my:target kgo:roleName "target" ; kgo:accepts "STATE" ; kgo:syntax "object" .
"""


@pytest.fixture
def own(tmp_path: Path) -> Frames:
    (tmp_path / "frames.ttl").write_text(small.FRAMES, encoding="utf-8")
    (tmp_path / "own.ttl").write_text(OWN, encoding="utf-8")
    return Frames.load(tmp_path / "frames.ttl", own=[tmp_path / "own.ttl"])


def praised(own: Frames, **known: Any) -> list[tuple[int, str]]:
    """The events of «امتدحت إيران روسيا. هاجمت روسيا أوكرانيا.», as sentence and type."""
    parsed = text(attack("إيران", "روسيا").replace("هاجمت هاجم", "امتدحت امتدح"), attack("روسيا", "أوكرانيا"))
    asked = Oracle(known.get("triggers", {}))
    asked.role = {(0, n, 1): ("agent", 0.9) for n in (0, 1)}
    extractor = tiny.extractor(asked, own)
    return [(e.sentence, e.type) for e in reading.read(tiny.told(parsed, extractor)[1], extractor)]


def test_own_types_are_read_beside_a_scorer(own: Frames) -> None:
    assert praised(own) == [(0, "PRAISE"), (1, "PRAISE")]


def test_a_type_of_the_users_own_wins_over_what_the_scorer_sees_in_the_word(own: Frames) -> None:
    assert praised(own, triggers={(1, 0): ("ATTACK", 0.9)}) == [(0, "PRAISE"), (1, "PRAISE")]
    assert praised(own, triggers={(0, 1): ("ATTACK", 0.9)}) == [(0, "PRAISE"), (0, "ATTACK"), (1, "PRAISE")]


def test_where_both_see_a_type_of_kgs_the_scorer_has_seen_more(tmp_path: Path) -> None:
    (tmp_path / "frames.ttl").write_text(small.FRAMES, encoding="utf-8")
    kgs = OWN.replace('my:type a kgo:EventType ; kgo:typeName "PRAISE" ; kgo:mayHave "agent", "target" .', "").replace('"PRAISE"', '"CONDEMN"')
    (tmp_path / "own.ttl").write_text(kgs, encoding="utf-8")
    own = Frames.load(tmp_path / "frames.ttl", own=[tmp_path / "own.ttl"])
    assert praised(own, triggers={(1, 0): ("ATTACK", 0.9)}) == [(0, "CONDEMN"), (1, "ATTACK")]


def test_kgs_frames_are_not_read_beside_a_scorer() -> None:
    _, told = tiny.told(tiny.sent())
    assert reading.read(told, tiny.extractor(Oracle({}))) == []


# ---------------------------------------------------------------------------------------------------------------------
# Several documents


def test_documents_are_read_in_groups_as_if_each_were_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    by = tiny.extractor(Scorer([tiny.network(1)], {"trigger": 0.0, "role": 0.0, "lead": 0.0}))
    long = text(*(attack("روسيا", "أوكرانيا") for _ in range(reading._WINDOW + 5)))
    nothing: tiny.Parsed = ({"id": "nothing", "text": ""}, ())
    some = [tiny.sent(), nothing, long, tiny.denied(), tiny.sent(), tiny.planned()]
    parsed = [(Document(f"{n}", gold["text"]), sentences) for n, (gold, sentences) in enumerate(some)]
    alone = [by(*p) for p in parsed]
    assert sum(len(x.events) for x in alone) > len(some)

    assert by.scorer
    asked: list[int] = []
    read = by.scorer._encoded

    def counted(documents: Sequence[Sequence[Words]]) -> Any:
        asked.append(len(documents))
        return read(documents)

    monkeypatch.setattr(by.scorer, "_encoded", counted)
    monkeypatch.setattr(sys.modules["kg.extract"], "TOGETHER", 10_000)
    assert list(by.each(parsed)) == alone
    # All together (that which is there twice once more, by itself), and what stands behind the window of the long one.
    assert asked == ([5, 1, 1] if possible() else [1] * 6)
    monkeypatch.setattr(sys.modules["kg.extract"], "TOGETHER", 12)
    assert list(by.each(iter(parsed))) == alone
