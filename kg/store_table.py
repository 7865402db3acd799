"""The rows of a query as a table in plain text, in which Arabic stands under Arabic."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pyoxigraph as ox
from rich.cells import cell_len

from kg.language import ngettext
from kg.namespaces import PREFIXES

_NUMBERS = frozenset(PREFIXES["xsd"] + t for t in ("integer", "decimal", "double", "float"))
_NAME = re.compile(r"[\w%.~/-]*")
# What would move the cells after it: line ends, controls, and those of the direction of text.
_MOVES = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
#: First strong isolate, pop directional isolate: between them the direction of a cell is its own.
_ISOLATE = "\u2068", "\u2069"

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def table(names: Sequence[str], rows: Sequence[Sequence[Term | None]], prefixes: Mapping[str, str], *, isolated: bool = False) -> str:
    """A table with a heading, a line for each row and, under it, nothing.

    Widths are those of the screen: vowel signs take no room. `isolated` sets each cell apart for screens that order Arabic and Latin
    text themselves, which else would swap neighbouring cells.
    """
    short = sorted(prefixes.items(), key=lambda p: -len(p[1]))
    cells = [list(names), *([shown(term, short) for term in row] for row in rows)]
    if not names:
        return ngettext("{n} row without columns", "{n} rows without columns", len(rows)).format(n=len(rows)) + "\n"
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    right = [bool(rows) and all(row[i] is None or _is_number(row[i]) for row in rows) for i in range(len(names))]
    lines = ["  ".join(_padded(c, w, r, isolated) for c, w, r in zip(row, widths, right, strict=True)).rstrip() for row in cells]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(lines) + "\n"


def shown(term: Term | None, prefixes: Sequence[tuple[str, str]]) -> str:
    """A term for the eye: literals by their text, IRIs by prefix and name. `prefixes`: the longest IRIs first."""
    if term is None:
        return ""
    if isinstance(term, ox.Literal):
        return _MOVES.sub(" ", term.value)
    if isinstance(term, ox.NamedNode):
        for prefix, iri in prefixes:
            if term.value.startswith(iri) and _NAME.fullmatch(name := term.value.removeprefix(iri)):
                return f"{prefix}:{name}"
        return f"<{term.value}>"
    return _MOVES.sub(" ", str(term))


def _padded(text: str, width: int, right: bool, isolated: bool) -> str:
    space = " " * (width - cell_len(text))
    cell = text.join(_ISOLATE) if isolated and text else text
    return space + cell if right else cell + space


def _is_number(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS
