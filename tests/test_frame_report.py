"""kg.frame_report: event types and frames as lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KgError
from kg.frame_report import WIDTH, listed, place, shown, spelling
from kg.frames import Frames
from kg.vocabulary import vocabulary

FRAME = """@prefix kgo: <https://example.org/kg/ontology#> . @prefix kgf: <https://example.org/kg/frame/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
kgf:slot.by a kgo:SlotGroup ; kgo:slotName "by" ; kgo:syntax "من قبل, على يد" .
kgf:send a kgo:Frame ; kgo:eventType "SEND" ; rdfs:label "send"@en, "إرسال"@ar ; rdfs:comment "Arms go."@en ; kgo:plover "AID" ; kgo:cameo "07" ;
  kgo:verb "أرسل يرسل" ; kgo:noun "إرسال", "شحنة" ; kgo:participle "مرسل" ; kgo:phrase "مد الجسور" ; kgo:light "تم يتم", "قام يقوم ب" ;
  kgo:weak "شحنة", "مرسل" ; kgo:weakRequires "theme", "agent" ; kgo:requires "theme" ; kgo:requiresWord "سلاح" ; kgo:notPhrase "خط الإرسال" ;
  kgo:genitive "theme", "agent" ; kgo:role kgf:send.agent, kgf:send.theme .
kgf:send.agent kgo:roleName "agent" ; kgo:accepts "STATE", "PERSON" ; kgo:syntax "subject, @by, إلى, genitive-agent, nisba" .
kgf:send.theme kgo:roleName "theme" ; kgo:accepts "WEAPON" ; kgo:syntax "object2, object" ."""


@pytest.fixture
def frames(tmp_path: Path) -> Frames:
    (tmp_path / "frames.ttl").write_text(FRAME, encoding="utf-8")
    return Frames.load(tmp_path / "frames.ttl")


def test_a_frame(frames: Frames) -> None:
    assert shown("send", frames, vocabulary()) == [
        "send  send, إرسال",
        "  Arms go.",
        "  event type     SEND",
        "  PLOVER, CAMEO  AID, 07",
        "  verbs          أرسل/يرسل",
        "  verbal nouns   إرسال, شحنة",
        "  participles    مرسل",
        "  phrases        «مد الجسور»",
        "  light verbs    تم/يتم, قام/يقوم «ب»",
        "  weak triggers  شحنة, مرسل",
        "                 count only with theme and agent",
        "  needs          theme",
        "  needs a word   سلاح",
        "  not in         «خط الإرسال»",
        "  genitive is    theme, else agent",
        "  agent          PERSON, STATE",
        "                 subject, preposition «من قبل», «على يد», «إلى», genitive of the noun,",
        "                 adjective of a state (nisba)",
        "  theme          WEAPON",
        "                 second object, object",
    ]


def test_a_type_has_all_its_frames() -> None:
    frames = Frames.load()
    lines = shown("SEND", frames, vocabulary())
    assert lines[:4] == [
        "SEND  send, إرسال",
        "  frames         5 with 77 triggers",
        "  roles          agent, theme, recipient, origin",
        "  PLOVER         AID",
    ]
    of_type = sorted(f.id for f in frames.frames if f.type == "SEND")
    assert [line.split("  ")[0] for line in lines if line and not line.startswith(" ")] == ["SEND", *of_type]


def test_every_frame_can_be_shown_in_lines_that_are_not_too_long() -> None:
    frames = Frames.load()
    for frame in frames.frames:
        for line in shown(frame.id, frames, vocabulary())[2 if frame.comment else 1 :]:
            assert len(line) <= WIDTH, line


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("SENT", "did you mean SEND?"),
        ("send.giv", "did you mean send.give?"),
        ("Meet", "did you mean meet?"),
        ("xyz", "kg frames list"),
    ],
)
def test_an_unknown_name(name: str, hint: str) -> None:
    with pytest.raises(KgError, match=name) as e:
        shown(name, Frames.load(), vocabulary())
    assert hint in str(e.value)


def test_the_list_has_every_type(frames: Frames) -> None:
    head, *rows = listed(frames, vocabulary())
    assert head == ("type", "label", "frames", "triggers", "roles")
    assert [row[0] for row in rows] == list(frames.types)
    assert rows[0] == ("SEND", "send", "1", "5", "agent, theme, recipient, origin")
    assert rows[1][2:4] == ("0", "0")


def test_slots_in_words(frames: Frames) -> None:
    spellings = spelling(frames)
    assert spellings["علي يد"] == "على يد"
    assert [place(slot, spellings) for slot in ("subject", "الي", "خلف")] == ["subject", "preposition «إلى»", "preposition «خلف»"]
