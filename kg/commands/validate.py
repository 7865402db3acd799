"""kg validate."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.console import FILE

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
def validate(files: Sequence[Path]) -> None:
    """Check RDF files against the shapes of kg.

    FILE is Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, by its ending. Exit status 1 if one does not conform.
    """
    from kg.validation import validate as check

    valid = True
    for file in files:
        report = check([file])
        click.echo(f"{file}: {'valid' if report.conforms else 'not valid'}")
        for line in report.lines:
            click.echo(f"  {line}")
        valid &= report.conforms
    sys.exit(0 if valid else 1)
