"""Why an event is there: its sentence, the parse between trigger and participants, frame and probabilities. Behind `kg explain`.

    file -> find -> Document or Extraction -> Case (extraction and scenes) -> lines

A document is read as `kg extract` reads it; of an extraction only the sentences are parsed again, for no file holds the parse.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kg import extraction_files
from kg.arguments import Argument
from kg.documents import MAX_CHARS, Problems
from kg.documents import read as read_documents
from kg.errors import KgError
from kg.events import Reading
from kg.features import BACK
from kg.frame_report import place, spelling
from kg.frames import Frames
from kg.language import N_, _, directed, isolated, joined, padded
from kg.model import Document, Entity, Event, Extraction, Sentence
from kg.scenes import Scene

T = TypeVar("T", Document, Extraction)


# ---------------------------------------------------------------------------------------------------------------------
# Files


def find(file: Path, document: str | None, problems: Problems, max_chars: int = MAX_CHARS) -> Document | Extraction:
    """The document of a file that is meant: an Extraction where the file holds what `kg extract` prints.

    Args:
        file: a text, documents as JSON lines, or extractions.
        document: its id; None if the file holds one only.
        problems: is given what cannot be read.
        max_chars: a longer text is a problem.

    Raises:
        KgError: there is no such document, or there are several and `document` is None.
    """
    if (extractions := _extractions(file)) is not None:
        return _chosen(extractions, {x.document.id: x for x in extractions}, document, file)
    documents = list(read_documents([str(file)], problems, max_chars=max_chars))
    return _chosen(documents, {d.id: d for d in documents}, document, file)


def _extractions(file: Path) -> list[Extraction] | None:
    """The extractions in a file; None if its first line is none."""
    try:
        first = json.loads(next((line for __, line in extraction_files.lines(file, Problems())), b""))
    except (ValueError, RecursionError):
        return None  # a text, or something that cannot be read, of which others know what to say
    if not isinstance(first, dict) or not isinstance(first.get("events"), list):
        return None
    return list(extraction_files.read(file))


def _chosen(found: Sequence[T], by_id: Mapping[str, T], wanted: str | None, file: Path) -> T:
    if not found:
        raise KgError(_("{file} holds no document that can be read").format(file=file))
    shown = joined([*list(by_id)[:5], *(["…"] if len(by_id) > 5 else [])])
    if wanted is None:
        if len(found) > 1:
            raise KgError(_("{file} holds {n} documents: say which one with --doc ID ({shown})").format(file=file, n=len(found), shown=shown))
        return found[0]
    if wanted not in by_id:
        raise KgError(_("{file} holds no document with the id {wanted!r}: there is {shown}").format(file=file, wanted=wanted, shown=shown))
    return by_id[wanted]


# ---------------------------------------------------------------------------------------------------------------------
# Reading


@dataclass(frozen=True, slots=True)
class Case:
    """A document with what it says and how its sentences were read."""

    extraction: Extraction
    scenes: tuple[Scene, ...]
    frames: Frames


def read(found: Document | Extraction, *, models: str | None = None, lexicon: Sequence[Path] = (), frames: Sequence[Path] = ()) -> Case:
    """Read a document, or parse the text of an extraction again, whose events then stay as they are. KgError as in `kg.extract`."""
    from kg import reading
    from kg.extract import Extractor, names_of
    from kg.packs import find_models
    from kg.pipeline import Pipeline
    from kg.scenes import scenes

    pack = find_models(models)
    document = found if isinstance(found, Document) else found.document
    extractor = Extractor.load(lexicon, frames, pack if isinstance(found, Document) else None)
    ((_, sentences),) = Pipeline(pack, names_of(extractor.lexicon))([document])
    register, told = scenes(document.text, sentences, extractor)
    extraction = extractor.assemble(document, register, told, reading.read(told, extractor)) if isinstance(found, Document) else found
    return Case(extraction, tuple(told), extractor.frames)


def explain(
    found: Document | Extraction, wanted: str, *, models: str | None = None, lexicon: Sequence[Path] = (), frames: Sequence[Path] = ()
) -> list[str]:
    """The lines about an event of what `find` found; see `read` and `event_of`."""
    if isinstance(found, Extraction):
        event_of(found, wanted)  # what is not there is no reason to load models
    case = read(found, models=models, lexicon=lexicon, frames=frames)
    return lines(case, event_of(case.extraction, wanted))


def events(
    found: Document | Extraction, *, models: str | None = None, lexicon: Sequence[Path] = (), frames: Sequence[Path] = ()
) -> list[tuple[str, ...]]:
    """The table of the events of what `find` found; an extraction's without any model."""
    return listed(found if isinstance(found, Extraction) else read(found, models=models, lexicon=lexicon, frames=frames).extraction)


def event_of(x: Extraction, wanted: str) -> Event:
    """An event by its id ("V3") or number ("3"). KgError if there is none."""
    for e in x.events:
        if e.id == wanted:
            return e
    if wanted.isdecimal() and 0 < int(wanted) <= len(x.events):
        return x.events[int(wanted) - 1]
    ids = [e.id for e in x.events]
    message = _("document {id!r} has no event {wanted!r}: it has none")
    if ids:
        message = _("document {id!r} has no event {wanted!r}: there is {first}")
    if len(ids) > 1:
        message = _("document {id!r} has no event {wanted!r}: there are {first} to {last}")
    raise KgError(message.format(id=x.document.id, wanted=wanted, first=ids[0] if ids else "", last=ids[-1] if ids else ""))


def listed(x: Extraction) -> list[tuple[str, ...]]:
    """A table of the events of a document."""
    names = {e.id: _line(e.name) for e in x.entities}
    rows: list[tuple[str, ...]] = [(_("event"), _("sentence"), _("type"), _("trigger"), _("confidence"), "", _("roles"))]
    for e in x.events:
        roles = "; ".join(f"{role} {', '.join(names.get(i, i) for i in ids)}" for role, ids in e.roles.items())
        rows.append((e.id, str(e.sentence + 1), e.type, _line(e.trigger.text), f"{e.confidence:.2f}", _stance(e), roles))
    return rows


def _stance(e: Event) -> str:
    return " ".join(word for word in (e.polarity, e.modality) if word not in ("positive", "asserted"))


# ---------------------------------------------------------------------------------------------------------------------
# How an event was found


@dataclass(frozen=True, slots=True)
class Way:
    """How a role was filled: from a `slot` of the frame that `view` ("parse" or "position") saw; by the model alone where both are empty."""

    role: str
    slot: str
    view: str
    probability: float | None

    def words(self, spellings: Mapping[str, str]) -> str:
        sure = "" if self.probability is None else f", {self.probability:.2f}"
        if not self.slot:
            return _("by the model alone{sure}").format(sure=sure)
        return _("as {place}, by {view}{sure}").format(place=place(self.slot, spellings), view=_view(self.view), sure=sure)


@dataclass(frozen=True, slots=True)
class How:
    """What an event's `path` says. `frame` and `kind` are empty where no frame knows the trigger; only a model gives probabilities."""

    frame: str
    kind: str
    probability: float | None
    ways: tuple[Way, ...]

    @classmethod
    def of(cls, path: str) -> How | None:
        """Read a path as `kg.reading` writes it; None if it is none."""
        head = _PATH.fullmatch(path)
        ways = [_WAY.fullmatch(part) for part in re.split(r", (?=\w+=)", head["ways"])] if head else []
        if not head or not all(ways):
            return None
        filled = tuple(Way(w["role"], w["slot"] or "", w["view"] or "", _number(w["p"])) for w in ways if w)
        return cls(head["frame"] or "", head["kind"] or "", _number(head["p"]), filled)

    def way(self, role: str, number: int) -> Way | None:
        """How the entity of that number in a role was found; one way may stand for all."""
        ways = [w for w in self.ways if w.role == role]
        return ways[min(number, len(ways) - 1)] if ways else None


_PATH = re.compile(r"(?:(?P<frame>[^/ ]+)/(?P<kind>\w+)|learned)(?: (?P<p>[\d.]+))?: (?P<ways>.+)")
_WAY = re.compile(r"(?P<role>\w+)=(?:(?P<slot>.+?) by (?P<view>\w+)|learned)(?: (?P<p>[\d.]+))?")


#: What a frame looks at to find a role.
_VIEWS = {"parse": N_("parse"), "position": N_("position")}


def _view(name: str) -> str:
    return _(_VIEWS.get(name, name))


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


# ---------------------------------------------------------------------------------------------------------------------
# Where things stand


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entity stands: the number of its sentence, the head of the mention that is nearest to the trigger, its span in the text."""

    sentence: int
    head: int
    start: int
    end: int


class _Scenes:
    """The sentence of an event and those before it, as far back as roles are looked for."""

    def __init__(self, case: Case, event: Event, how: How | None) -> None:
        self.case, self.event = case, event
        told = case.scenes
        here = (n for n, s in enumerate(told) if s.sentence.start <= event.trigger.start < s.sentence.end)
        self.number = next(here, -1)
        self.readings: list[Reading] = []
        self.chosen: Reading | None = None
        if self.number < 0:
            return
        self.scene = told[self.number]
        words = self.scene.sentence.words
        covered = {w.index for w in words if w.start < event.trigger.end and event.trigger.start < w.end}
        self.readings = [r for r in self.scene.readings if covered & set(range(r.trigger.start, r.trigger.end))]
        if how:
            self.chosen = next((r for r in self.readings if (r.trigger.frame.id, r.trigger.kind) == (how.frame, how.kind)), None)
        self.at = self.chosen.trigger.head if self.chosen else min(covered, default=0)

    def place(self, entity: Entity, role: str | None = None) -> _Place | None:
        """Where an entity that has a role, or is the source, stands; None if it does not in these sentences."""
        group = self.chosen.found.roles.get(role or "", ()) if self.chosen and self.chosen.found else ()
        for n in range(self.number, max(-1, self.number - BACK - 1), -1):
            scene = self.case.scenes[n]
            fits = [a for a in scene.sites.args if _is(a, entity, scene.sentence)]
            if fits:
                best = min(fits, key=lambda a: (a not in group, abs(a.head - self.at) if n == self.number else -a.head))
                start, end = _span(best, scene.sentence)
                named = [m for m in entity.mentions if m.start < end and start < m.end]
                return _Place(n, best.head, named[0].start if named else start, named[0].end if named else end)
        return None


def _span(a: Argument, sentence: Sentence) -> tuple[int, int]:
    return sentence.words[a.start].start, sentence.words[a.end - 1].end


def _is(a: Argument, entity: Entity, sentence: Sentence) -> bool:
    """Whether an argument stands for an entity: by its mentions or, for the state of a nisba, by what it is."""
    if a.via != "mention":
        return a.handle.concept is not None and a.handle.concept in (entity.concept, entity.qid)
    start, end = _span(a, sentence)
    return any(m.start < end and start < m.end for m in entity.mentions)


def steps(sentence: Sentence, start: int, end: int) -> list[int]:
    """The words on the way through the tree from one word to another, with the prepositions of the first, in the order of the text."""

    def above(i: int) -> list[int]:
        out = [i]
        while sentence.words[i].head >= 0 and sentence.words[i].head not in out:
            i = sentence.words[i].head
            out.append(i)
        return out

    up, down = above(start), above(end)
    meet = next((i for i in up if i in down), None)
    way = {*up, *down} if meet is None else {*up[: up.index(meet) + 1], *down[: down.index(meet)]}
    cases = {w.index for w in sentence.words if w.deprel == "case" and w.head in way - {end}}
    return sorted(way | cases)


def marked(text: str, start: int, end: int, marks: Iterable[tuple[int, int, str]]) -> str:
    """A stretch of a text on one line with marks around spans of it: [label words]. What crosses another mark is left out."""
    labels: dict[tuple[int, int], list[str]] = {}
    for left, right, label in marks:
        if start <= left < right <= end:
            labels.setdefault((left, right), []).append(label)

    def write(at: int, stop: int, spans: Sequence[tuple[int, int]]) -> str:
        out = ""
        while spans:
            (left, right), *others = spans
            inner = write(left, right, [s for s in others if s[1] <= right])
            out += f"{text[at:left]}[{', '.join(dict.fromkeys(labels[left, right]))} {inner}]"
            at, spans = right, [s for s in others if s[0] >= right]
        return out + text[at:stop]

    return _line(write(start, end, sorted(labels, key=lambda span: (span[0], -span[1]))))


# ---------------------------------------------------------------------------------------------------------------------
# Lines


def lines(case: Case, event: Event) -> list[str]:
    """All that can be said of an event, to print. KgError if an entity in it is not there."""
    x, how = case.extraction, How.of(event.path)
    seen = _Scenes(case, event, how)
    spellings = spelling(case.frames)
    entities = {e.id: e for e in x.entities}
    if lost := [id for ids in (*event.roles.values(), event.source) for id in ids if id not in entities]:
        raise KgError(
            _("document {id!r}: event {event} points to entity {entity!r}, which is not there").format(
                id=x.document.id, event=event.id, entity=lost[0]
            )
        )
    participants = [(role, n, entities[id]) for role, ids in event.roles.items() for n, id in enumerate(ids)]
    sources = [entities[id] for id in event.source]
    where = _("in sentence {number} of document {id}").format(number=event.sentence + 1, id=_line(x.document.id))
    out = [f"{event.id}  {event.type}  {isolated(f'«{_line(event.trigger.text)}»')}  {isolated(where)}", ""]
    out += _sentences(seen, participants, sources)
    out += ["", *_row(_("event"), _("{type}, by {how}").format(type=event.type, how=_found_by(how, seen)))]
    out += _row(_("stance"), joined([event.polarity, event.modality]))
    out += _row(_("confidence"), f"{event.confidence:.3f}")
    out += _row(_("source"), _("; ").join(map(_entity, sources)) or _("none: the report says it itself"))
    for role, n, entity in participants:
        way = how.way(role, n) if how else None
        out += _row(role, _entity(entity))
        out += _row("", way.words(spellings) if way else _("not said how"))
    out += _parse(seen, participants)
    out += _others(seen, spellings)
    return out


def _row(name: str, value: str) -> list[str]:
    return [f"{padded(name, 13)} {isolated(value)}".rstrip()]


def _line(text: str) -> str:
    """Text on one line, without what would move the cursor of a terminal."""
    return _CONTROL.sub("\ufffd", " ".join(text.split()))


def _entity(e: Entity) -> str:
    names = dict.fromkeys(_line(n) for n in (e.name, e.quantity.text if e.quantity else e.label))
    return f"{e.id} {joined(names)} ({e.type})"


def _found_by(how: How | None, seen: _Scenes) -> str:
    path, chosen = seen.event.path, seen.chosen
    if how is None:
        return f"{path!r}" if path else _("somebody who left no path")
    by = [_("frame {name}").format(name=how.frame), how.kind] if how.frame else [_("the model alone, for no frame reads it so")]
    if chosen and chosen.trigger.light is not None:
        by.append(_("with the light verb «{word}»").format(word=_line(seen.scene.sentence.words[chosen.trigger.light].text)))
    if how.probability is not None:
        by.append(f"{how.probability:.2f}")
    if chosen and chosen.found:
        by.append(_("score of the frame {score:.2f}").format(score=chosen.found.score))
    return joined(by)


def _sentences(seen: _Scenes, participants: Sequence[tuple[str, int, Entity]], sources: Sequence[Entity]) -> list[str]:
    """The sentence of the event, and those before it in which a participant stands, marked."""
    text, event = seen.case.extraction.document.text, seen.event
    if seen.number < 0:
        return [directed("  " + _("(no sentence of the parse holds «{word}»)").format(word=_line(event.trigger.text)))]
    marks: dict[int, list[tuple[int, int, str]]] = {seen.number: [(event.trigger.start, event.trigger.end, _("TRIGGER"))]}
    for role, entity in [*((r, e) for r, _number, e in participants), *(("source", e) for e in sources)]:
        if p := seen.place(entity, role):
            marks.setdefault(p.sentence, []).append((p.start, p.end, role))
    out = []
    for n in sorted(marks):
        s = seen.case.scenes[n].sentence
        shown = marked(text, min(s.start, *(m[0] for m in marks[n])), max(s.end, *(m[1] for m in marks[n])), marks[n])
        out.append(directed(f"  {shown}"))
    return out


def _parse(seen: _Scenes, participants: Sequence[tuple[str, int, Entity]]) -> list[str]:
    """The words of the parse between the trigger and each participant, with relation and head."""
    if seen.number < 0:
        return []
    out = ["", isolated(_("parse"))]
    words = seen.scene.sentence.words
    for role, _number, entity in participants:
        p = seen.place(entity, role)
        if p is None or p.sentence != seen.number:
            before = _("stands in sentence {number}, before this one") if p else _("has no words of its own here")
            out.append(f"  {role} {entity.id} {isolated(before.format(number=p.sentence + 1 if p else 0))}")
            continue
        out.append(f"  {role} {entity.id}")
        for i in steps(seen.scene.sentence, p.head, seen.at):
            w = words[i]
            governor = _(" of {number} {word}").format(number=w.head + 1, word=_line(words[w.head].text)) if w.head >= 0 else ""
            out.append(f"  {i + 1:>4} {isolated(_line(w.text))}  {w.upos}  {w.deprel}{isolated(governor)}")
    return out


def _others(seen: _Scenes, spellings: Mapping[str, str]) -> list[str]:
    """What else the frames offered for the trigger."""
    others = [r for r in seen.readings if r is not seen.chosen]
    out = ["", isolated(_("other readings") if others else _("other readings: none"))]
    for r in others:
        frame = _("frame {name}").format(name=r.trigger.frame.id)
        out.append(directed(f"  {joined([r.trigger.frame.type, frame, r.trigger.kind])}: {_offer(r, seen, spellings)}"))
    return out


def _offer(r: Reading, seen: _Scenes, spellings: Mapping[str, str]) -> str:
    text, sentence = seen.case.extraction.document.text, seen.scene.sentence
    if r.found is None:
        offered = {o.role.name for o in r.options}
        missing = [role for role in r.trigger.required if role not in offered]
        return _("no event, for nothing fills {roles}").format(roles=_(" and ").join(missing) or _("the roles that it needs"))
    roles = []
    for role, group in r.found.roles.items():
        spans = [_span(a, sentence) for a in group]
        slot = r.found.paths[role]
        words = joined(f"«{_line(text[a:b])}»" for a, b in spans)
        roles.append(
            _("{role} {words} ({place}, by {view})").format(role=role, words=words, place=place(slot.name, spellings), view=_view(slot.view))
        )
    return _("; ").join([*roles, _("score {score:.2f}").format(score=r.found.score)])
