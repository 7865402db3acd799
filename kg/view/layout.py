"""Where the nodes stand: stress majorization for each connected part, labels pushed apart, the parts packed in rows.

The layout is computed here and not in the browser, so that the picture is the same at every opening, is there at once,
and keeps room for the labels, which a force simulation knows nothing of. Only element-wise arithmetic is used after the
start positions, which are rounded: the same graph gives the same integers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Ideal length of an edge between two nodes of degree one, in pixels at zoom 1.
EDGE = 105.0
#: Free space around a node and its label, in pixels.
MARGIN = 9.0
#: Width to height of the finished picture, as on the usual screens.
ASPECT = 1.7
#: Above this size of a part, all pairs of nodes are too many: distances are measured from some nodes only.
ALL_PAIRS = 900


@dataclass(frozen=True, slots=True)
class Box:
    """The room a node needs around its centre, in pixels: half its width, and how far it reaches up and down (label)."""

    half_width: float
    up: float
    down: float


def place(boxes: Sequence[Box], edges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Positions (x, y) in whole pixels of nodes 0 … n-1, y downwards, the picture centred on (0, 0)."""
    if not boxes:
        return []
    graph = nx.Graph()
    graph.add_nodes_from(range(len(boxes)))
    graph.add_edges_from(sorted({(min(e), max(e)) for e in edges if e[0] != e[1]}))
    parts = sorted((sorted(c) for c in nx.connected_components(graph)), key=lambda c: (-len(c), c[0]))
    placed = [_place_part(part, graph, boxes) for part in parts]
    xy = np.zeros((len(boxes), 2))
    for part, at in zip(parts, _pack(parts, placed, boxes), strict=True):
        xy[part] = at
    sizes = np.array([[b.half_width, b.up, b.down] for b in boxes])
    left, right = (xy[:, 0] - sizes[:, 0]).min(), (xy[:, 0] + sizes[:, 0]).max()
    top, bottom = (xy[:, 1] - sizes[:, 1]).min(), (xy[:, 1] + sizes[:, 2]).max()
    xy -= [(left + right) / 2, (top + bottom) / 2]
    return [(round(float(x)), round(float(y))) for x, y in xy]


def _place_part(part: list[int], graph: nx.Graph, boxes: Sequence[Box]) -> Array:
    n = len(part)
    if n == 1:
        return np.zeros((1, 2))
    index = {node: i for i, node in enumerate(part)}
    edges = [(index[a], index[b]) for a, b in graph.subgraph(part).edges]
    xy = _stress(_distances(n, edges)) if n <= ALL_PAIRS else _landmarks(n, edges)
    xy = _upright(xy)
    xy[:, 0] *= 1.3  # labels are wide: a landscape format lets them stand side by side
    half = np.array([[boxes[p].half_width + MARGIN, (boxes[p].up + boxes[p].down) / 2 + MARGIN] for p in part])
    shift = np.array([[0.0, (boxes[p].down - boxes[p].up) / 2] for p in part])
    return _push_apart(xy + shift, half) - shift


def _distances(n: int, edges: Sequence[tuple[int, int]]) -> Array:
    """Ideal distances between all pairs: shortest paths, where an edge is longer the more neighbours its ends have."""
    neighbours: list[set[int]] = [set() for _ in range(n)]
    for a, b in edges:
        neighbours[a].add(b)
        neighbours[b].add(a)
    d = np.full((n, n), np.inf)
    np.fill_diagonal(d, 0.0)
    for a, b in edges:
        # Hubs need a long radius for their leaves; nodes that share all neighbours may stand close.
        own = len(neighbours[a] ^ neighbours[b]) - 2
        d[a, b] = d[b, a] = EDGE * (1 + 0.22 * math.sqrt(max(own, 0)))
    for k in range(n):  # Floyd and Warshall
        np.minimum(d, d[:, k, None] + d[None, k, :], out=d)
    return d


def _stress(d: Array, rounds: int = 120) -> Array:
    """Positions whose distances are near `d`, near pairs weighing more (stress majorization, one Jacobi step a round)."""
    n = len(d)
    squares = d**2
    centred = -0.5 * (squares - squares.mean(0) - squares.mean(1)[:, None] + squares.mean())
    values, vectors = np.linalg.eigh(centred)
    xy: Array = np.round(vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 1.0)), 2)
    # Twins (leaves of one hub) start at one point; set them apart on a small spiral.
    angle = np.arange(n) * 2.399963
    xy = xy + np.round(np.stack([np.cos(angle), np.sin(angle)], 1) * EDGE * 0.3, 2)
    weight = np.zeros_like(d)
    np.divide(1.0, squares, out=weight, where=squares > 0)
    total = weight.sum(1)[:, None]
    for _ in range(rounds):
        delta = xy[:, None, :] - xy[None, :, :]
        length = np.sqrt((delta**2).sum(2))
        ratio = np.zeros_like(d)
        np.divide(d, length, out=ratio, where=length > 1e-9)
        pull = (weight[:, :, None] * (xy[None, :, :] + delta * ratio[:, :, None])).sum(1)
        xy = pull / total
    return xy


def _landmarks(n: int, edges: Sequence[tuple[int, int]], count: int = 60) -> Array:
    """Positions of a large part from the distances to some of its nodes (landmark scaling)."""
    graph = nx.Graph(edges)
    far = np.full(n, np.inf)
    rows = []
    pivot = 0
    for _ in range(min(count, n)):
        lengths = nx.single_source_shortest_path_length(graph, pivot)
        row = np.array([lengths[i] for i in range(n)], dtype=np.float64)
        rows.append(row)
        far = np.minimum(far, row)
        pivot = int(far.argmax())
    squares = np.stack(rows, 1) ** 2
    centred = -0.5 * (squares - squares.mean(0) - squares.mean(1)[:, None] + squares.mean())
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    xy: Array = u[:, :2] * s[:2]
    angle = np.arange(n) * 2.399963
    xy = xy / max(float(np.abs(xy).max()), 1e-9) * EDGE * math.sqrt(n) * 1.6
    return np.round(xy + np.stack([np.cos(angle), np.sin(angle)], 1) * EDGE * np.sqrt(np.arange(n))[:, None] * 0.3, 1)


def _upright(xy: Array) -> Array:
    """Turned so that the long side lies across."""
    xy = xy - xy.mean(0)
    a, b, c = (xy[:, 0] ** 2).sum(), (xy[:, 0] * xy[:, 1]).sum(), (xy[:, 1] ** 2).sum()
    turn = -0.5 * math.atan2(2 * b, a - c)
    cos, sin = math.cos(turn), math.sin(turn)
    return np.round(np.stack([xy[:, 0] * cos - xy[:, 1] * sin, xy[:, 0] * sin + xy[:, 1] * cos], 1), 2)


def _push_apart(xy: Array, half: Array, rounds: int = 400) -> Array:
    """Moved until no two boxes (centre `xy`, half sizes `half`) overlap, each pair along its smaller overlap."""
    n = len(xy)
    if n > 2 * ALL_PAIRS:
        return xy
    for _ in range(rounds):
        delta = xy[:, None, :] - xy[None, :, :]
        over = half[:, None, :] + half[None, :, :] - np.abs(delta)
        hit = (over > 0).all(2)
        np.fill_diagonal(hit, False)
        if not hit.any():
            break
        # Two boxes at one place part by their number, or they would stay together for ever.
        sign = np.where(delta == 0, np.sign(np.arange(n)[:, None] - np.arange(n)[None, :])[:, :, None], np.sign(delta))
        sideways = hit & (over[:, :, 0] < over[:, :, 1])
        move = np.stack([np.where(sideways, over[:, :, 0], 0.0), np.where(hit & ~sideways, over[:, :, 1], 0.0)], 2) * sign
        count = np.maximum(hit.sum(1), 1)[:, None]
        xy = np.round(xy + 0.5 * move.sum(1) / np.sqrt(count) + 0.0, 3)
    return xy


def _pack(parts: Sequence[list[int]], placed: Sequence[Array], boxes: Sequence[Box], gap: float = 34.0) -> list[Array]:
    """The parts moved into rows below the largest, right to left as Arabic reads."""
    rectangles = []
    for part, xy in zip(parts, placed, strict=True):
        sizes = np.array([[boxes[p].half_width, boxes[p].up, boxes[p].down] for p in part])
        rectangles.append(
            (float((xy[:, 0] - sizes[:, 0]).min()), float((xy[:, 1] - sizes[:, 1]).min()), float((xy[:, 0] + sizes[:, 0]).max()), float((xy[:, 1] + sizes[:, 2]).max()))
        )
    area = sum((r - left + gap) * (b - t + gap) for left, t, r, b in rectangles)
    width = max(max(r - left for left, _, r, _ in rectangles), math.sqrt(area * ASPECT))
    rows: list[list[int]] = []
    used = width + 1
    for i, (left, _, r, _) in enumerate(rectangles):
        if used + (r - left) > width:
            rows.append([])
            used = 0.0
        rows[-1].append(i)
        used += r - left + gap
    out: list[Array] = [np.zeros((0, 2))] * len(parts)
    y = 0.0
    for row in rows:
        height = max(rectangles[i][3] - rectangles[i][1] for i in row)
        length = sum(rectangles[i][2] - rectangles[i][0] + gap for i in row) - gap
        x = length / 2
        for i in row:
            left, t, r, b = rectangles[i]
            out[i] = placed[i] + [x - r, y - t + (height - (b - t)) / 2]
            x -= r - left + gap
        y += height + gap
    return out
