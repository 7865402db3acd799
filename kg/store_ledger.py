"""What a store must remember beside its quads: who says each of them, in a SQLite file that is the truth after a crash.

Documents, entities, candidates and clusters are *owners*: each says some quads of the shared graphs, and a quad is in the store as
long as one of them says it. A change is written here first, in one transaction with the quads that go and come (`log`), and then
done in Oxigraph in one transaction. Whatever was interrupted between the two is done when the store is opened the next time:
to do it twice changes nothing.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.store_pending import Pending

#: The form of the tables and of what is in them. A store of another one is refused.
SCHEMA = 1

#: Transactions that stand in the log at most before Oxigraph is told to write everything to disk.
KEPT = 200

#: Changes that are collected for one transaction.
ENOUGH = 20_000

_TABLES = """
CREATE TABLE IF NOT EXISTS log (n INTEGER PRIMARY KEY, removed BLOB NOT NULL, added BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS share (owner BLOB PRIMARY KEY, kind TEXT NOT NULL, quads BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS share_kind ON share (kind);
CREATE TABLE IF NOT EXISTS counted (quad BLOB PRIMARY KEY, owners INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS document (
    id BLOB PRIMARY KEY, digest BLOB NOT NULL, publisher BLOB NOT NULL, day INTEGER, runs BLOB NOT NULL, family BLOB, at INTEGER, extraction BLOB
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS document_publisher ON document (publisher);

CREATE TABLE IF NOT EXISTS form (id INTEGER PRIMARY KEY, entity TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS seen (
    key TEXT NOT NULL, document BLOB NOT NULL, n INTEGER NOT NULL, form INTEGER NOT NULL, PRIMARY KEY (key, document, n)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_document ON seen (document, key);
CREATE TABLE IF NOT EXISTS entity (key TEXT PRIMARY KEY, attributes TEXT NOT NULL, dirty INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entity_dirty ON entity (key) WHERE dirty;

CREATE TABLE IF NOT EXISTS person (key TEXT PRIMARY KEY, document BLOB, attributes TEXT NOT NULL, single TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS person_single ON person (single);
CREATE INDEX IF NOT EXISTS person_document ON person (document);
CREATE TABLE IF NOT EXISTS word (word TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (word, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS word_key ON word (key);
CREATE TABLE IF NOT EXISTS touched (word TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS told (type TEXT NOT NULL, document BLOB NOT NULL, cut BLOB NOT NULL, PRIMARY KEY (type, document)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS told_document ON told (document, type);
CREATE TABLE IF NOT EXISTS voice (
    document BLOB NOT NULL, name BLOB NOT NULL, key TEXT NOT NULL, label BLOB NOT NULL, PRIMARY KEY (document, name, key, label)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS publisher (name BLOB PRIMARY KEY, key TEXT NOT NULL, label BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS named (name BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stale (type TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Delta:
    """Quads that go and quads that come, one change after the other made one."""

    removed: set[ox.Quad] = field(default_factory=set)
    added: set[ox.Quad] = field(default_factory=set)

    def then(self, removed: set[ox.Quad], added: set[ox.Quad]) -> None:
        self.added -= removed
        self.added |= added
        self.removed |= removed
        self.removed -= added

    def __len__(self) -> int:
        return len(self.removed) + len(self.added)


class Ledger:
    """The SQLite file of a store, and the changes to its quads that the transaction in hand makes.

    Every change to the tables runs between `begin` and `commit`; the quads that it takes and gives are put into `delta`.

    Args:
        path: of the file.
        pending: where changes to the quads are noted, of a store that nobody sees before it is complete. Nothing is logged then, many
            changes are committed at a time, and nothing outlives a crash.
    """

    def __init__(self, path: Path, pending: Pending | None = None) -> None:
        self.pending = pending
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute(f"PRAGMA journal_mode = {'MEMORY' if pending else 'WAL'}")
        # The log must be on disk before Oxigraph hears of it.
        self.db.execute(f"PRAGMA synchronous = {'OFF' if pending else 'FULL'}")
        self.db.executescript(_TABLES)
        self.delta = Delta()

    def close(self) -> None:
        self.db.close()

    # Transactions

    def begin(self) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        self.delta = Delta()

    def rollback(self) -> None:
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")
        self.delta = Delta()

    def commit(self, store: ox.Store) -> None:
        """End the transaction, and do in `store` what it changes."""
        if self.pending:
            self.pending.change(self.delta.removed, self.delta.added)
            self.db.execute("COMMIT")
            self.delta = Delta()
            return
        delta, self.delta = merged(self.delta, store), Delta()
        if delta:
            self.db.execute("INSERT INTO log (removed, added) VALUES (?, ?)", (packed(delta.removed), packed(delta.added)))
        self.db.execute("COMMIT")
        if delta:
            apply(store, delta)
            if self.one("SELECT count(*) FROM log") >= KEPT:
                self.settle_log(store)

    def complete(self, store: ox.Store) -> None:
        """End the transaction that `changing` left open, if it did."""
        if self.db.in_transaction:
            self.commit(store)

    def replay(self, store: ox.Store) -> None:
        """Do what the log holds, in its order."""
        for removed, added in self.db.execute("SELECT removed, added FROM log ORDER BY n").fetchall():
            apply(store, Delta(unpacked(removed), unpacked(added)))
        self.settle_log(store)

    def settle_log(self, store: ox.Store) -> None:
        if self.one("SELECT EXISTS (SELECT 1 FROM log)"):
            store.flush()
            self.db.execute("DELETE FROM log")

    @contextmanager
    def changing(self, store: ox.Store) -> Iterator[None]:
        """A transaction that is done in `store` too, or not at all where something goes wrong. While `pending`, some go on as one."""
        if not self.db.in_transaction:
            self.begin()
        try:
            yield
            if not self.pending or len(self.delta) > ENOUGH:
                self.commit(store)
        except BaseException:
            self.rollback()
            raise

    # Reading

    def one(self, sql: str, *values: Any) -> Any:
        """The first value of the first row, None if there is no row."""
        row = self.db.execute(sql, values).fetchone()
        return row[0] if row else None

    def column(self, sql: str, *values: Any) -> list[Any]:
        return [row[0] for row in self.db.execute(sql, values)]

    # What owners say

    def say(self, owner: str, kind: str, quads: set[ox.Quad], own: str | None = None) -> None:
        """From now on, `owner` says these quads of the shared graphs and no others.

        Args:
            owner: a key that no other owner has.
            kind: by which owners can be listed.
            quads: as Oxigraph stores them (see `stored`); none to forget the owner.
            own: what the IRIs start with that nobody else can speak of: such quads need no counting.
        """
        before = self.said(owner)
        gone, new = before - quads, quads - before
        if quads:
            self.db.execute("INSERT OR REPLACE INTO share VALUES (?, ?, ?)", (encoded(owner), kind, packed(quads)))
        elif before:
            self.db.execute("DELETE FROM share WHERE owner = ?", (encoded(owner),))
        self.delta.then({q for q in gone if _is_own(q, own) or self._less(q)}, {q for q in new if _is_own(q, own) or self._more(q)})

    def said(self, owner: str) -> set[ox.Quad]:
        blob = self.one("SELECT quads FROM share WHERE owner = ?", encoded(owner))
        return unpacked(blob) if blob else set()

    def owners(self, kind: str) -> list[str]:
        return [decoded(owner) for owner in self.column("SELECT owner FROM share WHERE kind = ?", kind)]

    def _more(self, quad: ox.Quad) -> bool:
        """Count one owner more; whether it is the first."""
        sql = "INSERT INTO counted VALUES (?, 1) ON CONFLICT DO UPDATE SET owners = owners + 1 RETURNING owners"
        return bool(self.one(sql, _digest(quad)) == 1)

    def _less(self, quad: ox.Quad) -> bool:
        """Count one owner less; whether none is left."""
        left = self.one("UPDATE counted SET owners = owners - 1 WHERE quad = ? RETURNING owners", _digest(quad))
        if left == 0:
            self.db.execute("DELETE FROM counted WHERE quad = ?", (_digest(quad),))
        return bool(left == 0)


def apply(store: ox.Store, delta: Delta) -> None:
    """Do a change in one transaction."""
    if not delta.removed:
        store.extend(delta.added)
        return
    parts = []
    for word, quads in (("DELETE", delta.removed), ("INSERT", delta.added)):
        if quads:
            lines = "\n".join(_pattern(q) for q in quads)
            parts.append(f"{word} DATA {{\n{lines}\n}}")
    store.update(";\n".join(parts))


def merged(delta: Delta, store: ox.Store) -> Delta:
    """A change of named graphs, with what it changes in the default graph, which holds every triple once.

    Oxigraph's own union of the graphs would give a triple as often as graphs have it, and a query of five patterns on an entity that a
    hundred documents mention, ten billion rows.
    """
    default = ox.DefaultGraph()
    come = {q.triple for q in delta.added}
    gone = {q.triple for q in delta.removed} - come
    gone = {
        t for t in gone if all(q.graph_name == default or q in delta.removed for q in store.quads_for_pattern(t.subject, t.predicate, t.object, None))
    }
    return Delta(delta.removed | {in_default(t) for t in gone}, delta.added | {in_default(t) for t in come})


def in_default(t: ox.Triple) -> ox.Quad:
    return ox.Quad(t.subject, t.predicate, t.object)


def _pattern(q: ox.Quad) -> str:
    triple = f"{q.subject} {q.predicate} {q.object}"
    return f"{triple} ." if isinstance(q.graph_name, ox.DefaultGraph) else f"GRAPH {q.graph_name} {{ {triple} }}"


def stored(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Quads as Oxigraph gives them back: it keeps the value of numbers and times, and not how they were written."""
    memory = ox.Store()
    memory.extend(quads)
    return set(memory)


def packed(quads: Iterable[ox.Quad]) -> bytes:
    return zlib.compress(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"", 6)


def unpacked(data: bytes) -> set[ox.Quad]:
    return set(ox.parse(zlib.decompress(data), format=ox.RdfFormat.N_QUADS))


def encoded(text: str) -> bytes:
    """Text as SQLite can hold and order it: ids may have lone surrogates, and bytes are in the order of code points."""
    return text.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def chunks(items: list[Any], size: int) -> Iterator[list[Any]]:
    return (items[i : i + size] for i in range(0, len(items), size))


def _is_own(quad: ox.Quad, own: str | None) -> bool:
    return own is not None and any(isinstance(t, ox.NamedNode) and t.value.startswith(own) for t in (quad.subject, quad.object))


def _digest(quad: ox.Quad) -> bytes:
    return blake2b(str(quad).encode(), digest_size=16).digest()
