"""`kg.copies.families` for the texts of a whole store: the same families, in memory that grows by a few bytes for each text and shared run.

    texts ──► all their runs, sorted on disk by value ──► runs that several texts hold ──► texts that may join a longer one ──► measured exactly

A text can be a near copy of a longer one only if longer texts hold three fifths of its runs. Those that cannot, which are most, are
never compared with any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import NDArray

from kg.copies import COMMON, CONTAINMENT, JACCARD, likeness

Runs = NDArray[np.uint64]
Owners = NDArray[np.int32]
Places = NDArray[np.int32]

#: Runs that are sorted at a time, at twenty bytes each; of more, each share of their values goes to a file of its own first.
PART = 2_000_000
#: Texts whose runs are shared out to the files at a time.
TEXTS = 500

_ROW = np.dtype([("run", np.uint64), ("owner", np.int32)])


def families(texts: Callable[[], Iterable[tuple[bytes, Runs]]], runs_of: Callable[[bytes], Runs]) -> dict[bytes, bytes]:
    """Id -> id of the text that stands for all near copies of one; itself where there is no other.

    Args:
        texts: gives ids and the sorted runs of each text, twice the same.
        runs_of: the runs of one text. Ids are in the order of their bytes' values where lengths are equal.
    """
    sizes = sorted((-len(runs), id) for id, runs in texts())
    ids, lengths = [id for _, id in sizes], np.array([-n for n, _ in sizes], dtype=np.int64)
    rank = {id: n for n, id in enumerate(ids)}
    postings = [_postings(rows) for rows in _parts(texts(), rank, int(lengths.sum()))]
    held = np.zeros(len(ids), dtype=np.int64)
    for owners, start in postings:
        held += np.bincount(owners[np.arange(len(owners)) > start], minlength=len(ids))
    joining = (held > 0) & (held >= min(JACCARD, CONTAINMENT) * lengths - 1e-6)
    places = [_places(owners, start, joining) for owners, start in postings]
    heads = np.ones(len(ids), dtype=np.bool_)
    out = {id: id for id in ids}
    for d in np.flatnonzero(joining).tolist():
        near: set[int] = set()
        for (owners, start), (whose, where) in zip(postings, places, strict=True):
            for place in where[np.searchsorted(whose, d) : np.searchsorted(whose, d, "right")].tolist():
                before = owners[start[place] : place]
                before = before[heads[before]]
                # A line that stands under every article tells no copy from another, and would lead to all of them.
                if len(before) <= COMMON:
                    near.update(before.tolist())
        if not near:
            continue
        own = runs_of(ids[d])
        like = ((likeness(len(np.intersect1d(own, runs_of(ids[h]), assume_unique=True)), int(lengths[h]), len(own)), -h) for h in sorted(near))
        score, best = max(like)
        if score:
            heads[d] = False
            out[ids[d]] = ids[-best]
    return out


def _parts(texts: Iterable[tuple[bytes, Runs]], rank: dict[bytes, int], total: int) -> Iterator[NDArray[np.void]]:
    """All runs with the texts that hold them, those of one share of their values at a time."""
    bits = max(0, -(-total // PART) - 1).bit_length()
    texts = iter(texts)
    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile(prefix="kg-runs-")) for _ in range(2**bits)]
        while some := list(islice(texts, TEXTS)):
            rows = np.empty(sum(len(runs) for _, runs in some), dtype=_ROW)
            rows["run"] = np.concatenate([runs for _, runs in some])
            rows["owner"] = np.repeat([rank[id] for id, _ in some], [len(runs) for _, runs in some])
            share = rows["run"] >> np.uint64(64 - bits) if bits else np.zeros(len(rows), dtype=np.uint64)
            for n in np.unique(share).tolist():
                files[n].write(rows[share == n].tobytes())
        for file in files:
            file.seek(0)
            yield np.frombuffer(file.read(), dtype=_ROW)


def _postings(rows: NDArray[np.void]) -> tuple[Owners, Places]:
    """The texts that hold a run which others hold too, run after run, in their order; and where each run begins."""
    order = np.lexsort((rows["owner"], rows["run"]))
    values, owners = rows["run"][order], rows["owner"][order]
    first = np.concatenate([[True], values[1:] != values[:-1]]) if len(values) else np.zeros(0, dtype=np.bool_)
    size = np.diff(np.append(np.flatnonzero(first), len(values)))
    several = np.repeat(size > 1, size)
    owners, first = owners[several], first[several]
    begins = np.flatnonzero(first).astype(np.int32)
    return owners, np.repeat(begins, np.diff(np.append(begins, len(owners))))


def _places(owners: Owners, start: Places, joining: NDArray[np.bool_]) -> tuple[Owners, Places]:
    """Texts that may join a longer one which holds a run of theirs, in order, and the places of these runs."""
    where = np.flatnonzero(joining[owners] & (np.arange(len(owners)) > start)).astype(np.int32)
    order = np.argsort(owners[where], kind="stable")
    return owners[where][order], where[order]
