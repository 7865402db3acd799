"""kg reads Arabic news and gives a knowledge graph of who did what to whom with what.

    import kg

    graph = kg.build("seeds/")                      # a Graph; kg.extract(documents) gives one document after the other
    graph.view("graph.html")                        # the picture; in a notebook: graph.view()

What was read once needs no models any more:

    >>> import kg
    >>> graph = kg.Graph.load("out/extractions.jsonl")
    >>> graph.query("ASK { kg:Q794 kgo:sendsTo kg:Q159 }")      # Iran, Russia
    [{'answer': True}]
    >>> graph.to_pandas("events")["type"].value_counts()["SEND"].item()
    3
    >>> graph.nx.number_of_nodes()
    20
    >>> graph.to_rdf("graph.ttl").name
    'graph.ttl'

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.api import build, extract, read
    from kg.documents import Problems
    from kg.errors import KgError
    from kg.graph import Graph
    from kg.model import Document, Extraction

__version__ = "0.1.0"
__all__ = ["Document", "Extraction", "Graph", "KgError", "Problems", "build", "extract", "read"]

_HOMES = {
    "build": "kg.api",
    "extract": "kg.api",
    "read": "kg.api",
    "Problems": "kg.documents",
    "KgError": "kg.errors",
    "Graph": "kg.graph",
    "Document": "kg.model",
    "Extraction": "kg.model",
}


class _Package(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        # Python sets a submodule as an attribute of its package when it is imported: the module kg.extract must not hide
        # the function of that name, whichever is met first.
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
