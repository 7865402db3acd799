"""kg frames."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from kg.console import FILE, frames_option, print_table
from kg.language import directed, ngettext


@click.group(name="frames")
def frames_group() -> None:
    """Show event types and their words, or check your own."""


@frames_group.command(name="list")
@frames_option
def frames_list(frames: Sequence[Path]) -> None:
    """Show all event types.

    For each its label, how many frames it has and how many different words trigger it, and its roles.
    """
    from kg.frame_report import listed
    from kg.frames import Frames
    from kg.vocabulary import vocabulary

    print_table(listed(Frames.load(own=frames), vocabulary(*frames)), right={2, 3})


@frames_group.command(name="show")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@frames_option
def frames_show(names: Sequence[str], frames: Sequence[Path]) -> None:
    """Show the words and roles of event types or frames.

    NAME is an event type (SEND: all its frames) or one frame (send.give).
    """
    from kg.frame_report import shown
    from kg.frames import Frames
    from kg.vocabulary import vocabulary

    known, words = Frames.load(own=frames), vocabulary(*frames)
    pages = ["\n".join(shown(name, known, words)) for name in names]
    click.echo("\n\n".join(pages))


@frames_group.command(name="check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
def frames_check(files: Sequence[Path]) -> None:
    """Find the mistakes in your own frame files.

    One line for each, with what to write instead. Exit status 1 if there is one.
    """
    from kg.frame_check import check

    checked = check(files)
    for line in (*checked.mistakes, *checked.warnings):
        click.echo(directed(line))
    if checked.mistakes:
        sys.exit(1)
    click.echo(directed(ngettext("{n} frame, no mistakes", "{n} frames, no mistakes", checked.frames).format(n=checked.frames)))
