"""What `kg.dates` knows of calendars: intervals of days, the names of days, months, units and tenses, and the Islamic calendar.

All names are in the spelling of `flat`: a text and the names are brought to it before they are compared.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from kg.quantities import number


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` to `end`, both of them included; None where it is open. ValueError if it ends before it starts."""

    start: date | None
    end: date | None

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"an interval that ends before it starts: {self.start}/{self.end}")

    @property
    def iso(self) -> str:
        """The year, the month or the day if it is just one, else `start/end`, with `..` for an open end (EDTF)."""
        if self.start and self.end:
            for unit, length in (("year", 4), ("month", 7), ("day", 10)):
                if self == unit_of(self.start, unit):
                    return self.start.isoformat()[:length]
        return "/".join(d.isoformat() if d else ".." for d in (self.start, self.end))


# Names.

#: One letter for one, so that offsets stay: what `kg.text.fold` does without what it drops.
_FLAT = str.maketrans({**dict.fromkeys("أإ", "ا"), "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه"})
_MADDA = re.compile(r"آ(?!ب(?!\w))")  # آب is a month, اب a father


def flat(text: str) -> str:
    """The text without the distinctions that writers make or omit at will (hamza seats, ى/ي, ة/ه), as long as it was."""
    return _MADDA.sub("ا", text).translate(_FLAT)


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first: `رمضان المبارك` before `رمضان`."""
    return "|".join(sorted(words, key=lambda w: (-len(w), w)))


def _numbered(rows: Iterable[str]) -> dict[str, int]:
    return {flat(name): i for i, row in enumerate(rows, 1) for name in row.split("، ")}


#: Months in the names of Egypt and the Gulf, the Levant and Iraq, the Maghreb.
GREGORIAN = _numbered((
    "يناير، كانون الثاني، كانون ثاني، كانون ثان، جانفي",
    "فبراير، شباط، فيفري",
    "مارس، آذار",
    "أبريل، نيسان، أفريل",
    "مايو، أيار، ماي، مايس",
    "يونيو، حزيران، جوان، يونيه",
    "يوليو، تموز، جويلية، يوليوز، يوليه",
    "أغسطس، آب، اب، أوت، غشت",
    "سبتمبر، أيلول، شتنبر",
    "أكتوبر، تشرين الأول، تشرين أول، أوكتوبر",
    "نوفمبر، تشرين الثاني، تشرين ثاني، تشرين ثان، نونبر",
    "ديسمبر، كانون الأول، كانون أول، دجنبر",
))  # fmt: skip
ISLAMIC = _numbered((
    "محرم، المحرم، محرم الحرام",
    "صفر",
    "ربيع الأول",
    "ربيع الثاني، ربيع الآخر",
    "جمادى الأولى، جمادى الأول",
    "جمادى الثانية، جمادى الآخرة، جمادى الثاني، جمادى الآخر",
    "رجب",
    "شعبان",
    "رمضان، رمضان المبارك، رمضان الكريم، رمضان الفضيل",
    "شوال",
    "ذو القعدة، ذي القعدة",
    "ذو الحجة، ذي الحجة",
))  # fmt: skip

#: Months whose names are everyday words as well (`مارس`: he exercised): a preposition of time has to stand before them.
WEAK_MONTHS = frozenset(map(flat, ("مارس", "مايو", "أيار", "نيسان", "تموز", "آب", "أوت", "مايس", "رمضان", "شعبان", "شوال")))
#: Months whose names are mostly something else (`اب`: father; `ماي`, `جوان`, `رجب`: people; `صفر`: nil).
RARE_MONTHS = frozenset(("اب", "ماي", "جوان", "محرم", "صفر", "رجب"))

#: As `datetime.date.weekday` counts them. They have the article, or are no days (`أحد`: someone).
WEEKDAYS = {"اثنين": 0, "ثلاثاء": 1, "ثلثاء": 1, "اربعاء": 2, "خميس": 3, "جمعه": 4, "سبت": 5, "احد": 6}

#: Days from publication.
RELATIVE_DAYS = {
    "اليوم": 0, "هذا اليوم": 0, "الليله": 0, "هذه الليله": 0, "امس": -1, "الامس": -1, "البارحه": -1, "الليله الماضيه": -1, "الليله قبل الماضيه": -2,
    "امس الاول": -2, "اول امس": -2, "اول من امس": -2, "قبل امس": -2, "غدا": 1, "غد": 1, "الغد": 1, "بعد غد": 2, "بعد الغد": 2,
}  # fmt: skip

#: Words for a stretch of time: its unit and how many of it, 0 for a plural that leaves it open, -1 for a form that only follows a number.
UNITS = {
    "دقيقه": ("minute", 1), "دقايق": ("minute", 0), "دقيقتين": ("minute", 2), "ساعه": ("hour", 1), "ساعات": ("hour", 0), "ساعتين": ("hour", 2),
    "يوم": ("day", 1), "ايام": ("day", 0), "يومين": ("day", 2), "يوما": ("day", -1),
    "اسبوع": ("week", 1), "اسابيع": ("week", 0), "اسبوعين": ("week", 2), "اسبوعا": ("week", -1),
    "شهر": ("month", 1), "اشهر": ("month", 0), "شهور": ("month", 0), "شهرين": ("month", 2), "شهرا": ("month", -1),
    "عام": ("year", 1), "اعوام": ("year", 0), "عامين": ("year", 2), "عاما": ("year", -1),
    "سنه": ("year", 1), "سنوات": ("year", 0), "سنتين": ("year", 2), "سنين": ("year", 0),
    "عقد": ("decade", 1), "عقود": ("decade", 0), "عقدين": ("decade", 2), "قرن": ("century", 1), "قرون": ("century", 0), "قرنين": ("century", 2),
}  # fmt: skip

#: First month. The winter of a year is the one that holds its January (month 0 is December of the year before).
SEASONS = {"ربيع": 3, "صيف": 6, "خريف": 9, "شتاء": 0}

DECADES = {"عشرين": 20, "ثلاثين": 30, "اربعين": 40, "خمسين": 50, "ستين": 60, "سبعين": 70, "ثمانين": 80, "تسعين": 90}

_ONES = ("الاول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن", "التاسع")
_AFTER_TEN = ("الحادي", *_ONES[1:])
ORDINALS = {
    **{w: i for i, w in enumerate(_ONES, 1)},
    "العاشر": 10,
    **{f"{w} عشر": 10 + i for i, w in enumerate(_AFTER_TEN, 1)},
    **{f"{tens}{end}": n for tens, n in (("العشر", 20), ("الثلاث", 30)) for end in ("ين", "ون")},
    **{f"{w} و{tens}{end}": n + i for i, w in enumerate(_AFTER_TEN, 1) for tens, n in (("العشر", 20), ("الثلاث", 30)) for end in ("ين", "ون")},
}

#: Units from publication: «العام قبل الماضي».
TENSES = {
    "قبل الماضي": -2, "الماضي": -1, "المنصرم": -1, "الفايت": -1, "الجاري": 0, "الحالي": 0, "الراهن": 0,
    "المقبل": 1, "القادم": 1, "الاتي": 1, "بعد المقبل": 2, "بعد القادم": 2,
}  # fmt: skip

#: The beginning, the middle and the end of a time.
THIRDS = ("مطلع|اوايل|بدايه|بدايات|مستهل|فاتحه", "منتصف|اواسط|وسط", "اواخر|نهايه|نهايات|ختام|اخر")

# Patterns. Every name in them ends a word.

AL = r"(?:ا|(?<=ل))ل"  # «للعام»: after ل the article has lost its alif
DAY_NAME = rf"{AL}(?:{alternatives(WEEKDAYS)})(?!\w)"
MONTH_NAME = rf"(?:{alternatives([*GREGORIAN, *ISLAMIC])})(?!\w)"
ORDINAL = rf"(?:{alternatives(ORDINALS)})(?!\w)"
UNIT = rf"(?:{alternatives(UNITS)})(?!\w)"
_NUMERAL = (
    r"(?:ال)?(?:[0-9]{1,4}|(?:احدي?|اثن[اي]|واحد|ثلاث|اربع|خمس|ست|سبع|ثماني?|تسع|عشر)ه?|اثنين|اثنان"
    r"|(?:عشر|ثلاث|اربع|خمس|ست|سبع|ثمان|تسع)(?:ين|ون)|ما?يه)(?!\w)"
)
COUNT = rf"{_NUMERAL}(?: و?{_NUMERAL}){{0,3}}"
ERA = r"(?: ?(?:م|ه|ميلاديه?|هجريه?)(?!\w))?"
YEAR_ENDS = r"(?!\w|[./,-][0-9]| قبل الميلاد)"
DAY_OF_MONTH = rf"(?:(?:ال)?(?:3[01]|[12][0-9]|0?[1-9])(?![0-9])|(?<!نصف )(?<!ثلث )(?<!ربع )(?<!اسبوع )(?<!عقد ){ORDINAL}|(?:اول|(?:ال)?فاتح)(?!\w))"
_PARTS_OF_DAY = r"(?:قبل |بعد )?(?:ال)?ظهر|فجر|صباح|ضحي|عصر|مغرب|مساء|عشاء|ليله?|منتصف ليله?|نهار|(?:وقت متاخر|ساعه متاخره) من(?: مساء| ليل)?"
#: What may stand before the name of a day: «فجر يوم», «ساعة متأخرة من مساء».
DAY_HEAD = rf"(?:(?:{_PARTS_OF_DAY})(?: من)? )?(?:يوم )?"


def tense_as(group: str) -> str:
    """A pattern for a word of `TENSES` in any gender and number."""
    return rf"(?:(?P<{group}>{alternatives(TENSES)})(?:ه|ين|تين)?(?!\w))"


def day_of_month(word: str) -> int:
    """The number of a match of `DAY_OF_MONTH`."""
    return int(word.removeprefix("ال")) if word[-1].isdigit() else ORDINALS.get(word, 1)


def counted(words: str) -> int | None:
    """The number that a match of `COUNT` spells."""
    found = number(re.sub(r"ال(?=[0-9])", "", re.sub(r" و(?!احد)", " و ", words)).split())
    return int(found[0]) if found else None


# Arithmetic.

_MONTHS_IN = {"month": 1, "year": 12, "decade": 120, "century": 1200}
#: What half of a unit is counted in, and how many of those it has: «عام ونصف».
HALVES = {
    "minute": ("minute", 1), "hour": ("minute", 60), "day": ("hour", 24), "week": ("day", 7), "month": ("day", 30), "year": ("month", 12),
    "decade": ("year", 10), "century": ("year", 100),
}  # fmt: skip
_PER_DAY = {"minute": 1440, "hour": 24, "day": 1}


def months(year: int, month: int, count: int = 1) -> Interval:
    """`count` whole months from a month, which may be counted from another year: month 13 is January of the next."""
    first, last = divmod(year * 12 + month - 1, 12), divmod(year * 12 + month + count - 2, 12)
    return Interval(date(first[0], first[1] + 1, 1), date(last[0], last[1] + 1, monthrange(last[0], last[1] + 1)[1]))


def shift(day: date, unit: str, count: int) -> date:
    """The day that is `count` units later; the last of its month if it has no such day (31 January, a month later)."""
    if unit == "week" or unit in _PER_DAY:
        return day + timedelta(7 * count if unit == "week" else int(count / _PER_DAY[unit]))
    month = months(day.year, day.month + count * _MONTHS_IN[unit])
    assert month.start and month.end
    return min(month.start + timedelta(day.day - 1), month.end)


def unit_of(day: date, unit: str) -> Interval:
    """The unit of the calendar that holds a day. Weeks begin on the day whose name is the first, الأحد."""
    if unit == "week":
        start = day - timedelta((day.weekday() + 1) % 7)
        return Interval(start, start + timedelta(6))
    if unit in _PER_DAY:
        return Interval(day, day)
    year = {"decade": day.year // 10 * 10, "century": (day.year - 1) // 100 * 100 + 1}.get(unit, day.year)
    return months(year, day.month if unit == "month" else 1, _MONTHS_IN[unit])


def part(whole: Interval, k: int, n: int, count: int = 1) -> Interval:
    """`count` of the `n` parts of an interval, from part `k` on (0 is the first): of months if it is made of years, else of days.

    Raises:
        ValueError: if it has no such part.
    """
    if not (whole.start and whole.end and 0 <= k < k + count <= n):
        raise ValueError(f"no part {k}/{n}")
    if (whole.start.month, whole.start.day, whole.end.month, whole.end.day) == (1, 1, 12, 31):
        size = 12 * (whole.end.year - whole.start.year + 1)
        return months(whole.start.year, 1 + size * k // n, size * (k + count) // n - size * k // n)
    size = (whole.end - whole.start).days + 1
    return Interval(whole.start + timedelta(size * k // n), whole.start + timedelta(size * (k + count) // n - 1))


def in_years(in_year: Callable[[int], Interval], years: Iterable[int]) -> list[Interval]:
    """The intervals of those years that have one: not all have a 29 February."""
    found = []
    for year in years:
        with suppress(ValueError):
            found.append(in_year(year))
    return found


#: A month without a year that is as near as this in the future is not the one of last year: «يعقد المؤتمر في سبتمبر».
_SOON = timedelta(62)
#: And one as far as this is not meant even where the clause is about the future: «يتيح الاتفاق المبرم في 14 يوليو».
_FAR = timedelta(300)


def nearest(intervals: Sequence[Interval], published: date, tense: int | None, is_future: bool) -> Interval:
    """The one that is meant of those that recur every year, in order: what is going on or past, if no word says otherwise.

    Raises:
        ValueError: if there is none.
    """
    closed = [(i.start, i.end, i) for i in intervals if i.start and i.end]
    past, coming = [c for c in closed if c[0] <= published], [c for c in closed if c[0] > published]
    if not past or not coming:
        raise ValueError("none before or none after")
    if tense == 0:
        return min(closed, key=lambda c: abs(c[0] - published))[2]
    if tense:
        told = [i for *_, i in coming][tense - 1 :] if tense > 0 else [i for _, end, i in past if end < published][tense:]
        if len(told) < (1 if tense > 0 else -tense):
            raise ValueError("none so far before or after")  # 29 February
        return told[0]
    before, after = published - past[-1][1], coming[0][0] - published
    return coming[0][2] if before > timedelta(0) and ((is_future and after <= _FAR) or after <= min(before, _SOON)) else past[-1][2]


#: The day before 1 Muharram 1, which is 16 July 622 of the Julian calendar.
_BEFORE_EPOCH = 227014


def islamic(year: int, month: int, day: int) -> date:
    """The Gregorian date of an Islamic one in the arithmetic calendar, which is at most a day or two from the one observed.

    After Reingold and Dershowitz, Calendrical Calculations (4th ed., 2018), chapter 7: months of 30 and 29 days in turn, 11
    leap years in 30. Day 30 is accepted in any month, because the moon that was seen may have given it one.

    Raises:
        ValueError: if there is no such date.
    """
    if not (1 <= month <= 12 and 1 <= day <= 30 and year >= 1):
        raise ValueError(f"no Islamic date: {year}-{month}-{day}")
    return date.fromordinal(_BEFORE_EPOCH + (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + (6 * month - 1) // 11 + day)


def islamic_year(day: date) -> int:
    """The Islamic year that holds a Gregorian date (same source)."""
    return (30 * (day.toordinal() - _BEFORE_EPOCH - 1) + 10646) // 10631


def year_of(digits: str, era: str = "") -> Interval:
    """A year of the calendar that its era says. Without one, 1390-1450 are years of our days in the Islamic calendar."""
    year = int(digits)
    if era.strip().startswith("ه") or (not era and 1390 <= year <= 1450):
        return Interval(islamic(year, 1, 1), islamic(year + 1, 1, 1) - timedelta(1))
    if not 500 <= year < 2200:
        raise ValueError(f"no year of the news: {year}")
    return months(year, 1, 12)
