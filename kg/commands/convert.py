"""kg convert, kg merge, kg diff, kg describe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.console import FILE, OUT, checked_base, utf8, write
from kg.language import _, joined, padded

if TYPE_CHECKING:
    import pyoxigraph as ox

base_option = click.option(
    "--base", metavar="IRI", callback=checked_base, help="What the IRIs of a graph made of extractions start with; ends in / or #."
)
rdf12_option = click.option("--rdf12", is_flag=True, help="Point to the triple that a statement is about with rdf:reifies of RDF 1.2.")


@click.command()
@click.argument("inputs", metavar="IN...", nargs=-1, required=True, type=FILE)
@click.argument("output", metavar="OUT", type=OUT)
@rdf12_option
@base_option
def convert(inputs: Sequence[Path], output: Path, rdf12: bool, base: str | None) -> None:
    """Write graphs in another format.

    IN is RDF (.ttl, .nt, .nq, .trig, .jsonld, .rdf) or extractions (.jsonl); several are put together as they are. OUT is one of
    the formats of RDF, .graphml, or .csv for lists of nodes and edges. Each may end in .gz.
    """
    from kg.formats import write_quads
    from kg.merging import prefixes, statements

    of = {"base": base} if base else {}
    _written(output, write_quads(statements(inputs, **of), output, prefixes=prefixes(inputs, **of), rdf12=rdf12))


@click.command()
@click.argument("inputs", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("-o", "--output", required=True, metavar="OUT", type=OUT, help="Where to write, in the format of its suffix.")
@rdf12_option
@base_option
def merge(inputs: Sequence[Path], output: Path, rdf12: bool, base: str | None) -> None:
    """Make one graph of several.

    The same thing has the same IRI in all of them. Claims that conflict are kept side by side, each with its source; names, counts
    and ranges that hold for the whole are settled anew. FILE and OUT are as in kg convert.
    """
    from kg.formats import write_quads
    from kg.merging import merged, prefixes

    of = {"base": base} if base else {}
    _written(output, write_quads(merged(inputs, **of), output, prefixes=prefixes(inputs, **of), rdf12=rdf12))


@click.command()
@click.argument("a", metavar="A", type=FILE)
@click.argument("b", metavar="B", type=FILE)
@click.option("-f", "--format", "as_", default="text", show_default=True, type=click.Choice(["text", "nq", "ttl", "json"]), help="What to print.")
@click.option("--removed", is_flag=True, help="With nq and ttl: what only A has, instead of what only B has.")
@click.option("--limit", default=20, show_default=True, metavar="N", type=click.IntRange(min=0), help="How many of each kind text lists.")
def diff(a: Path, b: Path, as_: str, removed: bool, limit: int) -> None:
    """Show what graph B has and A has not, and the other way round.

    text counts and lists new and gone documents, entities, events, claims about known events, facts and clusters; nq and ttl print
    the statements that only B has; json prints a line for each statement that only one has.
    """
    from kg.differences import difference, report
    from kg.formats import write_stream
    from kg.merging import prefixes, statements

    if as_ == "text":
        for line in report(lambda: statements([a]), lambda: statements([b]), limit):
            click.echo(line)
        return
    found = difference(statements([a]), statements([b]), named=as_ != "ttl")
    if as_ == "json":
        for added, quad in found:
            write(json.dumps({"change": "added" if added else "removed", **_terms(quad)}, ensure_ascii=False) + "\n")
        return
    write_stream((q for added, q in found if added is not removed), sys.stdout.buffer, f".{as_}", prefixes=prefixes([a, b]))
    sys.stdout.buffer.flush()


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("-o", "--output", metavar="OUT", type=OUT, help="Where to write, in the RDF format of its suffix.  [default: Turtle to stdout]")
@click.option("--base", metavar="IRI", callback=checked_base, help="What the IRIs of the data set start with; ends in / or #.")
@click.option("--title", metavar="TEXT", callback=utf8, help="What the data set is called.")
def describe(files: Sequence[Path], output: Path | None, base: str | None, title: str | None) -> None:
    """Describe a data set in VoID and DCAT.

    Counts, vocabularies, classes, properties, examples, the period of its documents, and FILE... as what it can be had as. What is
    counted are the triples of those that are RDF; name the same graph in several formats, or its parts.
    """
    from kg.datasets import DESCRIPTION_PREFIXES, count, describe
    from kg.errors import KgError
    from kg.formats import FORMATS, suffix_of, write_quads, write_stream
    from kg.merging import statements

    rdf = [file for file in files if suffix_of(file) in FORMATS]
    if not rdf:
        raise KgError(_("none of these is RDF; there are {formats}, each also with .gz").format(formats=joined(FORMATS)))
    quads = describe(count(statements(rdf)), files, title=title, **({"base": base} if base else {}))
    if output:
        _written(output, write_quads(quads, output, prefixes=DESCRIPTION_PREFIXES))
    else:
        write_stream(quads, sys.stdout.buffer, ".ttl", prefixes=DESCRIPTION_PREFIXES)
        sys.stdout.buffer.flush()


def _written(path: Path, count: int) -> None:
    from kg.formats import suffix_of

    paths: Iterable[Path] = [path]
    if suffix_of(path) == ".csv":
        from kg.tables import csv_paths

        paths = csv_paths(path)
    name = _("statements") if suffix_of(path) not in (".csv", ".graphml") else _("rows")
    click.echo(f"{padded(name, 10)}{count:>10}")
    for written in paths:
        click.echo(written)


def _terms(quad: ox.Quad) -> dict[str, object]:
    """A statement in the form that SPARQL's JSON results have for terms."""
    import pyoxigraph as ox

    def term(of: object) -> object:
        if isinstance(of, ox.Literal):
            more = {"xml:lang": of.language} if of.language else {"datatype": of.datatype.value}
            return {"type": "literal", "value": of.value, **more}
        if isinstance(of, ox.Triple):
            return {"type": "triple", "value": {name: term(part) for name, part in zip(("subject", "predicate", "object"), of, strict=True)}}
        if isinstance(of, ox.NamedNode):
            return {"type": "uri", "value": of.value}
        return {"type": "bnode", "value": of.value} if isinstance(of, ox.BlankNode) else None

    names = {"graph": quad.graph_name, "subject": quad.subject, "predicate": quad.predicate, "object": quad.object}
    return {name: value for name, of in names.items() if (value := term(of)) is not None}
