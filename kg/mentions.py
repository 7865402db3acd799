"""NER spans and lexicon matches -> Mention over syntactic words, clitics cut off.

The tagger labels tokens (`ولروسيا`); a mention is what is left of its words when leading conjunctions and prepositions and
trailing pronouns are cut (`روسيا`). The lexicon adds what the tagger missed and says which thing a name names.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.lexicon import Entry, Lexicon
from kg.model import Mention, Sentence, Span, Word
from kg.text import fold

_LEADING = frozenset({"CCONJ", "ADP", "SCONJ", "PART"})
_PROCLITICS = frozenset("وفبلكسأ")

#: Types between which a name moves by context; a lexicon entry of one of them may explain a span of the other.
_COMPATIBLE = {
    "PERSON": ("PERSON",), "STATE": ("STATE", "PLACE"), "PLACE": ("PLACE", "STATE"), "ORGANISATION": ("ORGANISATION", "FORCE"), "WEAPON": ("WEAPON",),
    "FORCE": ("FORCE", "ORGANISATION"), "AGREEMENT": ("AGREEMENT",), "CONFLICT": ("CONFLICT",),
}  # fmt: skip

#: Words before a capital that make it a place (in the training documents 63 times of 64).
_LOCATING = frozenset(
    ["في", "ب", "العاصمه", "عاصمه", "مدينه", "وسط", "شرقي", "غربي", "شمالي", "جنوبي", "شرق", "غرب", "شمال", "جنوب", "داخل", "قرب", "مطار", "ضواحي"]
)

#: Types that the lexicon may add on its own. Its troop words are heads that need a tagger to know a group from a word.
_ADDED = frozenset({"STATE", "PERSON", "ORGANISATION", "WEAPON", "PLACE", "CONFLICT", "AGREEMENT"})


def joined(words: Sequence[Word], i: int) -> bool:
    """Whether word `i` is written together with the one before it."""
    return i > 0 and words[i].token == words[i - 1].token


def swallowed_article(words: Sequence[Word], i: int) -> bool:
    """Whether word `i` is the second half of لل, which has swallowed an article: `ل` + `ليابان`, not `ل` + `ليبيا`."""
    w = words[i]
    return joined(words, i) and words[i - 1].text == "ل" and w.text.startswith("ل") and len(w.text) > 3 and not w.lemma.startswith("ل")


def plain(words: Sequence[Word], i: int) -> str:
    """Word `i` as it would be written without the clitic before it."""
    return "ا" + words[i].text if swallowed_article(words, i) else words[i].text


def trim(words: Sequence[Word], start: int, end: int) -> tuple[int, int] | None:
    """The words [start, end) without clitics and punctuation at their edges; None if nothing is left."""
    while start < end and (
        words[start].upos == "PUNCT"
        or (start + 1 < len(words) and joined(words, start + 1) and words[start].text in _PROCLITICS and not _name_in_sin(words, start))
        or (words[start].upos in _LEADING and len(words[start].text) <= 2 and start + 1 < end)
    ):
        start += 1
    while end > start and (
        words[end - 1].text in ('"', "'", "،", ",", ".", ":", "؛", "-")
        or (words[end - 1].upos == "PRON" and joined(words, end - 1) and end - 1 > start)
    ):
        end -= 1
    opened = sum(w.text == "(" for w in words[start:end]) - sum(w.text == ")" for w in words[start:end])
    if opened < 0 and words[end - 1].text == ")":
        end -= 1
    return (start, end) if start < end and any(c.isalnum() for w in words[start:end] for c in w.text) else None


def _name_in_sin(words: Sequence[Word], i: int) -> bool:
    """Whether س, which is a particle of verbs, was cut off a name: `س` + `يالكوت`."""
    return words[i].text == "س" and words[i + 1].upos in ("PROPN", "NOUN", "X")


def span_of(words: Sequence[Word], start: int, end: int, text: str) -> Span:
    """The words [start, end) in the document's text; the second lam of لل stays outside."""
    left = words[start].start
    if swallowed_article(words, start):
        left += 1
        while left < words[start].end and not text[left].isalnum():
            left += 1
    return Span(left, words[end - 1].end, text[left : words[end - 1].end])


def head_of(words: Sequence[Word], start: int, end: int) -> int:
    """The word of a span that depends on a word outside it; of several the first."""
    return next((i for i in range(start, end) if not start <= words[i].head < end), start)


def concept_of(lexicon: Lexicon, names: Sequence[str], type: str) -> Entry | None:
    """The entry that a span of that type names.

    For weapons and troops the entry of the longest name inside it (its class); for all else only an entry of which the whole
    span is a name. Of several the one of the same type, the best known (first id) among them.
    """
    if type in ("WEAPON", "FORCE"):
        found = [(m.end - m.start, lexicon.entry(e)) for m in lexicon.match(names, ambiguous=True) for e in m.entries]
        kept = [(n, e) for n, e in found if e.type == type]
        return max(kept, key=lambda x: (x[0], x[1].id))[1] if kept else None
    entries = [e for e in lexicon.find(" ".join(names)) if e.type in _COMPATIBLE.get(type, ())]
    if not entries and not fold(names[0]).startswith("ال"):
        return None
    return min(entries, key=lambda e: (e.type != type, e.id), default=None)


def find(sentence: Sentence, text: str, lexicon: Lexicon) -> list[Mention]:
    """The mentions of a sentence in their order; they do not overlap.

    Args:
        sentence: parsed and tagged.
        text: of the whole document.
        lexicon: adds names that the tagger missed, and concepts.
    """
    words = sentence.words
    names = [plain(words, i) for i in range(len(words))]
    taken = [False] * len(words)
    out: list[Mention] = []

    def add(start: int, end: int, type: str, origin: str, entry: Entry | None) -> None:
        out.append(
            Mention(
                span_of(words, start, end, text), type, sentence.index, (start, end), head_of(words, start, end), origin, entry.id if entry else None
            )
        )
        taken[start:end] = [True] * (end - start)

    matches = lexicon.match(names)
    for match in matches:  # a named war or treaty holds the names of its parties
        named = lexicon.entry(match.entries[0])
        wanted = named.type in ("CONFLICT", "AGREEMENT") and match.end - match.start > 1 and not match.ambiguous
        if wanted and (trimmed := trim(words, match.start, match.end)):
            add(*trimmed, named.type, "lexicon", named)
    for first, last, type in sentence.ner:
        if not (trimmed := trim(words, first, last)) or any(taken[trimmed[0] : trimmed[1]]):
            continue
        start, end = trimmed
        if type == "CONFLICT" and end - start == 1:
            continue  # «الحرب» names no war
        entry = concept_of(lexicon, names[start:end], type)
        if type == "PLACE" and entry and entry.type == "STATE":
            type = "STATE"  # a country is a STATE wherever it stands
        elif type == "STATE" and entry and entry.type == "PLACE" and start and fold(words[start - 1].text) in _LOCATING:
            type = "PLACE"  # a capital where something happens does not stand for its government
        add(start, end, type, "ner", entry)
    for match in matches:
        trimmed = trim(words, match.start, match.end)
        if match.ambiguous or not trimmed or any(taken[match.start : match.end]):
            continue
        entries = [lexicon.entry(e) for e in match.entries if lexicon.entry(e).type in _ADDED]
        if entries and words[trimmed[0]].upos not in ("VERB", "ADP"):
            known = min(entries, key=lambda e: e.id)
            if known.type == "WEAPON" and trimmed[1] - trimmed[0] == 1 and words[trimmed[0]].upos == "ADJ":
                continue  # «الفصائل المقاتلة» are no fighters of the air
            add(*trimmed, known.type, "lexicon", known)
    return sorted(out, key=lambda m: m.span.start)
