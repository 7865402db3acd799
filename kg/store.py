"""An RDF store on disk, filled a document at a time: the quads of `kg.rdf.quads` for the graph of all its documents.

Its default graph is the union of the named ones: every triple once (see `kg.store_ledger.merged`).

    DIR/quads/           an Oxigraph database, which other tools can open too (`oxigraph serve-read-only --location DIR/quads`)
    DIR/ledger.sqlite    who says each quad, and what the next run must know of the documents (`kg.store_ledger`)
    DIR/store.json       the schema and the base; it is there once the store is
    DIR/unsettled        there while documents are in that the shared graphs do not reflect yet
    DIR/lock             held by whoever has the store open: one writer, or any number of readers

`put` brings a document in, whole or not at all: its own graph, and what it says of edges and entities. `settle` then brings up to
date what depends on all documents together: names that several documents give to one entity, whom bare names may mean, clusters. A run
that was killed between the two has left whole documents, and the next run settles them.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyoxigraph as ox

from kg.errors import KgError
from kg.identity import Identity
from kg.language import _, strerror
from kg.model import Extraction
from kg.namespaces import DEFAULT_BASE, document_key
from kg.rdf import ConceptLabels
from kg.store_clusters import settle_clusters
from kg.store_ledger import SCHEMA, Ledger, decoded, encoded, in_default
from kg.store_parts import Part, Settings, part, read_whole, whole
from kg.store_pending import Pending
from kg.store_reader import ABOUT, LEDGER, LOCK, QUADS, UNSETTLED, Reader, about, base_of, locked
from kg.store_settings import known_names, mark, outdated, unmatched
from kg.store_settle import forget_person, lexicon_share, remember_person, settle_candidates, settle_entities
from kg.tellings import Broader
from kg.text import fold
from kg.vocabulary import Vocabulary, vocabulary

__all__ = ["Reader", "Store", "base_of", "make_of"]


class Store:
    """A store that is open for writing. It is a context manager; leaving it closes it and does not settle."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        base: str | None = None,
        vocabulary: Vocabulary | None = None,
        broader: Broader | None = None,
        identity: Identity | None = None,
        concepts: ConceptLabels | None = None,
        texts: bool = False,
        new: bool = False,
    ) -> None:
        """Open the store in a folder, or make one there.

        Args:
            path: the folder. It is made if it is not there; one that holds other things is refused.
            base: what the IRIs start with; that of the store if it is left out.
            vocabulary, broader, identity: see `kg.graph.Graph.of`.
            concepts: labels of the lexicon's entries, see `kg.rdf.quads`.
            texts: keep extractions whole, with the text of the document, so that `extractions` gives them back.
            new: the folder is empty, and whoever makes the store shows it to nobody before it is settled, which is much faster. A document
                comes once. Should anything go wrong, there is no store.

        Raises:
            KgError: the folder is no store, is of another schema or base, or another process has it open.
        """
        self.path = Path(path)
        self.texts = texts
        known = _prepare(self.path)
        if known is not None and (gone := [name for name in (LEDGER, QUADS) if not (self.path / name).exists()]):
            raise KgError(
                _("cannot open the store {path}: {file} is not there; build the store anew in another folder").format(path=path, file=gone[0])
            )
        if known is not None and base is not None and base != known:
            raise KgError(
                _("{path} is a store with the base {known}, not {base}: leave --base out, or fill another store").format(
                    path=self.path, known=known, base=base
                )
            )
        self.base = known or base or DEFAULT_BASE
        self._lock = locked(self.path, fcntl.LOCK_EX)
        try:
            self._settings = Settings(self.base, vocabulary or _shipped(), broader, identity, concepts or {})
            self._mark = mark(self._settings)
            self._ledger = Ledger(self.path / LEDGER, Pending() if new else None)
            self._quads = ox.Store(str(self.path / QUADS))
            self._ledger.replay(self._quads)
            if known is None:
                _write(self.path / ABOUT, json.dumps({"schema": SCHEMA, "base": self.base}) + "\n")
        except (OSError, sqlite3.Error) as e:
            self._lock.close()
            raise KgError(_("cannot open the store {path}: {why}").format(path=self.path, why=" ".join(str(e).split()))) from e
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, type: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Write everything to disk and let others open the store."""
        self._ledger.rollback()
        self._ledger.settle_log(self._quads)
        self._ledger.close()
        del self._quads
        self._lock.close()

    def __iter__(self) -> Iterator[ox.Quad]:
        """The quads of the named graphs."""
        return (q for q in self._quads if not isinstance(q.graph_name, ox.DefaultGraph))

    def documents(self) -> list[str]:
        """The ids of the documents that are in."""
        return [decoded(id) for id in self._ledger.column("SELECT id FROM document ORDER BY id")]

    def extractions(self) -> Iterator[Extraction]:
        """What the documents say, by id, as far as it was kept (`texts`)."""
        for id in self._ledger.column("SELECT id FROM document WHERE extraction IS NOT NULL ORDER BY id"):
            yield read_whole(self._ledger.one("SELECT extraction FROM document WHERE id = ?", id))

    def outdated(self) -> int:
        """How many documents were put in with another vocabulary, other lexicon files or another identity than the store is open with now."""
        return len(outdated(self._ledger, self._mark))

    def unmatched(self) -> list[str]:
        """The IRIs of which the user's identity files speak and that no document has, as far as is known; sorted."""
        return [self._settings.name(key).value for key in unmatched(self._ledger, self._quads, self._settings, self._mark)]

    def put(self, x: Extraction) -> None:
        """Bring in a document, in the place of one with the same id. When this returns, it is in for good (but see `new`).

        Raises:
            ValueError: the extraction is not sound; the store is as before.
            KgError: a document came twice into a `new` store, with different texts.
        """
        ledger, id = self._ledger, encoded(x.document.id)
        data = whole(x)
        digest = blake2b(data + bytes([self.texts]), digest_size=16).digest() + self._mark
        before = ledger.one("SELECT digest FROM document WHERE id = ?", id)
        if before == digest:
            return
        if before is not None and ledger.pending:
            raise KgError(_("two documents have the id {id!r}").format(id=x.document.id))
        new = part(x, self._settings, self._attributes)
        (self.path / UNSETTLED).touch()
        with ledger.changing(self._quads):
            self._forget(id)
            self._remember(id, x, new)
            day, publisher = x.document.day, encoded(fold(x.document.source or ""))
            ledger.db.execute(
                "INSERT INTO document (id, digest, publisher, day, runs, extraction) VALUES (?, ?, ?, ?, ?, ?)",
                (id, digest, publisher, day.toordinal() if day else None, new.runs, data if self.texts else None),
            )
            name = self._settings.name(document_key(x.document.id))
            old = set(self._quads.quads_for_pattern(None, None, None, name))
            ledger.delta.then(old - new.quads, new.quads - old)
            ledger.say(document_key(x.document.id), "document", new.shared, own=f"{name.value}/")

    def remove(self, id: str) -> None:
        """Take a document out, with all that only it says. KeyError if it is not there."""
        ledger, key = self._ledger, encoded(id)
        if not ledger.one("SELECT EXISTS (SELECT 1 FROM document WHERE id = ?)", key):
            raise KeyError(id)
        (self.path / UNSETTLED).touch()
        with ledger.changing(self._quads):
            self._forget(key)
            name = self._settings.name(document_key(id))
            ledger.delta.then(set(self._quads.quads_for_pattern(None, None, None, name)), set())
            ledger.say(document_key(id), "document", set(), own=f"{name.value}/")
        self._quads.remove_graph(name)

    def settle(self) -> None:
        """Bring up to date what depends on all documents. To be called when a run has put its documents; it is quick where little changed."""
        if not (self.path / UNSETTLED).exists():
            return
        ledger = self._ledger
        ledger.complete(self._quads)

        def step() -> None:
            ledger.commit(self._quads)
            ledger.begin()

        with ledger.changing(self._quads):
            settle_entities(ledger, self._quads, self._settings, step)
            settle_candidates(ledger, self._settings, step)
            settle_clusters(ledger, self._settings, step)
        ledger.complete(self._quads)
        ledger.db.execute("DELETE FROM form WHERE id NOT IN (SELECT form FROM seen)")
        if ledger.pending:
            ledger.pending.load(self._quads)
            ledger.pending = None
        ledger.settle_log(self._quads)
        (self.path / UNSETTLED).unlink()

    def _attributes(self, key: str) -> dict[str, Any] | None:
        text = self._ledger.one("SELECT attributes FROM entity WHERE key = ?", key)
        return json.loads(text) if text else None

    def _forget(self, id: bytes) -> None:
        """Take a document out of the tables; its entities, names and event types are to be settled anew."""
        db = self._ledger.db
        db.execute("UPDATE entity SET dirty = 1 WHERE key IN (SELECT key FROM seen WHERE document = ?)", (id,))
        db.execute("INSERT OR IGNORE INTO stale SELECT type FROM told WHERE document = ?", (id,))
        for key in self._ledger.column("SELECT key FROM person WHERE document = ?", id):
            forget_person(self._ledger, key)
        for table, column in (("seen", "document"), ("told", "document"), ("voice", "document"), ("document", "id")):
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", (id,))  # nosec B608: names of ours

    def _remember(self, id: bytes, x: Extraction, new: Part) -> None:
        ledger, db = self._ledger, self._ledger.db
        for n, (key, text) in enumerate(new.seen):
            db.execute("INSERT OR IGNORE INTO form (entity) VALUES (?)", (text,))
            db.execute("INSERT INTO seen SELECT ?, ?, ?, id FROM form WHERE entity = ?", (key, id, n, text))
        for key, data in new.entities.items():
            attributes = {k: v for k, v in data.items() if k != "documents"}
            # Until the run is settled, an entity is called as the first document calls it.
            if db.execute("INSERT OR IGNORE INTO entity VALUES (?, ?, 1)", (key, json.dumps(attributes))).rowcount:
                ledger.say(key, "entity", lexicon_share(key, attributes, self._settings, x.document.id))
            else:
                db.execute("UPDATE entity SET dirty = 1 WHERE key = ?", (key,))
        for key, data in new.persons.items():
            remember_person(ledger, key, {k: v for k, v in data.items() if k != "documents"}, id)
        for type, cut in new.told.items():
            db.execute("INSERT INTO told VALUES (?, ?, ?)", (type, id, cut))
            db.execute("INSERT OR IGNORE INTO stale VALUES (?)", (type,))
        names = known_names(x, self._settings)
        db.executemany("INSERT OR IGNORE INTO named VALUES (?)", [(encoded(name),) for name in sorted(names)])
        rows = ((id, encoded(name), key, encoded(label)) for name, key, label in sorted(new.voices))
        db.executemany("INSERT INTO voice VALUES (?, ?, ?, ?)", rows)


def make_of(path: Path, quads: Iterable[ox.Quad]) -> None:
    """Make a store in an empty folder that holds quads. It is there to be read: nobody knows who says them, so that it takes no documents."""
    store = ox.Store(str(path / QUADS))
    store.bulk_extend(each for q in quads for each in (q, in_default(q.triple)))
    store.flush()
    _write(path / ABOUT, json.dumps({"schema": SCHEMA, "base": DEFAULT_BASE}) + "\n")


def _shipped() -> Vocabulary:
    return vocabulary()


def _prepare(path: Path) -> str | None:
    """The base of the store in a folder, None where one can be made. KgError for any other folder."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        base = about(path)
        ours = {QUADS, LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", f"{LEDGER}-journal", LOCK, f".{ABOUT}.tmp", ".kg-cache"}
        if base is None and (others := sorted({p.name for p in path.iterdir()} - ours)):
            raise KgError(_("{path} is no store of kg and not empty ({file}): name another folder").format(path=path, file=others[0]))
    except OSError as e:
        raise KgError(_("cannot open the store {path}: {why}").format(path=path, why=strerror(e))) from e
    return base


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
