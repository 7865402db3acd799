"""What XML 1.0 cannot hold, refused by name rather than written wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import IO, cast

from kg.errors import KgError
from kg.language import _
from kg.namespaces import PREFIXES, UNPRINTABLE

# In canonical N-Triples these are escapes; a backslash of the text itself is written twice.
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:u(00[01][0-9A-F]|FFF[EF])|([bf]))")
# https://www.w3.org/TR/xml-names/#NT-NCName, of which a name has to be the end of the IRI.
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(f"[{_START}][-.0-9\u00b7\u0300-\u036f\u203f\u2040{_START}]*$")
# https://www.w3.org/TR/rdf-syntax-grammar/#propertyElementURIs
_NO_PROPERTIES = frozenset(
    PREFIXES["rdf"] + name
    for name in ("RDF", "ID", "about", "bagID", "parseType", "resource", "nodeID", "datatype", "aboutEach", "aboutEachPrefix", "Description", "li")
)


def checked_text(text: str, where: str) -> str:
    """`text` if XML can hold it. KgError names the first character that it cannot and `where` that stands."""
    if found := UNPRINTABLE.search(text):
        raise KgError(
            _("XML cannot hold the character U+{code:04X}, which stands in {where}: take it out, or choose another format").format(
                code=ord(found[0]), where=where
            )
        )
    return text


def checked_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of N-Triples, each of which RDF/XML can hold. KgError names the character or property that it cannot hold, and the subject."""
    for line in lines:
        if b"\\" in line and (found := _ESCAPED.search(line)):
            code = found[1].decode() if found[1] else {b"b": "0008", b"f": "000C"}[found[2]]
            subject, predicate, _rest = line.decode().split(" ", 2)
            raise KgError(
                _("XML cannot hold the character U+{code}, which stands in {predicate} of {subject}: take it out, or choose another format").format(
                    code=code, predicate=predicate, subject=subject
                )
            )
        _check_property(line.split(b" ", 2)[1])
        yield line


@lru_cache(maxsize=4096)
def _check_property(predicate: bytes) -> None:
    iri = predicate[1:-1].decode()
    if iri in _NO_PROPERTIES or not _NAME.search(iri):
        raise KgError(_("RDF/XML cannot hold the property <{iri}>, which does not end in a name of XML: choose another format").format(iri=iri))


def without_carriage_returns(file: IO[bytes]) -> IO[bytes]:
    """A file to write XML into, whose readers would take a bare carriage return for a line feed."""
    return cast("IO[bytes]", _Escaping(file))


class _Escaping:
    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def write(self, data: bytes) -> int:
        self.file.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        self.file.flush()
