"""The rules of `kg.dates`: what names a day, a month, a year or a longer time, in the spelling of `kg.calendars.flat`.

A rule is a pattern and a function, which reads a match of it as an interval or rejects it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import partial

# isort: off
from kg.calendars import (
    AL, COUNT, DAY_HEAD, DAY_NAME, DAY_OF_MONTH, DECADES, ERA, GREGORIAN, HALVES, ISLAMIC, MONTH_NAME, ORDINAL, ORDINALS, RARE_MONTHS,
    RELATIVE_DAYS, SEASONS, TENSES, THIRDS, UNIT, UNITS, WEAK_MONTHS, WEEKDAYS, YEAR_ENDS, Interval, alternatives, counted, day_of_month,
    in_years, islamic, islamic_year, months, nearest, shift, tense_as, unit_of, year_of,
)  # fmt: skip

# isort: on


class Rank(IntEnum):
    """Which of two readings of one day is believed (`الخميس 6 شوال الموافق 23 يوليو`). UNIT counts only if narrowed (`مطلع العام`)."""

    UNIT = 0
    SPAN = 1
    DAY = 2
    ISLAMIC = 3
    GREGORIAN = 4
    ISLAMIC_YEAR = 5
    GREGORIAN_YEAR = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A time expression at [start, end) of the text that the rules read."""

    start: int
    end: int
    interval: Interval
    rank: Rank

    @property
    def is_day(self) -> bool:
        return self.interval.start is not None and self.interval.start == self.interval.end


_Reading = tuple[Interval, Rank] | None
_Rule = Callable[[re.Match[str], date | None], _Reading]
_RULES: list[tuple[re.Pattern[str], _Rule]] = []


def read(plain: str, published: date | None) -> Iterator[Found]:
    """All that the rules find in a text; much of it overlaps."""
    for pattern, rule in _RULES:
        for m in pattern.finditer(plain):
            try:
                reading = rule(m, published)
            except (ValueError, OverflowError):  # 31 February, 99999999 years ago
                continue
            if reading:
                yield Found(*m.span("span"), *reading)


def _rule(pattern: str) -> Callable[[_Rule], _Rule]:
    """Register a function for what the pattern finds after proclitics: the time expression is the group `span`."""

    def register(rule: _Rule) -> _Rule:
        _RULES.append((re.compile(rf"(?<!\w)[وف]?[بلك]?(?P<span>{pattern})(?!\w)"), rule))
        return rule

    return register


def _ahead(m: re.Match[str], words: re.Pattern[str]) -> bool:
    """Whether the words stand just before the expression."""
    return bool(words.search(m.string, max(0, m.start("span") - 60), m.start("span")))


def _next(m: re.Match[str], words: str) -> bool:
    """Whether one of the words stands just after the expression."""
    return bool(re.compile(rf" (?:{words})(?!\w)").match(m.string, m.end("span")))


#: Words of the future before in the clause. Many nouns look like a verb after سـ (سيارة، سنوات).
_FUTURE = re.compile(
    r"(?<!\w)[وف]?(?:سوف|لن|ال?مقرره?|المزمع|المرتقبه?|ال?متوقعا?|[يت]?توقع(?:ت|ون)?|المفترض|[يت]عتزم"
    r"|س(?!ي(?:ار|اس|اح|اد|اق|ناء|ناريو|نما|ول|وف|بيريا)|ت(?:ين|ون|ار|اير|وك|يف|اد)|ن(?:وات|وي|دات|غاف|جار|يه)"
    r"|ي(?:ده?|دات|دي|ره|رته|طره?|طرت|طروا|طرته)(?!\w))[يتن]\w{2,})(?!\w)(?:(?! (?:الذي|التي|عندما|بعدما) [^يتس])[^.!?؟؛\n])*(?<!منذ )$"
)

# Days.

_A_THAT_DAY = re.compile(r"(?<!\w)(?:[وف]?في|ذلك|نفس|ذات|مثل|طوال|طيله|خلال|كل|صحيفه|جريده|روسيا|المصري|موقع|قناه|عالم|مدار|سينما|- عين) $|الليله ب$")
_ITS_DAY = rf"{ORDINAL}|(?:نفس|ذات)ها?|التاليه?|السابقه?|الذي|التي|الواحد|العالمي|الوطني|الدولي|الاخير|المذكور|الموعود|الاخر|المفتوح|الدراسي|الحاجه"
_NO_DATE = re.compile(r"(?<!\w)[وفبل]?(?:صلاه|صلوات|خطبه|خطبتي|خطب|خطيب|مسجد|جامع|سوق|كل|ايام|مجله|كلا|الواحد|مخيم|جزيره) $")
_TO_DAY, _TWO_OF = re.compile(r"(?<!\w)(?:[وف]?ب|و?حتي |منذ |الي )$"), re.compile(r"(?<!\w)(?:بين|هذين|احد) $")


@_rule(rf"{DAY_HEAD}(?P<word>{alternatives(RELATIVE_DAYS)})(?!\w)(?P<name>،? (?:يوم )?{DAY_NAME}| \((?:يوم )?{DAY_NAME}\))?")
def _relative_day(m: re.Match[str], published: date | None) -> _Reading:
    word, alone = m["word"], m["span"] == m["word"]
    if published is None or (not m["name"] and _next(m, _ITS_DAY)):
        return None
    if alone and (word == "غد" or (word in ("اليوم", "هذا اليوم", "البارحه") and _ahead(m, _A_THAT_DAY))):
        return None
    if alone and word in ("الغد", "الامس") and not _ahead(m, _TO_DAY):
        return None  # «بين الأمس واليوم»
    day = published + timedelta(RELATIVE_DAYS[word])
    if m["name"]:  # and it is right: the text may have been published days after it was written
        day -= timedelta((day.weekday() - WEEKDAYS[m["name"].strip("،( )").removeprefix("يوم ").removeprefix("ال")]) % 7)
    return Interval(day, day), Rank.DAY


@_rule(rf"{DAY_HEAD}{AL}(?P<day>{alternatives(WEEKDAYS)})(?!\w)(?: {tense_as('tense')})?")
def _weekday(m: re.Match[str], published: date | None) -> _Reading:
    if published is None or _ahead(m, _NO_DATE) or _next(m, "من كل|العظيمه|الحزينه|السوداء|الاسود|التي|الذي|نفسه|ذاته"):
        return None
    if m["span"] == "الاثنين" and _ahead(m, _TWO_OF) and not _next(m, r"وال\w+"):
        return None  # the two of them
    back, on = (published.weekday() - WEEKDAYS[m["day"]]) % 7, (WEEKDAYS[m["day"]] - published.weekday()) % 7
    if tense := TENSES[m["tense"]] if m["tense"] else 0:
        days = (on or 7) + 7 * (tense - 1) if tense > 0 else 7 * (tense + 1) - (back or 7)
    else:
        days = on if _ahead(m, _FUTURE) else -back
    day = published + timedelta(days)
    return Interval(day, day), Rank.DAY


@_rule(
    r"(?<![/.-])(?:(?P<y1>[0-9]{4})(?P<s1>[/.-])(?P<m1>[0-9]{1,2})(?P=s1)(?P<d1>[0-9]{1,2})"
    rf"|(?P<d2>[0-9]{{1,2}}) ?(?P<s2>[/.-]) ?(?P<m2>[0-9]{{1,2}}) ?(?P=s2) ?(?P<y2>[0-9]{{4}})){ERA}(?![/.-]?[0-9])"
)
def _digits(m: re.Match[str], published: date | None) -> _Reading:
    year, month, day = (int(m[g + "1"] or m[g + "2"]) for g in "ymd")
    if m["y2"] and month > 12 >= day:
        month, day = day, month  # as Americans write it
    at = date(year, month, day) if year > 1500 else islamic(year, month, day)
    return Interval(at, at), Rank.GREGORIAN_YEAR if year > 1500 else Rank.ISLAMIC_YEAR


# Months and their days.

_AND_TO = r" و| و?حتي | و?الي | ?- ?"
_YEAR = rf"(?P<year>[0-9]{{3,4}})(?P<era>{ERA}){YEAR_ENDS}"
_TIME_WORD = rf"(?:في|منذ|حتي|خلال|بحلول|لغايه|الي|قبل|بعد|بين|{'|'.join(THIRDS)}|(?:النصف|الثلث|الربع|الاسبوع) \w+ من)"
_IN_TIME = re.compile(rf"(?<!\w)(?:[وف]?[بل]?{_TIME_WORD} |[وف]?[بل]|{MONTH_NAME}\)?(?: و|، ?| ?[/-] ?))$")
#: «قوى 14 آذار», «مدينة 6 أكتوبر», «أحداث 11 سبتمبر»: a name, or a year that all readers know.
_NAMED_AFTER = re.compile(
    r"(?<!\w)[وفبلك]?(?:ال)?(?:ثوره|حركه|قوي|فريق|فريقي|تحالف|حرب|حروب|مدينه|شارع|ميدان|جسر|كوبري|محور|جامعه|قصر|استاد|انتفاضه|هجمات|هجوم|احداث"
    r"|حوادث|اعتداءات|تفجيرات|ذكري|كل) $"
)


def _month_pattern(names: dict[str, int], days: str) -> str:
    rows = [alternatives(name for name, i in names.items() if i == n) for n in range(1, 13)]
    month = rf"(?:{'|'.join(rows)})(?!\w)"
    if names is GREGORIAN:  # which has two names for a month: «تموز/يوليو», «يوليو (تموز)», «يوليو تموز»
        month = "|".join(rf"(?:{r})(?!\w)(?:(?: ?[/-] ?| )(?:{r})(?!\w)| ?\((?:{r})\))?" for r in rows)
    return (
        rf"{DAY_HEAD}{days}(?P<word>شهر )?(?P<month>{month})"
        rf"(?:[،,]?(?: من| في)? (?:(?:ال)?(?:عام|سنه) )?(?=1[0-9]{{3}}|2[01][0-9]{{2}}){_YEAR}"
        rf"|(?: من| في)? (?:(?P<this>هذا العام|هذه السنه)(?!\w)|(?:العام|السنه) {tense_as('of_year')})| {tense_as('tense')})?"
    )


_ONE_DAY = rf"(?:(?P<d1>{DAY_OF_MONTH})(?P<of> من)? )?"
_MORE_DAYS = rf"(?P<from>(?:بين|من|يومي) )?(?P<d1>{DAY_OF_MONTH})(?P<to>{_AND_TO})(?P<d2>{DAY_OF_MONTH})(?P<of> من)? "


def _in_month(names: dict[str, int], m: re.Match[str], published: date | None) -> _Reading:
    name = max((n for n in names if m["month"].startswith(n)), key=len)
    said = m.groupdict()
    dated = m["year"] or m["this"] or m["of_year"]
    if not dated and (_ahead(m, _NAMED_AFTER) or _next(m, "من كل")):
        return None
    days = [day_of_month(d) for d in (said["d1"], said.get("d2")) if d]
    if not (dated or m["tense"] or m["word"] or m["month"] != name or " " in name):
        if name in RARE_MONTHS and (not days or name == "صفر"):
            return None
        if name in WEAK_MONTHS and not days and not _ahead(m, _IN_TIME):
            return None
    if m["d1"] in ORDINALS and not m["of"]:
        return None  # «الأول مارس»
    if said.get("to") == " و" and said["from"] != "بين " and days[1] != days[0] + 1:
        return None  # two days and not the time between them

    def in_year(year: int) -> Interval:
        month = names[name]
        if names is GREGORIAN:
            return Interval(date(year, month, days[0]), date(year, month, days[-1])) if days else months(year, month)
        end = islamic(year, month, days[-1]) if days else islamic(year + month // 12, month % 12 + 1, 1) - timedelta(1)
        return Interval(islamic(year, month, days[0] if days else 1), end)

    rank = Rank.GREGORIAN if names is GREGORIAN else Rank.ISLAMIC
    if m["year"]:
        year = int(m["year"])
        if names is ISLAMIC and year > 1500:  # «رمضان 2014»
            held = range(islamic_year(date(year, 1, 1)), islamic_year(date(year, 12, 31)) + 1)
            return next(((i, Rank.ISLAMIC_YEAR) for i in in_years(in_year, held) if i.start and i.start.year == year), None)
        return in_year(year), Rank(rank + 2)
    if published is None:
        return None
    this = published.year if names is GREGORIAN else islamic_year(published)
    if dated:
        return in_year(this + (TENSES[m["of_year"]] if m["of_year"] else 0)), rank
    tense = TENSES[m["tense"]] if m["tense"] else None
    return nearest(in_years(in_year, range(this - 4, this + 5)), published, tense, _ahead(m, _FUTURE)), rank


for _names in (GREGORIAN, ISLAMIC):
    for _days in (_ONE_DAY, _MORE_DAYS):
        _rule(_month_pattern(_names, _days))(partial(_in_month, _names))


# Years and longer.

_YEAR_WORD = r"(?:(?:ال)?(?:عام|سنه|اعوام|سنوات)|عامي|سنتي)(?: (?:الدراسي|المالي|الميلادي|الهجري)ه?)?"
_FROM = "ابتداء|اعتبارا|بدءا|بدايه|انطلاقا"
#: What makes plain that a number is a year, and that it is not: «في 2015», «في 2000 مدرسة».
_BEFORE_YEAR = re.compile(
    rf"(?<!\w)[وف]?[بل]?(?:{_TIME_WORD}|(?:النصف|الثلث|الربع) \w+|(?:{_FROM}|نفسها|ذاتها|المماثله) من|{alternatives(SEASONS)}"
    r"|[0-9]{4}(?: و| و?الي| و?حتي)) ?$"
)
_RANGE_OF_YEARS = re.compile(r"(?:\(|(?<!\w)[وف]?(?:في|خلال|موسم|الفتره) )$")
_COUNTED = r"%|\$|(?:ال)?(?:مليون|مليار|الف|الاف|دولار|ريال|درهم|جنيه|يورو|طن|كم|كيلو|متر|ميل|نقطه|شخص|برميل|جندي|يوم|ساعه|عام|سنه|شهر)(?:ا|ات|ين)?"


@_rule(rf"{_YEAR_WORD} [(\"]?{_YEAR}[)\"]?(?: {tense_as('tense')})?")
def _named_year(m: re.Match[str], published: date | None) -> _Reading:
    return year_of(m["year"], m["era"]), Rank.SPAN


@_rule(rf"(?=1[89]|20){_YEAR}")
def _bare_year(m: re.Match[str], published: date | None) -> _Reading:
    if not _ahead(m, _BEFORE_YEAR) or _next(m, _COUNTED) or (m["year"].endswith("00") and _next(m, r"\w+")):
        return None
    return year_of(m["year"], m["era"]), Rank.SPAN


@_rule(
    rf"(?P<from>(?:ما )?بين |من |منذ )?(?P<word>{_YEAR_WORD} )?(?P<y1>[0-9]{{4}})(?P<e1>{ERA})(?P<to>{_AND_TO}|/)(?:ال)?(?:(?:عام|سنه) )?"
    rf"(?P<y2>[0-9]{{4}})(?P<e2>{ERA}){YEAR_ENDS}"
)
def _years(m: re.Match[str], published: date | None) -> _Reading:
    if not (m["from"] or m["word"] or _ahead(m, _RANGE_OF_YEARS)) or _next(m, _COUNTED):
        return None
    if not m["word"] and (m["y1"] < "1600" or (m["y2"].endswith("00") and _next(m, r"\w+"))):
        return None
    if m["to"] in (" و", "/") and "بين" not in (m["from"] or "") and int(m["y2"]) != int(m["y1"]) + 1:
        return None  # two years and not the time between them
    era = m["e2"] or m["e1"]
    return Interval(year_of(m["y1"], era).start, year_of(m["y2"], era).end), Rank.SPAN


@_rule(
    rf"(?:(?:عقد|حقبه|سنوات|اعوام) )?(?P<the>ال)?(?P<tens>{alternatives(DECADES)})ي?ات"
    rf"(?P<of> (?:من )?القرن (?:الماضي|المنصرم|الفايت|(?P<nth>{ORDINAL}))(?!\w))?"
)
def _decade(m: re.Match[str], published: date | None) -> _Reading:
    if not (m["the"] or m["of"]) or _next(m, r"من (?:ال)?عمر\w*|الم[اي]ويه"):
        return None
    return months((100 * ORDINALS[m["nth"]] - 100 if m["nth"] else 1900) + DECADES[m["tens"]], 1, 120), Rank.SPAN


@_rule(rf"{AL}قرن (?:الميلادي )?(?P<nth>{ORDINAL}|(?:ال)?[12]?[0-9])(?: الميلادي)?")
def _century(m: re.Match[str], published: date | None) -> _Reading:
    if _next(m, "الهجري|قبل الميلاد"):
        return None
    nth = ORDINALS.get(m["nth"]) or int(m["nth"].removeprefix("ال"))
    return unit_of(date(100 * nth, 1, 1), "century"), Rank.SPAN


# Units reckoned from publication.

_CALENDAR = {"اسبوع": "week", "شهر": "month", "عام": "year", "سنه": "year", "عقد": "decade", "قرن": "century"}
_OFFICES = re.compile(r"(?<!\w)\w*(?:امين|مدير|مدعي|نايب|راي|قايد|قطاع|مفتش|مفتي|حاكم|قنصل|كاتب|مراقب|منسق|مشرف|اتحاد) $")
_OTHER_UNIT = rf"{ORDINAL}|(?:نفس|ذات)ها?|الذي|التي|التالي\w*|السابق\w*|الدراسي\w*|الهجري\w*|[0-9]{{4}}|الاولي|الثانيه|الثالثه|الرابعه|الخامسه"


@_rule(rf"(?P<this>هذا |هذه )?{AL}(?P<unit>{alternatives([*_CALENDAR, *SEASONS])})(?: {tense_as('tense')})?")
def _calendar_unit(m: re.Match[str], published: date | None) -> _Reading:
    unit, tense = m["unit"], TENSES[m["tense"]] if m["tense"] else 0
    if published is None or _ahead(m, _OFFICES) or (not tense and (_next(m, _OTHER_UNIT) or unit == "عقد")):  # «العقد الحالي»: the contract
        return None
    if not (m["this"] or m["tense"]):
        return (unit_of(published, _CALENDAR[unit]), Rank.UNIT) if unit in ("شهر", "عام", "سنه", "قرن") else None
    if unit in SEASONS:
        return nearest([months(published.year + i, SEASONS[unit], 3) for i in range(-4, 5)], published, tense, False), Rank.SPAN
    return unit_of(shift(published, _CALENDAR[unit], tense), _CALENDAR[unit]), Rank.SPAN


#: How many a plural without a number is at least and at most: three to ten, where Arabic has a plural.
_FEW, _MANY = 3, 10
_LONG = ("decade", "century")


@_rule(
    rf"(?:اخر (?P<n0>{COUNT}) (?P<last>{UNIT})|(?P<n1>{COUNT} )?(?P<the>{AL})?(?P<unit>{UNIT})(?P<n2> {COUNT})?(?: القليله| المعدوده)?"
    rf" (?:{tense_as('tense')}|الاخير(?:ه|ين)?))"
)
def _window(m: re.Match[str], published: date | None) -> _Reading:
    unit, size = UNITS[m["last"] or m["unit"]]
    said, tense = m["n0"] or m["n1"] or m["n2"], TENSES[m["tense"]] if m["tense"] else -1
    if published is None or tense == 0 or (not said and (size == 1 or (size == 0 and unit in _LONG))):
        return None
    if m["n1"] and m["the"] and size == 1:  # «2 في المائة العام الماضي»
        return None
    size = counted(said) or -1 if said else size or _MANY
    if size < 0:
        return None
    return Interval(shift(published, unit, -size), published) if tense < 0 else Interval(published, shift(published, unit, size)), Rank.SPAN


_ABOUT = r"(?:نحو|حوالي|قرابه|زهاء|ما يقارب|ما يقرب من|اكثر من|اقل من|بضعه?|عده)"
_AFTER_UNIT = r"(?: (?:قليله?|معدوده|عديده|عده|واحده?|كامله?|كاملين|تقريبا|مض[يت]|مضت|فقط|طويله))*"
#: «خلال أيام العيد», «منذ شهر مايو», «قبل عام 2003»: what follows says which. «بعد يومين من الهجوم»: not from publication.
_SAYS_WHICH = (
    rf"شهر|يوم|عيد|العيد|حكم|الحكم|الحرب|النهار|الليل|الدراسه|الصيام|الصيف|الاسبوع|العمل|الذروه|{DAY_NAME}|{MONTH_NAME}|امس|اليوم|غد"
    r"|(?:ال)?[0-9]+\w?"
)
_ELSEWHEN = {"قبل": "من", "منذ": "(?!)", "بعد": "من|علي|عن|ذلك|اخري", "خلال": r"من|ال\w+", "غضون": r"من|ال\w+"}


@_rule(
    rf"(?:في )?(?P<op>قبل|منذ|بعد|خلال|غضون) (?:{_ABOUT} )?(?P<n>{COUNT} )?(?P<unit>{UNIT})(?P<half> ونصف(?: (?:ال)?{UNIT})?)?{_AFTER_UNIT}"
    r"(?P<now> من الان| (?:قادم|مقبل)(?:ه|ين)?)?"
)
def _ago(m: re.Match[str], published: date | None) -> _Reading:
    op, (unit, size) = m["op"], UNITS[m["unit"]]
    size = (counted(m["n"]) or -1) if m["n"] else size
    if published is None or size < 0 or _next(m, _SAYS_WHICH) or (not m["now"] and _next(m, _ELSEWHEN[op])):
        return None
    # «بعد عامين» without a word of the future counts from what the story has come to, unless it is all of the text.
    is_future = bool(m["now"]) or _ahead(m, _FUTURE) or (op == "بعد" and m.string.strip() == m["span"])
    if (size == 0 and unit in _LONG) or (not is_future and (op == "بعد" or (size == 0 and op in ("خلال", "غضون")))):
        return None
    few, many = (size, size) if size else (_FEW, _MANY)
    if m["half"]:
        unit, whole = HALVES[unit]
        few, many = few * whole + whole // 2, many * whole + whole // 2
    if op == "قبل":
        return Interval(unit_of(shift(published, unit, -many), unit).start, unit_of(shift(published, unit, -few), unit).end), Rank.SPAN
    if op == "بعد":
        return Interval(unit_of(shift(published, unit, few), unit).start, unit_of(shift(published, unit, many), unit).end), Rank.SPAN
    if op != "منذ" and is_future:
        return Interval(published, shift(published, unit, many)), Rank.SPAN
    return Interval(shift(published, unit, -many), published), Rank.SPAN
