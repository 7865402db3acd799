"""Bytes as text, in the encodings that Arabic is found in: UTF-8, UTF-16 and UTF-32, windows-1256, ISO 8859-6.

UTF-8 and byte order marks are certain. What else bytes are is a guess, by charset-normalizer among the code pages for Arabic; it is taken
only if nearly all letters that come out of it are Arabic, and whoever reads a text so is told its name. UTF-8 with some broken bytes is
not taken for another encoding: it would come out as letters that nobody wrote.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from kg.language import _, ngettext
from kg.text import is_arabic

#: Marks at the very start of a text. That of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip

#: The code pages that are guessed at, and what people call them.
_NAMES = {"cp1256": "windows-1256", "iso8859_6": "ISO-8859-6"}

#: What a page may say of itself; of other encodings only those that a program can tell are believed.
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*(windows-1256|cp-?1256|x-cp1256|iso-?8859-6|asmo-708)\b", re.IGNORECASE)

#: Bytes that are looked at to guess an encoding.
_SAMPLE = 1 << 16

#: How many of the letters outside of ASCII must be Arabic in a text whose encoding was guessed.
_ARABIC = 0.9


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")


class NotText(ValueError):
    """Bytes that are no text; the message says why, and what to do."""


def marked(head: bytes) -> str | None:
    """The codec of the byte order mark that data begins with, or of the zero bytes that its first characters have; None if there is neither."""
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    if len(head) >= 4 and any(head[:2]) != any(head[2:4]):
        return "utf-32-le" if any(head[:2]) else "utf-32-be"
    if len(head) >= 2 and bool(head[0]) != bool(head[1]):
        return "utf-16-le" if head[0] else "utf-16-be"
    return None


def shown(codec: str) -> str:
    """What people call a codec."""
    return _NAMES.get(codec) or codec.upper().removesuffix("-LE").removesuffix("-BE")


def decoded(data: bytes, *, page: bool = False) -> tuple[str, str | None]:
    """The text that data is, without a byte order mark, and its codec if that is not UTF-8.

    Args:
        page: whether it is HTML, which may declare its encoding.

    Raises:
        NotText: it is in no encoding that can be told, or it is no text.
    """
    codec = marked(data[:4])
    if codec and codec != "utf-8":
        text = _strictly(data, codec)
        if any(data.startswith(mark) for mark, _codec in _MARKS):
            if text is None:
                raise NotText(_("is broken {codec}: write it in UTF-8").format(codec=shown(codec)))
            return text.removeprefix("\ufeff"), codec
        # Zero bytes alone are no mark: a binary file has them too.
        if text is not None and is_arabic(text) and "\0" not in text:
            return text, codec
    if (text := _strictly(data, "utf-8")) is not None:
        if "\0" not in text:
            return text.removeprefix("\ufeff"), None
    elif b"\0" not in data:
        return _guessed(data, page)
    # UTF-16 without a mark, of Arabic from the first letter on: blanks have the zero bytes.
    for codec in ("utf-16-le", "utf-16-be"):
        text = _strictly(data, codec)
        if text and "\0" not in text and _share(text) >= _ARABIC:
            return text, codec
    raise NotText(_("is a binary file (a zero byte at byte {position}), not a text").format(position=data.index(0)))


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _guessed(data: bytes, page: bool) -> tuple[str, str]:
    """Text in a code page for Arabic."""
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    if sum("\u0600" <= c <= "\u06ff" for c in lenient) >= broken:
        raise NotText(
            ngettext(
                "is UTF-8 with {n} broken byte (the first {first}): mend it", "is UTF-8 with {n} broken bytes (the first {first}): mend it", broken
            ).format(n=broken, first=_first(data))
        )
    for codec in _candidates(data, page):
        text = _strictly(data, codec)
        if text is not None and _share(text) >= _ARABIC:
            return text, codec
    raise NotText(
        _("is not UTF-8 ({first}), and in no other encoding of Arabic that can be told: convert it, for example with iconv -t UTF-8").format(
            first=_first(data)
        )
    )


def _candidates(data: bytes, page: bool) -> list[str]:
    if page and (said := _DECLARED.search(data[:4096])):
        return ["cp1256" if b"1256" in said[1] else "iso8859_6"]
    from charset_normalizer import from_bytes

    # What is ASCII tells nothing: markup and the keys of JSON would be most of a sample.
    telling = bytes(b for b in data[: 4 * _SAMPLE] if b >= 0x80 or b == 0x20)[:_SAMPLE]
    found = [match.encoding for match in from_bytes(telling, cp_isolation=list(_NAMES))]
    return list(dict.fromkeys([*found, *_NAMES]))  # of a few words it may tell nothing


def _share(text: str) -> float:
    """How many of the letters outside of ASCII are Arabic and stand beside no Latin one, as French does that is read as Arabic; 0 of a text
    without such, or with controls."""
    if _CONTROL.search(text):
        return 0.0
    letters = sum(unicodedata.category(c)[0] == "L" for c in text if ord(c) >= 0x80)
    return sum("\u0600" <= c <= "\u06ff" for word in _WORD.findall(text) if not _LATIN.search(word) for c in word) / letters if letters else 0.0


def _first(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as e:
        return _("0x{byte:02x} at byte {position}").format(byte=data[e.start], position=e.start)
    return ""
