"""kg build, kg extract."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.console import (
    checked_base,
    finish,
    frames_option,
    inputs_argument,
    lexicon_option,
    models_option,
    progress,
    reported,
    utf8,
    write,
)

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option(
    "-o", "--output", default="out", show_default=True, metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Where to write."
)
@models_option
@lexicon_option
@frames_option
@click.option("--base", metavar="IRI", callback=checked_base, help="What the IRIs of the graph start with; ends in / or #.")
@click.option("--title", metavar="TEXT", callback=utf8, help="The heading of the page.")
def build(
    inputs: Sequence[str],
    output: Path,
    models: str | None,
    lexicon: Sequence[Path],
    frames: Sequence[Path],
    base: str | None,
    title: str | None,
) -> None:
    """Build the graph of what INPUT says (default: seeds/).

    Writes graph.ttl (RDF), graph.html (open it in a browser) and extractions.jsonl into DIR. Old files there are replaced
    when the new ones are complete, and kept when no input could be read.
    """
    from kg.api import extract, write
    from kg.documents import read

    problems = reported()
    documents = read(inputs or ("seeds",), problems)
    extractions = list(progress(extract(documents, models=models, lexicon=lexicon, frames=frames)))
    if not extractions:
        finish(problems, "nothing was read and nothing written")
    summary = write(extractions, output, title=title, lexicon=lexicon, frames=frames, **({"base": base} if base else {}))
    for name in ("documents", "entities", "events", "facts"):
        click.echo(f"{name:<10}{getattr(summary, name):>8}")
    for file in summary.files:
        click.echo(file)
    finish(problems)


@click.command()
@inputs_argument
@models_option
@lexicon_option
@frames_option
def extract(inputs: Sequence[str], models: str | None, lexicon: Sequence[Path], frames: Sequence[Path]) -> None:
    """Print entities, events and facts as JSON lines.

    One object a document, in the order of INPUT, each as soon as it is there.
    """
    from kg.api import extract as run
    from kg.api import json_line
    from kg.documents import read

    problems = reported()
    for extraction in progress(run(read(inputs, problems), models=models, lexicon=lexicon, frames=frames)):
        write(json_line(extraction))
    finish(problems)
