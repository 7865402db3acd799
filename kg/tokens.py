"""Tokens and their words, mended: what the models' tokenization of a text lacks or has too much of.

Stanza's tokenizer and multi-word expander learned from 80,000 words of careful text. The frequencies of the word vectors' nine million
words know better which words there are, and the rules of spacing where a careless writer would have left a blank.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kg.text import PROCLITICS, clean, gaps, is_arabic, wholes

#: The parser's time and memory grow with the square of a sentence: longer ones are cut (DESIGN, Stanza traps).
MAX_WORDS = 200

#: A word of this rank is rare; the treebank cuts most tokens whose rest is more frequent, though the whole is more frequent still.
_RARE = 20_000

#: Hardly a word begins so, but و and another word.
_NO_STEM = ("وأ", "وإ", "وآ")

#: Clitic -> how many times more frequent the rest of a word must be than the whole for it to be cut off, and of how many letters the
#: whole. Of all tokens of the treebank these rules alone cut 4,300 as the treebank does, and 17 otherwise.
_CUTS = {"و": (2.5, 4), "ف": (10.0, 5), "ب": (10.0, 5), "ل": (10.0, 5), "ك": (20.0, 5), "س": (5.0, 4)}

#: Words that these rules would cut and that are whole.
_STEMS = frozenset(
    ["وأد", "وجهة", "وجهات", "وحدة", "ورقة", "فواصل", "فقاعات", "كذلك", "لأنه", "لأنها", "لأنهم", "لأنهما", "لأنهن", "لأنك", "لأننا", "لأنني", "لأني"]
)

_PRONOUNS = frozenset(["ه", "ها", "هم", "هما", "هن", "ك", "كم", "ي", "نا"])

#: Last letters that a stem has before a pronoun, and which it has by itself.
_BEFORE_PRONOUN = {"ت": "ة", "ا": "ى", "ئ": "ء", "ؤ": "ء"}

#: The rank up to which a word is too frequent to be one of the corpus's uncut tokens.
_COMMON = 15_000

#: How many times rarer than the whole a stem must be to be no stem.
_FAR = 20


class Cutter:
    """Cuts tokens into words: as the models did, without their wrong cuts, and with those that they left out."""

    def __init__(self, words: Iterable[str], names: Iterable[str] = ()) -> None:
        """Args:
        words: of the language, most frequent first.
        names: that are words too, however rare: a lexicon's.
        """
        self._rank: dict[str, int] = {w: i for i, w in enumerate(words)}
        self._unknown = len(self._rank) + 1
        for name in names:
            for word in clean(name).text.split():
                if len(word) > 3 and is_arabic(word):
                    for form in (word, word + "ة") if word.endswith("ي") else (word,):
                        self._rank.setdefault(form, min(_RARE, self._unknown - 1))

    def cut(self, token: Token) -> list[str]:
        """The words of a token: as the models cut it, without wrong cuts, with those that lack."""
        words = list(token.words)
        if "".join(words) != token.text:
            return words
        i = 0
        while i + 1 < len(words) and words[i] in PROCLITICS:
            if self._wrongly_cut(words[i:], "".join(words[i:])):
                words[i : i + 2] = [words[i] + words[i + 1]]
                break
            i += 1
        while rest := self._lacks_cut(words[i], words[:i]):
            words[i : i + 1] = [words[i][: -len(rest)], rest]
            i += 1
        if len(words) > i + 1 and words[-1] in _PRONOUNS and self._has_no_pronoun(words[-2], words[-2] + words[-1]):
            words[-2:] = [words[-2] + words[-1]]
        return words

    def _has_no_pronoun(self, stem: str, whole: str) -> bool:
        """Whether the end of a word was taken for a pronoun: `تت` + `هم`, `عبدالل` + `ه`. The whole is then a word of the corpus, and what the
        cut leaves is none, in no spelling that a noun or verb has before a pronoun (`سيارت` + `ه`), or is far rarer."""
        rank = self._rank.get(whole, self._unknown)
        spellings = [stem, stem + "ا", stem + "ن"]
        if stem[-1:] in _BEFORE_PRONOUN:
            spellings += [stem[:-1] + end for end in _BEFORE_PRONOUN[stem[-1]]]
        left = min(self._rank.get(w, self._unknown) for w in spellings)
        return rank < min(_COMMON, self._unknown) and (left == self._unknown or left > _FAR * rank)

    def _wrongly_cut(self, pieces: list[str], whole: str) -> bool:
        """Whether the first letter of a word was taken for a clitic: `و` + `صل`, `س` + `يرجي`, `ل` + `يتوانيا`.

        The whole is then a word of the news corpus, and much more frequent there than what the cut leaves, which after لل lacks its
        article and is rare itself (of the tokens that the treebank cuts and this would not, وأضاف, بسبب and their like are nine in ten).
        What is left of a name without its first letter is no word at all.
        """
        unknown = self._unknown
        rank = self._rank.get(whole, unknown)
        left = "".join(pieces[1:])
        rest = min(self._rank.get(w, unknown) for w in ([left, "ا" + left] if whole[:2] == "لل" else [left]))
        if whole in _STEMS:
            return True
        if rank == unknown or whole.startswith(_NO_STEM):
            return False
        return rest > max(4 * rank, _RARE) or (rest == unknown and pieces[0] != "و" and not left.startswith(("أ", "إ", "ال")))

    def _lacks_cut(self, whole: str, before: list[str]) -> str | None:
        """What is left of a word when a clitic is cut off that the models left on; None if it has none.

        The rest is a word of the corpus, and so much more frequent than the whole as `_CUTS` says for that clitic. (وطن is one and a
        half times rarer than طن, وكندا three times rarer than كندا; فعالية seven times rarer than عالية, بالعراق hundreds of times
        rarer than العراق.) لل: what is left is a word with its article back.

        Args:
            whole: the word.
            before: clitics that were cut off before it.
        """
        unknown = self._unknown
        rank = self._rank.get(whole, unknown)
        clitic, rest = whole[:1], whole[1:]
        if whole in _STEMS or len(whole) < 3 or (before and (before[-1] not in "وف" or clitic in "وف")):
            return None
        if whole.startswith(_NO_STEM):
            return rest
        if whole[:2] == "لل" and len(whole) > 4 and self._rank.get("ا" + rest, unknown) < rank:
            return rest
        ratio, length = _CUTS.get(clitic, (0.0, 0))
        if not ratio or len(whole) < length or (clitic == "س" and rest[0] not in "يتنأ"):
            return None
        if rank == unknown and clitic in "وف" and self._lacks_cut(rest, [clitic]):  # «فلسوريا»
            return rest
        return rest if ratio * self._rank.get(rest, unknown) < rank else None


@dataclass(slots=True)
class Token:
    """What a writer writes without a blank: `text` stands at [start, end) of its paragraph and is made of `words`."""

    start: int
    end: int
    text: str
    words: list[str]


def _tokens(doc: Any, text: str, missing: list[int]) -> Iterator[list[Token]]:
    """The tokens of a tokenized document, sentence by sentence.

    Args:
        doc: the tokenized document.
        text: its text, which lacks blanks that `doc.text` has.
        missing: where in `text` it lacks them.
    """
    blanks = [at + n for n, at in enumerate(missing)]  # their offsets in doc.text
    inside = {i for start, end in wholes(text) for i in range(start + 1, end)}
    sentence: list[Token] = []
    for s in doc.sentences:
        first = s.tokens[0].start_char
        if sentence and first - bisect_left(blanks, first) not in inside and not _abbreviated(sentence):
            yield sentence
            sentence = []
        for t in s.tokens:
            start, end = t.start_char - bisect_left(blanks, t.start_char), t.end_char - bisect_left(blanks, t.end_char)
            last = sentence[-1] if sentence else None
            if last and start in inside and last.end == start:
                start = sentence.pop().start
            cuts = [i for i in range(start + 1, end) if i not in inside and _kind(text[i - 1]) != _kind(text[i])]
            if cuts or len(t.words) == 1 or t.text != text[start:end]:
                sentence += [Token(a, b, text[a:b], [text[a:b]]) for a, b in pairwise([start, *cuts, end]) if not text[a:b].isspace()]
            else:
                sentence.append(Token(start, end, t.text, [w.text for w in t.words]))
    if sentence:
        yield sentence


def _kind(c: str) -> int:
    return 0 if c.isspace() else 1 if c.isalnum() else 2


def _abbreviated(tokens: list[Token]) -> bool:
    """Whether the full stop at the end is that of an abbreviation and ends no sentence: `د.`, `أ.`"""
    return len(tokens) > 1 and tokens[-1].text == "." and len(tokens[-2].text) == 1 and is_arabic(tokens[-2].text)


def _rows(tokens: list[Token]) -> list[dict[str, Any]]:
    """A sentence as Stanza's documents are made of."""
    rows: list[dict[str, Any]] = []
    words = 0
    for t in tokens:
        first = {"text": t.text, "start_char": t.start, "end_char": t.end}
        if len(t.words) == 1:
            rows.append({"id": words + 1, **first})
        else:
            rows.append({"id": (words + 1, words + len(t.words)), **first})
            rows += [{"id": words + n, "text": w} for n, w in enumerate(t.words, 1)]
        words += len(t.words)
    return rows


def with_blanks(text: str) -> tuple[str, list[int]]:
    """The text with the blanks that it lacks (`الأحد.وقال`), and where in `text` it lacks them."""
    missing = gaps(text)
    return (" ".join(text[a:b] for a, b in pairwise([0, *missing, len(text)])), missing) if missing else (text, missing)


def sentences(doc: Any, text: str, missing: list[int], cutter: Cutter) -> Iterator[list[dict[str, Any]]]:
    """The sentences of a tokenized document as rows that Stanza's documents are made of, none longer than MAX_WORDS words.

    Args:
        doc: Stanza's document, tokenized from `with_blanks(text)`.
        text: what the offsets of the rows count in.
        missing: where `text` lacks blanks.
        cutter: mends the words.
    """
    for tokens in _tokens(doc, text, missing):
        for token in tokens:
            token.words = cutter.cut(token)
        words = sum(len(t.words) for t in tokens)
        while tokens:
            taken = _head(tokens) if words > MAX_WORDS else len(tokens)
            yield _rows(tokens[:taken])
            tokens = tokens[taken:]


def _head(tokens: list[Token]) -> int:
    """How many tokens to take so that they hold at most MAX_WORDS words; at least one."""
    words = 0
    last_mark = 0
    for i, token in enumerate(tokens):
        words += len(token.words)
        if words > MAX_WORDS and i:
            return last_mark or i
        if words > MAX_WORDS // 2 and token.text in {"،", ",", "؛", ";", ":", "-", "."}:
            last_mark = i + 1
    return len(tokens)
