"""Language models over words: what a word means where it stands, learned from news that nobody annotated.

Two LSTMs read a text, one from each end, and learned to guess the next word (Peters et al. 2018, "Deep contextualized word
representations", at a size for a laptop). Their states at a word go into the reader of events (`kg.scorer`), which has only a few
thousand annotated events to learn from. `kg.training.word_models` trains them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from kg.features import LETTERS
from kg.features import letters as pieces
from kg.language import _
from kg.packs import loading
from kg.recurrent import Stack, possible
from kg.text import fold

#: Words that are read in one piece: as many whole sentences of a document as fit, a longer sentence alone.
PIECE = 96


@dataclass(frozen=True, slots=True)
class Sizes:
    """Dimensions of the models; `vectors` is that of the pack's word vectors."""

    vectors: int = 100
    letters: int = 48
    hidden: int = 256
    layers: int = 2


def bagged(bags: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Bags of numbers as `nn.EmbeddingBag` takes them: all numbers, and where each bag begins."""
    return numbers([n for bag in bags for n in bag]), numbers([0, *accumulate(len(bag) for bag in bags[:-1])])


def numbers(rows: Sequence[Any], kind: type[np.generic] = np.int64) -> Tensor:
    """A tensor of numbers, or of rows of them, of a NumPy type. `torch.tensor` takes six times as long."""
    return torch.from_numpy(np.array(rows, dtype=kind))


class WordModels(nn.Module):
    """A forward and a backward model with one input: the word's vector and its letters. `lookup` gives the number of a word in `vectors`."""

    def __init__(self, sizes: Sizes, vectors: Tensor, lookup: Callable[[str], int]) -> None:
        super().__init__()
        self.sizes, self.vectors, self.lookup = sizes, vectors, lookup
        self.letters = nn.ModuleList(nn.EmbeddingBag(LETTERS, sizes.letters, mode="mean", padding_idx=0) for _ in range(2))
        self.lstms = nn.ModuleList(
            nn.ModuleList(
                nn.LSTM(sizes.vectors + sizes.letters if layer == 0 else sizes.hidden, sizes.hidden, batch_first=True)
                for layer in range(sizes.layers)
            )
            for _ in range(2)
        )
        self.stack: Stack | None = None

    def quicken(self) -> None:
        """Read in whole numbers from now on, if the processor can; nothing is learned then."""
        if possible():
            self.stack = Stack([list(cast(nn.ModuleList, lstms)) for lstms in self.lstms])  # type: ignore[arg-type]

    def enter(self, direction: int, numbers: Tensor, bags: Tensor, offsets: Tensor) -> Tensor:
        """Inputs of different words: their numbers in `vectors`, and their letters as `nn.EmbeddingBag` takes them."""
        return torch.cat([self.vectors[numbers], self.letters[direction](bags, offsets)], 1)

    def run(self, inputs: Tensor, direction: int) -> list[Tensor]:
        """The states of every layer over texts (text, word, dimension) that begin together; a model that reads backward gets them reversed."""
        out: list[Tensor] = []
        for lstm in cast(nn.ModuleList, self.lstms[direction]):
            inputs, _state = lstm(inputs)
            out.append(inputs)
        return out

    @torch.no_grad()
    def states(self, texts: Sequence[Sequence[str]]) -> list[Tensor]:
        """Words x dimensions for each text: the forward layers, then the backward ones."""
        if not texts:
            return []
        words = sorted({w for text in texts for w in text})
        place = {w: i for i, w in enumerate(words)}
        known = torch.tensor([self.lookup(w) for w in words]), *bagged([pieces(fold(w)) for w in words])
        longest = max(len(text) for text in texts)
        both = []
        for direction in range(2):
            inputs = self.enter(direction, *known)
            order = [[place[w] for w in (text if direction == 0 else reversed(text))] for text in texts]
            grid = torch.tensor([[*row, *(0,) * (longest - len(row))] for row in order])
            found = torch.cat(self.run(inputs[grid], direction), 2)
            both.append([found[i, : len(text)] if direction == 0 else found[i, : len(text)].flip(0) for i, text in enumerate(texts)])
        return [torch.cat(pair, 1) for pair in zip(*both, strict=True)]

    def of_documents(self, documents: Sequence[Sequence[Sequence[str]]]) -> list[list[Tensor]]:
        """Words x dimensions for each sentence of documents, each document read as if it were alone.

        A quickened model is much faster with many short ones together.
        """
        cuts = [list(cut([len(s) for s in d])) for d in documents]
        texts = [[[w for s in d[a:b] for w in s] for a, b in runs] for d, runs in zip(documents, cuts, strict=True)]
        found = iter(self._together(texts, self.stack) if self.stack else [states for each in texts for states in self.states(each)])
        out: list[list[Tensor]] = []
        for d, runs in zip(documents, cuts, strict=True):
            parts: list[Tensor] = []
            for a, b in runs:
                parts += next(found).split([len(s) for s in d[a:b]])  # type: ignore[no-untyped-call]
            out.append(parts)
        return out

    @torch.no_grad()
    def _together(self, documents: Sequence[Sequence[Sequence[str]]], stack: Stack) -> list[Tensor]:
        """What `states` gives for the texts of all documents, in whole numbers."""
        texts = [text for each in documents for text in each]
        if not texts:
            return []
        place: dict[str, int] = {}
        rows = numbers([place.setdefault(w, len(place)) for text in texts for w in text])
        known = numbers([self.lookup(w) for w in place]), *bagged([pieces(fold(w)) for w in place])
        lengths = [len(text) for text in texts]
        long = torch.tensor(lengths)
        last = long.cumsum(0).repeat_interleave(long) - 1
        back = 2 * last + 1 - long.repeat_interleave(long) - torch.arange(len(rows))  # every text from its end
        ahead, behind = stack.states([self.enter(direction, *known) for direction in range(2)], [rows, rows[back]], lengths)
        return list(torch.cat([*ahead, *(layer[back] for layer in behind)], 1).split(lengths))  # type: ignore[no-untyped-call]


def cut(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of sentences that are read together, from their numbers of words: each of at most PIECE words where no sentence is longer."""
    start = words = 0
    for i, n in enumerate(lengths):
        if i > start and words + n > PIECE:
            yield start, i
            start, words = i, 0
        words += n
    if start < len(lengths):
        yield start, len(lengths)


def save(models: WordModels, path: Path) -> None:
    """Write models in half precision, without the word vectors."""
    torch.save({"sizes": asdict(models.sizes), "weights": {name: w.half() for name, w in models.state_dict().items()}}, path)


def load(path: Path, vectors: Tensor, lookup: Callable[[str], int]) -> WordModels:
    """Read what `save` wrote. KgError if it is not what it should be."""
    with loading(_("cannot load the word models {path}: {error} {why}"), path):
        saved = torch.load(io.BytesIO(path.read_bytes()), weights_only=True)
        models = WordModels(Sizes(**saved["sizes"]), vectors, lookup)
        models.load_state_dict({name: w.float() for name, w in saved["weights"].items()})
        models.eval().quicken()
        return models
