"""What `kg build` writes of a graph that is too large for memory: the store is the graph, and the files are streamed out of it.

    extractions.jsonl ──► graph.store ──► sorted on disk ──► graph.ttl, graph.trig, …
                                     └──► the entities most often mentioned ──► graph.html

graph.ttl and the other formats are byte for byte what `kg.rdf` writes of the same documents in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from pathlib import Path

import pyoxigraph as ox

from kg.files import sync
from kg.formats import FORMATS, suffix_of, write_quads
from kg.graph_files import STORE
from kg.model import Extraction
from kg.namespaces import KGO, PREFIXES
from kg.sorting import Lines
from kg.store import Reader, Store
from kg.store_parts import Settings
from kg.view import TITLE, write_html
from kg.view.part import ENTITIES, part
from kg.vocabulary import Vocabulary

_DECIMAL, _MOMENT = (ox.NamedNode(PREFIXES["xsd"] + name) for name in ("decimal", "dateTime"))
_TYPE, _SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(PREFIXES["rdf"] + name) for name in ("type", "subject", "predicate", "object"))
_FRACTION = re.compile(r"\.(\d+)")


def make_store(extractions: Iterable[Extraction], path: Path, settings: Settings) -> list[str]:
    """Make the store in a folder that is not there, and have it on the disk.

    Returns:
        The IRIs of which the user's identity files speak and that no document has.

    Raises:
        KgError: two different documents have one id.
    """
    s = settings
    with Store(path, base=s.base, vocabulary=s.vocabulary, broader=s.broader, identity=s.identity, concepts=s.concepts, new=True) as store:
        for x in extractions:
            store.put(x)
        store.settle()
        unmatched = store.unmatched()
    for file in path.rglob("*"):
        sync(file)
    sync(path)
    return unmatched


class StoredGraph:
    """A store, as `kg build` writes files of it."""

    def __init__(self, reader: Reader, vocabulary: Vocabulary) -> None:
        self.reader, self.vocabulary = reader, vocabulary
        self.prefixes = dict(PREFIXES) if reader.base in PREFIXES.values() else {**PREFIXES, "kg": reader.base}

    def quads(self, *, named: bool = True) -> Iterator[ox.Quad]:
        """All statements, with their graphs or merged; numbers and times are written as `kg.rdf` writes them, while Oxigraph keeps their values."""
        store = self.reader.quads
        for graph in store.named_graphs() if named else (ox.DefaultGraph(),):
            for q in store.quads_for_pattern(None, None, None, graph):
                o = q.object
                if isinstance(o, ox.Literal) and o.datatype in (_DECIMAL, _MOMENT):
                    yield ox.Quad(q.subject, q.predicate, ox.Literal(as_written(o.value, o.datatype), datatype=o.datatype), q.graph_name)
                else:
                    yield q

    def write(self, path: Path) -> None:
        """Write it in the format that the suffix tells."""
        format = FORMATS.get(suffix_of(path))
        write_quads(self.quads(named=format is not None and format.supports_datasets), path, prefixes=self.prefixes)

    def describe(self, files: Sequence[Path], path: Path) -> None:
        """Write what is in it, and that it can be had as these files, in VoID and DCAT."""
        from kg.datasets import write_description

        write_description(self.quads(named=False), files, path, base=self.reader.base, prefixes=self.prefixes)

    def count(self, name: str) -> int:
        """How many things are of a class of kg's."""
        return sum(1 for _ in self._of_class(name))

    def facts(self) -> int:
        """How many pairs of entities a fact joins. A fact that gives two offices is one."""
        found = Lines()
        for fact in self._of_class("Fact"):
            parts = (self._object(fact, p) for p in (_SUBJECT, _PREDICATE, _OBJECT))
            found.add([" ".join(map(str, parts)).encode() + b"\n"])
        return sum(1 for _ in found)

    def view(self, path: Path, title: str | None) -> int:
        """Write the page of its most central part, and give how many entities that shows."""
        leading = nsmallest(ENTITIES, self.reader.mentions(), key=lambda m: (-m[1], m[0]))
        graph = part(self.reader.quads, (key for key, _n in leading), self.reader.base, self.vocabulary)
        shown = len(graph.entities())
        ours, whole = (shown, len(graph.documents)), (self.count("Entity"), self.count("Document"))
        note = (
            f"جزء من الشبكة: {ours[0]:,} كيانا من {whole[0]:,}، و{ours[1]:,} وثيقة من {whole[1]:,}.\n"
            f"A part of the graph: {ours[0]:,} of {whole[0]:,} entities, {ours[1]:,} of {whole[1]:,} documents. The whole is in {STORE}."
        )
        write_html(graph, path, title or TITLE, note)
        return shown

    def _of_class(self, name: str) -> Iterator[ox.NamedNode]:
        found = self.reader.quads.quads_for_pattern(None, _TYPE, ox.NamedNode(KGO + name), ox.DefaultGraph())
        return (q.subject for q in found if isinstance(q.subject, ox.NamedNode))

    def _object(self, subject: ox.NamedNode, predicate: ox.NamedNode) -> object:
        return next(q.object for q in self.reader.quads.quads_for_pattern(subject, predicate, None, ox.DefaultGraph()))


def as_written(value: str, datatype: ox.NamedNode) -> str:
    """A number or a moment of Oxigraph's as `kg.rdf` writes it: a decimal with its point, a moment as Python's isoformat has it.

    >>> as_written("1", ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    '1.0'
    """
    if datatype == _DECIMAL:
        return value if "." in value else f"{value}.0"
    value = _FRACTION.sub(lambda m: f".{m[1]:0<6}", value)
    return value.removesuffix("Z") + "+00:00" if value.endswith("Z") else value
