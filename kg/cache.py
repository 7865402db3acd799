"""Extractions that were made before, in an SQLite file: what has not changed is not read again.

    key = hash(how it is read: models, ontology, code; day of publication; text)   ->   extraction, checksum

A document's id, title, source and full date are no part of it: they do not change what is found in its text, and an entry serves every
copy of a text. An entry whose checksum is wrong is made anew. Entries made in other ways are kept, and not found: `kg.cache_entries` lists
and removes them.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from time import time
from types import TracebackType
from typing import Self

from kg.documents import Problems
from kg.errors import KgError
from kg.language import _, strerror
from kg.model import Document, Extraction

#: The file in a cache's folder.
FILE = "extractions.sqlite"

#: Seconds that a process waits for another one that writes.
PATIENCE = 60

#: Keys of an extraction's JSON that are the document's, who has them already.
_OF_DOCUMENT = ("id", "source", "title", "published", "text")

#: `version` is a digest of the way in which an entry was made, `what` the way itself, and `day` when that was (days since 1970).
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS entry "
    "(key BLOB PRIMARY KEY, checksum BLOB NOT NULL, packed BLOB NOT NULL, version BLOB NOT NULL, day INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS version (digest BLOB PRIMARY KEY, what TEXT NOT NULL)",
)
_SECONDS_A_DAY = 86_400


def packed(extraction: Extraction) -> bytes:
    """An extraction without its document, compressed."""
    found = {name: value for name, value in extraction.to_json().items() if name not in _OF_DOCUMENT}
    return zlib.compress(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def unpacked(data: bytes, document: Document) -> Extraction:
    """What `packed` packed, of a document with the same text and the same day of publication."""
    found = json.loads(zlib.decompress(data))
    d = document
    return Extraction.from_json({**found, "id": d.id, "source": d.source, "title": d.title, "published": d.published, "text": d.text})


class Cache:
    """A cache that is open. It is a context manager; leaving it closes it. Several processes may use one folder at the same time."""

    def __init__(self, directory: Path, version: str, problems: Problems) -> None:
        """Open the cache in a folder, or make one there.

        Args:
            directory: where it is. A file there that is no database any more is set aside.
            version: all that an extraction depends on beside the document.
            problems: is told of what is damaged, which is harmless.

        Raises:
            KgError: the folder cannot be made or used.
        """
        self.file, self._problems = directory / FILE, problems
        self._what, self._version = version, blake2b(version.encode("utf-8"), digest_size=32).digest()
        with self._guarded():
            directory.mkdir(parents=True, exist_ok=True)
            try:
                self._open()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._set_aside()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def get(self, document: Document) -> bytes | None:
        """The packed extraction of a document; None if there is none, or none that is whole. KgError if the cache cannot be read."""
        key = self._key(document)
        with self._guarded():
            try:
                row = self._db.execute("SELECT checksum, packed FROM entry WHERE key = ?", (key,)).fetchone()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._set_aside()
                return None
        if row is None:
            return None
        checksum, data = row
        if not isinstance(data, bytes) or checksum != _checksum(key, data):
            self._problems.add(str(self.file), _("had a damaged entry for {id}, which is made anew").format(id=document.id), harmless=True)
            return None
        return data

    def put(self, made: Iterable[tuple[Document, bytes]]) -> None:
        """Keep packed extractions: all of them are there when this returns, whatever becomes of the process. KgError if they cannot be kept."""
        version, today = self._version[:8], days(time())
        rows = [(key := self._key(document), _checksum(key, data), data, version, today) for document, data in made]
        with self._guarded():
            try:
                self._insert(rows)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._set_aside()
                self._insert(rows)

    def _insert(self, rows: list[tuple[bytes, bytes, bytes, bytes, int]]) -> None:
        with self._db:
            # With each batch, since what has no entries yet may be removed meanwhile.
            self._db.execute("INSERT OR IGNORE INTO version VALUES (?, ?)", (self._version[:8], self._what))
            self._db.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)", rows)

    def _key(self, document: Document) -> bytes:
        digest = blake2b(str(document.day).encode("ascii"), key=self._version, digest_size=16)
        digest.update(b"\n" + document.text.encode("utf-8"))
        return digest.digest()

    def _open(self) -> None:
        self._db = sqlite3.connect(self.file, timeout=PATIENCE)
        try:
            # Only before there is anything in the file: what is removed then gives its room back without a copy of the whole.
            self._db.execute("PRAGMA auto_vacuum = INCREMENTAL")
            # Written ahead: what a process has committed is there when it is killed, and the file is whole when the power goes.
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            with self._db:
                for statement in SCHEMA:
                    self._db.execute(statement)
        except sqlite3.Error:
            self._db.close()
            raise

    def _set_aside(self) -> None:
        """Begin anew beside a file that is no database any more."""
        self._db.close()
        aside = self.file.with_suffix(".damaged")
        os.replace(self.file, aside)
        for ending in ("-wal", "-shm"):
            self.file.with_name(FILE + ending).unlink(missing_ok=True)
        self._problems.add(
            str(self.file), _("is damaged: it is kept as {name}, and what it held is made anew").format(name=aside.name), harmless=True
        )
        self._open()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as e:
            message = _("cannot use the cache {folder}: {why}; free some space, name another folder with --cache, or --no-cache")
            raise KgError(message.format(folder=self.file.parent, why=strerror(e))) from e


def days(seconds: float) -> int:
    """Days since 1970 at a time given in seconds since then."""
    return int(seconds // _SECONDS_A_DAY)


def _checksum(key: bytes, data: bytes) -> bytes:
    return blake2b(data, key=key, digest_size=16).digest()
