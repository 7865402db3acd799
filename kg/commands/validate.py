"""kg validate."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from kg.console import FILE
from kg.language import _, directed


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--shapes", multiple=True, type=FILE, metavar="FILE", help="SHACL shapes of your own, in Turtle, besides those of kg; repeatable.")
@click.option("--only", is_flag=True, help="Check the --shapes alone.")
def validate(files: Sequence[Path], shapes: Sequence[Path], only: bool) -> None:
    """Check RDF files against the shapes of kg.

    FILE is Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, by its ending, also with .gz. Exit status 1 if one does not conform.
    """
    from kg.validation import validate as check

    if only and not shapes:
        raise click.UsageError(_("--only needs --shapes FILE"))
    valid = True
    for file in files:
        report = check(file, shapes) if only else check(file, own=shapes)
        found = _("{file}: valid") if report.conforms else _("{file}: not valid")
        click.echo(directed(found.format(file=file)))
        for line in report.lines:
            click.echo(directed(f"  {line}"))
        valid &= report.conforms
    sys.exit(0 if valid else 1)
