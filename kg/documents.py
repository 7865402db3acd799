"""Reads what the user points at into `Document`s, and reports every input that cannot be read.

    files, folders, globs, "-"  ->  read()  ->  Document(id, text, title, published, source)

Where inputs are is found here; what is in a file, by `kg.readers`. One bad input never stops the others: it becomes a `Problem`. Inputs of any
size are read in one pass, with no more in memory than one document and, of those that were read, id and digest.
"""

from __future__ import annotations

import glob
import os
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from kg.files import opened
from kg.language import N_, _, joined, strerror
from kg.model import Document
from kg.problems import Problem as Problem
from kg.problems import Problems as Problems
from kg.readers import MAX_CHARS as MAX_CHARS
from kg.readers import Reader, open_standard_input, text_digest
from kg.readers import document_id as document_id

#: What is read from a folder, each also compressed (`.gz`). A file named by itself may have any other ending; it is text then.
SUFFIXES = (".txt", ".jsonl", ".json", ".html", ".htm")

_NOWHERE = N_("is a link that leads nowhere, or back to itself: mend or remove it")


def read(inputs: Sequence[str], problems: Problems, *, max_chars: int = MAX_CHARS) -> Iterator[Document]:
    """Read documents from `inputs`, in their order, one at a time.

    Args:
        inputs: paths of files and folders (read recursively, in the order of their names; hidden ones are left out),
            glob patterns (`**` goes through folders), and `-` for standard input.
            `.jsonl` files hold one document a line, `.json` files one document, a list of them, or lines; both as objects
            with `text` (or `html`) and optional `id`, `title`, `published`, `source`. `.html` files are pages with an article.
            Everything else is the text of one document; standard input is JSON lines if it starts with `{`, a page if with `<html`.
        problems: is given what cannot be read, and encodings that had to be guessed. Nothing is raised.
        max_chars: a longer text is a problem; none is ever cut.

    Yields:
        Documents with distinct ids. A document without an id gets one from a hash of its text.
    """
    seen: dict[str, tuple[str, str]] = {}  # id -> digest of the text, where it was
    for where, document in _documents(inputs, problems, max_chars):
        digest = text_digest(document.text)
        if document.id not in seen:
            seen[document.id] = digest, where
            yield document
        elif seen[document.id][0] == digest:
            problems.add(where, _("is the same document as {other}, read once").format(other=seen[document.id][1]), harmless=True)
        else:
            problems.add(
                where, _("has the id {id!r} of {other} but another text: give it an id of its own").format(id=document.id, other=seen[document.id][1])
            )


def _documents(inputs: Sequence[str], problems: Problems, max_chars: int) -> Iterator[tuple[str, Document]]:
    for argument in inputs:
        if argument == "-":
            readers = iter([Reader(open_standard_input, None, _("standard input"), "", problems, max_chars)])
        else:
            files = _files(argument, problems)
            readers = (Reader(partial(opened, path), _shown(path.name), _shown(path), _suffix(path), problems, max_chars) for path in files)
        for reader in readers:
            try:
                yield from reader.documents()
            except (OSError, EOFError, zlib.error) as e:
                problems.add(reader.where, _("cannot be read: {why}").format(why=strerror(e)))


def _files(argument: str, problems: Problems) -> Iterator[Path]:
    """The files that an argument stands for."""
    try:
        path = Path(argument)
        if path.is_dir():
            yield from _folder(path, problems)
        elif path.exists():
            yield path
        elif path.is_symlink():
            problems.add(_shown(argument), _(_NOWHERE))
        elif glob.has_magic(argument):
            matches = sorted(glob.glob(argument, recursive=True))
            if not matches:
                problems.add(_shown(argument), _("matches no file: check the pattern and the folder you are in"))
            for match in map(Path, matches):
                # With `**`, a folder's files are matches of their own.
                if not match.is_dir():
                    yield match
                elif "**" not in argument:
                    yield from _folder(match, problems)
        else:
            problems.add(_shown(argument), _("does not exist: check the name and the folder you are in"))
    except (OSError, ValueError) as e:  # a name too long, a NUL in it, no right to look
        problems.add(_shown(argument), _("cannot be read: {why}").format(why=strerror(e)))


def _folder(folder: Path, problems: Problems) -> Iterator[Path]:
    found = False

    def refused(e: OSError) -> None:
        problems.add(_shown(e.filename or folder), _("cannot be read: {why}").format(why=strerror(e)))

    for root, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in folders:
            if (link := Path(root, name)).is_symlink():  # not followed by os.walk: it may lead back to where it stands
                problems.add(_shown(link), _("is a link to a folder, which is not followed: name that folder too if it is to be read"), harmless=True)
        for name in sorted(names):
            path = Path(root, name)
            if name.startswith(".") or _suffix(path) not in SUFFIXES:
                continue
            # A pipe or a device in a folder would be waited for without end.
            if path.is_file():
                found = True
                yield path
            elif path.is_symlink() and not path.exists():
                found = True
                problems.add(_shown(path), _(_NOWHERE))
    if not found:
        problems.add(_shown(folder), _("has no documents in it: they end in {suffixes} or one of these with .gz").format(suffixes=joined(SUFFIXES)))


def _suffix(path: Path) -> str:
    """The ending of a file's name in small letters, without that of compression: ".jsonl" of "a.JSONL.gz"."""
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


def _shown(path: str | Path) -> str:
    """A path as text that can be printed on one line and stored, whatever bytes it is made of."""
    return "".join(c if c.isprintable() else "\ufffd" for c in os.fsencode(path).decode("utf-8", "replace"))
