"""How fast graphs are written and read, and in how much memory, beside plain rdflib.

The graph is made by a rule, has the shape of kg's own (documents, events, claims, stretches of text, entities, edges) and as many
triples as one asks for. Each measurement is a process of its own. What is compared: kg from statements in any order to a Turtle file,
sorting included (the time that making them takes is measured before and taken off), with rdflib's Turtle serialiser alone, its graph
being filled already; and the reading of that file statement by statement with rdflib's parser.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import pyoxigraph as ox

from kg.errors import KgError
from kg.language import _
from kg.machine import peak_memory
from kg.namespaces import DEFAULT_BASE, KGO, PREFIXES

#: What is measured, in this order: (who, what).
MEASURES = (("kg", "write"), ("rdflib", "write"), ("kg", "read"), ("rdflib", "read"))

_EVENTS = 8  # of a document
_STATES, _PEOPLE = 200, 5_000
_SENTENCE = "أعلنت وزارة الدفاع أمس أن قواتها أرسلت إلى الجبهة دفعة جديدة من الصواريخ والذخائر بعد محادثات مع الحكومة"
_WORDS = _SENTENCE.split()


@dataclass(frozen=True, slots=True)
class Measure:
    """One measurement, without what prepares it.

    `cpu_seconds` is processor time, which other load does not lengthen; `peak_mb` is the most resident memory of the process, in
    10**6 bytes.
    """

    who: str
    what: str
    triples: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Report:
    """All measurements of one run, and the size of the file that kg wrote, in 10**6 bytes."""

    triples: int
    file_mb: float
    measures: tuple[Measure, ...]

    def of(self, who: str, what: str) -> Measure:
        return next(m for m in self.measures if (m.who, m.what) == (who, what))

    def faster(self, what: str) -> float:
        """How many times as fast as rdflib kg is, by processor time."""
        return self.of("rdflib", what).cpu_seconds / self.of("kg", what).cpu_seconds

    def leaner(self, what: str) -> float:
        """kg's memory as a share of rdflib's."""
        return self.of("kg", what).peak_mb / self.of("rdflib", what).peak_mb

    def to_json(self) -> dict[str, Any]:
        ratios = {what: {"times_as_fast": self.faster(what), "share_of_memory": self.leaner(what)} for what in ("write", "read")}
        return {**asdict(self), "ratios": ratios}


def compare(triples: int, progress: Callable[[str], None] | None = None) -> Report:
    """Measure everything once on a graph of so many triples.

    Args:
        triples: how many.
        progress: called with what is measured next.

    Raises:
        KgError: a process was ended from outside, for want of memory for example.
    """
    measures = []
    with TemporaryDirectory(prefix="kg-bench-") as name:
        file = Path(name) / "kg.ttl"
        for who, what in MEASURES:
            if progress:
                progress(f"{who}, {what}")
            path = file if (who, what) != ("rdflib", "write") else Path(name) / "rdflib.ttl"
            done = subprocess.run([sys.executable, "-m", "kg.bench_rdf", who, what, str(triples), str(path)], capture_output=True, check=False)
            if done.returncode:
                raise KgError(
                    _("{who} could not {what} {triples} triples: {why}").format(
                        who=who, what=what, triples=triples, why=done.stderr.decode(errors="replace").strip() or done.returncode
                    )
                )
            measures.append(Measure(who, what, **json.loads(done.stdout)))
        return Report(triples, file.stat().st_size / 1e6, tuple(measures))


def generated(triples: int) -> Iterator[ox.Quad]:
    """So many different statements like those that kg makes of documents, always the same ones, in no order."""
    return islice(_endless(), triples)


def _endless() -> Iterator[ox.Quad]:
    n = 0
    seen: set[int] = set()  # entities that have their names
    while True:
        document = f"t-{n // _EVENTS * 2654435761 % 2**32:08x}"
        graph = _node(document)
        if n % _EVENTS == 0:
            yield ox.Quad(graph, _property("rdf:type"), _kgo("Document"), graph)
            yield ox.Quad(graph, _property("dcterms:identifier"), ox.Literal(document), graph)
            yield ox.Quad(graph, _property("dcterms:title"), ox.Literal(_words(n, 9), language="ar"), graph)
            yield ox.Quad(graph, _property("dcterms:date"), _literal(f"20{n % 25:02}-{n % 12 + 1:02}-{n % 28 + 1:02}", "date"), graph)
        who, what, whom = n * 7919 % _PEOPLE, n, n * 104729 % _STATES
        for i, type in ((who, "Person"), (_PEOPLE + whom, "State")):
            entity = _node(f"Q{i + 1}")
            if i not in seen:
                seen.add(i)
                yield ox.Quad(entity, _property("rdfs:label"), ox.Literal(_words(i, 3), language="ar"), _node("graph/lexicon"))
                yield ox.Quad(entity, _kgo("searchKey"), ox.Literal(f"{_words(i, 3)} {i}"), _node("graph/lexicon"))
                yield ox.Quad(entity, _property("rdf:type"), _kgo(type), _node("graph/lexicon"))
                yield ox.Quad(entity, _property("rdf:type"), _kgo("Entity"), _node("graph/lexicon"))
        yield from _event(n, document, _node(f"Q{who + 1}"), _node(f"{document}/force-{what}"), _node(f"Q{_PEOPLE + whom + 1}"))
        n += 1


def _event(n: int, document: str, who: ox.NamedNode, what: ox.NamedNode, whom: ox.NamedNode) -> Iterator[ox.Quad]:
    graph, event, claim, span = (_node(document + part) for part in ("", f"/send-{n}", f"/claim-send-{n}", f"/span-{n}"))
    position, quote, edge = _node(f"{document}/span-{n}/position"), _node(f"{document}/span-{n}/quote"), _node(f"edge/sendsTo-{n:012x}")
    text = _words(n, 14)
    for s, p, o in (
        (event, "rdf:type", _kgo("Send")), (event, "rdf:type", _kgo("Event")), (event, "rdfs:label", ox.Literal("أرسل", language="ar")),
        (event, "kgo:agent", who), (event, "kgo:theme", what), (event, "kgo:recipient", whom), (event, "kgo:plover", ox.Literal("AID")),
        (what, "rdf:type", _kgo("Force")), (what, "rdfs:label", ox.Literal(f"{n % 9000} جندي", language="ar")),
        (what, "kgo:value", _literal(str(n % 9000), "integer")), (what, "kgo:bound", _kgo("atLeast")),
        (claim, "rdf:type", _kgo("Claim")), (claim, "kgo:about", event), (claim, "kgo:claimant", whom), (claim, "kgo:polarity", _kgo("positive")),
        (claim, "kgo:modality", _kgo("asserted")), (claim, "kgo:confidence", _literal(f"0.{n % 900 + 100}", "decimal")),
        (claim, "prov:wasDerivedFrom", span),
        (span, "rdf:type", _property("oa:SpecificResource")), (span, "oa:hasSource", graph), (span, "oa:hasSelector", position),
        (span, "oa:hasSelector", quote), (position, "rdf:type", _property("oa:TextPositionSelector")),
        (position, "oa:start", _literal(str(n % 3000), "integer")), (position, "oa:end", _literal(str(n % 3000 + len(text)), "integer")),
        (quote, "rdf:type", _property("oa:TextQuoteSelector")), (quote, "oa:exact", ox.Literal(text)),
        (quote, "oa:prefix", ox.Literal(_words(n + 1, 5))), (quote, "oa:suffix", ox.Literal(_words(n + 2, 5))),
    ):  # fmt: skip
        yield ox.Quad(s, _property(p), o, graph)
    for p, o in (("rdf:type", _kgo("Edge")), ("rdf:subject", who), ("rdf:predicate", _kgo("sendsTo")), ("rdf:object", whom), ("kgo:claim", claim)):
        yield ox.Quad(edge, _property(p), o, _node("graph/edges"))


@lru_cache(maxsize=20_000)
def _node(key: str) -> ox.NamedNode:
    return ox.NamedNode(DEFAULT_BASE + key)


@cache
def _kgo(name: str) -> ox.NamedNode:
    return ox.NamedNode(KGO + name)


@cache
def _property(curie: str) -> ox.NamedNode:
    prefix, _, name = curie.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + name)


def _literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=_property(f"xsd:{datatype}"))


def _words(n: int, count: int) -> str:
    return " ".join(_WORDS[(n * 31 + i * (n % 7 + 1)) % len(_WORDS)] for i in range(count))


# The processes


class Clock:
    """Runs from when it is made."""

    def __init__(self) -> None:
        self._start = perf_counter(), process_time()
        self.stopped = 0.0, 0.0

    def stop(self, less: tuple[float, float] = (0.0, 0.0)) -> Clock:
        self.stopped = perf_counter() - self._start[0] - less[0], process_time() - self._start[1] - less[1]
        return self


def _write_kg(triples: int, path: Path) -> tuple[int, Clock]:
    from kg.formats import write_quads

    making = Clock()
    for _triple in generated(triples):
        pass
    less = making.stop().stopped
    clock = Clock()
    # They are made as they are written: held in memory, they would count as kg's.
    count = write_quads(generated(triples), path)
    return count, clock.stop(less)


def _write_rdflib(triples: int, path: Path) -> tuple[int, Clock]:
    import rdflib

    from kg.rdf import to_rdflib

    graph = rdflib.Graph()
    for prefix, iri in {**PREFIXES, "kg": DEFAULT_BASE}.items():
        graph.bind(prefix, iri, replace=True)
    for q in generated(triples):
        graph.add((to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object)))
    clock = Clock()
    graph.serialize(path, format="turtle")
    return len(graph), clock.stop()


def _read_kg(triples: int, path: Path) -> tuple[int, Clock]:
    from kg.formats import read_quads

    clock = Clock()
    count = sum(1 for _ in read_quads(path))
    return count, clock.stop()


def _read_rdflib(triples: int, path: Path) -> tuple[int, Clock]:
    import rdflib

    clock = Clock()
    graph = rdflib.Graph().parse(path, format="turtle")
    return len(graph), clock.stop()


_PROCESSES = {("kg", "write"): _write_kg, ("rdflib", "write"): _write_rdflib, ("kg", "read"): _read_kg, ("rdflib", "read"): _read_rdflib}


def main() -> None:
    who, what, triples, path = sys.argv[1:]
    count, clock = _PROCESSES[who, what](int(triples), Path(path))
    seconds, cpu_seconds = clock.stopped
    print(json.dumps({"triples": count, "seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mb": peak_memory() / 1e6}))


if __name__ == "__main__":
    main()
