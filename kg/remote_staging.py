"""The statements of files, by named graph: sorted on disk, each once, so that graphs of any size can be sent in pieces of any size.

The order depends on nothing but the statements, so that a run that was cut knows where the one before it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from kg.errors import KgError
from kg.formats import read_quads, suffix_of
from kg.language import _
from kg.namespaces import DEFAULT_BASE, PREFIXES, segment
from kg.sorting import Lines

_BATCH = 10_000  # statements that are turned into lines in one call
_XSD = PREFIXES["xsd"]
_NUMBERS = {
    _XSD + name
    for name in (
        "integer", "decimal", "double", "float", "boolean", "byte", "short", "int", "long", "unsignedByte", "unsignedShort",
        "unsignedInt", "unsignedLong", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
    )
}  # fmt: skip
_TIMES = {_XSD + "date", _XSD + "dateTime", _XSD + "dateTimeStamp"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A named graph as it lies in the staging file."""

    graph: str  # its IRI
    start: int  # of its first line, in bytes
    triples: int
    blank: bool  # whether it may hold blank nodes, which mean one node within one request only


class Staged:
    """The named graphs of some files, sorted by IRI. It is a context manager; leaving it drops the temporary file."""

    def __init__(self, files: Sequence[Path], *, graph: str | None = None, base: str = DEFAULT_BASE) -> None:
        """Read files.

        Args:
            files: RDF, also with .gz. Graphs of one name in several files become one.
            graph: the graph for statements without one; by default one for each file, `default_graph`.
            base: what the names of these start with.

        Raises:
            KgError: a file cannot be read, or a graph has a blank node for its name.
        """
        self.unnamed: dict[Path, str] = {}  # file -> the graph that its statements without a graph go to
        self.pieces: list[Piece] = []
        digest = sha256()
        self._file = TemporaryFile(prefix="kg-load-")  # noqa: SIM115 (leaving this object closes it)
        at = start = count = 0
        current, blank = b"", False
        for line in _in_order(self._lines(files, graph, base)):
            name, _blank, triple = line.partition(b" ")
            if name != current:
                self._add(current, start, count, blank)
                current, start, count, blank = name, at, 0, False
            count += 1
            blank = blank or b"_:" in triple
            self._file.write(triple)
            at += len(triple)
            digest.update(line)
        self._add(current, start, count, blank)
        #: Of all statements with their graphs.
        self.digest = digest.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    @property
    def triples(self) -> int:
        return sum(p.triples for p in self.pieces)

    def lines(self, piece: Piece, after: int = 0) -> Iterator[bytes]:
        """A graph's triples as lines of N-Triples, without the first `after`."""
        self._file.seek(piece.start)
        return islice(self._file, after, piece.triples)

    def values(self, piece: Piece) -> int:
        """How many triples a graph holds if objects of equal value count as one (007 and 7; one moment in two time zones; @ar-EG and @ar-eg)."""

        def batches() -> Iterator[list[bytes]]:
            lines = self.lines(piece)
            while some := list(islice(lines, _BATCH)):
                triples = ox.parse(b"".join(some), format=ox.RdfFormat.N_TRIPLES, lenient=True)
                yield [f"{q.subject} {q.predicate} {_value(q.object)}\n".encode("utf-8", "surrogatepass") for q in triples]

        return sum(1 for _ in _in_order(batches()))

    def _add(self, name: bytes, start: int, count: int, blank: bool) -> None:
        if count:
            self.pieces.append(Piece(name[1:-1].decode(), start, count, blank))

    def _lines(self, files: Sequence[Path], graph: str | None, base: str) -> Iterator[list[bytes]]:
        for n, path in enumerate(files):
            quads = read_quads(path, blank=f"f{n}b")
            while some := list(islice(quads, _BATCH)):
                names = [self._name(q, path, graph, base) for q in some]
                triples = ox.serialize([q.triple for q in some], format=ox.RdfFormat.N_TRIPLES) or b""
                yield [name + b" " + line for name, line in zip(names, triples.splitlines(keepends=True), strict=True)]

    def _name(self, q: ox.Quad, path: Path, graph: str | None, base: str) -> bytes:
        if isinstance(q.graph_name, ox.NamedNode):
            return str(q.graph_name).encode()
        if isinstance(q.graph_name, ox.BlankNode):
            raise KgError(_("{path}: a graph has a blank node for its name, by which no server could replace it: give it an IRI").format(path=path))
        if path not in self.unnamed:
            name = graph or default_graph(path, base)
            if graph is None and (other := next((p for p, known in self.unnamed.items() if known == name), None)):
                raise KgError(
                    _("{other} and {path} would both be the graph <{name}>: load them one by one with --graph, or together into one --graph").format(
                        other=other, path=path, name=name
                    )
                )
            self.unnamed[path] = name
        return f"<{self.unnamed[path]}>".encode()


def _in_order(batches: Iterable[list[bytes]]) -> Iterator[bytes]:
    lines = Lines()
    for batch in batches:
        lines.add(batch)
    return iter(lines)


def default_graph(path: Path, base: str = DEFAULT_BASE) -> str:
    """The graph for what a file says outside of named graphs: "out/graph.ttl" -> https://example.org/kg/graph/file/graph."""
    name = path.name[: -len(".gz")] if path.suffix.lower() == ".gz" else path.name
    return f"{base}graph/file/{segment(name[: -len(suffix_of(path))] or name)}"


def checked_graph(iri: str) -> str:
    """`iri` if it can name a graph: absolute, without characters that no IRI has. KgError otherwise."""
    try:
        ox.NamedNode(iri)
        next(iter(ox.parse(f"<{iri}> <{iri}> <{iri}> .", format=ox.RdfFormat.N_TRIPLES)))
    except (ValueError, StopIteration) as e:
        raise KgError(_("the graph {iri!r} is no absolute IRI").format(iri=iri)) from e
    return iri


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """A text that is equal for terms of equal value."""
    if not isinstance(term, ox.Literal):
        return str(term)
    kind, text = term.datatype.value, term.value.strip()
    if term.language:
        return f"{ox.Literal(term.value)}@{term.language.lower()}"
    try:
        if kind in _NUMBERS:
            return repr(float({"true": "1", "false": "0"}.get(text, text)) + 0.0)  # -0.0 is 0.0
        if kind in _TIMES:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00") if "T" in text else text[:10])
            return str(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))
    except (ValueError, OverflowError):
        pass
    return str(term)


def chunks(lines: Iterable[bytes], triples: int, size: int) -> Iterator[list[bytes]]:
    """Lines in lists of at most so many and at most so many bytes (a longer line stands alone)."""
    out: list[bytes] = []
    length = 0
    for line in lines:
        if out and (len(out) == triples or length + len(line) > size):
            yield out
            out, length = [], 0
        out.append(line)
        length += len(line)
    if out:
        yield out
