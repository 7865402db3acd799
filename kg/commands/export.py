"""kg export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import click

from kg.console import FILE, OUT, finish, frames_option, reported, say, write
from kg.language import _, ngettext

FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".tsv": "tsv", ".txt": "tsv"}


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--plover", is_flag=True, required=True, help="Event records as users of PLOVER and POLECAT expect them.")
@click.option("-o", "--output", metavar="OUT", type=OUT, help="Where to write, as its ending says.  [default: stdout]")
@click.option("--format", "format", type=click.Choice(["jsonl", "tsv"]), help="JSON lines or tab-separated.  [default: by the ending, else jsonl]")
@frames_option
def export(files: Sequence[Path], plover: bool, output: Path | None, format: str | None, frames: Sequence[Path]) -> None:
    """Write events as records for other programs.

    FILE is what kg extract printed, or the extractions.jsonl of kg build.
    """
    from kg.extraction_files import read
    from kg.files import replacing
    from kg.plover import header, records, row
    from kg.vocabulary import vocabulary

    format = format or (FORMATS.get(output.suffix.lower()) if output else "jsonl")
    if format is None:
        raise click.UsageError(_("the ending of {output} tells no format: use .jsonl or .tsv, or say --format").format(output=output))
    words, problems = vocabulary(*frames), reported()
    without = 0
    with ExitStack() as stack:
        put = _into(stack.enter_context(replacing(output))) if output else write
        if format == "tsv":
            put(header())
        for file in files:
            for x in read(file, problems):
                found = list(records(x, words))
                without += len(x.events) - len(found)
                put("".join(row(r) if format == "tsv" else r.line() for r in found))
    if without:
        say(
            ngettext(
                "{n} event is of a type without a PLOVER code and gives no record; a frame file can give one (kgo:plover)",
                "{n} events are of types without a PLOVER code and give no record; a frame file can give one (kgo:plover)",
                without,
            ).format(n=without)
        )
    finish(problems)


def _into(file: IO[bytes]) -> Callable[[str], object]:
    return lambda text: file.write(text.encode("utf-8"))
