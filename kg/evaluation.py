"""How good extractions are, against documents that people annotated.

Gold and predicted documents are JSON objects in the annotation format. Entities of the two are aligned first, by the
mentions that they share, and named after their gold entity from then on: a role or a fact is right if it names the same
gold entity. All figures are micro-averages over the gold documents.

    mention            spans of the same bounds and type; "mention~" spans that overlap, "mention TYPE" one type
    entity             aligned pairs of the same type
    event              triggers that overlap, of the same type
    role               (event type, role, entity)
    edge               (entity, event type, entity): what an arrow of the picture says, for positive, asserted events
    source             (event type, entity that reports it), for matched events
    fact               (subject, predicate, object)
    quantity, polarity, modality     accuracy over matched entities and events; "is negative" … the figures of one value
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.extraction_files import lines
from kg.language import _
from kg.model import SYMMETRIC
from kg.problems import Problems, refuse

#: The roles that an edge starts from, the first one filled; a victim only where nobody acts.
_LEADING = ("agent", "seller", "victim")
#: The roles whose entities are equals in a symmetric event.
_PARTIES = ("agent", "partner", "opponent")
_DEFAULTS = {"polarity": "positive", "modality": "asserted"}


@dataclass(slots=True)
class Score:
    """Right ones among the gold and the predicted ones."""

    right: int = 0
    gold: int = 0
    predicted: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0

    def to_json(self) -> dict[str, float]:
        return {"p": self.precision, "r": self.recall, "f1": self.f1, "gold": self.gold, "predicted": self.predicted}


@dataclass(slots=True)
class Accuracy:
    """Right ones among those that could be compared."""

    right: int = 0
    of: int = 0

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else 0.0

    def to_json(self) -> dict[str, float]:
        return {"accuracy": self.value, "of": self.of}


@dataclass(slots=True)
class Figures:
    """Scores and accuracies by name."""

    scores: dict[str, Score] = field(default_factory=dict)
    accuracies: dict[str, Accuracy] = field(default_factory=dict)

    def count(self, name: str, right: int, gold: int, predicted: int) -> None:
        s = self.scores.setdefault(name, Score())
        s.right += right
        s.gold += gold
        s.predicted += predicted

    def compare(self, name: str, gold: Iterable[Hashable], predicted: Iterable[Hashable]) -> None:
        """Count equal items; one that occurs twice counts twice."""
        g, p = Counter(gold), Counter(predicted)
        self.count(name, (g & p).total(), g.total(), p.total())

    def judge(self, name: str, right: bool) -> None:
        a = self.accuracies.setdefault(name, Accuracy())
        a.right += right
        a.of += 1

    def to_json(self) -> dict[str, dict[str, float]]:
        """Every figure that has something to say: a score with neither gold nor predicted items is left out."""
        out = {name: s.to_json() for name, s in self.scores.items() if s.gold or s.predicted}
        return out | {name: a.to_json() for name, a in self.accuracies.items()}


# The annotation format as plain values, with what may be left out filled in. The dataclasses of kg.model are not used
# here: they replace a missing name by the text of a mention, which would be one more way for two entities to be the same.

_Bounds = tuple[int, int]


def _overlap(a: _Bounds, b: _Bounds) -> bool:
    return a[0] < b[1] and b[0] < a[1]


@dataclass(frozen=True, slots=True)
class _Entity:
    id: str
    type: str
    name: str
    keys: frozenset[str]  # by which an entity that no mention names is known
    mentions: tuple[_Bounds, ...]
    has_quantity: bool
    quantity: tuple[Any, Any]  # value, bound

    @classmethod
    def of(cls, d: Mapping[str, Any]) -> _Entity:
        name, q = d.get("name") or "", d.get("quantity") or {}
        return cls(
            id=d["id"],
            type=d["type"],
            name=name or d["id"],
            keys=frozenset(filter(None, (d.get("qid"), name.casefold()))),
            mentions=tuple((m["start"], m["end"]) for m in d.get("mentions") or ()),
            has_quantity=bool(q),
            quantity=(q.get("value"), q.get("bound", "exact")),
        )


@dataclass(frozen=True, slots=True)
class _Event:
    type: str
    trigger: _Bounds | None
    roles: Mapping[str, Sequence[str]]
    source: Sequence[str]
    polarity: str
    modality: str

    @classmethod
    def of(cls, d: Mapping[str, Any]) -> _Event:
        t = d.get("trigger")
        how = {key: d.get(key) or default for key, default in _DEFAULTS.items()}
        return cls(d["type"], (t["start"], t["end"]) if t else None, d.get("roles") or {}, d.get("source") or (), **how)

    def triggered_like(self, other: _Event) -> bool:
        """Whether `other`, a predicted event, has this gold event's trigger, give or take a clitic or a light verb."""
        if self.trigger is None or other.trigger is None or not _overlap(self.trigger, other.trigger):
            return False
        gold, predicted = (t[1] - t[0] for t in (self.trigger, other.trigger))
        return predicted <= 2 * gold + 4


@dataclass(frozen=True, slots=True)
class _Annotated:
    id: str
    text: str
    entities: tuple[_Entity, ...]
    events: tuple[_Event, ...]
    facts: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, d: Mapping[str, Any], text: str | None = None) -> _Annotated:
        """KgError if the object is no annotated document. `text` stands in for a text that it lacks."""
        try:
            return cls(
                id=d["id"],
                text=d["text"] if text is None else d.get("text", text),
                entities=tuple(map(_Entity.of, d.get("entities") or ())),
                events=tuple(map(_Event.of, d.get("events") or ())),
                facts=tuple((f["subject"], f["predicate"], f["object"]) for f in d.get("facts") or ()),
            )
        except (KeyError, TypeError, AttributeError) as e:
            name = d.get("id", "?") if isinstance(d, Mapping) else "?"
            raise KgError(_("document {name} is not in the annotation format: {error} {why}").format(name=name, error=type(e).__name__, why=e)) from e

    def mentions(self) -> set[tuple[int, int, str]]:
        return {(start, end, e.type) for e in self.entities for start, end in e.mentions}


@dataclass(frozen=True, slots=True)
class _Names:
    """How the entities of one side are called: after the gold entity, or by a name that no gold entity has."""

    by_id: Mapping[str, str]

    def __call__(self, id: str) -> str:
        return self.by_id.get(id, f"?{id}")

    def roles(self, e: _Event) -> set[tuple[str, str, str]]:
        return {(e.type, role, self(id)) for role, ids in e.roles.items() for id in ids}

    def facts(self, d: _Annotated) -> set[tuple[str, str, str]]:
        return {(self(subject), predicate, self(object)) for subject, predicate, object in d.facts}

    def edges(self, d: _Annotated) -> set[tuple[str, str, str]]:
        return {edge for e in d.events for edge in self._edges(e)}

    def _edges(self, e: _Event) -> Iterator[tuple[str, str, str]]:
        if (e.polarity, e.modality) != ("positive", "asserted"):
            return
        filled = {role: [self(id) for id in ids] for role, ids in e.roles.items() if ids}
        # The parties of a symmetric event are joined pairwise, whichever role each of them has.
        parties = sorted({n for role in _PARTIES for n in filled.get(role, ())}) if e.type in SYMMETRIC else []
        yield from ((a, e.type, b) for i, a in enumerate(parties) for b in parties[i + 1 :])
        lead = next((role for role in _LEADING if role in filled), None)
        for role in filled.keys() - {lead} if lead else ():
            for a in filled[str(lead)]:
                yield from ((a, e.type, b) for b in filled[role] if a not in parties or b not in parties)


def align(gold: _Annotated, predicted: _Annotated) -> dict[str, str]:
    """Predicted entity id -> gold entity id, one to one: the pairs that share most mentions first."""
    candidates = []
    for g in gold.entities:
        for p in predicted.entities:
            if shared := sum(any(_overlap(m, n) for n in p.mentions) for m in g.mentions):
                exact = sum(m in p.mentions for m in g.mentions)
                candidates.append((-shared, g.type != p.type, -exact, g.id, p.id))
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for *_rank, gold_id, predicted_id in sorted(candidates):
        if gold_id not in taken and predicted_id not in pairs:
            pairs[predicted_id] = gold_id
            taken.add(gold_id)
    # A state that only a nisba gives has no mention to share: its item or its name tells it.
    for g in gold.entities:
        if not g.mentions and g.id not in taken:
            for p in predicted.entities:
                if p.id not in pairs and p.keys & g.keys:
                    pairs[p.id] = g.id
                    taken.add(g.id)
                    break
    return pairs


def _matched_events(gold: _Annotated, predicted: _Annotated, ours: _Names, theirs: _Names) -> list[tuple[_Event, _Event]]:
    """Pairs of one type and trigger, one to one: those that agree on most roles first."""
    candidates = sorted(
        (-len(ours.roles(g) & theirs.roles(p)), i, j)
        for i, g in enumerate(gold.events)
        for j, p in enumerate(predicted.events)
        if g.type == p.type and g.triggered_like(p)
    )
    left_gold, left_predicted = set(range(len(gold.events))), set(range(len(predicted.events)))
    pairs = []
    for _rank, i, j in candidates:
        if i in left_gold and j in left_predicted:
            left_gold.remove(i)
            left_predicted.remove(j)
            pairs.append((gold.events[i], predicted.events[j]))
    return pairs


def score(gold: Iterable[Mapping[str, Any]], predicted: Iterable[Mapping[str, Any]]) -> Figures:
    """Score predicted documents against gold ones, matched by id.

    Args:
        gold, predicted: documents in the annotation format. A gold document that was not predicted counts as one in which
            nothing was found; a predicted one that is not gold is left out.

    Raises:
        KgError: a document is not in the format, or a predicted text is not the gold text.
    """
    by_id = {d["id"]: d for d in predicted}
    figures = Figures()
    for d in {d["id"]: d for d in gold}.values():
        g = _Annotated.of(d)
        p = _Annotated.of(by_id.get(g.id, {"id": g.id}), text=g.text)
        if p.text != g.text:
            raise KgError(_("document {id}: the predicted text is not the gold text, so offsets cannot be compared").format(id=g.id))
        _score_document(figures, g, p)
    return figures


def right_events(gold: Mapping[str, Any], predicted: Mapping[str, Any]) -> list[bool]:
    """Of every predicted event of a document, in order: whether it is a gold event and all that it gives a role has it there too."""
    g, p = _Annotated.of(gold), _Annotated.of(predicted, text=gold["text"])
    entities = {e.id: e for e in g.entities}
    ours = _Names({e.id: e.name for e in g.entities})
    theirs = _Names({a: entities[b].name for a, b in align(g, p).items()})
    right = {id(b) for a, b in _matched_events(g, p, ours, theirs) if theirs.roles(b) <= ours.roles(a)}
    return [id(e) in right for e in p.events]


def _score_document(figures: Figures, gold: _Annotated, predicted: _Annotated) -> None:
    _score_mentions(figures, gold, predicted)
    pairs = align(gold, predicted)
    entities = {e.id: e for e in gold.entities}
    ours = _Names({e.id: e.name for e in gold.entities})
    theirs = _Names({p: entities[g].name for p, g in pairs.items()})

    named = [p for p in predicted.entities if p.mentions]
    right = sum(p.id in pairs and entities[pairs[p.id]].type == p.type for p in named)
    figures.count("entity", right, sum(bool(g.mentions) for g in gold.entities), len(named))
    for p in predicted.entities:
        if p.id in pairs:
            g = entities[pairs[p.id]]
            if g.has_quantity or p.has_quantity:
                figures.judge("quantity", g.quantity == p.quantity)

    roles = ([r for e in d.events for r in names.roles(e)] for d, names in ((gold, ours), (predicted, theirs)))
    figures.compare("role", *roles)
    figures.compare("edge", ours.edges(gold), theirs.edges(predicted))
    _score_events(figures, gold, predicted, ours, theirs)
    figures.compare("fact", ours.facts(gold), theirs.facts(predicted))


def _score_mentions(figures: Figures, gold: _Annotated, predicted: _Annotated) -> None:
    ours, theirs = gold.mentions(), predicted.mentions()

    def items(mentions: set[tuple[int, int, str]], type: str | None = None) -> set[tuple[int, str, str]]:
        return {(start, gold.text[start:end], t) for start, end, t in mentions if type in (None, t)}

    figures.compare("mention", items(ours), items(theirs))
    for type in sorted({t for *_key, t in ours | theirs}):
        figures.compare(f"mention {type}", items(ours, type), items(theirs, type))

    def touched(mentions: set[tuple[int, int, str]], others: set[tuple[int, int, str]]) -> int:
        return sum(any(t == u and _overlap((s, e), (v, w)) for v, w, u in others) for s, e, t in mentions)

    figures.count("mention~", min(touched(ours, theirs), touched(theirs, ours)), len(ours), len(theirs))


def _score_events(figures: Figures, gold: _Annotated, predicted: _Annotated, ours: _Names, theirs: _Names) -> None:
    matched = _matched_events(gold, predicted, ours, theirs)
    figures.count("event", len(matched), len(gold.events), len(predicted.events))
    for g, p in matched:
        for what, default in _DEFAULTS.items():
            a, b = getattr(g, what), getattr(p, what)
            figures.judge(what, a == b)
            for value in sorted({a, b} - {default}):
                figures.count(f"is {value}", a == b, a == value, b == value)
        figures.compare("source", [(g.type, ours(s)) for s in g.source], [(p.type, theirs(s)) for s in p.source])


def load(path: Path) -> list[dict[str, Any]]:
    """The documents of a JSON lines file, also with .gz behind its name. KgError if it is not one."""
    documents = []
    for number, line in lines(path, Problems(refuse)):
        try:
            d = json.loads(line)
        except UnicodeDecodeError as e:
            raise KgError(_("{path}:{number}: is not UTF-8 at byte {start} of the line").format(path=path, number=number, start=e.start)) from e
        except (ValueError, RecursionError) as e:
            raise KgError(_("{path}:{number}: is broken JSON: {why}").format(path=path, number=number, why=e)) from e
        if not isinstance(d, dict) or "id" not in d:
            raise KgError(_("{path}:{number}: is not a JSON object with an 'id'").format(path=path, number=number))
        documents.append(d)
    if not documents:
        raise KgError(_("{path}: has no documents in it").format(path=path))
    return documents
