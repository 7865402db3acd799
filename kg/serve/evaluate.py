"""One query on a store: which graphs it is asked of, what is refused, how the result is written. Runs in a child process."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pyoxigraph as ox

from kg.clauses import Unreadable, clauses
from kg.namespaces import PREFIXES, UNPRINTABLE
from kg.serve.answers import Answer, Question, refusal
from kg.serve.negotiation import CSV, GRAPHS, HTML, JSON, JSON_LD, NTRIPLES, RDF_XML, TABLES, TSV, TURTLE, XML

TABLE_FORMATS = {JSON: ox.QueryResultsFormat.JSON, XML: ox.QueryResultsFormat.XML, CSV: ox.QueryResultsFormat.CSV, TSV: ox.QueryResultsFormat.TSV}
GRAPH_FORMATS = {
    TURTLE: ox.RdfFormat.TURTLE, NTRIPLES: ox.RdfFormat.N_TRIPLES, RDF_XML: ox.RdfFormat.RDF_XML, JSON_LD: ox.RdfFormat.JSON_LD,
}  # fmt: skip

NO_SERVICE = "refused: SERVICE would make this server call another one, which it never does; ask that one yourself"


class TooLong(Exception):
    """The answer has more bytes than it may have."""


class _Bounded(BytesIO):
    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, data: object) -> int:
        n = super().write(data)  # type: ignore[arg-type]
        if self.tell() > self.most:
            raise TooLong
        return n


def evaluate(store: ox.Store, question: Question, most: int, union: bool = False) -> Answer:
    """The result of a query, or why there is none.

    Without graphs of the protocol and without FROM the default graph is the union of all graphs. Those of the protocol win
    over FROM (SPARQL 1.1 Protocol, 2.1.4).

    Args:
        store: what is asked.
        question: the query.
        most: the longest answer in bytes.
        union: have Oxigraph make that union, which in stores of kg the default graph is already (see `kg.store_ledger.merged`).
    """
    try:
        found = clauses(question.text)
    except Unreadable as e:
        return refusal(400, f"not a query of SPARQL 1.1: {e}")
    if found.service:
        return refusal(403, NO_SERVICE)
    try:
        if question.default is None and question.named is None:
            results = store.query(question.text, use_default_graph_as_union=union and not found.dataset)
        else:
            default, named = (list(map(ox.NamedNode, graphs or ())) for graphs in (question.default, question.named))
            results = store.query(question.text, default_graph=list(default), named_graphs=list(named))
        return _written(results, question, most)
    except (SyntaxError, ValueError) as e:
        return refusal(400, f"not a query of SPARQL: {' '.join(str(e).split())}")
    except TooLong:
        return too_long(most)


def _written(results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, question: Question, most: int) -> Answer:
    if isinstance(results, ox.QueryTriples):
        return not_acceptable(GRAPHS) if question.graph is None else write_triples(results, question.graph, most)
    if question.table is None:
        return not_acceptable(TABLES)
    out = _Bounded(most)
    results.serialize(out, TABLE_FORMATS[question.table])
    return _checked(question.table, out.getvalue())


def write_triples(triples: Iterable[ox.Triple], type: str, most: int) -> Answer:
    """An RDF answer. TooLong if it takes more than `most` bytes."""
    out = _Bounded(most)
    try:
        ox.serialize(triples, out, GRAPH_FORMATS[type], prefixes=PREFIXES)
    except (ValueError, OSError) as e:
        # A predicate that is no XML name, a triple term in a format without them.
        return refusal(406, f"this graph cannot be written as {type} ({' '.join(str(e).split())}); ask for {TURTLE}")
    return _checked(type, out.getvalue())


def too_long(most: int) -> Answer:
    return refusal(403, f"refused: the answer is longer than {most // 1_000_000} MB; ask for less, for example with LIMIT")


def not_acceptable(offered: Iterable[str]) -> Answer:
    types = dict.fromkeys(t for t in offered if t != HTML)
    return refusal(406, f"not acceptable: the answer can be had as {', '.join(types)}")


def _checked(type: str, data: bytes) -> Answer:
    if type in (XML, RDF_XML):
        if m := UNPRINTABLE.search(data.decode()):
            return refusal(406, f"the answer holds the character U+{ord(m[0]):04X}, which XML cannot; ask for another format")
        # A bare carriage return in XML is read as a line feed.
        data = data.replace(b"\r", b"&#13;")
    return Answer(200, type, data)
