"""kg.explain: what is said of one event, on sentences parsed by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kg import reading
from kg.documents import Problems
from kg.errors import KgError
from kg.explain import Case, How, Way, event_of, events, explain, find, lines, listed, marked, steps
from kg.extract import Extractor
from kg.factuality import Cues
from kg.model import Document, Event, Extraction, Sentence
from kg.scenes import scenes
from tests.small import FRAMES, LEXICON, frames, sentence

EXTRACTIONS = Path(__file__).parent / "data" / "extractions.jsonl"
TEXT = "أرسلت روسيا صواريخ باليستية إلى إيران."
ROWS = """أرسلت أرسل VERB 0 root
روسيا روسيا PROPN 1 nsubj
صواريخ صاروخ NOUN 1 obj
باليستية باليستي ADJ 3 amod
إلى إلى ADP 6 case
إيران إيران PROPN 1 obl
. . PUNCT 1 punct"""
NER = [(1, 2, "STATE"), (2, 4, "WEAPON"), (5, 6, "STATE")]


def case(folder: Path, text: str, *sentences: Sentence, turtle: str = FRAMES) -> Case:
    """Hand-made sentences, read with the small lexicon and the frames given."""
    extractor = Extractor(LEXICON, frames(folder, turtle), Cues.load(), {})
    document = Document("d", text)
    register, told = scenes(text, sentences, extractor)
    extraction = extractor.assemble(document, register, told, reading.read(told, extractor))
    return Case(extraction, tuple(told), extractor.frames)


@pytest.fixture
def sent(tmp_path: Path) -> Case:
    return case(tmp_path, TEXT, sentence(TEXT, ROWS, NER))


def test_an_event_that_frames_found(sent: Case) -> None:
    (event,) = sent.extraction.events
    assert lines(sent, event) == [
        "V1  SEND  «أرسلت»  in sentence 1 of document d",
        "",
        "  [TRIGGER أرسلت] [agent روسيا] [theme صواريخ باليستية] إلى [recipient إيران].",
        "",
        "event         SEND, by frame send, verb, score of the frame 3.00",
        "stance        positive, asserted",
        f"confidence    {event.confidence:.3f}",
        "source        none: the report says it itself",
        "agent         E1 Russia, روسيا (STATE)",
        "              as subject, by parse",
        "theme         E2 ballistic missiles, صواريخ باليستية (WEAPON)",
        "              as object, by parse",
        "recipient     E3 Iran, إيران (STATE)",
        "              as preposition «إلى», by parse",
        "",
        "parse",
        "  agent E1",
        "     1 أرسلت  VERB  root",
        "     2 روسيا  PROPN  nsubj of 1 أرسلت",
        "  theme E2",
        "     1 أرسلت  VERB  root",
        "     3 صواريخ  NOUN  obj of 1 أرسلت",
        "  recipient E3",
        "     1 أرسلت  VERB  root",
        "     5 إلى  ADP  case of 6 إيران",
        "     6 إيران  PROPN  obl of 1 أرسلت",
        "",
        "other readings: none",
    ]


def test_an_event_that_the_model_found(sent: Case) -> None:
    (event,) = sent.extraction.events
    path = "send/verb 0.97: agent=subject by parse 0.93, theme=learned 0.61, recipient=الي by position 0.88"
    told = "\n".join(lines(sent, replace(event, path=path, polarity="negative", source=("E3",))))
    assert "event         SEND, by frame send, verb, 0.97, score of the frame 3.00\nstance        negative, asserted\n" in told
    assert "source        E3 Iran, إيران (STATE)\n" in told
    assert "[recipient, source إيران]" in told
    for way in ("as subject, by parse, 0.93", "by the model alone, 0.61", "as preposition «إلى», by position, 0.88"):
        assert f"\n              {way}\n" in told


def test_an_event_that_no_frame_knows(sent: Case) -> None:
    (event,) = sent.extraction.events
    told = lines(sent, replace(event, type="DEPLOY", path="learned 0.55: agent=learned 0.50"))
    assert "event         DEPLOY, by the model alone, for no frame reads it so, 0.55" in told
    assert told[told.index("theme         E2 ballistic missiles, صواريخ باليستية (WEAPON)") + 1] == "              not said how"
    assert told[-2:] == [
        "other readings",
        "  SEND, frame send, verb: agent «روسيا» (subject, by parse); theme «صواريخ باليستية» (object, by parse); "
        "recipient «إيران» (preposition «إلى», by parse); score 3.00",
    ]


@pytest.mark.parametrize(("path", "by"), [("", "somebody who left no path"), ("SEND/verb", "'SEND/verb'")])
def test_a_path_of_another_form(sent: Case, path: str, by: str) -> None:
    (event,) = sent.extraction.events
    assert f"event         SEND, by {by}" in lines(sent, replace(event, path=path))


def test_what_the_frames_offered_besides(tmp_path: Path) -> None:
    more = (
        FRAMES
        + """
kgf:deploy a kgo:Frame ; kgo:eventType "DEPLOY" ; kgo:verb "أرسل يرسل" ; kgo:requires "location" ; kgo:role kgf:send.agent, kgf:deploy.location .
kgf:deploy.location kgo:roleName "location" ; kgo:accepts "PLACE" ; kgo:syntax "@place" ."""
    )
    told = case(tmp_path, TEXT, sentence(TEXT, ROWS, NER), turtle=more)
    (event,) = told.extraction.events
    assert lines(told, event)[-2:] == ["other readings", "  DEPLOY, frame deploy, verb: no event, for nothing fills location"]


def test_a_light_verb(tmp_path: Path) -> None:
    text = "شنت روسيا هجوما على أوكرانيا"
    rows = "شنت شن VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nهجوما هجوم NOUN 1 obj\nعلى على ADP 5 case\nأوكرانيا أوكرانيا PROPN 3 nmod"
    told = case(tmp_path, text, sentence(text, rows, [(1, 2, "STATE"), (4, 5, "STATE")]))
    (event,) = told.extraction.events
    printed = lines(told, event)
    assert any(line.startswith("event         ATTACK, by frame attack, noun, with the light verb «شنت», score") for line in printed)
    # From the noun over the verb to its subject.
    at = printed.index("  agent E1")
    assert [line.split()[1] for line in printed[at + 1 : at + 4]] == ["شنت", "روسيا", "هجوما"]


def test_participants_elsewhere(tmp_path: Path) -> None:
    text = "زار بوتين موسكو. أرسلت صواريخ باليستية إلى إيران. قصفت روسيا أوكرانيا."
    first = sentence(text, "زار زار VERB 0 root\nبوتين بوتين PROPN 1 nsubj\nموسكو موسكو PROPN 1 obj\n. . PUNCT 1 punct", [(1, 2, "PERSON")])
    rows = ROWS.replace("روسيا روسيا PROPN 1 nsubj\n", "").replace(" 3 amod", " 2 amod").replace("ADP 6", "ADP 5")
    second = sentence(text, rows, [(1, 3, "WEAPON"), (4, 5, "STATE")], 1, first.end)
    third = sentence(
        text, "قصفت قصف VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nأوكرانيا أوكرانيا PROPN 1 obj\n. . PUNCT 1 punct", [(1, 2, "STATE")], 2, second.end
    )
    told = case(tmp_path, text, first, second, third)
    (event,) = told.extraction.events
    ids = {e.name: e.id for e in told.extraction.entities}
    printed = lines(told, replace(event, roles={"agent": (ids["Vladimir Putin"],), "theme": (ids["Russia"],)}))
    assert printed[2:4] == ["  زار [agent بوتين] موسكو.", "  [TRIGGER أرسلت] صواريخ باليستية إلى إيران."]
    assert f"  agent {ids['Vladimir Putin']} stands in sentence 1, before this one" in printed
    assert f"  theme {ids['Russia']} has no words of its own here" in printed


def test_the_state_of_a_nisba(tmp_path: Path) -> None:
    text = "أرسلت الحكومة الروسية صواريخ باليستية"
    rows = "أرسلت أرسل VERB 0 root\nالحكومة حكومة NOUN 1 nsubj\nالروسية روسي ADJ 2 amod\nصواريخ صاروخ NOUN 1 obj\nباليستية باليستي ADJ 4 amod"
    told = case(tmp_path, text, sentence(text, rows, [(3, 5, "WEAPON")]))
    (event,) = told.extraction.events
    assert lines(told, event)[2] == "  [TRIGGER أرسلت] [agent الحكومة الروسية] [theme صواريخ باليستية]"


def test_an_entity_that_is_not_there(sent: Case) -> None:
    (event,) = sent.extraction.events
    lost = replace(event, roles={"agent": ("E9",)})
    with pytest.raises(KgError, match="document 'd': event V1 points to entity 'E9', which is not there"):
        lines(sent, lost)
    assert listed(replace(sent.extraction, events=(lost,)))[1][-1] == "agent E9"


def test_an_event_outside_the_parse(sent: Case) -> None:
    (event,) = sent.extraction.events
    told = lines(Case(sent.extraction, (), sent.frames), event)
    assert told[2] == "  (no sentence of the parse holds «أرسلت»)"
    assert told[-1] == "other readings: none"


# Parts


@pytest.mark.parametrize(
    ("path", "how"),
    [
        ("send/verb: agent=subject by parse", How("send", "verb", None, (Way("agent", "subject", "parse", None),))),
        ("a.b/noun 0.90: agent=من قبل by position 0.80", How("a.b", "noun", 0.9, (Way("agent", "من قبل", "position", 0.8),))),
        ("learned 0.50: a=learned 0.40, a=learned 0.30", How("", "", 0.5, (Way("a", "", "", 0.4), Way("a", "", "", 0.3)))),
        ("SEND/verb", None),
        ("", None),
        ("send/verb: rubbish", None),
    ],
)
def test_paths(path: str, how: How | None) -> None:
    assert How.of(path) == how


def test_every_entity_of_a_role_has_its_way() -> None:
    how = How.of("learned 0.50: a=learned 0.40, a=learned 0.30")
    assert how and [w and w.probability for w in (how.way("a", 0), how.way("a", 1), how.way("a", 2), how.way("b", 0))] == [0.4, 0.3, 0.3, None]


def test_marks_nest_and_do_not_cross() -> None:
    assert marked("abcdef", 0, 6, [(1, 3, "x"), (1, 3, "y"), (4, 5, "z")]) == "a[x, y bc]d[z e]f"
    assert marked("abcdef", 0, 6, [(1, 5, "x"), (2, 3, "y")]) == "a[x b[y c]de]f"
    assert marked("abcdef", 0, 6, [(1, 4, "x"), (3, 5, "y")]) == "a[x bcd]ef"
    assert marked("ab\ncd", 0, 4, [(0, 2, "x"), (3, 9, "y")]) == "[x ab] c"
    assert marked("a\x1b[2Jb", 0, 6, []) == "a\ufffd[2Jb"  # nothing that a terminal would obey


def test_steps_go_over_the_word_above_both() -> None:
    s = sentence(TEXT, ROWS)
    assert steps(s, 5, 0) == [0, 4, 5]
    assert steps(s, 3, 5) == [0, 2, 3, 5]
    assert steps(s, 0, 0) == [0]
    # A parse that is no tree ends too.
    loop = replace(s, words=tuple(replace(w, head=1 - w.index) if w.index < 2 else w for w in s.words))
    assert steps(loop, 0, 1) == [0, 1]


def test_the_list(sent: Case) -> None:
    (event,) = sent.extraction.events
    x = replace(sent.extraction, events=(replace(event, confidence=0.5), replace(event, id="V2", polarity="negative", modality="planned", roles={})))
    assert listed(x)[1:] == [
        ("V1", "1", "SEND", "أرسلت", "0.50", "", "agent Russia; theme ballistic missiles; recipient Iran"),
        ("V2", "1", "SEND", "أرسلت", f"{event.confidence:.2f}", "negative planned", ""),
    ]


def test_an_event_is_given_by_id_or_number(sent: Case) -> None:
    (event,) = sent.extraction.events
    x = replace(sent.extraction, events=(replace(event, id="a"), replace(event, id="b")))
    found: list[Event] = [event_of(x, wanted) for wanted in ("a", "2", "b")]
    assert [e.id for e in found] == ["a", "b", "b"]
    for wanted in ("0", "3", "V1", "-1"):
        with pytest.raises(KgError, match=f"has no event '{wanted}': there are a to b"):
            event_of(x, wanted)
    with pytest.raises(KgError, match="there is a"):
        event_of(replace(x, events=x.events[:1]), "c")
    with pytest.raises(KgError, match="it has none"):
        event_of(replace(x, events=()), "1")


# Files


def test_extractions_are_told_from_documents(tmp_path: Path) -> None:
    found = find(EXTRACTIONS, "d1", Problems())
    assert isinstance(found, Extraction)
    assert found.document.id == "d1"
    assert [row[0] for row in events(found)][1:] == [e.id for e in found.events]  # and no model is needed
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "x", "text": TEXT}), encoding="utf-8")
    assert isinstance(find(tmp_path / "a.txt", None, Problems()), Document)
    assert find(tmp_path / "a.jsonl", "x", Problems()) == Document("x", TEXT, source="a.jsonl")


def test_a_document_must_be_named_where_there_are_several() -> None:
    with pytest.raises(KgError, match=r"holds \d+ documents: say which one with --doc ID \(d1, d2"):
        find(EXTRACTIONS, None, Problems())
    with pytest.raises(KgError, match="no document with the id 'x': there is d1, d2"):
        find(EXTRACTIONS, "x", Problems())


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("English", encoding="utf-8")
    problems = Problems()
    with pytest.raises(KgError, match="holds no document that can be read"):
        find(tmp_path / "en.txt", None, problems)
    assert problems.errors == 1
    (tmp_path / "bad.jsonl").write_text('{"id": "a", "events": [], "text": "نص"}\n{"id": "b", "events": [{}], "text": "نص"}\n', encoding="utf-8")
    with pytest.raises(KgError, match=r"bad\.jsonl:2: is no extraction"):
        find(tmp_path / "bad.jsonl", "a", Problems())


def test_no_models_are_loaded_for_an_event_that_is_not_there(tmp_path: Path) -> None:
    found = find(EXTRACTIONS, "d1", Problems())
    with pytest.raises(KgError, match="has no event"):
        explain(found, "99", models=str(tmp_path))
    with pytest.raises(KgError, match="no models in"):
        explain(found, "1", models=str(tmp_path))
