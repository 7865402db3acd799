"""Whether a graph looks as kg promises: SHACL by pySHACL, with the shapes of ontology/shapes.ttl and a user's own.

Files without named graphs are checked whole. TriG, N-Quads and JSON-LD go by documents (`kg.document_graphs`), in memory that does not
grow with the number of documents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.namespace import SH

from kg.errors import KgError
from kg.formats import read_quads, readable
from kg.language import FSI, PDI, _, joined, spoken
from kg.namespaces import KGO
from kg.rdf import to_rdflib
from kg.resources import ontology_dir

#: Up to so many quads are checked at once: that is quicker, and finds the same.
AT_ONCE = 40_000


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One thing that does not conform: the node, the path from it, the value found there, the shape that objects, why."""

    focus: str
    path: str
    shape: str
    value: str
    message_en: str
    message_ar: str

    def __str__(self) -> str:
        where = f"<{self.focus}>" + (f" <{self.path}>" if self.path else "")
        if spoken() == "ar":
            return f"{FSI}{where}{PDI} {self.message_ar or self.message_en}"
        return f"{where} {self.message_en} | {self.message_ar}" if self.message_ar else f"{where} {self.message_en}"


class Report(list[Violation]):
    """All violations in a fixed order; an empty one conforms."""

    @property
    def conforms(self) -> bool:
        return not self

    @property
    def lines(self) -> list[str]:
        """A line for each violation, in English and Arabic; where kg speaks Arabic, in that alone."""
        return list(dict.fromkeys(map(str, self)))


Paths = Path | str | Sequence[Path | str]


def validate(paths: Paths, shapes: Paths = (), *, own: Paths = (), at_once: int = AT_ONCE) -> Report:
    """Check RDF files, taken together, against shapes.

    Args:
        paths: one or more files, of a format that their suffix tells.
        shapes: Turtle files of SHACL shapes to check instead of kg's own.
        own: Turtle files of SHACL shapes to check besides. They may look as far as a document's own graph and what the lexicon knows reach.
        at_once: how many quads with named graphs are checked as one graph; more are checked a document at a time.

    Raises:
        KgError: a file cannot be read, has an unknown suffix, is not what its suffix says, or holds no sound shapes.
    """
    files = [*(_several(shapes) or [ontology_dir() / "shapes.ttl"]), *_several(own)]
    checker = Checker(files)
    data = _several(paths)
    if all(readable(path).supports_datasets for path in data):
        from kg.document_graphs import Parts

        with Parts.of(_read(data)) as parts:
            if len(parts) > at_once:
                objects_of = {str(p) for p in checker.shapes.objects(None, SH.targetObjectsOf)}
                return Report(sorted({v for graph, owned in parts.chunks(objects_of) for v in checker.check(graph, owned)}))
            return Report(sorted(set(checker.check(parts.whole()))))
    return Report(sorted(set(checker.check(load(data)))))


class Checker:
    """Shapes, read once, with which graphs are checked."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = files
        self.shapes = load(files)

    def check(self, data: rdflib.Graph, owned: Collection[str] | None = None) -> Iterator[Violation]:
        """What does not conform; of these nodes only, if they are given. KgError if the shapes are not sound."""
        from pyshacl import validate as check
        from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

        shapes = self.shapes if owned is None else self._aimed(data, owned)
        try:
            _conforms, results, _text = check(data, shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False)
        except (ReportableRuntimeError, ShapeLoadError) as e:
            raise KgError(_("{files}: not sound SHACL: {why}").format(files=joined(self.files), why=e)) from e
        if not isinstance(results, rdflib.Graph):
            raise KgError(_("{files}: not sound SHACL: {results}").format(files=joined(self.files), results=results))
        return (v for v in _violations(results) if owned is None or v.focus in owned)

    def _aimed(self, data: rdflib.Graph, owned: Collection[str]) -> rdflib.Graph:
        """The shapes with these nodes as their only targets. Others are in the graph with no more than their types, and would violate all."""
        shapes = rdflib.Graph()
        for shape, predicate, value in self.shapes:
            found = self._targets(predicate, value, data)
            if found is None:
                shapes.add((shape, predicate, value))
            for node in found or ():
                if str(node) in owned:
                    shapes.add((shape, SH.targetNode, node))
        return shapes

    def _targets(self, predicate: rdflib.term.Node, value: rdflib.term.Node, data: rdflib.Graph) -> Iterator[rdflib.term.Node] | None:
        if predicate == SH.targetClass:
            return (s for c in set(data.transitive_subjects(rdflib.RDFS.subClassOf, value)) for s in data.subjects(rdflib.RDF.type, c))
        if predicate == SH.targetSubjectsOf:
            return data.subjects(value)
        return data.objects(None, value) if predicate == SH.targetObjectsOf else None


def _several(paths: Paths) -> list[Path]:
    return [Path(paths)] if isinstance(paths, (str, Path)) else [Path(p) for p in paths]


def load(paths: Paths) -> rdflib.Graph:
    """The union of all triples of the files, whatever graph they stand in. KgError as in `validate`."""
    return union(_read(_several(paths)))


def _read(paths: Sequence[Path]) -> Iterator[ox.Quad]:
    """The statements of files, whose blank nodes are different ones."""
    return (quad for n, path in enumerate(paths) for quad in read_quads(path, blank=f"f{n}b"))


def union(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """The triples of some quads. KgError for a triple about a triple, which pySHACL does not know."""
    graph = rdflib.Graph()
    try:
        for q in quads:
            graph.add((to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object)))
    except TypeError as e:
        raise KgError(_("cannot check statements of RDF 1.2 about triples: {why}").format(why=e)) from e
    return graph


def _violations(results: rdflib.Graph) -> Iterator[Violation]:
    for result in results.subjects(rdflib.RDF.type, SH.ValidationResult):
        get = {p: results.value(result, p) for p in (SH.focusNode, SH.resultPath, SH.sourceShape, SH.value)}
        messages = {getattr(m, "language", None): str(m) for m in sorted(results.objects(result, SH.resultMessage), key=str)}
        plain = messages.get("en") or messages.get(None) or ""
        path, shape = (str(get[p]) if isinstance(get[p], rdflib.URIRef) else "" for p in (SH.resultPath, SH.sourceShape))
        focus, value = str(get[SH.focusNode]), str(get[SH.value] if get[SH.value] is not None else "")
        if focus.startswith(KGO):  # a class stands for its members: see ontology/shapes.ttl
            focus, value = value, ""
        yield Violation(focus, path, shape, value, plain, messages.get("ar", ""))
