"""The pyvis Network of a picture: sizes, shapes, colours, places and curves."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from kg.view.labels import Labels
from kg.view.layout import Box, place
from kg.view.picture import Edge, Node, Picture
from kg.view.routes import route
from kg.view.style import FACT, NODES, OPTIONS, OTHER_NODE, event_colour

#: Agents stand before their event, so the arrow of these roles points to it and the picture reads as a sentence does.
_ACTING = frozenset({"agent", "seller"})
#: Characters that turn the direction of what follows: they would disturb labels on the canvas.
_CONTROLS = re.compile("[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def network_of(picture: Picture, labels: Labels) -> Any:
    """A pyvis Network of the picture; its nodes are numbered, because keys come from the texts and could be anything."""
    from pyvis.network import Network

    number = {n.key: i for i, n in enumerate(picture.nodes)}
    degree = picture.degree()
    options = [_node(n, degree[n.key], labels) for n in picture.nodes]
    boxes = [_box(o) for o in options]
    network = Network(directed=True, cdn_resources="in_line")
    network.options = OPTIONS
    places = place(boxes, [(number[e.source], number[e.target]) for e in picture.edges])
    for i, (o, (x, y)) in enumerate(zip(options, places, strict=True)):
        network.add_node(i, **o, x=x, y=y)
    drawn = [_edge(e, labels) for e in picture.edges]
    lengths = [len(o.get("label", "")) * 0.5 * o.get("font", {}).get("size", OPTIONS["edges"]["font"]["size"]) for o in drawn]
    bends = route(boxes, places, [(number[e.source], number[e.target]) for e in picture.edges], lengths)
    for i, (edge, o, bend) in enumerate(zip(picture.edges, drawn, bends, strict=True)):
        network.add_edge(number[edge.source], number[edge.target], id=i, **o, smooth=_curve(bend))
    return network


def _node(node: Node, degree: int, labels: Labels) -> dict[str, Any]:
    if node.kind == "event":
        colour = event_colour(node.type, labels.vocabulary)
        label = labels.type(node.type) + (f" ×{node.count}" if node.count > 1 else "")
        border = {"borderDashes": [3, 2]} if not node.certain else {"borderDashes": False}
        return {
            "label": "\n".join(lines(label)), "shape": "dot", "size": 5 + min(node.count, 9) // 3, "shapeProperties": border,
            "color": _colours("#fcfbf8", colour), "font": {"size": 12, "color": colour}, "borderWidth": 2,
        }  # fmt: skip
    shape, colour = NODES.get(node.type, OTHER_NODE)
    size = round(9 + min(26.0, 4.2 * math.sqrt(degree)))
    font = 13 + min(15, round(2.2 * math.sqrt(degree)))
    # The corners of these shapes take less room than a disc of the same size.
    size = round(size * {"dot": 0.92, "square": 0.85, "triangle": 1.05, "triangleDown": 1.05, "star": 1.3, "burst": 1.05}.get(shape, 1.0))
    return {"label": "\n".join(lines(node.label)), "shape": shape, "size": size, "color": _colours(colour, "#ffffff"), "font": {"size": font}}


def _colours(background: str, border: str) -> dict[str, Any]:
    strong = {"background": background, "border": "#1c2430"}
    return {"background": background, "border": border, "highlight": strong, "hover": strong}


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
    # An empty label would make pyvis write the number of the node.
    return out if out != [""] else ["…"]


def _box(options: Mapping[str, Any]) -> Box:
    size, font = options["size"], options["font"]["size"]
    text = options["label"].split("\n")
    width = max(len(t) for t in text) * font * 0.5 + 4
    return Box(max(size, width / 2), size, size + len(text) * font * 1.25 + 2)


def _curve(bend: float) -> dict[str, Any] | bool:
    return {"enabled": True, "type": "curvedCW" if bend > 0 else "curvedCCW", "roundness": round(abs(bend), 2)} if abs(bend) > 0.01 else False


def _edge(edge: Edge, labels: Labels) -> dict[str, Any]:
    count = len(edge.evidence)
    arrow = {"enabled": edge.directed, "scaleFactor": 0.55, "type": "arrow"}
    if edge.kind == "role":
        acting = edge.types[0][0] in _ACTING
        uncertain = not any(e.polarity == "positive" and e.modality == "asserted" for e in edge.evidence)
        colour = event_colour(edge.evidence[0].type, labels.vocabulary)
        side = {"from" if acting else "to": {**arrow, "scaleFactor": 0.4}}
        return {"width": 1.1, "color": _line(colour, 0.55), "arrows": side, "dashes": [4, 4] if uncertain else False}
    shown = [labels.of(edge.kind, t) + (f" ×{n}" if n > 1 else "") for t, n in edge.types[:2]]
    label = "، ".join(shown) + (f" +{len(edge.types) - 2}" if len(edge.types) > 2 else "")
    if edge.kind == "fact":
        return {
            "label": label, "width": 1, "color": _line(FACT, 0.8), "arrows": {"to": {**arrow, "scaleFactor": 0.4}},
            "font": {"size": 12, "color": "#667085"},
        }  # fmt: skip
    colour = event_colour(edge.types[0][0], labels.vocabulary)
    return {
        "label": label, "width": round(1.6 + 0.9 * math.log2(count), 1), "color": _line(colour, 0.85), "arrows": {"to": arrow},
        "font": {"color": colour},
    }  # fmt: skip


def _line(colour: str, opacity: float) -> dict[str, Any]:
    return {"color": colour, "highlight": colour, "hover": colour, "opacity": opacity, "inherit": False}
