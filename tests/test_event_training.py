"""kg.training.event_data and kg.training.events: lessons, losses, and a tiny network that learns three documents by heart."""

from __future__ import annotations

import copy
import json
import lzma
import math
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import reading
from kg.features import ROLES, TYPES
from kg.model import EVENT_ROLES, MODALITIES, POLARITIES, Document, Extraction, Sentence
from kg.reading import SETTINGS, Answer, Standing
from kg.scenes import Scene
from kg.scorer import Network, Scorer
from kg.text import fold
from kg.training import event_data, events
from kg.training.event_data import Lesson, documents, entities_of, lesson, word_of
from kg.training.events import Heard, calibrate, choose, further, hear, loss_of, mean_of, merged, train
from tests import small, tiny

SHARED = Path(__file__).parents[2] / "shared"


def lessons(*parsed: tiny.Parsed) -> list[Lesson]:
    return [lesson(gold, sentences, tiny.extractor()) for gold, sentences in parsed]


ALL = lessons(tiny.sent(), tiny.denied(), tiny.planned())

# ---------------------------------------------------------------------------------------------------------------------
# Documents


def row(at: int, **more: Any) -> dict[str, Any]:
    """An annotation in which Russia stands at `at`."""
    return {"id": "w1", "entities": [{"id": "ru", "type": "STATE", "mentions": [[at, at + 5]]}], "events": [], **more}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Gold documents, the corpus, and a folder of kg's own annotations: of lines 1 and 3 of the corpus, and of a text of its own."""
    (tmp_path / "train.jsonl").write_text(json.dumps({"id": "g1", "text": "نص"}) + "\n", encoding="utf-8")
    with lzma.open(tmp_path / "corpus.xz", "wt", encoding="utf-8") as f:
        f.write("سطر\nهاجمت روسيا\nسطر\nأوكرانيا\n")
    trigger = {"type": "ATTACK", "trigger": [0, 5], "roles": {"agent": ["ru"]}, "modality": "planned"}
    news = row(6, lines=[1, 3], events=[trigger])
    (tmp_path / "news_events.jsonl").write_text(json.dumps(news) + "\n", encoding="utf-8")
    (tmp_path / "events_written.jsonl").write_text(json.dumps(row(4, id="w2", text="إلى روسيا")) + "\n", encoding="utf-8")
    return tmp_path / "train.jsonl", tmp_path / "corpus.xz", tmp_path


def test_documents_of_the_corpus_and_of_their_own(folders: tuple[Path, Path, Path]) -> None:
    theirs, own = documents(*folders)
    assert [d["id"] for d in theirs] == ["g1"]
    news, written = own
    assert (news["text"], written["text"]) == ("هاجمت روسيا\nأوكرانيا", "إلى روسيا")
    assert news["entities"] == [{"id": "ru", "name": "ru", "type": "STATE", "mentions": [{"start": 6, "end": 11, "text": "روسيا"}]}]
    assert written["entities"][0]["mentions"] == [{"start": 4, "end": 9, "text": "روسيا"}]


def test_what_an_annotation_leaves_out_is_filled_in(folders: tuple[Path, Path, Path]) -> None:
    (event,) = documents(*folders)[1][0]["events"]
    assert event["trigger"] == {"start": 0, "end": 5, "text": "هاجمت"}
    assert (event["polarity"], event["modality"], event["source"]) == ("positive", "planned", [])


# ---------------------------------------------------------------------------------------------------------------------
# Lessons


def right(x: Lesson) -> list[tuple[str, str, bool]]:
    """For every candidate in order: its event's type, the role of its entity, whether this is the source."""
    return [(TYPES[x.targets[c.target].type], ROLES[x.roles[c.entity] - 1] if x.roles[c.entity] else "", x.sources[c.entity]) for c in x.candidates]


def test_a_lesson_says_what_is_right() -> None:
    sent, denied, planned = ALL
    assert sent.triggers == ((TYPES.index("SEND") + 1, *[0] * 7), (TYPES.index("ATTACK") + 1, 0, 0, 0))
    assert right(sent) == [
        ("SEND", "agent", False), ("SEND", "theme", False), ("SEND", "recipient", False),
        ("ATTACK", "agent", False), ("ATTACK", "target", False), ("ATTACK", "", False), ("ATTACK", "", False),
    ]  # fmt: skip
    assert right(denied) == [("SEND", "", True), ("SEND", "agent", False), ("SEND", "theme", False), ("SEND", "recipient", False)]
    assert [MODALITIES[m] for x in ALL for m in x.modalities] == ["asserted", "asserted", "asserted", "planned"]
    assert [POLARITIES[p] for x in ALL for p in x.polarities] == ["positive", "positive", "negative", "positive"]
    assert [len(w.forms) for w in sent.words] == [len(t) for t in sent.triggers]
    assert planned.id == "planned"


def test_the_right_modality_is_the_annotators_not_that_of_rules() -> None:
    gold, sentences = tiny.planned()
    gold["events"][0] |= {"modality": "possible", "polarity": "negative"}
    (x,) = lessons((gold, sentences))
    assert (MODALITIES[x.modalities[0]], MODALITIES[x.targets[0].modality]) == ("possible", "planned")
    assert (POLARITIES[x.polarities[0]], POLARITIES[x.targets[0].polarity]) == ("negative", "positive")
    gold["events"][0] |= {"modality": None, "polarity": None}
    assert (lessons((gold, sentences))[0].modalities, lessons((gold, sentences))[0].polarities) == ((0,), (0,))


def test_triggers_that_no_word_can_be_are_left_out() -> None:
    gold, sentences = tiny.sent()
    first = gold["events"][0]
    outside = {"start": gold["text"].index("."), "end": gold["text"].index(".") + 1, "text": "."}
    gold["events"] += [
        {**first, "type": "TRAIN"},  # the word has an event already, of which type SEND comes first
        {**first, "type": "PRAISE", "trigger": tiny.span(gold["text"], "جندي")},
        {**first, "type": "KILL", "trigger": outside},
    ]
    assert lessons((gold, sentences)) == [ALL[0]]


def test_a_trigger_of_several_words_is_its_first() -> None:
    gold, (first, _) = tiny.sent()
    at = gold["text"].index("جندي")
    assert word_of(first, at, at + 12) == 4
    assert word_of(first, at + 1, at + 2) == 4
    assert word_of(first, first.end - 1, first.end) is None  # a sign
    assert word_of(first, 1000, 1001) is None


def meant(gold: dict[str, Any], sentences: tuple[Sentence, ...]) -> dict[str, str]:
    register, told = tiny.told((gold, sentences))
    found = entities_of(gold, told, ((m, register.of(m)) for s in told for m in s.mentions))
    return {str(handle.concept): id for handle, id in found.items()}


def test_an_argument_stands_for_the_entity_that_it_overlaps() -> None:
    gold, sentences = tiny.sent()
    assert meant(gold, sentences) == {"Q423": "NK", "force/soldier": "men", "Q159": "RU", "Q212": "UA"}
    gold["entities"][0]["mentions"] = [tiny.span(gold["text"], "الشمالية")]  # in part
    assert meant(gold, sentences)["Q423"] == "NK"
    gold["entities"][0]["mentions"] = []
    assert "Q423" not in meant(gold, sentences)


def test_of_two_entities_the_one_with_most_mentions() -> None:
    gold, sentences = tiny.sent()
    first, second = gold["entities"][2]["mentions"]
    other = {"id": "A", "type": "STATE", "name": "A", "mentions": [first]}
    gold["entities"].append(other)
    assert meant(gold, sentences)["Q159"] == "RU"  # two against one
    gold["entities"][2]["mentions"] = [second]
    assert meant(gold, sentences)["Q159"] == "A"  # one against one: the first in the alphabet


@pytest.mark.parametrize(
    ("key", "found"), [({"qid": "Q159"}, True), ({"name": "RUSSIA"}, True), ({"name": "Iran"}, False), ({"qid": "Q794", "name": "x"}, False)]
)
def test_an_entity_that_only_a_nisba_names(key: dict[str, str], found: bool) -> None:
    text = "أرسلت الحكومة الروسية صواريخ"
    rows = "أرسلت أرسل VERB 0 root\nالحكومة حكومة NOUN 1 nsubj\nالروسية روسي ADJ 2 amod\nصواريخ صاروخ NOUN 1 obj"
    s = small.sentence(text, rows, [(3, 4, "WEAPON")])
    gold = {"id": "d", "text": text, "entities": [{"id": "E1", "type": "STATE", "mentions": [], **key}]}
    assert meant(gold, (s,)) == ({"Q159": "E1"} if found else {})


def test_what_has_no_item_is_not_every_entity_without_one() -> None:
    gold, sentences = tiny.sent()
    gold["entities"] = [{"id": "E1", "type": "STATE", "name": "Sudan", "mentions": []}]
    assert meant(gold, sentences) == {}  # «جندي» is an entry without an item


# ---------------------------------------------------------------------------------------------------------------------
# Losses


def whole(network: Network, *of: Lesson) -> float:
    """The sum of the losses of lessons read together, which `loss_of` divides."""
    together = merged(of)
    read = torch.cat([states for x in of for states in tiny.READER.of_documents([[w.forms for w in x.words]])[0]])
    return float(loss_of(network, together, read).detach()) * (len(together.targets) + 2)


@pytest.fixture(scope="module")
def network() -> Network:
    return tiny.network()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=6))
def test_merged_lessons_lose_what_they_lose_one_by_one(taught: Network, some: list[Lesson]) -> None:
    together = merged(some)
    assert whole(taught, *some) == pytest.approx(sum(whole(taught, x) for x in some), rel=1e-4)
    assert right(together) == [said for x in some for said in right(x)]


@settings(deadline=None)
@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=6))
def test_in_merged_lessons_everything_stands_where_it_stood(some: list[Lesson]) -> None:
    def places(x: Lesson) -> list[tuple[Any, ...]]:
        targets = [(x.words[t.sentence], t.at, t.type) for t in x.targets]
        return [*targets, *((targets[c.target], x.words[c.sentence], c.head, c.pair) for c in x.candidates)]

    apart = [places(x) for x in some]
    targets = [p for x, ps in zip(some, apart, strict=True) for p in ps[: len(x.targets)]]
    candidates = [p for x, ps in zip(some, apart, strict=True) for p in ps[len(x.targets) :]]
    assert places(merged(some)) == targets + candidates


def test_a_lesson_merged_with_nothing_is_itself() -> None:
    assert merged(ALL[:1]) == ALL[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"triggers": ((TYPES.index("ATTACK") + 1, *[0] * 7), (TYPES.index("SEND") + 1, 0, 0, 0))},
        {"modalities": (4, 4)},
        {"polarities": (1, 1)},
        {"roles": (0, 0, 0, 0, 0, 0, 0)},
        {"sources": (True,) * 7},
    ],
)
def test_every_part_of_a_lesson_counts(taught: Network, wrong: dict[str, Any]) -> None:
    assert whole(taught, replace(ALL[0], **wrong)) > whole(taught, ALL[0]) + 0.5


def test_a_role_that_the_type_does_not_have_cannot_be_learned(network: Network) -> None:
    impossible = ROLES.index("buyer") + 1
    assert math.isinf(whole(network, replace(ALL[0], roles=(impossible, *ALL[0].roles[1:]))))


def test_a_lesson_without_events_is_about_its_words(network: Network) -> None:
    nothing = replace(ALL[0], triggers=((0,) * 8, (0,) * 4), targets=(), candidates=(), modalities=(), polarities=(), roles=(), sources=())
    assert 0 < whole(network, nothing) < whole(network, ALL[0])


# ---------------------------------------------------------------------------------------------------------------------
# Training


def school(seed: int, epochs: int, of: Sequence[Lesson] = ALL) -> Network:
    return train(of, tiny.READER, seed=seed, sizes=tiny.SIZES, epochs=epochs)


@pytest.fixture(scope="module")
def taught() -> Network:
    return school(1, 150)


def test_training_lowers_the_loss(taught: Network) -> None:
    before = school(1, 1)
    assert all(whole(taught, x) < whole(before, x) / 4 for x in ALL)
    assert not taught.training


def test_the_same_seed_gives_the_same_network() -> None:
    one, same, other = (school(seed, 2).state_dict() for seed in (4, 4, 5))
    assert all(torch.equal(one[k], same[k]) for k in one)
    assert any(not torch.equal(one[k], other[k]) for k in one)


def test_a_network_that_goes_on_learns_the_new_and_keeps_the_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "FURTHER", (40, 1e-3))
    network = school(1, 100, ALL[:2])
    new, old = whole(network, ALL[2]), whole(network, *ALL[:2])
    assert further(network, ALL[2:], ALL[:2], tiny.READER, seed=3) is network
    assert not network.training
    assert whole(network, ALL[2]) < new / 2
    assert whole(network, *ALL[:2]) < old * 1.5


def test_word_vectors_stay_as_they_are() -> None:
    before = tiny.VECTORS.clone()
    school(1, 1)
    assert torch.equal(before, tiny.VECTORS)


def test_more_documents_than_one_step_holds() -> None:
    many = ALL * events.BATCH
    before, after = school(2, 1, many), school(2, 6, many)
    assert whole(after, *ALL) < whole(before, *ALL)
    assert [x.id for x in many] == ["sent", "denied", "planned"] * events.BATCH  # the order of the caller's list is left alone


def read(taught: Network, parsed: tiny.Parsed) -> Extraction:
    gold, sentences = parsed
    return tiny.extractor(Scorer([taught], {}))(Document(gold["id"], gold["text"]), sentences)


def told(x: Extraction) -> list[tuple[str, str, str, str, dict[str, list[str]], list[str]]]:
    def names(ids: Sequence[str]) -> list[str]:
        return [x.entity(i).name for i in ids]

    return [(e.type, e.trigger.text, e.polarity, e.modality, {r: names(ids) for r, ids in e.roles.items()}, names(e.source)) for e in x.events]


def test_what_was_learned_by_heart_is_known(taught: Network) -> None:
    assert told(read(taught, tiny.sent())) == [
        ("SEND", "أرسلت", "positive", "asserted", {"agent": ["North Korea"], "theme": ["3,000 soldiers"], "recipient": ["Russia"]}, []),
        ("ATTACK", "هاجمت", "positive", "asserted", {"agent": ["Russia"], "target": ["Ukraine"]}, []),
    ]
    assert told(read(taught, tiny.denied())) == [
        ("SEND", "ترسل", "negative", "asserted", {"agent": ["Iran"], "theme": ["ballistic missiles"], "recipient": ["Russia"]}, ["Japan"])
    ]
    assert told(read(taught, tiny.planned())) == [("ATTACK", "تهاجم", "positive", "planned", {"agent": ["Iran"], "target": ["Ukraine"]}, [])]


# ---------------------------------------------------------------------------------------------------------------------
# Thresholds and confidence


def test_parses_are_kept(tmp_path: Path) -> None:
    gold, sentences = tiny.sent()
    known = (tiny.with_states(sentences[0]), sentences[1])
    loaded: list[str] = []

    def pipeline() -> Any:
        loaded.append("once")
        return lambda documents: [(d, known) for d in documents]

    for _ in range(2):
        ((document, parsed),) = events.parsed([gold], pipeline, tmp_path / "new" / "gold.pickle")
        assert (document, parsed) == (gold, sentences)
        assert (parsed[0].states == known[0].states).all()
    assert loaded == ["once"]


def attacked(id: str, agent: str = "روسيا", target: str = "أوكرانيا", source: bool = False) -> tuple[dict[str, Any], list[Scene], Any]:
    """A document in which one state attacks another, with a third beside: its gold, scenes and entities. Iran is the source, if somebody is."""
    text = "هاجمت روسيا أوكرانيا مع إيران"
    rows = "هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nأوكرانيا أوكرانيا PROPN 1 obj\nمع مع ADP 5 case\nإيران إيران PROPN 1 obl"
    s = small.sentence(text, rows, [(i, i + 1, "STATE") for i in (1, 2, 4)])
    entities = [{"id": n, "type": "STATE", "mentions": [tiny.span(text, n)]} for n in ("روسيا", "أوكرانيا", "إيران")]
    event = {"type": "ATTACK", "trigger": tiny.span(text, "هاجمت"), "roles": {"agent": [agent], "target": [target]}}
    gold = {"id": id, "text": text, "entities": entities, "events": [{**event, "source": ["إيران"] if source else []}]}
    register, scenes = tiny.told((gold, (s,)))
    return gold, scenes, register


def heard(id: str, trigger: float, roles: dict[str, tuple[str, float, float]], more: Sequence[tuple[int, str, float]] = (), **right: Any) -> Heard:
    """What networks are made to say of such a document: of the first word, and of `more` words, with the same entities."""
    gold, scenes, register = attacked(id, **right)
    arguments = dict(zip(("russia", "ukraine", "iran"), scenes[0].sites.args, strict=True))
    standing = tuple(Standing(arguments[name], 0, *said) for name, said in roles.items())
    answers = [Answer(0, at, type, p, "asserted", "positive", standing) for at, type, p in ((0, "ATTACK", trigger), *more)]
    return Heard(gold, register, scenes, answers)


def test_thresholds_part_right_answers_from_wrong_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = {"trigger": (0.3, 0.5, 0.7), "role": (0.3, 0.5, 0.7), "lead": (0.2, 0.4, 0.6), "second": (0.6, 0.8, 0.9), "source": (0.3, 0.4, 0.5)}
    monkeypatch.setattr(events, "TRIED", tried)
    spurious = [(3, "KILL", 0.4)]
    held_out = [
        # Right: agent .5, target .6, source .45; wrong: a trigger of .4, a second target of .7, a location of .45, a source of .35.
        heard("a", 0.6, {"russia": ("agent", 0.5, 0.0), "ukraine": ("target", 0.9, 0.35), "iran": ("target", 0.7, 0.45)}, spurious, source=True),
        heard("b", 0.6, {"russia": ("agent", 0.5, 0.35), "ukraine": ("target", 0.6, 0.0), "iran": ("location", 0.45, 0.45)}, source=True),
        # Nobody is known to act: an agent of .3 is wrong.
        heard("c", 0.6, {"russia": ("victim", 0.0, 0.35), "ukraine": ("target", 0.6, 0.0), "iran": ("agent", 0.3, 0.45)}, source=True),
    ]
    chosen = choose(held_out, tiny.extractor())
    assert chosen == {**SETTINGS, "trigger": 0.5, "role": 0.5, "lead": 0.4, "second": 0.8, "source": 0.4}


def test_of_thresholds_that_are_worth_the_same_the_first_is_chosen() -> None:
    roles = {"russia": ("agent", 0.99, 0.0), "ukraine": ("target", 0.99, 0.0), "iran": ("target", 0.0, 0.99)}
    chosen = choose([heard("a", 0.99, roles, source=True)], tiny.extractor())
    assert chosen == {**SETTINGS, **{name: values[0] for name, values in events.TRIED.items()}}


def test_answers_of_networks_on_documents_that_they_have_not_seen(taught: Network) -> None:
    asked = Scorer([taught], {})
    (sent, planned) = hear([tiny.sent(), tiny.planned()], tiny.extractor(), asked)
    assert [(a.sentence, a.at, a.type) for a in (*sent.answers, *planned.answers)] == [(0, 0, "SEND"), (1, 0, "ATTACK"), (0, 1, "ATTACK")]
    assert told(sent.extraction(tiny.extractor(), SETTINGS)) == told(read(taught, tiny.sent()))
    assert sent.extraction(tiny.extractor(), {**SETTINGS, "trigger": 1.0}).events == ()
    found = [h.extraction(tiny.extractor(), SETTINGS).to_json() for h in (sent, planned)]
    figures = events.figures([sent.gold, planned.gold], map(Extraction.from_json, found))
    assert figures["event"]["f1"] == figures["role"]["f1"] == figures["edge"]["f1"] == 1.0
    assert events.worth(figures) == 3.5


def test_worth_counts_precision_of_edges_above_the_rest() -> None:
    def worth(p: float, r: float) -> float:
        edge = {"p": p, "r": r, "f1": 2 * p * r / (p + r)}
        return events.worth({"event": {"f1": 0.5}, "role": {"f1": 0.25}, "edge": edge})

    assert worth(0.8, 0.4) > worth(0.4, 0.8)
    assert worth(0.75, 0.75) == 0.5 + 0.25 + 0.75 + 0.375
    assert worth(events.PRECISION, 0.4) > worth(events.PRECISION - 0.02, 0.5)  # too many wrong ones


def test_figures_of_each_type() -> None:
    gold = [tiny.sent()[0], tiny.planned()[0]]
    found = copy.deepcopy(gold)
    found[0]["events"][0]["roles"] = {"agent": ["NK"]}
    found[1]["events"] = []
    out = events.by_type(gold, found)
    assert set(out) == {"ATTACK", "SEND"}
    assert out["ATTACK"] == {"gold": 2, "event": pytest.approx(2 / 3), "role": pytest.approx(2 / 3), "edge": pytest.approx(1.0)}
    assert out["SEND"] == {"gold": 1, "event": 1.0, "role": 0.5, "edge": 0.0}


def examination(seed: int, size: int) -> list[Heard]:
    """Documents in which an event is right with the probability of its trigger."""
    chance = random.Random(seed)
    out = []
    for n in range(size):
        p = chance.uniform(0.35, 0.98)
        roles = {"russia": ("agent", chance.uniform(0.5, 1.0), 0.0), "ukraine": ("target", chance.uniform(0.5, 1.0), 0.0)}
        out.append(heard(f"d{n}", p, roles, agent="روسيا" if chance.random() < p else "إيران"))
    return out


def test_confidence_is_fitted_to_what_was_right() -> None:
    held_out = examination(1, 120)
    fitted, table = calibrate(held_out, tiny.extractor(), SETTINGS)
    assert set(fitted) == {"bias", "weight.trigger", "weight.role"}
    assert fitted["weight.trigger"] > 0.5  # sure triggers were right more often
    assert sum(row["events"] for row in table) == len(held_out)
    assert [row["from"] for row in table] == sorted(row["from"] for row in table)
    assert all(row["from"] - 1e-6 <= row["confidence"] <= row["from"] + 0.1 + 1e-6 for row in table)
    # At the optimum of a logistic fit with a bias the mean confidence is the share of what is right.
    confidence, right = (sum(row["events"] * row[k] for row in table) / len(held_out) for k in ("confidence", "right"))
    assert confidence == pytest.approx(right, abs=1e-3)
    assert 0.4 < right < 0.9
    told = [reading.decide(h.told, h.answers, {**SETTINGS, **fitted})[0] for h in held_out]
    assert sum(e.confidence for e in told) / len(told) == pytest.approx(confidence, abs=2e-3)


def test_events_below_a_threshold_are_not_judged() -> None:
    held_out = examination(2, 60)
    _, table = calibrate(held_out, tiny.extractor(), {**SETTINGS, "trigger": 0.7})
    assert sum(row["events"] for row in table) == sum(h.answers[0].probability >= 0.7 for h in held_out) < 60


def test_the_tables_of_kgs_own_annotations_are_sound() -> None:
    own = Path(event_data.__file__).with_name("data")
    rows = [json.loads(line) for name in ("news_events", "events_written") for line in (own / f"{name}.jsonl").read_text("utf-8").splitlines()]
    assert len({r["id"] for r in rows}) == len(rows) > 100
    for r in rows:
        ids = {e["id"] for e in r["entities"]}
        for e in r["events"]:
            assert e["type"] in TYPES, r["id"]
            assert {*e.get("source", ()), *(i for group in e["roles"].values() for i in group)} <= ids, r["id"]
            for role in e["roles"]:
                assert role in EVENT_ROLES[e["type"]], (r["id"], e["type"], role)


def test_the_mean_of_networks_has_the_mean_of_their_weights() -> None:
    networks = [train(ALL, tiny.READER, seed, tiny.SIZES, 1) for seed in (0, 1, 2)]
    before = [copy.deepcopy(n.state_dict()) for n in networks]
    mean = mean_of(networks).state_dict()
    for name, weight in mean.items():
        assert torch.allclose(weight, sum(b[name] for b in before) / 3, atol=1e-6), name


@pytest.mark.skipif(not SHARED.is_dir(), reason="the gold documents are not on this machine")
def test_no_document_of_kgs_own_tells_what_a_gold_document_tells_in_the_same_words() -> None:
    def fragments(text: str) -> set[str]:
        letters = re.sub(r"\W+", "", fold(text))
        return {letters[i : i + 45] for i in range(len(letters) - 44)}

    gold = [json.loads(line) for name in ("train", "dev", "seed") for line in (SHARED / "gold" / f"{name}.jsonl").read_text("utf-8").splitlines()]
    _, own = documents(SHARED / "gold" / "train.jsonl", SHARED / "data" / "news" / "saudinewsnet.txt.xz")
    theirs = {f for d in gold for f in fragments(d["text"])}
    assert [d["id"] for d in own if fragments(d["text"]) & theirs] == []
