"""The values that flow between the stages, and their JSON form.

    Document -> Sentence (parsed) -> Mention -> Entity -> Event, Fact -> Extraction

All are frozen dataclasses. Offsets count Unicode code points of the document's text, end exclusive. `Extraction`
serialises to the annotation format of kg's gold data (one JSON object a document), with more keys than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kg.language import _

#: The eight entity types.
ENTITY_TYPES = ("PERSON", "STATE", "ORGANISATION", "WEAPON", "FORCE", "PLACE", "AGREEMENT", "CONFLICT")

#: Event types, each with the roles it may have, in the order of the annotation guidelines.
EVENT_ROLES: Mapping[str, tuple[str, ...]] = {
    "SEND": ("agent", "theme", "recipient", "origin"),
    "DEPLOY": ("agent", "theme", "location"),
    "SUPPORT": ("agent", "recipient", "theme"),
    "TRAIN": ("agent", "recipient"),
    "FIGHT": ("agent", "opponent", "location", "theme"),
    "ATTACK": ("agent", "target", "instrument", "location"),
    "FIRE": ("agent", "theme", "target", "location"),
    "INTERCEPT": ("agent", "theme", "location"),
    "KILL": ("agent", "victim", "location"),
    "WOUND": ("agent", "victim", "location"),
    "LOSE": ("victim", "theme"),
    "CAPTURE": ("agent", "theme", "location"),
    "WITHDRAW": ("agent", "theme", "origin"),
    "SANCTION": ("agent", "target"),
    "LIFT_SANCTION": ("agent", "target"),
    "AGREE": ("agent", "partner", "theme"),
    "VIOLATE": ("agent", "theme"),
    "MEET": ("agent", "partner", "location"),
    "VISIT": ("agent", "location"),
    "HOST": ("agent", "guest", "location"),
    "NEGOTIATE": ("agent", "partner", "theme"),
    "DEMAND": ("agent", "recipient", "theme"),
    "PROMISE": ("agent", "recipient", "theme"),
    "REJECT": ("agent", "recipient", "theme"),
    "ACCUSE": ("agent", "target"),
    "CONDEMN": ("agent", "target"),
    "WARN": ("agent", "target"),
    "PRODUCE": ("agent", "theme"),
    "BUY_SELL": ("seller", "buyer", "theme"),
    "APPOINT_DISMISS": ("agent", "person", "organisation"),
    "PROTEST": ("agent", "target", "location"),
}

#: Entity types that are groups: their concept is a class, not the thing itself.
COUNTED = frozenset({"WEAPON", "FORCE"})

#: Event types whose participants are equals.
SYMMETRIC = frozenset({"MEET", "AGREE", "NEGOTIATE", "FIGHT"})

#: Fact predicates.
PREDICATES = (
    "headOfState", "headOfGovernment", "holdsOffice", "leads", "spokesperson", "agencyOf",
    "memberOf", "forceOf", "locatedIn", "capitalOf", "partyTo", "weaponOf",
)  # fmt: skip

POLARITIES = ("positive", "negative")
MODALITIES = ("asserted", "planned", "possible", "conditional", "denied")


@dataclass(frozen=True, slots=True)
class Document:
    """A text to read. `source` is its publisher or, failing that, the file it came from; `published` an ISO 8601 date."""

    id: str
    text: str
    title: str | None = None
    published: str | None = None
    source: str | None = None

    @property
    def day(self) -> date | None:
        """The day of publication, of a date in ISO 8601 with or without a time; None for anything else."""
        for parse in (date.fromisoformat, datetime.fromisoformat):
            try:
                moment = parse((self.published or "").strip())
            except ValueError:
                continue
            return moment.date() if isinstance(moment, datetime) else moment
        return None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document: `text == document.text[start:end]`."""

    start: int
    end: int
    text: str

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Word:
    """A syntactic word of a parsed sentence: `head` is the index of its governor (-1 for the root) in `Sentence.words`.

    `text` and `lemma` are in the cleaned spelling that the models read; `start` and `end` are offsets in the document's
    text. Words of one token whose pieces cannot be told apart in the text (`مما`) share the offsets of the token.
    """

    index: int
    text: str
    lemma: str
    upos: str
    feats: Mapping[str, str]
    head: int
    deprel: str
    start: int
    end: int
    token: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A parsed sentence; `ner` are the spans that the NER tagger found, in words: (first word, last word + 1, type).

    `states` is what the parser's LSTM made of the words (an array, words x dimensions), None where the parser gives none.
    """

    index: int
    start: int
    end: int
    words: tuple[Word, ...]
    ner: tuple[tuple[int, int, str], ...] = ()
    states: Any = field(default=None, compare=False, repr=False)

    def children(self, index: int) -> list[Word]:
        return [w for w in self.words if w.head == index]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: `bound` is exact, about, at-least or at-most."""

    value: float
    approx: bool
    unit: str
    text: str
    bound: str = "exact"


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that names or describes an entity. `words` are its syntactic words in `sentence`, end exclusive."""

    span: Span
    type: str
    sentence: int
    words: tuple[int, int]
    head: int
    origin: str  # "ner", "lexicon", "rule"
    concept: str | None = None  # identifier of the lexicon entry, such as "Q423" or "weapon/ballistic-missile"


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing in the world as one document speaks of it.

    `name` is an English name where the lexicon has one, else the Arabic label; `label` is Arabic. `concept` names the
    lexicon entry (a Wikidata item where there is one); for a group of weapons or troops it is the class, not the group.
    """

    id: str
    type: str
    name: str
    label: str
    mentions: tuple[Span, ...] = ()
    qid: str | None = None
    concept: str | None = None
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class When:
    """When an event is said to happen: from the first to the last day (ISO 8601; None is open), by the words at `span`."""

    first: str | None
    last: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to whom with what. `roles` map a role to entity ids; `source` are the entities that report it.

    `path` says how it was found: the frame and the rule, such as "SEND/verb"; `confidence` is in [0, 1].
    """

    id: str
    type: str
    trigger: Span
    roles: Mapping[str, tuple[str, ...]]
    sentence: int
    polarity: str = "positive"
    modality: str = "asserted"
    source: tuple[str, ...] = ()
    confidence: float = 1.0
    path: str = ""
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A lasting relation between two entities, such as headOfState; `evidence` is the stretch of text that states it."""

    id: str
    subject: str
    predicate: str
    object: str
    evidence: Span
    sentence: int
    office: str | None = None
    confidence: float = 1.0
    path: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What kg found in one document. `sentences` are their spans, in order."""

    document: Document
    sentences: tuple[Span, ...] = ()
    entities: tuple[Entity, ...] = ()
    events: tuple[Event, ...] = ()
    facts: tuple[Fact, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)  # kg, models and ontology that made it

    def entity(self, id: str) -> Entity:
        """The entity of that id; KeyError if there is none."""
        for e in self.entities:
            if e.id == id:
                return e
        raise KeyError(id)

    def to_json(self) -> dict[str, Any]:
        """A JSON object in the gold format, plus `title`, `published`, `sentences`, ids, labels, confidence and paths."""
        d = self.document
        out: dict[str, Any] = {"id": d.id, "source": d.source, "title": d.title, "published": d.published, "text": d.text}
        out = {k: v for k, v in out.items() if v is not None}
        out["sentences"] = [{"start": s.start, "end": s.end} for s in self.sentences]
        out["entities"] = [_entity_json(e) for e in self.entities]
        out["events"] = [_event_json(e, self.sentences) for e in self.events]
        out["facts"] = [_fact_json(f) for f in self.facts]
        out["versions"] = dict(self.versions)
        return out

    @classmethod
    def from_json(cls, d: Mapping[str, Any]) -> Extraction:
        """Read what `to_json` wrote, or a gold document, which lacks the keys that kg adds. ValueError if it is neither."""
        try:
            return _extraction(d)
        except (KeyError, TypeError, AttributeError) as e:
            raise ValueError(_("not an extraction: {error} {why}").format(error=type(e).__name__, why=e)) from e


def _span_json(s: Span) -> dict[str, Any]:
    return {"start": s.start, "end": s.end, "text": s.text}


def _entity_json(e: Entity) -> dict[str, Any]:
    out: dict[str, Any] = {"id": e.id, "type": e.type, "name": e.name, "label": e.label}
    if e.qid:
        out["qid"] = e.qid
    if e.concept:
        out["concept"] = e.concept
    out["mentions"] = [_span_json(m) for m in e.mentions]
    if q := e.quantity:
        out["quantity"] = {"value": q.value, "approx": q.approx, "unit": q.unit, "text": q.text, "bound": q.bound}
    return out


def _event_json(e: Event, sentences: tuple[Span, ...]) -> dict[str, Any]:
    out: dict[str, Any] = {"id": e.id, "type": e.type, "trigger": _span_json(e.trigger), "roles": {r: list(ids) for r, ids in e.roles.items()}}
    out |= {"polarity": e.polarity, "modality": e.modality, "source": list(e.source), "confidence": e.confidence, "path": e.path}
    if e.when:
        out["when"] = {"from": e.when.first, "until": e.when.last, **_span_json(e.when.span)}
    out["sentence"] = e.sentence
    if e.sentence < len(sentences):
        out["evidence"] = _span_json(sentences[e.sentence])
    return out


def _fact_json(f: Fact) -> dict[str, Any]:
    out: dict[str, Any] = {"id": f.id, "subject": f.subject, "predicate": f.predicate, "object": f.object}
    if f.office:
        out["office"] = f.office
    return out | {"confidence": f.confidence, "path": f.path, "sentence": f.sentence, "evidence": _span_json(f.evidence)}


def _span(d: Mapping[str, Any]) -> Span:
    return Span(int(d["start"]), int(d["end"]), str(d["text"]))


def _when(d: Mapping[str, Any] | None) -> When | None:
    return When(_string(d["from"]), _string(d["until"]), _span(d)) if d else None


def _string(value: Any) -> str | None:
    """A string; an empty one says nothing, as one that is not there."""
    if value is not None and not isinstance(value, str):
        raise TypeError(_("{value!r:.40} where a string should be").format(value=value))
    return value or None


def _strings(values: Any) -> tuple[str, ...]:
    found = tuple(values or ())
    if not all(isinstance(v, str) for v in found):
        raise TypeError(_("{value!r:.40} where strings should be").format(value=found))
    return found


def _index(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError(_("{value!r:.40} where a whole number should be").format(value=value))
    return value


def _extraction(d: Mapping[str, Any]) -> Extraction:
    text = str(d["text"])
    sentences = tuple(
        Span(_index(s["start"]), _index(s["end"]), text[s["start"] : s["end"]]) for s in d.get("sentences") or [{"start": 0, "end": len(text)}]
    )

    def sentence_of(offset: int) -> int:
        return next((i for i, s in enumerate(sentences) if s.start <= offset < s.end), 0)

    entities = []
    for e in d.get("entities") or ():
        mentions = tuple(_span(m) for m in e.get("mentions") or ())
        q = e.get("quantity")
        quantity = (
            Quantity(q["value"] + 0, bool(q.get("approx")), str(q.get("unit", "")), str(q.get("text", "")), str(q.get("bound", "exact")))
            if q
            else None
        )
        name = str(e.get("name") or (mentions[0].text if mentions else e["id"]))
        label = str(e.get("label") or (max((m.text for m in mentions), key=len) if mentions else name))
        entities.append(Entity(str(e["id"]), str(e["type"]), name, label, mentions, _string(e.get("qid")), _string(e.get("concept")), quantity))
    events = []
    for i, e in enumerate(d.get("events") or (), 1):
        trigger = _span(e["trigger"])
        roles = {r: _strings(ids) for r, ids in (e.get("roles") or {}).items()}
        events.append(
            Event(
                str(e.get("id") or f"V{i}"), str(e["type"]), trigger, roles, _index(e.get("sentence", sentence_of(trigger.start))),
                _string(e.get("polarity")) or "positive", _string(e.get("modality")) or "asserted", _strings(e.get("source")),
                float(e.get("confidence", 1.0)), _string(e.get("path")) or "", _when(e.get("when")),
            )
        )  # fmt: skip
    facts = []
    for i, f in enumerate(d.get("facts") or (), 1):
        evidence = _span(f["evidence"]) if "evidence" in f else sentences[0] if sentences else Span(0, len(text), text)
        facts.append(
            Fact(
                str(f.get("id") or f"F{i}"), str(f["subject"]), str(f["predicate"]), str(f["object"]), evidence,
                _index(f.get("sentence", sentence_of(evidence.start))), _string(f.get("office")), float(f.get("confidence", 1.0)),
                _string(f.get("path")) or "",
            )
        )  # fmt: skip
    document = Document(str(d["id"]), text, *(_string(d.get(key)) for key in ("title", "published", "source")))
    versions = {str(name): str(value) for name, value in (d.get("versions") or {}).items()}
    return Extraction(document, sentences, tuple(entities), tuple(events), tuple(facts), versions)
