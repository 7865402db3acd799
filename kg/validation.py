"""Whether a graph looks as kg promises: SHACL by pySHACL, with the shapes of ontology/shapes.ttl or a user's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    """One thing that does not conform: the node, the path from it, the value found there, the shape that objects, why."""

    focus: str
    path: str
    shape: str
    value: str
    message_en: str
    message_ar: str

    def __str__(self) -> str:
        where = f"<{self.focus}>" + (f" <{self.path}>" if self.path else "")
        return f"{where} {self.message_en} | {self.message_ar}" if self.message_ar else f"{where} {self.message_en}"


class Report(list[Violation]):
    """All violations in a fixed order; an empty one conforms."""

    @property
    def conforms(self) -> bool:
        return not self

    @property
    def lines(self) -> list[str]:
        """A line for each violation, in English and Arabic."""
        return list(dict.fromkeys(map(str, self)))


Paths = Path | str | Sequence[Path | str]


def validate(paths: Paths, shapes: Paths = ()) -> Report:
    """Check RDF files, taken together, against shapes.

    Args:
        paths: one or more files, of a format that their suffix tells.
        shapes: Turtle files of SHACL shapes; kg's own if there are none.

    Raises:
        KgError: a file cannot be read, has an unknown suffix, is not what its suffix says, or holds no sound shapes.
    """
    from pyshacl import validate as check
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

    data = load(paths)
    files = _several(shapes) or [ontology_dir() / "shapes.ttl"]
    try:
        _, results, _ = check(data, shacl_graph=load(files), inference="none", advanced=False, meta_shacl=False)
    except (ReportableRuntimeError, ShapeLoadError) as e:
        raise KgError(f"{', '.join(map(str, files))}: not sound SHACL: {e}") from e
    if not isinstance(results, rdflib.Graph):
        raise KgError(f"{', '.join(map(str, files))}: not sound SHACL: {results}")
    return Report(sorted(set(_violations(results))))


def _several(paths: Paths) -> list[Path]:
    return [Path(paths)] if isinstance(paths, (str, Path)) else [Path(p) for p in paths]


def load(paths: Paths) -> rdflib.Graph:
    """The union of all triples of the files, whatever graph they stand in. KgError as in `validate`."""
    union = rdflib.Graph()
    for path in _several(paths):
        format = FORMATS.get(path.suffix.lower())
        if format is None:
            raise KgError(f"{path}: no RDF format has this suffix; there are {', '.join(FORMATS)}")
        try:
            with path.open("rb") as file:
                for quad in ox.parse(file, format=format, base_iri=path.resolve().as_uri()):
                    union.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
        except SyntaxError as e:
            raise KgError(f"{path} is not {format.name}: {e}") from e
        except (OSError, TypeError) as e:
            raise KgError(f"cannot read {path}: {e}") from e
    return union


def _violations(results: rdflib.Graph) -> Iterator[Violation]:
    for result in results.subjects(rdflib.RDF.type, SH.ValidationResult):
        get = {p: results.value(result, p) for p in (SH.focusNode, SH.resultPath, SH.sourceShape, SH.value)}
        messages = {getattr(m, "language", None): str(m) for m in sorted(results.objects(result, SH.resultMessage), key=str)}
        plain = messages.get("en") or messages.get(None) or ""
        path, shape = (str(get[p]) if isinstance(get[p], rdflib.URIRef) else "" for p in (SH.resultPath, SH.sourceShape))
        yield Violation(str(get[SH.focusNode]), path, shape, str(get[SH.value] if get[SH.value] is not None else ""), plain, messages.get("ar", ""))
