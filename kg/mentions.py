"""NER spans and lexicon matches -> Mention over syntactic words, clitics cut off.

The tagger labels tokens (`ولروسيا`); a mention is what is left of its words when leading conjunctions and prepositions and
trailing pronouns are cut (`روسيا`). The lexicon adds what the tagger missed and says which thing a name names.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kg.calendars import GREGORIAN, ISLAMIC, flat
from kg.lexicon import Entry, Lexicon, Match
from kg.model import COUNTED, Mention, Sentence, Span, Word
from kg.text import PROCLITICS, fold

_LEADING = frozenset({"CCONJ", "ADP", "SCONJ", "PART"})

#: Types between which a name moves by context; a lexicon entry of one of them may explain a span of the other.
_COMPATIBLE = {
    "PERSON": ("PERSON",), "STATE": ("STATE", "PLACE"), "PLACE": ("PLACE", "STATE"), "ORGANISATION": ("ORGANISATION", "FORCE"), "WEAPON": ("WEAPON",),
    "FORCE": ("FORCE",), "AGREEMENT": ("AGREEMENT",), "CONFLICT": ("CONFLICT",),
}  # fmt: skip

#: Words before a capital, or another city that stands for a government, that make it a place (of capitals in the training documents 63 of 64).
LOCATING = frozenset(
    ["في", "ب", "العاصمه", "عاصمه", "مدينه", "وسط", "شرقي", "غربي", "شمالي", "جنوبي", "شرق", "غرب", "شمال", "جنوب", "داخل", "قرب", "مطار", "ضواحي"]
)

#: Types that the lexicon may add on its own. Its troop words are heads that need a tagger to know a group from a word.
_ADDED = frozenset({"STATE", "PERSON", "ORGANISATION", "WEAPON", "PLACE", "CONFLICT", "AGREEMENT"})

#: Before the name of an organisation: its troops.
_TROOPS = frozenset({"قوات", "قوى", "ميليشيا", "ميليشيات", "مليشيا", "مليشيات"})

#: What an organisation is, before its name; whose it is, behind the name, is no part of it: «صحيفة كوميرسانت الروسية».
_CLASSES = frozenset(
    [
        "صحيفه", "جريده", "مجله", "قناه", "اذاعه", "تلفزيون", "شبكه", "موقع", "وكاله", "شركه", "مجموعه", "موسسه", "منظمه", "حركه", "جماعه", "تنظيم",
        "حزب", "ميليشيا", "مليشيا",
    ]
)  # fmt: skip
#: Behind the name of an organisation they only say that it is one of the state, or one of the place.
_OFFICIAL = frozenset(["الرسميه", "الرسمي", "المحليه", "المحلي"])

#: What a place is, before its name: no part of it, unlike the «قاعدة» of «قاعدة العند» (in the training documents 10 of 11).
_BEFORE_PLACES = frozenset(["منتجع", "شارع", "قاطع", "قطاع"])
#: A verb of which a place is the subject, though it does nothing: «القاهرة شهدت حوارا».
_WITNESSES = frozenset(["شهد", "يشهد", "تشهد", "شهدت"])

#: With a name behind them they are a mention of their own, by the guidelines; «قوات» and «ميليشيات» are one with it.
_MEN = frozenset(["مقاتلو", "مقاتلي", "مسلحو", "مسلحي", "عناصر", "جنود", "ثوار", "رجال", "افراد", "دوريات", "ضباط"])
#: Units of an army; with a number they are troops.
_UNITS = frozenset(["لوا", "كتيبه", "فرقه", "فوج", "سريه", "فيلق"])

#: Types whose names are told from words by the lexicon alone.
_NAMES = frozenset({"STATE", "PERSON", "ORGANISATION", "PLACE"})


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
    """The words [start, end) without clitics, signs and links at their edges; None if nothing is left."""
    while start < end and (
        words[start].upos == "PUNCT"
        or _names_nothing(words[start].text)
        or (start + 1 < len(words) and joined(words, start + 1) and words[start].text in PROCLITICS and not _name_in_sin(words, start))
        or (words[start].upos in _LEADING and len(words[start].text) <= 2 and start + 1 < end)
    ):
        start += 1
    while end > start and (
        (_names_nothing(words[end - 1].text) and not _closes(words, start, end - 1))
        or (words[end - 1].upos == "PRON" and joined(words, end - 1) and end - 1 > start)
        or (_counts(words[end - 1]) and end - 1 > start)  # «مسلحين اثنين»
    ):
        end -= 1
    if start < end < len(words) and _closes(words, start, end):
        end += 1
    return (start, end) if start < end and any(c.isalnum() for w in words[start:end] for c in w.text) else None


def _counts(word: Word) -> bool:
    """Whether a word is a numeral in letters that only counts; with an article it is part of a name («مجموعة العشرين»)."""
    return word.upos == "NUM" and not word.text.startswith("ال") and not any(c.isdigit() for c in word.text)


def _names_nothing(text: str) -> bool:
    """Whether a word is a sign, a link, an address or the handle of an account."""
    return not any(c.isalnum() for c in text) or "@" in text or text.startswith(("http://", "https://", "www."))


def _closes(words: Sequence[Word], start: int, i: int) -> bool:
    """Whether word `i` closes a bracket or quotation that is opened in the words [start, i)."""
    closing = words[i].text
    inside = [w.text for w in words[start:i]]
    if closing in ('"', "'"):  # which look alike: every other one closes
        return sum(w.text == closing for w in words[:i]) % 2 == 1 and closing in inside
    opening = {")": "(", "]": "["}.get(closing)
    return opening is not None and inside.count(opening) > inside.count(closing)


def _name_in_sin(words: Sequence[Word], i: int) -> bool:
    """Whether س, which is a particle of verbs, was cut off a name: `س` + `يالكوت`."""
    return words[i].text == "س" and words[i + 1].upos in ("PROPN", "NOUN", "X")


def span_of(words: Sequence[Word], start: int, end: int, text: str, clitics: int = 0) -> Span:
    """The words [start, end) in the document's text; the second lam of لل stays outside, and letters of `clitics` that the parser left on."""
    left = words[start].start
    for _ in range(clitics or swallowed_article(words, start)):
        left += 1
        while left < words[start].end and (not text[left].isalnum() or text[left] == "ـ"):
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
    if type in COUNTED:
        found = [(m.end - m.start, lexicon.entry(e)) for m in lexicon.match(names, ambiguous=True) for e in m.entries]
        kept = [(n, e) for n, e in found if e.type == type]
        return max(kept, key=lambda x: (x[0], x[1].id))[1] if kept else None
    entries = [e for e in lexicon.find(" ".join(names)) if e.type in _COMPATIBLE.get(type, ())]
    if not entries and not fold(names[0]).startswith("ال"):
        return None
    return min(entries, key=lambda e: (e.type != type, e.id), default=None)


def _only_name(lexicon: Lexicon, names: Sequence[str]) -> list[Entry]:
    """The entries of the one name that a span is from end to end; none if it is an ordinary word as well."""
    found = lexicon.match(names)
    if len(found) != 1 or found[0].ambiguous or (found[0].start, found[0].end) != (0, len(names)):
        return []
    return [lexicon.entry(e) for e in found[0].entries]


def _known(lexicon: Lexicon, names: Sequence[str], type: str, part: bool = False) -> Entry | None:
    """The entry that a span names; also one of another type if the name cannot be anything else: Lavrov, whom the tagger took for a state."""
    if type == "FORCE" and (entry := _organisation(lexicon, names)):
        return entry
    if type == "WEAPON" and (troops := _only_name(lexicon, names)) and {e.type for e in troops} == {"FORCE"}:
        return troops[0]  # «قافلة عسكرية» are people
    if entry := concept_of(lexicon, names, type):
        return entry
    entries = _only_name(lexicon, names) if type in _NAMES else []
    types = {e.type for e in entries}
    if type == "ORGANISATION" and types & {"STATE", "PLACE"} and not part:
        return None  # papers and clubs are called after places: «الرياض», «الشرق الأوسط»
    return entries[0] if types <= _NAMES and len(types) == 1 else None


def _organisation(lexicon: Lexicon, names: Sequence[str]) -> Entry | None:
    """The organisation that the tagger took for troops: «كتائب القسام», and «قوات الدعم السريع», which is called so.

    «قوات البيشمركة» are troops of one, «حوثيين» may be eight men.
    """
    entries = _only_name(lexicon, names) if len(names) > 1 else []
    if {e.type for e in entries} == {"ORGANISATION"} and (names[0] not in _TROOPS or entries[0].label_ar.split()[0] == names[0]):
        return entries[0]
    return None


def _several(lexicon: Lexicon, names: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """The known names of which a span is made, one after the other or with و between: `حماس إسرائيل`, `شي جين بينغ وبوتين`."""
    found = [m for m in lexicon.match(names[start:end]) if any(lexicon.entry(e).type in _NAMES for e in m.entries)]
    between = [names[start:end][a.end : b.start] for a, b in pairwise(found)]
    if len(found) < 2 or found[0].start or found[-1].end < end - start or any(b not in ([], ["و"]) for b in between):
        return []
    return [(m.start + start, m.end + start) for m in found]


def _name_alone(lexicon: Lexicon, words: Sequence[Word], names: Sequence[str]) -> int:
    """How many words of an organisation's span are its name, without what says whose it is: «صحيفة كوميرسانت الروسية».

    Only behind a proper name: «حزب البعث السوري» and «حزب البعث العراقي» are two.
    """
    if fold(names[0]) not in _CLASSES:
        return len(names)
    n = len(names)
    while n > 2 and fold(names[n - 1]) in _OFFICIAL:
        n -= 1
    nisba = next((i for i in range(max(1, n - 2), n) if (found := lexicon.nisba_phrase(names, i)) and i + found[1] == n), None)
    if nisba is None or not names[nisba].startswith("ال") or concept_of(lexicon, names[:n], "ORGANISATION"):
        return n
    proper = any(w.upos in ("PROPN", "X") for w in words[1:nisba]) and not any(name.startswith("ال") for name in names[1:nisba])
    return nisba if proper else n


def _recut(lexicon: Lexicon, words: Sequence[Word], names: Sequence[str], start: int, end: int, type: str) -> tuple[int, int, int, Entry | None]:
    """A span that the lexicon does not know, cut where it does: parser and lexicon may disagree about a clitic.

    Returns:
        The span's words, how many letters before the name its first word begins with, the entry.
    """
    first, rest = words[start].text, names[start + 1 : end]
    before = words[start - 1].text if joined(words, start) else ""
    after = words[end].text if end < len(words) and joined(words, end) else ""
    if before in PROCLITICS and (entry := _known(lexicon, [before + first, *rest], type)):  # «ب» + «اتريوت»
        return start - 1, end, 0, entry
    if after and (entry := _known(lexicon, [*names[start : end - 1], names[end - 1] + after], type)):  # «كرمانشا» + «ه»
        return start, end + 1, 0, entry
    for n in (1, 2):
        if len(first) > n + (1 if rest else 3) and set(first[:n]) <= PROCLITICS:
            # «وزيلينسكي»; «ليابان» after ل
            for name in (first[n:], "ال" + first[n:]) if first[n - 1] == "ل" else (first[n:],):
                if entry := _known(lexicon, [name, *rest], type):
                    return start, end, n, entry
    return start, end, 0, None


def _acts(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether a span is the subject of a verb (in the training documents 82 capitals of 88 that are stand for their governments)."""
    head = words[head_of(words, start, end)]
    if head.deprel != "nsubj" or head.head < 0 or (start and words[start - 1].upos == "ADP"):
        return False
    verb = words[head.head]
    return verb.upos == "VERB" and fold(verb.text) not in _WITNESSES


def _happens(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether a city is where something happens, or where a report was written: «إسلام آباد 25 شوال», «سيول - »."""
    if start and fold(words[start - 1].text) in LOCATING:
        return True
    behind = [flat(w.text) for w in words[end : end + 2]]
    dated = len(behind) == 2 and behind[0].isdecimal() and (behind[1] in GREGORIAN or behind[1] in ISLAMIC)
    return dated or (start == 0 and behind[:1] == ["-"])


def _governs(words: Sequence[Word], start: int, end: int, entry: Entry) -> bool:
    """Whether a place stands for the government that sits there: a capital or the like where it acts, the Kremlin unless something happens there."""
    if entry.get("residenceOf"):
        return not (start and fold(words[start - 1].text) in LOCATING)
    return entry.seat is not None and _acts(words, start, end)


def _two_people(words: Sequence[Word], start: int, end: int) -> list[tuple[int, int]]:
    """The names in a span that is two people's, with و written together with the second: «سيغمار غبريال وفابيوس»."""
    ands = [i for i in range(start + 1, end - 1) if words[i].text == "و" and words[i].upos == "CCONJ" and joined(words, i + 1)]
    parts = [trimmed for a, b in pairwise([start - 1, *ands, end]) if (trimmed := trim(words, a + 1, b))]
    # «جيفري وايسنفيل» is one name, cut wrongly.
    return parts if len(parts) > 1 and parts[0][1] - parts[0][0] > 1 else []


def _owned(words: Sequence[Word], start: int, end: int) -> int:
    """Where a pronoun that says whose troops or weapons they are ends their mention: `قوات` in «قواتها الخاصة»."""
    return next((i for i in range(start + 1, end - 1) if words[i].upos == "PRON" and joined(words, i) and words[i + 1].upos == "ADJ"), end)


def _whose(words: Sequence[Word], start: int, end: int) -> int:
    """Where the name of those whose men they are ends the mention of these: `رجال` in «رجال فاغنر»."""
    return start + 1 if end - start > 1 and fold(words[start].text) in _MEN and words[start + 1].upos == "PROPN" else end


def _ends_in_place(sentence: Sentence, match: Match) -> bool:
    """Whether the tagger has seen nothing of a name but a place that ends it: «القدس» in «فيلق القدس»."""
    over = [(first, last, type) for first, last, type in sentence.ner if first < match.end and match.start < last]
    return [type for *_, type in over] == ["PLACE"] and match.start < over[0][0] and over[0][1] == match.end


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

    def add(start: int, end: int, type: str, origin: str, entry: Entry | None, clitics: int = 0) -> None:
        span = span_of(words, start, end, text, clitics)
        out.append(Mention(span, type, sentence.index, (start, end), head_of(words, start, end), origin, entry.id if entry else None))
        taken[start:end] = [True] * (end - start)

    def add_tagged(start: int, end: int, type: str, entry: Entry | None) -> None:
        clitics = 0
        if not entry:
            recut = _recut(lexicon, words, names, start, end, type)
            if not any(taken[recut[0] : recut[1]]):
                start, end, clitics, entry = recut
        if entry and entry.type not in _COMPATIBLE[type]:
            type = "STATE" if entry.seat else entry.type
        if type == "PLACE" and entry and entry.type == "STATE":
            type = "STATE"  # a country is a STATE wherever it stands
        elif type == "STATE" and entry and entry.type == "PLACE" and (not entry.seat or _happens(words, start, end)):
            type = "PLACE"  # a city where something happens does not stand for its government
        elif type == "PLACE" and entry and _governs(words, start, end, entry):
            type = "STATE"
        add(start, end, type, "ner", entry, clitics)

    matches = lexicon.match(names)
    begins = {m.start for m in matches if any(lexicon.entry(e).type in _NAMES for e in m.entries)}
    for match in matches:  # a named war or treaty holds the names of its parties, an organisation that of its city
        named = lexicon.entry(match.entries[0])
        whole = named.type in ("CONFLICT", "AGREEMENT") or (named.type == "ORGANISATION" and _ends_in_place(sentence, match))
        wanted = whole and match.end - match.start > 1 and not match.ambiguous
        if wanted and (trimmed := trim(words, match.start, match.end)):
            add(*trimmed, named.type, "lexicon", named)
    for first, last, type in sentence.ner:
        if not (trimmed := trim(words, first, last)) or any(taken[trimmed[0] : trimmed[1]]):
            continue
        start, end = trimmed
        if type == "ORGANISATION":
            end = start + _name_alone(lexicon, words[start:end], names[start:end])
        elif type == "STATE" and end - start > 1 and fold(words[start].text) == "دوله" and not words[start + 1].text.startswith("ال"):
            start += 1  # «دولة قطر» is not called so; «دولة الاحتلال» is
        elif type == "PLACE":
            if end - start > 1 and fold(words[start].text) in _BEFORE_PLACES and not lexicon.find(" ".join(names[start:end])):
                start, end = trim(words, start + 1, end) or (start, end)
            elif (
                end - start > 2 and words[end - 2].upos == "PROPN" and lexicon.nisba(names[end - 1]) and not lexicon.find(" ".join(names[start:end]))
            ):
                end -= 1  # «مطار جيشوف البولندي»
            elif end - start == 1 and flat(words[start].text) in GREGORIAN and not lexicon.find(names[start]):
                continue
        if type == "CONFLICT" and end - start == 1:
            continue  # «الحرب» names no war
        if type in ("FORCE", "WEAPON"):  # «جنديان بالعراق»: the state is a mention of its own
            cuts = (i for i in range(start + 1, end - 1) if words[i].text in ("و", "ب", "ل") and joined(words, i + 1) and i + 1 in begins)
            end = min(next(cuts, end), _whose(words, start, end) if type == "FORCE" else end)
        elif type == "ORGANISATION" and fold(words[start].text).removeprefix("ال") in _UNITS and words[end - 1].text.isdecimal():
            type = "FORCE"  # «اللواء 810»
        entry = _known(lexicon, names[start:end], type)
        if type in ("FORCE", "WEAPON") and (owner := _owned(words, start, end)) < end:  # the class is said behind it: «صواريخها الباليستية»
            entry, end = _known(lexicon, [*names[start:owner], *names[owner + 1 : end]], type), owner
        if type == "PERSON" and not entry and (two := _two_people(words, start, end)):
            for a, b in two:
                add_tagged(a, b, type, _known(lexicon, names[a:b], type, part=True))
            continue
        if parts := [] if entry or type not in _NAMES else _several(lexicon, names, start, end):
            for a, b in parts:
                add_tagged(a, b, type, _known(lexicon, names[a:b], type, part=True))
        else:
            add_tagged(start, end, type, entry)
    for match in matches:
        trimmed = trim(words, match.start, match.end)
        if match.ambiguous or not trimmed or any(taken[match.start : match.end]):
            continue
        entries = [lexicon.entry(e) for e in match.entries if lexicon.entry(e).type in _ADDED]
        if entries and words[trimmed[0]].upos not in ("VERB", "ADP"):
            known = min(entries, key=lambda e: e.id)
            if known.type in ("WEAPON", "STATE") and trimmed[1] - trimmed[0] == 1 and words[trimmed[0]].upos == "ADJ":
                continue  # «الفصائل المقاتلة» are no fighters of the air, «الحدود السعودية» has a nisba
            add(*trimmed, "STATE" if known.type == "PLACE" and _governs(words, *trimmed, known) else known.type, "lexicon", known)
    return sorted(out, key=lambda m: m.span.start)
