"""Where the nodes stand: stress majorization for each connected part, labels pushed apart, the parts fitted together.

The layout is computed here and not in the browser, so that the picture is the same at every opening, is there at once,
and keeps room for the labels, which a force simulation knows nothing of. The start positions are rounded and only
element-wise arithmetic comes after them: the same graph gives the same integers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.view.packing import ASPECT, pack

Array = NDArray[np.float64]

#: Ideal length of an edge between two nodes of degree one, in pixels at zoom 1.
EDGE = 98.0
#: Free space around a node and its label, in pixels.
MARGIN = 9.0
#: How a part is evened out: power of the distance from its middle, and its room as a multiple of what its boxes take.
EVEN, SPARE = 0.8, 3.0
#: Above this size of a part, all pairs of nodes are too many: distances are measured from some nodes only.
ALL_PAIRS = 900


@dataclass(frozen=True, slots=True)
class Box:
    """The room a node needs around its centre, in pixels: half its width, and how far it reaches up and down (label)."""

    half_width: float
    up: float
    down: float


def place(boxes: Sequence[Box], edges: Sequence[tuple[int, int]], last: Collection[int] = ()) -> list[tuple[int, int]]:
    """Positions (x, y) in whole pixels of nodes 0 … n-1, y downwards, the picture centred on (0, 0).

    Nodes without edges stand in rows below the rest, those in `last` at the end.
    """
    if not boxes:
        return []
    graph = nx.Graph()
    graph.add_nodes_from(range(len(boxes)))
    count = Counter((min(e), max(e)) for e in edges if e[0] != e[1])
    graph.add_edges_from((*e, {"lines": n}) for e, n in sorted(count.items()))
    parts = sorted((sorted(c) for c in nx.connected_components(graph)), key=lambda c: (-len(c), c[0]))
    alone = [part[0] for part in parts if len(part) == 1]
    parts = [part for part in parts if len(part) > 1]
    placed = [_place_part(part, graph, boxes) for part in parts]
    xy = np.zeros((len(boxes), 2))
    for part, at in zip(parts, _fit_together(parts, placed, boxes, graph), strict=True):
        xy[part] = at
    _rows(xy, boxes, sorted(alone, key=lambda i: (i in last, i)), [i for part in parts for i in part])
    sizes = np.array([[b.half_width, b.up, b.down] for b in boxes])
    left, right = (xy[:, 0] - sizes[:, 0]).min(), (xy[:, 0] + sizes[:, 0]).max()
    top, bottom = (xy[:, 1] - sizes[:, 1]).min(), (xy[:, 1] + sizes[:, 2]).max()
    xy -= [(left + right) / 2, (top + bottom) / 2]
    return _off_level([(round(float(x)), round(float(y))) for x, y in xy], list(graph.edges))


def _rows(xy: Array, boxes: Sequence[Box], alone: Sequence[int], placed: Sequence[int]) -> None:
    """Put the nodes in `alone` in rows, from right to left, below those that are placed."""
    if not alone:
        return
    area = sum((2 * boxes[i].half_width + MARGIN) * (boxes[i].up + boxes[i].down + MARGIN) for i in alone)
    left = min((xy[i, 0] - boxes[i].half_width for i in placed), default=0.0)
    right = max((xy[i, 0] + boxes[i].half_width for i in placed), default=0.0)
    width = max(right - left, math.sqrt(area * ASPECT))
    top = max((xy[i, 1] + boxes[i].down for i in placed), default=0.0) + 3 * MARGIN
    x, height = right, 0.0
    for i in alone:
        box = boxes[i]
        if x < right and x - 2 * box.half_width < right - width:
            x, top, height = right, top + height + MARGIN, 0.0
        xy[i] = [x - box.half_width, top + box.up]
        x -= 2 * box.half_width + MARGIN
        height = max(height, box.up + box.down)


def _off_level(places: list[tuple[int, int]], edges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Moved by a pixel where an edge would be level: vis-network 9.1 draws the label of such an edge at a wrong place."""
    out = list(places)
    for _ in range(20):
        level = sorted({max(e) for e in edges if out[e[0]][1] == out[e[1]][1]})
        for node in level:
            out[node] = (out[node][0], out[node][1] + 1)
        if not level:
            break
    return out


def _place_part(part: list[int], graph: nx.Graph[int], boxes: Sequence[Box]) -> Array:
    n = len(part)
    if n == 1:
        return np.zeros((1, 2))
    index = {node: i for i, node in enumerate(part)}
    lines = {(index[a], index[b]): d["lines"] for a, b, d in graph.subgraph(part).edges(data=True)}
    xy = _stress(_distances(n, lines)) if n <= ALL_PAIRS else _landmarks(n, list(lines))
    xy = _upright(xy)
    xy = _even(xy, boxes=[boxes[p] for p in part])
    half = np.array([[boxes[p].half_width + MARGIN, (boxes[p].up + boxes[p].down) / 2 + MARGIN] for p in part])
    shift = np.array([[0.0, (boxes[p].down - boxes[p].up) / 2] for p in part])
    moved: Array = _push_apart(xy + shift, half) - shift
    return moved


def _distances(n: int, edges: Mapping[tuple[int, int], int]) -> Array:
    """Ideal distances between all pairs: shortest paths, where an edge is longer the more neighbours its ends have and lines it stands for."""
    neighbours: list[set[int]] = [set() for _ in range(n)]
    for a, b in edges:
        neighbours[a].add(b)
        neighbours[b].add(a)
    d: Array = np.full((n, n), np.inf)
    np.fill_diagonal(d, 0.0)
    for (a, b), lines in edges.items():
        # Hubs need a long radius for their leaves; nodes that share all neighbours may stand close.
        own = len(neighbours[a] ^ neighbours[b]) - 2
        d[a, b] = d[b, a] = EDGE * (1 + 0.22 * math.sqrt(max(own, 0)) + 0.3 * (lines - 1))
    for k in range(n):  # Floyd and Warshall
        np.minimum(d, d[:, k, None] + d[None, k, :], out=d)
    return d


def _stress(d: Array, rounds: int = 120) -> Array:
    """Positions whose distances are near `d`, near pairs weighing more (stress majorization, one Jacobi step a round)."""
    n = len(d)
    squares = d**2
    uneven = squares * (1 + 0.002 * _noise(n, n))
    uneven = (uneven + uneven.T) / 2
    values, vectors = np.linalg.eigh(-0.5 * (uneven - uneven.mean(0) - uneven.mean(1)[:, None] + uneven.mean()))
    xy = _signed(vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 1.0)))
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
    squares = np.stack(rows, 1) ** 2 * (1 + 0.002 * _noise(n, len(rows)))
    u, s, _ = np.linalg.svd(-0.5 * (squares - squares.mean(0) - squares.mean(1)[:, None] + squares.mean()), full_matrices=False)
    xy = _signed(u[:, :2] * s[:2])
    angle = np.arange(n) * 2.399963
    spread = EDGE * math.sqrt(n) * 1.6 / max(float(np.abs(xy).max()), 1e-9)
    return xy * spread + np.round(np.stack([np.cos(angle), np.sin(angle)], 1) * EDGE * np.sqrt(np.arange(n))[:, None] * 0.3, 1)


def _noise(rows: int, columns: int) -> Array:
    """Numbers in [0, 1) that look random and are not: without them a symmetric graph has no main axes, and any would do."""
    out: Array = (np.arange(rows)[:, None] * 7919 + np.arange(columns)[None, :] * 104729 + np.arange(rows)[:, None] ** 2 * 31) % 997 / 997.0
    return out


def _signed(xy: Array) -> Array:
    """The same axes with the sign that makes their largest value positive: libraries of linear algebra differ in it. Rounded."""
    top = np.abs(xy).argmax(0)
    out: Array = np.asarray(np.round(xy * np.where(xy[top, [0, 1]] < 0, -1.0, 1.0), 2), dtype=np.float64)
    return out


def _upright(xy: Array) -> Array:
    """Turned so that the long side lies across."""
    xy = xy - xy.mean(0)
    a, b, c = (xy[:, 0] ** 2).sum(), (xy[:, 0] * xy[:, 1]).sum(), (xy[:, 1] ** 2).sum()
    turn = -0.5 * math.atan2(2 * b, a - c)
    cos, sin = math.cos(turn), math.sin(turn)
    turned = np.stack([xy[:, 0] * cos - xy[:, 1] * sin, xy[:, 0] * sin + xy[:, 1] * cos], 1)
    return np.asarray(np.round(turned, 2), dtype=np.float64)


def _even(xy: Array, boxes: Sequence[Box]) -> Array:
    """Drawn together: the crowded middle spread at the cost of the empty rim, and no more room taken than the boxes need."""
    # Labels are wide: a landscape format lets them stand side by side. Large parts take the format of the screen.
    width, height = np.maximum(xy.max(0) - xy.min(0), 1.0)
    xy = xy * [min(max(1.3, ASPECT * height / width), 1.9) if len(xy) > 40 else 1.3, 1.0]
    distance = np.sqrt((xy**2).sum(1))
    far = max(float(distance.max()), 1.0)
    xy = xy * np.power(np.maximum(distance / far, 1e-3), EVEN - 1)[:, None]
    need = sum(4 * (b.half_width + MARGIN) * ((b.up + b.down) / 2 + MARGIN) for b in boxes)
    room = max(float(np.prod(xy.max(0) - xy.min(0))), 1.0)
    return np.asarray(np.round(xy * min(1.0, math.sqrt(SPARE * need / room)), 2), dtype=np.float64)


def _push_apart(xy: Array, half: Array) -> Array:
    """Moved until no two boxes (centre `xy`, half sizes `half`) overlap, each pair along its smaller overlap."""
    n = len(xy)
    if n > 2 * ALL_PAIRS:
        return xy
    width, height = (half[:, None, k] + half[None, :, k] for k in (0, 1))
    # All pairs are looked at each time, so large parts get fewer rounds and may keep some overlaps.
    for _ in range(400 if n < 300 else 200):
        hit = (np.abs(xy[:, None, 0] - xy[None, :, 0]) < width) & (np.abs(xy[:, None, 1] - xy[None, :, 1]) < height)
        first, second = np.nonzero(np.triu(hit, 1))
        if not len(first):
            break
        delta = xy[second] - xy[first]
        over = np.stack([width[first, second], height[first, second]], 1) - np.abs(delta)
        # Two boxes at one place part by their number, or they would stay together for ever.
        move = over * np.where(delta < 0, -1.0, 1.0)
        move[np.arange(len(move)), (over[:, 0] < over[:, 1]).astype(int)] = 0.0
        ends = np.concatenate([first, second])
        count = np.maximum(np.bincount(ends, minlength=n), 1)[:, None]
        total = np.stack([np.bincount(ends, np.concatenate([-move[:, k], move[:, k]]), n) for k in (0, 1)], 1)
        xy = np.asarray(np.round(xy + 0.5 * total / np.sqrt(count) + 0.0, 3), dtype=np.float64)
    return xy


def _fit_together(parts: Sequence[list[int]], placed: Sequence[Array], boxes: Sequence[Box], graph: nx.Graph[int]) -> list[Array]:
    """The positions of the parts, moved so that they make one picture without touching each other."""
    if len(parts) < 2:
        return list(placed)
    shapes = []
    for part, xy in zip(parts, placed, strict=True):
        index = {node: i for i, node in enumerate(part)}
        sizes = np.array([[boxes[p].half_width, boxes[p].up, boxes[p].down] for p in part])
        rectangles = np.stack([xy[:, 0] - sizes[:, 0], xy[:, 1] - sizes[:, 1], xy[:, 0] + sizes[:, 0], xy[:, 1] + sizes[:, 2]], 1)
        # Lines fill the room between the nodes of a large part in any case.
        lines = [(xy[index[a]], xy[index[b]]) for a, b in graph.subgraph(part).edges] if len(part) <= ALL_PAIRS else []
        points = [a + (b - a) * t for a, b in lines for t in np.linspace(0, 1, 2 + int(np.abs(b - a).max() / 12))]
        dots = np.array([[x, y, x, y] for x, y in points]).reshape(-1, 4)
        shapes.append(np.concatenate([rectangles, dots]))
    return [xy + move for xy, move in zip(placed, pack(shapes), strict=True)]
