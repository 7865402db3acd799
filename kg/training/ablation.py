"""What each part of the relation layer gives: the official figures without it.

    python -m kg.training.ablation ../shared/gold/dev.jsonl

Models stay as they are; what is taken away is taken from what they see. The table of docs/evaluation.md is made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import click
import torch

from kg import evaluation, frames
from kg.baselines import BASELINES
from kg.entities import Register, _Draft
from kg.extract import Extractor, names_of
from kg.lexicon import Lexicon
from kg.model import ENTITY_TYPES, Document, Mention, Sentence
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

    def join(self, *_: object) -> None:
        """No group is spoken of again."""


def _anything(extractor: Extractor) -> Extractor:
    """Roles take entities of all types."""
    every = frozenset(ENTITY_TYPES)
    known = [replace(f, roles=tuple(replace(r, accepts=every) for r in f.roles)) for f in extractor.frames.frames]
    scorer = deepcopy(extractor.scorer)
    for network in scorer.networks if scorer else ():
        for table in (network.argument, network.categories[0]):
            weight = cast(torch.Tensor, table.weight)
            with torch.no_grad():
                weight.copy_(weight.mean(0, keepdim=True).expand_as(weight))
    return extractor.but(frames=frames.Frames(known), scorer=scorer)


def variants(full: Extractor) -> Iterator[tuple[str, Extractor, Callable[[Sentence], Sentence]]]:
    """Every ablation: its name, an extractor, and what it does to the sentences."""

    def same(sentence: Sentence) -> Sentence:
        return sentence

    yield "all", full, same
    yield "without the parser", full, without_parser
    yield "without the lexicon", full.but(lexicon=Lexicon(())), same
    yield "without NER", full, lambda s: replace(s, ner=())
    yield "without coreference", full.but(register=_Apart), same
    yield "without type constraints", _anything(full), same
    yield "frames alone (without the event model)", full.but(scorer=None), same
    yield "without frames", full.but(frames=frames.Frames(())), same
    for name, read in BASELINES.items():
        yield f"baseline: {name}", full.but(read=read), same


def table(annotated: Sequence[Mapping[str, Any]], parsed: Parsed, full: Extractor) -> Iterator[str]:
    """The lines of a Markdown table: F1 of each figure, and the precision of edges."""
    yield "| | " + " | ".join(COLUMNS) + " | edge precision |"
    yield "|---|" + "---|" * (len(COLUMNS) + 1)
    for name, extractor, change in variants(full):
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
    full = Extractor.load(pack=pack)
    parsed = list(Pipeline(pack, names_of(full.lexicon))(Document(d["id"], d["text"]) for d in annotated))
    for line in table(annotated, parsed, full):
        click.echo(line)


if __name__ == "__main__":
    main()
