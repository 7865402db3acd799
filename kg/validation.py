"""Does a graph look as `ontology/shapes.ttl` says it should?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.namespace import SH

from kg.errors import KgError
from kg.rdf import FORMATS, to_rdflib
from kg.resources import ontology_dir


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A node that a shape finds fault with. `path` is the property, where the shape is about one; `value` what it holds."""

    focus: str
    path: str | None
    value: str | None
    message_ar: str
    message_en: str
    shape: str


class Report(list[Violation]):
    """What is wrong with a graph, sorted; empty if it conforms."""

    @property
    def conforms(self) -> bool:
        return not self

    @property
    def lines(self) -> list[str]:
        """A line for each: the node, the property and what is wrong, in English and Arabic."""
        return [" ".join(filter(None, (f"<{v.focus}>", v.path and f"<{v.path}>", f"{v.message_en} | {v.message_ar}"))) for v in self]


def validate(paths: str | Path | Iterable[str | Path], shapes: str | Path | None = None) -> Report:
    """Check the graph that RDF files hold together against SHACL shapes.

    paths: one file or several, of the formats of `kg.rdf.FORMATS`, by suffix; named graphs are merged.
    shapes: a Turtle file of SHACL shapes instead of those that kg ships.
    KgError if a file cannot be read, is not RDF or has no known suffix; its message names the file.
    """
    from pyshacl import validate as check  # takes a second to import

    data = load([paths] if isinstance(paths, str | Path) else paths)
    rules = load([shapes or ontology_dir() / "shapes.ttl"])
    conforms, report, text = check(data, shacl_graph=rules, inference="none", advanced=False, inplace=True)
    if not isinstance(report, rdflib.Graph):
        raise KgError(f"{shapes or 'shapes.ttl'}: {text}")
    found = Report(sorted({_violation(report, node) for node in report.subjects(rdflib.RDF.type, SH.ValidationResult)}, key=_order))
    assert bool(conforms) == (not found)
    return found


def load(paths: Iterable[str | Path]) -> rdflib.Graph:
    """The merged triples of RDF files. KgError as for `validate`."""
    graph = rdflib.Graph()
    for path in map(Path, paths):
        if path.suffix.lower() not in FORMATS:
            raise KgError(f"{path}: no RDF format has the ending {path.suffix!r}; there are {', '.join(FORMATS)}")
        try:
            with path.open("rb") as file:
                for quad in ox.parse(file, format=FORMATS[path.suffix.lower()], base_iri=path.resolve().as_uri()):
                    graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
        except SyntaxError as e:
            raise KgError(f"{path} is not {FORMATS[path.suffix.lower()].name}: {e}") from e
        except (OSError, TypeError) as e:
            raise KgError(f"cannot read {path}: {e}") from e
    return graph


def _violation(report: rdflib.Graph, node: rdflib.term.Node) -> Violation:
    messages = {str(getattr(m, "language", None) or "en"): str(m) for m in report.objects(node, SH.resultMessage)}
    focus, path, value, shape = (report.value(node, p) for p in (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape))
    en = messages.get("en", messages.get("ar", ""))
    text = [None if t is None or isinstance(t, rdflib.BNode) else str(t) for t in (path, value)]
    return Violation(str(focus), text[0], text[1], messages.get("ar", en), en, "" if isinstance(shape, rdflib.BNode) else str(shape))


def _order(v: Violation) -> tuple[str, ...]:
    return (v.focus, v.path or "", v.value or "", v.shape, v.message_en)
