"""Numbers before a noun: `ما لا يقل عن 3000 جندي` -> 3000, at least; `حوالي 220 وحدة من قاذفات` -> 220, about.

A number stands in digits (`12,500`, `1.3 مليون`), in words (`أربعة آلاف و100`), as a vague plural (`مئات المقاتلين`: at least
100) or in the noun's own dual (`جنديين`). The bound is said before the number or, with على الأقل, after the noun.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.model import Quantity, Word
from kg.text import fold

_UNITS = {
    "واحد": 1, "احد": 1, "احدي": 1, "اثنان": 2, "اثنين": 2, "اثنا": 2, "اثني": 2, "ثلاث": 3, "اربع": 4, "خمس": 5, "ست": 6, "سته": 6, "سبع": 7,
    "ثماني": 8, "ثمان": 8, "ثمانيه": 8, "تسع": 9, "عشر": 10, "عشره": 10,
}  # fmt: skip
_TENS = {"عشر": 20, "ثلاث": 30, "اربع": 40, "خمس": 50, "ست": 60, "سبع": 70, "ثمان": 80, "تسع": 90}
_SCALES = {
    "مايه": 100, "ميه": 100, "ميات": 100, "مايتان": 200, "مايتين": 200, "مييتين": 200, "ميتان": 200, "ميتين": 200,
    "ميتي": 200, "مايتي": 200, "الفي": 2000, "مليونان": 2 * 10**6, "مليونين": 2 * 10**6, "مليوني": 2 * 10**6,
    "الف": 1000, "الاف": 1000, "الفا": 1000, "الفان": 2000, "الفين": 2000,
    "مليون": 10**6, "ملايين": 10**6, "مليونا": 10**6, "مليار": 10**9, "مليارات": 10**9, "مليارا": 10**9,
}  # fmt: skip
_VAGUE = {"عشرات": 10, "ميات": 100, "الاف": 1000, "ملايين": 10**6}
_DIGITS = re.compile(r"\d+(?:[.,٬]\d+)*")

_CALIBRES = frozenset(["ملم", "ملليمتر", "مليمتر", "ميلليمتر", "مم"])

#: Between a number and its noun: «220 وحدة من 240 ملم من قاذفات», «ثلاثة من عناصر».
_MEASURES = frozenset(["وحده", "قطعه", "عددا", "عدد", "من", "ملم", "ملليمتر", "مليمتر", "ميلليمتر", "طن", "الف", "الاف", "عيار"])

#: What a count is made of besides the thing counted: «220 وحدة من قاذفات», «خمسة من عناصر».
_COUNTERS = frozenset(["وحده", "قطعه", "عددا", "عدد", "جثث", "من", "هذه", "هولا"])

#: A count behind its noun: «مروحية واحدة», «عسكريين اثنين».
_AFTER = {"واحد": 1.0, "واحده": 1.0, "اثنان": 2.0, "اثنين": 2.0, "اثنتان": 2.0, "اثنتين": 2.0}

#: Nouns with a broken plural, so that ين and ان are their dual.
_BROKEN = frozenset(
    [
        "جندي", "لوا", "ضابط", "عنصر", "فوج", "رجل", "شرطي", "فصيل", "جيش", "صاروخ", "مدفع", "لغم", "زورق", "قارب", "سلاح", "حزام", "رشاش",
        "نظام", "رادار", "مفاعل", "راس", "رتل", "انتحاري", "طراد",
    ]
)  # fmt: skip

_BOUNDS = (
    ("at-least", (
        "ما لا يقل عن", "لا يقل عن", "اكثر من", "ما يزيد عن", "ما يزيد علي", "يزيد عن", "يزيد علي", "علي الاقل", "فوق",
        "ما يربو علي", "اكثر", "يتجاوز",
    )),
    ("at-most", ("ما لا يزيد عن", "ما لا يزيد علي", "لا يزيد عن", "اقل من", "ما يصل الي", "يصل الي", "حتي", "علي الاكثر", "كحد اقصي")),
    ("about", ("ما يقرب من", "ما يقارب من", "ما يقارب", "يقرب من", "يقارب", "نحو", "حوالي", "قرابه", "زها", "تقريبا", "ما بين", "نحوا من")),
)  # fmt: skip


def number(words: Sequence[str]) -> tuple[float, bool] | None:
    """The number that a run of words spells, and whether it is a vague plural; None if they do not spell one."""
    total, current, seen, vague = 0.0, 0.0, False, False
    for word in words:
        w = fold(word)
        w = w[2:] if w.startswith("ال") and len(w) > 4 and w not in _SCALES else w
        if _DIGITS.fullmatch(word):
            current += _value(word)
        elif w in _SCALES and (seen or w not in _VAGUE):
            current = (current or 1) * _SCALES[w]
            if _SCALES[w] >= 1000:
                total, current = total + current, 0.0
        elif w in _VAGUE:
            current, vague = float(_VAGUE[w]), True
        elif w.endswith(("ون", "ين")) and w[:-2] in _TENS:
            current += _TENS[w[:-2]]
        elif w in _UNITS or w.removesuffix("ه") in _UNITS:
            unit = _UNITS.get(w) or _UNITS[w.removesuffix("ه")]
            current += unit
        elif w.endswith(("مايه", "ميه")) and w.removesuffix("مايه").removesuffix("ميه") in _UNITS:
            current += 100 * _UNITS[w.removesuffix("مايه").removesuffix("ميه")]  # خمسمئة
        elif w != "و" or not seen:
            return None
        seen = True
    return (total + current, vague) if seen else None


def _value(digits: str) -> float:
    parts = re.split(r"[.,٬]", digits)
    if len(parts) > 1 and all(len(p) == 3 for p in parts[1:]):
        return float("".join(parts))
    return float(parts[0] + "." + "".join(parts[1:])) if len(parts) > 1 else float(parts[0])


def is_number(word: str) -> bool:
    """Whether a word is a numeral, in digits or letters."""
    return fold(word) != "و" and number([word]) is not None


def before(words: Sequence[Word], start: int, end: int, text: str, unit: str) -> Quantity | None:
    """The quantity of the noun that stands at words [start, end), None if it is not counted.

    Args:
        words: of the sentence.
        start, end: the noun and its modifiers, which may themselves begin with the number.
        text: of the document.
        unit: English plural of what is counted.
    """
    last = start
    while last > 0:
        if fold(words[last - 1].text) in _CALIBRES and last > 1 and is_number(words[last - 2].text):
            last -= 2
        elif fold(words[last - 1].text) in _COUNTERS or _is_split_numeral(words, last - 1):
            last -= 1
        else:
            break
    for stop in dict.fromkeys((last, start)):
        first = stop
        while first > 0 and (is_number(words[first - 1].text) or _adds_up(words, first, stop)):
            first -= 1
        if first < stop and fold(words[first].text) in ("احد", "احدي") and fold(words[first + 1].text) not in ("عشر", "عشره"):
            first += 1  # «أحد العناصر», «أحد ثلاثة» picks one, it does not count them
        if first == stop - 1 == start - 1 and words[first].text.isdigit() and words[start].text.startswith("ال"):
            break  # a year: «في 2013 المقاتلين»
        if first < stop and (found := number([w.text for w in words[first:stop]])):
            return _bounded(words, first, end, text, unit, *found)
    if is_number(words[start].text) and (found := number([words[start].text])):
        return _bounded(words, start, end, text, unit, *found)
    if end < len(words) and fold(words[end].text) in _AFTER and not words[start].text.startswith("ال"):
        return _bounded(words, start, end + 1, text, unit, _AFTER[fold(words[end].text)], False)
    if is_dual(words[start]):
        return Quantity(2, False, unit, words[start].text)
    return None


def _adds_up(words: Sequence[Word], first: int, stop: int) -> bool:
    """Whether the word before `first` is the و inside one number («خمسة وعشرون»), not between two («16 و20 صاروخا»)."""
    if first < 2 or first == stop or words[first - 1].text != "و":
        return False
    ahead, rest = number([words[first - 2].text]), number([w.text for w in words[first:stop]])
    if ahead is None or rest is None or (words[first - 2].text.isdigit() and words[first].text.isdigit()):
        return False
    return (ahead[0] > rest[0] and ahead[0] >= 100) or (ahead[0] < 10 and 20 <= rest[0] < 100 and rest[0] % 10 == 0)


def phrase_start(words: Sequence[Word], start: int) -> int:
    """The first word of the number, and of what bounds it, before the noun at `start`; `start` itself if it is not counted.

    `ما لا يقل عن 3000 جندي`: the noun phrase begins at ما, and عن is no preposition of the clause.
    """
    first = start
    while first > 0 and start - first < 8 and (is_number(words[first - 1].text) or fold(words[first - 1].text) in _MEASURES):
        first -= 1
    if first == start or not any(is_number(w.text) for w in words[first:start]):
        return start
    ahead = [fold(w.text) for w in words[max(0, first - 4) : first]]
    bounds = (phrase.split() for _, phrases in _BOUNDS for phrase in phrases)
    return first - max((len(parts) for parts in bounds if ahead[-len(parts) :] == parts), default=0)


def _is_split_numeral(words: Sequence[Word], i: int) -> bool:
    return fold(words[i].text) == "ل" and i > 0 and fold(words[i - 1].text) in _COUNTERS


def is_dual(word: Word) -> bool:
    """Whether a noun is dual: by its ending where this is that of a feminine (`مروحيتين`, `طائرتي`), else if it has no other plural in ين."""
    form = fold(word.text.removeprefix("ال"))
    if form.endswith(("تين", "تان", "تي", "تا")) and len(form) > 5 and word.upos in ("NOUN", "X", "PROPN"):
        return True
    if form.endswith(("ين", "ان")) and form[:-2] in _BROKEN:
        return True
    return word.feats.get("Number") == "Dual" and form.endswith(("ين", "ان"))


def _bounded(words: Sequence[Word], first: int, end: int, text: str, unit: str, value: float, vague: bool) -> Quantity:
    ahead = fold(" ".join(w.text for w in words[max(0, first - 4) : first]))
    past = end
    while past < len(words) and past < end + 4 and words[past].upos in ("PRON", "NOUN", "ADJ", "PROPN", "X"):
        past += 1  # «خمسة من عناصره على الأقل», «ستة من مقاتلي المعارضة السورية على الأقل»
    if fold(" ".join(w.text for w in words[past : past + 2])) not in ("علي الاقل", "علي الاكثر"):
        past = end
    behind = fold(" ".join(w.text for w in words[past : past + 3]))
    # The longest phrase: «لا يزيد عن» holds «يزيد عن», which says the opposite.
    said = [(len(p), b) for b, phrases in _BOUNDS for p in phrases if f" {ahead}".endswith(f" {p}")]
    bound = max(said)[1] if said else None
    if bound is None:
        bound = next(
            (b for b, phrases in _BOUNDS if any(f"{behind} ".startswith(f"{p} ") for p in phrases if p.startswith("علي") or p == "تقريبا")), "exact"
        )
    if vague and bound == "exact":
        bound = "at-least"
    span = text[words[first].start : words[end - 1].end]
    return Quantity(int(value) if value == int(value) else value, bound == "about", unit, span, bound)
