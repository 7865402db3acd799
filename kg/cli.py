"""The `kg` command: parses options, calls `kg.api`, prints. Data goes to stdout, everything else to stderr.

Exit status: 0 done; 1 done, but an input was bad or a graph is not valid; 2 not done; 130 interrupted.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

# Only what is light is imported here: `kg --help` has to answer at once. Commands import what they use.
from kg import __version__
from kg.commands import (
    bench,
    bench_all,
    bench_documents,
    bench_rdf,
    bench_view,
    build,
    cache,
    convert,
    doctor,
    evaluate,
    explain,
    export,
    frames,
    load,
    models,
    query,
    serve,
    validate,
    view,
)
from kg.console import say
from kg.errors import KgError
from kg.language import LANGUAGES, _, spoken, strerror
from kg.localised import speaking, translated
from kg.machine import claim

#: No room: on the disk, in the user's share of it, in one file.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class _Group(click.Group):
    """Speaks the language asked for, turns the errors that a user can do something about into one line, and lets the others show their traceback."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **kwargs: Any) -> Any:
        with speaking(sys.argv[1:] if args is None else args):
            # English is what the commands are written in.
            command = self if spoken() == "en" else translated(self)
            try:
                return click.Group.main(command, args, *more, **kwargs)
            except OSError as e:
                if e.errno not in _FULL:
                    raise
                message = _("cannot write {path}: {why}; make room for what is printed and for temporary files ($TMPDIR)")
                if not e.filename:
                    message = _("cannot write: {why}; make room for what is printed and for temporary files ($TMPDIR)")
                say(message.format(path=e.filename, why=strerror(e)))
                _drop_stdout()
                sys.exit(2)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as e:
            say(str(e))
            ctx.exit(2)
        except KeyboardInterrupt:
            say(_("interrupted"))
            ctx.exit(130)
        except BrokenPipeError:
            # Whoever read stdout has read enough (`kg extract … | head`).
            _drop_stdout()
            ctx.exit(141)


def _drop_stdout() -> None:
    """Nothing is left to flush into stdout at exit, where it would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="kg %(version)s")
@click.option(
    "--lang", type=click.Choice(LANGUAGES), expose_value=False, help="Speak Arabic or English.  [default: $KG_LANG, else the language of the locale]"
)
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
    build.build, build.extract, explain.explain, validate.validate, export.export, frames.frames_group, models.models_group, evaluate.evaluate,
    bench.bench_group, serve.serve, view.view, load.load, query.query, query.rank, convert.convert, convert.merge, convert.diff,
    convert.describe, cache.cache_group, doctor.doctor,
):  # fmt: skip
    cli.add_command(command)
bench.bench_group.add_command(bench_all.bench_all)
bench.bench_group.add_command(bench_documents.bench_documents)
bench.bench_group.add_command(bench_rdf.bench_rdf)
bench.bench_group.add_command(bench_view.bench_view)


def main() -> NoReturn:
    """The console script."""
    claim()
    for stream in (sys.stdout, sys.stderr):
        # A name of a file may hold Arabic letters, whatever the locale knows, or bytes that are no letters at all.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    sys.exit(cli.main(prog_name="kg"))


if __name__ == "__main__":
    main()
