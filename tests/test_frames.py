"""kg.frames: frame files, triggers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KgError
from kg.frames import Frames
from kg.mentions import plain
from kg.model import EVENT_ROLES
from kg.vocabulary import vocabulary
from tests.sentences import sentence

PREFIXES = "@prefix kgo: <https://example.org/kg/ontology#> . @prefix kgf: <https://example.org/kg/frame/> . "
ROLE = 'kgf:r kgo:roleName "agent" ; kgo:accepts "STATE" ; kgo:syntax "subject, من قبل" . '


def load(tmp_path: Path, body: str) -> Frames:
    file = tmp_path / "frames.ttl"
    file.write_text(PREFIXES + ROLE + body, encoding="utf-8")
    return Frames.load(file)


def triggers(frames: Frames, rows: str) -> list[tuple[str, str]]:
    s, _ = sentence(rows)
    names = [plain(s.words, i) for i in range(len(s.words))]
    return [(names[t.start], t.frame.type) for t in frames.triggers(s, names, [False] * len(names))]


def test_every_event_type_has_a_frame_whose_roles_it_may_have() -> None:
    frames = Frames.load().frames
    assert {f.type for f in frames} == set(EVENT_ROLES)
    for frame in frames:
        assert {r.name for r in frame.roles} <= set(EVENT_ROLES[frame.type]), frame.id


@pytest.mark.parametrize("word", ["أرسلت", "يرسل", "ترسل", "أرسلوا"])
def test_inflected_verbs_are_triggers(word: str) -> None:
    assert "SEND" in {t for _, t in triggers(Frames.load(), f"{word} أرسل VERB 0 root")}


def test_a_users_own_frame(tmp_path: Path) -> None:
    frames = load(tmp_path, 'kgf:f a kgo:Frame ; kgo:eventType "SEND" ; kgo:verb "غسل يغسل" ; kgo:role kgf:r .')
    assert triggers(frames, "غسلت غسل VERB 0 root") == [("غسلت", "SEND")]
    assert frames.frames[0].roles[0].slots == ("subject", "من قبل")


LAUNDER = 'kgf:t a kgo:EventType ; kgo:typeName "LAUNDER" ; kgo:mayHave "agent", "bank" ; kgo:plover "COERCE" . '


def own(tmp_path: Path, body: str, name: str = "own.ttl") -> Path:
    (tmp_path / name).write_text(PREFIXES + ROLE + body, encoding="utf-8")
    return tmp_path / name


def test_a_users_frames_come_to_kgs(tmp_path: Path) -> None:
    file = own(tmp_path, LAUNDER + 'kgf:launder a kgo:Frame ; kgo:eventType "LAUNDER" ; kgo:verb "غسل يغسل" ; kgo:role kgf:r .')
    frames = Frames.load(own=[file])
    assert frames.has_own and not Frames.load().has_own
    assert [f.id for f in frames.frames if f.own] == ["launder"]
    assert len(frames.frames) == len(Frames.load().frames) + 1
    assert frames.types == {**EVENT_ROLES, "LAUNDER": ("agent", "bank")}
    assert triggers(frames, "غسلت غسل VERB 0 root\nأرسلت أرسل VERB 1 conj")[0] == ("غسلت", "LAUNDER")
    assert frames.sha256 != Frames.load().sha256


def test_a_users_frame_may_use_kgs_prepositions(tmp_path: Path) -> None:
    body = 'kgf:s kgo:roleName "theme" ; kgo:accepts "STATE" ; kgo:syntax "object, @by" . '
    file = own(tmp_path, body + 'kgf:f a kgo:Frame ; kgo:eventType "SEND" ; kgo:noun "غسل" ; kgo:role kgf:s .')
    (frame,) = (f for f in Frames.load(own=[file]).frames if f.own)
    assert frame.roles[0].slots[:2] == ("object", "من قبل")
    assert frame.roles[0].written == ("object", "@by")


def test_a_users_frame_takes_the_place_of_kgs(tmp_path: Path) -> None:
    file = own(tmp_path, '<https://example.org/mine#send> a kgo:Frame ; kgo:eventType "SEND" ; kgo:verb "غسل يغسل" ; kgo:role kgf:r .')
    frames = Frames.load(own=[file])
    assert [(f.verbs, f.own) for f in frames.frames if f.id == "send"] == [((("غسل", "يغسل"),), True)]


def test_a_type_of_kgs_may_get_roles(tmp_path: Path) -> None:
    file = own(tmp_path, 'kgf:t a kgo:EventType ; kgo:typeName "SANCTION" ; kgo:mayHave "bank" .')
    assert Frames.load(own=[file]).types["SANCTION"] == (*EVENT_ROLES["SANCTION"], "bank")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('kgf:t a kgo:EventType ; kgo:typeName "x" ; kgo:mayHave "agent" .', "event type t: kgo:typeName is 'x': write a name in capitals"),
        ('kgf:g a kgo:SlotGroup ; kgo:syntax "من" .', "group of prepositions g"),
        ("kgf:f a", "own.ttl is not Turtle"),
    ],
)
def test_what_is_wrong_in_a_users_file_is_named_with_the_file(tmp_path: Path, body: str, message: str) -> None:
    file = own(tmp_path, body)
    with pytest.raises(KgError, match=message) as e:
        Frames.load(own=[file])
    assert f"`kg frames check {file}` lists all mistakes" in str(e.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"cannot read the frames in .*none\.ttl"):
        Frames.load(own=[tmp_path / "none.ttl"])


def test_the_vocabulary_has_the_labels_of_a_users_types(tmp_path: Path) -> None:
    file = own(tmp_path, LAUNDER + 'kgf:t <http://www.w3.org/2000/01/rdf-schema#label> "غسل أموال"@ar . [] a kgo:EventType ; kgo:typeName "TAX" .')
    words = vocabulary(file)
    assert (words.label("Launder"), words.label("Launder", "en"), words.plover["Launder"]) == ("غسل أموال", "غسل أموال", "COERCE")
    assert words.label("Send") == vocabulary().label("Send")
    assert "Launder" not in vocabulary().labels
    with pytest.raises(KgError, match=r"cannot read the frames in .*none\.ttl"):
        vocabulary(tmp_path / "none.ttl")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('kgf:f a kgo:Frame ; kgo:eventType "DANCE" .', "event types"),
        ('kgf:f a kgo:Frame ; kgo:eventType "SEND" ; kgo:role kgf:none .', "not described"),
        ('kgf:f a kgo:Frame ; kgo:eventType "SEND" ; kgo:verb "أرسل" .', "perfect and imperfect"),
        ("kgf:f a", "not Turtle"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(KgError, match=message):
        load(tmp_path, body)
