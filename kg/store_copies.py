"""`kg.copies.families` for the texts of a whole store: the same families, from arrays of eight bytes a run.

A text can be a near copy of a longer one only if longer texts hold three fifths of its runs. Those that cannot, which are most, are
never compared with any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.copies import COMMON, CONTAINMENT, JACCARD, likeness

Runs = NDArray[np.uint64]
Places = NDArray[np.int64]

#: The runs are sorted in so many parts, one after the other, so that little more than the runs themselves is in memory.
PARTS = 8


def families(texts: Iterable[tuple[bytes, Runs]]) -> dict[bytes, bytes]:
    """Id -> id of the text that stands for all near copies of one; itself where there is no other.

    Args:
        texts: ids, in the order of their bytes' values where lengths are equal, and the sorted runs of each text.
    """
    ordered = sorted(texts, key=lambda t: (-len(t[1]), t[0]))
    ids, runs = [id for id, _ in ordered], [r for _, r in ordered]
    postings = [_postings(part) for part in _parts(runs)]
    held = np.zeros(len(ids), dtype=np.int64)
    for owners, start in postings:
        held += np.bincount(owners[np.arange(len(owners)) > start], minlength=len(ids))
    lengths = np.array([len(r) for r in runs], dtype=np.int64)
    joining = (held > 0) & (held >= min(JACCARD, CONTAINMENT) * lengths - 1e-6)
    places = [_places(owners, start, joining) for owners, start in postings]
    heads = np.ones(len(ids), dtype=np.bool_)
    out = {id: id for id in ids}
    for d in np.flatnonzero(joining).tolist():
        near: set[int] = set()
        for (owners, start), of in zip(postings, places, strict=True):
            for place in of.get(d, ()):
                before = owners[start[place] : place]
                before = before[heads[before]]
                # A line that stands under every article tells no copy from another, and would lead to all of them.
                if len(before) <= COMMON:
                    near.update(before.tolist())
        like = [(likeness(len(np.intersect1d(runs[d], runs[h], assume_unique=True)), len(runs[h]), len(runs[d])), -h) for h in sorted(near)]
        score, best = max(like, default=(0.0, 0))
        if score:
            heads[d] = False
            out[ids[d]] = ids[-best]
    return out


def _parts(runs: Sequence[Runs]) -> Iterable[list[Runs]]:
    """The runs of all texts, those of one part of their values at a time."""
    bounds = [np.uint64(n * (2**64 // PARTS)) for n in range(1, PARTS)]
    cuts = [[0, *np.searchsorted(r, bounds).tolist(), len(r)] for r in runs]
    return ([r[c[n] : c[n + 1]] for r, c in zip(runs, cuts, strict=True)] for n in range(PARTS))


def _postings(part: Sequence[Runs]) -> tuple[Places, Places]:
    """The texts that hold a run which others hold too, run after run, in their order; and where each run begins."""
    owners = np.repeat(np.arange(len(part)), [len(r) for r in part])
    values = np.concatenate(part) if part else np.zeros(0, dtype=np.uint64)
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    first = np.concatenate([[True], values[1:] != values[:-1]]) if len(values) else np.zeros(0, dtype=np.bool_)
    size = np.diff(np.append(np.flatnonzero(first), len(values)))
    several = np.repeat(size > 1, size)
    owners, first = owners[several], first[several]
    begins = np.flatnonzero(first)
    return owners, np.repeat(begins, np.diff(np.append(begins, len(owners))))


def _places(owners: Places, start: Places, joining: NDArray[np.bool_]) -> dict[int, list[int]]:
    """Text -> places of its runs, of texts that may join a longer one which holds that run."""
    out: dict[int, list[int]] = {}
    for place in np.flatnonzero(joining[owners] & (np.arange(len(owners)) > start)).tolist():
        out.setdefault(int(owners[place]), []).append(place)
    return out
