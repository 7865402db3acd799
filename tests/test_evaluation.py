"""kg.evaluation: small documents by hand, and the same figures as the project's reference scorer where that is at hand."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kg.errors import KgError
from kg.evaluation import Figures, load, right_events, score

TEXT = "أرسلت كوريا الشمالية قوات إلى روسيا، وقالت سيول إن كيم التقى بوتين."
SHARED = Path(__file__).parents[2] / "shared" / "gold"


def span(text: str) -> dict[str, Any]:
    start = TEXT.index(text)
    return {"start": start, "end": start + len(text), "text": text}


def entity(id: str, type: str, *mentions: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "mentions": [span(m) for m in mentions], **more}


def event(type: str, trigger: str, source: list[str] | None = None, **roles: Any) -> dict[str, Any]:
    how = {k: roles.pop(k) for k in ("polarity", "modality") if k in roles}
    return {"type": type, "trigger": span(trigger), "roles": roles, "source": source or [], **how}


GOLD: dict[str, Any] = {
    "id": "d",
    "text": TEXT,
    "entities": [
        entity("E1", "STATE", "كوريا الشمالية", name="North Korea", qid="Q423"),
        entity("E2", "FORCE", "قوات", name="troops", quantity={"value": 3000, "bound": "at-least"}),
        entity("E3", "STATE", "روسيا", name="Russia"),
        entity("E4", "STATE", "سيول", name="South Korea"),
        entity("E5", "PERSON", "كيم", name="Kim Jong Un"),
        entity("E6", "PERSON", "بوتين", name="Vladimir Putin"),
        entity("E7", "STATE", name="Ukraine", qid="Q212"),
    ],
    "events": [
        event("SEND", "أرسلت", agent=["E1"], theme=["E2"], recipient=["E3"]),
        event("MEET", "التقى", ["E4"], agent=["E5"], partner=["E6"]),
    ],
    "facts": [{"subject": "E5", "predicate": "headOfState", "object": "E1"}],
}


def figures(predicted: dict[str, Any] | None, gold: dict[str, Any] = GOLD) -> dict[str, dict[str, float]]:
    return score([gold], [predicted] if predicted else []).to_json()


def changed(**keys: Any) -> dict[str, Any]:
    return copy.deepcopy(GOLD) | keys


def test_gold_against_itself_is_perfect() -> None:
    out = figures(GOLD)
    assert {name: f["f1"] for name, f in out.items() if "f1" in f} == dict.fromkeys(
        ["mention", "mention FORCE", "mention PERSON", "mention STATE", "mention~", "entity", "role", "edge", "event", "source", "fact"], 1.0
    )
    assert out["mention"]["gold"] == 6
    assert out["entity"]["gold"] == 6  # the state without a mention is not counted
    assert out["edge"]["gold"] == 3
    assert out["quantity"] == {"accuracy": 1.0, "of": 1}
    assert out["polarity"] == out["modality"] == {"accuracy": 1.0, "of": 2}


def test_a_document_that_was_not_predicted_counts_as_empty() -> None:
    out = figures(None)
    assert out["mention"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "gold": 6, "predicted": 0}
    assert out["role"]["gold"] == 5
    assert "source" not in out and "polarity" not in out  # nothing was matched that could be judged


def test_figures_are_precision_recall_and_their_harmonic_mean() -> None:
    f = Figures()
    f.compare("x", [1, 2, 2, 3], [2, 2, 2, 4, 5])
    assert f.to_json() == {"x": {"p": 2 / 5, "r": 2 / 4, "f1": 2 * 0.4 * 0.5 / 0.9, "gold": 4, "predicted": 5}}


def test_a_mention_with_other_bounds_overlaps_only() -> None:
    predicted = changed()
    m = predicted["entities"][0]["mentions"][0]
    m["end"] = m["start"] + len("كوريا")
    out = figures(predicted)
    assert out["mention"]["p"] == 5 / 6
    assert out["mention~"]["p"] == 1.0
    assert out["entity"]["f1"] == out["role"]["f1"] == 1.0


def test_a_wrong_type_costs_the_entity_but_not_its_roles() -> None:
    predicted = changed()
    predicted["entities"][4]["type"] = "STATE"
    out = figures(predicted)
    assert out["entity"]["p"] == 5 / 6
    assert out["mention~"]["p"] == 5 / 6
    assert out["role"]["f1"] == out["fact"]["f1"] == 1.0


def test_ids_of_the_prediction_are_its_own() -> None:
    renamed = json.loads(json.dumps(GOLD).replace('"E', '"X'))
    assert figures(renamed) == figures(GOLD)


def test_entities_are_aligned_one_to_one_by_shared_mentions() -> None:
    gold = changed(entities=[entity("A", "STATE", "كوريا الشمالية", "سيول"), entity("B", "STATE", "روسيا")])
    gold["events"], gold["facts"] = [], []
    predicted = gold | {"entities": [entity("X", "STATE", "سيول", "روسيا"), entity("Y", "STATE", "كوريا الشمالية")]}
    # X shares one mention with each; the pair of the smaller id wins, and Y finds its entity taken.
    assert figures(predicted, gold)["entity"]["p"] == 0.5
    predicted = gold | {"entities": [entity("X", "STATE", "روسيا"), entity("Y", "STATE", "كوريا الشمالية", "سيول")]}
    assert figures(predicted, gold)["entity"]["p"] == 1.0


def test_an_entity_without_mentions_is_known_by_item_or_name() -> None:
    fact = {"subject": "E2", "predicate": "forceOf", "object": "E7"}
    gold = changed(facts=[fact])
    for key in ({"qid": "Q212"}, {"name": "UKRAINE"}):
        predicted = copy.deepcopy(gold)
        predicted["entities"][6] = entity("E7", "STATE", **key)
        assert figures(predicted, gold)["fact"]["f1"] == 1.0
    predicted["entities"][6] = entity("E7", "STATE", name="Russia")
    assert figures(predicted, gold)["fact"]["f1"] == 0.0


def test_a_trigger_may_be_longer_by_a_light_verb_but_not_a_sentence() -> None:
    predicted = changed()
    trigger = predicted["events"][0]["trigger"]
    trigger["end"] = trigger["start"] + 2 * 5 + 4
    assert figures(predicted)["event"]["p"] == 1.0
    trigger["end"] += 1
    assert figures(predicted)["event"]["p"] == 0.5


def test_right_events_are_those_that_add_nothing_wrong() -> None:
    assert right_events(GOLD, GOLD) == [True, True]
    predicted = changed()
    del predicted["events"][0]["roles"]["theme"]  # a role too few
    predicted["events"][1]["roles"]["agent"] = ["E5", "E6"]  # one entity too many
    assert right_events(GOLD, predicted) == [True, False]
    assert right_events(changed(events=[]), GOLD) == [False, False]
    assert right_events(GOLD, changed(events=[])) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "DEPLOY"},
        {"trigger": span("التقى")},
        {"trigger": {"start": 0, "end": 20, "text": TEXT[:20]}},  # a clause is no trigger
        {"roles": {"agent": ["E3"], "theme": ["E2"], "recipient": ["E3"]}},
        {"roles": {"agent": ["E1"], "recipient": ["E2"]}},
        {"roles": {"agent": ["E1", "E7"]}},
    ],
)
def test_an_event_is_wrong_by_its_type_its_place_and_its_roles(wrong: dict[str, Any]) -> None:
    predicted = changed()
    predicted["events"][0] |= wrong
    assert right_events(GOLD, predicted) == [False, True]


def test_right_events_know_entities_by_their_mentions_and_no_other_verdicts() -> None:
    renamed = json.loads(json.dumps(GOLD).replace('"E', '"X'))
    renamed["events"][0] |= {"polarity": "negative", "source": ["X3"]}  # of what happened, by whom it is said, nothing is asked here
    assert right_events(GOLD, renamed) == [True, True]
    del renamed["text"]
    assert right_events(GOLD, renamed) == [True, True]


def test_of_two_events_at_one_trigger_the_better_one_is_right() -> None:
    predicted = changed()
    predicted["events"].insert(0, event("SEND", "أرسلت", agent=["E5"]))
    predicted["events"].append(event("SEND", "أرسلت", agent=["E1"]))
    assert right_events(GOLD, predicted) == [False, True, True, False]


def test_an_event_is_matched_once() -> None:
    predicted = changed()
    predicted["events"].append(event("SEND", "أرسلت", agent=["E5"]))
    out = figures(predicted)
    assert out["event"] == {"p": 2 / 3, "r": 1.0, "f1": 0.8, "gold": 2, "predicted": 3}
    assert out["role"]["predicted"] == 6


def test_roles_of_an_entity_that_is_not_gold_are_wrong() -> None:
    predicted = changed()
    predicted["entities"][5] = entity("E6", "PERSON", "وقالت")
    out = figures(predicted)
    assert out["role"]["r"] == 4 / 5
    assert out["edge"]["r"] == 2 / 3


def test_edges_of_a_symmetric_event_have_no_direction() -> None:
    predicted = changed()
    predicted["events"][1]["roles"] = {"agent": ["E6"], "partner": ["E5"]}
    out = figures(predicted)
    assert out["edge"]["f1"] == 1.0
    assert out["role"]["f1"] == 0.6


def test_a_victim_leads_an_edge_only_where_nobody_acts() -> None:
    def edges(**roles: list[str]) -> float:
        out = figures(None, changed(events=[event("KILL", "أرسلت", **roles)], facts=[]))
        return out["edge"]["gold"] if "edge" in out else 0

    assert edges(victim=["E2"], location=["E3"]) == 1
    assert edges(agent=["E1"], victim=["E2"], location=["E3"]) == 2
    assert edges(location=["E3"]) == 0


@pytest.mark.parametrize("how", [{"polarity": "negative"}, {"modality": "planned"}])
def test_what_did_not_happen_gives_no_edge_and_is_judged(how: dict[str, str]) -> None:
    (what, value), predicted = next(iter(how.items())), changed()
    predicted["events"][0] |= how
    out = figures(predicted)
    assert out["edge"]["predicted"] == 1
    assert out[what] == {"accuracy": 0.5, "of": 2}
    assert out[f"is {value}"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "gold": 0, "predicted": 1}


def test_a_quantity_is_its_value_and_bound() -> None:
    for quantity in ({"value": 3000}, {"value": 2000, "bound": "at-least"}, None):
        predicted = changed()
        predicted["entities"][1]["quantity"] = quantity
        assert figures(predicted)["quantity"] == {"accuracy": 0.0, "of": 1}


def test_another_text_is_an_error() -> None:
    with pytest.raises(KgError, match="not the gold text"):
        figures(changed(text=TEXT + " "))


@pytest.mark.parametrize(
    "broken", [{"entities": [{"type": "STATE"}]}, {"events": [{"type": "SEND", "trigger": 5}]}, {"facts": [{}]}, {"entities": 5}]
)
def test_what_is_not_in_the_format_is_an_error(broken: dict[str, Any]) -> None:
    with pytest.raises(KgError, match="document d is not in the annotation format"):
        figures(changed(**broken))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no documents"),
        (b"{", ":1: is broken JSON"),
        (b"[]", ":1: is not a JSON object"),
        (b"{}", "with an 'id'"),
        (b"\xff", "not UTF-8 at byte 0"),
    ],
)
def test_files_that_cannot_be_scored(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    with pytest.raises(KgError, match=words):
        load(path)
    with pytest.raises(KgError, match="cannot be read"):
        load(tmp_path / "missing.jsonl")


def spoilt(document: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A gold document with the kinds of mistakes that a system makes."""
    d = copy.deepcopy(document)
    for e in d["entities"]:
        if chance.random() < 0.1:
            e["type"] = "STATE"
        if chance.random() < 0.1:
            e.pop("name", None)
        if chance.random() < 0.1:
            e["quantity"] = {"value": 5, "bound": "about"}
        e["mentions"] = [m for m in e["mentions"] if chance.random() < 0.8]
        for m in e["mentions"]:
            m["end"] += chance.random() < 0.1
    d["entities"] = [e for e in d["entities"] if chance.random() < 0.95]
    chance.shuffle(d["entities"])
    for e in d["events"]:
        if chance.random() < 0.1:
            e["type"] = "MEET"
        if chance.random() < 0.2:
            e["modality"] = chance.choice(["planned", "denied"])
        if chance.random() < 0.1:
            e["polarity"] = "negative"
        if chance.random() < 0.1:
            e["trigger"]["end"] += 5
        e["roles"] = {("theme" if chance.random() < 0.2 else role): ids for role, ids in e["roles"].items()}
    d["events"] = [e for e in d["events"] if chance.random() < 0.9]
    d["facts"] = [f for f in d["facts"] if chance.random() < 0.8]
    return d


@pytest.mark.skipif(not (SHARED / "score.py").is_file(), reason="the reference scorer is not beside the checkout")
@pytest.mark.parametrize("seed", range(4))
def test_same_figures_as_the_reference_scorer(tmp_path: Path, seed: int) -> None:
    gold_path, predicted_path, chance = SHARED / "dev.jsonl", tmp_path / "p.jsonl", random.Random(seed)
    gold = load(gold_path)
    predicted = [spoilt(d, chance) for d in gold if chance.random() < 0.9]
    predicted_path.write_text("".join(json.dumps(d) + "\n" for d in predicted), encoding="utf-8")
    done = subprocess.run([sys.executable, SHARED / "score.py", gold_path, predicted_path, "--json"], stdout=subprocess.PIPE, check=True)
    assert score(gold, predicted).to_json() == json.loads(done.stdout)
