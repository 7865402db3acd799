"""kg view."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from kg.console import FILE, OUT, finish, reported, utf8
from kg.language import _


@click.command()
@click.argument("inputs", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", default="graph.html", show_default=True, metavar="FILE", type=OUT, help="Where to write.")
@click.option("--title", metavar="TEXT", callback=utf8, help="The heading of the page.")
@click.option("--frames", multiple=True, type=FILE, metavar="FILE", help="Event frames that the inputs were made with; repeatable.")
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
def view(inputs: Sequence[Path], output: Path, title: str | None, frames: Sequence[Path], show: bool) -> None:
    """Write the page of a graph that is there already.

    FILE is a file of extractions (.jsonl), a graph that kg wrote (.ttl, .trig, .nq, .nt, .jsonld, .rdf) or the folder of a store.
    Extractions hold the texts of the documents; of the others the page shows the sentences that they cite.
    """
    from kg.view import write_html
    from kg.view.sources import load

    problems = reported()
    graph = load(inputs, problems, frames)
    if not graph.nx and problems.errors:
        finish(problems, _("nothing was written"))
    write_html(graph, output, **({"title": title} if title else {}))
    click.echo(output)
    if show:
        import webbrowser

        webbrowser.open(output.resolve().as_uri())
    finish(problems)
