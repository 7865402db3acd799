"""«التنظيم», «الوزارة», «المركز»: a bare noun with the article that stands for an organisation spoken of before, where NER sees a common noun.

By the guidelines such a description is a mention where the document makes plain for whom it stands. Plain it is when the noun began, or
introduced, an organisation's longer name: «وزارة الدفاع» … «الوزارة»; «تنظيم داعش» … «التنظيم».
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.entities import bare, descriptors
from kg.mentions import plain, span_of
from kg.model import Mention, Sentence

#: They stand for a state, for several, or for something else as often.
_NOT_ALONE = frozenset(
    [
        "حكومه", "سلطات", "سلطه", "دوله", "دول", "بلاد", "قوه", "قوات", "قياده", "مجموعه", "بنوك", "احتلال", "خارجيه", "داخليه", "دفاع", "وزارات",
        "وحدات",
    ]
)  # fmt: skip

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
                behind = s.words[i + 1] if i + 1 < len(s.words) else None
                if not (behind and behind.upos == "ADJ" and behind.text.startswith("ال")):
                    here.append(Mention(span_of(s.words, i, i + 1, text), "ORGANISATION", s.index, (i, i + 1), i, "rule"))
        out.append(here)
    return out


def _kinds(s: Sentence, m: Mention) -> set[str]:
    """The nouns that say what an organisation is: the first of a longer name, and the one before the name."""
    first, last = m.words
    begins = {bare(s.words[first].text)} if last - first > 1 else set()
    return (begins | descriptors(s, m)) - _NOT_ALONE
