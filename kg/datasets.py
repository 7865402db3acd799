"""What a data set holds, in VoID and DCAT: counts, vocabularies, classes, properties, examples, files.

https://www.w3.org/TR/void/ and https://www.w3.org/TR/vocab-dcat-3/. It depends on the statements and the files' names and sizes
alone: the only dates are those of the documents.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from kg.formats import suffix_of
from kg.namespaces import DEFAULT_BASE, KGO, PREFIXES, digest, namespace
from kg.sorting import Lines, Sorted

#: What the description needs beside kg's prefixes.
DESCRIPTION_PREFIXES = {
    **PREFIXES,
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
}
#: Suffix -> media type, and the name that the W3C has for the format of RDF.
MEDIA_TYPES: Mapping[str, tuple[str, str | None]] = {
    ".ttl": ("text/turtle", "Turtle"),
    ".nt": ("application/n-triples", "N-Triples"),
    ".nq": ("application/n-quads", "N-Quads"),
    ".trig": ("application/trig", "TriG"),
    ".jsonld": ("application/ld+json", "JSON-LD"),
    ".rdf": ("application/rdf+xml", "RDF_XML"),
    ".graphml": ("application/graphml+xml", None),
    ".csv": ("text/csv", None),
    ".html": ("text/html", None),
    ".jsonl": ("application/jsonl", None),
}
_TYPE = PREFIXES["rdf"] + "type"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Of which classes the description names the first node, as somewhere to start.
EXAMPLES = ("Person", "State", "Organisation", "Weapon", "Event", "EventCluster", "Document")

Term = ox.NamedNode | ox.Literal
Description = Iterator[tuple[str, str, Term]]


@dataclass(slots=True)
class Counts:
    """What is counted of the triples of a data set. first_day, last_day: of the documents' dates, as ISO 8601."""

    triples: int = 0
    subjects: int = 0
    objects: int = 0
    entities: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    first_day: str | None = None
    last_day: str | None = None


def count(quads: Iterable[ox.Quad]) -> Counts:
    """Count the merged triples, each once. Objects are IRIs, blank nodes and literals."""
    counts = Counts()
    objects = Lines()
    for subject, about in groupby(Sorted(quads, named=False).quads(), lambda q: q.subject):
        counts.subjects += 1
        found = list(about)
        types = {q.object.value for q in found if q.predicate.value == _TYPE and isinstance(q.object, ox.NamedNode)}
        counts.triples += len(found)
        counts.classes.update(types)
        counts.properties.update(q.predicate.value for q in found)
        counts.entities += KGO + "Entity" in types
        objects.add([f"{q.object}\n".encode() for q in found])
        for name in EXAMPLES:
            if KGO + name in types and isinstance(subject, ox.NamedNode):
                counts.examples.setdefault(name, subject.value)
        if KGO + "Document" in types:
            for q in found:
                if q.predicate.value == PREFIXES["dcterms"] + "date" and isinstance(q.object, ox.Literal) and (day := _DAY.match(q.object.value)):
                    counts.first_day = min(counts.first_day or day[0], day[0])
                    counts.last_day = max(counts.last_day or day[0], day[0])
    counts.objects = sum(1 for _ in objects)
    return counts


def write_description(quads: Iterable[ox.Quad], files: Sequence[Path], path: Path, *, base: str, prefixes: Mapping[str, str]) -> None:
    """Write the description of a data set, which can be had as these files. `prefixes`: of the data set's own statements."""
    from kg.formats import write_quads

    write_quads(describe(count(quads), files, base=base), path, prefixes={**DESCRIPTION_PREFIXES, **prefixes})


def describe(counts: Counts, files: Sequence[Path] = (), *, base: str = DEFAULT_BASE, title: str | None = None) -> list[ox.Quad]:
    """The description of a data set.

    Args:
        counts: see `count`.
        files: what it can be had as; each stands under the base by its name.
        base: what its IRIs start with.
        title: what it is called.
    """
    dataset = f"{base}graph/dataset"
    return [
        ox.Quad(ox.NamedNode(s), ox.NamedNode(_iri(p)), o)
        for part in (
            _whole(dataset, counts, base, title),
            _partitions(dataset, "class", "class", "entities", counts.classes),
            _partitions(dataset, "property", "property", "triples", counts.properties),
            _distributions(dataset, files, base),
        )
        for s, p, o in part
    ]


def _whole(dataset: str, counts: Counts, base: str, title: str | None) -> Description:
    for type in ("void:Dataset", "dcat:Dataset"):
        yield dataset, "rdf:type", _node(_iri(type))
    for text, language in [(title, None)] if title else [("رسم معرفي من أخبار عربية", "ar"), ("A knowledge graph from Arabic news", "en")]:
        yield dataset, "dcterms:title", ox.Literal(text or "", language=language)
    yield dataset, "dcterms:language", ox.Literal("ar")
    yield dataset, "dcterms:conformsTo", _node(KGO.rstrip("#"))
    yield dataset, "void:uriSpace", ox.Literal(base)
    for name, n in (
        ("triples", counts.triples),
        ("entities", counts.entities),
        ("classes", len(counts.classes)),
        ("properties", len(counts.properties)),
        ("distinctSubjects", counts.subjects),
        ("distinctObjects", counts.objects),
    ):
        yield dataset, f"void:{name}", ox.Literal(n)
    for iri in sorted({namespace(iri) or iri for iri in (*counts.classes, *counts.properties)}):
        yield dataset, "void:vocabulary", _node(iri)
    for example in sorted(set(counts.examples.values())):
        yield dataset, "void:exampleResource", _node(example)
    if counts.first_day and counts.last_day:
        period = f"{dataset}/period"
        yield dataset, "dcterms:temporal", _node(period)
        yield period, "rdf:type", _node(_iri("dcterms:PeriodOfTime"))
        yield period, "dcat:startDate", ox.Literal(counts.first_day, datatype=_node(_iri("xsd:date")))
        yield period, "dcat:endDate", ox.Literal(counts.last_day, datatype=_node(_iri("xsd:date")))


def _partitions(dataset: str, kind: str, of: str, unit: str, found: Mapping[str, int]) -> Description:
    for iri in sorted(found):
        part = f"{dataset}/{kind}/{digest(iri)}"
        yield dataset, f"void:{kind}Partition", _node(part)
        yield part, "rdf:type", _node(_iri("void:Dataset"))
        yield part, f"void:{of}", _node(iri)
        yield part, f"void:{unit}", ox.Literal(found[iri])


def _distributions(dataset: str, files: Sequence[Path], base: str) -> Description:
    for path in files:
        # "#" ends a base whose names are fragments; a file cannot be one.
        name, node = _node(base.rstrip("#") + _segment(path.name)), f"{dataset}/file/{_segment(path.name)}"
        media, format = MEDIA_TYPES.get(suffix_of(path), ("application/octet-stream", None))
        yield dataset, "dcat:distribution", _node(node)
        yield node, "rdf:type", _node(_iri("dcat:Distribution"))
        yield node, "dcat:downloadURL", name
        yield node, "dcat:mediaType", _node(f"https://www.iana.org/assignments/media-types/{media}")
        yield node, "dcat:byteSize", ox.Literal(str(path.stat().st_size), datatype=_node(_iri("xsd:nonNegativeInteger")))
        if path.suffix.lower() == ".gz":
            yield node, "dcat:compressFormat", _node("https://www.iana.org/assignments/media-types/application/gzip")
        if format:
            yield dataset, "void:dataDump", name
            yield dataset, "void:feature", _node(f"http://www.w3.org/ns/formats/{format}")


def _iri(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return DESCRIPTION_PREFIXES[prefix] + name


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _segment(name: str) -> str:
    from urllib.parse import quote

    return quote(name.encode("utf-8", "surrogateescape"), safe="")
