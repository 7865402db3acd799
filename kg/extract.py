"""One document after another through all stages: parse, mentions, entities, events, facts -> Extraction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from kg import arguments, events, facts, mentions, titles
from kg.arguments import Sites
from kg.entities import Handle, Register
from kg.errors import KgError
from kg.factuality import Cues, Reader
from kg.frames import Frames
from kg.lexicon import Lexicon, LexiconError
from kg.model import Document, Event, Extraction, Fact, Sentence, Span
from kg.packs import find_models
from kg.pipeline import Pipeline
from kg.resources import ontology_dir


def load_lexicon(own: Sequence[Path] = ()) -> Lexicon:
    """kg's lexicon with a user's own files after it. KgError names a file that is wrong."""
    try:
        return Lexicon.load(ontology_dir() / "lexicon", *own)
    except (LexiconError, OSError) as e:
        raise KgError(f"cannot read the lexicon: {e}") from e


def names_of(lexicon: Lexicon) -> list[str]:
    """All names and words of a lexicon: what the pipeline must not cut as if they were clitics and a word."""
    return [label for entry in lexicon.entries.values() for label in entry.labels]


class Extractor:
    """The stages behind the parse, with what they know. Nothing in it changes from one document to the next."""

    def __init__(self, lexicon: Lexicon, frames: Frames, cues: Cues, versions: dict[str, str]) -> None:
        self.lexicon, self.frames, self.cues, self.versions = lexicon, frames, cues, versions

    @classmethod
    def load(cls, lexicon: Sequence[Path] = (), models: str = "") -> Extractor:
        """Read kg's ontology and a user's own lexicon files. KgError names a file that is wrong."""
        from kg import __version__

        loaded = load_lexicon(lexicon)
        frames, cues = Frames.load(), Cues.load()
        versions = {"kg": __version__, "models": models, "lexicon": loaded.sha256[:12], "frames": frames.sha256[:12], "cues": cues.sha256[:12]}
        return cls(loaded, frames, cues, versions)

    def __call__(self, document: Document, sentences: Sequence[Sentence]) -> Extraction:
        """What a parsed document says."""
        text = document.text
        found = [mentions.find(s, text, self.lexicon) for s in sentences]
        named = [titles.find(s, ms, self.lexicon) for s, ms in zip(sentences, found, strict=True)]
        register = Register(text, self.lexicon)
        register.resolve(sentences, found, [t for ts in named for t in ts])
        reader = Reader(self.cues)
        told: list[tuple[Sentence, events.Found, tuple[Handle, ...], str, str]] = []
        stated: list[facts.Stated] = []
        for s, ms, ts in zip(sentences, found, named, strict=True):
            args = arguments.arguments(s, ms, register, self.lexicon)
            mentioned = [any(m.words[0] <= i < m.words[1] for m in ms) for i in range(len(s.words))]
            sites = Sites(s, args)
            happened = events.find(sites, mentioned, self.frames)
            factual = reader.read(s, sites, happened)
            told += [(s, e, f.source, f.polarity, f.modality) for e, f in zip(happened, factual, strict=True)]
            stated += facts.find(s, ms, ts, register, self.lexicon, text)
        used = [a.handle for _, e, *_ in told for group in e.roles.values() for a in group]
        used += [h for _, _, source, *_ in told for h in source] + [h for f in stated for h in (f.subject, f.object)]
        entities, ids = register.freeze(used)
        return Extraction(
            document,
            tuple(Span(s.start, s.end, text[s.start : s.end]) for s in sentences),
            entities,
            tuple(_event(n, *t, ids, text) for n, t in enumerate(told, 1)),
            tuple(_facts(stated, ids)),
            self.versions,
        )


def _event(
    number: int, s: Sentence, found: events.Found, source: tuple[Handle, ...], polarity: str, modality: str, ids: dict[Handle, str], text: str
) -> Event:
    trigger = mentions.span_of(s.words, found.trigger.start, found.trigger.end, text)
    roles = {name: tuple(dict.fromkeys(ids[a.handle] for a in group)) for name, group in found.roles.items()}
    confidence = round(min(0.99, sum(slot.score for slot in found.paths.values()) / len(found.paths)), 3)
    path = f"{found.trigger.frame.id}/{found.trigger.kind}: " + ", ".join(f"{r}={slot.name} by {slot.view}" for r, slot in found.paths.items())
    return Event(
        f"V{number}", found.type, trigger, roles, s.index, polarity, modality, tuple(dict.fromkeys(ids[h] for h in source)), confidence, path
    )


def _facts(stated: Iterable[facts.Stated], ids: dict[Handle, str]) -> Iterator[Fact]:
    seen: set[tuple[str, str, str]] = set()
    number = 0
    for f in stated:
        key = ids[f.subject], f.predicate, ids[f.object]
        if key in seen:
            continue
        seen.add(key)
        number += 1
        yield Fact(f"F{number}", *key, f.evidence, f.sentence, f.office, f.confidence, f.path)


def extract(
    documents: Iterable[Document],
    *,
    models: str | None = None,
    lexicon: Sequence[Path] = (),
    progress: Callable[[int], None] | None = None,
) -> Iterator[Extraction]:
    """Extractions of documents, in their order; see `kg.api.extract`."""
    pack = find_models(models)
    extractor = Extractor.load(lexicon, pack.version())
    pipeline = Pipeline(pack, names_of(extractor.lexicon))
    for n, (document, sentences) in enumerate(pipeline(documents), 1):
        yield extractor(document, sentences)
        if progress:
            progress(n)
