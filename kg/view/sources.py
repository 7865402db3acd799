"""What `kg view` reads: extractions, RDF that kg wrote, stores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kg.documents import Problems
from kg.errors import KgError
from kg.extraction_files import is_extractions, read
from kg.graph import Graph
from kg.language import _
from kg.model import Extraction
from kg.vocabulary import vocabulary

if TYPE_CHECKING:
    import pyoxigraph as ox

#: A store with more statements is not read whole.
MOST = 5_000_000


def load(paths: Sequence[Path], problems: Problems, frames: Sequence[Path] = ()) -> Graph:
    """The graph that files of extractions or RDF and folders of stores hold together.

    Args:
        paths: files and folders.
        problems: is given the lines of extractions that are none.
        frames: the user's own event frames that these were made with.

    Raises:
        KgError: a file cannot be read, or is not what kg writes.
    """
    words = vocabulary(*frames)
    told: dict[str, Extraction] = {}
    quads: list[Iterator[ox.Quad]] = []
    for path in paths:
        found = _extractions(path, problems)
        if found is None:
            quads.append(_statements(path))
        else:
            for x in found:
                if told.setdefault(x.document.id, x) != x:
                    problems.add(str(path), _("tells otherwise of document {id!r} than what came before").format(id=x.document.id))
    try:
        graph = Graph.of(told.values(), vocabulary=words)
    except ValueError as e:
        raise KgError(f"{', '.join(map(str, paths))}: {e}") from e
    if not quads:
        return graph
    from kg.rdf import quads as written
    from kg.view.rdf_input import graph_of

    whole = graph_of(chain(*quads, written(graph)), words)
    whole.extractions = {id: x for id, x in graph.extractions.items() if id in whole.documents}
    whole.documents |= graph.documents
    return whole


def _extractions(path: Path, problems: Problems) -> list[Extraction] | None:
    """The extractions in a file, or in a store that was built with its texts; None for other things."""
    if path.is_dir():
        from kg.store import Reader

        with Reader(path) as store:
            kept = list(store.extractions())
            return kept if len(kept) == len(store.documents()) else None
    return list(read(path, problems)) if is_extractions(path) else None


def _statements(path: Path) -> Iterator[ox.Quad]:
    if not path.is_dir():
        from kg.formats import read_quads

        yield from read_quads(path)
        return
    from kg.store import Reader

    with Reader(path) as store:
        if len(store.quads) > MOST:
            raise KgError(
                _("{path} holds {n:,} statements, more than a page can: choose some with kg query and view what it writes").format(
                    path=path, n=len(store.quads)
                )
            )
        yield from store.quads
