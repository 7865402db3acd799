"""Spellings of names: which are one name, which are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract import load_lexicon
from kg.phonetic import alike, key, same_name
from kg.text import fold

ARABIC = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ", min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("زيلنسكي", "زيلينسكي"), ("غوتيريش", "جوتيريش"), ("غوتيريش", "غوتيريس"), ("نتنياهو", "نتانياهو"),
        ("بيونغ", "بيونج"), ("ترامب", "ترمب"), ("سيرغي", "سيرجي"),
        ("كوفالتشوك", "كوفالشوك"), ("بلينكن", "بلينكين"), ("الزاوية", "زاوية"), ("ميدفيديف", "مدفيديف"),
        ("لوكاشينكو", "لوكاشنكو"), ("تيلرسون", "تليرسون"),
    ],
)  # fmt: skip
def test_one_name(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("حسن", "حسين"), ("محمد", "محمود"), ("ناصر", "نصر"), ("سالم", "سليم"), ("صالح", "صلاح"),
        ("بوتين", "بايدن"), ("كيري", "كارتر"), ("علي", "عالي"),
        ("مرسي", "مبارك"), ("هادي", "مهدي"), ("الأسد", "السيسي"), ("روحاني", "ريان"),
    ],
)  # fmt: skip
def test_two_names(one: str, other: str) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


def test_names_are_compared_word_by_word() -> None:
    assert same_name("فلوديمير زيلنسكي", "فولوديمير زيلينسكي")
    assert not same_name("حسن نصر الله", "حسين نصر الله")
    assert not same_name("زيلينسكي", "فولوديمير زيلينسكي")


def test_a_spelling_that_the_lexicon_lacks_finds_its_entry() -> None:
    lexicon = load_lexicon()
    assert not lexicon.find("فولودمير زلينسكي")
    assert (entry := lexicon.sounding("فولودمير زلينسكي", "PERSON")) and entry.label_en == "Volodymyr Zelensky"
    assert lexicon.sounding("فولودمير زلينسكي", "PLACE") is None
    assert lexicon.sounding("زلينسكي", "PERSON") is None  # one word is too little


@given(ARABIC)
def test_every_word_sounds_like_itself(word: str) -> None:
    assert alike(word, word)


@given(ARABIC.filter(lambda w: len(fold(w)) > 2 and not fold(w).startswith("ال")))
def test_an_article_has_no_sound(word: str) -> None:
    assert key("ال" + word) == key(word)


@given(ARABIC, ARABIC)
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)


@pytest.mark.parametrize("name", ["محمود عباسي", "أمين الظواهري", "حسني روحاني"])
def test_native_names_are_not_taken_for_those_of_the_famous(name: str) -> None:
    assert load_lexicon().sounding(name, "PERSON") is None
