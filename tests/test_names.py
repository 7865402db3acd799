"""kg.mentions: clitics are cut off, the lexicon adds names and concepts."""

from __future__ import annotations

import pytest

from kg.mentions import find, head_of, joined, plain, span_of, swallowed_article, trim
from kg.model import Mention, Sentence
from tests.small import LEXICON, sentence

TO_RUSSIA = ("أرسلت جنودا لروسيا.", "أرسلت أرسل VERB 0 root\nجنودا جندي NOUN 1 obj\nل ل ADP 4 case\nروسيا روسيا PROPN 1 obl\n. . PUNCT 1 punct")
TO_JAPAN = ("سلم صواريخ لليابان", "سلم سلم VERB 0 root\nصواريخ صاروخ NOUN 1 obj\nل ل ADP 4 case\nليابان يابان PROPN 1 obl")


def names(text: str, rows: str, *ner: tuple[int, int, str]) -> list[tuple[str, str, str, str | None]]:
    found = find(sentence(text, rows, ner), text, LEXICON)
    assert all(m.span.text == text[m.span.start : m.span.end] for m in found)
    return [(m.span.text, m.type, m.origin, m.concept) for m in found]


@pytest.mark.parametrize(
    ("case", "ner", "expected"),
    [
        (TO_RUSSIA, (2, 4, "STATE"), ("روسيا", "STATE", "ner", "Q159")),
        (TO_RUSSIA, (3, 5, "STATE"), ("روسيا", "STATE", "ner", "Q159")),
        (TO_RUSSIA, (2, 4, "PLACE"), ("روسيا", "STATE", "ner", "Q159")),  # a country is a state wherever it stands
        (TO_JAPAN, (2, 4, "STATE"), ("يابان", "STATE", "ner", "Q17")),
    ],
)
def test_clitics_are_no_part_of_a_name(case: tuple[str, str], ner: tuple[int, int, str], expected: tuple[str, ...]) -> None:
    assert expected in names(*case, ner)


def test_the_lexicon_adds_what_the_tagger_missed_but_no_troops() -> None:
    assert names(*TO_RUSSIA) == [("روسيا", "STATE", "lexicon", "Q159")]
    assert names(*TO_RUSSIA, (1, 2, "FORCE")) == [("جنودا", "FORCE", "ner", "force/soldier"), ("روسيا", "STATE", "lexicon", "Q159")]


def test_an_unknown_name_has_no_concept() -> None:
    rows = "وصل وصل VERB 0 root\nسالم سالم PROPN 1 nsubj\nالعلوي علوي PROPN 2 flat"
    assert names("وصل سالم العلوي", rows, (1, 3, "PERSON")) == [("سالم العلوي", "PERSON", "ner", None)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [("في في ADP 2 case\nموسكو موسكو PROPN 0 root", "PLACE"), ("مع مع ADP 2 case\nموسكو موسكو PROPN 0 root", "STATE")],
)
def test_a_capital_where_something_happens_is_a_place(rows: str, expected: str) -> None:
    text = rows.split()[0] + " موسكو"
    assert names(text, rows, (1, 2, "STATE")) == [("موسكو", expected, "ner", "place/moscow")]


def test_a_named_war_holds_its_parties() -> None:
    rows = "بدأت بدأ VERB 0 root\nالحرب حرب NOUN 1 nsubj\nفي في ADP 4 case\nأوكرانيا أوكرانيا PROPN 2 nmod"
    assert names("بدأت الحرب في أوكرانيا", rows, (3, 4, "STATE")) == [("الحرب في أوكرانيا", "CONFLICT", "lexicon", "conflict/ukraine")]


def test_war_alone_names_no_war() -> None:
    assert names("بدأت الحرب", "بدأت بدأ VERB 0 root\nالحرب حرب NOUN 1 nsubj", (1, 2, "CONFLICT")) == []


def test_the_class_of_a_weapon_is_the_longest_name_in_it() -> None:
    rows = "صواريخ صاروخ NOUN 0 root\nباليستية باليستي ADJ 1 amod\nروسية روسي ADJ 1 amod\nجديدة جديد ADJ 1 amod"
    found = names("صواريخ باليستية روسية جديدة", rows, (0, 4, "WEAPON"))
    assert found == [("صواريخ باليستية روسية جديدة", "WEAPON", "ner", "weapon/ballistic-missile")]


def test_mentions_do_not_overlap_and_stand_in_order() -> None:
    rows = "روسيا روسيا PROPN 0 root\nو و CCONJ 3 cc\nأوكرانيا أوكرانيا PROPN 1 conj\nو و CCONJ 5 cc\nاليمن يمن PROPN 1 conj"
    text = "روسيا وأوكرانيا واليمن"
    found = find(sentence(text, rows, [(3, 5, "STATE"), (0, 1, "STATE"), (0, 3, "STATE")]), text, LEXICON)
    assert [m.span.text for m in found] == ["روسيا", "أوكرانيا", "اليمن"]
    assert not any(a.span.overlaps(b.span) for a in found for b in found if a is not b)


@pytest.mark.parametrize(
    ("rows", "text", "span", "expected"),
    [
        ("و و CCONJ 2 cc\nروسيا روسيا PROPN 0 root", "وروسيا", (0, 2), (1, 2)),
        ("جيش جيش NOUN 0 root\nه هو PRON 1 nmod", "جيشه", (0, 2), (0, 1)),
        ('" " PUNCT 2 punct\nحماس حماس PROPN 0 root\n" " PUNCT 2 punct', '"حماس"', (0, 3), (1, 2)),
        ("س س PROPN 2 case\nيالكوت يالكوت PROPN 0 root", "سيالكوت", (0, 2), (0, 2)),
        ("حماس حماس PROPN 0 root\n) ) PUNCT 1 punct", "حماس)", (0, 2), (0, 1)),
        ("، ، PUNCT 0 root", "،", (0, 1), None),
    ],
)
def test_trim(rows: str, text: str, span: tuple[int, int], expected: tuple[int, int] | None) -> None:
    assert trim(sentence(text, rows).words, *span) == expected


def test_the_article_that_lam_swallows() -> None:
    s = sentence(*TO_JAPAN)
    assert [joined(s.words, i) for i in range(4)] == [False, False, False, True]
    assert [swallowed_article(s.words, i) for i in range(4)] == [False, False, False, True]
    assert plain(s.words, 3) == "اليابان" and plain(s.words, 1) == "صواريخ"
    assert span_of(s.words, 3, 4, TO_JAPAN[0]).text == "يابان"


def test_head_of() -> None:
    s: Sentence = sentence(*TO_RUSSIA)
    assert [head_of(s.words, 2, 4), head_of(s.words, 0, 5), head_of(s.words, 1, 2)] == [3, 0, 1]


def test_mention_words_match_its_span() -> None:
    s = sentence(*TO_RUSSIA)
    m: Mention = find(s, TO_RUSSIA[0], LEXICON)[0]
    assert (s.words[m.words[0]].start, s.words[m.words[1] - 1].end, m.head) == (m.span.start, m.span.end, 3)
