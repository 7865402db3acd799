"""Annotated documents -> what the event model learns from: `kg.features` with the right answers.

Mentions, arguments and frames are those that kg itself finds in the text, so that the model meets at run time what it met in
training; an argument stands for the annotated entity with which its mentions overlap most.
"""

from __future__ import annotations

import json
import lzma
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.entities import Handle
from kg.extract import Extractor
from kg.features import ROLES, TYPES, Candidate, Target
from kg.model import MODALITIES, POLARITIES, Mention, Sentence
from kg.scenes import Scene, candidates, scenes

_OWN = Path(__file__).with_name("data")


def documents(gold: Path, corpus: Path, own: Path = _OWN) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Annotated documents in the form of the gold data: those of `gold`, and those annotated for kg.

    Args:
        gold: `train.jsonl`.
        corpus: the news corpus, of which `news_events.jsonl` gives lines and offsets.
        own: the folder of kg's own annotations.
    """
    theirs = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    rows = [
        json.loads(line) for name in ("news_events", "events_written") for line in (own / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    wanted = {n for r in rows for n in r.get("lines", ())}
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        text = {n: line.rstrip("\n") for n, line in enumerate(lines) if n in wanted}
    return theirs, [_gold_form(r, r["text"] if "text" in r else "\n".join(text[n] for n in r["lines"])) for r in rows]


def _gold_form(row: Mapping[str, Any], text: str) -> dict[str, Any]:
    def span(at: Sequence[int]) -> dict[str, Any]:
        return {"start": at[0], "end": at[1], "text": text[at[0] : at[1]]}

    entities = [{**e, "name": e["id"], "mentions": [span(m) for m in e["mentions"]]} for e in row["entities"]]
    events = [{"polarity": "positive", "modality": "asserted", "source": [], **e, "trigger": span(e["trigger"])} for e in row["events"]]
    return {"id": row["id"], "text": text, "entities": entities, "events": events, "facts": []}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A document for training: the scenes' words, right triggers (a type + 1 for every word, 0 for none), targets with their right
    modality and polarity, candidates, and for each of their entities the right role (0 for none) and whether it is the source."""

    id: str
    words: tuple[Any, ...]
    triggers: tuple[tuple[int, ...], ...]
    targets: tuple[Target, ...]
    modalities: tuple[int, ...]
    polarities: tuple[int, ...]
    candidates: tuple[Candidate, ...]
    roles: tuple[int, ...]
    sources: tuple[bool, ...]


def entities_of(gold: Mapping[str, Any], told: Sequence[Scene], mentions: Iterable[tuple[Mention, Handle]]) -> dict[Handle, str]:
    """The annotated entity that each handle stands for."""
    votes: dict[Handle, Counter[str]] = defaultdict(Counter)
    for m, handle in mentions:
        for e in gold["entities"]:
            if any(x["start"] < m.span.end and m.span.start < x["end"] for x in e["mentions"]):
                votes[handle][e["id"]] += 1
    out = {handle: min(v, key=lambda id: (-v[id], id)) for handle, v in votes.items()}
    for scene in told:
        for a in scene.sites.args:
            entry = a.handle.entry
            if a.handle not in out and entry:
                for e in gold["entities"]:
                    same = entry.qid is not None and e.get("qid") == entry.qid
                    if not e["mentions"] and (same or str(e.get("name")).casefold() == (entry.label_en or "").casefold()):
                        out[a.handle] = e["id"]
    return out


def word_of(sentence: Sentence, start: int, end: int) -> int | None:
    """The first word of a sentence that overlaps characters [start, end)."""
    return next((w.index for w in sentence.words if w.start < end and start < w.end and w.upos != "PUNCT"), None)


def lesson(gold: Mapping[str, Any], sentences: Sequence[Sentence], extractor: Extractor) -> Lesson:
    """One annotated document as a lesson."""
    register, told = scenes(gold["text"], sentences, extractor)
    means = entities_of(gold, told, ((m, register.of(m)) for s in told for m in s.mentions))
    triggers = [[0] * len(s.words) for s in sentences]
    events: list[tuple[int, int, Mapping[str, Any]]] = []
    for event in sorted(gold["events"], key=lambda e: (e["trigger"]["start"], e["type"])):
        start, end = event["trigger"]["start"], event["trigger"]["end"]
        n = next((i for i, s in enumerate(sentences) if s.start <= start < s.end), None)
        at = None if n is None else word_of(sentences[n], start, end)
        if n is None or at is None or event["type"] not in TYPES or triggers[n][at]:
            continue
        triggers[n][at] = TYPES.index(event["type"]) + 1
        events.append((n, at, event))
    targets, offered = candidates(told, [(n, at, e["type"]) for n, at, e in events], extractor)
    size = max((o.plain.entity for o in offered), default=-1) + 1
    roles, sources = [0] * size, [False] * size
    for o in offered:
        event, id = events[o.target][2], means.get(o.handle, "")
        roles[o.plain.entity] = next((ROLES.index(r) + 1 for r, ids in event["roles"].items() if id and id in ids and r in ROLES), 0)
        sources[o.plain.entity] = bool(id) and id in (event.get("source") or ())
    return Lesson(
        gold["id"], tuple(s.words for s in told), tuple(map(tuple, triggers)), tuple(targets),
        tuple(MODALITIES.index(e.get("modality") or "asserted") for *_, e in events),
        tuple(POLARITIES.index(e.get("polarity") or "positive") for *_, e in events), tuple(o.plain for o in offered), tuple(roles), tuple(sources),
    )  # fmt: skip
