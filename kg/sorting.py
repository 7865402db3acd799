"""Sorting more statements than memory holds: sorted runs on disk, merged.

Statements travel as lines of canonical N-Triples, in which one statement is one line and equal statements are equal bytes. Their
order is that of graph, subject, predicate (types first) and object, each as N-Triples writes it, by code point.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO

import pyoxigraph as ox

#: Lines held in memory at a time, in bytes; more go to disk. Python's own overhead comes to about a third of it.
RUN_BYTES = 32_000_000
#: Runs that are merged at once: each is an open file.
FAN_IN = 128

_BLOCK_BYTES = 1 << 18  # read of a run at a time
_BATCH = 10_000  # statements that are turned into lines in one call
# The separator is lower than any character of a term, and so is the mark, which canonical N-Triples never hold.
_TYPE, _MARK = b" <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ", b" \x01 "
# subject, predicate and object; graph. Only literals and triple terms hold a space.
_QUAD = re.compile(rb'^(\S+ \S+ (?:<<\(.*\)>>|[<_]\S*|".*"\S*))(?: (\S+))? \.$', re.MULTILINE)
# A quad as it is sorted: its graph, which the default graph does not have, before it.
_NAMED, _DEFAULT = re.compile(rb"^(\S+ )(.*)\.$", re.MULTILINE), re.compile(rb"^ ", re.MULTILINE)


class Lines:
    """Lines (with their line ends) that come in any order and go in the order of their bytes, each once.

    Args:
        run_bytes: how many bytes of them are held in memory.
    """

    def __init__(self, run_bytes: int = RUN_BYTES) -> None:
        self._run_bytes = run_bytes
        self._pending: list[bytes] = []
        self._size = 0
        self._runs: list[IO[bytes]] = []

    def add(self, lines: Sequence[bytes]) -> None:
        self._pending += lines
        self._size += sum(map(len, lines))
        if self._size > self._run_bytes:
            self._pending.sort()
            self._runs.append(_run(dict.fromkeys(self._pending)))
            self._pending, self._size = [], 0
            if len(self._runs) == FAN_IN:
                self._runs = [_run(chain.from_iterable(_merged(self._runs, [])))]

    def batches(self) -> Iterator[list[bytes]]:
        """All of them, some at a time, once: what is on disk is gone then."""
        self._pending.sort()
        last = b""
        for batch in _merged(self._runs, self._pending):
            lines = list(dict.fromkeys(batch))
            if lines[0] == last:
                del lines[0]
            if lines:
                last = lines[-1]
                yield lines

    def __iter__(self) -> Iterator[bytes]:
        """All of them, one by one, once."""
        return chain.from_iterable(self.batches())


def _run(lines: Iterable[bytes]) -> IO[bytes]:
    file = TemporaryFile(prefix="kg-sort-")  # noqa: SIM115 (it goes when it is merged, or with whoever holds it)
    file.writelines(lines)
    file.seek(0)
    return file


def _merged(runs: Sequence[IO[bytes]], pending: list[bytes]) -> Iterator[list[bytes]]:
    """The lines of sorted files and of a sorted list in order, some at a time.

    Of every file a block is held. What is not above the lowest of the blocks' last lines can go: no file has such lines any more.
    Sorting a few sorted stretches is merging them, and much faster than comparing line by line in Python.
    """
    blocks = [(run, run.readlines(_BLOCK_BYTES)) for run in runs]
    at = 0
    while blocks:
        bound = min(lines[-1] for _, lines in blocks)
        end = bisect_right(pending, bound, at)
        batch, at, rest = pending[at:end], end, []
        for run, lines in blocks:
            n = bisect_right(lines, bound)
            batch += lines[:n]
            if left := lines[n:] or run.readlines(_BLOCK_BYTES):
                rest.append((run, left))
            else:
                run.close()
        blocks = rest
        batch.sort()
        yield batch
    for i in range(at, len(pending), _BATCH):
        yield pending[i : i + _BATCH]


class Sorted:
    """Statements in order, each once, as lines of N-Quads, or of N-Triples without their graphs if not `named`.

    All are read when it is made, and it gives them back once, as quads, by lines or by blocks of lines. `has_triple_terms` tells whether some
    may hold a triple term of RDF 1.2 (a text that looks like one counts too).
    """

    def __init__(self, quads: Iterable[ox.Quad], named: bool, run_bytes: int = RUN_BYTES) -> None:
        self.named = named
        self.has_triple_terms = False
        self.lines = Lines(run_bytes)
        quads = iter(quads)
        while batch := list(islice(quads, _BATCH)):
            if named:
                data = _QUAD.sub(rb"\2 \1 .", ox.serialize(batch, format=ox.RdfFormat.N_QUADS) or b"")
            else:
                data = ox.serialize([q.triple for q in batch], format=ox.RdfFormat.N_TRIPLES) or b""
            self.has_triple_terms = self.has_triple_terms or b"<<(" in data
            self.lines.add(data.replace(_TYPE, _MARK).splitlines(keepends=True))

    def quads(self) -> Iterator[ox.Quad]:
        return parsed(self.blocks(), self.named)

    def blocks(self) -> Iterator[bytes]:
        return (self.plain(b"".join(batch)) for batch in self.lines.batches())

    def __iter__(self) -> Iterator[bytes]:
        return (line for block in self.blocks() for line in block.splitlines(keepends=True))

    def plain(self, block: bytes) -> bytes:
        """Lines as N-Triples or N-Quads have them, of such as they are sorted (`lines`)."""
        block = block.replace(_MARK, _TYPE)
        return _DEFAULT.sub(b"", _NAMED.sub(rb"\2\1.", block)) if self.named else block


def parsed(blocks: Iterable[bytes], named: bool) -> Iterator[ox.Quad]:
    """The statements of lines, or blocks of lines, that `Sorted` gave."""
    format = ox.RdfFormat.N_QUADS if named else ox.RdfFormat.N_TRIPLES
    # They were sound when they were written; they are not checked again.
    return iter(ox.parse(io.BufferedReader(_Blocks(blocks), 1 << 16), format=format, lenient=True))


class _Blocks(io.RawIOBase):
    """Pieces of bytes as a file to read from."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self.blocks = iter(blocks)
        self.rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self.rest:
            if (block := next(self.blocks, None)) is None:
                return 0
            self.rest = memoryview(block)
        n = min(len(self.rest), len(buffer))
        buffer[:n] = self.rest[:n]
        self.rest = self.rest[n:]
        return n


def differing(a: Sorted, b: Sorted) -> Iterator[tuple[bool, bytes]]:
    """The lines that only one of two has: (whether it is the second, line), in order. Both are `named` or neither is."""
    left, right = iter(a.lines), iter(b.lines)
    x, y = next(left, None), next(right, None)
    while x is not None or y is not None:
        if x == y:
            x, y = next(left, None), next(right, None)
        elif y is None or (x is not None and x < y):
            yield False, a.plain(x or b"")
            x = next(left, None)
        else:
            yield True, b.plain(y)
            y = next(right, None)
