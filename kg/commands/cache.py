"""kg cache."""

from __future__ import annotations

from pathlib import Path

import click

from kg.console import models_option, print_table, say, write_json
from kg.language import _, directed, joined, padded

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(name="cache")
def cache_group() -> None:
    """Show what is kept of earlier runs, or remove what is old."""


@cache_group.command(name="info")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@models_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def cache_info(folder: Path, models: str | None, as_json: bool) -> None:
    """Show what a cache of extractions holds.

    DIR is that of --cache, or of the output or store of kg build. For each version of kg and models that made entries: how many there
    are, their size, when they were made, and whether this kg still finds them.
    """
    from kg.cache_entries import held, located
    from kg.corpus import Models

    found = held(folder, Models(models).version())
    size = located(folder).stat().st_size
    if as_json:
        write_json({"file": str(located(folder)), "bytes": size, "entries": [h.to_json() for h in found]})
        return
    click.echo(directed(_("{file}, {size:.1f} MB").format(file=located(folder), size=size / 1e6)))
    table = [("", "kg", _("models"), _("options"), _("entries"), "MB", _("made"))]
    for h in found:
        made = h.first if h.first == h.last else _("{first} to {last}").format(first=h.first, last=h.last)
        state = _("current") if h.current else _("not found")
        table.append((state, h.kg or "-", h.models or "-", joined(map(_, h.options)) or "-", f"{h.entries:,}", f"{h.bytes / 1e6:.1f}", made or "-"))
    print_table(table, right={4, 5})


@cache_group.command(name="prune")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@models_option
@click.option("--older-than", metavar="DAYS", type=click.IntRange(min=0), help="Remove also what was made more than so many days ago.")
def cache_prune(folder: Path, models: str | None, older_than: int | None) -> None:
    """Remove what no run finds any more from a cache.

    That is what was made by other versions of kg, of its ontology or of the models, as kg cache info lists it. A build may be running
    meanwhile: what it misses it makes anew.
    """
    from kg.cache_entries import held, located, prune
    from kg.corpus import Models

    version = Models(models).version()
    before = located(folder).stat().st_size
    removed = prune(folder, version, older_than=older_than)
    left = sum(h.entries for h in held(folder, version))
    for name, number in ((_("removed"), removed), (_("left"), left)):
        click.echo(f"{padded(name, 10)}{number:>8}")
    after = located(folder).stat().st_size
    message = _("{file} has {size:.1f} MB, {less:.1f} less than before")
    say(message.format(file=located(folder), size=after / 1e6, less=max(0, before - after) / 1e6))
