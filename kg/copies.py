"""Near copies: which documents print one text, such as an agency's, whole or cut, under their own headline.

    documents -> runs of five words -> texts that may be alike -> measured exactly -> families

A text is the set of its runs of five words. Two documents are near copies if they share most of these runs, or one holds most of
the other's. The longest text of a family stands for it, and every other joins the one that it is most like, so that a short
notice that two independent articles both quote does not make these one.

Which texts may be alike is looked up by their runs, which misses none, as long as the runs are few enough for that. Of more, MinHash (Broder
1997) is what is looked up: of each of 128 orders of all runs, the first that a text has. Two texts have the same first run in an order as likely as
shared runs are among all of theirs, so that the chance to miss a copy is (1 - that share) to the 128th: nothing for copies of one length,
3 in 100,000 for the tenth part of an article, 6 in 1,000 for its twentieth part. What is found is measured as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kg.model import Document
from kg.text import fold

#: Words in a run; how alike two texts are (shared runs to all runs), or how much of the shorter one the longer one holds.
RUN = 5
JACCARD = 0.6
CONTAINMENT = 0.8
#: A run that stands in more texts than this leads to none of them.
COMMON = 200

#: Of more runs than this (five thousand articles or so, and 200 MB) not each is looked up, but sketches of the texts.
EXACT = 1_000_000
#: Orders of the runs whose first ones make up a sketch.
ORDERS = 128

Runs = NDArray[np.uint64]


class _Index(Protocol):
    """Numbers of texts, in the order in which they are asked for and added."""

    def near(self, text: int) -> Iterable[int]:
        """Of the texts that were added, those that this one may be like."""

    def add(self, text: int) -> None: ...


def families(documents: Iterable[Document]) -> dict[str, str]:
    """Document id -> id of the document that stands for all near copies of one text; itself where there is no other.

    The order of the documents does not matter.
    """
    texts = sorted(((sorted_runs(d.text), d.id) for d in documents), key=lambda t: (-len(t[0]), t[1]))
    runs = [r for r, _ in texts]
    index: _Index = _ByRuns(runs) if sum(map(len, runs)) <= EXACT else _BySketch(runs)
    out: dict[str, str] = {}
    for n, (own, id) in enumerate(texts):
        like = ((likeness(shared(own, runs[m]), len(runs[m]), len(own)), -m) for m in index.near(n))
        score, head = max(like, default=(0.0, 0))
        if score:
            out[id] = texts[-head][1]
        else:
            index.add(n)
            out[id] = id
    return out


class _ByRuns:
    def __init__(self, runs: Sequence[Runs]) -> None:
        self._runs = runs
        self._holders: dict[int, list[int]] = {}

    def near(self, text: int) -> Iterable[int]:
        # A line that stands under every article tells no copy from another, and would lead to all of them.
        return {m for run in self._runs[text].tolist() if len(found := self._holders.get(run, ())) <= COMMON for m in found}

    def add(self, text: int) -> None:
        for run in self._runs[text].tolist():
            self._holders.setdefault(run, []).append(text)


class _BySketch:
    """For each order, the texts sorted by their first run: those with the same one stand together, in the order of their numbers."""

    def __init__(self, runs: Sequence[Runs]) -> None:
        sketches = _sketches(runs)
        count = len(runs)
        self._sorted = np.argsort(sketches, axis=0, kind="stable").astype(np.int32).T.copy()
        self._place, self._start = np.empty((count, ORDERS), np.int32), np.empty((count, ORDERS), np.int32)
        for order, texts in enumerate(self._sorted):
            first = np.flatnonzero(np.diff(sketches[texts, order], prepend=-1))
            starts = np.repeat(first, np.diff(np.append(first, count)))
            self._place[texts, order], self._start[texts, order] = np.arange(count), starts
        self._added = np.zeros(count, np.bool_)
        self._empty = np.array([not len(r) for r in runs])

    def near(self, text: int) -> Iterable[int]:
        near: set[int] = set()
        if self._empty[text]:
            return near
        for order in np.flatnonzero(self._place[text] > self._start[text]).tolist():
            same = self._sorted[order, self._start[text, order] : self._place[text, order]]
            same = same[self._added[same]]
            if len(same) <= COMMON:
                near.update(same.tolist())
        return near

    def add(self, text: int) -> None:
        self._added[text] = True


def _sketches(runs: Sequence[Runs]) -> NDArray[np.int64]:
    """MinHash of texts, by rensa: the least value that the runs of a text have in each order."""
    from rensa import RMinHash

    out = np.empty((len(runs), ORDERS), np.int64)
    for n in range(0, len(runs), 1024):
        out[n : n + 1024] = RMinHash.digest_matrix_from_token_hash_sets(list(runs[n : n + 1024]), ORDERS, 1).to_rows()
    return out


def shared(a: Runs, b: Runs) -> int:
    """How many runs two texts have in common."""
    return len(np.intersect1d(a, b, assume_unique=True))


def sorted_runs(text: str) -> Runs:
    """The runs of a text as sorted numbers: eight bytes each."""
    return np.array(sorted(_runs(text)), dtype=np.uint64)


def likeness(shared: int, longer: int, shorter: int) -> float:
    """How much two texts have in common; 0 if it is less than near copies have."""
    jaccard, containment = shared / (longer + shorter - shared), shared / shorter
    return max(jaccard, containment) if jaccard >= JACCARD or containment >= CONTAINMENT else 0.0


def _runs(text: str) -> set[int]:
    """The runs of a text as numbers. Spelling, vowel signs and punctuation, which papers mend, do not count."""
    words = " ".join(map(fold, text.split())).split()
    # Not hash(): its values, and with them which two runs collide, change from one process to the next.
    return {
        int.from_bytes(blake2b(" ".join(words[i : i + RUN]).encode("utf-8", "surrogatepass"), digest_size=8).digest())
        for i in range(max(1, len(words) - RUN + 1) if words else 0)
    }
