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
from functools import cache, lru_cache

#: Vowel signs, Quranic marks, superscript alef: U+0610-061A, 064B-065F (but not the combining hamza and madda of
#: decomposed text, which NFC composition has to see first), 0670, 06D6-06ED. Controls of direction, joining and emoji.
_HAMZA_MARKS = "\u0653\u0654\u0655"
_DROPPED = frozenset(
    [chr(c) for c in (*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD), *range(0x06DF, 0x06E9), *range(0x06EA, 0x06EE))]
    + ["\u0640"]  # tatweel
    + [chr(c) for c in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x00AD, 0x034F, 0x180E, 0xFEFF, 0x061C)]
    + [chr(c) for c in (*range(0xFE00, 0xFE10), 0x20E3, *range(0xE0000, 0xE0080))]  # which picture is meant by an emoji
) - frozenset(_HAMZA_MARKS)

_MAPPED = {
    **{chr(0x0660 + i): str(i) for i in range(10)},  # Arabic-Indic digits
    **{chr(0x06F0 + i): str(i) for i in range(10)},  # extended (Persian) digits
    # Letters of other keyboards and languages.
    "ٱ": "ا", "ی": "ي", "ې": "ي", "ے": "ي", "ۓ": "ئ", "ک": "ك", "ڪ": "ك", "ھ": "ه", "ہ": "ه", "ە": "ه", "ۀ": "ه", "ۂ": "ه", "ۃ": "ة",
    **dict.fromkeys("“”„‟«»‹›❝❞❮❯〝〞＂《》〈〉「」『』″", '"'),
    **dict.fromkeys("‘’‚‛❛❜`´′ʼʻ", "'"),
    **dict.fromkeys("–—―−‒‐‑⁃﹘﹣", "-"),
    **dict.fromkeys("\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    **dict.fromkeys("\v\f\u0085\u2028\u2029", "\n"),
    "۔": ".", "٪": "%", "⁄": "/", "∕": "/",
}  # fmt: skip

_COMPOSED = {
    ("ا", "\u0653"): "آ", ("ا", "\u0654"): "أ", ("ا", "\u0655"): "إ", ("و", "\u0654"): "ؤ", ("ي", "\u0654"): "ئ", ("ى", "\u0654"): "ئ",
}  # fmt: skip

#: What only its neighbours explain, each one character for one: the signs of a hashtag, which part words or stand before one; the
#: separators of Arabic numbers, which hasty writers also take for a comma.
_SIGN = re.compile(r"(?<![\w/#])#(?=\w)|(?<=[ء-ي])_+|_+(?=[ء-ي])|[٫٬]")


#: Letters that are words of their own and are written to the next one.
PROCLITICS = frozenset("وفبلكسأ")


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
        if plain := _PLAIN[c]:
            chars.append(plain)
            starts.append(i)
            ends.append(i + 1)
        elif c in _HAMZA_MARKS and chars and (composed := _COMPOSED.get((chars[-1], c))):
            chars[-1], ends[-1] = composed, i + 1
        elif c in _DROPPED or c in _HAMZA_MARKS or (c == "\r" and text[i + 1 : i + 2] == "\n"):
            # A mark belongs to the letter it stands on; an invisible control to nothing.
            if ends and ends[-1] == i and unicodedata.combining(c):
                ends[-1] = i + 1
        elif unicodedata.combining(c) and ends and ends[-1] == i and len(whole := unicodedata.normalize("NFC", chars[-1] + c)) == 1:
            chars[-1], ends[-1] = whole, i + 1  # é in two characters
        else:
            for d in _read(c):
                if d == "'" == (chars[-1] if chars else ""):  # two of them for one quotation mark
                    chars[-1], ends[-1] = '"', i + 1
                    continue
                chars.append(d)
                starts.append(i)
                ends.append(i + 1)
    return Clean(_SIGN.sub(_plain_sign, "".join(chars)), tuple(starts), tuple(ends))


class _Plain(dict[str, str]):
    """What is read for a character, where that is one and depends on no other; else nothing."""

    def __missing__(self, c: str) -> str:
        alone = not (c in _HAMZA_MARKS or c in _DROPPED or c == "\r" or unicodedata.combining(c))
        read = _read(c) if alone else ""
        self[c] = plain = read if len(read) == 1 and read != "'" else ""
        return plain


_PLAIN = _Plain()


@cache
def _read(c: str) -> str:
    """What the models read for one character. Presentation forms (ﻻ) are one character for two letters: both letters point to it."""
    if "\ufb50" <= c <= "\ufefc" or "\uff01" <= c <= "\uff5e":
        apart = unicodedata.normalize("NFKC", c)
        if apart[:1] == " " and len(apart) > 1 and set(apart[1:]) <= _DROPPED:
            return ""  # a vowel sign that stands alone
        if " " in apart:
            return " "  # a formula of several words (ﷺ), which would all stand in one place
        return "".join(_MAPPED.get(d, d) for d in apart if d not in _DROPPED)
    if c == "\r":  # not before \n: the line end of old Macs
        return "\n"
    # Emoji and ornaments are no words: «روسيا🇷🇺» is one.
    return _MAPPED.get(c, " " if unicodedata.category(c) == "So" or "\U0001f3fb" <= c <= "\U0001f3ff" else c)


def _plain_sign(found: re.Match[str]) -> str:
    sign = found.group()
    if sign[0] in "#_":
        return " " * len(sign)
    number = found.string[found.start() - 1 : found.start()].isdigit() and found.string[found.end() : found.end() + 1].isdigit()
    return {"٫": ".", "٬": ","}[sign] if number else "،"


#: What no boundary of words may part: links, addresses and handles, numbers, words in Latin letters.
_WHOLE = re.compile(
    r"(?:https?://|www\.)[!-~]*[A-Za-z0-9/](?:(?<=[/=_-])[^\s\"'()،؛]*[^\W_])?"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|(?<!\w)@[A-Za-z0-9_]+"
    r"|\b\d\d?:\d\d\b|\d+(?:[.,]\d+)*|[A-Za-zÀ-ɏ]+(?:'[A-Za-zÀ-ɏ]+)*"
)
_LETTER = r"[\u0620-\u064a\u066e-\u06d3]"
_LATIN = r"[A-Za-zÀ-ɏ\u0370-\u052f]"
#: Where a careful writer would leave a blank (or begin a line) and this one did not. All are places between two characters.
_GAP = re.compile(
    rf"(?<={_LETTER})(?=\d|{_LATIN})|(?<={_LATIN})(?={_LETTER})|(?<=\d)(?={_LETTER})"
    # «الأحد.وقال», «نعم؟ثم», «3%من», but not «د.محمد», «أ.ف.ب»
    rf"|(?<=[^\W_][^\W_][.])(?={_LETTER})|(?<=[^\w\s][.])(?={_LETTER})|(?<=[!?؟؛;،,:%])(?={_LETTER})"
    # «الناتو(NATO)قال», «قال\"نعم\"ثم»
    rf"|(?<=[\w])(?=[(\[{{])|(?<=[)\]}}])(?=[\w])|(?<={_LETTER})(?=\"{_LETTER})|(?<={_LETTER}\")(?={_LETTER})|(?<=[:،])(?=\"{_LETTER})"
    # «'حماس'», «روسيا|أوكرانيا», «روسيا•»
    rf"|(?<={_LETTER})(?=[^\w\s.,:;!?%،؛؟\"()\[\]{{}}/-])|(?<=[^\w\s.,:;!?%،؛؟\"()\[\]{{}}/-])(?={_LETTER})"
)


def wholes(text: str) -> list[tuple[int, int]]:
    """Spans of a cleaned text that hold no boundary of words, whatever a tokenizer says: links, numbers, Latin words."""
    return [m.span() for m in _WHOLE.finditer(text)]


def gaps(text: str) -> list[int]:
    """Offsets in a cleaned text where a blank is missing between two words: `الأحد.وقال`, `عام2024`, `الناتو(NATO)`."""
    links = [(s, e) for s, e in wholes(text) if not text[s:e].isalnum()]
    found = (m.start() for m in _GAP.finditer(text))
    return [i for i in found if not any(s < i < e for s, e in links)]


#: Accents that stand apart, such as the dot that «İ» leaves in small letters.
_ACCENTS = dict.fromkeys(map(chr, range(0x300, 0x370)), "")
_LETTERS = {"ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ء": "", "_": " ", "\u02bc": " ", "گ": "ك", "ڤ": "ف", "پ": "ب", "چ": "ج", "ژ": "ز"}
_FOLDED = str.maketrans(_ACCENTS | dict.fromkeys("أإآٱ", "ا") | _LETTERS)
_NOT_WORD = re.compile(r"[^\w%]+")


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """A key under which spellings of one name that differ only in what writers vary are equal.

    Drops vowel signs, tatweel, hamza seats and accents that stand apart, unifies ى/ي and ة/ه, digits and letter case, and turns every run of
    punctuation and white space into one blank: `fold("إس-٣٠٠") == fold("اس 300")`.
    """
    return _NOT_WORD.sub(" ", clean(text).text.casefold().translate(_FOLDED)).strip()


def is_arabic(text: str) -> bool:
    """Whether the text holds at least one Arabic letter."""
    return any("\u0620" <= c <= "\u064a" or "\ufb50" <= c <= "\ufefc" for c in text)
