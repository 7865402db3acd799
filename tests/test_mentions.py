"""kg.mentions: spans without clitics, with what the lexicon knows."""

from __future__ import annotations

import pytest

from kg import mentions
from kg.lexicon import Lexicon
from tests.sentences import sentence


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def found(rows: str, lexicon: Lexicon, *ner: tuple[int, int, str]) -> list[tuple[str, str, str | None]]:
    s, text = sentence(rows, ner)
    out = mentions.find(s, text, lexicon)
    assert all(text[m.span.start : m.span.end] == m.span.text for m in out)
    return [(m.span.text, m.type, m.concept) for m in out]


def test_clitics_are_cut(lexicon: Lexicon) -> None:
    rows = "و و CCONJ 3 cc\n+ل ل ADP 3 case\n+روسيا روسيا PROPN 0 root"
    assert found(rows, lexicon, (0, 3, "STATE")) == [("روسيا", "STATE", "Q159")]


def test_both_lams_stay_outside(lexicon: Lexicon) -> None:
    rows = "ل ل ADP 2 case\n+ليابان يابان PROPN 0 root"
    assert found(rows, lexicon, (0, 2, "STATE")) == [("يابان", "STATE", "Q17")]


def test_a_stem_in_lam_keeps_its_own(lexicon: Lexicon) -> None:
    rows = "ل ل ADP 2 case\n+ليبيا ليبيا PROPN 0 root"
    assert found(rows, lexicon, (0, 2, "STATE")) == [("ليبيا", "STATE", "Q1016")]


def test_pronouns_are_cut(lexicon: Lexicon) -> None:
    assert [f[:2] for f in found("قوات قوة NOUN 0 root\n+ه هو PRON 1 nmod", lexicon, (0, 2, "FORCE"))] == [("قوات", "FORCE")]


@pytest.mark.parametrize(
    ("rows", "end", "text"),
    [
        ("مسلحين مسلح NOUN 0 root\nاثنين اثنان NUM 1 nummod", 2, "مسلحين"),
        ("مروحية مروحية NOUN 0 root\nواحدة واحد NUM 1 nummod", 2, "مروحية"),
        ("مسلحا مسلح NOUN 0 root\nخمسة خمسة NUM 1 nummod\nعشر عشرة NUM 2 flat", 3, "مسلحا"),
        ("اثنين اثنان NUM 0 root", 1, "اثنين"),  # nothing else is left
    ],
)
def test_a_numeral_behind_is_cut(lexicon: Lexicon, rows: str, end: int, text: str) -> None:
    assert [f[0] for f in found(rows, lexicon, (0, end, "FORCE"))] == [text]


def test_the_number_of_a_model_is_kept(lexicon: Lexicon) -> None:
    rows = "دبابة دبابة NOUN 0 root\nتي تي X 1 nmod\n90 90 NUM 1 nummod"
    assert found(rows, lexicon, (0, 3, "WEAPON")) == [("دبابة تي 90", "WEAPON", "weapon/t-90")]


def test_a_capital_where_something_happens_is_a_place(lexicon: Lexicon) -> None:
    assert found("في في ADP 2 case\nموسكو موسكو PROPN 0 root", lexicon, (1, 2, "STATE"))[0][1] == "PLACE"
    assert found("رفضت رفض VERB 0 root\nموسكو موسكو PROPN 1 nsubj", lexicon, (1, 2, "STATE"))[0][1] == "STATE"


@pytest.mark.parametrize(
    ("rows", "at", "type"),
    [
        ("رفضت رفض VERB 0 root\nموسكو موسكو PROPN 1 nsubj", 1, "STATE"),
        ("قالت قال VERB 0 root\nبيونغ بيونغ PROPN 1 nsubj\nيانغ يانغ PROPN 2 flat", 1, "STATE"),
        ("زار زار VERB 0 root\nموسكو موسكو PROPN 1 obj", 1, "PLACE"),
        ("رفض رفض NOUN 0 root\nموسكو موسكو PROPN 1 nsubj", 1, "PLACE"),  # of a noun
        ("في في ADP 2 case\nموسكو موسكو PROPN 3 nsubj\nرفضت رفض VERB 0 root", 1, "PLACE"),  # whatever the parser says
        ("سقطت سقط VERB 0 root\nحلب حلب PROPN 1 nsubj", 1, "PLACE"),  # no capital
    ],
)
def test_a_capital_that_acts_is_a_state_though_the_tagger_saw_a_place(lexicon: Lexicon, rows: str, at: int, type: str) -> None:
    end = at + 1 + rows.count("flat")
    assert [f[1] for f in found(rows, lexicon, (at, end, "PLACE"))] == [type]


def test_a_country_is_a_state_wherever_it_stands(lexicon: Lexicon) -> None:
    assert found("في في ADP 2 case\nالعراق العراق PROPN 0 root", lexicon, (1, 2, "PLACE"))[0][1] == "STATE"


def test_the_lexicon_adds_what_the_tagger_missed(lexicon: Lexicon) -> None:
    rows = "أطلقت أطلق VERB 0 root\nصواريخ صاروخ NOUN 1 obj\nباليستية باليستي ADJ 2 amod"
    assert found(rows, lexicon) == [("صواريخ باليستية", "WEAPON", "weapon/ballistic-missile")]


def test_mentions_do_not_overlap(lexicon: Lexicon) -> None:
    rows = "حرب حرب NOUN 0 root\nروسيا روسيا PROPN 1 nmod\nفي في ADP 4 case\nأوكرانيا أوكرانيا PROPN 1 nmod"
    assert [f[:2] for f in found(rows, lexicon, (1, 2, "STATE"), (3, 4, "STATE"))] == [("حرب روسيا في أوكرانيا", "CONFLICT")]


def test_papers_are_called_after_places(lexicon: Lexicon) -> None:
    rows = 'أبلغ أبلغ VERB 0 root\n" " PUNCT 3 punct\nالرياض الرياض PROPN 1 obj\n" " PUNCT 3 punct'
    assert [f[:2] for f in found(rows, lexicon, (2, 3, "ORGANISATION"))] == [("الرياض", "ORGANISATION")]


def test_a_person_that_the_tagger_took_for_a_place(lexicon: Lexicon) -> None:
    assert [f[:2] for f in found("قال قال VERB 0 root\nلافروف لافروف PROPN 1 nsubj", lexicon, (1, 2, "PLACE"))] == [("لافروف", "PERSON")]


@pytest.mark.parametrize(
    ("rows", "length", "type"),
    [
        ("قوات قوة NOUN 0 root\nالدعم دعم NOUN 1 nmod\nالسريع سريع ADJ 2 amod", 3, "ORGANISATION"),
        ("كتائب كتيبة NOUN 0 root\nالقسام القسام PROPN 1 nmod", 2, "ORGANISATION"),
        ("قوات قوة NOUN 0 root\nالبيشمركة البيشمركة PROPN 1 nmod", 2, "FORCE"),  # the troops of one
        ("قوات قوة NOUN 0 root\nسوريا سوريا PROPN 1 nmod\nالديموقراطية ديموقراطي ADJ 1 amod", 3, "ORGANISATION"),  # another spelling
        ("مليشيا مليشيا NOUN 0 root\nالدعم دعم NOUN 1 nmod\nالسريع سريع ADJ 2 amod", 3, "FORCE"),
        ("الجنود جندي NOUN 0 root", 1, "FORCE"),
        ("حوثيين حوثي NOUN 0 root", 1, "FORCE"),  # eight of them are no movement
    ],
)
def test_an_organisation_that_the_tagger_took_for_troops(lexicon: Lexicon, rows: str, length: int, type: str) -> None:
    assert [f[1] for f in found(rows, lexicon, (0, length, "FORCE"))] == [type]


def test_the_lexicon_adds_no_state_for_a_nisba(lexicon: Lexicon) -> None:
    assert found("الحدود حد NOUN 0 root\nالسعودية سعودي ADJ 1 amod", lexicon) == []
    assert found("قالت قال VERB 0 root\nالسعودية السعودية PROPN 1 nsubj", lexicon) == [("السعودية", "STATE", "Q851")]


@pytest.mark.parametrize(
    ("span", "kept"),
    [
        ("مجموعة فاغنر الروسية", "مجموعة فاغنر"),
        ("صحيفة كوميرسانت الروسية", "صحيفة كوميرسانت"),
        ("حركة حماس الفلسطينية", "حركة حماس"),
        ("وكالة الأنباء اليمنية الرسمية", "وكالة الأنباء اليمنية"),
        ("وكالة الأنباء اليمنية", "وكالة الأنباء اليمنية"),  # its name
        ("وزارة الدفاع الروسية", "وزارة الدفاع الروسية"),
        ("حزب البعث السوري", "حزب البعث السوري"),  # there is an Iraqi one
        ("شركة نغمان روسية", "شركة نغمان روسية"),
        ("شركة تشونغسونغ التجارية", "شركة تشونغسونغ التجارية"),
    ],
)
def test_whose_an_organisation_is_stands_behind_its_name(lexicon: Lexicon, span: str, kept: str) -> None:
    words = span.split()
    rows = "\n".join(
        f"{w} {w} {'ADJ' if i == len(words) - 1 else 'NOUN' if i == 0 or w.startswith('ال') else 'PROPN'} {i} nmod" for i, w in enumerate(words)
    )
    assert found(rows, lexicon, (0, len(words), "ORGANISATION"))[0][0] == kept


@pytest.mark.parametrize(
    ("rows", "type", "expected"),
    [
        ("دولة دولة NOUN 0 root\nقطر قطر PROPN 1 nmod", "STATE", [("قطر", "STATE")]),
        ("شارع شارع NOUN 0 root\nنغمان نغمان PROPN 1 nmod", "PLACE", [("نغمان", "PLACE")]),
        ("قطاع قطاع NOUN 0 root\nغزة غزة PROPN 1 nmod", "PLACE", [("قطاع غزة", "PLACE")]),  # a name as a whole
        ("مطار مطار NOUN 0 root\nنغمان نغمان PROPN 1 nmod\nالبولندي بولندي ADJ 1 amod", "PLACE", [("مطار نغمان", "PLACE")]),
        ("يناير يناير NOUN 0 root", "PLACE", []),
        ("إب إب PROPN 0 root", "PLACE", [("إب", "PLACE")]),  # the Yemeni city, not August
        ("قافلة قافلة NOUN 0 root\nعسكرية عسكري ADJ 1 amod", "WEAPON", [("قافلة عسكرية", "FORCE")]),
        ("اللواء لواء NOUN 0 root\n81 81 NUM 1 nummod", "ORGANISATION", [("اللواء 81", "FORCE")]),
        ("قوات قوة NOUN 0 root\n+ها هو PRON 1 nmod\nالخاصة خاص ADJ 1 amod", "FORCE", [("قوات", "FORCE")]),
        ("رجال رجل NOUN 0 root\nنغمان نغمان PROPN 1 nmod", "FORCE", [("رجال", "FORCE")]),
        ("رجال رجل NOUN 0 root\nأمن أمن NOUN 1 nmod", "FORCE", [("رجال أمن", "FORCE")]),
        (
            "سالم سالم PROPN 0 root\nالعلوي علوي PROPN 1 flat\nو و CCONJ 4 cc\n+القحطاني قحطاني PROPN 1 conj",
            "PERSON",
            [("سالم العلوي", "PERSON"), ("القحطاني", "PERSON")],
        ),
        ("سالم سالم PROPN 0 root\nو و CCONJ 3 cc\n+ايسنفيل ايسنفيل PROPN 1 conj", "PERSON", [("سالم وايسنفيل", "PERSON")]),
    ],
)
def test_where_a_span_is_cut_and_what_it_is(lexicon: Lexicon, rows: str, type: str, expected: list[tuple[str, str]]) -> None:
    assert [f[:2] for f in found(rows, lexicon, (0, rows.count("\n") + 1, type))] == expected


@pytest.mark.parametrize(
    ("rows", "start", "end", "type"),
    [
        ("سيول سيول PROPN 0 root\n- - PUNCT 1 punct\nأطلقت أطلق VERB 1 parataxis", 0, 1, "PLACE"),
        ("إسلام إسلام PROPN 0 root\nآباد آباد PROPN 1 flat\n25 25 NUM 1 nummod\nشوال شوال NOUN 3 nmod", 0, 2, "PLACE"),
        ("أرسلت أرسل VERB 0 root\nموسكو موسكو PROPN 1 nsubj\n3000 3000 NUM 1 obj\nجندي جندي NOUN 3 nmod", 1, 2, "STATE"),
        ("أوروبا أوروبا PROPN 0 root", 0, 1, "PLACE"),  # no state, whatever the tagger says
        ("كردستان كردستان PROPN 0 root\nالعراق عراق PROPN 1 flat", 0, 2, "STATE"),
        ("شهدت شهد VERB 0 root\nموسكو موسكو PROPN 1 nsubj", 1, 2, "PLACE"),
    ],
)
def test_cities_of_datelines_and_the_like_are_places(lexicon: Lexicon, rows: str, start: int, end: int, type: str) -> None:
    tagged = "PLACE" if "شهد" in rows else "STATE"
    assert [f[1] for f in found(rows, lexicon, (start, end, tagged))] == [type]


def test_the_gulf_states_hold_the_gulf(lexicon: Lexicon) -> None:
    rows = "دول دولة NOUN 0 root\nالخليج خليج PROPN 1 nmod"
    assert found(rows, lexicon, (1, 2, "PLACE")) == [("دول الخليج", "ORGANISATION", "organisation/gulf-states")]
