"""Statements as a property graph: lists of nodes and edges in CSV, or GraphML, for Gephi, Neo4j and spreadsheets.

A node is what something is said of: its literals become columns, several values of one property joined by "|". A triple between
two nodes is an edge; what a statement about it knows (how many claims are behind it, its score) stands with the edge. Claims,
stretches of text, selectors, statements and runs are evidence, for which there is RDF, and are left out. Nodes and edges are
sorted on disk where they are too many for memory.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import groupby
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.files import replacing
from kg.language import _
from kg.namespaces import KGO, PREFIXES
from kg.reification import as_statements
from kg.sorting import Lines, Sorted
from kg.xml_text import checked_text

_RDF, _XSD, _OA, _PROV = (PREFIXES[p] for p in ("rdf", "xsd", "oa", "prov"))
_TYPE, _LABEL = _RDF + "type", PREFIXES["rdfs"] + "label"
_PARTS = (_RDF + "subject", _RDF + "predicate", _RDF + "object")
#: What is evidence and no node.
EVIDENCE = frozenset({KGO + "Claim", _OA + "SpecificResource", _OA + "TextPositionSelector", _OA + "TextQuoteSelector", _PROV + "Activity"})
#: Properties whose values are no nodes but attributes.
ATTRIBUTES = frozenset({PREFIXES["skos"] + "exactMatch"})
_TO_EVIDENCE = frozenset({KGO + "trigger", KGO + "claim"})
_NUMBERS = {_XSD + "integer": "long", _XSD + "decimal": "double", _XSD + "double": "double", _XSD + "float": "double", _XSD + "boolean": "boolean"}
_PLAIN = re.compile(r"[-+]?[0-9]{1,18}|(?=.*[.eE])[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?|true|false")
SEPARATOR = "|"

#: Columns that every node and every edge has, with their types in GraphML.
NODE = {"label": "string", "label_en": "string", "type": "string", "types": "string"}
EDGE = {"label": "string", "kind": "string", "weight": "long", "score": "double", "office": "string"}

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A property of nodes: its IRI, its name in tables, its type in GraphML (string, long, double, boolean)."""

    iri: str
    name: str
    type: str


class PropertyGraph:
    """Nodes and edges of statements, which are read when it is made. Each of the two can be iterated once."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._nodes, self._edges = Lines(), Lines()
        self._types: dict[str, set[str]] = defaultdict(set)
        order = Sorted(quads, named=False)
        statements = as_statements(order.quads()) if order.has_triple_terms else order.quads()
        for subject, about in groupby(statements, lambda q: q.subject):
            self._read(_id(subject), list(about))
        self.columns = _columns(self._types)

    def _read(self, subject: str, about: list[ox.Quad]) -> None:
        types = [_id(q.object) for q in about if q.predicate.value == _TYPE]
        parts = [[_id(q.object) for q in about if q.predicate.value == p and not isinstance(q.object, ox.Literal)] for p in _PARTS]
        if all(len(p) == 1 for p in parts):
            self._edges.add([_line([p[0] for p in parts], _statement(types, about))])
        elif not EVIDENCE.intersection(types) and types != [_PROV + "Entity"]:
            self._add_node(subject, types, about)

    def _add_node(self, subject: str, types: list[str], about: list[ox.Quad]) -> None:
        values: dict[str, list[str]] = defaultdict(list)
        labels: dict[str, str] = {}
        for q in about:
            property, value = q.predicate.value, q.object
            if property == _TYPE or property in _TO_EVIDENCE:
                continue
            if isinstance(value, ox.Literal):
                if property == _LABEL and value.language in (None, "ar", "en"):
                    labels.setdefault(value.language or "", value.value)
                    continue
                values[property].append(value.value)
                number = _NUMBERS.get(value.datatype.value)
                self._types[property].add(number if number and _PLAIN.fullmatch(value.value) else "string")
            elif property in ATTRIBUTES or _id(value).startswith(KGO):
                values[property].append(_id(value))
                self._types[property].add("string")
            else:
                self._edges.add([_line([subject, property, _id(value)], None)])
                self._nodes.add([_line([_id(value)], None)])
            if len(values[property]) > 1:
                self._types[property].add("string")
        own = [t for t in types if t.startswith(KGO) and t not in (KGO + "Entity", KGO + "Event")]
        row = {
            "label": labels.get("ar") or labels.get("") or labels.get("en") or _name(subject),
            "label_en": labels.get("en", ""),
            "type": _name((own or types or [""])[0]),
            "types": SEPARATOR.join(_name(t) for t in types),
        }
        self._nodes.add([_line([subject], {**row, **{p: SEPARATOR.join(v) for p, v in values.items() if v}})])

    def nodes(self) -> Iterator[tuple[str, Row]]:
        """(IRI, values by column name), by IRI. What edges lead to and nothing is said of has no more than its name."""
        names = {c.iri: c.name for c in self.columns}
        for (id,), found in _groups(self._nodes, 1):
            row = found[0] if found else {"label": _name(id)}
            yield id, {names.get(key, key): value for key, value in row.items()}

    def edges(self) -> Iterator[tuple[str, str, str, Row]]:
        """(from, property, to, values by column name), in that order. The weight is the number of claims, or 1."""
        for (a, property, b), found in _groups(self._edges, 3, needs_bare=True):
            row = {"label": _name(property), "weight": str(sum(int(f["weight"]) for f in found) or 1)}
            for key in ("kind", "score", "office"):
                row[key] = SEPARATOR.join(dict.fromkeys(f[key] for f in found if f.get(key)))
            yield a, property, b, row


def _statement(types: list[str], about: list[ox.Quad]) -> Row:
    """What a statement says of its edge."""
    row = {"weight": str(sum(q.predicate.value == KGO + "claim" for q in about))}
    row["kind"] = next((_name(t).lower() for t in types if t.startswith(KGO)), "")
    for name in ("score", "office"):
        row[name] = SEPARATOR.join(q.object.value for q in about if q.predicate.value == KGO + name and isinstance(q.object, ox.Literal))
    return row


def _line(key: list[str], row: Mapping[str, str] | None) -> bytes:
    """A record to sort: IRIs hold no blank, JSON no line break."""
    return f"{' '.join(key)} {'' if row is None else json.dumps(row, ensure_ascii=False)}\n".encode()


def _groups(lines: Lines, width: int, needs_bare: bool = False) -> Iterator[tuple[list[str], list[Row]]]:
    """Key -> what is known of it, of those keys that also stand without (`needs_bare`) or of all."""
    split = (line.decode().rstrip("\n").split(" ", width) for line in lines)
    for key, group in groupby(split, lambda fields: fields[:width]):
        rows = [fields[width] for fields in group]
        if not needs_bare or "" in rows:
            yield key, [json.loads(r) for r in rows if r]


def _columns(types: Mapping[str, set[str]]) -> list[Column]:
    """A column for each property: by its name, or by its IRI where two have one name."""
    taken: dict[str, int] = defaultdict(int)
    for iri in types:
        taken[_name(iri).lower()] += 1
    reserved = {"id", *NODE}
    out = []
    for iri in sorted(types):
        name = _name(iri)
        found = types[iri]
        kind = "double" if found == {"long", "double"} else next(iter(found)) if len(found) == 1 else "string"
        out.append(Column(iri, iri if taken[name.lower()] > 1 or name.lower() in reserved else name, kind))
    return sorted(out, key=lambda c: c.name)


def _id(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term).replace(" ", "%20")


def _name(iri: str) -> str:
    """The last part of an IRI."""
    return re.split(r"[/#:]", iri.rstrip("/#"))[-1] or iri


# Files


def csv_paths(path: Path) -> tuple[Path, Path]:
    """The two files that a name.csv (or name.csv.gz) stands for: name.nodes.csv and name.edges.csv."""
    head, middle, tail = path.name.rpartition(path.name[path.name.lower().rindex(".csv") :])
    return path.with_name(f"{head}.nodes{middle}{tail}"), path.with_name(f"{head}.edges{middle}{tail}")


def write_csv(quads: Iterable[ox.Quad], path: Path) -> int:
    """Write name.nodes.csv and name.edges.csv (RFC 4180) with the headings that Gephi expects, and give how many rows they have.

    KgError if they cannot be written.
    """
    graph = PropertyGraph(quads)
    count = 0
    names = [c.name for c in graph.columns]
    of_nodes, of_edges = csv_paths(path)
    with replacing(of_nodes) as nodes, replacing(of_edges) as edges:
        with _text(nodes) as file:
            rows = csv.writer(file)
            rows.writerow(["Id", "Label", *list(NODE)[1:], *names])
            for id, row in graph.nodes():
                rows.writerow([id, *(row.get(name, "") for name in (*NODE, *names))])
                count += 1
        with _text(edges) as file:
            rows = csv.writer(file)
            rows.writerow(["Source", "Target", "Type", "Label", "Kind", "Weight", *list(EDGE)[3:], "Property"])
            for a, property, b, row in graph.edges():
                rows.writerow([a, b, "Directed", *(row[name] for name in EDGE), property])
                count += 1
    return count


class _text(TextIOWrapper):
    """Text into an open file that stays open."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, encoding="utf-8", newline="")

    def __exit__(self, *args: object) -> None:
        self.detach()


def write_graphml(quads: Iterable[ox.Quad], path: Path) -> int:
    """Write GraphML with typed attributes; `labels` and `label` are what Neo4j's importer reads; how many nodes and edges it has.

    KgError if it cannot be written, or a text holds a character that XML cannot.
    """
    graph = PropertyGraph(quads)
    nodes = {**NODE, **{c.name: c.type for c in graph.columns}}
    edges = {**EDGE, "property": "string"}
    count = 0
    with replacing(path) as raw, _text(raw) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for of, keys in (("node", nodes), ("edge", edges)):
            for i, (name, type) in enumerate(keys.items()):
                file.write(f'<key id="{of[0]}{i}" for="{of}" attr.name={quoteattr(name)} attr.type="{type}"/>\n')
        file.write('<graph id="G" edgedefault="directed">\n')
        for id, row in graph.nodes():
            labels = "".join(f":{name}" for name in row.get("types", "").split(SEPARATOR) if name)
            file.write(f"<node id={quoteattr(id)} labels={quoteattr(labels)}>{_data('n', nodes, row, id)}</node>\n")
            count += 1
        for n, (a, property, b, row) in enumerate(graph.edges()):
            ends = f"source={quoteattr(a)} target={quoteattr(b)}"
            data = _data("e", edges, {**row, "property": property}, a)
            file.write(f'<edge id="e{n}" {ends} label={quoteattr(row["label"])}>{data}</edge>\n')
            count += 1
        file.write("</graph>\n</graphml>\n")
    return count


def _data(letter: str, keys: Iterable[str], row: Row, id: str) -> str:
    cells = ((i, name, row[name]) for i, name in enumerate(keys) if row.get(name))
    return "".join(
        f'<data key="{letter}{i}">{escape(checked_text(text, _("{name} of <{id}>").format(name=name, id=id)), _CR)}</data>' for i, name, text in cells
    )


_CR = {"\r": "&#13;"}
