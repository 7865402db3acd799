"""What a cache of extractions holds, by the way in which it was made, and the removal of what no run will find again.

A cache may be in use meanwhile: what is removed goes in small steps, each of which lets others write after it, and a run that misses an
entry makes it anew.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from time import time
from typing import Any

from kg.cache import FILE, PATIENCE, SCHEMA, days
from kg.errors import KgError
from kg.language import N_, _, strerror

#: Entries that are looked at, and pages that are given back, in one step.
_STEP, _PAGES = 1_000, 2_000
#: What a user's options say of a way to read. Whatever it is, a run with the same options finds the entry.
_OPTIONS = ("lexicon", "frames", "event model", "gpu")
#: The digest of no files, which a version has for a lexicon or frames where the user gave none.
_NONE = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True)
class Held:
    """Entries that were made in one way.

    kg, models: which ones made them; "" where a cache does not tell. options: what else was chosen ("own lexicon" …). current: whether this kg, with
    the same options, finds them. bytes: of the extractions alone. first, last: the days on which they were made (ISO 8601).
    """

    kg: str
    models: str
    options: tuple[str, ...]
    current: bool
    entries: int
    bytes: int
    first: str
    last: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def located(folder: Path) -> Path:
    """The file of a cache, from its folder or from that of a build's output or a store, in which it is `.kg-cache`. KgError if there is none."""
    for file in (folder / FILE, folder / ".kg-cache" / FILE):
        if file.is_file():
            return file
    raise KgError(_("there is no cache in {folder}: name the DIR of --cache, or that of -o or --store").format(folder=folder))


def held(folder: Path, version: str) -> list[Held]:
    """What a cache holds, what this kg finds first, then the newest.

    Args:
        folder: see `located`.
        version: how this kg reads: `kg.corpus.Models.version`.

    Raises:
        KgError: there is no cache, or it cannot be read.
    """
    with _opened(folder) as db:
        rows = db.execute(
            "SELECT what, count(*), sum(length(packed)), min(day), max(day) FROM entry LEFT JOIN version ON version.digest = entry.version "
            "GROUP BY entry.version"
        ).fetchall()
        out = [_held(what or "", version, *figures) for what, *figures in rows]
        if _has(db, "extraction"):
            entries, size = db.execute("SELECT count(*), total(length(packed)) FROM extraction").fetchone()
            out += [Held("", "", (), False, entries, int(size), "", "")] if entries else []
    return sorted(out, key=lambda h: (not h.current, -_ordinal(h.last), h.models, h.options))


def prune(folder: Path, version: str, *, older_than: int | None = None, today: int | None = None) -> int:
    """Remove the entries that this kg does not find, whatever its options, and give how many there were.

    Args:
        folder, version: see `held`.
        older_than: remove also what was made more than so many days ago.
        today: in days since 1970; None for the clock's.

    Raises:
        KgError: there is no cache, or it cannot be written to.
    """
    with _opened(folder) as db:
        known = db.execute("SELECT digest, what FROM version").fetchall()
        # A way to read that another run notes from now on is not among these, and stays.
        gone = {digest for digest, what in known if not _same(what, version)}
        before = None if older_than is None else (days(time()) if today is None else today) - older_than
        count = _remove(db, gone, before)
        with db:
            db.execute("DELETE FROM version WHERE digest NOT IN (SELECT version FROM entry)")
        if _has(db, "extraction"):  # an older kg's
            with db:
                count += db.execute("SELECT count(*) FROM extraction").fetchone()[0]
                db.execute("DROP TABLE extraction")
        _shrink(db)
    return count


def _remove(db: sqlite3.Connection, versions: set[bytes], before: int | None) -> int:
    """Remove entries of some versions, and those made before a day, and give how many there were."""
    count, last = 0, b""
    while rows := db.execute("SELECT key, version, day FROM entry WHERE key > ? ORDER BY key LIMIT ?", (last, _STEP)).fetchall():
        with db:
            gone = [(key, day) for key, version, day in rows if version in versions or (before is not None and day < before)]
            # Unless it was made anew meanwhile.
            count += db.executemany("DELETE FROM entry WHERE key = ? AND day = ?", gone).rowcount if gone else 0
        last = rows[-1][0]
    return count


def _shrink(db: sqlite3.Connection) -> None:
    """Give the room of what was removed back to the disk, as far as nobody is reading there."""
    while (before := db.execute("PRAGMA freelist_count").fetchone()[0]) and db.execute("PRAGMA auto_vacuum").fetchone()[0]:
        db.execute(f"PRAGMA incremental_vacuum({_PAGES})").fetchall()
        if db.execute("PRAGMA freelist_count").fetchone()[0] == before:
            break
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    file = located(folder)
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", timeout=PATIENCE, uri=True)) as db:
            if not _has(db, "entry"):
                with db:
                    for statement in SCHEMA:
                        db.execute(statement)
            yield db
    except sqlite3.OperationalError as e:
        raise KgError(_("cannot use the cache {file}: {why}").format(file=file, why=strerror(e))) from e
    except sqlite3.DatabaseError as e:
        raise KgError(
            _("the cache {file} is damaged ({why}): the next run that uses it sets it aside, or remove it").format(file=file, why=strerror(e))
        ) from e


def _has(db: sqlite3.Connection, table: str) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone() is not None


#: Files of a user's own that an extraction was made with.
OWN = {"lexicon": N_("own lexicon"), "frames": N_("own frames")}


def _read(version: str) -> dict[str, Any]:
    """A way to read, as `kg.corpus.Models.version` says it; nothing for what is none."""
    try:
        found = json.loads(version)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _same(what: str, version: str) -> bool:
    """Whether two ways to read are the same but for the user's options."""
    a, b = ({k: v for k, v in _read(text).items() if k not in _OPTIONS} for text in (what, version))
    return bool(a) and a == b


def _held(what: str, version: str, entries: int, size: int, first: int, last: int) -> Held:
    about, ours = _read(what), _read(version)
    models = about.get("models")
    options = [OWN[name] for name in ("lexicon", "frames") if name in about and about[name] != _NONE]
    options += [N_("without event model")] if about.get("event model") is False else []
    options += [N_("on a GPU")] if about.get("gpu") else []
    name = str(models[0]) if isinstance(models, list) and models else ""
    return Held(str(about.get("kg", "")), name, tuple(options), bool(ours) and _same(what, version), entries, size, _day(first), _day(last))


def _day(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def _ordinal(day: str) -> int:
    return int(day.replace("-", "") or 0)
