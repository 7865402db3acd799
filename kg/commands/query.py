"""kg query, kg rank."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.console import FILE, FOLDER, say, utf8, write
from kg.errors import KgError
from kg.language import _, strerror

if TYPE_CHECKING:
    from kg.queries import Named
    from kg.store_table import Term

store_option = click.option("--store", metavar="DIR", type=FOLDER, help="The store to ask, as kg build --store fills it.")


@click.command()
@click.argument("arguments", metavar="[QUERY] [FILE]...", nargs=-1, callback=lambda ctx, param, values: [utf8(ctx, param, v) for v in values])
@store_option
@click.option("--file", metavar="FILE", type=FILE, help="Read the query from a file.")
@click.option("--example", metavar="[NAME]", is_flag=False, flag_value="", help="Run a query of the gallery; without NAME: list them.")
@click.option(
    "--set",
    "values",
    metavar="NAME=VALUE",
    multiple=True,
    callback=lambda c, p, vs: [utf8(c, p, v) for v in vs],
    help="Give a parameter of the example a value; repeatable.",
)
@click.option("--show", is_flag=True, help="Print the query of the example instead of running it.")
@click.option(
    "--format", type=click.Choice(["table", "csv", "tsv", "json", "xml", "turtle", "nt"]), help="How to print.  [default: table, of triples turtle]"
)
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="Print so many rows or triples at most.")
@click.option("--timeout", metavar="S", type=click.FloatRange(min=0, min_open=True), help="Give up after so many seconds.")
def query(
    arguments: Sequence[str],
    store: Path | None,
    file: Path | None,
    example: str | None,
    values: Sequence[str],
    show: bool,
    format: str | None,
    limit: int | None,
    timeout: float | None,
) -> None:
    """Ask a store or files in SPARQL.

    FILE is RDF (.ttl, .trig, .nt, .nq, .jsonld, .rdf) or what kg extract printed (.jsonl). The default graph is the union of all graphs, and
    the prefixes of kg and of the vocabularies that it uses need no declaration.

    \b
    kg query 'SELECT ?a ?b { ?a kgo:accuses ?b }' --store news
    kg query --example
    kg query --example who-met-whom --set who=كيم out/graph.ttl
    """
    from kg.queries import gallery, named

    arguments = list(arguments)
    if example is not None:
        # `--example` takes the next word for its own; a file there is a file.
        if example and Path(example).is_file():
            arguments.insert(0, example)
            example = ""
        if not example:
            _list(list(gallery().values()))
            return
        if bare := [v for v in values if "=" not in v]:
            raise click.UsageError(_("--set {name} has no value: write --set {name}=VALUE.").format(name=bare[0]))
        given = {name: value for name, _equals, value in (v.partition("=") for v in values)}
        text = named(example).with_values(given)
        if show:
            write(text)
            return
    elif file is not None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, ValueError) as e:
            raise KgError(_("cannot read {file}: {why}").format(file=file, why=strerror(e))) from e
    elif arguments:
        text = arguments.pop(0)
    else:
        raise click.UsageError(_("Give a query, --file FILE or --example [NAME]."))
    if example is None and (values or show):
        raise click.UsageError(_("--set and --show are for --example NAME."))
    _ask(text, store, arguments, format, limit, timeout)


def _ask(text: str, store: Path | None, files: Sequence[str], format: str | None, limit: int | None, timeout: float | None) -> None:
    from kg.store_query import Question, run

    _check_sources(store, files)
    question = Question(text, str(store) if store else None, tuple(files), format, limit, sys.stdout.isatty())
    answer, notes = run(question, timeout)
    for note in notes:
        say(note)
    with answer:
        shutil.copyfileobj(answer, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _check_sources(store: Path | None, files: Sequence[str]) -> None:
    if (store is None) == (not files):
        raise click.UsageError(_("Say what to ask: --store DIR, or one or more FILEs."))
    for file in files:
        if not Path(file).is_file():
            raise KgError(_("{file} is no file: name RDF or extractions, and put the query before them in quotes").format(file=file))


def _list(queries: Sequence[Named]) -> None:
    for q in queries:
        click.echo(f"{q.name}\n    {q.title[0]}\n    {q.title[1]}")
        for name, (en, ar) in q.parameters.items():
            default = f"  [{q.default(name)}]" if q.default(name) else ""
            click.echo(f"      --set {name}=…  {en} | {ar}{default}")


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@store_option
@click.option("--by", type=click.Choice(["pagerank", "degree", "betweenness"]), default="pagerank", show_default=True, help="What to sort by.")
@click.option("--limit", metavar="N", type=click.IntRange(min=0), default=20, show_default=True, help="Print so many actors at most.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rank(files: Sequence[str], store: Path | None, by: str, limit: int, as_json: bool) -> None:
    """List the most central persons, states and organisations.

    They are ranked in the network of short edges: who sends to whom, accuses whom, meets whom …
    """
    import json
    from dataclasses import asdict

    import pyoxigraph as ox

    from kg.ranks import ranks
    from kg.store_query import USUAL, opened
    from kg.store_table import table

    _check_sources(store, files)
    with opened(str(store) if store else None, files) as (quads, base, notes):
        for note in notes:
            say(note)
        found = ranks(quads, by)[:limit]
    if as_json:
        write(json.dumps([asdict(r) for r in found], ensure_ascii=False) + "\n")
        return
    decimal = ox.NamedNode(USUAL["xsd"] + "decimal")
    names = [_("actor"), _("label"), _("name"), "pagerank", "degree", "betweenness"]
    rows: list[list[Term]] = []
    for r in found:
        measures = (ox.Literal(f"{value:.4f}", datatype=decimal) for value in (r.pagerank, r.degree, r.betweenness))
        rows.append([ox.NamedNode(r.iri), ox.Literal(r.label_ar), ox.Literal(r.label_en), *measures])
    write(table(names, rows, {**USUAL, "kg": base}, isolated=sys.stdout.isatty()))
