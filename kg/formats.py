"""The formats of files that hold RDF: which there are, and reading and writing statements as streams.

A file's format is told by its suffix; `.gz` behind it compresses. What is written is sorted, has every statement once and depends
on nothing but the statements: the same graph gives the same bytes, from whatever order, in memory that does not grow with it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, TypeVar

import pyoxigraph as ox

from kg.errors import KgError
from kg.files import opened, replacing
from kg.language import _, joined, strerror
from kg.namespaces import DEFAULT_BASE, PREFIXES
from kg.reification import as_reified, as_statements
from kg.sorting import Sorted, parsed
from kg.xml_text import checked_lines, without_carriage_returns

#: File suffix -> format of RDF, which can be read and written.
FORMATS: Mapping[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
#: Suffixes of what is only written: a property graph as one file of GraphML, or as lists of nodes and edges in CSV.
TABLES = (".graphml", ".csv")
#: Suffixes of formats that have triple terms of RDF 1.2.
RDF12 = (".ttl", ".nt", ".nq", ".trig", ".rdf")

T = TypeVar("T")


def suffix_of(path: Path) -> str:
    """The suffix that tells a file's format, without .gz and in small letters: "news.TTL.gz" -> ".ttl"."""
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()


def readable(path: Path) -> ox.RdfFormat:
    """The format to read a file in. KgError if its suffix tells none."""
    if (format := FORMATS.get(suffix_of(path))) is None:
        raise KgError(_("{path}: no RDF format has this suffix; there are {formats}, each also with .gz").format(path=path, formats=joined(FORMATS)))
    return format


def writable(path: Path) -> str:
    """The suffix of a file to write. KgError if it tells no format."""
    if (suffix := suffix_of(path)) not in (*FORMATS, *TABLES):
        raise KgError(
            _("{path}: no format has this suffix; there are {formats}, each also with .gz").format(path=path, formats=joined((*FORMATS, *TABLES)))
        )
    return suffix


# Reading


def read_quads(path: Path, *, blank: str = "b") -> Iterator[ox.Quad]:
    """The statements of a file in its order, one after the other, of a format that its suffix tells (.gz behind it will do).

    Formats without named graphs give the default graph. Blank nodes are named by `blank` and a number, in the order in which they
    come, since the file's own labels may be those of another file and parsers give random ones to nodes without a label.

    Raises:
        KgError: the suffix tells no format, or the file cannot be read or is not of its format; the message names file and line.
    """
    format = readable(path)
    try:
        with opened(path) as file:
            yield from _with_own_labels(ox.parse(file, format=format, base_iri=path.resolve().as_uri()), blank)
    except SyntaxError as e:
        line = f":{e.lineno}" if e.lineno else ""
        why = _("it has an escape (\\ud800 to \\udfff) that is half a character") if _has_lone_surrogate(path, format) else e.msg
        raise KgError(_("{path}{line}: is not {name}: {why}").format(path=path, line=line, name=format.name, why=why)) from e
    except ValueError as e:
        raise KgError(_("{path}: is not {name}: {why}").format(path=path, name=format.name, why=e)) from e
    except (OSError, EOFError, zlib.error) as e:
        raise KgError(_("cannot read {path}: {why}").format(path=path, why=strerror(e))) from e


# Half of a pair of escapes, which JSON allows and no text has.
_SURROGATE = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?:[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..\\u)[dD][c-fC-F])")


def _has_lone_surrogate(path: Path, format: ox.RdfFormat) -> bool:
    """Whether that is what is wrong with a file of JSON: parsers speak of other things then."""
    if format != ox.RdfFormat.JSON_LD:
        return False
    with opened(path) as file:
        return any(_SURROGATE.search(line) for line in file)


def prefixes_of(path: Path) -> dict[str, str]:
    """The prefixes that a file declares before its first statement. KgError as in `read_quads`."""
    format = readable(path)
    try:
        with opened(path) as file:
            parser = ox.parse(file, format=format, base_iri=path.resolve().as_uri())
            next(parser, None)
            return dict(parser.prefixes)
    except (SyntaxError, ValueError, OSError, EOFError, zlib.error):
        return {}  # whoever reads on hears of it with file and line


def _with_own_labels(quads: Iterable[ox.Quad], blank: str) -> Iterator[ox.Quad]:
    labels: dict[ox.BlankNode, ox.BlankNode] = {}

    def named(term: ox.BlankNode) -> ox.BlankNode:
        return labels.setdefault(term, ox.BlankNode(f"{blank}{len(labels)}"))

    def renamed(t: ox.Triple) -> ox.Triple:
        s = named(t.subject) if isinstance(t.subject, ox.BlankNode) else t.subject
        o = named(t.object) if isinstance(t.object, ox.BlankNode) else renamed(t.object) if isinstance(t.object, ox.Triple) else t.object
        return ox.Triple(s, t.predicate, o)

    for q in quads:
        if type(q.subject) is ox.BlankNode or type(q.object) in (ox.BlankNode, ox.Triple) or type(q.graph_name) is ox.BlankNode:
            t = renamed(q.triple)
            q = ox.Quad(t.subject, t.predicate, t.object, named(q.graph_name) if isinstance(q.graph_name, ox.BlankNode) else q.graph_name)
        yield q


# Writing


def write_quads(quads: Iterable[ox.Quad], path: Path, *, prefixes: Mapping[str, str] | None = None, rdf12: bool = False) -> int:
    """Write statements in the format that the suffix tells (see `FORMATS` and `TABLES`; .gz behind it compresses).

    .ttl, .nt and .rdf hold the merged triples, .nq, .trig and .jsonld the named graphs. The file appears whole or not at all.
    A name.csv becomes two files, name.nodes.csv and name.edges.csv.

    Args:
        quads: read once.
        path: where to.
        prefixes: prefix -> IRI, for the formats that have them; kg's own if there are none.
        rdf12: say of a statement what it is of by `rdf:reifies` and a triple term of RDF 1.2, not by `rdf:subject` and so on.

    Returns:
        How many statements were written, of nodes and edges how many of both.

    Raises:
        KgError: no such format, the format cannot hold a statement, or the file cannot be written.
    """
    suffix = writable(path)
    if suffix in TABLES:
        from kg.tables import write_csv, write_graphml

        _refuse_rdf12(suffix, rdf12)
        return (write_csv if suffix == ".csv" else write_graphml)(quads, path)
    with replacing(path) as file:
        return write_stream(quads, file, suffix, prefixes=prefixes, rdf12=rdf12)


def write_stream(quads: Iterable[ox.Quad], file: IO[bytes], suffix: str, *, prefixes: Mapping[str, str] | None = None, rdf12: bool = False) -> int:
    """Write statements to an open file in the RDF format of a suffix (one of `FORMATS`); else as `write_quads`."""
    if (format := FORMATS.get(suffix)) is None:
        raise KgError(_("no RDF format has the suffix {suffix!r}; there are {formats}").format(suffix=suffix, formats=joined(FORMATS)))
    named = format.supports_datasets
    _refuse_rdf12(suffix, rdf12)
    order = Sorted(quads, named)
    blocks = checked_lines(order) if format == ox.RdfFormat.RDF_XML else order.blocks()
    if format in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS) and not rdf12 and not order.has_triple_terms:
        count = 0
        for block in blocks:
            file.write(block)
            count += block.count(b"\n")
        return count
    statements: Iterable[ox.Quad] = parsed(blocks, named)
    if rdf12:
        statements = as_reified(statements)
    elif order.has_triple_terms:
        statements = as_statements(statements)
    counted = Counted(statements)
    prefixes = {**PREFIXES, "kg": DEFAULT_BASE} if prefixes is None else dict(prefixes)
    if format == ox.RdfFormat.JSON_LD:
        from kg.jsonld import write_jsonld

        write_jsonld(counted, file, prefixes)
    else:
        rows = counted if named else (q.triple for q in counted)
        ox.serialize(rows, without_carriage_returns(file) if format == ox.RdfFormat.RDF_XML else file, format, prefixes=prefixes)
    return counted.count


def _refuse_rdf12(suffix: str, rdf12: bool) -> None:
    if rdf12 and suffix not in RDF12:
        raise KgError(_("{suffix} has no form for RDF 1.2; there is one for {rdf12}").format(suffix=suffix, rdf12=joined(RDF12)))


class Counted(Iterator[T]):
    """Counts what passes through."""

    def __init__(self, items: Iterable[T]) -> None:
        self.items = iter(items)
        self.count = 0

    def __next__(self) -> T:
        item = next(self.items)
        self.count += 1
        return item
