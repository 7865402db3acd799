"""Graph -> pandas: entities, events and edges as tables, for those who count, group and plot.

They are what `Graph.to_pandas` gives. "Frame" means something else in kg: a way of wording an event (`kg.frames`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

from kg.errors import KgError
from kg.graph import Graph
from kg.language import _, joined
from kg.model import EVENT_ROLES

if TYPE_CHECKING:
    import pandas as pd

Table = Literal["entities", "events", "edges"]
Language = Literal["ar", "en"]

#: Columns that every table has, also an empty one.
ENTITIES = ("key", "type", "label_ar", "label_en", "qid", "concept", "count", "unit", "events", "documents", "aliases")
EVENTS = (
    "key", "type", "trigger", "polarity", "modality", "confidence", "sources", "first_day", "last_day", "cluster", "plover", "cameo",
    "document", "title", "published", "source", "sentence",
)  # fmt: skip
EDGES = ("subject", "predicate", "object", "subject_label", "object_label", "kind", "claims", "documents", "confidence")

_SEPARATOR = "; "


def to_pandas(graph: Graph, table: Table = "events", language: Language = "ar") -> pd.DataFrame:
    """A table of a graph; see `Graph.to_pandas`."""
    try:
        import pandas as pd
    except ImportError as e:
        raise KgError(_("pandas is not installed: pip install pandas; events() and entities() give lists without it")) from e
    makers: Mapping[str, Callable[[], tuple[list[dict[str, Any]], list[str]]]] = {
        "entities": lambda: _entities(graph),
        "events": lambda: _events(graph, language),
        "edges": lambda: _edges(graph, language),
    }
    if table not in makers:
        raise KgError(_("there is no table {table!r} of a graph; there are {tables}").format(table=table, tables=joined(get_args(Table))))
    rows, columns = makers[table]()
    frame = pd.DataFrame(rows, columns=columns)
    for name in ("first_day", "last_day"):
        if name in columns:
            frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    return frame if table == "edges" else frame.set_index("key")


def _entities(graph: Graph) -> tuple[list[dict[str, Any]], list[str]]:
    rows = []
    for key, data in graph.entities():
        quantity = data["quantity"] or {}
        taking_part = {event for event, _, kind in graph.nx.in_edges(key, data="kind") if kind == "role"}
        rows.append(
            {
                **data,
                "key": key,
                "count": quantity.get("value"),
                "unit": quantity.get("unit"),
                "events": len(taking_part),
                "documents": len(data["documents"]),
            }
        )
    return rows, list(ENTITIES)


def _events(graph: Graph, language: Language) -> tuple[list[dict[str, Any]], list[str]]:
    clusters = {event: cluster for event, cluster, _, _ in graph.edges("member")}
    filled = [(key, data, {_column(role): _names(graph, keys, language) for role, keys in graph.roles(key).items()}) for key, data in graph.events()]
    used = {column for *_, roles in filled for column in roles}
    known = [r for r in dict.fromkeys(role for roles in EVENT_ROLES.values() for role in roles) if r in used]
    columns = [*EVENTS[:3], *known, *sorted(used - set(known)), *EVENTS[3:]]
    rows = [
        {**{k: data.get(k) for k in EVENTS}, **roles, "key": key, "sources": _names(graph, data["sources"], language), "cluster": clusters.get(key)}
        for key, data, roles in filled
    ]
    return rows, columns


def _edges(graph: Graph, language: Language) -> tuple[list[dict[str, Any]], list[str]]:
    rows = []
    for kind in ("short", "fact"):
        for a, b, predicate, data in graph.edges(kind):
            claims = data["claims"]
            rows.append({
                "subject": a, "predicate": predicate, "object": b, "subject_label": _names(graph, [a], language),
                "object_label": _names(graph, [b], language), "kind": kind, "claims": len(claims),
                "documents": len({c["document"] for c in claims}), "confidence": max(c["confidence"] for c in claims),
            })  # fmt: skip
    return rows, list(EDGES)


def _column(role: str) -> str:
    """A role of a user's own may be called like a column that is there already."""
    return f"{role}_role" if role in EVENTS else role


def _names(graph: Graph, keys: list[str], language: Language) -> str:
    nodes = [graph.nx.nodes[key] for key in keys]
    return _SEPARATOR.join(data["label_en"] or data["label_ar"] if language == "en" else data["label_ar"] for data in nodes)
