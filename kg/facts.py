"""Titles, appositions, genitives and nisbas -> lasting facts: who heads what, whose army it is, where a place lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.entities import Handle, Register, bare
from kg.lexicon import Entry, Lexicon
from kg.mentions import plain
from kg.model import Mention, Sentence, Span
from kg.text import fold
from kg.titles import Title

#: First nouns of bodies that belong to a state: the nisba or state behind them is their owner.
_BODIES = frozenset(
    [
        "وزاره", "جيش", "برلمان", "مخابرات", "استخبارات", "شرطه", "حكومه", "بحريه", "خارجيه", "داخليه", "دفاع", "رياسه", "حرس", "سلطات", "نيابه",
        "قيادات", "سفاره", "محكمه", "امن", "قضا", "مجلس", "خدمه", "جهاز", "هييه", "وكاله", "بنك", "مصرف", "قوات", "سلاح", "اركان", "خفر",
        "مصالح", "اداره", "لجنه", "كونغرس", "كونجرس", "مفوضيه", "ديوان", "مكتب", "امانه", "قنصليه", "بعثه", "وفد",
    ]
)  # fmt: skip
_PRIVATE = frozenset(
    [
        "قناه", "صحيفه", "موقع", "شركه", "مجله", "اذاعه", "تلفزيون", "شبكه", "حزب", "حركه", "تيار", "معارضه", "مقاومه", "نادي", "اتحاد", "منتخب",
        "جامعه",
    ]
)  # fmt: skip
_DIRECTIONS = frozenset(["شمال", "جنوب", "شرق", "غرب", "شمالي", "جنوبي", "شرقي", "غربي", "وسط", "اقصي", "قرب", "ضواحي"])
_MEMBERS = frozenset(["عضو", "اعضا", "قيادي", "قياديين", "عنصر", "عناصر"])
_OWNERS = frozenset({"STATE", "ORGANISATION"})


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact before its entities have ids."""

    subject: Handle
    predicate: str
    object: Handle
    sentence: int
    evidence: Span
    path: str
    confidence: float
    office: str | None = None


class _Reader:
    def __init__(self, sentence: Sentence, mentions: Sequence[Mention], register: Register, lexicon: Lexicon, text: str) -> None:
        self.sentence, self.mentions, self.register, self.lexicon, self.text = sentence, mentions, register, lexicon, text
        self.names = [plain(sentence.words, i) for i in range(len(sentence.words))]
        self.folded = [fold(n) for n in self.names]
        self.bare = [bare(n) for n in self.names]

    def state(
        self, subject: Handle, predicate: str, object: Handle, start: int, end: int, path: str, confidence: float, office: str | None = None
    ) -> Stated:
        words = self.sentence.words
        left, right = words[start].start, words[end - 1].end
        return Stated(subject, predicate, object, self.sentence.index, Span(left, right, self.text[left:right]), path, confidence, office)

    def nisba(self, start: int, end: int) -> tuple[Entry, int] | None:
        """The first nisba that begins in words [start, end), and where it ends."""
        for i in range(start, min(end, len(self.names))):
            if found := self.lexicon.nisba_phrase(self.names, i):
                return found[0], i + found[1]
        return None

    def after(self, m: Mention, types: frozenset[str], reach: int = 1) -> Mention | None:
        """The mention of one of the types that begins right behind another, at most `reach` adjectives away."""
        for n in self.mentions:
            gap = n.words[0] - m.words[1]
            if (
                0 <= gap < reach
                and n.type in types
                and all(self.sentence.words[i].upos in ("ADJ", "PUNCT") and self.sentence.words[i].text != "." for i in range(m.words[1], n.words[0]))
            ):
                return n
        return None

    def inner(self, m: Mention) -> Handle | None:
        """A state or organisation named inside the words of a mention, by a name of the lexicon or a nisba."""
        first, last = m.words
        if found := self.nisba(first + 1, last):
            return self.register.implied(found[0])
        for match in self.lexicon.match(self.names[first + 1 : last]):
            for e in map(self.lexicon.entry, match.entries):
                if e.type in _OWNERS:
                    return self.register.implied(e, e.type)
                if (seat := e.seat) and seat in self.lexicon.entries:
                    return self.register.implied(self.lexicon.entry(seat))
        return None

    # -- kinds of facts

    def offices(self, titles: Sequence[Title]) -> Iterator[Stated]:
        for t in titles:
            if t.person is None or t.former:
                continue
            person = self.mentions[t.person]
            subject = self.register.of(person)
            predicate = t.office.get("predicate") or "holdsOffice"
            object: Handle | None = None
            if t.organisation is not None:
                object = self.register.of(self.mentions[t.organisation])
                if predicate in ("headOfState", "headOfGovernment", "leads"):
                    predicate = t.office.get("predicateOfOrganisation") or "leads"
            elif t.state and predicate == "memberOf":
                continue  # «القيادي السوري» is no member of Syria
            elif t.state:
                object = self.register.implied(t.state)
                if predicate == "leads":
                    predicate = "holdsOffice"
            elif person.concept and predicate in ("headOfState", "headOfGovernment"):
                known = self.lexicon.entry(person.concept)
                owner = known.get("officeOf")
                if owner and owner in self.lexicon.entries and known.get("office") == predicate:
                    object = self.register.implied(self.lexicon.entry(owner))
            if object is None or object == subject:
                continue
            words = self.sentence.words
            office = self.text[words[t.start].start : words[t.text_end - 1].end]
            start, end = min(t.start, person.words[0]), max(t.end, person.words[1])
            yield self.state(subject, predicate, object, start, end, "title", 0.9, office if predicate == "holdsOffice" else None)

    def owners(self) -> Iterator[Stated]:
        """agencyOf, forceOf, weaponOf: a nisba inside or behind, a name inside, a genitive behind."""
        predicates = {"ORGANISATION": "agencyOf", "FORCE": "forceOf", "WEAPON": "weaponOf"}
        for m in self.mentions:
            predicate = predicates.get(m.type)
            if not predicate:
                continue
            subject = self.register.of(m)
            first = self.bare[m.words[0]]
            if m.type == "ORGANISATION":
                if first in _PRIVATE or (first not in _BODIES and not self._known_agency(m)):
                    continue
                if (
                    first == "وكاله"
                    and "انبا" in self.bare[m.words[0] : m.words[1]]
                    and not self._known_agency(m)
                    and self.nisba(m.words[0], m.words[1]) is None
                ):
                    continue
            owner: Handle | None = None
            end, confidence, path = m.words[1], 0.85, "nisba"
            if m.type == "ORGANISATION":
                if found := self.nisba(m.words[0], m.words[1] + 1):
                    owner, end = self.register.implied(found[0]), max(end, found[1])
                elif known := self._known_agency(m):
                    owner, path = self.register.implied(known), "lexicon"
                else:
                    inner = self.inner(m)
                    owner, path = inner if inner and inner.type == "STATE" else None, "genitive"
                if owner is None and (behind := self.after(m, frozenset({"STATE"}))):
                    owner, end, path = self.register.of(behind), behind.words[1], "genitive"
            else:
                owner = self.inner(m)
                if owner is None and (found := self.nisba(m.words[1], m.words[1] + 1)):
                    owner, end = self.register.implied(found[0]), found[1]
                if owner is None and (behind := self.after(m, _OWNERS)):
                    owner, end, path = self.register.of(behind), behind.words[1], "genitive"
                if owner is None and (behind := self._belonging(m)):
                    owner, end, path, confidence = self.register.of(behind), behind.words[1], "belonging", 0.75
            if owner is not None and owner != subject and owner.type in _OWNERS:
                yield self.state(subject, predicate, owner, m.words[0], end, path, confidence)

    def _known_agency(self, m: Mention) -> Entry | None:
        state = self.lexicon.entry(m.concept).get("agencyOf") if m.concept else None
        return self.lexicon.entries.get(state) if state else None

    def _belonging(self, m: Mention) -> Mention | None:
        """«مقاتلين من حزب الله», «ميليشيات تابعة لإيران», «قوات موالية للرئيس»."""
        i = m.words[1]
        if i < len(self.bare) and self.bare[i] in ("تابعه", "تابع", "تابعين", "مواليه", "موالي", "موالين", "مواليين"):
            i += 1
        if i < len(self.bare) and self.bare[i] in ("ل", "من") and not (self.bare[i] == "من" and m.type == "WEAPON"):
            return next((n for n in self.mentions if n.words[0] == i + 1 and n.type in _OWNERS), None)
        return None

    def places(self) -> Iterator[Stated]:
        """locatedIn: «مدينة تعز اليمنية», «تعز جنوب غربي اليمن», «كورسك في روسيا», «الرقة السورية»; capitalOf: «العاصمة اليمنية صنعاء»."""
        words = self.sentence.words
        for m in self.mentions:
            if m.type != "PLACE":
                continue
            subject = self.register.of(m)
            first, last = m.words
            back = next((k for k in range(first - 1, max(-1, first - 4), -1) if self.bare[k] == "عاصمه"), None)
            if back is not None and (found := self.nisba(back + 1, first)):
                yield self.state(subject, "capitalOf", self.register.implied(found[0]), back, last, "apposition", 0.9)
                continue
            if found := self.nisba(last, last + 1):
                yield self.state(subject, "locatedIn", self.register.implied(found[0]), first, found[1], "nisba", 0.85)
                continue
            before = next((k for k in range(first - 1, max(-1, first - 3), -1) if self.lexicon.nisba_phrase(self.names, k)), None)
            if (
                before is not None
                and self.bare[before - 1] in ("مدينه", "محافظه", "بلده", "قريه", "مينا", "اقليم", "ولايه", "مقاطعه", "منطقه")
                and before >= 1
            ):
                entry = self.lexicon.nisba_phrase(self.names, before)
                if entry:
                    yield self.state(subject, "locatedIn", self.register.implied(entry[0]), before - 1, last, "nisba", 0.85)
                    continue
            k = last
            if k < len(words) and words[k].text in ("،", "(", "-"):
                k += 1
            moved = False
            while k < len(words) and (
                self.bare[k].removesuffix("ي") in _DIRECTIONS or self.bare[k] in _DIRECTIONS or (words[k].text in ("في", "ب") and k - last < 3)
            ):
                moved, k = True, k + 1
            if (
                moved
                and (behind := next((n for n in self.mentions if n.words[0] == k and n.type in ("STATE", "PLACE")), None))
                and self.register.of(behind) != subject
            ):
                yield self.state(subject, "locatedIn", self.register.of(behind), first, behind.words[1], "preposition", 0.75)

    def members(self) -> Iterator[Stated]:
        """memberOf: «القيادي في حركة حماس محمود الزهار», «X عضو الكنيست»."""
        for m in self.mentions:
            if m.type != "PERSON":
                continue
            for k in (*range(m.words[0] - 1, max(-1, m.words[0] - 7), -1), *range(m.words[1], min(len(self.bare), m.words[1] + 2))):
                if self.bare[k] in _MEMBERS:
                    org = next((n for n in self.mentions if n.type == "ORGANISATION" and k < n.words[0] <= k + 4), None)
                    if org and self.register.of(org) != self.register.of(m):
                        start, end = min(k, m.words[0]), max(org.words[1], m.words[1])
                        yield self.state(self.register.of(m), "memberOf", self.register.of(org), start, end, "title", 0.75)
                    break

    def parties(self) -> Iterator[Stated]:
        """partyTo: «اتفاق … بين موسكو وكييف», «معاهدة مع روسيا»."""
        for m in self.mentions:
            if m.type not in ("AGREEMENT", "CONFLICT"):
                continue
            thing = self.register.of(m)
            end = m.words[1]
            for k in range(end, min(end + 4, len(self.bare))):
                if self.bare[k] in ("بين", "مع"):
                    run: list[Mention] = []
                    at = k + 1
                    for n in self.mentions:
                        if n.words[0] < at or n.type not in ("STATE", "ORGANISATION", "FORCE", "PERSON"):
                            continue
                        if n.words[0] - at > (2 if run else 3):
                            break
                        run.append(n)
                        at = n.words[1]
                        if self.bare[k] == "مع":
                            break
                    for n in run:
                        if n.type in _OWNERS:
                            yield self.state(self.register.of(n), "partyTo", thing, m.words[0], n.words[1], "preposition", 0.8)
                    break


def find(sentence: Sentence, mentions: Sequence[Mention], titles: Sequence[Title], register: Register, lexicon: Lexicon, text: str) -> list[Stated]:
    """The facts that a sentence states, each once, in the order of what states them.

    Args:
        sentence, mentions, titles: of that sentence.
        register: resolves mentions, and gives states that only a nisba names.
        lexicon: nisbas and known owners.
        text: of the document.
    """
    reader = _Reader(sentence, mentions, register, lexicon, text)
    found = [*reader.offices(titles), *reader.owners(), *reader.places(), *reader.members(), *reader.parties()]
    unique: dict[tuple[Handle, str, Handle], Stated] = {}
    for f in found:
        unique.setdefault((f.subject, f.predicate, f.object), f)
    return sorted(unique.values(), key=lambda f: (f.evidence.start, f.predicate))
