"""How far each edge bows, so that edges between the same nodes lie side by side and lines and their labels keep off nodes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kg.view.layout import Box

Array = NDArray[np.float64]

#: What is tried, the straight line first: "roundness" of vis-network, positive for its curvedCW.
BENDS = (0.0, 0.1, -0.1, 0.18, -0.18, 0.26, -0.26)
#: Distance of edges between the same two nodes.
STEP = 0.24
#: Larger pictures are drawn with straight lines, all at once (bulk.js): they can only be read from near.
MOST = 500
#: Half the height of an edge's label, in pixels, and how near another one must be to be looked at.
HALF, NEAR = 8.0, 120.0


def route(boxes: Sequence[Box], places: Sequence[tuple[int, int]], edges: Sequence[tuple[int, int]], lengths: Sequence[float]) -> list[float]:
    """The bend of each edge; `lengths` are those of the edges' labels in pixels, 0 for none."""
    siblings: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, (a, b) in enumerate(edges):
        siblings[min(a, b), max(a, b)].append(i)
    out = [0.0] * len(edges)
    rectangles = np.array([[x - b.half_width, y - b.up, x + b.half_width, y + b.down] for (x, y), b in zip(places, boxes, strict=True)])
    labels: list[Array] = []
    centres = np.zeros((len(edges), 2))
    # The pairs with one edge are free to bow; they come last and see the labels of those that are not.
    for (first, second), group in sorted(siblings.items(), key=lambda s: (-len(s[1]), s[0])):
        for order, i in enumerate(group):
            bend = (order - (len(group) - 1) / 2) * STEP
            bend = bend if edges[i][0] == first else -bend
            if len(group) == 1 and len(edges) <= MOST and first != second:
                a, b = edges[i]
                others = np.delete(rectangles, [a, b], axis=0)
                middle = (np.array(places[a]) + np.array(places[b])) / 2
                reach = NEAR + math.dist(places[a], places[b]) / 4
                near = [labels[k] for k in np.flatnonzero(np.abs(centres[: len(labels)] - middle).max(1) < reach)]
                costs = [_cost(c, _curve(places[a], places[b], c), others, rectangles, near, lengths[i]) for c in BENDS]
                bend = BENDS[costs.index(min(costs))]
            out[i] = bend
            if lengths[i] and first != second:
                curve = _curve(places[edges[i][0]], places[edges[i][1]], bend)
                centres[len(labels)] = curve[10]
                labels.append(_label(curve, lengths[i]))
    return out


def _curve(a: tuple[int, int], b: tuple[int, int], bend: float) -> Array:
    """Points along the edge, as vis-network draws it: a parabola whose control point leans from the first node."""
    (x, y), (dx, dy) = a, (b[0] - a[0], b[1] - a[1])
    reach, turn = abs(bend) / 2 + 0.5, -bend * math.pi / 2
    cos, sin = math.cos(turn), math.sin(turn)
    control = np.array([x + reach * (dx * cos - dy * sin), y + reach * (dx * sin + dy * cos)])
    t = np.linspace(0, 1, 21)[:, None]
    out: Array = (1 - t) ** 2 * np.array(a) + 2 * t * (1 - t) * control + t**2 * np.array(b)
    return out


def _label(curve: Array, length: float) -> Array:
    """Points along the label in the middle of the edge."""
    way = curve[11] - curve[9]
    way = way / max(float(np.hypot(*way)), 1e-9)
    steps = np.linspace(-0.5, 0.5, 2 + int(length / 12))[:, None]
    out: Array = curve[10] + way * length * steps
    return out


def _cost(bend: float, curve: Array, others: Array, rectangles: Array, labels: Sequence[Array], length: float) -> float:
    """What is bad about a curve: points in `others`, the nodes that it does not join; points of its label in any node or at another label."""
    cost = 1.5 * _inside(curve[2:-2], others, 0.0) + 14 * abs(bend)
    if length:
        label = _label(curve, length)
        cost += 2.0 * _inside(label, rectangles, HALF)
        cost += sum(2.0 * float((np.abs(label[:, None, :] - other[None, :, :]).max(2) < 1.4 * HALF).any(1).sum()) for other in labels)
    return round(cost, 6)


def _inside(points: Array, rectangles: Array, margin: float) -> float:
    """How many of the points lie in a rectangle, with so much around it."""
    x, y = points[:, :1], points[:, 1:]
    left, top, right, bottom = rectangles.T
    return float(((x > left - margin) & (x < right + margin) & (y > top - margin) & (y < bottom + margin)).sum())
