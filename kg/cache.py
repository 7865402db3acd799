"""Extractions that were made before, in an SQLite file: what has not changed is not read again.

    key = hash(how it is read: models, ontology, code; day of publication; text)   ->   extraction, checksum

A document's id, title, source and full date are no part of it: they do not change what is found in its text, and an entry serves every
copy of a text. An entry whose checksum is wrong is made anew. Entries made in other ways are kept, and not found.
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
from types import TracebackType
from typing import Self

from kg.documents import Problems
from kg.errors import KgError
from kg.model import Document, Extraction

#: The file in a cache's folder.
FILE = "extractions.sqlite"

#: Keys of an extraction's JSON that are the document's, who has them already.
_OF_DOCUMENT = ("id", "source", "title", "published", "text")

_SCHEMA = "CREATE TABLE IF NOT EXISTS extraction (key BLOB PRIMARY KEY, checksum BLOB NOT NULL, packed BLOB NOT NULL)"


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
        self._version = blake2b(version.encode("utf-8"), digest_size=32).digest()
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
                row = self._db.execute("SELECT checksum, packed FROM extraction WHERE key = ?", (key,)).fetchone()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._set_aside()
                return None
        if row is None:
            return None
        checksum, data = row
        if not isinstance(data, bytes) or checksum != _checksum(key, data):
            self._problems.add(str(self.file), f"had a damaged entry for {document.id}, which is made anew", harmless=True)
            return None
        return data

    def put(self, made: Iterable[tuple[Document, bytes]]) -> None:
        """Keep packed extractions: all of them are there when this returns, whatever becomes of the process. KgError if they cannot be kept."""
        rows = [(key := self._key(document), _checksum(key, data), data) for document, data in made]
        with self._guarded():
            try:
                self._insert(rows)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._set_aside()
                self._insert(rows)

    def _insert(self, rows: list[tuple[bytes, bytes, bytes]]) -> None:
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO extraction VALUES (?, ?, ?)", rows)

    def _key(self, document: Document) -> bytes:
        digest = blake2b(str(document.day).encode("ascii"), key=self._version, digest_size=16)
        digest.update(b"\n" + document.text.encode("utf-8"))
        return digest.digest()

    def _open(self) -> None:
        self._db = sqlite3.connect(self.file, timeout=60)
        try:
            # Written ahead: what a process has committed is there when it is killed, and the file is whole when the power goes.
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            with self._db:
                self._db.execute(_SCHEMA)
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
        self._problems.add(str(self.file), f"is damaged: it is kept as {aside.name}, and what it held is made anew", harmless=True)
        self._open()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as e:
            why = getattr(e, "strerror", None) or e
            raise KgError(f"cannot use the cache {self.file.parent}: {why}; free some space, name another folder with --cache, or --no-cache") from e


def _checksum(key: bytes, data: bytes) -> bytes:
    return blake2b(data, key=key, digest_size=16).digest()
