"""A request of the SPARQL 1.1 Protocol, read: which query, which graphs, which formats; or the status that it earns instead.

https://www.w3.org/TR/sparql11-protocol/, section 2.1. Parameters that the protocol does not know are ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from kg.serve.answers import Question
from kg.serve.negotiation import GRAPHS, TABLES, best, media_type

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"

#: The longest query, in bytes.
LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """A request that has no answer: its status, and a line that says why."""

    status: int
    message: str

    def __str__(self) -> str:
        return self.message


def read(method: str, query_string: bytes, content_type: str, body: bytes, accept: str) -> Question:
    """The question of a request. Refused if it is none.

    Args:
        method: "GET" or "POST".
        query_string: what follows the question mark in the address, still encoded.
        content_type: the header of a POST.
        body: the body of a POST.
        accept: the header.
    """
    parameters = _parameters(query_string)
    if method == "POST":
        type, charset = media_type(content_type)
        if charset not in ("", "utf-8", "utf8"):
            raise Refused(415, f"unsupported character set {charset}: queries are read in UTF-8")
        if type == FORM:
            parameters += _parameters(body)
        elif type == DIRECT:
            parameters.append(("query", _text(body)))
        elif type == UPDATE:
            raise Refused(403, "refused: this endpoint is read-only, and takes no updates")
        else:
            raise Refused(415, f"unsupported media type {type or '(none)'}: send a query as {FORM} or {DIRECT}")
    return _question(parameters, accept)


def _question(parameters: Sequence[tuple[str, str]], accept: str) -> Question:
    if any(name == "update" for name, _ in parameters):
        raise Refused(403, "refused: this endpoint is read-only, and takes no updates")
    queries, default, named = (
        tuple(v for name, v in parameters if name == wanted) for wanted in ("query", "default-graph-uri", "named-graph-uri")
    )  # fmt: skip
    if len(queries) != 1:
        raise Refused(400, "bad request: " + ("there is no query" if not queries else "there is more than one query"))
    table, graph = best(accept, TABLES), best(accept, GRAPHS)
    if table is None and graph is None:
        raise Refused(406, f"not acceptable: an answer can be had as {', '.join(dict.fromkeys([*TABLES.values(), *GRAPHS.values()]))}")
    dataset = bool(default or named)
    return Question("query", queries[0], default if dataset else None, named if dataset else None, table, graph)


def _parameters(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError as e:
        raise Refused(400, "bad request: the parameters are not URL-encoded UTF-8") from e
    except ValueError as e:
        raise Refused(400, "bad request: there are too many parameters") from e


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as e:
        raise Refused(400, "bad request: the query is not UTF-8") from e
