"""Which clauses of a query have to be known before it is run: SERVICE, which would make kg call another machine, and FROM.

A query is parsed, not searched: both words may stand in a string, a comment, an IRI or a prefixed name. Oxigraph has no
parse tree to look at, so that rdflib's parser reads the query. Where the two would read one text in different ways, a query
could hide a SERVICE from the one that the other runs. What keeps them together:

* a query that nowhere holds the letters of either word has neither clause, and needs no second parser (Oxigraph knows
  keywords in ASCII only and no escapes in them);
* rdflib's grammar is called without its step that expands \\u escapes in the whole text: Oxigraph knows them in strings and
  IRIs only, and `"\\u005C"` must not become an open string;
* a comment ends at a carriage return as well, as the grammar of SPARQL has it and rdflib has not;
* a query with these letters that rdflib cannot read is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.language import _


class Unreadable(ValueError):
    """The text is no query of SPARQL 1.1; the message says where."""


@dataclass(frozen=True, slots=True)
class Clauses:
    service: bool = False
    dataset: bool = False  # FROM or FROM NAMED


def clauses(query: str) -> Clauses:
    """The clauses of a query, in it and in all its subqueries and patterns. Unreadable if it takes a parser and does not pass it."""
    letters = query.casefold()
    if "service" not in letters and "from" not in letters:
        return Clauses()
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import QueryUnit

    try:
        tree = QueryUnit.parse_string(query.replace("\r", "\n"), parse_all=True)
    except ParseBaseException as e:
        raise Unreadable(_("line {line}, column {column}: {error}").format(line=e.lineno, column=e.column, error=e.msg)) from e
    except RecursionError as e:
        raise Unreadable(_("it is nested too deeply")) from e
    except (ValueError, TypeError) as e:  # a literal that rdflib cannot hold
        raise Unreadable(str(e)) from e
    names = set(_names(tree))
    return Clauses("ServiceGraphPattern" in names, "DatasetClause" in names)


def _names(tree: object) -> list[str]:
    """The names of all productions in a parse tree of rdflib."""
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    out, todo = [], [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, CompValue):
            out.append(node.name)
            todo.extend(node.values())
        elif isinstance(node, ParseResults | list | tuple):
            todo.extend(node)  # ParseResults has a + of its own
    return out
