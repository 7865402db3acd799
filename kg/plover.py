"""Extractions -> event records as users of PLOVER and POLECAT expect them: who did what to whom, when, of which type, mode and context.

One record is one event of one document. Its source and target are the roles that `ontology/plover.ttl` names; countries are codes of
three letters, of the state itself or of the one that an organisation, person or force belongs to, by the document or by the lexicon.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import pyoxigraph as ox

from kg.coding import Codes
from kg.model import Entity, Event, Extraction
from kg.namespaces import KGL, KGO, class_name, printable
from kg.resources import ontology_dir
from kg.vocabulary import Vocabulary

#: Facts by which somebody or something belongs to a state, and what says so in the lexicon.
_BELONGS = ("headOfState", "headOfGovernment", "holdsOffice", "spokesperson", "leads", "agencyOf", "forceOf", "weaponOf", "locatedIn", "memberOf")
_KNOWN = ("officeOf", "agencyOf", "inState")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes part. `name` is English where it is known; `country` a code of three letters; `sector` PLOVER's; None where it is not known."""

    name: str
    raw: str
    country: str | None = None
    sector: str | None = None
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An event. `date` is when it is said to happen, else the day of publication (ISO 8601); `contexts` are PLOVER's, sorted, with what
    polarity and modality mean ("future", "hypothetical", "negation"). `claimants` say so; `publisher`, `url` and `text` say where.
    """

    id: str
    date: str | None
    event_type: str
    event_mode: str | None
    intensity: float | None
    quad_code: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    source: tuple[Actor, ...]
    target: tuple[Actor, ...]
    location: tuple[Actor, ...]
    text: str
    url: str | None
    publisher: str | None
    published: str | None
    title: str | None
    language: str
    kg_type: str
    trigger: str
    polarity: str
    modality: str
    confidence: float
    claimants: tuple[Actor, ...]
    document: str

    def line(self) -> str:
        """The record as a line of JSON."""
        return printable(json.dumps(asdict(self), ensure_ascii=False)) + "\n"


def records(x: Extraction, vocabulary: Vocabulary) -> Iterator[Record]:
    """The records of a document's events, in their order. Events of a type that has no code of PLOVER give none."""
    entities = {e.id: e for e in x.entities}
    coder, cast = vocabulary.coder, _Cast(x, entities, vocabulary)
    for n, e in enumerate(x.events, 1):
        sentence = next((s for s in x.sentences if s.start <= e.trigger.start and e.trigger.end <= s.end), e.trigger)
        codes = coder.code(e, entities, x.document.text, sentence.end)
        if codes.plover:
            yield _record(x, e, f"{x.document.id}/{e.id or n}", codes, sentence.text, cast)


def _record(x: Extraction, e: Event, id: str, codes: Codes, text: str, cast: _Cast) -> Record:
    sources, targets = cast.sides(e)
    given = cast.vocabulary.coder.given
    contexts = {*codes.contexts, *(given[k] for k in (e.polarity, e.modality) if k in given)}
    d = x.document
    url = next((t for t in (d.source, d.id) if t and t.startswith(("http://", "https://"))), None)
    day = d.day.isoformat() if d.day else None
    return Record(
        id, (e.when and (e.when.first or e.when.last)) or day, codes.plover or "", codes.mode, codes.intensity, codes.quad, tuple(sorted(contexts)),
        codes.cameo, cast.actors(sources), cast.actors(targets), cast.actors(e.roles.get("location", ())), text, url, d.source, day, d.title, "ar",
        e.type, e.trigger.text, e.polarity, e.modality, e.confidence, cast.actors(e.source), d.id,
    )  # fmt: skip


class _Cast:
    """Those who take part in the events of a document."""

    def __init__(self, x: Extraction, entities: Mapping[str, Entity], vocabulary: Vocabulary) -> None:
        self.entities, self.vocabulary = entities, vocabulary
        self.facts = sorted((f for f in x.facts if f.predicate in _BELONGS), key=lambda f: (_BELONGS.index(f.predicate), -f.confidence, f.id))

    def sides(self, e: Event) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of source and target. Parties of a meeting without a partner are all sources, as PLOVER has it."""
        sides = self.vocabulary.coder.sides
        source, target = sides.get(class_name(e.type)) or sides.get("Event") or (("agent",), ("target", "recipient"))
        first = next((ids for r in source if (ids := e.roles.get(r))), ())
        # A town is where it happens, a treaty what it is about: neither is a party.
        second = next((kept for r in target if (kept := tuple(i for i in e.roles.get(r, ()) if self.acts(i)))), ())
        return first, tuple(i for i in second if i not in first)

    def acts(self, id: str) -> bool:
        return id in self.entities and self.entities[id].type not in ("PLACE", "WEAPON", "CONFLICT", "AGREEMENT")

    def actors(self, ids: Iterable[str]) -> tuple[Actor, ...]:
        return tuple(self.actor(self.entities[i]) for i in ids if i in self.entities)

    def actor(self, e: Entity) -> Actor:
        names = self.vocabulary.coder.sectors
        sectors = (names.get(k) for k in (class_name(e.type), *(f.predicate for f in self.facts if f.subject == e.id)))
        return Actor(e.name or e.label, e.label, self.country(e, set()), next(filter(None, sectors), None), e.qid)

    def country(self, e: Entity, seen: set[str]) -> str | None:
        """The state that something is or belongs to: by its own code, by what the document says, by the lexicon."""
        seen.add(e.id)
        if found := next((c for id in (e.qid, e.concept) if id and (c := countries().get(id)) and e.type != "WEAPON"), None):
            return found
        owners = (self.entities[f.object] for f in self.facts if f.subject == e.id and f.object in self.entities and f.object not in seen)
        return next(filter(None, (self.country(o, seen) for o in owners)), None)


@cache
def countries() -> Mapping[str, str]:
    """Entry of kg's lexicon or Wikidata item -> the code of its state (ISO 3166-1 alpha-3)."""
    codes: dict[str, str] = {}
    above: dict[str, list[str]] = {}
    matches: dict[str, str] = {}
    for file in (ontology_dir() / "countries.ttl", *sorted((ontology_dir() / "lexicon").glob("*.ttl"))):
        data = file.read_bytes()
        if not any(name.encode() in data for name in ("iso3", *_KNOWN)):
            continue
        for q in ox.parse(data, ox.RdfFormat.TURTLE):
            if not isinstance(q.subject, ox.NamedNode) or not isinstance(q.object, ox.NamedNode | ox.Literal):
                continue
            id, name = q.subject.value.removeprefix(KGL), q.predicate.value.removeprefix(KGO)
            if name == "iso3":
                codes[id] = q.object.value
            elif name in _KNOWN:
                above.setdefault(id, []).append(q.object.value.removeprefix(KGL))
            elif name.endswith("core#exactMatch"):
                matches[id] = q.object.value.rpartition("/")[2]
    # An office in a ministry leads to the state over the ministry.
    for _ in range(2):
        found = {id: [codes[o] for o in owners if o in codes] for id, owners in above.items() if id not in codes}
        codes |= {id: states[0] for id, states in found.items() if states}
    return codes | {qid: codes[id] for id, qid in matches.items() if id in codes}


#: The columns of POLECAT's files, in their order. Those that kg knows nothing of stay empty.
POLECAT = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    "Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw", "Wikipedia Actor ID",
    "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors", "Recipient Title",
    "Recipient Name Raw", "Wikipedia Recipient ID",
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip
#: What kg adds behind them.
ADDED = ("CAMEO", "Polarity", "Modality", "Confidence", "Claimant", "Trigger", "Actor Wikidata", "Recipient Wikidata", "Event Text", "URL")


def header() -> str:
    """The first line of a tab-separated file."""
    return _tabbed((*POLECAT, *ADDED))


def row(r: Record) -> str:
    """A record as a tab-separated line; several values in one column are parted by "; "."""
    cells: dict[str, Any] = {
        "Event ID": r.id, "Event Date": r.date, "Event Type": r.event_type, "Event Mode": r.event_mode, "Intensity": r.intensity,
        "Quad Code": r.quad_code, "Contexts": "; ".join(r.contexts), "Source": r.publisher, "Publication Date": r.published, "Language": r.language,
        "Placename": _joined(a.name for a in r.location), "Raw Placename": _joined(a.raw for a in r.location),
        "Country": _joined(a.country for a in r.location),
        "CAMEO": r.cameo, "Polarity": r.polarity, "Modality": r.modality, "Confidence": r.confidence,
        "Claimant": _joined(a.name for a in r.claimants),
        "Trigger": r.trigger, "Event Text": r.text, "URL": r.url,
    }  # fmt: skip
    for side, actors in (("Actor", r.source), ("Recipient", r.target)):
        cells |= {
            f"{side} Name": _joined(a.name for a in actors), f"{side} Name Raw": _joined(a.raw for a in actors),
            f"{side} Country": _joined(a.country for a in actors), f"{side} Sectors": _joined(a.sector for a in actors),
            f"Primary {side} Sector": next((a.sector for a in actors if a.sector), None), f"{side} Wikidata": _joined(a.wikidata for a in actors),
        }  # fmt: skip
    return _tabbed(cells.get(name) for name in (*POLECAT, *ADDED))


def _joined(values: Iterable[str | None]) -> str:
    return "; ".join(dict.fromkeys(v for v in values if v))


def _tabbed(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    # A tab or line break within a cell is what most readers stumble over.
    csv.writer(out, delimiter="\t", lineterminator="\n").writerow(["" if c is None else " ".join(printable(str(c)).split()) for c in cells])
    return out.getvalue()
