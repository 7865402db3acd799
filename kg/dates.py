"""Time expressions of Arabic news, resolved against the date of publication: `الخميس الماضي` -> 2015-07-30.

Three steps. The rules of `kg.date_rules` find the parts of the calendar that a text names (`الخميس`, `يوليو 2015`, `قبل شهرين`); of
those that overlap the longest stays. Then the words before and between them narrow them (`مطلع عام 2015`), join them (`من 3 يوليو
إلى 5 أغسطس`, `الخميس 23 يوليو`) or open them (`منذ 2011`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from kg.calendars import (
    AL,
    COUNT,
    DAY_OF_MONTH,
    ORDINAL,
    ORDINALS,
    SEASONS,
    THIRDS,
    Interval,
    alternatives,
    counted,
    day_of_month,
    flat,
    months,
    part,
    unit_of,
)
from kg.date_rules import Found, Rank, read
from kg.text import clean

__all__ = ["Interval", "TimeExpression", "find"]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A stretch of a text that says when: `text` is what stands at [start, end)."""

    start: int
    end: int
    interval: Interval
    text: str


def find(text: str, published: date | None = None) -> list[TimeExpression]:
    """The time expressions of a text, in order; no two overlap.

    Args:
        text: Arabic in any spelling. Proclitics (`وأمس`) stay outside of the spans.
        published: the day from which `أمس` and `الخميس` are reckoned. Without it only what holds a year is found.
    """
    copy = clean(text)
    plain = flat(copy.text)
    found = []
    longest = _longest(read(plain, published), len(plain))
    for f in _opened(plain, _joined(plain, _narrowed(plain, longest)), published):
        start, end = copy.span(f.start, f.end)
        while text[end : end + 1] == "ـ":  # «1436هـ»
            end += 1
        found.append(TimeExpression(start, end, f.interval, text[start:end]))
    return found


def _longest(found: Iterable[Found], length: int) -> list[Found]:
    """The longest first of those that overlap, in the order of the text."""
    chosen, taken = [], bytearray(length)
    for f in sorted(found, key=lambda f: (f.start - f.end, f.start, -f.rank)):
        if not any(taken[f.start : f.end]):
            chosen.append(f)
            taken[f.start : f.end] = b"1" * (f.end - f.start)
    return sorted(chosen, key=lambda f: f.start)


_NTH_PART = {"نصف": 2, "ثلث": 3, "ربع": 4, "اسبوع": 4, "عقد": 10}


def _prefix(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)[وف]?[بلك]?(?P<span>{words}) $")


_NARROWS = _prefix(
    rf"(?:(?P<third>{'|'.join(THIRDS)})(?: من)?|{AL}(?P<part>{alternatives(_NTH_PART)}) (?P<nth>{ORDINAL}|الاخير)(?: من)?|(?P<ten>العشره? الاواخر) من"
    rf"|{AL}(?:اشهر|شهور) (?P<m1>{COUNT}) (?:الاولي|(?P<late>الاخيره)) من|(?P<m2>{COUNT}) (?:اشهر|شهور) الاولي من"
    rf"|(?P<date>{DAY_OF_MONTH}) من|(?:فصل )?(?P<season>{alternatives(SEASONS)})|(?P<day>(?:(?:نهايه|بدايه) )?(?:يوم|تاريخ)))"
)
_SAME_DAY = re.compile(r"،? (?:(?P<open>\()|(?P<that>(?:ال)?(?:موافق|مصادف)(?: ل?يوم)? ل?)|- )?")
_RANGE_FROM, _BETWEEN = _prefix(r"(?:من|منذ|(?:ما )?بين|(?:ابتداء|اعتبارا|بدءا) من)"), _prefix(r"(?:ما )?بين")
_RANGE_TO = re.compile(r"\)?(?:(?P<and> و(?:بين )?)|،? (?:و?حتي|و?الي)(?: غايه)? )")
_OPENS = _prefix(r"(?P<op>منذ|(?:ابتداء|اعتبارا|بدءا|بدايه|انطلاقا) من|حتي|لغايه|(?:الي|حتي) غايه|بحلول|(?<!من )قبل|بعد)")


def _before(plain: str, after: int, f: Found, words: re.Pattern[str]) -> re.Match[str] | None:
    """The words that stand before an expression and are no part of the one that ends at `after`."""
    return words.search(plain, max(after, f.start - 40), f.start)


def _narrowed(plain: str, found: Iterable[Found]) -> Iterator[Found]:
    """`مطلع`, `النصف الثاني من`, `صيف` and what they take a part of."""
    after = 0
    for f in found:
        while m := _before(plain, after, f, _NARROWS):
            try:
                f = Found(m.start("span"), f.end, _narrow(f, m), max(f.rank, Rank.SPAN))
            except (ValueError, OverflowError):
                break
        if f.rank > Rank.UNIT:
            yield f
            after = f.end


def _narrow(f: Found, m: re.Match[str]) -> Interval:
    """The part of an interval that the words before it say; ValueError if it has none."""
    whole = f.interval
    if (m["day"] is not None) != f.is_day:
        raise ValueError("not of a day")
    if m["third"]:
        return part(whole, next(i for i, words in enumerate(THIRDS) if m["third"] in words.split("|")), 3)
    if m["part"]:
        n = _NTH_PART[m["part"]]
        return part(whole, ORDINALS.get(m["nth"], n) - 1, n)
    if m["ten"]:
        return part(whole, 2, 3)
    if m["m1"] or m["m2"]:
        n = counted(m["m1"] or m["m2"]) or 0
        return part(whole, 12 - n if m["late"] else 0, 12, n)
    if m["date"]:
        if not whole.start or whole != unit_of(whole.start, "month"):
            raise ValueError("only months have dates")
        day = whole.start.replace(day=day_of_month(m["date"]))
        return Interval(day, day)
    if m["season"]:
        if not whole.start or whole != unit_of(whole.start, "year"):
            raise ValueError("only years have seasons")
        return months(whole.start.year, SEASONS[m["season"]], 3)
    return whole


def _joined(plain: str, found: Iterable[Found]) -> Iterator[Found]:
    """Two readings of one day are one expression, and so are the two ends of a time."""
    after, last = 0, None
    for f in found:
        joint = last and (_same_day(plain, last, f) or _range(plain, after, last, f))
        if last and not joint:
            yield last
            after = last.end
        last = joint or f
    if last:
        yield last


def _same_day(plain: str, a: Found, b: Found) -> Found | None:
    m = _SAME_DAY.fullmatch(plain, a.end, b.start)
    if not (m and a.is_day and b.is_day and a.rank != b.rank and (m["that"] or a.rank == Rank.DAY)):
        return None
    if m["open"] and plain[b.end : b.end + 1] != ")":
        return None
    best, other = sorted((a, b), key=lambda f: f.rank, reverse=True)
    day, known = best.interval.start, other.interval.start
    if best.rank in (Rank.ISLAMIC, Rank.ISLAMIC_YEAR) and day and known and abs(off := (known.weekday() - day.weekday() + 3) % 7 - 3) <= 2:
        day += timedelta(off)  # The name of the day is right about the moon.
    return Found(a.start, b.end + bool(m["open"]), Interval(day, day), best.rank)


def _range(plain: str, after: int, a: Found, b: Found) -> Found | None:
    gap = _RANGE_TO.fullmatch(plain, a.end, b.start)
    m = gap and _before(plain, after, a, _BETWEEN if gap["and"] else _RANGE_FROM)
    if not (m and a.interval.start and b.interval.end and a.interval.start <= b.interval.end):
        return None
    return Found(m.start("span"), b.end, Interval(a.interval.start, b.interval.end), Rank.SPAN)


def _opened(plain: str, found: Iterable[Found], published: date | None) -> Iterator[Found]:
    """`منذ`, `حتى`, `قبل`, `بعد` and what they count from."""
    after = 0
    for f in found:
        m, start, end = _before(plain, after, f, _OPENS), f.interval.start, f.interval.end
        if m and start and end:
            with suppress(OverflowError):
                f = Found(m.start("span"), f.end, _open(m["op"], start, end, published, plain[f.start : f.end]), f.rank)
        yield f
        after = f.end


def _open(op: str, start: date, end: date, published: date | None, words: str) -> Interval:
    if op == "منذ":
        return Interval(start, published if published and published >= start else None)
    if op.endswith(" من"):
        return Interval(start, None)
    if op == "بعد":
        return Interval(end + timedelta(1), None)
    # «قبل نهاية العام» is in the year.
    return Interval(None, start - timedelta(1) if op == "قبل" and not re.match(THIRDS[2], words) else end)
