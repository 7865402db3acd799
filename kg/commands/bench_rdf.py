"""kg bench rdf."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kg.console import print_table, say, write

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

    report = compare(triples, progress=lambda what: say(f"measuring {what}") if sys.stderr.isatty() else None)
    if as_json:
        write(json.dumps(_values(report), indent=1) + "\n")
        return
    click.echo(f"{report.triples} triples, {report.file_mb:.1f} MB of Turtle\n")
    rows = [
        (m.what, m.who, f"{m.seconds:.2f}", f"{m.cpu_seconds:.2f}", f"{m.triples / m.cpu_seconds:.0f}", f"{m.peak_mb:.0f}") for m in report.measures
    ]
    print_table([("", "", "seconds", "CPU s", "triples/CPU s", "peak MB"), *rows], right={2, 3, 4, 5})
    click.echo()
    for what in ("write", "read"):
        click.echo(f"{what:<6}{report.faster(what):.1f} times as fast as rdflib, with {report.leaner(what):.0%} of its memory")


def _values(report: Report) -> dict[str, object]:
    ratios = {what: {"times_as_fast": report.faster(what), "share_of_memory": report.leaner(what)} for what in ("write", "read")}
    return {**asdict(report), "ratios": ratios}
