"""kg.quantities: numbers before nouns."""

from __future__ import annotations

import pytest

from kg import quantities
from tests.sentences import sentence


@pytest.mark.parametrize(
    ("words", "value", "vague"),
    [
        ("3000", 3000, False), ("12,500", 12500, False), ("1.3 مليار", 1.3e9, False), ("ثلاثة آلاف", 3000, False), ("أربعة آلاف و 100", 4100, False),
        ("11 ألف", 11000, False), ("خمسون", 50, False), ("خمسة و عشرين", 25, False), ("مئات", 100, True), ("الآلاف", 1000, True),
        ("ألفين", 2000, False), ("مئتي", 200, False), ("مليونين", 2_000_000, False),
        ("خمسمئة", 500, False), ("ثلاثمائة", 300, False), ("و", None, None), ("كتاب", None, None),
    ],
)  # fmt: skip
def test_numbers(words: str, value: float | None, vague: bool | None) -> None:
    found = quantities.number(words.split())
    assert found == (None if value is None else (value, vague))


def rows(text: str) -> str:
    return "\n".join(f"{w} {w} NOUN 0 dep" for w in text.split())


@pytest.mark.parametrize(
    ("text", "noun", "value", "bound"),
    [
        ("وصل ما لا يقل عن 3000 جندي", "جندي", 3000, "at-least"),
        ("نحو أربعة آلاف جندي", "جندي", 4000, "about"),
        ("حوالي 220 وحدة من 240 ملم من قاذفات", "قاذفات", 220, "about"),
        ("أكثر من عشرين صاروخا", "صاروخا", 20, "at-least"),
        ("ما يصل إلى 100 صاروخ", "صاروخ", 100, "at-most"),
        ("ما لا يزيد عن 30 جندي", "جندي", 30, "at-most"),
        ("أربع دبابات على الأقل", "دبابات", 4, "at-least"),
        ("الآلاف من القوات", "القوات", 1000, "at-least"),
        ("خمسة من عناصر", "عناصر", 5, "exact"),
    ],
)
def test_bounds(text: str, noun: str, value: float, bound: str) -> None:
    s, whole = sentence(rows(text))
    i = [w.text for w in s.words].index(noun)
    found = quantities.before(s.words, i, i + 1, whole, "things")
    assert found is not None
    assert (found.value, found.bound, found.approx) == (value, bound, bound == "about")
    assert found.text in whole


def test_a_noun_without_a_number_has_no_quantity() -> None:
    s, whole = sentence(rows("أرسلت روسيا صواريخ"))
    assert quantities.before(s.words, 2, 3, whole, "missiles") is None


def test_a_dual_counts_two() -> None:
    s, whole = sentence("أسر أسر VERB 0 root\nجنديين جندي NOUN 1 obj Number=Dual")
    found = quantities.before(s.words, 1, 2, whole, "soldiers")
    assert found is not None
    assert (found.value, found.bound) == (2, "exact")


def test_the_phrase_begins_with_what_bounds_the_number() -> None:
    s, _ = sentence(rows("وصل ما لا يقل عن 3000 جندي"))
    assert quantities.phrase_start(s.words, 6) == 1
    assert quantities.phrase_start(s.words, 1) == 1
