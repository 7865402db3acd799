"""Titles beside names: `الرئيس الروسي فلاديمير بوتين`, `صالحي رئيس هيئة الطاقة الذرية`.

A title is an office of the lexicon with what it is the office of: a nisba, a state, an organisation. Facts are made of
titles, and so is the knowledge for whom `الرئيس الروسي` stands where it stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.lexicon import Entry, Lexicon
from kg.mentions import plain
from kg.model import Mention, Sentence
from kg.text import fold

#: Words that end an office, so that it is no fact of today.
_FORMER = ("سابق", "مخلوع", "راحل", "معزول", "منتخب", "مقال", "مستقيل", "اسبق", "محتمل", "متوفي", "قتيل")
_RANKS = frozenset(
    [
        "سيد", "سيده", "دكتور", "مهندس", "عميد", "ركن", "طيار", "لوا", "فريق", "اول", "عقيد", "شيخ", "جنرال", "ادميرال", "سفير", "استاذ", "مشير",
        "بحري", "جلاله", "سمو", "معالي", "فخامه", "ملكي", "امير",
    ]
)  # fmt: skip
_BEFORE, _AFTER = 9, 8


@dataclass(frozen=True, slots=True)
class Title:
    """An office at words [start, end) of a sentence. `person` and `organisation` are indices of its mentions.

    `state` is the state's entry. `text_end` is the end of the office's own words, before what it is the office of.
    """

    office: Entry
    sentence: int
    start: int
    end: int
    text_end: int
    person: int | None
    state: Entry | None
    organisation: int | None
    former: bool


def state_of(mention: Mention, lexicon: Lexicon) -> Entry | None:
    """The state that a STATE mention names, by way of a seat of power if it names one."""
    if not mention.concept:
        return None
    entry = lexicon.entry(mention.concept)
    if entry.type == "STATE":
        return entry
    return lexicon.entries.get(entry.seat) if entry.seat else None


@dataclass(frozen=True, slots=True)
class Held:
    """An office that a person of a document holds, of a state or of something else: mention number `person` of sentence `sentence`.

    `said`: by a title in the document, not by the lexicon alone.
    """

    office: Entry
    state: Entry | None
    sentence: int
    person: int
    said: bool


def holders(mentions: Sequence[Sequence[Mention]], named: Iterable[Title], lexicon: Lexicon) -> list[Held]:
    """Who holds which office: by the titles of the document, and by the lexicon those who hold it still.

    Whose term is over may be in the news as something else; then the document has to say.
    """
    out = [Held(t.office, t.state, t.sentence, t.person, True) for t in named if t.person is not None and not t.former]
    said = [(h.office.id, h.state) for h in out]
    for n, ms in enumerate(mentions):
        for k, m in enumerate(ms):
            office = lexicon.office_of(lexicon.entry(m.concept)) if m.type == "PERSON" and m.concept else None
            if office and (office[0].id, office[1]) not in said:
                out.append(Held(*office, n, k, False))
    return out


def same_office(lexicon: Lexicon, held: Entry, said: Entry) -> bool:
    """Whether who holds one office may be called by another: a minister of defence "the minister", a king "the leader"."""
    return lexicon.is_a(held.id, said.id) or (heads(held) is not None and heads(held) == heads(said))


def past_nisbas(lexicon: Lexicon, names: Sequence[str], start: int, end: int) -> int:
    """The word behind the nisbas that follow one another from word `start` on, of those that begin before word `end`."""
    while start < end and (nisba := lexicon.nisba_phrase(names, start)):
        start += nisba[1]
    return start


def heads(office: Entry) -> str | None:
    """What an office heads, if it is a state or a government: the fact that its holder makes."""
    predicate = office.get("predicate")
    return predicate if predicate in ("headOfState", "headOfGovernment") else None


def find(sentence: Sentence, mentions: Sequence[Mention], lexicon: Lexicon) -> list[Title]:
    """The titles of a sentence whose mentions are given, in order."""
    words = sentence.words
    names = [plain(words, i) for i in range(len(words))]
    folded = [fold(n) for n in names]
    # A description («الرئيس الروسي») is a title itself, and nobody's name.
    at = {m.words[0]: k for k, m in enumerate(mentions) if m.origin != "rule"}
    inside = [False] * len(words)
    for m in mentions:
        inside[m.words[0] : m.words[1]] = [True] * (m.words[1] - m.words[0])
    offices = []
    for match in lexicon.match(names, ambiguous=True):
        entries = [lexicon.entry(e) for e in match.entries if lexicon.entry(e).type == "OFFICE"]
        if entries:
            offices.append((match.start, match.end, entries[0]))
    out = []
    for start, end, office in offices:
        owner_state, owner_org, stop = None, None, end
        former = False
        person = None
        i = end
        while i < min(len(words), end + _AFTER):
            if (k := at.get(i)) is not None:
                m = mentions[k]
                if m.type == "PERSON":
                    person = k
                    stop = max(stop, i)
                    break
                if m.type == "STATE" and owner_state is None:
                    owner_state = state_of(m, lexicon)
                elif m.type in ("ORGANISATION", "FORCE") and owner_org is None:
                    owner_org = k
                    if (found := _nisba_in(m, names, lexicon)) and owner_state is None:
                        owner_state = found
                else:
                    break
                i = stop = m.words[1]
                continue
            if found_nisba := lexicon.nisba_phrase(names, i):
                owner_state = owner_state or found_nisba[0]
                i += found_nisba[1]
                stop = i
                continue
            bare = folded[i].removeprefix("ال").removesuffix("ه")
            if bare in _FORMER:
                former = True
            elif (
                bare in _RANKS
                or (words[i].upos in ("ADJ", "NOUN") and not inside[i] and i - end < 5)
                or (
                    words[i].upos == "PUNCT"
                    and words[i].text in '،,"('
                    and i + 1 in at
                    and mentions[at[i + 1]].type == "PERSON"
                    and words[i].text != "("
                )
                or (words[i].upos == "ADP" and i + 1 < len(words) and (i + 1 in at or words[i].text in ("ل", "في", "باسم")))
            ):
                pass
            else:
                break
            i += 1
        if person is None and start > 0:
            # Apposition behind the name: «صالحي رئيس هيئة …», «صالحي، رئيس …».
            back = start - 1
            if back >= 0 and words[back].text in ("،", ",", "-", "("):
                back -= 1
            before = next((k for k, m in enumerate(mentions) if m.words[1] - 1 == back and m.type == "PERSON" and m.origin != "rule"), None)
            if before is not None:
                person = before
        out.append(Title(office, sentence.index, start, stop, end, person, owner_state, owner_org, former))
    return out


def _nisba_in(mention: Mention, names: Sequence[str], lexicon: Lexicon) -> Entry | None:
    for i in range(mention.words[0] + 1, mention.words[1]):
        if found := lexicon.nisba_phrase(names, i):
            return found[0]
    return None
