"""Mentions -> entities of one document: aliases, short names, descriptions, metonymy, links to the lexicon.

An entity is one thing as the document speaks of it. `Register` collects mentions in the order of the text; facts and events
may add states that only a nisba names, and say that a city is one (`kg.seats`). `freeze` gives the entities, numbered by first appearance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from kg import phonetic, quantities
from kg.lexicon import Entry, Lexicon
from kg.mentions import plain
from kg.model import COUNTED, Entity, Mention, Quantity, Sentence
from kg.text import clean, fold
from kg.titles import Held, Title, holders, past_nisbas, same_office, state_of

if TYPE_CHECKING:
    from kg.groups import Group, Joiner

#: Nouns that say what the name after them is: «تنظيم داعش»; later «التنظيم» stands for it.
_DESCRIPTORS = frozenset(
    [
        "تنظيم", "حركه", "جماعه", "حزب", "منظمه", "شركه", "وكاله", "قناه", "صحيفه", "تحالف", "حلف", "مجلس", "وزاره", "هييه", "لجنه", "جبهه",
        "ميليشيا", "مليشيا", "جهاز", "بنك", "برلمان", "جيش",
    ]
)  # fmt: skip

#: Nouns after which a place is the one that its name says by itself, unlike «مطار صنعاء».
_SAME_PLACE = frozenset(["قاعده", "قطاع", "جزيره", "جزر", "شارع", "مدينه", "بلده", "قريه", "معسكر", "حي", "سهل"])
_OF_BASES = frozenset(["جويه", "عسكريه", "بحريه"])

#: The same of organisations.
_MOVEMENTS = frozenset(["تنظيم", "حركه", "جماعه", "مجموعه", "ميليشيا", "مليشيا"])

#: Wordings of one body of a state: «القوات المسلحة المالية», «الجيش المالي».
_BODIES = {
    ("قوات", "مسلحه"): "جيش", ("جيش",): "جيش",
    ("قوات", "جويه"): "سلاح جو", ("قوه", "جويه"): "سلاح جو", ("سلاح", "الجو"): "سلاح جو", ("سلاح", "طيران"): "سلاح جو",
    ("قوات", "بحريه"): "بحريه", ("سلاح", "بحريه"): "بحريه", ("بحريه",): "بحريه",
}  # fmt: skip

#: Sentences after the headline in which a report says how many it meant.
_LEAD = 3


@lru_cache(1 << 14)
def bare(text: str) -> str:
    """The folded text without articles: what definite and indefinite wording share."""
    # Before folding, where the article (ال) and a stem that begins with hamza (ألغام) still differ.
    words = clean(text).text.split()
    return fold(" ".join(w[2:] if w.startswith("ال") and len(w) > 4 else w for w in words))


def descriptors(s: Sentence, m: Mention) -> set[str]:
    """The noun before a name that says what it names, if there is one."""
    return {bare(s.words[m.words[0] - 1].text)} & _DESCRIPTORS if m.words[0] > 0 else set()


@dataclass(slots=True)
class _Draft:
    """An entity in the making."""

    type: str
    order: int
    mentions: list[Mention] = field(default_factory=list)
    concept: str | None = None
    entry: Entry | None = None
    name: str | None = None
    keys: set[str] = field(default_factory=set)
    descriptors: set[str] = field(default_factory=set)
    quantity: Quantity | None = None


class Register:
    """The entities of a document as they are found; ids are stable once `freeze` is called."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        self._drafts: list[_Draft] = []
        self._of: dict[tuple[int, int], _Draft] = {}

    # -- building

    def resolve(self, sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], titles: Iterable[Title]) -> None:
        """Group the mentions of all sentences (one list a sentence)."""
        flat = [(s, m) for s, ms in zip(sentences, mentions, strict=True) for m in ms]
        # Names before descriptions, long names before short ones: «كيم» may come before «كيم جونغ أون».
        for s, m in sorted(flat, key=lambda x: (self._describes(x[1]), -self._length(x[1]), x[1].span.start)):
            self._place(s, m)
        self._aliases(sentences, mentions)
        held = [(h, self._of[self._key(mentions[h.sentence][h.person])]) for h in holders(mentions, titles, self.lexicon)]
        self._descriptions(sentences, mentions, held)
        for d in self._drafts:
            d.order = min((m.span.start for m in d.mentions), default=len(self.text))

    def _key(self, m: Mention) -> tuple[int, int]:
        return m.sentence, m.words[0]

    def _length(self, m: Mention) -> int:
        return len(m.span.text.split()) if m.type in ("PERSON", "ORGANISATION") and m.origin != "rule" else 0

    def _describes(self, m: Mention) -> bool:
        """Whether the mention is a common noun with an article that stands for a named thing, or an office and whose it is."""
        if m.type == "PERSON":
            names = m.span.text.split()
            offices = self._offices(names)
            return bool(offices) and (fold(names[0]).startswith("ال") or self._only_office(names))
        return m.type in ("ORGANISATION", "AGREEMENT") and not m.concept and (m.origin == "rule" or len(m.span.text.split()) == 1)

    def _offices(self, names: Sequence[str]) -> list[tuple[int, Entry]]:
        """The offices that words name, each with the word behind its name; only if the first word begins one."""
        found = [
            (match.start, match.end, e)
            for match in self.lexicon.match(names, ambiguous=True)
            for e in map(self.lexicon.entry, match.entries)
            if e.type == "OFFICE"
        ]
        return [(end, e) for _, end, e in found] if found and found[0][0] == 0 else []

    def _only_office(self, names: Sequence[str]) -> bool:
        """Whether words are an office that is one person's by the nouns and nisbas behind it: «وزير الدفاع الأمريكي»."""
        end = past_nisbas(self.lexicon, names, self._offices(names)[0][0], len(names))
        return end == len(names) > 1 and fold(names[1]).startswith("ال")

    def _place(self, s: Sentence, m: Mention) -> None:
        draft = self._find(s, m)
        if draft is None:
            draft = _Draft(m.type, m.span.start)
            self._drafts.append(draft)
        draft.mentions.append(m)
        self._of[self._key(m)] = draft
        draft.keys |= self._keys(s, m)
        draft.descriptors |= descriptors(s, m)
        entry = state_of(m, self.lexicon) if m.type == "STATE" else self.lexicon.entry(m.concept) if m.concept else None
        if entry is None and m.type in ("PERSON", "PLACE") and " " in m.span.text:
            entry = self.lexicon.sounding(m.span.text, m.type)
        # A short name that is an ordinary word too («صالح») does not say who the bearer of a longer, unknown name is.
        longer = any(len(o.span.text.split()) > len(m.span.text.split()) for o in draft.mentions)
        doubtful = entry is not None and longer and m.span.text in entry.ambiguous
        if entry and draft.entry is None and not doubtful:
            draft.entry, draft.concept = entry, entry.id
        if m.type in COUNTED:
            unit = (entry.unit or entry.plural_en or entry.label_en) if entry else "units" if m.type == "WEAPON" else "people"
            found, known = quantities.before(s.words, *m.words, self.text, unit), draft.quantity
            # Of one number twice, the wording that says how exact it is.
            if found and (known is None or (known.value == found.value and known.bound == "exact")):
                draft.quantity = found

    def _keys(self, s: Sentence, m: Mention) -> set[str]:
        """The ways to write a mention that are one name."""
        words = bare(m.span.text).split()
        names = [words]
        if m.type == "PLACE":
            # «قاعدة انجرليك الجوية», «قاعدة انجرليك», «انجرليك»
            inner = words[:-1] if len(words) > 1 and words[-1] in _OF_BASES else words
            names += [inner, inner[1:] if len(inner) > 1 and inner[0] in _SAME_PLACE else inner]
        elif m.type == "ORGANISATION" and len(words) > 1:
            if words[0] == "وزاره":
                names.append(words[1:])
            for wording, name in _BODIES.items():
                if words[: len(wording)] == list(wording) and len(words) > len(wording):
                    names.append([name, *(w.removesuffix("ه") for w in words[len(wording) :])])
            # «مجموعة فاغنر الروسية», «فاغنر»
            first, last = m.words
            inner = words[1:] if words[0] in _MOVEMENTS else words
            proper = s.words[min(first + len(words) - len(inner), last - 1)].upos == "PROPN"
            while proper and len(inner) > 1 and s.words[last - 1].upos == "ADJ":
                inner, last = inner[:-1], last - 1
            names.append(inner)
        return {form for name in names for form in (" ".join(name), "".join(name))}

    def _find(self, s: Sentence, m: Mention) -> _Draft | None:
        entry = state_of(m, self.lexicon) if m.type == "STATE" else None
        concept = entry.id if entry else m.concept
        same_type = [d for d in self._drafts if d.type == m.type]
        keys = self._keys(s, m)
        if m.type in COUNTED:
            return self._group(s, m, same_type, bare(m.span.text))
        # «التحالف» of a «التحالف الدولي» is no other coalition that is called so too.
        if (
            m.type == "ORGANISATION"
            and m.concept
            and m.span.text in self.lexicon.entry(m.concept).ambiguous
            and (d := self._short_form(s, m, same_type))
        ):
            return d
        if concept:
            for d in same_type:
                if d.concept == concept:
                    return d
        for d in same_type:
            if d.keys & keys and not (concept and d.concept):
                return d
        if m.type in ("PERSON", "PLACE"):
            for d in same_type:
                if not (concept and d.concept) and any(phonetic.same_name(bare(o.span.text), bare(m.span.text)) for o in d.mentions):
                    return d
        if m.type == "PERSON":
            return self._short_name(m, same_type)
        if m.type in ("ORGANISATION", "AGREEMENT") and not concept:
            return self._short_form(s, m, same_type)
        return None

    def _short_name(self, m: Mention, drafts: Sequence[_Draft]) -> _Draft | None:
        """The person whose longer name holds every part of this one; the last one spoken of before, else the first."""
        parts = bare(m.span.text).split()
        if not parts or any(len(phonetic.key(p)) < 2 for p in parts):
            return None
        fits = []
        for d in drafts:
            for other in d.mentions:
                whole = bare(other.span.text).split()
                if len(whole) > len(parts) and all(any(phonetic.alike(p, w) for w in whole) for p in parts):
                    fits.append((other.span.start <= m.span.start, -abs(other.span.start - m.span.start), d))
        return max(fits, key=lambda x: x[:2])[2] if fits else None

    def _short_form(self, s: Sentence, m: Mention, drafts: Sequence[_Draft]) -> _Draft | None:
        """«الوزارة» for «وزارة الدفاع», «التنظيم» for «تنظيم داعش»: the nearest before that begins so or is called so."""
        words = bare(m.span.text).split()
        if m.origin == "rule":
            words = words[:1]  # «التنظيم المتطرف» is «التنظيم»
        definite = m.origin == "rule" or fold(plain(s.words, m.words[0])).startswith("ال")
        fits = []
        for d in drafts:
            for other in d.mentions:
                whole = bare(other.span.text).split()
                starts = len(whole) > len(words) and whole[: len(words)] == words and (definite or len(words) > 1)
                if starts or (definite and len(words) == 1 and words[0] in d.descriptors):
                    fits.append((other.span.start <= m.span.start, -abs(other.span.start - m.span.start), d))
        return max(fits, key=lambda x: x[:2])[2] if fits else None

    def _group(self, s: Sentence, m: Mention, drafts: Sequence[_Draft], name: str) -> _Draft | None:
        """The group of troops or weapons that is spoken of again: a full wording repeated, or the noun with an article."""
        counted = quantities.before(s.words, *m.words, self.text, "")
        definite = fold(m.span.text).startswith("ال")
        for d in sorted((d for d in drafts if d.mentions[0].span.start < m.span.start), key=lambda d: -d.mentions[-1].span.start):
            if counted and d.quantity and counted.value != d.quantity.value:
                continue
            if counted and not d.quantity and m.concept and m.concept == d.concept and self._headline(d) and 0 < m.sentence <= _LEAD:
                return d
            if name in d.keys and (len(name.split()) > 1 or definite) and not (counted and not d.quantity):
                return d
            if (
                definite
                and m.type == "FORCE"
                and len(name.split()) == 1
                and any(bare(o.span.text).split()[:1] == [name] for o in d.mentions)
                and d.quantity
            ):
                return d
        return None

    def _aliases(self, sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]]) -> None:
        """An organisation in parentheses behind another is that one, as 29 of 30 annotated ones are: «حلف شمال الأطلسي (الناتو)»."""
        for s, ms in zip(sentences, mentions, strict=True):
            for m, alias in pairwise(ms):
                if m.type == alias.type == "ORGANISATION" and alias.words[1] < len(s.words):
                    between = "".join(w.text for w in s.words[m.words[1] : alias.words[0]])
                    draft, into = self._of[self._key(alias)], self._of[self._key(m)]
                    enclosed = between.strip('"”»“« ') == "(" and s.words[alias.words[1]].text in ("(", ")")
                    if enclosed and draft is not into and None in (draft.concept, into.concept):
                        self._merge(draft, into)

    def _headline(self, d: _Draft) -> bool:
        """Whether a group has stood in the headline only, which counts nothing and leaves the number to the lead."""
        return all(m.sentence == 0 for m in d.mentions)

    def _descriptions(self, sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], held: Sequence[tuple[Held, _Draft]]) -> None:
        """Join «الرئيس الروسي», «وزير الدفاع الأمريكي» with the person who is said to hold that office."""
        for s, ms in zip(sentences, mentions, strict=True):
            names = [plain(s.words, i) for i in range(len(s.words))]
            for m in ms:
                draft = self._of[self._key(m)]
                if m.type != "PERSON" or not self._describes(m):
                    continue
                first, last = m.words
                offices = self._offices(names[first:last])
                state = next((found[0] for i in range(first, last) if (found := self.lexicon.nisba_phrase(names, i))), None)
                fits = [
                    (h, d) for h, d in held if offices and same_office(self.lexicon, h.office, offices[0][1]) and (state is None or h.state == state)
                ]
                exact = [(h, d) for h, d in fits if (h.office == offices[0][1] if state else h.state)]
                known = [d for _, d in exact or fits]
                target = known[0] if len({id(d) for d in known}) == 1 else None
                if target and target is not draft:
                    self._merge(draft, target)

    def groups(self, sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], joiner: Joiner) -> tuple[list[Mention], list[Group]]:
        """The mentions of groups in the order of the text, and what a ranker asks of each."""
        from kg.groups import TYPES, group

        drafts: dict[int, int] = {}
        found: list[Mention] = []
        told: list[Group] = []
        for s, ms in zip(sentences, mentions, strict=True):
            at = {m.words[0]: self._of[self._key(m)] for m in ms}
            for m in ms:
                if m.type in TYPES:
                    owner = at.get(m.words[1])
                    name = (owner.concept or f"draft {drafts.setdefault(id(owner), len(drafts))}") if owner else None
                    counted = quantities.before(s.words, *m.words, self.text, "")
                    draft = drafts.setdefault(id(self._of[self._key(m)]), len(drafts))
                    told.append(group(s, m, self.lexicon, name, counted, joiner.vector(plain(s.words, m.words[0])), draft))
                    found.append(m)
        return found, told

    def join(self, sentences: Sequence[Sentence], mentions: Sequence[Sequence[Mention]], joiner: Joiner) -> None:
        """Let a ranker say which groups that the rules hold apart are one."""
        found, told = self.groups(sentences, mentions, joiner)
        for one, other in joiner.joins(told):
            draft, into = (self._of[self._key(found[i])] for i in (one, other))
            if draft is not into:
                self._merge(draft, into)

    def _merge(self, draft: _Draft, into: _Draft) -> None:
        """Take all that is known of one entity over to another, which it is."""
        for m in draft.mentions:
            self._of[self._key(m)] = into
        into.mentions += draft.mentions
        into.keys |= draft.keys
        into.descriptors |= draft.descriptors
        into.order = min(into.order, draft.order)
        into.quantity = into.quantity or draft.quantity
        # «الأسلحة» may turn out to be «صواريخ باليستية»: the narrower name says more.
        if draft.entry and (into.entry is None or self.lexicon.is_a(draft.entry.id, into.entry.id)):
            into.entry, into.concept = draft.entry, draft.concept
        self._drafts.remove(draft)

    def implied(self, entry: Entry, type: str = "STATE") -> Handle:
        """The entity of a lexicon entry that no mention need name, such as the state of a nisba; made if it is not there."""
        for d in self._drafts:
            if d.concept == entry.id and d.type == type:
                return Handle(d)
        draft = _Draft(type, len(self.text), concept=entry.id, entry=entry)
        self._drafts.append(draft)
        return Handle(draft)

    def move(self, m: Mention, entry: Entry) -> Mention:
        """Let a mention be one of the state or place of an entry, and give it as that: a city may prove to stand for its government, or not to."""
        draft, into = self._of[self._key(m)], self.implied(entry, entry.type).draft
        moved = replace(m, type=into.type)
        draft.mentions.remove(m)
        draft.order = min((o.span.start for o in draft.mentions), default=len(self.text))
        into.mentions.append(moved)
        into.order = min(into.order, m.span.start)
        self._of[self._key(m)] = into
        return moved

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """What is added and moved inside is taken back behind: a document may be told again with other events."""
        drafts, of = list(self._drafts), dict(self._of)
        kept = [(d, list(d.mentions), d.order) for d in drafts]
        try:
            yield
        finally:
            self._drafts, self._of = drafts, of
            for d, mentions, order in kept:
                d.mentions, d.order = mentions, order

    def of(self, m: Mention) -> Handle:
        """The entity of a mention that was resolved."""
        return Handle(self._of[self._key(m)])

    # -- result

    def freeze(self, used: Iterable[Handle]) -> tuple[tuple[Entity, ...], dict[Handle, str]]:
        """The entities that have a mention or are in `used`, and the id of each handle."""
        wanted = {id(h.draft) for h in used}
        drafts = [d for d in self._drafts if d.mentions or id(d) in wanted]
        drafts.sort(key=lambda d: (d.order, d.concept or ""))
        ids = {Handle(d): f"E{i}" for i, d in enumerate(drafts, 1)}
        return tuple(self._entity(d, ids[Handle(d)]) for d in drafts), ids

    def _entity(self, d: _Draft, id: str) -> Entity:
        spans = tuple(sorted({m.span for m in d.mentions}, key=lambda s: (s.start, s.end)))
        entry = d.entry
        # A description is no name, however long: «التنظيم المتطرف».
        called = {m.span for m in d.mentions if m.origin != "rule" and not (m.type == "PERSON" and self._describes(m))} or set(spans)
        longest = max((s.text for s in sorted(called, key=lambda s: s.start)), key=lambda t: (len(t.split()), len(t)), default="")
        if d.type in COUNTED:
            group = entry.plural_en or entry.label_en if entry else longest
            name = f"{d.quantity.value:,} {group}" if d.quantity else group
            counted = d.quantity is not None and (longest in d.quantity.text or len(longest.split()) == 1)
            label = d.quantity.text if d.quantity and counted else longest
            return Entity(id, d.type, name, label, spans, None, d.concept, d.quantity)
        name = entry.label_en if entry else longest
        label = entry.label_ar if entry else longest
        return Entity(id, d.type, name, label, spans, entry.qid if entry else None, d.concept, None)


class Handle:
    """A reference to an entity before it has an id."""

    __slots__ = ("draft",)

    def __init__(self, draft: _Draft) -> None:
        self.draft = draft

    @property
    def type(self) -> str:
        return self.draft.type

    @property
    def concept(self) -> str | None:
        return self.draft.concept

    @property
    def entry(self) -> Entry | None:
        return self.draft.entry

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handle) and other.draft is self.draft

    def __hash__(self) -> int:
        return id(self.draft)
