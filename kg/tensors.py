"""What `kg.features` says of words, triggers and pairs, as the tensors that networks of `kg.scorer` compute with.

They are made once, whatever number of networks is asked. The words of all sentences stand one after the other: sentences differ much in
length, and rows that only fill up would cost as much as words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, permutations

import numpy as np
import torch
from torch import Tensor

from kg.features import BACK, TYPES, Candidate, Target, Words
from kg.model import MODALITIES, POLARITIES
from kg.word_models import bagged, numbers

#: How many numbers say where another event stands (`_nearby`), and how many words away is close.
PLACES, _CLOSE = 7, 5


def starts_of(lengths: Sequence[int]) -> tuple[int, ...]:
    """The first rows of sentences of so many words."""
    return tuple(accumulate(lengths[:-1], initial=0))


@dataclass(frozen=True, slots=True)
class WordRows:
    """The words of sentences. `known` holds their vectors, those of their lemmas and of their governors, `parsed` the parser's states (zeros
    where it has said nothing, or another parser has)."""

    lengths: tuple[int, ...]
    known: Tensor
    governors: Tensor
    tags: Tensor
    letters: tuple[Tensor, Tensor]
    frames: Tensor
    parsed: Tensor

    @property
    def starts(self) -> tuple[int, ...]:
        return starts_of(self.lengths)

    @classmethod
    def of(cls, sentences: Sequence[Words], vectors: Tensor, lookup: Callable[[str], int], states: int) -> WordRows:
        """`lookup` gives the number of a word in `vectors`; `states` is the dimension of the parser's states."""
        lengths = tuple(len(s.forms) for s in sentences)
        size = sum(lengths)
        starts = starts_of(lengths)
        forms = vectors[numbers([lookup(f) for s in sentences for f in s.forms])]
        lemmas = vectors[numbers([lookup(w) for s in sentences for w in s.lemmas])]
        governors = numbers([start + max(h, 0) for start, s in zip(starts, sentences, strict=True) for h in s.heads])
        frames = torch.zeros(size, len(TYPES))
        proposed = [(i, *f) for i, found in enumerate(found for s in sentences for found in s.frames) for f in found]
        if proposed:
            rows, types, strengths = zip(*proposed, strict=True)
            frames[list(rows), list(types)] = torch.tensor(strengths)
        parsed = torch.zeros(size, states)
        for start, s in zip(starts, sentences, strict=True):
            if s.states is not None and s.states.shape[1] == states:
                parsed[start : start + len(s.forms)] = torch.from_numpy(s.states)
        return cls(
            lengths,
            torch.cat([forms, lemmas, forms[governors]], 1),
            governors,
            numbers([row for s in sentences for row in zip(s.upos, s.deprel, s.argument, strict=True)]),
            bagged([word for s in sentences for word in s.letters]),
            frames,
            parsed,
        )


@dataclass(frozen=True, slots=True)
class TargetRows:
    """Triggers: the rows of their words, their event types, and the modality and polarity that rules give them, as ones among zeros."""

    at: Tensor
    types: Tensor
    rules: Tensor

    @classmethod
    def of(cls, starts: Sequence[int], targets: Sequence[Target]) -> TargetRows:
        """`starts` are the first rows of the sentences."""
        rules = torch.zeros(len(targets), len(MODALITIES) + len(POLARITIES))
        for i, t in enumerate(targets):
            rules[i, t.modality] = rules[i, len(MODALITIES) + t.polarity] = 1.0
        return cls(numbers([starts[t.sentence] + t.at for t in targets]), numbers([t.type for t in targets]), rules)


@dataclass(frozen=True, slots=True)
class PairRows:
    """Candidates and what belongs to them.

    Of every candidate: its target (`of_target`), the place of its head's row among `head_rows`, what is known of the pair (`categories`, `numbers`),
    the rows from `low` to `high` that lie from trigger to head, and its entity. Of every entity: its target and its type.
    Of every two entities that are one thing in two events nearby: which hears (`to`) of which (`by`), and where that stands (`places`).
    """

    targets: TargetRows
    of_target: Tensor
    head_rows: Tensor
    head_at: Tensor
    categories: Tensor
    numbers: Tensor
    low: Tensor
    high: Tensor
    entity: Tensor
    entity_target: Tensor
    entity_type: Tensor
    to: Tensor
    by: Tensor
    places: Tensor

    @classmethod
    def of(cls, starts: Sequence[int], targets: Sequence[Target], candidates: Sequence[Candidate]) -> PairRows:
        """Candidates, of which there is at least one, of at least one target; `starts` are the first rows of the sentences."""
        rows = TargetRows.of(starts, targets)
        of_target = numbers([c.target for c in candidates])
        head = numbers([starts[c.sentence] + c.head for c in candidates])
        # In another sentence the argument stands alone: what lies between is not read.
        here = torch.tensor([c.sentence == targets[c.target].sentence for c in candidates])
        trigger = torch.where(here, rows.at[of_target], head)
        first: dict[int, Candidate] = {}
        for c in candidates:
            first.setdefault(c.entity, c)
        mine = [first[e] for e in range(len(first))]
        nearby = _nearby(mine, targets)
        head_rows, head_at = torch.unique(head, return_inverse=True)
        return cls(
            targets=rows,
            of_target=of_target,
            head_rows=head_rows,
            head_at=head_at,
            categories=numbers([c.pair.categories for c in candidates]),
            numbers=numbers([c.pair.numbers for c in candidates], np.float32),
            low=torch.minimum(trigger, head),
            high=torch.maximum(trigger, head),
            entity=numbers([c.entity for c in candidates]),
            entity_target=numbers([c.target for c in mine]),
            entity_type=numbers([c.pair.categories[0] for c in mine]),
            to=numbers([to for to, *_ in nearby]),
            by=numbers([by for _, by, _ in nearby]),
            places=numbers([place for *_, place in nearby], np.float32).view(-1, PLACES),
        )


def _nearby(mine: Sequence[Candidate], targets: Sequence[Target]) -> list[tuple[int, int, tuple[float, ...]]]:
    """For the candidates of one thing in two events at most two sentences apart: their places in `mine`, and where the second event stands."""
    of: dict[int, list[tuple[int, Target]]] = defaultdict(list)
    for n, c in enumerate(mine):
        of[c.thing].append((n, targets[c.target]))
    out: list[tuple[int, int, tuple[float, ...]]] = []
    for group in of.values():
        for (to, here), (by, there) in permutations(group, 2):
            gap = there.sentence - here.sentence
            if -BACK <= gap <= BACK and (gap or there.at != here.at):
                close = gap == 0 and abs(there.at - here.at) <= _CLOSE
                place = gap == 0, gap < 0, gap > 0, gap == 0 and there.at < here.at, close, there.type == here.type
                out.append((to, by, (*place, there.surety)))
    return out
