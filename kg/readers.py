"""What is in one input: a text, a page, JSON lines, or JSON. Behind `kg.documents.read`.

    stream -> Reader.documents -> (where, Document)

Nothing in a text is changed, so that offsets count its characters as an editor shows them; only a byte order mark at its very start is no
part of it. Limits keep a file that is no news (a dump of gigabytes in one line, a compressed bomb) from filling the memory: what is longer is
reported and skipped, never cut.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from typing import IO, Any, BinaryIO, cast

from kg.encodings import NotText, decoded, marked, shown
from kg.html_pages import PAGE, NoReader, read_page
from kg.language import _
from kg.model import Document
from kg.problems import Problems
from kg.text import is_arabic

#: A text of more characters is reported and skipped unless more are allowed: one document of this length is a million words or so of work.
MAX_CHARS = 1_000_000

#: A first line of at most this many characters with a blank line after it is the title of a text file.
TITLE_LENGTH = 150

#: Bytes of a JSON file that is one value and so has to be in memory as a whole.
JSON_FILE = 1 << 28

#: Bytes of a JSON line beside its text: other keys, which are ignored. A letter of the text is at most six bytes (an escape) of it.
BESIDE, ESCAPE = 1 << 24, 6

_MEGA = 1_000_000


class _Bad(Exception):
    """One input, or one line of it, cannot be read; the message is the `what` of a Problem."""


def document_id(text: str) -> str:
    """The id of a document that has none: the same text has the same id everywhere."""
    return f"t-{text_digest(text)[:16]}"


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def open_standard_input() -> AbstractContextManager[BinaryIO]:
    if sys.stdin is None:  # closed by the shell (`<&-`)
        raise OSError(_("it is closed"))
    return nullcontext(sys.stdin.buffer)


class Reader:
    """The documents of one input."""

    def __init__(
        self, opened: Callable[[], AbstractContextManager[BinaryIO]], source: str | None, where: str, suffix: str, problems: Problems, max_chars: int
    ) -> None:
        """Prepare to read.

        Args:
            opened: opens the input, which is bytes.
            source: of documents that name none.
            where: what problems call the input.
            suffix: of its name, in small letters; "" if only its beginning can tell what it is.
            problems: is given what cannot be read.
            max_chars: that a text may have.
        """
        self._opened, self._source, self.where, self._suffix = opened, source, where, suffix
        self._problems, self._max_chars = problems, max_chars
        self._said: set[str] = set()  # encodings

    def documents(self) -> Iterator[tuple[str, Document]]:
        """Documents with where they are. OSError and the errors of compression come out of it."""
        with self._opened() as raw:
            stream = cast(io.BufferedReader, raw if hasattr(raw, "peek") else io.BufferedReader(cast(io.RawIOBase, raw)))
            head = stream.peek(4)
            suffix = self._suffix or _looks_like(head)
            try:
                if suffix == ".jsonl":
                    yield from self._json_lines(stream, marked(head[:4]))
                elif suffix == ".json":
                    yield from self._json_file(stream)
                elif suffix in (".html", ".htm"):
                    yield self.where, self._page(stream)
                else:
                    yield self.where, self._text(stream)
            except (_Bad, NotText) as e:
                self._problems.add(self.where, str(e))

    # Kinds of files

    def _text(self, stream: BinaryIO) -> Document:
        text = self._decoded(self._whole(stream, 4 * self._max_chars + 4, self._too_long()), self.where)
        self._check(text)
        return Document(document_id(text), text, _title(text), None, self._source)

    def _page(self, stream: BinaryIO) -> Document:
        markup = self._decoded(
            self._whole(stream, PAGE, _("is an HTML page of more than {size} megabytes").format(size=PAGE // _MEGA)), self.where, page=True
        )
        if not markup.strip():
            raise _Bad(_("is empty"))
        return self._document({"html": markup}, self.where)

    def _json_lines(self, stream: BinaryIO, codec: str | None) -> Iterator[tuple[str, Document]]:
        something = False
        wide = codec is not None and codec != "utf-8"
        if wide:
            self._say(str(codec), self.where)
        lines: Iterable[bytes | str | None] = _wide_lines(stream, str(codec), self._line) if wide else _lines(stream, self._line)
        for number, line in enumerate(lines, 1):
            here = f"{self.where}:{number}"
            if line is None:
                something = True
                self._problems.add(
                    here, _("is a line of more than {size:.0f} megabytes, which no document in it may have").format(size=self._line / _MEGA)
                )
                continue
            if isinstance(line, bytes):
                if b"\x00" in line:
                    raise _Bad(_("is a binary file (a zero byte in line {number}), not JSON lines").format(number=number))
                line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not line.strip():
                continue
            something = True
            try:
                text = self._decoded(line, here) if isinstance(line, bytes) else line
                yield here, self._document(_parse(text.rstrip("\r\n"), line_given=True), here)
            except (_Bad, NotText) as e:
                self._problems.add(here, str(e))
        if not something:
            raise _Bad(_("is empty"))

    def _json_file(self, stream: BinaryIO) -> Iterator[tuple[str, Document]]:
        data = stream.read(JSON_FILE + 1)
        if len(data) > JSON_FILE:
            if not _begins_with_object(data, self._line):
                raise _Bad(
                    _("is JSON of more than {size:.0f} megabytes in one piece: write JSON lines (.jsonl), a document a line").format(
                        size=JSON_FILE / _MEGA
                    )
                )
            del data
            with self._opened() as again:
                yield from self._json_lines(again, None)
            return
        text = self._decoded(data, self.where)
        if not text.strip():
            raise _Bad(_("is empty"))
        try:
            value = _parse(text, line_given=False)
        except _Bad:
            # Many a `.json` is JSON lines: its first line is then an object by itself.
            lines = text.encode("utf-8")
            if not _begins_with_object(lines, self._line):
                raise
            yield from self._json_lines(io.BytesIO(lines), None)
            return
        for number, item in enumerate(value if isinstance(value, list) else [value], 1):
            here = _("{where}: item {number}").format(where=self.where, number=number) if isinstance(value, list) else self.where
            try:
                yield here, self._document(item, here)
            except _Bad as e:
                self._problems.add(here, str(e))
        if value == []:
            raise _Bad(_("has no documents in it: the list is empty"))

    # Parts

    @property
    def _line(self) -> int:
        """Bytes of a line of JSON."""
        return ESCAPE * self._max_chars + BESIDE

    def _too_long(self) -> str:
        return _("has more than {most:,} characters: cut it into parts, or allow more with --max-chars").format(most=self._max_chars)

    def _whole(self, stream: BinaryIO, limit: int, what: str) -> bytes:
        data = stream.read(limit + 1)
        if len(data) > limit:
            raise _Bad(what)
        return data

    def _decoded(self, data: bytes, where: str, *, page: bool = False) -> str:
        text, codec = decoded(data, page=page)
        if codec:
            self._say(codec, where)
        return text

    def _say(self, codec: str, where: str) -> None:
        """Name an encoding, once a file."""
        if codec not in self._said:
            self._said.add(codec)
            self._problems.add(where, _("is not in UTF-8 and was read as {codec}").format(codec=shown(codec)), harmless=True)

    def _document(self, value: Any, where: str) -> Document:
        if not isinstance(value, dict):
            raise _Bad(_('is not a JSON object: write {"id": …, "text": …}'))
        text, title, published, source = value.get("text"), None, None, None
        if "text" not in value and "html" not in value:
            raise _Bad(_("has no 'text'"))
        if "text" in value and not isinstance(text, str):
            raise _Bad(_("has a 'text' that is not a string but {kind}").format(kind=_kind(text)))
        if not isinstance(text, str):
            text, title, published, source = self._article(value["html"], where)
        self._check(text)
        given = value.get("id")
        if isinstance(given, int) and not isinstance(given, bool):
            given = str(given)
        id = _string(given, "id") or document_id(text)
        title, source = _string(value.get("title"), "title") or title, _string(value.get("source"), "source") or source or self._source
        return Document(id, text, title, _date(value.get("published")) or published, source)

    def _article(self, markup: Any, where: str) -> tuple[str, str | None, str | None, str | None]:
        if not isinstance(markup, str):
            raise _Bad(_("has an 'html' that is not a string but {kind}").format(kind=_kind(markup)))
        if len(markup) > PAGE:
            raise _Bad(_("is an HTML page of more than {size} megabytes").format(size=PAGE // _MEGA))
        try:
            page = read_page(markup)
        except NoReader as e:
            raise _Bad(str(e)) from e
        if not page.text:
            raise _Bad(_("is an HTML page without text"))
        if page.whole and is_arabic(page.text):
            self._problems.add(where, _("is an HTML page in which no article could be told: all of its text was read"), harmless=True)
        return page.text, page.title, page.published, page.source

    def _check(self, text: str) -> None:
        if not text.strip():
            raise _Bad(_("is empty"))
        if len(text) > self._max_chars:
            raise _Bad(self._too_long())
        _check_characters(text, _("its text"))
        if not is_arabic(text):
            raise _Bad(_("has no Arabic letters in it: kg reads Arabic"))


def _looks_like(head: bytes) -> str:
    """The ending that an input without one should have."""
    codec = marked(head[:4]) or "utf-8"
    start = head[:1024].decode(codec, "ignore").removeprefix("\ufeff").lstrip().lower()
    return ".jsonl" if start.startswith("{") else ".html" if start.startswith(("<!doctype html", "<html")) else ".txt"


def _lines(stream: IO[bytes], limit: int) -> Iterator[bytes | None]:
    """The lines of a stream; None for each that is longer."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while not line.endswith(b"\n") and (line := stream.readline(1 << 20)):
            pass
        yield None


def _wide_lines(stream: BinaryIO, codec: str, limit: int) -> Iterator[str | None]:
    """The lines of a stream in UTF-16 or UTF-32. NotText if it ends in the middle of a character."""
    text = io.TextIOWrapper(stream, codec, "surrogatepass", newline="\n")  # half a character spoils its line only
    try:
        while line := text.readline(limit + 1):
            if len(line) <= limit:
                yield line.removeprefix("\ufeff")
                continue
            while not line.endswith("\n") and (line := text.readline(1 << 20)):
                pass
            yield None
    except UnicodeDecodeError as e:
        raise NotText(_("is broken {codec} somewhere behind the last line that was read: write it in UTF-8").format(codec=shown(codec))) from e
    finally:
        text.detach()


def _begins_with_object(data: bytes, limit: int) -> bool:
    """Whether the first line is an object by itself."""
    first = next((line for line in _lines(io.BytesIO(data), limit) if line is None or line.strip()), None)
    try:
        return first is not None and isinstance(_parse(decoded(first)[0], line_given=True), dict)
    except (_Bad, NotText):
        return False


def _parse(text: str, *, line_given: bool) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as e:
        position = _("column {column}") if line_given else _("line {line}, column {column}")
        raise _Bad(
            _("is broken JSON ({error} at {position}): mend or remove it").format(
                error=e.msg, position=position.format(line=e.lineno, column=e.colno)
            )
        ) from e
    except (ValueError, RecursionError) as e:  # numbers of thousands of digits, thousands of nested lists
        raise _Bad(_("is JSON that cannot be read ({why})").format(why=e)) from e


def _string(value: Any, key: str) -> str | None:
    """The stripped string, None for an absent or blank one."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Bad(_("has a {key!r} that is not a string but {kind}").format(key=key, kind=_kind(value)))
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
    raise _Bad(_("has a 'published' that is not a date: {text!r}: write it like 2025-03-27").format(text=text[:40]))


def _kind(value: Any) -> str:
    name = type(value).__name__
    kinds = {
        "NoneType": "null", "dict": _("an object"), "list": _("a list"), "bool": _("true or false"), "int": _("a number"), "float": _("a number"),
    }  # fmt: skip
    return kinds.get(name, name)


def _check_characters(text: str, what: str) -> None:
    """Refuse what no file that kg writes could hold: half a character (a lone surrogate), a NUL."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as e:
        raise _Bad(
            _("has half a character (\\u{code:04x}) at character {position} of {what}: mend the escape").format(
                code=ord(text[e.start]), position=e.start, what=what
            )
        ) from e
    if "\x00" in text:
        raise _Bad(_("has a NUL at character {position} of {what}: remove it").format(position=text.index(chr(0)), what=what))


def _title(text: str) -> str | None:
    """The first line, where it stands alone above a blank line and is short enough for a headline."""
    lines = text.lstrip().split("\n", 2)
    if len(lines) == 3 and len(lines[0]) <= TITLE_LENGTH and not lines[1].strip() and lines[2].strip():
        return lines[0].strip()
    return None
