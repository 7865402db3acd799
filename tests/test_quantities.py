"""kg.quantities: numbers, their bounds and the nouns that they count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Quantity, Sentence
from kg.quantities import before, is_dual, is_number, number, phrase_start
from tests.small import sentence


def plain(text: str) -> Sentence:
    """A sentence whose words are parted by blanks, all of them nouns under the first."""
    return sentence(text, "\n".join(f"{w} {w} NOUN {min(i, 1)} dep" for i, w in enumerate(text.split())))


@pytest.mark.parametrize(
    ("words", "value", "vague"),
    [
        ("3000", 3000, False),
        ("12,500", 12500, False),
        ("20.000", 20000, False),
        ("3.5", 3.5, False),
        ("1.3 مليون", 1_300_000, False),
        ("50 ألف", 50000, False),
        ("أربعة آلاف و 100", 4100, False),
        ("خمسة و عشرون", 25, False),
        ("ثلاثين", 30, False),
        ("عشرين ألفا", 20000, False),
        ("اثني عشر", 12, False),
        ("إحدى عشرة", 11, False),
        ("عشرة آلاف", 10000, False),
        ("مئة و خمسين", 150, False),
        ("ثلاث مئة", 300, False),
        ("الثلاثة", 3, False),
        ("مئات", 100, True),
        ("آلاف", 1000, True),
        ("عشرات الآلاف", 10000, True),
        ("1.3 مليار", 1.3e9, False),
        ("ثلاثة آلاف", 3000, False),
        ("11 ألف", 11000, False),
        ("خمسون", 50, False),
        ("خمسة و عشرين", 25, False),
        ("الآلاف", 1000, True),
        ("ألفين", 2000, False),
        ("مئتي", 200, False),
        ("مليونين", 2_000_000, False),
        ("خمسمئة", 500, False),
        ("ثلاثمائة", 300, False),
    ],
)
def test_number(words: str, value: float, vague: bool) -> None:
    assert number(words.split()) == (value, vague)


@pytest.mark.parametrize("words", ["", "جندي", "كتاب", "و", "3000 جندي", "و 100", "80%", "T-90"])
def test_what_spells_no_number(words: str) -> None:
    assert number(words.split()) is None


@given(st.integers(1, 10**9))
def test_digits(n: int) -> None:
    assert number([str(n)]) == number([f"{n:,}"]) == number([str(n), "و"]) == (n, False)


@pytest.mark.parametrize(("word", "expected"), [("100", True), ("ثلاثة", True), ("مليون", True), ("و", False), ("جندي", False), ("أرسل", False)])
def test_is_number(word: str, expected: bool) -> None:
    assert is_number(word) is expected


@pytest.mark.parametrize(
    ("text", "noun", "value", "bound"),
    [
        ("أرسلت 3000 جندي", "جندي", 3000, "exact"),
        ("ما لا يقل عن 3000 جندي", "جندي", 3000, "at-least"),
        ("أكثر من عشرة آلاف جندي", "جندي", 10000, "at-least"),
        ("نحو 220 جندي", "جندي", 220, "about"),
        ("حوالي 220 وحدة من قاذفات", "قاذفات", 220, "about"),
        ("أقل من 50 صاروخا", "صاروخا", 50, "at-most"),
        ("مقتل 12 جنديا على الأقل", "جنديا", 12, "at-least"),
        ("مئات المقاتلين", "المقاتلين", 100, "at-least"),
        ("نحو آلاف المقاتلين", "المقاتلين", 1000, "about"),
        ("200 مدفع", "مدفع", 200, "exact"),
        ("60 مدفعا عيار 170 ملم هاوتزر", "مدفعا", 60, "exact"),
        ("خمسة من عناصر", "عناصر", 5, "exact"),
        ("220 وحدة من 240 ملم من قاذفات", "قاذفات", 220, "exact"),
        ("وصل ما لا يقل عن 3000 جندي", "جندي", 3000, "at-least"),
        ("نحو أربعة آلاف جندي", "جندي", 4000, "about"),
        ("حوالي 220 وحدة من 240 ملم من قاذفات", "قاذفات", 220, "about"),
        ("أكثر من عشرين صاروخا", "صاروخا", 20, "at-least"),
        ("ما يصل إلى 100 صاروخ", "صاروخ", 100, "at-most"),
        ("ما لا يزيد عن 30 جندي", "جندي", 30, "at-most"),
        ("أربع دبابات على الأقل", "دبابات", 4, "at-least"),
        ("الآلاف من القوات", "القوات", 1000, "at-least"),
        ("16 و 20 صاروخا", "صاروخا", 20, "exact"),
        ("16 ألفا و 20 صاروخا", "صاروخا", 16020, "exact"),
        ("مئة و واحد و عشرون صاروخا", "صاروخا", 121, "exact"),
        ("ألفين و 500 جندي", "جندي", 2500, "exact"),
        ("عشرة و خمسة جنود", "جنود", 5, "exact"),
        ("أحد عشر جنديا", "جنديا", 11, "exact"),
        ("إحدى عشرة دبابة", "دبابة", 11, "exact"),
        ("في 2013 جنديا", "جنديا", 2013, "exact"),
        ("خمسون من هؤلاء المقاتلين", "المقاتلين", 50, "exact"),
        ("زهاء 500 مقاتل", "مقاتل", 500, "about"),
    ],
)
def test_before(text: str, noun: str, value: float, bound: str) -> None:
    s = plain(text)
    at = text.split().index(noun)
    q = before(s.words, at, at + 1, text, "things")
    assert q is not None
    assert (q.value, q.bound, q.approx, q.unit) == (value, bound, bound == "about", "things")
    assert q.text in text and q.text.endswith(noun)


def test_a_noun_that_is_not_counted() -> None:
    s = plain("أرسلت روسيا صواريخ")
    assert before(s.words, 2, 3, "أرسلت روسيا صواريخ", "missiles") is None


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("في 2013 المقاتلين", "المقاتلين"),
        ("أحد العناصر", "العناصر"),
        ("إحدى الدبابات", "الدبابات"),
        ("أحد هؤلاء الجنود", "الجنود"),
        ("الجنود اثنين", "الجنود"),
    ],
)
def test_numerals_that_count_nothing(text: str, noun: str) -> None:
    assert before(plain(text).words, text.split().index(noun), text.split().index(noun) + 1, text, "things") is None


@given(st.integers(1990, 2030), st.sampled_from(["المقاتلين", "الجنود", "القوات"]))
def test_a_year_counts_nobody(year: int, noun: str) -> None:
    text = f"في {year} {noun}"
    assert before(plain(text).words, 2, 3, text, "people") is None


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_two_numbers_in_digits_are_two(first: int, second: int) -> None:
    text = f"{first} و {second} صاروخا"
    q = before(plain(text).words, 3, 4, text, "missiles")
    assert q is not None and (q.value, q.text) == (second, f"{second} صاروخا")


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("أسقطت مروحية واحدة", 1, "مروحية واحدة"),
        ("قتل عسكريين اثنين", 2, "عسكريين اثنين"),
        ("قتل جندي واحد", 1, "جندي واحد"),
        ("رأى مروحية كبيرة", None, ""),
    ],
)
def test_a_count_behind_its_noun(text: str, value: int | None, said: str) -> None:
    q = before(plain(text).words, 1, 2, text, "things")
    assert q == (None if value is None else Quantity(value, False, "things", said))


BEHIND = """قتل قتل VERB 0 root
خمسة خمسة NUM 1 nsubj
من من ADP 4 case
{}
على على ADP 9 case
{} {} NOUN 2 nmod"""


@pytest.mark.parametrize(
    ("noun", "last", "bound"),
    [
        (("عناصر عنصر NOUN 2 nmod", "ه هو PRON 4 nmod"), "الأقل", "at-least"),
        (("مقاتلي مقاتل NOUN 2 nmod", "المعارضة معارضة NOUN 4 nmod", "السورية سوري ADJ 5 amod"), "الأقل", "at-least"),
        (("عناصر عنصر NOUN 2 nmod", "ه هو PRON 4 nmod"), "الأكثر", "at-most"),
        (("عناصر عنصر NOUN 2 nmod", "ه هو PRON 4 nmod"), "الطريق", "exact"),
        (("عناصر عنصر NOUN 2 nmod", "وصلوا وصل VERB 1 conj"), "الأقل", "exact"),  # what a verb parts from the noun is not said of it
    ],
)
def test_a_bound_behind_what_belongs_to_the_noun(noun: tuple[str, ...], last: str, bound: str) -> None:
    rows = BEHIND.format("\n".join(noun), last, last)
    text = " ".join(row.split()[0] for row in rows.splitlines()).replace("عناصر ه", "عناصره")
    q = before(sentence(text, rows).words, 3, 4, text, "fighters")
    assert q is not None and (q.value, q.bound) == (5, bound)


def test_a_dual_counts_itself() -> None:
    text = "قتل جنديين وعين"
    s = sentence(text, "قتل قتل VERB 0 root\nجنديين جندي NOUN 1 obj Number=Dual\nوعين عين NOUN 2 dep Number=Sing")
    assert before(s.words, 1, 2, text, "soldiers") == Quantity(2, False, "soldiers", "جنديين")
    assert [is_dual(w) for w in s.words] == [False, True, False]


@pytest.mark.parametrize(
    ("noun", "feats", "dual"),
    [
        ("جنديين", "Number=Plur", True),  # with a broken plural ين is a dual whatever the tagger says
        ("جنديان", "Number=Sing", True),
        ("الصاروخين", "Number=Plur", True),
        ("مروحيتين", "Number=Plur", True),
        ("طائرتي", "Number=Sing", True),
        ("دبابتان", "Number=Plur", True),
        ("مسلحين", "Number=Plur", False),  # which have a plural in ين
        ("المقاتلين", "Number=Plur", False),
        ("مسلحين", "Number=Dual", True),
        ("جنود", "Number=Dual", False),
        ("لواءين", "Number=Plur", True),
    ],
)
def test_duals(noun: str, feats: str, dual: bool) -> None:
    text = f"قتل {noun}"
    s = sentence(text, f"قتل قتل VERB 0 root\n{noun} {noun} NOUN 1 obj {feats}")
    assert is_dual(s.words[1]) is dual
    assert before(s.words, 1, 2, text, "things") == (Quantity(2, False, "things", noun) if dual else None)


def test_a_verb_in_ta_is_no_dual() -> None:
    (verb, adjective) = sentence("سيأتي لوجستي", "سيأتي أتى VERB 0 root\nلوجستي لوجستي ADJ 1 dep").words
    assert not is_dual(verb) and not is_dual(adjective)


@pytest.mark.parametrize(
    ("text", "noun", "first"),
    [
        ("أرسلت ما لا يقل عن 3000 جندي", "جندي", "ما"),
        ("أرسلت 3000 جندي", "جندي", "3000"),
        ("أرسلت حوالي 220 وحدة من قاذفات", "قاذفات", "حوالي"),
        ("أرسلت عددا من قاذفات", "قاذفات", "قاذفات"),
        ("أرسلت جنودا", "جنودا", "جنودا"),
        ("وصل ما لا يقل عن 3000 جندي", "جندي", "ما"),
        ("وصل ما لا يقل عن 3000 جندي", "ما", "ما"),
    ],
)
def test_phrase_start(text: str, noun: str, first: str) -> None:
    words = text.split()
    assert words[phrase_start(plain(text).words, words.index(noun))] == first


@pytest.mark.parametrize("noun", ["آليات", "ألغام", "ألوية"])
def test_a_stem_in_hamza_is_no_article(noun: str) -> None:
    text = f"دمرت 7 {noun}"
    found = before(plain(text).words, 2, 3, text, "things")
    assert found is not None
    assert found.value == 7
