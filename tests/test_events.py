"""kg.events on sentences parsed by hand: slots, coordination, light verbs, titles; facts and factuality beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from kg import mentions
from kg.extract import Extractor
from kg.model import Document, Event, Extraction
from tests import small
from tests.sentences import sentence


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


@dataclass
class Told:
    x: Extraction

    def event(self, type: str) -> Event:
        (event,) = [e for e in self.x.events if e.type == type]
        return event

    def role(self, type: str, role: str) -> list[str]:
        return [self.x.entity(i).name for i in self.event(type).roles.get(role, ())]

    def facts(self) -> set[tuple[str, str, str]]:
        return {(self.x.entity(f.subject).name, f.predicate, self.x.entity(f.object).name) for f in self.x.facts}


def read(extractor: Extractor, rows: str, *ner: tuple[int, int, str]) -> Told:
    s, text = sentence(rows, ner)
    return Told(extractor(Document("d", text), (s,)))


SENT = """أرسلت أرسل VERB 0 root Voice=Act
كوريا كوريا PROPN 1 nsubj
الشمالية شمالي ADJ 2 amod
3000 3000 NUM 1 obj
جندي جندي NOUN 4 nmod
و و CCONJ 7 cc
صواريخ صاروخ NOUN 4 conj
إلى إلى ADP 9 case
روسيا روسيا PROPN 1 obl
. . PUNCT 1 punct"""
NER = ((1, 3, "STATE"), (4, 5, "FORCE"), (6, 7, "WEAPON"), (8, 9, "STATE"))


def test_subject_object_preposition_and_coordination(extractor: Extractor) -> None:
    told = read(extractor, SENT, *NER)
    assert told.role("SEND", "agent") == ["North Korea"]
    assert told.role("SEND", "theme") == ["3,000 soldiers", "missiles"]
    assert told.role("SEND", "recipient") == ["Russia"]
    assert (told.event("SEND").polarity, told.event("SEND").modality) == ("positive", "asserted")


def test_order_does_not_matter_where_prepositions_speak(extractor: Extractor) -> None:
    rows = """كوريا كوريا PROPN 3 nsubj
الشمالية شمالي ADJ 1 amod
أرسلت أرسل VERB 0 root
إلى إلى ADP 5 case
روسيا روسيا PROPN 3 obl
صواريخ صاروخ NOUN 3 obj"""
    told = read(extractor, rows, (0, 2, "STATE"), (4, 5, "STATE"), (5, 6, "WEAPON"))
    assert (told.role("SEND", "agent"), told.role("SEND", "theme"), told.role("SEND", "recipient")) == (["North Korea"], ["missiles"], ["Russia"])


def test_a_wrong_parse_is_outvoted_by_position(extractor: Extractor) -> None:
    flat = "\n".join(" ".join([*row.split()[:3], "0", "dep"]) for row in SENT.splitlines())
    told = read(extractor, flat, *NER)
    assert told.role("SEND", "agent") == ["North Korea"]
    assert told.role("SEND", "recipient") == ["Russia"]


def test_a_light_verb_and_its_noun_are_one_event(extractor: Extractor) -> None:
    rows = """شنت شن VERB 0 root
روسيا روسيا PROPN 1 nsubj
هجوما هجوم NOUN 1 obj
على على ADP 5 case
أوكرانيا أوكرانيا PROPN 3 nmod"""
    told = read(extractor, rows, (1, 2, "STATE"), (4, 5, "STATE"))
    assert told.event("ATTACK").trigger.text == "هجوما"
    assert (told.role("ATTACK", "agent"), told.role("ATTACK", "target")) == (["Russia"], ["Ukraine"])


@pytest.mark.parametrize(
    ("particle", "polarity", "modality"), [("لم", "negative", "asserted"), ("سوف", "positive", "planned"), ("قد", "positive", "possible")]
)
def test_particles(extractor: Extractor, particle: str, polarity: str, modality: str) -> None:
    rows = f"""{particle} {particle} PART 2 advmod
ترسل أرسل VERB 0 root
روسيا روسيا PROPN 2 nsubj
صواريخ صاروخ NOUN 2 obj
إلى إلى ADP 6 case
إيران إيران PROPN 2 obl"""
    event = read(extractor, rows, (2, 3, "STATE"), (3, 4, "WEAPON"), (5, 6, "STATE")).event("SEND")
    assert (event.polarity, event.modality) == (polarity, modality)


def test_who_says_so(extractor: Extractor) -> None:
    rows = """قالت قال VERB 0 root
سيول سيول PROPN 1 nsubj
إن إن PART 4 mark
روسيا روسيا PROPN 5 nsubj
قصفت قصف VERB 1 ccomp
أوكرانيا أوكرانيا PROPN 5 obj"""
    told = read(extractor, rows, (1, 2, "STATE"), (3, 4, "STATE"), (5, 6, "STATE"))
    assert [told.x.entity(i).name for i in told.event("ATTACK").source] == ["South Korea"]


def test_the_speaker_of_a_headline_is_no_agent(extractor: Extractor) -> None:
    rows = "سيول سيول PROPN 4 nsubj\n+: : PUNCT 1 punct\nروسيا روسيا PROPN 4 nsubj\nقصفت قصف VERB 0 root\nأوكرانيا أوكرانيا PROPN 4 obj"
    told = read(extractor, rows, (0, 1, "STATE"), (2, 3, "STATE"), (4, 5, "STATE"))
    assert told.role("ATTACK", "agent") == ["Russia"]
    assert [told.x.entity(i).name for i in told.event("ATTACK").source] == ["South Korea"]


def test_titles_give_facts(extractor: Extractor) -> None:
    rows = """التقى التقى VERB 0 root
الرئيس رئيس NOUN 1 nsubj
الروسي روسي ADJ 2 amod
فلاديمير فلاديمير PROPN 2 nmod
بوتين بوتين PROPN 4 flat
وزير وزير NOUN 1 obj
الخارجية خارجية NOUN 6 nmod
الإيراني إيراني ADJ 6 amod
عباس عباس PROPN 6 nmod
عراقجي عراقجي PROPN 9 flat"""
    told = read(extractor, rows, (3, 5, "PERSON"), (8, 10, "PERSON"))
    assert told.facts() == {("Vladimir Putin", "headOfState", "Russia"), ("Abbas Araghchi", "holdsOffice", "Iran")}
    assert told.role("MEET", "agent") == ["Vladimir Putin"]


def test_a_title_may_follow_the_name(extractor: Extractor) -> None:
    rows = """قال قال VERB 0 root
عباس عباس PROPN 1 nsubj
عراقجي عراقجي PROPN 2 flat
وزير وزير NOUN 2 appos
الخارجية خارجية NOUN 4 nmod
الإيراني إيراني ADJ 4 amod"""
    assert read(extractor, rows, (1, 3, "PERSON")).facts() == {("Abbas Araghchi", "holdsOffice", "Iran")}


def test_a_nisba_says_whose_troops_they_are(extractor: Extractor) -> None:
    told = read(extractor, "انسحبت انسحب VERB 0 root\nالقوات قوة NOUN 1 nsubj\nالروسية روسي ADJ 2 amod", (1, 3, "FORCE"))
    ((_, predicate, owner),) = told.facts()
    assert (predicate, owner) == ("forceOf", "Russia")
    assert [e.mentions for e in told.x.entities if e.name == "Russia"] == [()]


def test_short_names_join_long_ones(extractor: Extractor) -> None:
    rows = "كيم كيم PROPN 0 root\nو و CCONJ 3 cc\nكيم كيم PROPN 1 conj\nجونغ جونغ PROPN 3 flat\nأون أون PROPN 3 flat"
    told = read(extractor, rows, (0, 1, "PERSON"), (2, 5, "PERSON"))
    assert [(e.name, len(e.mentions)) for e in told.x.entities] == [("Kim Jong Un", 2)]


WHEN = """{}
روسيا روسيا PROPN 1 nsubj
أوكرانيا أوكرانيا PROPN 1 obj
{}
"""


def when(extractor: Extractor, published: str | None, *sentences: tuple[str, str]) -> list[tuple[str | None, str | None, str] | None]:
    """For each event of sentences «قصفت روسيا أوكرانيا WORDS»: first and last day, and the words that say so."""
    whole = "\n".join(f"{verb} روسيا أوكرانيا {words}" for verb, words in sentences)
    parsed, at = [], 0
    for n, (verb, words) in enumerate(sentences):
        later = "\n".join(f"{w} {w} NOUN 1 obl" for w in words.split())
        parsed.append(small.sentence(whole, WHEN.format(f"{verb} {verb} VERB 0 root", later), [(1, 2, "STATE"), (2, 3, "STATE")], n, at))
        at = parsed[-1].end
    x = extractor(Document("d", whole, published=published), parsed)
    assert all(e.when is None or whole[e.when.span.start : e.when.span.end] == e.when.span.text for e in x.events)
    return [e.when and (e.when.first, e.when.last, e.when.span.text) for e in x.events]


@pytest.mark.parametrize("published", ["2015-08-04", "2015-08-04T10:30:00+03:00"])
def test_an_event_happens_when_its_sentence_says(extractor: Extractor, published: str) -> None:
    told = when(extractor, published, ("قصفت", "أمس"), ("قصفت", "بشدة"), ("قصفت", "منذ 2014"))
    assert told == [("2015-08-03", "2015-08-03", "أمس"), None, ("2014-01-01", "2015-08-04", "منذ 2014")]


@pytest.mark.parametrize("published", [None, "", "أمس", "2015", "2015-13-40"])
def test_without_a_day_of_publication_only_what_has_a_year_is_known(extractor: Extractor, published: str | None) -> None:
    assert when(extractor, published, ("قصفت", "أمس"), ("قصفت", "في 12 يوليو 2015"), ("قصفت", "منذ 2014")) == [
        None,
        ("2015-07-12", "2015-07-12", "12 يوليو 2015"),
        ("2014-01-01", None, "منذ 2014"),
    ]


def test_of_two_times_the_nearer_one(extractor: Extractor) -> None:
    rows = """في في ADP 2 case
2014 2014 NUM 3 obl
أرسلت أرسل VERB 0 root
روسيا روسيا PROPN 3 nsubj
صواريخ صاروخ NOUN 3 obj
إلى إلى ADP 7 case
إيران إيران PROPN 3 obl
و و CCONJ 9 cc
قصفت قصف VERB 3 conj
أوكرانيا أوكرانيا PROPN 9 obj
في في ADP 12 case
2015 2015 NUM 9 obl"""
    told = read(extractor, rows, (3, 4, "STATE"), (4, 5, "WEAPON"), (6, 7, "STATE"), (9, 10, "STATE"))
    assert {e.type: e.when and e.when.first for e in told.x.events} == {"SEND": "2014-01-01", "ATTACK": "2015-01-01"}


def test_the_time_of_an_event_is_written_and_read(extractor: Extractor) -> None:
    told = read(
        extractor,
        "قصفت قصف VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nأوكرانيا أوكرانيا PROPN 1 obj\nمنذ منذ ADP 5 case\n2014 2014 NUM 1 obl",
        (1, 2, "STATE"),
        (2, 3, "STATE"),
    )
    (written,) = told.x.to_json()["events"]
    at = told.x.document.text.index("منذ")
    assert written["when"] == {"from": "2014-01-01", "until": None, "start": at, "end": at + 8, "text": "منذ 2014"}
    assert Extraction.from_json(told.x.to_json()).events[0].when == told.event("ATTACK").when


def test_a_nisba_of_aircraft_is_the_state_that_acts(tmp_path: Path) -> None:
    text = "هاجمت الطائرات الروسية أوكرانيا"
    rows = "هاجمت هاجم VERB 0 root\nالطائرات طائرة NOUN 1 nsubj\nالروسية روسي ADJ 2 amod\nأوكرانيا أوكرانيا PROPN 1 obj"
    x = small.read(tmp_path, text, small.sentence(text, rows, [(3, 4, "STATE")]))
    assert [x.entity(i).name for i in x.events[0].roles.get("agent", ())] == ["Russia"]


def test_spans_are_what_the_text_says(extractor: Extractor) -> None:
    told = read(extractor, SENT, *NER)
    text = told.x.document.text
    for span in [e.trigger for e in told.x.events] + [m for e in told.x.entities for m in e.mentions]:
        assert text[span.start : span.end] == span.text
    assert mentions.trim(sentence(SENT)[0].words, 9, 10) is None
