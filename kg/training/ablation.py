"""What each part of the relation layer gives: the official figures without it.

    python -m kg.training.ablation ../shared/gold/dev.jsonl

Models stay as they are; what is taken away is taken from what they see. The table of docs/evaluation.md is made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import click
import torch

from kg import evaluation, frames
from kg.baselines import BASELINES, replace_reader
from kg.entities import Register, _Draft
from kg.extract import Extractor, names_of
from kg.lexicon import Lexicon
from kg.model import Document, Mention, Sentence
from kg.packs import find_models
from kg.pipeline import Pipeline

Parsed = list[tuple[Document, tuple[Sentence, ...]]]
COLUMNS = ("mention", "entity", "event", "role", "edge", "source", "fact")


def without_parser(sentence: Sentence) -> Sentence:
    """Every word hangs on the one before it, and the parser's states are gone."""
    words = tuple(replace(w, head=w.index - 1, deprel="dep" if w.index else "root") for w in sentence.words)
    return replace(sentence, words=words, states=None)


class _Apart(Register):
    """A register in which only what is written alike is one entity."""

    def _find(self, s: Sentence, m: Mention) -> _Draft | None:
        return next((d for d in self._drafts if any((o.span.text, o.type) == (m.span.text, m.type) for o in d.mentions)), None)

    def _descriptions(self, *_: object) -> None:
        """Nobody is meant by his office."""


def _anything(extractor: Extractor) -> Extractor:
    """Roles take entities of all types."""
    every = frozenset({"PERSON", "STATE", "ORGANISATION", "WEAPON", "FORCE", "PLACE", "AGREEMENT", "CONFLICT"})
    known = [replace(f, roles=tuple(replace(r, accepts=every) for r in f.roles)) for f in extractor.frames.frames]
    changed = Extractor(extractor.lexicon, frames.Frames(known), extractor.cues, extractor.versions, extractor.scorer)
    for network in changed.scorer.networks if changed.scorer else ():
        for table in (network.argument, network.categories[0]):
            weight = cast(torch.Tensor, table.weight)
            with torch.no_grad():
                weight.copy_(weight.mean(0, keepdim=True).expand_as(weight))
    return changed


def variants(load: Callable[[], Extractor]) -> Iterator[tuple[str, Extractor, Callable[[Sentence], Sentence]]]:
    """Every ablation: its name, an extractor, and what it does to the sentences."""

    def same(sentence: Sentence) -> Sentence:
        return sentence

    yield "all", load(), same
    yield "without the parser", load(), without_parser
    full = load()
    yield "without the lexicon", Extractor(Lexicon(()), full.frames, full.cues, full.versions, full.scorer), same
    yield "without NER", load(), lambda s: replace(s, ner=())
    apart = load()
    apart.register = _Apart
    yield "without coreference", apart, same
    yield "without type constraints", _anything(load()), same
    frames_only = load()
    frames_only.scorer = None
    yield "frames alone (without the event model)", frames_only, same
    bare = load()
    yield "without frames", Extractor(bare.lexicon, frames.Frames(()), bare.cues, bare.versions, bare.scorer), same
    for name, read in BASELINES.items():
        yield f"baseline: {name}", replace_reader(full, read), same


def table(annotated: Sequence[Mapping[str, Any]], parsed: Parsed, load: Callable[[], Extractor]) -> Iterator[str]:
    """The lines of a Markdown table: F1 of each figure, and the precision of edges."""
    yield "| | " + " | ".join(COLUMNS) + " | edge precision |"
    yield "|---|" + "---|" * (len(COLUMNS) + 1)
    for name, extractor, change in variants(load):
        found = [extractor(d, tuple(map(change, sentences))).to_json() for d, sentences in parsed]
        f = evaluation.score(annotated, found).to_json()
        cells = [f[c]["f1"] if c in f else 0.0 for c in COLUMNS]
        yield f"| {name} | " + " | ".join(f"{x:.3f}" for x in cells) + f" | {f['edge']['p']:.3f} |"


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--models", help="The pack.")
def main(gold: Path, models: str | None) -> None:
    """Print the table."""
    pack = find_models(models)
    annotated = evaluation.load(gold)
    pipeline = Pipeline(pack, names_of(Extractor.load().lexicon))
    parsed = list(pipeline(Document(d["id"], d["text"]) for d in annotated))
    for line in table(annotated, parsed, lambda: Extractor.load(pack=pack)):
        click.echo(line)


if __name__ == "__main__":
    main()
