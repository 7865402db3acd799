"""Fits shapes into one picture of the usual screens' format: each in turn where the picture grows least, then lowest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Grid = NDArray[np.bool_]

#: Width to height of the finished picture, as on the usual screens beside a legend.
ASPECT = 1.6
#: Free space between two shapes, in pixels.
GAP = 20.0
#: Side of a cell of the grid in which free space is looked for, in pixels; larger for large pictures.
CELL = 12.0
CELLS = 12_000


def pack(shapes: Sequence[Array]) -> list[Array]:
    """How far to move each shape, a set of rectangles (left, top, right, bottom), so that none touches another.

    The first stays where it is; give the largest first.
    """
    spans = [np.array([s[:, 0].min(), s[:, 1].min(), s[:, 2].max(), s[:, 3].max()]) for s in shapes]
    area = sum((s[2] - s[0] + GAP) * (s[3] - s[1] + GAP) for s in spans)
    cell = max(CELL, (area / CELLS) ** 0.5)
    masks = [_mask(shape, span, cell) for shape, span in zip(shapes, spans, strict=True)]
    need = sum(m.size for m in masks)
    side = max(need**0.5, *(max(m.shape[0], m.shape[1] / ASPECT) for m in masks))
    # Twice the room, so that there is always a place beside all that stands there.
    rows, columns = round(2.2 * side) + 4, round(2.2 * side * ASPECT) + 4
    taken: Grid = np.zeros((rows, columns), dtype=np.bool_)
    box: tuple[int, int, int, int] | None = None
    moves = []
    for mask, span in zip(masks, spans, strict=True):
        height, width = mask.shape
        y, x = _best(taken, mask, box) if box else ((rows - height) // 2, (columns - width) // 2)
        taken[y : y + height, x : x + width] |= mask
        box = (min(box[0], y), min(box[1], x), max(box[2], y + height), max(box[3], x + width)) if box else (y, x, y + height, x + width)
        moves.append(np.array([x * cell - span[0], y * cell - span[1]]))
    return [m - moves[0] for m in moves]


def _mask(shape: Array, span: Array, cell: float) -> Grid:
    """The cells that a shape takes, with the gap around it."""
    height, width = int((span[3] - span[1] + GAP) / cell) + 1, int((span[2] - span[0] + GAP) / cell) + 1
    mask: Grid = np.zeros((height, width), dtype=np.bool_)
    corners = ((shape - np.tile(span[:2], 2) + [0, 0, GAP, GAP]) / cell).astype(int)
    for left, top, right, bottom in corners:
        mask[top : bottom + 1, left : right + 1] = True
    return mask


def _best(taken: Grid, mask: Grid, box: tuple[int, int, int, int]) -> tuple[int, int]:
    """The free place (row, column) for the upper left cell of `mask` that lets the picture grow least."""
    height, width = mask.shape
    rows, columns = taken.shape[0] - height + 1, taken.shape[1] - width + 1
    free: Grid = np.ones((rows, columns), dtype=np.bool_)
    # A run of cells is free where as many taken cells stand before its end as before its start.
    before = np.zeros((taken.shape[0], taken.shape[1] + 1), dtype=np.int32)
    np.cumsum(taken, axis=1, out=before[:, 1:])
    edges = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    for (dy, start), (_, end) in zip(np.argwhere(edges == 1), np.argwhere(edges == -1), strict=True):
        free &= before[dy : dy + rows, end : end + columns] == before[dy : dy + rows, start : start + columns]
    y, x = np.nonzero(free)
    high = np.maximum(box[2], y + height) - np.minimum(box[0], y)
    wide = np.maximum(box[3], x + width) - np.minimum(box[1], x)
    # What the picture must shrink by, then its area, then low down and, as Arabic reads, to the right.
    best = np.lexsort((-x, -y, high * wide, np.maximum(high * ASPECT, wide)))[0]
    return int(y[best]), int(x[best])
