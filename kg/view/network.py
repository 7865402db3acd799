"""The pyvis Network of a picture: sizes, shapes, colours, places and curves."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from kg.view.labels import Labels
from kg.view.layout import Box, place
from kg.view.picture import Edge, Node, Picture
from kg.view.routes import route
from kg.view.style import FACT, NODES, OPTIONS, OTHER_NODE, event_colour

#: Agents stand before their event, so the arrow of these roles points to it and the picture reads as a sentence does.
ACTING = frozenset({"agent", "seller"})
#: Characters that turn the direction of what follows: they would disturb labels on the canvas.
_CONTROLS = re.compile("[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def network_of(picture: Picture, labels: Labels) -> Any:
    """A pyvis Network of the picture; its nodes are numbered, because keys come from the texts and could be anything."""
    from pyvis.network import Network

    number = {n.key: i for i, n in enumerate(picture.nodes)}
    weight = picture.weight()
    ends = [(number[e.source], number[e.target]) for e in picture.edges]
    options = [_node(n, weight[n.key], labels) for n in picture.nodes]
    boxes = [_box(o, _texts(n, labels)) for n, o in zip(picture.nodes, options, strict=True)]
    network = Network(directed=True, cdn_resources="in_line")
    network.options = OPTIONS
    # Entities without lines are hidden at first: they stand where nothing else does.
    places = place(boxes, ends, last={i for i, n in enumerate(picture.nodes) if n.kind == "entity"})
    for i, (o, (x, y)) in enumerate(zip(options, places, strict=True)):
        network.add_node(i, **o, x=x, y=y)
    drawn = [_edge(e, labels) for e in picture.edges]
    bends = route(boxes, places, ends, [_length(e, labels) for e in picture.edges])
    # Not add_edge, which looks through all edges for each.
    network.edges = [
        {"from": a, "to": b, "id": i, **o, **({"smooth": c} if (c := _curve(bend)) else {})}
        for i, ((a, b), o, bend) in enumerate(zip(ends, drawn, bends, strict=True))
    ]
    return network


def _texts(node: Node, labels: Labels) -> list[list[str]]:
    """The label in each language, in lines."""
    if node.kind == "event":
        count = f" ×{n}" if (n := len(node.happenings)) > 1 else ""
        return [lines(labels.type(node.type, language) + count) for language in ("ar", "en")]
    return [lines(node.label), lines(str(node.attributes.get("label_en") or node.label))]


def _node(node: Node, weight: int, labels: Labels) -> dict[str, Any]:
    # An empty label would make pyvis write the number of the node.
    if node.kind == "event":
        colour = event_colour(node.type, labels.vocabulary)
        dashes = {} if node.certain else {"shapeProperties": {"borderDashes": [3, 2]}}
        return {
            "label": " ",
            "shape": "dot",
            "size": 7 + min(len(node.happenings), 9) // 2,
            "color": _colours("#ffffff", colour),
            "borderWidth": 2.5,
            **dashes,
        }
    shape, colour = NODES.get(node.type, OTHER_NODE)
    size = round(12 + min(28.0, 4.6 * math.sqrt(weight)))
    # The corners of these shapes take less room than a disc of the same size.
    size = round(size * {"dot": 0.92, "square": 0.85, "triangle": 1.05, "triangleDown": 1.05, "star": 1.3, "burst": 1.05}.get(shape, 1.0))
    return {"label": " ", "shape": shape, "size": size, "color": _colours(colour, "#ffffff")}


def _colours(background: str, border: str) -> dict[str, Any]:
    return {"background": background, "border": border}


def lines(label: str, width: int = 17, most: int = 3) -> list[str]:
    """A label cut into lines of about `width` characters, with an ellipsis if there are more than `most` of them."""
    out = [""]
    for word in _CONTROLS.sub(" ", label).split():
        word = word if len(word) <= 2 * width else word[: 2 * width - 1] + "…"
        if out[-1] and len(out[-1]) + 1 + len(word) > width:
            out.append(word)
        else:
            out[-1] = f"{out[-1]} {word}".strip()
    if len(out) > most:
        out = [*out[: most - 1], out[most - 1] + "…"]
    return out if out != [""] else ["…"]


def _box(options: Mapping[str, Any], texts: Sequence[Sequence[str]]) -> Box:
    """The room that a node and its label need in either language."""
    size = options["size"]
    font = 13 + min(11, size // 4)
    width = max(len(t) for text in texts for t in text) * font * 0.52 + 4
    return Box(max(size, width / 2), size, size + max(map(len, texts)) * font * 1.3 + 2)


def _curve(bend: float) -> dict[str, Any] | None:
    return {"enabled": True, "type": "curvedCW" if bend > 0 else "curvedCCW", "roundness": round(abs(bend), 2)} if abs(bend) > 0.01 else None


def _length(edge: Edge, labels: Labels) -> float:
    """How long the edge's label is, in pixels; 0 if it has none."""
    return 6.5 * len(labels.of(edge.kind, edge.types[0][0])) if edge.kind != "role" else 0.0


def _edge(edge: Edge, labels: Labels) -> dict[str, Any]:
    dashes: dict[str, Any] = {} if edge.certain else {"dashes": [7, 5]}
    if edge.kind == "role":
        side = "from" if edge.types[0][0] in ACTING else "to"
        return {"width": 1.6, "arrows": {side: _arrow(0.4)}, **dashes}
    if edge.kind == "fact":
        return {"width": 1.4, "color": {"color": FACT}, "arrows": {"to": _arrow(0.4)}}
    width = round(2.2 + 1.1 * math.log2(max(len(edge.happenings), 1)), 1)
    colour = {"color": event_colour(edge.types[0][0], labels.vocabulary)}
    return {"width": width, "color": colour, **({"arrows": {"to": _arrow(0.55)}} if edge.directed else {}), **dashes}


def _arrow(scale: float) -> dict[str, Any]:
    return {"enabled": True, "scaleFactor": scale, "type": "arrow"}
