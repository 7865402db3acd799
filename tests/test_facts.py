"""kg.facts: what titles, nisbas, genitives and prepositions say of whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small import read, sentence

Row = tuple[str, str, tuple[tuple[int, int, str], ...], set[tuple[str, str, str]]]


def rows(text: str, tags: str) -> str:
    """Words that depend on the first one, with the given tags."""
    return "\n".join(f"{w} {w} {t} {min(i, 1)} dep" for i, (w, t) in enumerate(zip(text.split(), tags.split(), strict=True)))


CASES: list[Row] = [
    ("وصل الرئيس الروسي فلاديمير بوتين", "VERB NOUN ADJ PROPN PROPN", ((3, 5, "PERSON"),), {("Vladimir Putin", "headOfState", "Russia")}),
    ("وصل الرئيس الروسي السابق سالم العلوي", "VERB NOUN ADJ ADJ PROPN PROPN", ((4, 6, "PERSON"),), set()),
    ("وزير الخارجية اليمني سالم العلوي", "NOUN NOUN ADJ PROPN PROPN", ((3, 5, "PERSON"),), {("سالم العلوي", "holdsOffice", "Yemen")}),
    ("انسحبت القوات الروسية", "VERB NOUN ADJ", ((1, 3, "FORCE"),), {("القوات الروسية", "forceOf", "Russia")}),
    ("انسحبت قوات أوكرانيا", "VERB NOUN PROPN", ((1, 2, "FORCE"), (2, 3, "STATE")), {("قوات", "forceOf", "Ukraine")}),
    ("أعلنت وزارة الدفاع اليمنية", "VERB NOUN NOUN ADJ", ((1, 4, "ORGANISATION"),), {("وزارة الدفاع اليمنية", "agencyOf", "Yemen")}),
    ("ذكرت قناة العالم الإيرانية", "VERB NOUN NOUN ADJ", ((1, 4, "ORGANISATION"),), set()),
    ("صواريخ باليستية إيرانية", "NOUN ADJ ADJ", ((0, 3, "WEAPON"),), {("ballistic missiles", "weaponOf", "Iran")}),
    ("في مدينة تعز اليمنية", "ADP NOUN PROPN ADJ", ((2, 3, "PLACE"),), {("تعز", "locatedIn", "Yemen")}),
    ("في كورسك غربي روسيا", "ADP PROPN ADJ PROPN", ((1, 2, "PLACE"), (3, 4, "STATE")), {("كورسك", "locatedIn", "Russia")}),
    ("في العاصمة اليمنية صنعاء", "ADP NOUN ADJ PROPN", ((3, 4, "PLACE"),), {("صنعاء", "capitalOf", "Yemen")}),
    ("القيادي في حركة حماس سالم العلوي", "NOUN ADP NOUN PROPN PROPN PROPN", ((2, 4, "ORGANISATION"), (4, 6, "PERSON")),
     {("سالم العلوي", "memberOf", "Hamas")}),
    ("معاهدة الشراكة مع روسيا", "NOUN NOUN ADP PROPN", ((0, 2, "AGREEMENT"), (3, 4, "STATE")), {("Russia", "partyTo", "معاهدة الشراكة")}),
    ("اتفاقية الحبوب بين روسيا و أوكرانيا", "NOUN NOUN ADP PROPN CCONJ PROPN", ((0, 2, "AGREEMENT"), (3, 4, "STATE"), (5, 6, "STATE")),
     {("Russia", "partyTo", "اتفاقية الحبوب"), ("Ukraine", "partyTo", "اتفاقية الحبوب")}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tags", "ner", "expected"), CASES)
def test_facts(tmp_path: Path, text: str, tags: str, ner: tuple[tuple[int, int, str], ...], expected: set[tuple[str, str, str]]) -> None:
    x = read(tmp_path, text, sentence(text, rows(text, tags), ner))
    assert {(x.entity(f.subject).name, f.predicate, x.entity(f.object).name) for f in x.facts} == expected
    assert all(text[f.evidence.start : f.evidence.end] == f.evidence.text for f in x.facts)
    assert all(0 < f.confidence <= 1 for f in x.facts)


def test_the_office_is_quoted(tmp_path: Path) -> None:
    text, tags, ner, _ = CASES[2]
    (fact,) = read(tmp_path, text, sentence(text, rows(text, tags), ner)).facts
    assert (fact.office, fact.evidence.text, fact.path) == ("وزير الخارجية", text, "title")


def test_a_fact_said_twice_is_one(tmp_path: Path) -> None:
    one, tags, ner, _ = CASES[0]
    text = f"{one} {one}"
    second = sentence(text, rows(one, tags), ner, 1, len(one))
    (fact,) = read(tmp_path, text, sentence(text, rows(one, tags), ner), second).facts
    assert (fact.id, fact.sentence) == ("F1", 0)
