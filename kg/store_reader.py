"""A store on disk as its folder tells: the names of its files, who has it open, and its reader, which changes nothing."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import pyoxigraph as ox

from kg.errors import KgError
from kg.language import _, strerror
from kg.model import Extraction
from kg.namespaces import DEFAULT_BASE
from kg.store_ledger import SCHEMA, decoded
from kg.store_parts import read_whole

QUADS, LEDGER, ABOUT, UNSETTLED, LOCK = "quads", "ledger.sqlite", "store.json", "unsettled", "lock"


class Reader:
    """A store that is open for reading: its quads, and whether the run that filled it came to its end. Its default graph holds every triple once."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open a store. KgError if there is none, it is of another schema, or another process is filling it."""
        self.path = Path(path)
        base = about(self.path)
        if base is None:
            raise KgError(_("{path} is no store of kg: make one with kg build INPUT --store {path}").format(path=self.path))
        self.base = base
        self._lock = locked(self.path, fcntl.LOCK_SH)
        self.settled = not (self.path / UNSETTLED).exists()
        try:
            self.quads = ox.Store.read_only(str(self.path / QUADS))
        except OSError as e:
            self._lock.close()
            raise KgError(_("cannot open the store {path}: {why}").format(path=self.path, why=" ".join(str(e).split()))) from e

    def __enter__(self) -> Self:
        return self

    def __exit__(self, type: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        del self.quads
        self._lock.close()

    def documents(self) -> list[str]:
        """The ids of the documents that are in."""
        return [decoded(id) for (id,) in self._rows("SELECT id FROM document ORDER BY id")]

    def extractions(self) -> Iterator[Extraction]:
        """What the documents say, by id, as far as it was kept (see `kg.store.Store`)."""
        rows = self._rows("SELECT extraction FROM document WHERE extraction IS NOT NULL ORDER BY id")
        return (read_whole(extraction) for (extraction,) in rows)

    def mentions(self) -> Iterator[tuple[str, int]]:
        """The key of each entity that several documents may speak of, and how many do."""
        return self._rows("SELECT key, count(DISTINCT document) FROM seen GROUP BY key")

    def _rows(self, sql: str) -> Iterator[Any]:
        file = self.path / LEDGER
        # Without a journal the file is all there is, and SQLite need not make one, which it cannot where nothing may be written.
        how = "mode=ro" if file.with_name(f"{LEDGER}-wal").exists() else "immutable=1"
        try:
            with closing(sqlite3.connect(f"{file.resolve().as_uri()}?{how}", uri=True)) as db:
                yield from db.execute(sql)
        except sqlite3.Error as e:
            raise KgError(_("cannot open the store {path}: {file}: {why}").format(path=self.path, file=LEDGER, why=e)) from e


def base_of(path: str | os.PathLike[str]) -> str:
    """What the IRIs of the store in a folder start with, or would if it were made there."""
    return about(Path(path)) or DEFAULT_BASE


def about(path: Path) -> str | None:
    """The base of the store in a folder, None if there is none. KgError for a store of another schema."""
    try:
        about = json.loads((path / ABOUT).read_text(encoding="utf-8"))
        schema, base = about["schema"], str(about["base"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise KgError(_("cannot open the store {path}: {file} is damaged; build the store anew").format(path=path, file=ABOUT)) from e
    if schema != SCHEMA:
        raise KgError(
            _("{path} is a store of schema {schema}, and this kg reads schema {own}: build it anew in another folder").format(
                path=path, schema=schema, own=SCHEMA
            )
        )
    return base


def locked(path: Path, how: int) -> IO[bytes]:
    """The file whose lock says that the store is open. KgError if another has it open."""
    try:
        file = (path / LOCK).open("ab")
    except OSError as e:
        raise KgError(_("cannot open the store {path}: {why}").format(path=path, why=strerror(e))) from e
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
        _check_free(path / QUADS / "LOCK")
    except OSError as e:
        file.close()
        raise KgError(_("another process has the store {path} open: wait until it ends, or stop it").format(path=path)) from e
    return file


def _check_free(lock: Path) -> None:
    """OSError if another program has the database open for writing, such as Oxigraph's own server."""
    if not lock.exists():
        return
    with lock.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
