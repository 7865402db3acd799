"""The graph as one HTML file that needs no network: pyvis's network in our own page, by `write_html(graph, Path("out/graph.html"))`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.graph import Graph

#: "The knowledge graph of the news".
TITLE = "شبكة معارف الأخبار"


def to_html(graph: Graph, title: str = TITLE) -> str:
    """The page as a text. The same graph gives the same text; nothing in it is taken from a text as markup."""
    from kg.view.labels import Labels
    from kg.view.page import render
    from kg.view.picture import picture

    events = Counter(str(d["type"]) for _, d in graph.events())
    return render(picture(graph), graph.documents, events, title, Labels(graph.vocabulary))


def write_html(graph: Graph, path: Path, title: str = TITLE) -> None:
    """Write the page to `path`, whose folder must exist. OSError if it cannot be written."""
    # Not write_text, which would translate line ends on some systems and so break the hashes of the scripts.
    path.write_bytes(to_html(graph, title).encode("utf-8", "replace"))
