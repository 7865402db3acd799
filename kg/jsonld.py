"""Statements as compact JSON-LD: short names for the vocabulary, a node a line, the context embedded.

The context stands in ontology/context.jsonld, for people who write JSON for kg, and at the head of every file, so that a processor
needs nothing else. It is made from ontology/kg.ttl by `python -m kg.jsonld`: a term for each property whose values have one
form. What has another form is written in full under the property's prefixed name, which the context leaves alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import IO, Any

import pyoxigraph as ox

from kg.errors import KgError
from kg.language import _
from kg.namespaces import KGO, PREFIXES
from kg.resources import ontology_dir

_RDF, _XSD = PREFIXES["rdf"], PREFIXES["xsd"]
_LARGEST = 2**53  # beyond it a reader of JSON may round

#: Terms for what kg takes from other vocabularies: name -> (property, datatype of its values, or "@id" or "@language").
BORROWED: Mapping[str, tuple[str, str]] = {
    "label": ("rdfs:label", "@language"),
    "altLabel": ("skos:altLabel", "@language"),
    "prefLabel": ("skos:prefLabel", "@language"),
    "exactMatch": ("skos:exactMatch", "@id"),
    "date": ("dcterms:date", "xsd:date"),
    "title": ("dcterms:title", "@language"),
    "hasSource": ("oa:hasSource", "@id"),
    "hasSelector": ("oa:hasSelector", "@id"),
    "start": ("oa:start", "xsd:integer"),
    "end": ("oa:end", "xsd:integer"),
    "wasDerivedFrom": ("prov:wasDerivedFrom", "@id"),
    "wasGeneratedBy": ("prov:wasGeneratedBy", "@id"),
    "used": ("prov:used", "@id"),
    "subject": ("rdf:subject", "@id"),
    "predicate": ("rdf:predicate", "@vocab"),
    "object": ("rdf:object", "@id"),
}


def make_context() -> dict[str, Any]:
    """The context as ontology/kg.ttl has it made."""
    shape: dict[str, str] = {}
    data = (ontology_dir() / "kg.ttl").read_bytes()
    types: dict[str, str] = {}
    ranges: dict[str, str] = {}
    closed: set[str] = set()  # classes whose members are all named
    for q in ox.parse(data, format=ox.RdfFormat.TURTLE):
        if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode) and q.subject.value.startswith(KGO):
            if q.predicate.value == _RDF + "type" and q.object.value.startswith(PREFIXES["owl"]):
                types[q.subject.value] = q.object.value.removeprefix(PREFIXES["owl"])
            elif q.predicate.value == PREFIXES["rdfs"] + "range":
                ranges[q.subject.value] = q.object.value
        elif isinstance(q.subject, ox.NamedNode) and q.predicate.value == PREFIXES["owl"] + "oneOf":
            closed.add(q.subject.value)
    words = closed | {PREFIXES["owl"] + "Class", _RDF + "Property"}
    for iri in sorted(types):
        name, range = iri.removeprefix(KGO), ranges.get(iri, "")
        if types[iri] == "ObjectProperty" or range in words:
            shape[name] = "@vocab" if range in words else "@id"
        elif range.startswith(_XSD) and range != _XSD + "string":
            shape[name] = f"xsd:{range.removeprefix(_XSD)}"
        elif range == _RDF + "langString":
            shape[name] = "@language"
    terms = {name: _term(f"kgo:{name}", kind) for name, kind in sorted(shape.items()) if types[KGO + name].endswith("Property")}
    terms |= {name: _term(*of) for name, of in BORROWED.items() if KGO + name not in types}
    return {"@context": {"@version": 1.1, "@vocab": KGO, **PREFIXES, **dict(sorted(terms.items()))}}


def _term(property: str, kind: str) -> dict[str, str]:
    return {"@id": property, "@container" if kind == "@language" else "@type": kind}


def load_context() -> dict[str, Any]:
    """What stands under "@context" in ontology/context.jsonld."""
    context: dict[str, Any] = json.loads((ontology_dir() / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return context


def write_jsonld(quads: Iterable[ox.Quad], file: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write statements in order of graph and subject as JSON-LD 1.1.

    Args:
        quads: in order, each once.
        file: where to.
        prefixes: come to those of the context, and win where they have the same name.

    Raises:
        KgError: a statement holds what JSON-LD cannot: a triple term, a text with a direction, an IRI whose scheme is a prefix.
    """
    # A prefix of JSON-LD 1.1 has a name and ends where a name can begin.
    usable = {p: iri for p, iri in prefixes.items() if p and iri[-1:] in "/#:?[]@"}
    context = {**load_context(), **usable}
    compact = _Compact(context)
    file.write(b'{"@context":' + _json(context) + b',\n"@graph":[')
    comma = b"\n"
    for graph, inside in groupby(quads, lambda q: q.graph_name):
        named = not isinstance(graph, ox.DefaultGraph)
        if named:
            file.write(comma + b'{"@id":' + _json(compact.iri(graph)) + b',"@graph":[')
            comma = b"\n"
        for subject, about in groupby(inside, lambda q: q.subject):
            file.write(comma + _json(compact.node(subject, about)))
            comma = b",\n"
        if named:
            file.write(b"\n]}")
            comma = b",\n"
    file.write(b"\n]}\n")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class _Compact:
    """Compaction of single nodes against one context."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.prefixes = {k: v for k, v in context.items() if isinstance(v, str) and not k.startswith("@")}
        self.by_length = sorted(self.prefixes.items(), key=lambda p: (-len(p[1]), p[0]))
        self.names = {k for k, v in context.items() if isinstance(v, dict)} | set(self.prefixes)
        self.terms = {self.expanded(v["@id"]): (k, v.get("@type", v.get("@container"))) for k, v in context.items() if isinstance(v, dict)}
        self.known: dict[str, str] = {}

    def expanded(self, curie: str) -> str:
        prefix, _colon, name = curie.partition(":")
        return self.prefixes[prefix] + name

    def iri(self, node: object) -> str:
        if isinstance(node, ox.BlankNode):
            return f"_:{node.value}"
        if not isinstance(node, ox.NamedNode):
            raise KgError(_("JSON-LD cannot hold the triple term {node}: choose another format").format(node=node))
        return self.shortened(node.value)

    def shortened(self, iri: str) -> str:
        for prefix, start in self.by_length:
            if iri.startswith(start) and len(iri) > len(start) and not iri.startswith("//", len(start)):
                return f"{prefix}:{iri[len(start) :]}"
        scheme, _colon, rest = iri.partition(":")
        if scheme in self.prefixes and not rest.startswith("//"):
            raise KgError(_("JSON-LD would take <{iri}> for a name with the prefix {scheme}: choose another format").format(iri=iri, scheme=scheme))
        return iri

    def word(self, iri: str) -> str:
        """A class, property or value of the vocabulary: its bare name where that means nothing else."""
        if iri not in self.known:
            name = iri.removeprefix(KGO) if iri.startswith(KGO) else ""
            bare = name and name not in self.names and ":" not in name and "/" not in name and not name.startswith("@")
            self.known[iri] = name if bare else self.shortened(iri)
        return self.known[iri]

    def node(self, subject: object, about: Iterable[ox.Quad]) -> dict[str, Any]:
        out: dict[str, Any] = {"@id": self.iri(subject)}
        for q in about:
            key, value = self.entry(q.predicate.value, q.object)
            if isinstance(value, _InLanguage):
                _add(out.setdefault(key, {}), value.language, value.text)
            else:
                _add(out, key, value)
        return out

    def entry(self, predicate: str, object: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> tuple[str, Any]:
        """The key and value that a property and its value are written as."""
        literal = isinstance(object, ox.Literal)
        if predicate == _RDF + "type" and not literal:
            return "@type", self.word(object.value) if isinstance(object, ox.NamedNode) else self.iri(object)
        name, kind = self.terms.get(predicate, (None, None))
        if isinstance(object, ox.Literal):
            if object.direction is not None:
                raise KgError(_("JSON-LD cannot hold the direction of {object}: choose another format").format(object=object))
            datatype = object.datatype.value
            if name and kind == "@language" and object.language:
                return name, _InLanguage(object.language, object.value)
            if name and kind == self.shortened(datatype):
                return name, _number(object.value) if kind == "xsd:integer" else object.value
        elif name and kind in ("@id", "@vocab"):
            return name, self.word(object.value) if kind == "@vocab" and isinstance(object, ox.NamedNode) else self.iri(object)
        key = self.shortened(predicate) if name else self.word(predicate)
        if not isinstance(object, ox.Literal):
            return key, {"@id": self.iri(object)}
        if object.language:
            return key, {"@value": object.value, "@language": object.language}
        return key, object.value if datatype == _XSD + "string" else {"@value": object.value, "@type": self.shortened(datatype)}


class _InLanguage:
    def __init__(self, language: str, text: str) -> None:
        self.language, self.text = language, text


def _add(to: dict[str, Any], key: str, value: Any) -> None:
    """One value stands alone, several in a list."""
    if key not in to:
        to[key] = value
    elif isinstance(to[key], list):
        to[key].append(value)
    else:
        to[key] = [to[key], value]


def _number(text: str) -> int | str:
    """An integer as a number where every reader gets the same lexical form back."""
    plain = text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()
    return int(text) if plain and str(int(text)) == text and abs(int(text)) < _LARGEST else text


def main() -> None:
    path = ontology_dir() / "context.jsonld"
    path.write_text(json.dumps(make_context(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
