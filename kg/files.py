"""Files that are compressed or not, and that appear whole or not at all when they are written."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO, cast

from kg.errors import KgError
from kg.language import _, strerror

_PREFIX = ".kg-writing-"


def opened(path: Path) -> BinaryIO:
    """A file to read bytes from; decompressed if its name ends in .gz."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write into, which takes the place of `path` when all went well; compressed if that ends in .gz.

    It is made beside `path`, since only within one file system is replacing a file one step, and goes when the run fails. Where `path` is a
    link, what it leads to is replaced. A device or a pipe (`/dev/stdout`) is written to as it stands.

    Raises:
        KgError: it cannot be written.
    """
    gzipped = path.suffix.lower() == ".gz"
    try:
        if _is_device(path):
            with path.open("wb") as raw, _packed(raw, gzipped) as file:
                yield file
            return
        target = path.resolve() if path.is_symlink() else path
        with room_beside(target.parent) as folder:
            temporary = folder / "new"
            with temporary.open("wb") as raw, _packed(raw, gzipped) as file:
                yield file
            # A new name for what is not on the disk yet would be that of an empty file when the power goes.
            sync(temporary)
            temporary.replace(target)
            sync(target.parent)
    except OSError as e:
        raise KgError(_("cannot write {path}: {why}").format(path=path, why=strerror(e))) from e


def _is_device(path: Path) -> bool:
    """Whether a path is no place for a file: putting one there would take the device from everybody. `/dev/stdout` may lead to a file."""
    return str(path.absolute().parent) in ("/dev", "/dev/fd", "/proc/self/fd") or (path.exists() and not path.is_file())


@contextmanager
def _packed(raw: IO[bytes], gzipped: bool) -> Iterator[IO[bytes]]:
    if not gzipped:
        yield raw
        return
    with gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as file:  # no name and no clock time in its head
        yield file  # type: ignore[misc]


@contextmanager
def room_beside(directory: Path) -> Iterator[Path]:
    """A folder inside `directory` for what is being written; it goes at the end, and so does what a killed run left of its own.

    Whoever writes holds a lock on `directory` that others may hold too. Who can have it alone knows that nobody is writing. The system takes
    it from a process that ends, however that happens; where it has no such locks, leftovers stay. OSError if the folder cannot be made.
    """
    with _lock(directory), TemporaryDirectory(prefix=_PREFIX, dir=directory) as name:
        yield Path(name)


@contextmanager
def _lock(directory: Path) -> Iterator[None]:
    try:
        import fcntl

        handle = os.open(directory, os.O_RDONLY)
    except (ImportError, PermissionError):  # a system in which folders cannot be opened
        yield
        return
    try:
        with suppress(OSError):  # somebody is writing, or the file system knows no locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in directory.glob(f"{_PREFIX}*"):
                rmtree(left, ignore_errors=True)
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before anything else is done."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # a system in which folders cannot be opened, and need not be
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
