"""kg.text on text of all sorts: spans of the cleaned copy read the same in the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text import clean, fold

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئىة"
MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
INVISIBLE = "\u0640\u200b\u200e\u200f\u202b\u202c\u2067\u2069\ufeff\u00ad\u061c"
OTHER = "ٱیکھ٠٣٩۴ 7.,،؛؟«»“”’-–—\u00a0\t\r\n😀🇰🇵é%ABzﻻﷲﺍ"
texts = st.text(alphabet=LETTERS + MARKS + INVISIBLE + OTHER + "\u0653\u0654\u0655", max_size=40)
arabic = st.text(alphabet=LETTERS + MARKS + " ", max_size=40)


@given(texts)
def test_characters_stand_one_behind_the_other(text: str) -> None:
    c = clean(text)
    for i in range(1, len(c.text)):  # only the letters of a ligature share a character
        assert c.starts[i] >= c.ends[i - 1] or c.starts[i] == c.starts[i - 1]


@given(texts, st.data())
def test_a_span_cut_out_of_the_original_reads_the_same(text: str, data: st.DataObject) -> None:
    text = text.translate(dict.fromkeys(map(ord, "ﻻﷲ")))  # a ligature cannot be cut
    c = clean(text)
    if c.text:
        start = data.draw(st.integers(0, len(c.text) - 1))
        end = data.draw(st.integers(start + 1, len(c.text)))
        left, right = c.span(start, end)
        assert clean(text[left:right]).text == c.text[start:end]


@given(texts)
def test_cleaned_text_has_no_marks_and_a_key_no_edges(text: str) -> None:
    assert not set(clean(text).text) & set(MARKS + INVISIBLE + "\u0653\u0654\u0655\r\t")
    key = fold(text)
    assert key == key.strip() and "  " not in key


@given(arabic)
def test_composed_and_decomposed_text_read_the_same(text: str) -> None:
    assert clean(unicodedata.normalize("NFD", text)).text == clean(unicodedata.normalize("NFC", text)).text


@given(arabic, st.data())
def test_vowels_tatweel_and_direction_marks_change_nothing(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    extra = data.draw(st.text(alphabet=MARKS + INVISIBLE, max_size=5))
    assert clean(text[:at] + extra + text[at:]).text == clean(text).text


@pytest.mark.parametrize(
    ("text", "word", "original"),
    [
        ("أعلنت صـــنعاء ذلك", "صنعاء", "صـــنعاء"),
        ("قال 😀 وزير 🇰🇵 الدفاع", "الدفاع", "الدفاع"),
        ("\u202bبيونغ\u202c يانغ", "بيونغ", "بيونغ"),
        ("سطر أول\r\nسطر ثان", "ثان", "ثان"),
        ("في ا\u0654وكرانيا", "أوكرانيا", "ا\u0654وكرانيا"),
        ("عدد ٣٠٠ صاروخ", "300", "٣٠٠"),
        ("قرب ﻻهاي", "لاهاي", "ﻻهاي"),
    ],
)
def test_spans_of_cleaned_words(text: str, word: str, original: str) -> None:
    c = clean(text)
    start = c.text.index(word)
    left, right = c.span(start, start + len(word))
    assert text[left:right] == original


@pytest.mark.parametrize(("one", "other"), [("إس 300", "إس 400"), ("سوريا", "سوري"), ("الجيش", "جيش"), ("80%", "80")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)
