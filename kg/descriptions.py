"""«التنظيم», «الوزارة», «المركز»: a bare noun with the article that stands for an organisation spoken of before, where NER sees a common noun.

By the guidelines such a description is a mention where the document makes plain for whom it stands. Plain it is when the noun began, or
introduced, an organisation's longer name: «وزارة الدفاع» … «الوزارة»; «تنظيم داعش» … «التنظيم». So it is of a person when one alone is
said to hold the office: «الرئيس النيجيري محمدو بخاري» … «الرئيس النيجيري».
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.entities import bare, descriptors
from kg.lexicon import Entry, Lexicon
from kg.mentions import LOCATING, head_of, plain, span_of
from kg.model import Mention, Sentence
from kg.text import fold
from kg.titles import Title, heads, holders, past_nisbas, same_office

#: They stand for a state, for several, or for something else as often.
_NOT_ALONE = frozenset(
    [
        "حكومه", "سلطات", "سلطه", "دوله", "دول", "بلاد", "قوه", "قوات", "قياده", "مجموعه", "بنوك", "احتلال", "خارجيه", "داخليه", "دفاع", "وزارات",
        "وحدات", "قوي",
    ]
)  # fmt: skip

#: Adjectives behind such a noun that only judge what it stands for: «التنظيم المتطرف».
_JUDGING = frozenset(
    ["متطرف", "متطرفه", "متشدد", "متشدده", "ارهابي", "ارهابيه", "محظور", "محظوره", "مسلح", "مسلحه", "متمرد", "متمرده", "انقلابي", "انقلابيه"]
)

#: Before a name in context they say which way, or where: «نحو الشمال».
_STOPS = LOCATING | {"من", "الي", "نحو", "باتجاه", "صوب", "تجاه"}
#: Before a title they make it the office itself.
_AS_OFFICE = frozenset(["منصب", "لمنصب", "حقيبه", "مهام", "صفه", "رتبه", "صلاحيات", "ك", "بصفه"])

_NOUNS = frozenset(["NOUN", "PROPN", "X"])


def add(sentences: Sequence[Sentence], found: Sequence[Sequence[Mention]], text: str) -> list[list[Mention]]:
    """The mentions of all sentences with such descriptions among them, in the order of the text."""
    known: set[str] = set()
    out = []
    for s, ms in zip(sentences, found, strict=True):
        starts = {m.words[0]: m for m in ms}
        covered = {i for m in ms for i in range(*m.words)}
        here: list[Mention] = []
        for i, w in enumerate(s.words):
            if m := starts.get(i):
                here.append(m)
                if m.type == "ORGANISATION":
                    known |= _kinds(s, m)
            elif i not in covered and w.upos in _NOUNS and (noun := plain(s.words, i)).startswith("ال") and len(noun) > 4 and bare(noun) in known:
                behind = s.words[i + 1] if i + 1 < len(s.words) and i + 1 not in covered else None
                described = behind is not None and behind.upos == "ADJ" and behind.text.startswith("ال")
                if not described or (behind and bare(behind.text) in _JUDGING):
                    end = i + 1 + described
                    here.append(Mention(span_of(s.words, i, end, text), "ORGANISATION", s.index, (i, end), i, "rule"))
        out.append(here)
    return out


def _kinds(s: Sentence, m: Mention) -> set[str]:
    """The nouns that say what an organisation is: the first of a longer name, and the one before the name."""
    first, last = m.words
    begins = {bare(s.words[first].text)} if last - first > 1 else set()
    return (begins | descriptors(s, m)) - _NOT_ALONE


def in_context(sentences: Sequence[Sentence], found: Sequence[Sequence[Mention]], text: str, lexicon: Lexicon) -> list[list[Mention]]:
    """The mentions of all sentences with names that count only beside others (`kgo:contextLabel`): «الشمال» where a Korea is spoken of."""
    known = [lexicon.entry(m.concept) for ms in found for m in ms if m.concept]
    concepts = {e.id for e in known} | {e.seat for e in known}
    names: dict[tuple[str, ...], list[Entry]] = {}
    for words, entry in lexicon.in_context:
        if not concepts.isdisjoint(entry.values.get("beside", ())):
            names.setdefault(words, []).append(entry)
    if not names:
        return [list(ms) for ms in found]
    out = []
    for s, ms in zip(sentences, found, strict=True):
        folded = [fold(plain(s.words, i)) for i in range(len(s.words))]
        kept = {m.words: m for m in ms}
        for words, entries in names.items():
            for i in range(len(folded) - len(words) + 1):
                if len(entries) > 1 or tuple(folded[i : i + len(words)]) != words or (i and folded[i - 1] in _STOPS):
                    continue
                at = i, i + len(words)
                over = [m for m in kept.values() if m.words[0] < at[1] and i < m.words[1]]
                if not over or (len(over) == 1 and over[0].words == at and not over[0].concept):
                    kept[at] = Mention(span_of(s.words, *at, text), entries[0].type, s.index, at, head_of(s.words, *at), "lexicon", entries[0].id)
        out.append(sorted(kept.values(), key=lambda m: m.span.start))
    return out


def people(
    sentences: Sequence[Sentence], found: Sequence[Sequence[Mention]], named: Sequence[Sequence[Title]], text: str, lexicon: Lexicon
) -> list[list[Mention]]:
    """The mentions of all sentences with titles that stand for the one person who is said to hold the office, in the order of the text.

    Args:
        sentences: of a document.
        found: their mentions.
        named: their titles.
        text: of the document.
        lexicon: says which offices may be called alike.
    """
    everybody = [t for ts in named for t in ts]
    known = holders(found, everybody, lexicon)
    said = {(h.sentence, h.person) for h in known if h.said}
    names = [_name(found[h.sentence][h.person]) for h in known]
    out = []
    for s, ms, ts in zip(sentences, found, named, strict=True):
        here = list(ms)
        covered = {i for m in ms for i in range(*m.words)}
        for t in ts:
            if t.person is not None or t.organisation is not None or t.former or not covered.isdisjoint(range(t.start, t.end)):
                continue
            if not _definite(s, t, lexicon):
                continue
            fits = [(h, name) for h, name in zip(known, names, strict=True) if same_office(lexicon, h.office, t.office)]
            if t.state:
                fits = [(h, name) for h, name in fits if h.state == t.state]
            else:  # «الرئيس» is whom the report has called so, if it speaks of no other
                fits = [(h, name) for h, name in fits if (h.sentence, h.person) in said]
                others = [o.state for o in everybody if o.person is None and o.state and same_office(lexicon, o.office, t.office)]
                theirs = [h.state for h, _ in fits]
                if any(state not in theirs and not (None in theirs and heads(t.office) is None) for state in others):
                    continue
            if len({name for _, name in fits}) == 1:
                here.append(Mention(span_of(s.words, t.start, t.end, text), "PERSON", s.index, (t.start, t.end), t.start, "rule"))
        out.append(sorted(here, key=lambda m: m.span.start) if len(here) > len(ms) else here)
    return out


def _name(m: Mention) -> str:
    """What two mentions of one person share: the lexicon's entry, or the last name."""
    return m.concept or (bare(m.span.text).split() or [m.span.text])[-1]


def _definite(s: Sentence, t: Title, lexicon: Lexicon) -> bool:
    """Whether a title stands for the one who holds the office today: by its article or that of the noun behind it, «الرئيس», «وزير الدفاع».

    It does not where it names the office («منصب وزير الدفاع») or one to come («الرئيس المقبل»), or where a name follows that NER has missed.
    """
    names = [plain(s.words, i) for i in range(t.start, len(s.words))]
    first, behind = s.words[t.start], s.words[t.end] if t.end < len(s.words) else None
    if first.upos == "ADJ" or first.feats.get("Number", "Sing") != "Sing" or (t.start and fold(s.words[t.start - 1].text) in _AS_OFFICE):
        return False
    if behind and (behind.upos == "PROPN" or (behind.upos == "ADJ" and behind.text.startswith("ال"))):
        return False
    end = t.end - t.start
    if past_nisbas(lexicon, names, t.text_end - t.start, end) != end:
        return False  # «الرئيس القاعدة الروسية» is more than a title
    if t.text_end - t.start == 1:
        return names[0].startswith("ال")
    return not names[0].startswith("ال") and fold(names[1]).startswith("ال")
