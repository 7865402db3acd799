"""The quads of a store while it is made, sorted on disk: a store that nobody sees before it is complete is filled much faster at once.

Each change is noted under the quads that it takes and gives. When all have been noted, what became of each quad last is what holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pyoxigraph as ox

from kg.sorting import Lines, parsed

#: Quads that are loaded at a time. More would be faster and take more memory: a million of them two gigabytes.
LOADED = 20_000
#: Lines that are parsed at a time.
BLOCK = 1000

# Behind each quad stand a mark, the number of the change and what it did: equal quads stand together, in the order of the changes.
_MARK, _COMES, _GOES = b"\x01", b"+", b"-"


class Pending:
    """Quads that come and go, change after change."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._changes = 0

    def change(self, removed: set[ox.Quad], added: set[ox.Quad]) -> None:
        """Note what a change takes and gives; none is in both."""
        self._changes += 1
        for kind, quads in ((_GOES, removed), (_COMES, added)):
            end = _MARK + b"%012d" % self._changes + kind + b"\n"
            lines = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines()
            self._lines.add([line + end for line in lines])

    def quads(self) -> Iterator[ox.Quad]:
        """Those that are there after all changes, sorted, each once. They can be had once."""
        lines = self._last()
        return parsed(iter(lambda: b"".join(islice(lines, BLOCK)), b""), named=True)

    def _last(self) -> Iterator[bytes]:
        before, kind = b"", _GOES
        for line in self._lines:
            quad, _mark, end = line.rpartition(_MARK)
            if quad != before and kind == _COMES:
                yield before + b"\n"
            before, kind = quad, end[-2:-1]
        if kind == _COMES:
            yield before + b"\n"

    def load(self, store: ox.Store) -> None:
        """Bring all into an empty store, and into its default graph every triple once."""
        quads = self.quads()
        while some := list(islice(quads, LOADED)):
            store.bulk_extend(q for each in some for q in (each, ox.Quad(each.subject, each.predicate, each.object)))
        store.flush()
