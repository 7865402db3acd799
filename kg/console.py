"""What commands share: options, lines on stderr, tables, the counting of what could not be read. Data goes to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.documents import Problem, Problems

T = TypeVar("T")


def checked_base(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    from kg.namespaces import checked_base

    try:
        return None if value is None else checked_base(value)
    except KgError as e:
        raise click.BadParameter(str(e)) from e


def utf8(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """An argument as the shell wrote it, also where the locale knows no Arabic."""
    return None if value is None else os.fsencode(value).decode("utf-8", "replace")


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
models_option = click.option(
    "--models", metavar="DIR|official", help="Stanza models to use: a folder, or Stanza's own package.  [default: $KG_MODELS, else bundled]"
)
lexicon_option = click.option(
    "--lexicon", multiple=True, type=FILE, metavar="FILE", help="Names of your own, in Turtle like ontology/lexicon; repeatable."
)
frames_option = click.option("--frames", multiple=True, type=FILE, metavar="FILE", help="Event frames of your own, in Turtle; repeatable.")
inputs_argument = click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)


def print_table(rows: Sequence[Sequence[str]], right: set[int]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        click.echo("  ".join(cells).rstrip())


def write(text: str) -> None:
    """Data to stdout at once, in UTF-8 whatever the terminal's language is."""
    stream = sys.stdout.buffer
    stream.write(text.encode("utf-8"))
    stream.flush()


def say(message: str) -> None:
    click.echo(f"kg: {message}", err=True)


def reported() -> Problems:
    from kg.documents import Problems

    def report(problem: Problem) -> None:
        say(f"{problem} (skipped)" if not problem.harmless else str(problem))

    return Problems(report)


def finish(problems: Problems, outcome: str = "") -> None:
    """End with status 1 if an input was lost, or if there is an `outcome` to complain of."""
    if n := problems.errors:
        outcome = f"{n} input{'s' if n > 1 else ''} could not be read" + (f"; {outcome}" if outcome else "")
    if outcome:
        say(outcome)
        sys.exit(1)


def progress(items: Iterable[T]) -> Iterator[T]:
    """Counts what passes through on stderr, if that is a terminal: nobody wants a moving bar in a log."""
    if not sys.stderr.isatty():
        yield from items
        return

    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.completed} documents read"), TimeElapsedColumn()
    # The line goes when the work is done, and what is printed meanwhile stands above it.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=None)
        for item in items:
            progress.advance(task)
            yield item
