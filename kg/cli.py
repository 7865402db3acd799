"""The `kg` command: parses options, calls `kg.api`, prints. Data goes to stdout, everything else to stderr.

Exit status: 0 done; 1 done, but an input was bad or a graph is not valid; 2 not done; 130 interrupted.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any, NoReturn

import click

# Only what is light is imported here: `kg --help` has to answer at once. Commands import what they use.
from kg import __version__
from kg.commands import bench, build, evaluate, explain, frames, models, validate
from kg.console import say
from kg.errors import KgError


class _Failure(click.ClickException):
    exit_code = 2

    def show(self, file: Any = None) -> None:
        say(self.message)


class _Group(click.Group):
    """Turns the errors that a user can do something about into one line, and lets the others show their traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as e:
            raise _Failure(str(e)) from e
        except KeyboardInterrupt:
            say("interrupted")
            ctx.exit(130)
        except BrokenPipeError:
            # Whoever read stdout has read enough (`kg extract … | head`). Nothing is left to flush into it at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            ctx.exit(141)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="kg %(version)s")
def cli() -> None:
    """Arabic news in, a knowledge graph of who did what to whom with what out.

    \b
    kg build seeds -o out          graph.ttl, graph.html and extractions.jsonl
    kg extract report.txt          entities, events and facts as JSON lines
    kg explain report.txt --list   why these events: sentence, parse, frame

    INPUT is a text file in UTF-8, a folder, a quoted glob pattern, a file of JSON lines ("text" and optional "id", "title",
    "published", "source"), or - for standard input. Bad inputs are named, skipped and counted; the exit status is then 1.
    """


for command in (
    build.build, build.extract, explain.explain, validate.validate, frames.frames_group, models.models_group, evaluate.evaluate, bench.bench_group,
):  # fmt: skip
    cli.add_command(command)


def main() -> NoReturn:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        # A name of a file may hold Arabic letters, whatever the locale knows, or bytes that are no letters at all.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    cli.main(prog_name="kg")


if __name__ == "__main__":
    main()
