"""One document after another through all stages: parse, mentions, entities, events, facts -> Extraction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import dates, facts, mentions, reading, seats
from kg.dates import TimeExpression
from kg.entities import Handle, Register
from kg.errors import KgError
from kg.factuality import Cues
from kg.frames import Frames
from kg.language import _
from kg.lexicon import Lexicon, LexiconError
from kg.model import Document, Event, Extraction, Fact, Sentence, Span, When
from kg.packs import ModelPack
from kg.pipeline import batches
from kg.reading import Told
from kg.resources import bundled_models_dir, ontology_dir
from kg.scenes import Scene, scenes

if TYPE_CHECKING:
    from kg.groups import Joiner
    from kg.scorer import Scorer


def load_lexicon(own: Sequence[Path] = ()) -> Lexicon:
    """kg's lexicon with a user's own files after it. KgError names a file that is wrong."""
    try:
        return Lexicon.load(ontology_dir() / "lexicon", *own)
    except (LexiconError, OSError) as e:
        raise KgError(_("cannot read the lexicon: {why}").format(why=e)) from e


def names_of(lexicon: Lexicon) -> list[str]:
    """All names and words of a lexicon: what the pipeline must not cut as if they were clitics and a word."""
    return [label for entry in lexicon.entries.values() for label in entry.labels]


def load_scorer(pack: ModelPack) -> Scorer | None:
    """The event model of a pack, of the bundled one for Stanza's official pack, which has none; None if there is none."""
    from kg import scorer

    files = _beside_vectors(pack, "events.pt")
    return scorer.load(*files) if files else None


def load_joiner(pack: ModelPack) -> Joiner | None:
    """The ranker of groups of a pack, of the bundled one for Stanza's official pack, which has none; None if there is none."""
    from kg import groups, scorer

    files = _beside_vectors(pack, "groups.pt")
    return groups.load(files[0], *scorer.read_vectors(files[1])) if files else None


def _beside_vectors(pack: ModelPack, name: str) -> tuple[Path, Path] | None:
    """A file of kg's own models and the word vectors that it reads, of the bundled pack for Stanza's official one; None if one is not there."""
    directory = bundled_models_dir() if pack.official else pack.directory
    path, vectors = directory / name, directory / "vectors.pt"
    return (path, vectors) if path.is_file() and vectors.is_file() else None


#: Words of documents that networks read together: more gain little and cost memory.
TOGETHER = 4_000


class Extractor:
    """The stages behind the parse, with what they know. Nothing that it knows changes from one document to the next."""

    def __init__(
        self, lexicon: Lexicon, frames: Frames, cues: Cues, versions: dict[str, str], scorer: Scorer | None = None, joiner: Joiner | None = None
    ) -> None:
        self.lexicon, self.frames, self.cues, self.versions, self.scorer, self.joiner = lexicon, frames, cues, versions, scorer, joiner
        #: What groups mentions, and how events are read from scenes: ablations and baselines do both otherwise.
        self.register: Callable[[str, Lexicon], Register] = Register
        self.read: Callable[[Sequence[Scene], Extractor], list[Told]] = reading.read

    @classmethod
    def load(cls, lexicon: Sequence[Path] = (), frames: Sequence[Path] = (), pack: ModelPack | None = None, event_model: bool = True) -> Extractor:
        """Read kg's ontology, a user's own lexicon and frame files, and the event model of a pack. KgError names a file that is wrong."""
        from kg import __version__

        loaded = load_lexicon(lexicon)
        known, cues = Frames.load(own=frames), Cues.load()
        read = {"lexicon": loaded.sha256, "frames": known.sha256, "cues": cues.sha256}
        versions = {"kg": __version__, "models": pack.version() if pack else "", **{name: sha[:12] for name, sha in read.items()}}
        return cls(loaded, known, cues, versions, load_scorer(pack) if pack and event_model else None, load_joiner(pack) if pack else None)

    def but(self, **changes: Any) -> Extractor:
        """An extractor that knows the same but for some of its attributes."""
        other = copy(self)
        for name, value in changes.items():
            setattr(other, name, value)
        return other

    def __call__(self, document: Document, sentences: Sequence[Sentence]) -> Extraction:
        """What a parsed document says."""
        register, told = scenes(document.text, sentences, self)
        return self.assemble(document, register, told, self.read(told, self))

    def each(self, parsed: Iterable[tuple[Document, Sequence[Sentence]]]) -> Iterator[Extraction]:
        """What parsed documents say, each as if it were alone. Networks read several together, which costs less where documents are short."""
        for group in batches(parsed, lambda p: sum(len(s.words) for s in p[1]), TOGETHER):
            known = [(d, *scenes(d.text, sentences, self)) for d, sentences in group]
            if self.scorer:
                self.scorer.look_ahead([words for _, _, told in known if (words := reading.first_window(told))])
            for d, register, told in known:
                yield self.assemble(d, register, told, self.read(told, self))

    def assemble(self, document: Document, register: Register, told: Sequence[Scene], happened: Sequence[Told]) -> Extraction:
        """A document's entities, events and facts as one value."""
        with register.unchanged():
            return self._assembled(document, register, *seats.settle(register, told, happened, self.lexicon))

    def _assembled(self, document: Document, register: Register, told: Sequence[Scene], happened: Sequence[Told]) -> Extraction:
        text = document.text
        stated = [f for s in told for f in facts.find(s.sentence, s.mentions, s.titles, register, self.lexicon, text)]
        used = [h for e in happened for group in (*e.roles.values(), e.source) for h in group]
        used += [h for f in stated for h in (f.subject, f.object)]
        entities, ids = register.freeze(used)
        times = dates.find(text, document.day)
        return Extraction(
            document,
            tuple(Span(s.sentence.start, s.sentence.end, text[s.sentence.start : s.sentence.end]) for s in told),
            entities,
            tuple(_event(n, e, told[e.sentence].sentence, ids, text, times) for n, e in enumerate(happened, 1)),
            tuple(_facts(stated, ids)),
            self.versions,
        )


def _event(number: int, told: Told, s: Sentence, ids: dict[Handle, str], text: str, times: Sequence[TimeExpression]) -> Event:
    trigger = mentions.span_of(s.words, told.start, told.end, text)
    roles = {name: tuple(dict.fromkeys(ids[h] for h in group)) for name, group in told.roles.items()}
    return Event(
        f"V{number}", told.type, trigger, roles, s.index, told.polarity, told.modality, tuple(dict.fromkeys(ids[h] for h in told.source)),
        told.confidence, told.path, _when(trigger, s, times),
    )  # fmt: skip


def _when(trigger: Span, s: Sentence, times: Sequence[TimeExpression]) -> When | None:
    """The time expression of the sentence that stands nearest to a trigger."""
    here = [t for t in times if s.start <= t.start < s.end]
    nearest = min(here, key=lambda t: max(t.start - trigger.end, trigger.start - t.end), default=None)
    if nearest is None:
        return None
    first, last = (d.isoformat() if d else None for d in (nearest.interval.start, nearest.interval.end))
    return When(first, last, Span(nearest.start, nearest.end, nearest.text))


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
