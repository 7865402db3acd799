"""Shapes and colours. Types differ in shape, icon and colour, and the colours (after Okabe and Ito) also in lightness, so that
nobody has to tell them apart by hue. Lines are coloured by what they mean: fighting or helping, in deeds or in words."""

from __future__ import annotations

from typing import Any

from kg.namespaces import class_name
from kg.vocabulary import Vocabulary

#: Entity type -> (shape of vis-network, colour). "burst" and the icons are drawn by the page's script.
NODES = {
    "STATE": ("hexagon", "#0072b2"),
    "PERSON": ("dot", "#e69f00"),
    "ORGANISATION": ("square", "#009e73"),
    "FORCE": ("triangleDown", "#7b3294"),
    "WEAPON": ("triangle", "#d55e00"),
    "PLACE": ("diamond", "#56b4e9"),
    "AGREEMENT": ("star", "#cc79a7"),
    "CONFLICT": ("burst", "#5d5d5d"),
}
OTHER_NODE = ("dot", "#8a94a3")

#: The four classes of events of conflict research, and their colours on light and on dark ground (4.5 : 1 as text on either).
CLASSES = {
    "material-conflict": ("#b3261e", "#ff8a80"),
    "verbal-conflict": ("#985700", "#ffb74d"),
    "material-cooperation": ("#00695c", "#4fd1b8"),
    "verbal-cooperation": ("#3157a8", "#8fb4ff"),
    "other": ("#5b6472", "#a9b2c0"),
}
#: PLOVER's codes in them. (PLOVER has MOBILIZE, which is no fight yet, with the conflicts.)
_CODES = {
    "material-conflict": "PROTEST SANCTION MOBILIZE COERCE ASSAULT",
    "verbal-conflict": "REQUEST ACCUSE REJECT THREATEN",
    "material-cooperation": "COOPERATE AID RETREAT",
    "verbal-cooperation": "AGREE CONSULT SUPPORT CONCEDE",
}
_CLASS_OF = {code: c for c, codes in _CODES.items() for code in codes.split()}

FACT = "#66707f"


def event_class(event_type: str, vocabulary: Vocabulary) -> str:
    """The class of an event type by the PLOVER code that the ontology gives it; "other" if it gives none."""
    return _CLASS_OF.get(vocabulary.plover.get(class_name(event_type), ""), "other")


def event_colour(event_type: str, vocabulary: Vocabulary) -> str:
    return CLASSES[event_class(event_type, vocabulary)][0]


#: What vis-network is told about everything; nodes and edges say only what is their own. Labels are drawn by the script, which
#: keeps them apart at every zoom.
OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {
        "hover": True, "hoverConnectedEdges": False, "tooltipDelay": 100, "multiselect": False, "hideEdgesOnDrag": False,
        "keyboard": {"enabled": False}, "zoomSpeed": 0.6,
    },
    "nodes": {"borderWidth": 1.5, "borderWidthSelected": 3, "labelHighlightBold": False, "scaling": {"label": {"enabled": False}}},
    "edges": {
        "arrowStrikethrough": False, "selectionWidth": 1.5, "hoverWidth": 1.2, "endPointOffset": {"to": 2}, "labelHighlightBold": False,
        "smooth": False,
    },
}  # fmt: skip
