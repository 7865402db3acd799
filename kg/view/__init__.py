"""The graph as one HTML file that needs no network: pyvis's network in our own page, by `write_html(graph, Path("out/graph.html"))`."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kg.files import replacing

if TYPE_CHECKING:
    from kg.graph import Graph

#: "The knowledge graph of the news".
TITLE = "شبكة معارف الأخبار"


def to_html(graph: Graph, title: str = TITLE, note: str = "") -> str:
    """The page as a text, with a note under its heading. The same graph gives the same text; nothing in it is taken from a text as markup."""
    from kg.view.page import render
    from kg.view.picture import picture

    return render(graph, picture(graph), title, note)


def write_html(graph: Graph, path: Path, title: str = TITLE, note: str = "") -> None:
    """Write the page (see `to_html`) to `path`, whose folder must exist; it appears whole or not at all. KgError if it cannot be written."""
    page = to_html(graph, title, note).encode("utf-8", "replace")
    # Bytes, not text, whose line ends some systems would translate and so break the hashes of the scripts.
    with replacing(path) as file:
        file.write(page)


def to_frame(graph: Graph, height: int = 640) -> str:
    """The page in a frame of so many pixels, as notebooks show it. The frame is kept from the notebook it stands in."""
    page = escape(to_html(graph).encode("utf-8", "replace").decode("utf-8"), quote=True)
    return (
        f'<iframe srcdoc="{page}" sandbox="allow-scripts allow-downloads allow-popups" width="100%" height="{height}"'
        ' style="border:1px solid #ccc;border-radius:8px" title="kg"></iframe>'
    )
