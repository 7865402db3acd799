"""kg.text: cleaned copies with offsets, keys for comparison."""

from __future__ import annotations

import ast
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.text import clean, fold, is_arabic

ARABIC = st.text(alphabet=st.sampled_from('ابتثجحخدرسصطعفقكلمنهويأإآؤئءةىـًٌَُِّْٰٓٔ ٠٣۴12،.؟"«»\u200f\u202b\n\r\t😀aZ-'), max_size=60)


@given(ARABIC | st.text(max_size=60))
def test_offsets_lead_back_into_the_text(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.text) == len(cleaned.starts) == len(cleaned.ends)
    assert all(0 <= s < e <= len(text) for s, e in zip(cleaned.starts, cleaned.ends, strict=True))
    assert list(cleaned.starts) == sorted(cleaned.starts)
    assert list(cleaned.ends) == sorted(cleaned.ends)


@pytest.mark.parametrize("module", ["arguments", "entities", "events", "facts", "factuality", "mentions", "quantities", "titles"])
def test_words_that_are_compared_with_folded_ones_are_folded(module: str) -> None:
    """What `fold` drops can stand in no table of words to look folded words up in: there it would never be found."""
    tree = ast.parse((Path(kg.__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    texts = {str(n.value) for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    words = {t for t in texts if re.fullmatch(r"[\u0620-\u064a ]+", t)}
    assert {w for w in words if set(w) & set("ءئؤ") and fold(w) != w} == set()


@given(ARABIC)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text).text
    assert clean(once).text == once
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("أُرْسِلَت", "أرسلت"), ("العـــراق", "العراق"), ("٣٠٠٠ و۴", "3000 و4"), ("«نعم»", '"نعم"'), ("\u200fسوريا\u200e", "سوريا"),
        (unicodedata.normalize("NFD", "أإآؤئ"), "أإآؤئ"), ("ﻻ", "لا"), ("کریملین", "كريملين"), ("ٱلله", "الله"),
    ],
)  # fmt: skip
def test_what_models_read(written: str, cleaned: str) -> None:
    assert clean(written).text == cleaned


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_span_holds_whole_letters(form: str) -> None:
    text = unicodedata.normalize(form, "قالَ الرَّئيسُ إنَّ")
    cleaned = clean(text)
    start = cleaned.text.index("الرئيس")
    left, right = cleaned.span(start, start + len("الرئيس"))
    assert text[left:right] == unicodedata.normalize(form, "الرَّئيسُ")


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 1), (0, 99)])
def test_spans_outside_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="is not inside"):
        clean("نص").span(start, end)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("إس-٣٠٠", "اس 300"), ("أنقرة", "انقره"), ("زيلنسكي", "زِيلنسكي"), ("على", "علي"), ("SWIFT", "swift"), ("İstanbul", "istanbul"),
        ("بيونغ  يانغ", "بيونغ-يانغ"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_fold_alike(a: str, b: str) -> None:
    assert fold(a) == fold(b)


def test_arabic_letters_are_told_from_others() -> None:
    assert is_arabic("NATO الناتو")
    assert not is_arabic("NATO 123 ،")
