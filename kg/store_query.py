"""SPARQL over a store or over files: `run` evaluates a query in a child process, since Oxigraph has no way to stop one.

The default graph is the union of all graphs. The prefixes of kg and those that most queries use need no declaration; a query's own ones
win. Nothing is written: updates are refused, and so is SERVICE, which would call another machine.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import IO

import pyoxigraph as ox

from kg.errors import KgError
from kg.language import _, environment, joined, preferred, use
from kg.namespaces import DEFAULT_BASE, KGO, PREFIXES, namespace
from kg.store_ledger import in_default
from kg.store_table import table

#: Prefixes that need no declaration.
USUAL = {
    **PREFIXES,
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "time": "http://www.w3.org/2006/time#",
    "void": "http://rdfs.org/ns/void#",
}

ROWS = {"csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV, "json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}
TRIPLES = {"turtle": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}
FORMATS = ("table", *ROWS, *TRIPLES)

_IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
_NO_CODE = re.compile(
    rf'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|{_IRI}|#[^\n\r]*', re.DOTALL
)
_UPDATE = re.compile(r"(?:\s|PREFIX\s+\S*:|BASE\b|~)*(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b", re.IGNORECASE)
_VALUES = re.compile(r"\bVALUES\s*(?:[?$]\w+|\([^()]*\))\s*{[^{}]*}\s*$", re.IGNORECASE)
_LIMIT = re.compile(r"\bLIMIT\s+(\d+)(\s+OFFSET\s+\d+)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A query and of what it is asked: the folder of a store, or files.

    format: one of `FORMATS`; None for a table, or Turtle for triples. limit: how many rows or triples at most. terminal: whether what
    shows the table reorders Arabic and Latin text by itself.
    """

    query: str
    store: str | None = None
    files: tuple[str, ...] = ()
    format: str | None = None
    limit: int | None = None
    terminal: bool = False


def run(question: Question, timeout: float | None = None) -> tuple[IO[bytes], list[str]]:
    """The answer as a file that is open at its start, and what there is to say about it.

    Raises:
        KgError: the query or what it is asked of is not in order, or it took longer than `timeout` seconds.
    """
    answer = TemporaryFile()  # noqa: SIM115 (the caller reads it)
    command = [sys.executable, "-m", "kg.store_query"]
    with TemporaryFile() as said, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=answer, stderr=said, env=environment()) as child:
        try:
            assert child.stdin is not None
            with suppress(BrokenPipeError):  # it ended at once, and its status says why
                child.stdin.write(json.dumps(asdict(question)).encode() + b"\n")
                child.stdin.flush()
            # Its input stays open: the child ends with it, and so with this process, however that ends.
            child.wait(timeout)
        except subprocess.TimeoutExpired:
            raise KgError(
                _("the query took longer than {seconds:g} s and was stopped: ask for less, or give it more with --timeout").format(seconds=timeout)
            ) from None
        finally:
            child.kill()
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").strip().splitlines()
    if child.returncode == 2 and lines:
        raise KgError(lines[-1])
    if child.returncode:
        raise RuntimeError("\n".join(lines) or f"the process that ran the query ended with {child.returncode}")
    answer.seek(0)
    return answer, lines


# In the child


def evaluate(question: Question, out: IO[bytes]) -> list[str]:
    """Write the answer; give what there is to say about it. KgError as in `run`."""
    text = limited(checked(question.query), question.limit)
    with opened(question.store, question.files) as (store, base, notes):
        prefixes = {**USUAL, "kg": base}
        try:
            results = store.query(text, prefixes=prefixes)
            _write(results, question, prefixes, out)
        except (SyntaxError, ValueError) as e:
            raise KgError(_("the query is not in order: {why}").format(why=_short(e))) from e
        except OSError as e:
            raise KgError(_("the query cannot be run: {why}").format(why=_short(e))) from e
    return notes


def checked(query: str) -> str:
    """The query, if it only reads and calls nobody; KgError otherwise."""
    from kg.clauses import Unreadable, clauses

    if found := _UPDATE.match(masked(query)):
        raise KgError(_("{word} is an update, and kg query only reads: change the documents and build the store anew").format(word=found[1].upper()))
    try:
        if clauses(query).service:
            raise KgError(_("SERVICE would call another machine, which kg never does: ask that one yourself, or load its data into a file"))
    except Unreadable as e:
        raise KgError(_("the query is not in order: {why}").format(why=_short(e))) from e
    return query


def limited(query: str, limit: int | None) -> str:
    """The query with at most so many results. ASK, which has one, is left alone."""
    if limit is None:
        return query
    bare = masked(query)
    if last := _VALUES.search(bare):  # it stands behind LIMIT
        return limited(query[: last.start()], limit) + "\n" + query[last.start() :]
    if re.search(r"\bASK\b", bare.partition("{")[0], re.IGNORECASE):
        return query
    if (found := _LIMIT.search(bare)) is None:
        return f"{query}\nLIMIT {limit}"
    return f"{query[: found.start(1)]}{min(limit, int(found[1]))}{query[found.end(1) :]}"


def masked(query: str) -> str:
    """The query with strings, IRIs and comments blanked, every character in its place."""
    return _NO_CODE.sub(lambda m: " " * len(m[0]) if m[0][0] == "#" else "~" * len(m[0]), query)


@contextmanager
def opened(store: str | None, files: Sequence[str]) -> Iterator[tuple[ox.Store, str, list[str]]]:
    """What a query is asked of, the base of its IRIs, and what there is to say. KgError if it cannot be read."""
    if store is not None:
        from kg.store import Reader

        with Reader(store) as reader:
            note = _("the last run into {store} did not end: names and clusters may be as they were before; it is mended when documents are added")
            yield reader.quads, reader.base, [] if reader.settled else [note.format(store=store)]
        return
    memory = ox.Store()
    for n, file in enumerate(map(Path, files)):
        # Every triple once in the default graph; see `kg.store_ledger.merged`.
        memory.bulk_extend(each for q in read(file, f"f{n}b") for each in (q, in_default(q.triple)))
    yield memory, base_of(memory), []


def read(path: Path, blank: str) -> Iterator[ox.Quad]:
    """The quads of a file: RDF or extractions, by its suffix. KgError if it cannot be read."""
    from kg.extraction_files import is_extractions
    from kg.formats import read_quads
    from kg.merging import of_extractions

    yield from of_extractions([path]) if is_extractions(path) else read_quads(path, blank=blank)


def base_of(store: ox.Store) -> str:
    """What the IRIs of a graph of kg start with, by its first document."""
    types = store.quads_for_pattern(None, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(KGO + "Document"), None)
    documents = sorted(q.subject.value for q in islice(types, 100) if isinstance(q.subject, ox.NamedNode))
    return namespace(documents[0]) if documents else DEFAULT_BASE


def _write(results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, question: Question, prefixes: dict[str, str], out: IO[bytes]) -> None:
    format = question.format
    if isinstance(results, ox.QueryTriples):
        if format in ROWS:
            raise KgError(
                _("CONSTRUCT and DESCRIBE give triples, not rows: write --format {formats}, not {format}").format(
                    formats=_(" or ").join(TRIPLES), format=format
                )
            )
        ox.serialize(results, out, TRIPLES.get(format or "", ox.RdfFormat.TURTLE), prefixes=prefixes)
        return
    if format in TRIPLES:
        raise KgError(_("SELECT and ASK give no triples: write --format table, {formats}, not {format}").format(formats=joined(ROWS), format=format))
    if format in ROWS:
        results.serialize(out, ROWS[format])
        if format in ("json", "xml"):
            out.write(b"\n")
    elif isinstance(results, ox.QueryBoolean):
        out.write(b"true\n" if results else b"false\n")
    else:
        names = [v.value for v in results.variables]
        rows = [[row[name] for name in names] for row in results]
        out.write(table(names, rows, prefixes, isolated=question.terminal).encode())


def _short(e: Exception) -> str:
    text = " ".join(str(e).split())
    return text if len(text) <= 160 else f"{text[:160]}…"


def _end_with_parent() -> None:
    """End when nobody waits for the answer any more: Oxigraph lets other threads run while it evaluates."""
    os.read(0, 1)  # not through sys.stdin, whose lock would be held when the process ends
    os._exit(1)


def _main() -> int:
    use(preferred())
    asked = json.loads(sys.stdin.buffer.readline())
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        notes = evaluate(Question(**{**asked, "files": tuple(asked["files"])}), sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except KgError as e:
        sys.stderr.buffer.write(f"{' '.join(str(e).split())}\n".encode("utf-8", "replace"))
        return 2
    sys.stderr.buffer.write("".join(f"{note}\n" for note in notes).encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
