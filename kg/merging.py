"""Several graphs as one: the same thing has the same IRI, so that their union is nearly it.

What each graph said of all its documents together is settled anew: of two names of a thing one is its label and the other one more
name; a cluster counts its events and sources again and spans the numbers and days of both. Claims are never settled: those that
conflict stand side by side, each with its source. Extractions are put together before a graph is made of them, which also finds
the events that are one event and were told in different files.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, groupby
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError
from kg.extraction_files import is_extractions, read
from kg.formats import prefixes_of, read_quads
from kg.language import _
from kg.namespaces import DEFAULT_BASE, KGO, PREFIXES
from kg.sorting import Sorted

_XSD = PREFIXES["xsd"]
_TYPE, _LABEL, _ALIAS = (ox.NamedNode(PREFIXES[p] + name) for p, name in (("rdf", "type"), ("rdfs", "label"), ("skos", "altLabel")))
_LEAST, _GREATEST = ("minValue", "firstReported"), ("maxValue", "lastReported", "numberReports")

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
#: What is known of a subject by one property (of labels: in one language too): the values that give way, and the one for them.
Decisions = dict[tuple[object, object], dict[Term, ox.Literal]]


def statements(paths: Sequence[Path], base: str = DEFAULT_BASE) -> Iterator[ox.Quad]:
    """All statements of files of RDF and of extractions (.jsonl), the latter as one graph with that base. KgError if one cannot be read."""
    yield from of_extractions(paths, base)
    yield from _of_rdf(paths)


def of_extractions(paths: Sequence[Path], base: str = DEFAULT_BASE) -> list[ox.Quad]:
    """The statements of one graph of those files that hold extractions. KgError if one cannot be read."""
    told = [x for path in paths if is_extractions(path) for x in read(path)]
    if not told:
        return []
    from kg.api import concept_labels
    from kg.graph import Graph
    from kg.rdf import quads

    try:
        return quads(Graph.of(told, base), concept_labels(told))
    except ValueError as e:
        raise KgError(f"{', '.join(str(p) for p in paths if is_extractions(p))}: {e}") from e


def _of_rdf(paths: Sequence[Path]) -> Iterator[ox.Quad]:
    rdf = [path for path in paths if not is_extractions(path)]
    for i, path in enumerate(rdf):
        # The blank nodes of two files are different ones.
        yield from read_quads(path, blank="b" if len(rdf) == 1 else f"f{i}b")


def prefixes(paths: Iterable[Path], base: str = DEFAULT_BASE) -> dict[str, str]:
    """The prefixes of files of RDF, and kg's own where a name is free."""
    found = {"kg": base} if base not in PREFIXES.values() else {}
    for path in paths:
        if not is_extractions(path):
            found |= prefixes_of(path)
    return {**PREFIXES, **dict(sorted(found.items())), "kgo": KGO}


def merged(paths: Sequence[Path], base: str = DEFAULT_BASE) -> Iterator[ox.Quad]:
    """The graph of all files together, from which two orders of them give the same statements. Those of RDF are read twice.

    Raises:
        KgError: a file cannot be read, or two different documents have one id.
    """
    made = of_extractions(paths, base)
    decided = decisions(chain(made, _of_rdf(paths)))
    for q in chain(made, _of_rdf(paths)):
        instead = decided.get((q.subject, q.predicate), {}).get(q.object) if decided else None
        if instead is None:
            yield q
        elif q.predicate == _LABEL:
            yield ox.Quad(q.subject, _ALIAS, q.object, q.graph_name)
            yield ox.Quad(q.subject, _LABEL, instead, q.graph_name)
        else:
            yield ox.Quad(q.subject, q.predicate, instead, q.graph_name)


def decisions(quads: Iterable[ox.Quad]) -> Decisions:
    """What has to give way so that things have one label, and clusters one count and one range."""
    out: Decisions = {}
    members: Counter[object] = Counter()
    clusters: dict[object, dict[str, list[ox.Literal]]] = {}
    for subject, about in groupby(Sorted(quads, named=False).quads(), lambda q: q.subject):
        values: dict[str, list[Term]] = defaultdict(list)
        for q in about:
            values[q.predicate.value].append(q.object)
        members.update(values[KGO + "inCluster"])
        types = {t.value for t in values[_TYPE.value] if isinstance(t, ox.NamedNode)}
        if len(values[KGO + "textDigest"]) > 1:
            raise KgError(
                _("two different documents are {subject}: build one of the graphs anew, with ids of its own (or another --base)").format(
                    subject=subject
                )
            )
        if types & {KGO + "Entity", KGO + "Event", KGO + "EventCluster"}:
            _decide_labels(out, subject, values[_LABEL.value])
        if KGO + "EventCluster" in types:
            counts = {p: [v for v in values[KGO + p] if isinstance(v, ox.Literal)] for p in ("memberCount", *_LEAST, *_GREATEST)}
            for name, found in counts.items():
                if name != "memberCount" and len(found) > 1:
                    _decide(out, subject, name, found, (min if name in _LEAST else max)(found, key=_size))
            sources = len(values[KGO + "toldBy"])
            _decide(out, subject, "independentSources", values[KGO + "independentSources"], ox.Literal(sources))
            _decide(out, subject, "unit", values[KGO + "unit"], min(values[KGO + "unit"], key=str, default=None))
            clusters[subject] = counts
    for cluster, counts in clusters.items():
        _decide(out, cluster, "memberCount", counts["memberCount"], ox.Literal(members[cluster]))
    return out


def _decide_labels(out: Decisions, subject: object, labels: Iterable[Term]) -> None:
    """Of several names in one language the longest is the label: a full name rather than a bare one; of equals the first."""
    by_language: dict[str | None, list[ox.Literal]] = defaultdict(list)
    for label in labels:
        if isinstance(label, ox.Literal):
            by_language[label.language].append(label)
    for found in by_language.values():
        best = min(found, key=lambda t: (-len(t.value), t.value))
        out.setdefault((subject, _LABEL), {}).update({label: best for label in found if label != best})
    if not out.get((subject, _LABEL), True):
        del out[subject, _LABEL]


def _decide(out: Decisions, subject: object, name: str, found: Iterable[Term], value: Term | None) -> None:
    if others := [v for v in found if v != value]:
        assert isinstance(value, ox.Literal)
        out[subject, ox.NamedNode(KGO + name)] = dict.fromkeys(others, value)


def _size(value: ox.Literal) -> tuple[Decimal, str]:
    """Numbers by size, days by their order."""
    return (Decimal(0) if value.datatype.value == _XSD + "date" else Decimal(value.value)), value.value
