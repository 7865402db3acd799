"""The ranker of groups (`kg.groups`): trained on annotated documents.

    python -m kg.training.groups            # writes WORK/models/groups.pt, and groups0.pt … groups4.pt in WORK/events, which have not seen a fold

Documents, folds and their parses are those of `kg.training.events`. Mentions are those that kg itself finds; one whose annotated entity
stands before it should choose any mention of that entity, any other none.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import click
import torch
from torch import Tensor

from kg import groups, scorer
from kg.extract import Extractor
from kg.groups import Group, Joiner, Ranker, Sizes
from kg.model import Sentence
from kg.packs import find_models
from kg.scenes import scenes
from kg.training.event_data import documents
from kg.training.events import FOLDS, Parsed, parsed
from kg.training.rates import rate_at

log = logging.getLogger(__name__)

EPOCHS = 12
BATCH = 16
RATE = 3e-3
#: From this probability on, a mention continues a group. Over five folds edges are best from 0.4 to 0.5; at 0.45 fewer are joined wrongly.
LEAST = 0.45


@dataclass(frozen=True, slots=True)
class Lesson:
    """The groups' mentions of a document, in the order of the text, with the annotated entity of each (None: annotators have no such mention)."""

    groups: tuple[Group, ...]
    entities: tuple[str | None, ...]


def lesson(gold: Mapping[str, Any], sentences: Sequence[Sentence], extractor: Extractor, joiner: Joiner) -> Lesson:
    """One annotated document. `joiner` gives the vectors; its ranker is not asked."""
    register, told = scenes(gold["text"], sentences, extractor.but(joiner=None))
    mentions, found = register.groups([s.sentence for s in told], [s.mentions for s in told], joiner)
    entities = []
    for m in mentions:
        over = (
            e["id"] for e in gold["entities"] if e["type"] == m.type for x in e["mentions"] if x["start"] < m.span.end and m.span.start < x["end"]
        )
        entities.append(next(over, None))
    return Lesson(tuple(found), tuple(entities))


def train(lessons: Sequence[Lesson], seed: int) -> Ranker:
    """A ranker. The same seed and lessons give the same on one thread."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    ranker = Ranker(Sizes())
    optimizer = torch.optim.AdamW(ranker.parameters(), lr=RATE, weight_decay=1e-3)
    rows = [row for x in lessons for row in _rows(x)]
    steps = EPOCHS * len(rows) // BATCH
    done = 0
    for _epoch in range(EPOCHS):
        rng.shuffle(rows)
        for i in range(0, len(rows), BATCH):
            for group in optimizer.param_groups:
                group["lr"] = rate_at(done / steps, RATE)
            optimizer.zero_grad()
            losses = [-torch.logsumexp(ranker(pairs, first).log_softmax(0)[right], 0) for pairs, first, right in rows[i : i + BATCH]]
            torch.stack(losses).mean().backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            done += 1
    return ranker.eval()


def _rows(x: Lesson) -> list[tuple[Tensor, Tensor, list[int]]]:
    """For each mention that has others before it: signs of the pairs, its own, and the places of the right answers among the logits."""
    rows = []
    for i, entity in enumerate(x.entities):
        before, pairs, first = groups.signs(x.groups, i)
        if before and entity is not None:
            right = [n for n, k in enumerate(before) if x.entities[k] == entity] or [len(before)]
            rows.append((torch.tensor(pairs), torch.tensor(first), right))
    return rows


def pairs_found(lessons: Sequence[Lesson], joiner: Joiner | None) -> Counter[str]:
    """Pairs of annotated mentions that are one group in both (right), in ours only (wrong), in the annotation only (missed)."""
    count: Counter[str] = Counter()
    for x in lessons:
        draft = {g.draft: g.draft for g in x.groups}
        for one, other in joiner.joins(x.groups) if joiner else ():
            old, new = draft[x.groups[one].draft], draft[x.groups[other].draft]
            draft = {d: new if at == old else at for d, at in draft.items()}
        for a, b in combinations(range(len(x.groups)), 2):
            if x.groups[a].type == x.groups[b].type and x.entities[a] and x.entities[b]:
                ours, theirs = draft[x.groups[a].draft] == draft[x.groups[b].draft], x.entities[a] == x.entities[b]
                count["right" if ours and theirs else "wrong" if ours else "missed" if theirs else "apart"] += 1
    return count


@click.command()
@click.option("--data", default="../shared/data", type=click.Path(path_type=Path), show_default=True, help="The news corpus.")
@click.option("--gold", default="../shared/gold/train.jsonl", type=click.Path(path_type=Path), show_default=True, help="Annotated documents.")
@click.option("--work", default="build", type=click.Path(path_type=Path), show_default=True, help="Working folder.")
@click.option("--models", help="The pack whose parser and vectors it reads.  [default: the bundled one]")
def main(data: Path, gold: Path, work: Path, models: str | None) -> None:
    """Train the ranker of groups, and one for each fold."""
    from kg.extract import names_of
    from kg.pipeline import Pipeline

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    pack = find_models(models)
    extractor = Extractor.load()
    joiner = Joiner(Ranker(Sizes()), LEAST, *scorer.read_vectors(pack.directory / "vectors.pt"))
    theirs, own = documents(gold, data / "news" / "saudinewsnet.txt.xz")

    def read(docs: Sequence[dict[str, Any]], cache: str) -> list[Lesson]:
        found: Parsed = parsed(docs, lambda: Pipeline(pack, names_of(extractor.lexicon)), work / "events" / cache)
        return [lesson(d, s, extractor, joiner) for d, s in found]

    lessons, own_lessons = read(theirs, "gold.pickle"), read(own, "own.pickle")
    totals: Counter[str] = Counter()
    for fold in range(FOLDS):
        ranker = train([*own_lessons, *(x for i, x in enumerate(lessons) if i % FOLDS != fold)], seed=fold)
        groups.save(ranker, LEAST, work / "events" / f"groups{fold}.pt")
        asked = Joiner(ranker, LEAST, joiner.vectors, joiner.lookup)
        totals += pairs_found([x for i, x in enumerate(lessons) if i % FOLDS == fold], asked)
    for name, n in (("rules", pairs_found(lessons, None)), ("five-fold", totals)):
        log.info(
            "%s: pairs %d right, %d wrong, %d missed: F1 %.3f", name, n["right"], n["wrong"], n["missed"],
            2 * n["right"] / (2 * n["right"] + n["wrong"] + n["missed"]),
        )  # fmt: skip
    (work / "models").mkdir(parents=True, exist_ok=True)
    groups.save(train([*own_lessons, *lessons], seed=FOLDS), LEAST, work / "models" / "groups.pt")


if __name__ == "__main__":
    main()
