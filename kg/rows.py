"""SPARQL over a graph in memory, with answers as plain values of Python: what `Graph.query` gives.

`kg query` asks stores and files in a process of its own, which can be stopped; here the query runs in this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

import pyoxigraph as ox

from kg.errors import KgError
from kg.language import _
from kg.namespaces import PREFIXES
from kg.store_query import USUAL, checked

#: A cell: an IRI or a text as str, a number, a truth value or a day as Python has it, None where a variable is not bound.
Value = str | int | float | bool | Decimal | date | datetime | None
Row = dict[str, Value]

_XSD = PREFIXES["xsd"]
_PYTHON: Mapping[str, Callable[[str], Value]] = {
    **{_XSD + name: int for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger")},
    **{_XSD + name: float for name in ("double", "float")},
    _XSD + "decimal": Decimal,
    _XSD + "boolean": lambda text: text in ("true", "1"),
    _XSD + "date": date.fromisoformat,
    _XSD + "dateTime": datetime.fromisoformat,
}


def store(quads: Iterable[ox.Quad]) -> ox.Store:
    """A store of statements. Its default graph has every triple once, however many named graphs have it, as a union should."""
    made = ox.Store()
    for quad in quads:
        made.add(quad)
        made.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    return made


def ask(store: ox.Store, query: str, base: str) -> list[Row]:
    """The rows of the answer: of SELECT by its variables, of CONSTRUCT and DESCRIBE by subject, predicate and object, of ASK one with `answer`.

    Args:
        store: as `store` makes it.
        query: in SPARQL 1.1; the usual prefixes and `kg:` need no declaration.
        base: what `kg:` stands for.

    Raises:
        KgError: the query is not in order, would change something or would call another machine.
    """
    try:
        found = store.query(checked(query), prefixes={**USUAL, "kg": base})
        if isinstance(found, ox.QueryBoolean):
            return [{"answer": bool(found)}]
        if isinstance(found, ox.QueryTriples):
            return [{"subject": value(t.subject), "predicate": value(t.predicate), "object": value(t.object)} for t in found]
        names = [v.value for v in found.variables]
        return [{name: value(row[name]) for name in names} for row in found]
    except (SyntaxError, ValueError) as e:
        raise KgError(_("the query is not in order: {why}").format(why=" ".join(str(e).split()))) from e


def value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Value:
    """A term as a value of Python; the text as it stands where its datatype is another, or its form is not Python's."""
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        try:
            return _PYTHON.get(term.datatype.value, str)(term.value)
        except (ValueError, ArithmeticError):
            return term.value
    return term.value if isinstance(term, ox.NamedNode) else str(term)
