"""kg.descriptions: bare nouns that stand for an organisation spoken of before, offices for who holds them, names in context."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model import Entity
from tests.small import read, sentence

FIRST = "أعلنت أعلن VERB 0 root\nوزارة وزارة NOUN 1 nsubj\nالدفاع دفاع NOUN 2 nmod\n. . PUNCT 1 punct"


def organisations(tmp_path: Path, second: str, rows: str, first: str = FIRST, name: tuple[int, int] = (1, 3)) -> list[Entity]:
    """The organisations of a text of two sentences, in the first of which NER has found one."""
    opening = " ".join(line.split()[0] for line in first.splitlines())
    text = f"{opening} {second}"
    a = sentence(text, first, [(*name, "ORGANISATION")])
    b = sentence(text, rows, [], 1, a.end)
    return [e for e in read(tmp_path, text, a, b).entities if e.type == "ORGANISATION"]


def texts(entity: Entity) -> list[str]:
    return [m.text for m in entity.mentions]


def test_the_noun_that_began_a_name_stands_for_it(tmp_path: Path) -> None:
    (ministry,) = organisations(tmp_path, "نفت الوزارة ذلك", "نفت نفى VERB 0 root\nالوزارة وزارة NOUN 1 nsubj\nذلك ذلك DET 1 obj")
    assert texts(ministry) == ["وزارة الدفاع", "الوزارة"]


def test_the_noun_before_a_name_stands_for_it(tmp_path: Path) -> None:
    first = "هاجم هاجم VERB 0 root\nتنظيم تنظيم NOUN 1 nsubj\nبريق بريق PROPN 2 nmod\n. . PUNCT 1 punct"
    (group,) = organisations(tmp_path, "انسحب التنظيم", "انسحب انسحب VERB 0 root\nالتنظيم تنظيم NOUN 1 nsubj", first, (2, 3))
    assert texts(group) == ["بريق", "التنظيم"]


def test_both_lams_of_a_swallowed_article_stay_outside(tmp_path: Path) -> None:
    rows = "قال قال VERB 0 root\nمتحدث متحدث NOUN 1 nsubj\nل ل ADP 4 case\nلوزارة وزارة NOUN 2 nmod"
    (ministry,) = organisations(tmp_path, "قال متحدث للوزارة", rows)
    assert texts(ministry) == ["وزارة الدفاع", "وزارة"]


@pytest.mark.parametrize(
    ("second", "rows"),
    [
        ("نفى المركز ذلك", "نفى نفى VERB 0 root\nالمركز مركز NOUN 1 nsubj\nذلك ذلك DET 1 obj"),  # none was spoken of
        ("نفت وزارة ذلك", "نفت نفى VERB 0 root\nوزارة وزارة NOUN 1 nsubj\nذلك ذلك DET 1 obj"),  # any ministry
        ("نفت الوزارة اليمنية", "نفت نفى VERB 0 root\nالوزارة وزارة NOUN 1 nsubj\nاليمنية يمني ADJ 2 amod"),  # perhaps another
    ],
)
def test_others_do_not(tmp_path: Path, second: str, rows: str) -> None:
    (ministry,) = organisations(tmp_path, second, rows)
    assert texts(ministry) == ["وزارة الدفاع"]


def test_a_government_is_its_state(tmp_path: Path) -> None:
    first = "أعلنت أعلن VERB 0 root\nحكومة حكومة NOUN 1 nsubj\nالوفاق وفاق NOUN 2 nmod\n. . PUNCT 1 punct"
    (named,) = organisations(tmp_path, "نفت الحكومة ذلك", "نفت نفى VERB 0 root\nالحكومة حكومة NOUN 1 nsubj\nذلك ذلك DET 1 obj", first)
    assert texts(named) == ["حكومة الوفاق"]


def test_nothing_before_its_name_is_taken_for_it(tmp_path: Path) -> None:
    text = "نفت الوزارة ذلك. أعلنت وزارة الدفاع ."
    a = sentence(text, "نفت نفى VERB 0 root\nالوزارة وزارة NOUN 1 nsubj\nذلك ذلك DET 1 obj\n. . PUNCT 1 punct")
    b = sentence(text, FIRST, [(1, 3, "ORGANISATION")], 1, a.end)
    (ministry,) = [e for e in read(tmp_path, text, a, b).entities if e.type == "ORGANISATION"]
    assert texts(ministry) == ["وزارة الدفاع"]


def test_what_only_judges_belongs_to_the_noun(tmp_path: Path) -> None:
    first = "هاجم هاجم VERB 0 root\nتنظيم تنظيم NOUN 1 nsubj\nبريق بريق PROPN 2 nmod\n. . PUNCT 1 punct"
    rows = "انسحب انسحب VERB 0 root\nالتنظيم تنظيم NOUN 1 nsubj\nالمتطرف متطرف ADJ 2 amod"
    (group,) = organisations(tmp_path, "انسحب التنظيم المتطرف", rows, first, (2, 3))
    assert texts(group) == ["بريق", "التنظيم المتطرف"]


def everybody(tmp_path: Path, holder: str, second: str) -> list[list[str]]:
    """The mentions of each person of a text, where NER has found the last two words of the first sentence."""
    opening = [line.split() for line in holder.splitlines()]
    text = " ".join([*(w[0] for w in opening), *(line.split()[0] for line in second.splitlines())])
    a = sentence(text, holder, [(len(opening) - 3, len(opening) - 1, "PERSON")])
    b = sentence(text, second, [], 1, a.end)
    return [texts(e) for e in read(tmp_path, text, a, b).entities if e.type == "PERSON"]


NAMED = "\nسالم سالم PROPN 2 nmod\nالعلوي علوي PROPN 2 flat\n. . PUNCT 1 punct"
PRESIDENT = "وصل وصل VERB 0 root\nالرئيس رئيس NOUN 1 nsubj\nاليمني يمني ADJ 2 amod" + NAMED
MINISTER = "وصل وصل VERB 0 root\nوزير وزير NOUN 1 nsubj\nالخارجية خارجية NOUN 2 nmod\nالروسي روسي ADJ 2 amod" + NAMED


@pytest.mark.parametrize(
    ("holder", "second", "named"),
    [
        (PRESIDENT, "رفض رفض VERB 0 root\nالرئيس رئيس NOUN 1 nsubj\nاليمني يمني ADJ 2 amod\nذلك ذلك DET 1 obj", ["الرئيس اليمني"]),
        (PRESIDENT, "رفض رفض VERB 0 root\nالرئيس رئيس NOUN 1 nsubj\nذلك ذلك DET 1 obj", ["الرئيس"]),
        (PRESIDENT, "رفض رفض VERB 0 root\nالرئيس رئيس NOUN 1 nsubj\nالياباني ياباني ADJ 2 amod\nذلك ذلك DET 1 obj", []),  # of another state
        (PRESIDENT, "رفض رفض VERB 0 root\nالرئيس رئيس NOUN 1 nsubj\nالمقبل مقبل ADJ 2 amod\nذلك ذلك DET 1 obj", []),
        (PRESIDENT, "رفض رفض VERB 0 root\nالوزير وزير NOUN 1 nsubj\nذلك ذلك DET 1 obj", []),  # another office
        (MINISTER, "رفض رفض VERB 0 root\nوزير وزير NOUN 1 nsubj\nالخارجية خارجية NOUN 2 nmod\nذلك ذلك DET 1 obj", ["وزير الخارجية"]),
        (MINISTER, "رفض رفض VERB 0 root\nالوزير وزير NOUN 1 nsubj\nالروسي روسي ADJ 2 amod\nذلك ذلك DET 1 obj", ["الوزير الروسي"]),
    ],
)
def test_an_office_stands_for_who_is_said_to_hold_it(tmp_path: Path, holder: str, second: str, named: list[str]) -> None:
    assert everybody(tmp_path, holder, second) == [["سالم العلوي", *named]]


@pytest.mark.parametrize(
    "second",
    [
        "يتولى تولى VERB 0 root\nمنصب منصب NOUN 1 obj\nوزير وزير NOUN 2 nmod\nالخارجية خارجية NOUN 3 nmod",  # the office
        "زار زار VERB 0 root\nالوزير وزير NOUN 1 nsubj\nالقاعدة قاعدة NOUN 1 obj\nالروسية روسي ADJ 3 amod",
        "رفض رفض VERB 0 root\nالوزير وزير NOUN 1 nsubj\nنغمان نغمان PROPN 2 flat",  # a name that NER has missed
        "اجتمع اجتمع VERB 0 root\nالوزيران وزير NOUN 1 nsubj Number=Dual",
    ],
)
def test_a_title_that_is_not_his_alone_is_none(tmp_path: Path, second: str) -> None:
    assert everybody(tmp_path, MINISTER, second) == [["سالم العلوي"]]


def test_the_lexicon_knows_who_holds_an_office_still(tmp_path: Path) -> None:
    first = "وصل وصل VERB 0 root\nفلاديمير فلاديمير PROPN 1 nsubj\nبوتين بوتين PROPN 2 flat\n. . PUNCT 1 punct"
    rejects = "رفض رفض VERB 0 root\nالرئيس رئيس NOUN 1 nsubj"
    assert everybody(tmp_path, first, rejects + "\nالروسي روسي ADJ 2 amod") == [["فلاديمير بوتين", "الرئيس الروسي"]]
    assert everybody(tmp_path, first, rejects + "\nذلك ذلك DET 1 obj") == [["فلاديمير بوتين"]]  # any president


def test_a_description_is_no_name_and_holds_no_office(tmp_path: Path) -> None:
    president = "أبلغ أبلغ VERB 0 root\nالرئيس رئيس NOUN 1 nsubj\nالروسي روسي ADJ 2 amod"
    second = president + "\nوزير وزير NOUN 1 obj\nالخارجية خارجية NOUN 4 nmod\nالروسي روسي ADJ 4 amod"
    opening = [line.split()[0] for line in MINISTER.splitlines()]
    text = " ".join([*opening, *(line.split()[0] for line in second.splitlines())])
    a = sentence(text, MINISTER, [(4, 6, "PERSON")])
    x = read(tmp_path, text, a, sentence(text, second, [], 1, a.end))
    assert [(e.name, texts(e)) for e in x.entities if e.type == "PERSON"] == [("سالم العلوي", ["سالم العلوي", "وزير الخارجية الروسي"])]
    assert "headOfState" not in [f.predicate for f in x.facts]


def test_a_person_whose_name_folds_to_nothing(tmp_path: Path) -> None:
    text = "قال الرئيس ء"
    s = sentence(text, "قال قال VERB 0 root\nالرئيس رئيس NOUN 1 nsubj\nء ء PROPN 2 flat", [(2, 3, "PERSON")])
    assert [texts(e) for e in read(tmp_path, text, s).entities] == [["ء"]]


def test_two_who_hold_an_office_leave_it_open(tmp_path: Path) -> None:
    another = "\nو و CCONJ 9 cc\nوزير وزير NOUN 2 conj\nالخارجية خارجية NOUN 9 nmod\nالإيراني إيراني ADJ 9 amod"
    both = MINISTER.replace("\n. . PUNCT 1 punct", another) + "\nكامل كامل PROPN 9 nmod\nالقحطاني قحطاني PROPN 12 flat\n. . PUNCT 1 punct"
    second = "رفض رفض VERB 0 root\nالوزير وزير NOUN 1 nsubj\nذلك ذلك DET 1 obj"
    opening = [line.split()[0] for line in both.splitlines()]
    text = " ".join([*opening, "رفض الوزير ذلك"])
    a = sentence(text, both, [(4, 6, "PERSON"), (10, 12, "PERSON")])
    b = sentence(text, second, [], 1, a.end)
    assert [texts(e) for e in read(tmp_path, text, a, b).entities if e.type == "PERSON"] == [["سالم العلوي"], ["كامل القحطاني"]]


@pytest.mark.parametrize(("beside", "found"), [("كوريا الشمالية", ["الشمال"]), ("اليمن", [])])
def test_a_name_in_context_needs_it(tmp_path: Path, beside: str, found: list[str]) -> None:
    names = beside.split()
    rows = ["رفضت رفض VERB 0 root", *(f"{w} {w} PROPN 1 nsubj" for w in names), "ذلك ذلك DET 1 obj", ". . PUNCT 1 punct"]
    second = "أطلق أطلق VERB 0 root\nالشمال شمال NOUN 1 nsubj\nصاروخا صاروخ NOUN 1 obj"
    text = f"رفضت {beside} ذلك . أطلق الشمال صاروخا"
    a = sentence(text, "\n".join(rows), [(1, 1 + len(names), "STATE")])
    b = sentence(text, second, [(2, 3, "WEAPON")], 1, a.end)
    assert [m for e in read(tmp_path, text, a, b).entities if e.qid == "Q423" for m in texts(e)[1:]] == found
