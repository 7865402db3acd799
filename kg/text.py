"""Arabic text: what Stanza is given instead of the original, and keys for comparison.

Two different copies of a text are needed and they are not the same:

* `clean` is the copy that Stanza reads. It drops what carries no information for the models (vowel signs, tatweel,
  invisible controls) and unifies digits and quotation marks, and it remembers where every character came from.
* `fold` is a key for comparing names. It also drops distinctions that writers make or omit at will (hamza, ى/ي, ة/ه).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: Vowel signs, Quranic marks, superscript alef: U+0610-061A, 064B-065F (but not the combining hamza and madda of
#: decomposed text, which NFC composition has to see first), 0670, 06D6-06ED.
_HAMZA_MARKS = "\u0653\u0654\u0655"
_DROPPED = frozenset(
    [chr(c) for c in (*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD), *range(0x06DF, 0x06E9), *range(0x06EA, 0x06EE))]
    + ["\u0640"]  # tatweel
    + [chr(c) for c in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0x00AD, 0xFEFF, 0x061C)]
) - frozenset(_HAMZA_MARKS)

_MAPPED = {
    **{chr(0x0660 + i): str(i) for i in range(10)},  # Arabic-Indic digits
    **{chr(0x06F0 + i): str(i) for i in range(10)},  # extended (Persian) digits
    "ٱ": "ا", "ی": "ي", "ک": "ك", "ھ": "ه", "ہ": "ه",  # letters typed on Persian and Urdu keyboards
    **dict.fromkeys("“”„‟«»〝〞＂", '"'),
    **dict.fromkeys("‘’‚‛`´", "'"),
    **dict.fromkeys("–—―−‒‐‑", "-"),
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\r": " ",
}  # fmt: skip

_COMPOSED = {
    ("ا", "\u0653"): "آ", ("ا", "\u0654"): "أ", ("ا", "\u0655"): "إ", ("و", "\u0654"): "ؤ", ("ي", "\u0654"): "ئ", ("ى", "\u0654"): "ئ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clean:
    """A cleaned copy of a text. `starts[i]` and `ends[i]` are the offsets in the original of cleaned character `i`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of the cleaned span [start, end), which must not be empty.

        Marks dropped after the last character belong to the span: a reader who cuts it out gets whole letters.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span {start}:{end} is not inside a text of {len(self.text)} characters")
        return self.starts[start], self.ends[end - 1]


def clean(text: str) -> Clean:
    """The copy of `text` that the models read, with the offsets of every character in the original."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for i, c in enumerate(text):
        if c in _HAMZA_MARKS and chars and (composed := _COMPOSED.get((chars[-1], c))):
            chars[-1], ends[-1] = composed, i + 1
        elif c in _DROPPED or c in _HAMZA_MARKS:
            # A mark belongs to the letter it stands on; an invisible control to nothing.
            if ends and ends[-1] == i and unicodedata.combining(c):
                ends[-1] = i + 1
        else:
            # Presentation forms (ﻻ) are one character for two letters: both letters point to it.
            for d in unicodedata.normalize("NFKC", c) if "\ufb50" <= c <= "\ufefc" else _MAPPED.get(c, c):
                if d not in _DROPPED:
                    chars.append(d)
                    starts.append(i)
                    ends.append(i + 1)
    return Clean("".join(chars), tuple(starts), tuple(ends))


_FOLDED = str.maketrans(
    {**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ء": "", "گ": "ك", "ڤ": "ف", "پ": "ب", "چ": "ج", "ژ": "ز"}
)
_NOT_WORD = re.compile(r"[^\w%]+")


def fold(text: str) -> str:
    """A key under which spellings of one name that differ only in what writers vary are equal.

    Drops vowel signs, tatweel and hamza seats, unifies ى/ي and ة/ه, digits and letter case, and turns every run of
    punctuation and white space into one blank: `fold("إس-٣٠٠") == fold("اس 300")`.
    """
    return _NOT_WORD.sub(" ", clean(text).text.translate(_FOLDED)).strip().casefold()


def is_arabic(text: str) -> bool:
    """Whether the text holds at least one Arabic letter."""
    return any("\u0620" <= c <= "\u064a" or "\ufb50" <= c <= "\ufefc" for c in text)
