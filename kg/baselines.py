"""What the relation layer is measured against: co-occurrence in a sentence, and plain triples of subject, verb and object.

Both are given kg's own mentions, entities and triggers (the words that frames know), so that only the linking differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg import events
from kg.arguments import Argument
from kg.model import Document, Extraction
from kg.reading import Told
from kg.scenes import Scene

if TYPE_CHECKING:
    from kg.extract import Extractor

_ACTORS = frozenset({"PERSON", "STATE", "ORGANISATION", "FORCE"})


def cooccurrence(told: Sequence[Scene], extractor: Extractor) -> list[Told]:
    """Every actor of a sentence does what the sentence's trigger says to everything else that is named in it."""
    out = []
    for n, scene in enumerate(told):
        for found in events.choose(scene.readings):
            for actor in scene.sites.args:
                others = [a for a in scene.sites.args if a.handle != actor.handle]
                if actor.type in _ACTORS and others:
                    out.append(_told(n, found.trigger.start, found.trigger.end, found.type, actor, others))
    return out


def triples(told: Sequence[Scene], extractor: Extractor) -> list[Told]:
    """Subject and object of every verb that a frame knows, as the parser gives them."""
    out = []
    for n, scene in enumerate(told):
        seen: set[int] = set()
        for reading in scene.readings:
            trigger = reading.trigger
            if trigger.kind != "verb" or trigger.start in seen:
                continue
            slots = {
                name: [a for a in scene.sites.args if any(s.name == name for s in scene.sites.parsed(trigger, a))] for name in ("subject", "object")
            }
            if slots["subject"] and slots["object"]:
                seen.add(trigger.start)
                out += [_told(n, trigger.start, trigger.end, trigger.frame.type, actor, slots["object"]) for actor in slots["subject"]]
    return out


def _told(sentence: int, start: int, end: int, type: str, actor: Argument, others: Sequence[Argument]) -> Told:
    roles = {"agent": (actor.handle,), "theme": tuple(dict.fromkeys(a.handle for a in others))}
    return Told(sentence, start, end, type, roles, (), "positive", "asserted", 1.0, "baseline")


Reader = Callable[[Sequence[Scene], "Extractor"], list[Told]]
BASELINES: dict[str, Reader] = {"co-occurrence": cooccurrence, "subject-verb-object": triples}


def extract(documents: Iterable[Document], *, models: str | None = None, lexicon: Sequence[Path] = ()) -> Iterator[dict[str, Extraction]]:
    """What kg (at "kg") and each baseline find in documents, which are parsed once. KgError if models or a lexicon cannot be loaded."""
    from kg.extract import Extractor, names_of
    from kg.packs import find_models
    from kg.pipeline import Pipeline

    pack = find_models(models)
    full = Extractor.load(lexicon, pack=pack)
    extractors = {"kg": full} | {name: full.but(read=read) for name, read in BASELINES.items()}
    for document, sentences in Pipeline(pack, names_of(full.lexicon))(documents):
        yield {name: extractor(document, sentences) for name, extractor in extractors.items()}
