"""What commands share: options, lines on stderr, tables, the counting of what could not be read. Data goes to stdout, everything else to stderr."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

from kg.errors import KgError
from kg.language import _, directed, ngettext, padded, plain

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


#: What options and arguments name: a file that is there, one to write, a folder.
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
models_option = click.option(
    "--models", metavar="DIR|official", help="Stanza models to use: a folder, or Stanza's own package.  [default: $KG_MODELS, else bundled]"
)
lexicon_option = click.option(
    "--lexicon", multiple=True, type=FILE, metavar="FILE", help="Names of your own, in Turtle like ontology/lexicon; repeatable."
)
frames_option = click.option("--frames", multiple=True, type=FILE, metavar="FILE", help="Event frames of your own, in Turtle; repeatable.")
identity_option = click.option(
    "--identity", multiple=True, type=FILE, metavar="FILE", help="What is one thing and what is not (kgo:same, kgo:different), in Turtle; repeatable."
)
max_chars_option = click.option(
    "--max-chars",
    metavar="N",
    type=click.IntRange(min=1),
    default=1_000_000,
    show_default="1000000",
    help="Skip documents whose text has more characters; none is cut.",
)


def _begin_log(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        from kg.logs import logging_to

        # Until the whole program ends: the last message may be that of an error.
        ctx.find_root().with_resource(logging_to(sys.stderr))


verbose_option = click.option(
    "-v", "--verbose", is_flag=True, expose_value=False, is_eager=True, callback=_begin_log, help="Write what is done to stderr, as JSON lines."
)
inputs_argument = click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)


def print_table(rows: Sequence[Sequence[str]], right: set[int]) -> None:
    widths = [max(len(plain(c)) for c in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (padded(c, w, right=i in right) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        click.echo("  ".join(cells).rstrip())


def write(text: str) -> None:
    """Data to stdout at once, in UTF-8 whatever the terminal's language is."""
    stream = sys.stdout.buffer
    stream.write(text.encode("utf-8"))
    stream.flush()


def write_json(value: object) -> None:
    """A value to stdout as JSON."""
    write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def token_of(variable: str) -> str:
    """The access token that an environment variable holds. KgError if it holds none, or none that a request can carry."""
    token = os.environ.get(variable, "").strip()
    if not token:
        raise KgError(_("the environment variable {variable} holds no token").format(variable=variable))
    if not token.isascii():
        raise KgError(_("the environment variable {variable} holds letters that no request carries: a token is of ASCII").format(variable=variable))
    return token


def say(message: str, **fields: str) -> None:
    """A line on stderr: a message, or a log record with these fields where the user wants that."""
    if "kg.logs" in sys.modules and sys.modules["kg.logs"].logs():
        sys.modules["kg.logs"].log(message, level=logging.WARNING, **fields)
    else:
        click.echo(f"kg: {directed(message)}", err=True)


def reported() -> Problems:
    from kg.documents import Problems

    def report(problem: Problem) -> None:
        say(
            _("{problem} (skipped)").format(problem=problem) if not problem.harmless else str(problem),
            where=problem.where,
            what=problem.what,
            lost=str(not problem.harmless).lower(),
        )

    return Problems(report)


def finish(problems: Problems, outcome: str = "") -> None:
    """End with status 1 if an input was lost, or if there is an `outcome` to complain of."""
    if n := problems.errors:
        lost = ngettext("{n} input could not be read", "{n} inputs could not be read", n).format(n=n)
        outcome = lost + (_("; ") + outcome if outcome else "")
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

    columns = SpinnerColumn(), TextColumn(_("{task.completed} documents read")), TimeElapsedColumn()
    # The line goes when the work is done, and what is printed meanwhile stands above it.
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=None)
        for item in items:
            progress.advance(task)
            yield item


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Let the signal that ends a process (SIGTERM) end it in order, as an interrupt does: other processes and unfinished files go with it."""

    def end(number: int, frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
