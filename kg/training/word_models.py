"""Train `kg.word_models` on the news corpus.

    python -m kg.training.word_models NEWS.txt.xz VECTORS.pt OUT.pt

The next word is told from words drawn by their frequency (sampled softmax, Jean et al. 2015), for a softmax over all words would be most of
the work. Two cores can share it: `--direction forward` and `--direction backward` in two runs write OUT's halves, and the second joins them.
"""

from __future__ import annotations

import collections
import logging
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import click
import torch
from torch import Tensor, nn

from kg.features import letters as pieces
from kg.scorer import read_vectors
from kg.text import fold
from kg.training.vectors import Splitter, read
from kg.word_models import PIECE, Sizes, WordModels, bagged, save

log = logging.getLogger(__name__)

#: Texts of a step, and words that are drawn for it.
BATCH, DRAWN = 32, 4000
#: How many of the vectors' words can be guessed; the rest are one.
KNOWN = 50_000
#: Texts that measure and do not train.
HELD_OUT = 400
#: Words that a direction reads, a third of the corpus, and the highest rate of learning.
WORDS, RATE = 4_300_000, 2e-3
DIRECTIONS = ("forward", "backward")


def texts(corpus: Path) -> tuple[list[str], list[Sequence[int]]]:
    """The different words of a corpus, and its texts in pieces of at most PIECE words, as numbers of words, clitics split off."""
    lines = list(read(corpus))
    splitter = Splitter(collections.Counter(w for line in lines for w in line))
    split: dict[str, list[int]] = {}
    numbers: dict[str, int] = {}
    out: list[Sequence[int]] = []
    for line in lines:
        row: list[int] = []
        for word in line:
            if word not in split:
                split[word] = [numbers.setdefault(p, len(numbers)) for p in splitter.split(word)]
            row += split[word]
        out += [row[i : i + PIECE] for i in range(0, len(row), PIECE)]
    return list(numbers), [t for t in out if len(t) > 3]


class Guesser(nn.Module):
    """What turns the last layer's state into the next word: thrown away after training."""

    def __init__(self, hidden: int, vectors: Tensor) -> None:
        super().__init__()
        self.project = nn.Linear(hidden, vectors.shape[1])
        self.words = nn.Parameter(vectors.clone())
        self.bias = nn.Parameter(torch.zeros(len(vectors)))

    def loss(self, states: Tensor, right: Tensor, drawn: Tensor, odds: Tensor) -> Tensor:
        """Cross-entropy of the right words among those drawn, corrected by how often each is drawn (log odds of all words)."""
        x = self.project(states)
        of_right = (x * self.words[right]).sum(1) + self.bias[right] - odds[right]
        of_drawn = x @ self.words[drawn].T + self.bias[drawn] - odds[drawn]
        of_drawn = of_drawn.masked_fill(right[:, None] == drawn[None, :], -1e9)
        return cast(Tensor, (torch.logsumexp(torch.cat([of_right[:, None], of_drawn], 1), 1) - of_right).mean())

    def surprise(self, states: Tensor, right: Tensor) -> float:
        """The sum of the cross-entropies over all words, in nats."""
        return float(nn.functional.cross_entropy(self.project(states) @ self.words.T + self.bias, right, reduction="sum"))


def batches(found: Sequence[Sequence[int]], rng: random.Random, backward: bool) -> Iterator[Tensor]:
    """Texts of like length together, padded with -1."""
    order = sorted(range(len(found)), key=lambda i: (len(found[i]), rng.random()))
    groups = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    rng.shuffle(groups)
    for group in groups:
        longest = max(len(found[i]) for i in group)
        rows = [list(reversed(found[i])) if backward else list(found[i]) for i in group]
        yield torch.tensor([[*row, *(-1,) * (longest - len(row))] for row in rows])


class Corpus:
    """The texts, and what is known of their words."""

    def __init__(self, path: Path, vectors: Tensor, lookup: Callable[[str], int]) -> None:
        self.vectors, self.lookup = vectors, lookup
        words, found = texts(path)
        random.Random(1).shuffle(found)
        self.held_out, self.texts = found[:HELD_OUT], found[HELD_OUT:]
        self.size = sum(map(len, self.texts))
        self.numbers = torch.tensor([lookup(w) for w in words])
        #: What is to be guessed where a word comes next: its number, that of an unknown word for those that are rare.
        self.right = torch.where(self.numbers < KNOWN, self.numbers, 1)
        self.letters = [pieces(fold(w)) for w in words]
        counts = torch.zeros(KNOWN)
        for word, n in collections.Counter(w for text in self.texts for w in text).items():
            counts[self.right[word]] += n
        share = (counts + 0.5) ** 0.75
        self.share = share / share.sum()
        log.info("%d texts, %d words, %d different", len(self.texts), self.size, len(words))


class Learner:
    """One direction in training."""

    def __init__(self, corpus: Corpus, direction: int, sizes: Sizes) -> None:
        self.corpus, self.direction = corpus, direction
        self.model = WordModels(sizes, corpus.vectors, corpus.lookup)
        self.guesser = Guesser(sizes.hidden, corpus.vectors[:KNOWN])
        self.lstms = cast(nn.ModuleList, self.model.lstms[direction])
        self.parameters = [*self.model.letters[direction].parameters(), *self.lstms.parameters(), *self.guesser.parameters()]
        self.drop = nn.Dropout(0.1)

    def read(self, grid: Tensor) -> tuple[Tensor, Tensor]:
        """The last layer's states of texts (rows of words, -1 for none) where another word follows, and the words that do."""
        corpus = self.corpus
        used, at = grid.clamp(min=0).unique(return_inverse=True)  # type: ignore[no-untyped-call]
        top = self.model.enter(self.direction, corpus.numbers[used], *bagged([corpus.letters[i] for i in used.tolist()]))[at]
        for lstm in self.lstms:
            top, _state = lstm(self.drop(top))
        follows = grid[:, 1:] >= 0
        return self.drop(top)[:, :-1][follows], corpus.right[grid[:, 1:][follows]]

    def train(self, words: int) -> None:
        """Learn from that many words; the rate rises for 200 steps and falls as half a cosine."""
        optimizer = torch.optim.Adam(self.parameters, lr=RATE, betas=(0.9, 0.99))
        rng = random.Random(self.direction)
        begun, done, step, mean = time.monotonic(), 0, 0, 0.0
        while done < words:
            for grid in batches(self.corpus.texts, rng, self.direction == 1):
                if done >= words:
                    break
                for group in optimizer.param_groups:
                    group["lr"] = RATE * min(1.0, (step + 1) / 200) * (0.5 + 0.5 * math.cos(math.pi * done / words) + 1e-3)
                optimizer.zero_grad()
                states, right = self.read(grid)
                drawn = torch.multinomial(self.corpus.share, DRAWN, replacement=True)
                loss = self.guesser.loss(states, right, drawn, (self.corpus.share * DRAWN).log())
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(self.parameters, 1.0)
                optimizer.step()
                done, step = done + len(right), step + 1
                mean += (0.01 if step > 1 else 1.0) * (float(loss.detach()) - mean)
                if step % 300 == 0:
                    log.info("%d words: loss %.3f, %.0f words/s", done, mean, done / (time.monotonic() - begun))

    @torch.no_grad()
    def perplexity(self) -> float:
        """Over the held-out texts."""
        self.drop.eval()
        nats = words = 0.0
        for grid in batches(self.corpus.held_out, random.Random(0), self.direction == 1):
            states, right = self.read(grid)
            nats, words = nats + self.guesser.surprise(states, right), words + len(right)
        return math.exp(nats / words)


def train(corpus: Corpus, direction: int, words: int, sizes: Sizes | None = None) -> dict[str, Tensor]:
    """The weights of one direction. The same corpus gives the same on one thread."""
    torch.manual_seed(direction)
    learner = Learner(corpus, direction, sizes or Sizes(vectors=corpus.vectors.shape[1]))
    learner.train(words)
    log.info("%s: perplexity %.1f over %d words", DIRECTIONS[direction], learner.perplexity(), KNOWN)
    return {name: weight for name, weight in learner.model.state_dict().items() if name.split(".")[1] == str(direction)}


@click.command()
@click.argument("corpus", type=click.Path(exists=True, path_type=Path))
@click.argument("vectors", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--direction", type=click.Choice(DIRECTIONS), help="Only one of them.  [default: one after the other]")
@click.option("--words", default=WORDS, show_default=True, help="How many words it reads.")
def main(corpus: Path, vectors: Path, out: Path, direction: str | None, words: int) -> None:
    """Train on CORPUS, with the word VECTORS of a pack, and write OUT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    out.parent.mkdir(parents=True, exist_ok=True)
    known = Corpus(corpus, *read_vectors(vectors))
    halves = [out.with_suffix(f".{name}.pt") for name in DIRECTIONS]
    for i, half in enumerate(halves):
        if direction in (None, DIRECTIONS[i]):
            torch.save(train(known, i, words), half)
    if all(half.is_file() for half in halves):
        models = WordModels(Sizes(vectors=known.vectors.shape[1]), known.vectors, known.lookup)
        models.load_state_dict({name: weight for half in halves for name, weight in torch.load(half, weights_only=True).items()})
        save(models, out)


if __name__ == "__main__":
    main()
