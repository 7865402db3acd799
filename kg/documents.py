"""Reads what the user points at into `Document`s, and reports every input that cannot be read.

    files, folders, globs, "-"  ->  read()  ->  Document(id, text, title, published, source)

Text is UTF-8. Nothing in a text is changed, so that offsets count its characters as an editor shows them; only a byte
order mark at its very start is no part of it. One bad input never stops the others: it becomes a `Problem`.
"""

from __future__ import annotations

import glob
import gzip
import hashlib
import io
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from kg.model import Document
from kg.text import is_arabic

#: What is read from a folder, each also compressed (`.gz`). A file named by itself may have any other ending; it is text then.
SUFFIXES = (".txt", ".jsonl", ".json")

#: A first line of at most this many characters with a blank line after it is the title of a text file.
TITLE_LENGTH = 150

_BOMS = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that was skipped: `where` is its file, with the line or item in it; `what` says what is wrong and what to do.

    Skipping a `harmless` one lost nothing (the same document was read before).
    """

    where: str
    what: str
    harmless: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Problems(list[Problem]):
    """The problems met so far. `report` is called with each one as soon as it is met."""

    def __init__(self, report: Callable[[Problem], None] | None = None) -> None:
        super().__init__()
        self._report = report

    def add(self, where: str, what: str, *, harmless: bool = False) -> None:
        self.append(Problem(where, what, harmless))
        if self._report:
            self._report(self[-1])

    @property
    def errors(self) -> int:
        """How many inputs were lost."""
        return sum(not p.harmless for p in self)


class _Bad(Exception):
    """One input, or one line of it, cannot be read; the message is the `what` of a Problem."""


def read(inputs: Sequence[str], problems: Problems) -> Iterator[Document]:
    """Read documents from `inputs`, in their order, one at a time.

    Args:
        inputs: paths of files and folders (read recursively, in the order of their names; hidden ones are left out),
            glob patterns (`**` goes through folders), and `-` for standard input.
            `.jsonl` files hold one document a line, `.json` files one document, a list of them, or lines; both as objects
            with `text` and optional `id`, `title`, `published`, `source`. Everything else is the text of one document;
            standard input is JSON lines if it starts with `{`.
        problems: is given what cannot be read. Nothing is raised.

    Yields:
        Documents with distinct ids. A document without an id gets one from a hash of its text.
    """
    seen: dict[str, tuple[str, str]] = {}  # id -> digest of the text, where it was
    for where, document in _documents(inputs, problems):
        digest = _digest(document.text)
        if document.id not in seen:
            seen[document.id] = digest, where
            yield document
        elif seen[document.id][0] == digest:
            problems.add(where, f"is the same document as {seen[document.id][1]}, read once", harmless=True)
        else:
            problems.add(where, f"has the id {document.id!r} of {seen[document.id][1]} but another text: give it an id of its own")


def document_id(text: str) -> str:
    """The id of a document that has none: the same text has the same id everywhere."""
    return f"t-{_digest(text)[:16]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _documents(inputs: Sequence[str], problems: Problems) -> Iterator[tuple[str, Document]]:
    for argument in inputs:
        if argument == "-":
            yield from _guarded(_standard_input, None, "standard input", "", problems)
            continue
        for path in _files(argument, problems):
            yield from _guarded(partial(_open, path), _shown(path.name), _shown(path), _suffix(path), problems)


def _guarded(
    open_it: Callable[[], AbstractContextManager[BinaryIO]], source: str | None, where: str, suffix: str, problems: Problems
) -> Iterator[tuple[str, Document]]:
    try:
        with open_it() as stream:
            yield from _read_stream(stream, source, where, suffix, problems)
    except (OSError, EOFError, zlib.error) as e:
        problems.add(where, f"cannot be read: {getattr(e, 'strerror', None) or e}")


def _standard_input() -> AbstractContextManager[BinaryIO]:
    if sys.stdin is None:  # closed by the shell (`<&-`)
        raise OSError("it is closed")
    return nullcontext(sys.stdin.buffer)


def _files(argument: str, problems: Problems) -> Iterator[Path]:
    """The files that an argument stands for."""
    try:
        path = Path(argument)
        if path.is_dir():
            yield from _folder(path, problems)
        elif path.exists():
            yield path
        elif glob.has_magic(argument):
            matches = sorted(glob.glob(argument, recursive=True))
            if not matches:
                problems.add(_shown(argument), "matches no file: check the pattern and the folder you are in")
            for match in map(Path, matches):
                # With `**`, a folder's files are matches of their own.
                if not match.is_dir():
                    yield match
                elif "**" not in argument:
                    yield from _folder(match, problems)
        else:
            problems.add(_shown(argument), "does not exist: check the name and the folder you are in")
    except (OSError, ValueError) as e:  # a name too long, a NUL in it, no right to look
        problems.add(_shown(argument), f"cannot be read: {getattr(e, 'strerror', None) or e}")


def _folder(folder: Path, problems: Problems) -> Iterator[Path]:
    found = False

    def refused(e: OSError) -> None:
        problems.add(_shown(e.filename or folder), f"cannot be read: {e.strerror}")

    for root, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            # A pipe or a device in a folder would be waited for without end.
            if not name.startswith(".") and _suffix(path) in SUFFIXES and path.is_file():
                found = True
                yield path
    if not found:
        problems.add(_shown(folder), f"has no documents in it: they end in {', '.join(SUFFIXES)} or one of these with .gz")


def _open(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def _read_stream(stream: BinaryIO, source: str | None, where: str, suffix: str, problems: Problems) -> Iterator[tuple[str, Document]]:
    """The documents of one opened file. OSError and the errors of compression come out of it."""
    try:
        lines: Iterable[bytes] = stream
        if suffix == "":
            # Of standard input and of files without an ending only the beginning tells what they are.
            head = list(_up_to_text(stream))
            lines = chain(head, stream)
            suffix = ".jsonl" if head and head[-1].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else ".txt"
        if suffix == ".jsonl":
            yield from _json_lines(lines, source, where, problems)
        elif suffix == ".json":
            yield from _json_file(b"".join(lines), source, where, problems)
        elif suffix in (".html", ".htm"):
            raise _Bad("is an HTML page: save its text as .txt and give that")
        else:
            text = _decode(b"".join(lines))
            _check(text)
            yield where, Document(document_id(text), text, _title(text), None, source)
    except _Bad as e:
        problems.add(where, str(e))


def _up_to_text(stream: BinaryIO) -> Iterator[bytes]:
    for line in stream:
        yield line
        if line.strip():
            return


def _json_lines(lines: Iterable[bytes], source: str | None, where: str, problems: Problems) -> Iterator[tuple[str, Document]]:
    something = False
    for number, line in enumerate(lines, 1):
        here = f"{where}:{number}"
        if number == 1:
            if wide := _wide(line):  # no line of it could be read: say so once
                raise _Bad(wide)
            line = line.removeprefix(b"\xef\xbb\xbf")
        if b"\x00" in line:
            raise _Bad(f"is a binary file (a zero byte in line {number}), not JSON lines in UTF-8")
        if not line.strip():
            continue
        something = True
        try:
            yield here, _document(_parse(_decode(line).rstrip("\r\n"), line_given=True), source)
        except _Bad as e:
            problems.add(here, str(e))
    if not something:
        raise _Bad("is empty")


def _json_file(data: bytes, source: str | None, where: str, problems: Problems) -> Iterator[tuple[str, Document]]:
    text = _decode(data)
    if not text.strip():
        raise _Bad("is empty")
    try:
        value = _parse(text, line_given=False)
    except _Bad:
        # Many a `.json` is JSON lines: its first line is then an object by itself.
        first = text.lstrip().splitlines()[0]
        try:
            if not isinstance(_parse(first, line_given=True), dict):
                raise
        except _Bad:
            first = ""
        if not first:
            raise
        yield from _json_lines(io.BytesIO(data), source, where, problems)
        return
    for number, item in enumerate(value if isinstance(value, list) else [value], 1):
        here = f"{where}: item {number}" if isinstance(value, list) else where
        try:
            yield here, _document(item, source)
        except _Bad as e:
            problems.add(here, str(e))
    if value == []:
        raise _Bad("has no documents in it: the list is empty")


def _parse(text: str, *, line_given: bool) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as e:
        position = f"column {e.colno}" if line_given else f"line {e.lineno}, column {e.colno}"
        raise _Bad(f"is broken JSON ({e.msg} at {position}): mend or remove it") from e
    except (ValueError, RecursionError) as e:  # numbers of thousands of digits, thousands of nested lists
        raise _Bad(f"is JSON that cannot be read ({e})") from e


def _document(value: Any, source: str | None) -> Document:
    if not isinstance(value, dict):
        raise _Bad('is not a JSON object: write {"id": …, "text": …}')
    if "text" not in value:
        raise _Bad("has no 'text'")
    text = value["text"]
    if not isinstance(text, str):
        raise _Bad(f"has a 'text' that is not a string but {_kind(text)}")
    _check(text)
    given = value.get("id")
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    id = _string(given, "id") or document_id(text)
    return Document(id, text, _string(value.get("title"), "title"), _date(value.get("published")), _string(value.get("source"), "source") or source)


def _string(value: Any, key: str) -> str | None:
    """The stripped string, None for an absent or blank one."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Bad(f"has a {key!r} that is not a string but {_kind(value)}")
    _check_characters(value, f"{key!r}")
    return value.strip() or None


def _date(value: Any) -> str | None:
    """An ISO 8601 date (2025-03-27) or time (2025-03-27T10:00:00+03:00) in its long form."""
    text = _string(value, "published")
    if text is None:
        return None
    for parse in (date.fromisoformat, datetime.fromisoformat):
        try:
            return parse(text).isoformat()
        except ValueError:
            continue
    raise _Bad(f"has a 'published' that is not a date: {text[:40]!r}: write it like 2025-03-27")


def _kind(value: Any) -> str:
    return {"NoneType": "null", "dict": "an object", "list": "a list", "bool": "true or false", "int": "a number", "float": "a number"}.get(
        type(value).__name__, type(value).__name__
    )


def _check(text: str) -> None:
    if not text.strip():
        raise _Bad("is empty")
    _check_characters(text, "its text")
    if not is_arabic(text):
        raise _Bad("has no Arabic letters in it: kg reads Arabic")


def _check_characters(text: str, what: str) -> None:
    """Refuse what no file that kg writes could hold: half a character (a lone surrogate), a NUL."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as e:
        raise _Bad(f"has half a character (\\u{ord(text[e.start]):04x}) at character {e.start} of {what}: mend the escape") from e
    if "\x00" in text:
        raise _Bad(f"has a NUL at character {text.index(chr(0))} of {what}: remove it")


def _wide(data: bytes) -> str | None:
    """What to say of data that starts with the mark of an encoding that kg does not read."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return f"is in {name}, not UTF-8: convert it, for example with iconv -f {name} -t UTF-8"
    return None


def _decode(data: bytes) -> str:
    if wide := _wide(data):
        raise _Bad(wide)
    if b"\x00" in data:
        raise _Bad(f"is a binary file (a zero byte at byte {data.index(0)}), not a text in UTF-8")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as e:
        raise _Bad(f"is not UTF-8 (0x{data[e.start]:02x} at byte {e.start}): convert it, for example with iconv -f WINDOWS-1256 -t UTF-8") from e


def _title(text: str) -> str | None:
    """The first line, where it stands alone above a blank line and is short enough for a headline."""
    lines = text.lstrip().split("\n", 2)
    if len(lines) == 3 and len(lines[0]) <= TITLE_LENGTH and not lines[1].strip() and lines[2].strip():
        return lines[0].strip()
    return None


def _suffix(path: Path) -> str:
    """The ending of a file's name in small letters, without that of compression: ".jsonl" of "a.JSONL.gz"."""
    return Path(path.stem).suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()


def _shown(path: str | Path) -> str:
    """A path as text that can be printed on one line and stored, whatever bytes it is made of."""
    return "".join(c if c.isprintable() else "\ufffd" for c in os.fsencode(path).decode("utf-8", "replace"))
