"""kg bench rdf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.commands.bench import measuring
from kg.console import print_table, write_json
from kg.language import _, directed, isolated

if TYPE_CHECKING:
    from kg.bench_rdf import Report


@click.command(name="rdf")
@click.option("--triples", default=100_000, show_default=True, metavar="N", type=click.IntRange(min=1), help="How large the graph is.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_rdf(triples: int, as_json: bool) -> None:
    """Measure writing and reading Turtle beside rdflib.

    A generated graph, the same each time, is written by kg and by rdflib's serialiser and read again by both, each in a process of
    its own. kg's time holds the sorting, rdflib's does not hold the filling of its graph. How many times as fast is told by processor
    time, which other work on the machine does not lengthen.
    """
    from kg.bench_rdf import compare

    report = compare(triples, progress=measuring)
    if as_json:
        write_json(report.to_json())
    else:
        print_rdf(report)


def print_rdf(report: Report) -> None:
    """The figures as tables."""
    click.echo(directed(_("{triples} triples, {size:.1f} MB of Turtle").format(triples=report.triples, size=report.file_mb)) + "\n")
    rows = [
        (m.what, m.who, f"{m.seconds:.2f}", f"{m.cpu_seconds:.2f}", f"{m.triples / m.cpu_seconds:.0f}", f"{m.peak_mb:.0f}") for m in report.measures
    ]
    print_table([("", "", _("seconds"), _("CPU s"), _("triples/CPU s"), _("peak MB")), *rows], right={2, 3, 4, 5})
    click.echo()
    for what in ("write", "read"):
        told = _("{times:.1f} times as fast as rdflib, with {share:.0%} of its memory")
        click.echo(f"{what:<6}{isolated(told.format(times=report.faster(what), share=report.leaner(what)))}")
