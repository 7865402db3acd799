"""Whether a graph looks as kg promises: SHACL by pySHACL, with the shapes of ontology/shapes.ttl or a user's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import rdflib
from rdflib.namespace import SH

from kg.errors import KgError
from kg.resources import ontology_dir

#: Suffixes that hold named graphs; what is checked is their union.
_FORMATS = {".ttl": "turtle", ".nt": "nt", ".nq": "nquads", ".trig": "trig", ".jsonld": "json-ld", ".rdf": "xml", ".xml": "xml"}


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: whether the graph conforms, and a line for each thing that does not, in a fixed order."""

    conforms: bool
    lines: tuple[str, ...]


def validate(paths: Sequence[Path], shapes: Sequence[Path] = ()) -> Report:
    """Check RDF files, taken together, against shapes.

    Args:
        paths: the files, of a format that their suffix tells.
        shapes: Turtle files of SHACL shapes; kg's own if there are none.

    Raises:
        KgError: a file cannot be read, has an unknown suffix or is not what its suffix says.
    """
    from pyshacl import validate as check

    data = load(paths)
    wanted = rdflib.Graph()
    for path in shapes or (ontology_dir() / "shapes.ttl",):
        _parse(wanted, Path(path))
    conforms, results, _ = check(data, shacl_graph=wanted, inference="none", advanced=False, meta_shacl=False)
    return Report(bool(conforms), tuple(sorted(_lines(results))))


def load(paths: Sequence[Path]) -> rdflib.Graph:
    """The union of all triples of the files, whatever graph they stand in. KgError as in `validate`."""
    union = rdflib.Graph()
    for path in map(Path, paths):
        if _FORMATS.get(path.suffix.lower()) in ("nquads", "trig", "json-ld"):
            dataset = rdflib.Dataset(default_union=True)
            _parse(dataset, path)
            for s, p, o, _ in dataset.quads((None, None, None, None)):
                union.add((s, p, o))
        else:
            _parse(union, path)
    return union


def _parse(graph: rdflib.Graph, path: Path) -> None:
    format = _FORMATS.get(path.suffix.lower())
    if format is None:
        raise KgError(f"{path}: no RDF format has this suffix; there are {', '.join(_FORMATS)}")
    try:
        graph.parse(path, format=format)
    except OSError as e:
        raise KgError(f"cannot read {path}: {e.strerror or e}") from e
    except Exception as e:  # each of rdflib's parsers has errors of its own
        first = str(e).strip().splitlines()[0] if str(e).strip() else type(e).__name__
        raise KgError(f"{path} is not {format}: {first}") from e


def _lines(results: rdflib.Graph) -> set[str]:
    lines = set()
    for result in results.subjects(rdflib.RDF.type, SH.ValidationResult):
        node, path, value = (results.value(result, p) for p in (SH.focusNode, SH.resultPath, SH.value))
        messages = sorted(results.objects(result, SH.resultMessage), key=lambda m: (getattr(m, "language", None) != "en", str(m)))
        line = f"{node}: {' | '.join(map(str, messages))}"
        if isinstance(path, rdflib.URIRef):
            line += f" ({path})"
        lines.add(line + (f" [{value}]" if value is not None else ""))
    return lines
