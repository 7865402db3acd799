"""Shapes and colours. Types differ in shape and in colour, and the colours (after Okabe and Ito) also in lightness, so that
nobody has to tell them apart by hue. Lines are coloured by what they mean: fighting or helping, in deeds or in words."""

from __future__ import annotations

from typing import Any

from kg.namespaces import class_name
from kg.vocabulary import Vocabulary

#: Entity type -> (shape of vis-network, colour). "burst" is drawn by script.js.
NODES = {
    "STATE": ("hexagon", "#0072b2"),
    "PERSON": ("dot", "#e69f00"),
    "ORGANISATION": ("square", "#009e73"),
    "FORCE": ("triangleDown", "#7b3294"),
    "WEAPON": ("triangle", "#d55e00"),
    "PLACE": ("diamond", "#56b4e9"),
    "AGREEMENT": ("star", "#cc79a7"),
    "CONFLICT": ("burst", "#3d3d3d"),
}
OTHER_NODE = ("dot", "#8a94a3")

#: The four classes of events of conflict research, and their colours.
CLASSES = {
    "material-conflict": "#b3261e",
    "verbal-conflict": "#b26a00",
    "material-cooperation": "#00796b",
    "verbal-cooperation": "#3763b5",
    "other": "#667085",
}
#: PLOVER's codes in them. (PLOVER has MOBILIZE, which is no fight yet, with the conflicts.)
_CODES = {
    "material-conflict": "PROTEST SANCTION MOBILIZE COERCE ASSAULT",
    "verbal-conflict": "REQUEST ACCUSE REJECT THREATEN",
    "material-cooperation": "COOPERATE AID RETREAT",
    "verbal-cooperation": "AGREE CONSULT SUPPORT CONCEDE",
}
_CLASS_OF = {code: c for c, codes in _CODES.items() for code in codes.split()}

FACT = "#8b95a5"


def event_class(event_type: str, vocabulary: Vocabulary) -> str:
    """The class of an event type by the PLOVER code that the ontology gives it; "other" if it gives none."""
    return _CLASS_OF.get(vocabulary.plover.get(class_name(event_type), ""), "other")


def event_colour(event_type: str, vocabulary: Vocabulary) -> str:
    return CLASSES[event_class(event_type, vocabulary)]


#: What vis-network is told about everything; nodes and edges say only what is their own.
FONT = '"IBM Plex Sans Arabic","Noto Sans Arabic","SF Arabic","Segoe UI","Geeza Pro",Dubai,Tahoma,"DejaVu Sans",sans-serif'
OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {
        "hover": True, "hoverConnectedEdges": False, "tooltipDelay": 100, "multiselect": False, "hideEdgesOnDrag": False,
        "keyboard": {"enabled": True, "bindToWindow": False}, "zoomSpeed": 0.6,
    },
    "nodes": {
        "borderWidth": 2, "borderWidthSelected": 3, "labelHighlightBold": False,
        "font": {"face": FONT, "size": 15, "color": "#1c2430", "strokeWidth": 4, "strokeColor": "#fcfbf8", "vadjust": -2},
        "scaling": {"label": {"enabled": False}},
    },
    "edges": {
        "arrowStrikethrough": False, "selectionWidth": 1.5, "hoverWidth": 1.2, "endPointOffset": {"to": 2},
        "font": {"face": FONT, "size": 13, "strokeWidth": 4, "strokeColor": "#fcfbf8", "align": "middle", "vadjust": 0},
        "labelHighlightBold": False, "smooth": False,
    },
}  # fmt: skip
