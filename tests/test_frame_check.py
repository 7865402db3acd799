"""kg.frame_check: every mistake in a user's own frames has a line that says what to write instead."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.frame_check import Checked, check
from kg.frames import PLOVER, Frames
from kg.resources import ontology_dir

PREFIXES = "@prefix kgo: <https://example.org/kg/ontology#> . @prefix kgf: <https://example.org/kg/frame/> . "
AGENT = 'kgf:a kgo:roleName "agent" ; kgo:accepts "STATE" ; kgo:syntax "subject, @by, من" . '
LAUNDER = 'kgf:t a kgo:EventType ; kgo:typeName "LAUNDER" ; kgo:mayHave "agent", "bank" . '
OWN = Path(__file__).parent / "data" / "own_words" / "launder.ttl"


def frame(*more: str, type: str = "SEND", verb: str = "غسل يغسل", role: str = "kgf:a") -> str:
    """A frame that is right but for what is given."""
    return "kgf:f a kgo:Frame ; " + " ; ".join([f'kgo:eventType "{type}"', f'kgo:verb "{verb}"', f"kgo:role {role}", *more]) + " . "


def found(folder: Path, body: str, name: str = "own.ttl") -> Checked:
    (folder / name).write_text(PREFIXES + body, encoding="utf-8")
    return check([folder / name])


def one(folder: Path, body: str) -> str:
    """The only mistake, without the file's name."""
    (line,) = found(folder, body).mistakes
    assert "\n" not in line
    assert line.startswith(f"{folder}/own.ttl: ")
    return line.removeprefix(f"{folder}/own.ttl: ")


def test_a_file_without_mistakes(tmp_path: Path) -> None:
    assert found(tmp_path, AGENT + frame()) == Checked(1, (), ())
    assert check([OWN]) == Checked(1, (), ())


def test_kgs_own_frames_have_no_mistakes() -> None:
    checked = check([ontology_dir() / "frames.ttl"])
    assert (checked.frames, checked.mistakes) == (len(Frames.load().frames), ())


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        # files and things in them
        ("kgf:f a", "is not Turtle", "Parser error"),
        ('kgf:f a kgo:Farme ; kgo:eventType "SEND" .', "f: a kgo:Farme is not read", "did you mean kgo:Frame?"),
        ("<https://example.org/kg/lexicon/weapon/x> a kgo:Weapon .", "x: a kgo:Weapon is not read", "--lexicon"),
        ('kgf:f kgo:eventType "SEND" .', "f: ", "write `a kgo:Frame` first"),
        ('kgf:t kgo:typeName "LAUNDER" .', "t: ", "write `a kgo:EventType` first"),
        # event types
        ('kgf:t a kgo:EventType ; kgo:mayHave "agent" .', "event type t", "kgo:typeName is missing: write a name in capitals"),
        ('kgf:t a kgo:EventType ; kgo:typeName "Launder" ; kgo:mayHave "agent" .', "event type Launder", "write a name in capitals"),
        ('kgf:t a kgo:EventType ; kgo:typeName "A", "B" ; kgo:mayHave "agent" .', "event type A", "2 names as kgo:typeName: write one"),
        ('kgf:t a kgo:EventType ; kgo:typeName "DOCUMENT" ; kgo:mayHave "agent" .', "event type DOCUMENT", "means something else"),
        ('kgf:t a kgo:EventType ; kgo:typeName "SPAN" ; kgo:mayHave "agent" .', "event type SPAN", "means something else"),
        ('kgf:t a kgo:EventType ; kgo:typeName "LAUNDER" .', "event type LAUNDER", "it has no roles: write kgo:mayHave"),
        ('kgf:t a kgo:EventType ; kgo:typeName "LAUNDER" ; kgo:mayHave "مصرف" .', "event type LAUNDER", "small Latin letters"),
        ('kgf:t a kgo:EventType ; kgo:typeName "LAUNDER" ; kgo:mayHave "trigger" .', "event type LAUNDER", "the property kgo:trigger"),
        ('kgf:t a kgo:EventType ; kgo:typeName "LAUNDER" ; kgo:mayHave "agent" ; kgo:plover "HELP" .', "event type LAUNDER", "no code of PLOVER"),
        (
            'kgf:t a kgo:EventType ; kgo:typeName "LAUNDER" ; kgo:mayhave "agent" ; kgo:mayHave "agent" .',
            "event type LAUNDER",
            "did you mean kgo:mayHave?",
        ),
        # groups
        ('kgf:g a kgo:SlotGroup ; kgo:syntax "من" .', "group of prepositions g", "needs one kgo:slotName"),
        ('kgf:g a kgo:SlotGroup ; kgo:slotName "from" .', "group of prepositions from", "has no prepositions"),
        ('kgf:g a kgo:SlotGroup ; kgo:slotName "from" ; kgo:syntax "من, from" .', "group of prepositions from", "'from' is no preposition"),
        # frames
        (AGENT + frame('kgo:verbs "غسل يغسل"'), "frame f", "kgo:verbs is not known: did you mean kgo:verb?"),
        (AGENT + frame('kgo:qqq "غسل"'), "frame f", "kgo:qqq is not known: there are kgo:verb, kgo:noun"),
        (AGENT + frame('kgo:accepts "STATE"'), "frame f", "kgo:accepts says nothing of a frame, but of a role"),
        (AGENT + frame("kgo:noun kgf:x"), "frame f", "write a text in quotation marks"),
        (AGENT + frame('kgo:role "agent"'), "frame f", 'kgo:role "agent" is a text: write the name'),
        (AGENT + frame(type="SENT"), "frame f", "the event type 'SENT' is not known: did you mean SEND? Else describe it"),
        (AGENT + LAUNDER + frame(type="launder"), "frame f", "did you mean LAUNDER?"),
        (AGENT + frame('kgo:eventType "MEET"'), "frame f", "needs one kgo:eventType, not 2"),
        (AGENT + '[] a kgo:Frame ; kgo:eventType "SEND" ; kgo:noun "غسل" ; kgo:role kgf:a .', "frame without a name", "kgf:launder"),
        (AGENT + frame() + frame().replace("kgf:f", "<https://example.org/f>"), "frame f", "another frame of this file has that name"),
        (AGENT + 'kgf:f a kgo:Frame ; kgo:eventType "SEND" ; kgo:role kgf:a .', "frame f", "it has no triggers: write kgo:verb"),
        ('kgf:f a kgo:Frame ; kgo:eventType "SEND" ; kgo:noun "غسل" .', "frame f", "it has no roles: write kgo:role"),
        # words
        (AGENT + frame(verb="غسل"), "frame f", "kgo:verb 'غسل' is not a perfect and an imperfect: write both"),
        (AGENT + frame(verb="يغسل غسل"), "frame f", "is not a perfect and an imperfect"),
        (AGENT + frame('kgo:noun "laundering"'), "frame f", "kgo:noun 'laundering' holds no Arabic letters: write it in Arabic"),
        (AGENT + frame('kgo:phrase "غسل money"'), "frame f", "holds no Arabic letters in 'money'"),
        (AGENT + frame('kgo:noun "غسل أموال"'), "frame f", "more than one word: write it as kgo:phrase"),
        (AGENT + frame('kgo:noun "غسيل"', 'kgo:light "تم"'), "frame f", "kgo:light 'تم' is not a perfect, an imperfect"),
        (AGENT + frame('kgo:noun "غسيل"', 'kgo:light "قام يقوم ب ها"'), "frame f", "kgo:light"),
        (AGENT + frame('kgo:weak "غسيل"', 'kgo:weakRequires "agent"'), "frame f", "kgo:weak 'غسيل' is not among its triggers"),
        (AGENT + frame('kgo:noun "إرسال"', 'kgo:weak "ارسال"', 'kgo:weakRequires "agent"'), "frame f", "write it as there, 'إرسال'"),
        (AGENT + frame('kgo:phrase "غسل الأموال"', 'kgo:weak "غسل الأموال"', 'kgo:weakRequires "agent"'), "frame f", "phrases are never weak"),
        (AGENT + frame('kgo:weak "غسل"'), "frame f", "kgo:weak changes nothing without kgo:weakRequires"),
        (AGENT + frame('kgo:weakRequires "agent"'), "frame f", "kgo:weakRequires changes nothing without kgo:weak"),
        (AGENT + frame('kgo:weak "غسل"', 'kgo:weakRequires "theme"'), "frame f", "kgo:weakRequires 'theme' is no role of this frame"),
        (AGENT + frame('kgo:requires "agnt"'), "frame f", "kgo:requires 'agnt' is no role of this frame: did you mean 'agent'?"),
        (AGENT + frame('kgo:genitive "theme"'), "frame f", "kgo:genitive 'theme' is no role of this frame"),
        # roles
        (frame(), "frame f", "its role a is not described: describe it in this file"),
        ('kgf:a kgo:accepts "STATE" . ' + frame(), "frame f", "its role a is not described: it needs a kgo:roleName"),
        (AGENT.replace('"agent"', '"bank"') + frame(), "frame f: role bank", "SEND has no such role: write one of agent, theme"),
        (AGENT.replace('"agent"', '"bnk"') + LAUNDER + frame(type="LAUNDER"), "frame f: role bnk", "did you mean 'bank'?"),
        (AGENT + AGENT.replace("kgf:a", "kgf:b") + frame(role="kgf:a, kgf:b"), "frame f: role agent", "two roles of that name"),
        (AGENT.replace('"agent"', '"agent", "theme"') + frame(), "frame f: role agent", "2 names as kgo:roleName"),
        (AGENT.replace('"STATE"', '"STATES"') + frame(), "frame f: role agent", "kgo:accepts 'STATES' is no entity type: did you mean 'STATE'?"),
        (AGENT.replace('"STATE"', '"X"') + frame(), "frame f: role agent", "write one of PERSON, STATE"),
        (AGENT.replace(' kgo:accepts "STATE" ;', "") + frame(), "frame f: role agent", "it accepts nothing: write kgo:accepts"),
        (AGENT.replace(' kgo:syntax "subject, @by, من"', "") + frame(), "frame f: role agent", "it stands nowhere: write kgo:syntax"),
        (AGENT.replace("subject,", "subjekt,") + frame(), "frame f: role agent", "kgo:syntax 'subjekt' is no place: did you mean 'subject'?"),
        (AGENT.replace("@by", "@bye") + frame(), "frame f: role agent", "'@bye' is no group of prepositions: did you mean '@by'?"),
        (AGENT.replace('"subject, @by, من"', '"subject", "من"') + frame(), "frame f: role agent", "2 texts as kgo:syntax: write one"),
        (
            AGENT.replace("kgo:accepts", 'kgo:accept "STATE" ; kgo:accepts') + frame(),
            "frame f: role agent",
            "kgo:accept is not known: did you mean kgo:accepts?",
        ),
    ],
)
def test_mistakes(tmp_path: Path, body: str, where: str, what: str) -> None:
    line = one(tmp_path, body)
    assert line.startswith(where)
    assert what in line


def test_all_mistakes_of_all_files_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("no Turtle", encoding="utf-8")
    (tmp_path / "b.ttl").write_text(PREFIXES + AGENT + frame('kgo:requires "x"', 'kgo:noun "x"', type="Y"), encoding="utf-8")
    (tmp_path / "c.ttl").write_text(PREFIXES + AGENT + frame(), encoding="utf-8")
    checked = check([tmp_path / n for n in ("a.ttl", "b.ttl", "c.ttl")])
    assert [line.split(": ")[0].rpartition("/")[2] for line in checked.mistakes] == ["a.ttl", "b.ttl", "b.ttl", "b.ttl"]
    assert checked.frames == 2


def test_a_file_may_use_the_types_and_groups_of_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(PREFIXES + LAUNDER + 'kgf:g a kgo:SlotGroup ; kgo:slotName "through" ; kgo:syntax "عبر" .', encoding="utf-8")
    bank = 'kgf:a kgo:roleName "bank" ; kgo:accepts "ORGANISATION" ; kgo:syntax "@through" . '
    (tmp_path / "b.ttl").write_text(PREFIXES + bank + frame(type="LAUNDER"), encoding="utf-8")
    assert check([tmp_path / "a.ttl", tmp_path / "b.ttl"]) == Checked(1, (), ())
    assert len(check([tmp_path / "b.ttl"]).mistakes) == 2
    frames = Frames.load(own=[tmp_path / "a.ttl", tmp_path / "b.ttl"])
    assert [f.roles[0].slots for f in frames.frames if f.type == "LAUNDER"] == [("عبر",)]


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        (AGENT + frame(verb="أرسل يرسل", type="MEET"), "frame f", "the verb «أرسل» triggers deploy (DEPLOY), fire (FIRE), send (SEND) too"),
        (AGENT + frame('kgo:noun "ارسال"', type="MEET"), "frame f", "the noun «ارسال» triggers deploy (DEPLOY), send (SEND) too"),
        (AGENT + frame().replace("kgf:f", "kgf:send"), "frame send", "takes the place of the frame of that name"),
        (AGENT + AGENT.replace("kgf:a", "kgf:b") + frame(), "role b", "no frame has it"),
        (AGENT + frame() + frame(type="MEET").replace("kgf:f", "kgf:g"), "frame g", "the verb «غسل» triggers f (SEND) too"),
    ],
)
def test_warnings_are_no_mistakes(tmp_path: Path, body: str, where: str, what: str) -> None:
    checked = found(tmp_path, body)
    assert checked.mistakes == ()
    (line,) = checked.warnings
    assert line.startswith(f"{tmp_path}/own.ttl: {where}: warning: ")
    assert what in line


def test_a_frame_of_the_same_type_may_share_its_words(tmp_path: Path) -> None:
    assert found(tmp_path, AGENT + frame(verb="شحن يشحن")).warnings == ()


def test_a_role_that_two_frames_share_is_looked_at_once(tmp_path: Path) -> None:
    body = AGENT.replace('"STATE"', '"STAAT"') + frame() + frame().replace("kgf:f", "kgf:g")
    assert one(tmp_path, body).startswith("frame f: role agent: ")


def test_the_codes_of_plover_are_those_of_the_shapes() -> None:
    store = ox.Store()
    store.load(path=str(ontology_dir() / "shapes.ttl"), format=ox.RdfFormat.TURTLE)
    query = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX kgs: <https://example.org/kg/shapes#>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT ?code WHERE { kgs:Plover sh:in/rdf:rest*/rdf:first ?code }"""
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    assert {row["code"].value for row in rows} == set(PLOVER)
