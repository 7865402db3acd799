"""kg explain."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from kg.console import (
    FILE,
    finish,
    frames_option,
    lexicon_option,
    max_chars_option,
    models_option,
    print_table,
    reported,
    utf8,
)
from kg.language import _


@click.command()
@click.argument("file", metavar="FILE", type=FILE)
@click.option("--event", "wanted", metavar="N", help="The event to explain: its id (V3) or number (3).")
@click.option("--list", "as_list", is_flag=True, help="List the events of the document instead.")
@click.option("--doc", "document", metavar="ID", callback=utf8, help="The document, where FILE holds several.")
@models_option
@lexicon_option
@frames_option
@max_chars_option
def explain(
    file: Path,
    wanted: str | None,
    as_list: bool,
    document: str | None,
    models: str | None,
    lexicon: Sequence[Path],
    frames: Sequence[Path],
    max_chars: int,
) -> None:
    """Show why kg found an event: sentence, parse, frame, roles.

    FILE is a document as for kg extract, or what kg extract printed; the sentences of that are parsed again.
    """
    from kg import explain as run

    if (wanted is None) is not as_list:
        raise click.UsageError(_("say which event with --event N, or --list for all"))
    problems = reported()
    found = run.find(file, document, problems, max_chars)
    if wanted is None:
        print_table(run.events(found, models=models, lexicon=lexicon, frames=frames), right={1, 4})
    else:
        click.echo("\n".join(run.explain(found, wanted, models=models, lexicon=lexicon, frames=frames)))
    finish(problems)
