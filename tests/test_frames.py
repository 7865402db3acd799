"""kg.frames: frame files, triggers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KgError
from kg.frames import Frames
from kg.mentions import plain
from kg.model import EVENT_ROLES
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
