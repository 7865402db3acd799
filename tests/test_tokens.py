"""Where a token is cut into words, and where it is not."""

from __future__ import annotations

import pytest

from kg.tokens import Cutter, Token

#: The words of a language, most frequent first; those that are far rarer stand behind many others.
WORDS = ["من", "عبدالله", "سيارة", "لقاء", "تتهم", "دور", "مياه", *(f"كلمة{n}" for n in range(400)), "ميا", "دورهم"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["تت", "هم"], ["تتهم"]),  # no stem is called تت
        (["عبدالل", "ه"], ["عبدالله"]),
        (["ميا", "ه"], ["مياه"]),  # there is a ميا, but a hundred times as rare
        (["و", "تت", "هم"], ["و", "تتهم"]),
        (["سيارت", "ه"], ["سيارت", "ه"]),  # سيارة before a pronoun
        (["لقائ", "ه"], ["لقائ", "ه"]),  # لقاء before a pronoun
        (["دور", "هم"], ["دور", "هم"]),
        (["روت", "ه"], ["روت", "ه"]),  # nobody knows روته
    ],
)
def test_pronouns_that_are_none(words: list[str], expected: list[str]) -> None:
    text = "".join(words)
    assert Cutter(WORDS).cut(Token(0, len(text), text, words)) == expected
