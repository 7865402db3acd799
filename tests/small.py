"""A small lexicon and small frames, so that what a test expects does not change with kg's own; sentences of a given text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.extract import Extractor
from kg.factuality import Cues
from kg.frames import Frames
from kg.lexicon import Entry, Lexicon
from kg.model import Document, Extraction, Sentence, Word
from kg.namespaces import KGO


def sentence(text: str, rows: str, ner: Sequence[tuple[int, int, str]] = (), index: int = 0, start: int = 0) -> Sentence:
    """A parsed sentence of a text that may hold more than it.

    Args:
        text: of the document.
        rows: one word a line, "form lemma upos head deprel [feats]"; heads count from 1 as in CoNLL-U, 0 is the root. Words
            that touch in the text are of one token, unless one of them is punctuation.
        ner: spans in words, counted from 0: (first, last + 1, type).
        index: of the sentence in the document.
        start: where to look for the first word.
    """
    words: list[Word] = []
    at, token = start, -1
    for row in filter(None, (line.strip() for line in rows.splitlines())):
        form, lemma, upos, head, deprel, *feats = row.split()
        left = text.index(form, at)
        assert not text[at:left].strip(), f"{text[at:left]!r} has no row"
        at = left + len(form)
        if not words or left > words[-1].end or "PUNCT" in (upos, words[-1].upos):
            token += 1
        features = dict(f.split("=") for f in feats[0].split("|")) if feats else {}
        words.append(Word(len(words), form, lemma, upos, features, int(head) - 1, deprel, left, at, token))
    return Sentence(index, words[0].start, words[-1].end, tuple(words), tuple(ner))


def _state(id: str, ar: str, en: str, nisba: str, *names: str, **more: tuple[str, ...]) -> Entry:
    return Entry(id, "STATE", ar, en, (ar, *names), qid=id, values={"nisba": (nisba,), **more})


LEXICON = Lexicon(
    [
        _state("Q423", "كوريا الشمالية", "North Korea", "كوري شمالي", contextLabel=("الشمال",), beside=("Q423",)),
        _state("Q159", "روسيا", "Russia", "روسي"),
        _state("Q212", "أوكرانيا", "Ukraine", "أوكراني"),
        _state("Q805", "اليمن", "Yemen", "يمني"),
        _state("Q17", "اليابان", "Japan", "ياباني"),
        _state("Q794", "إيران", "Iran", "إيراني"),
        Entry("place/moscow", "PLACE", "موسكو", "Moscow", ("موسكو",), values={"seatOf": ("Q159",), "inState": ("Q159",)}),
        Entry("weapon/ballistic-missile", "WEAPON", "صاروخ باليستي", "ballistic missile", ("صاروخ باليستي", "صواريخ باليستية"),
              plural_en="ballistic missiles", unit="missiles"),
        Entry("force/soldier", "FORCE", "جندي", "soldier", ("جندي", "جنود"), plural_en="soldiers"),
        Entry("Q7747", "PERSON", "فلاديمير بوتين", "Vladimir Putin", ("فلاديمير بوتين", "بوتين"), qid="Q7747",
              values={"office": ("headOfState",), "officeOf": ("Q159",)}),
        Entry("office/president", "OFFICE", "رئيس", "president", ("رئيس",), values={"predicate": ("headOfState",)}),
        Entry("office/minister", "OFFICE", "وزير", "minister", ("وزير",)),
        Entry("office/foreign-minister", "OFFICE", "وزير الخارجية", "foreign minister", ("وزير الخارجية",), broader=("office/minister",)),
        Entry("Q38799", "ORGANISATION", "حماس", "Hamas", ("حماس", "حركة حماس"), qid="Q38799"),
        Entry("conflict/ukraine", "CONFLICT", "الحرب الأوكرانية", "war in Ukraine", ("الحرب الأوكرانية", "الحرب في أوكرانيا")),
    ]
)  # fmt: skip

FRAMES = f"""
@prefix kgo: <{KGO}> .
@prefix kgf: <https://example.org/kg/frame/> .
kgf:slot.place a kgo:SlotGroup ; kgo:slotName "place" ; kgo:syntax "في, ب, قرب" .
kgf:send a kgo:Frame ; kgo:eventType "SEND" ; kgo:verb "أرسل يرسل", "نقل ينقل" ; kgo:noun "إرسال" ;
  kgo:light "واصل يواصل" ; kgo:weak "نقل" ; kgo:weakRequires "theme", "recipient" ; kgo:genitive "theme", "agent" ;
  kgo:role kgf:send.agent, kgf:send.theme, kgf:send.recipient .
kgf:send.agent kgo:roleName "agent" ; kgo:accepts "STATE", "PERSON", "ORGANISATION" ; kgo:syntax "subject, من قبل, genitive-agent, nisba" .
kgf:send.theme kgo:roleName "theme" ; kgo:accepts "WEAPON", "FORCE" ; kgo:syntax "object, genitive-theme" .
kgf:send.recipient kgo:roleName "recipient" ; kgo:accepts "STATE", "ORGANISATION", "PLACE" ; kgo:syntax "إلى, ل" .
kgf:attack a kgo:Frame ; kgo:eventType "ATTACK" ; kgo:verb "هاجم يهاجم" ; kgo:noun "هجوم" ; kgo:light "شن يشن" ;
  kgo:notPhrase "خط الهجوم" ; kgo:role kgf:attack.agent, kgf:attack.target, kgf:attack.location .
kgf:attack.agent kgo:roleName "agent" ; kgo:accepts "STATE", "PERSON", "FORCE" ; kgo:syntax "subject, genitive-agent, nisba" .
kgf:attack.target kgo:roleName "target" ; kgo:accepts "STATE", "FORCE", "ORGANISATION" ; kgo:syntax "object, على" .
kgf:attack.location kgo:roleName "location" ; kgo:accepts "PLACE" ; kgo:syntax "@place" .
"""


def frames(folder: Path, turtle: str = FRAMES) -> Frames:
    """Frames of the given text."""
    path = folder / "frames.ttl"
    path.write_text(turtle, encoding="utf-8")
    return Frames.load(path)


def extractor(folder: Path) -> Extractor:
    """The stages behind the parse with the small lexicon and the small frames; cues are kg's own."""
    return Extractor(LEXICON, frames(folder), Cues.load(), {})


def read(folder: Path, text: str, *sentences: Sentence) -> Extraction:
    """What the small lexicon and the small frames make of hand-made sentences; cues are kg's own."""
    return extractor(folder)(Document("d", text), sentences)
