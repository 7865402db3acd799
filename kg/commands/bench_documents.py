"""kg bench documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.bench import measuring
from kg.console import FILE, models_option, print_table, write_json
from kg.language import _, directed, ngettext

if TYPE_CHECKING:
    from kg.bench_documents import Report


@click.command(name="documents")
@click.argument("sizes", metavar="[SIZE]...", nargs=-1, type=click.IntRange(min=1))
@click.option(
    "--corpus", type=FILE, metavar="FILE", help="A text file (.txt, .xz, .gz) in which blank lines part articles.  [default: the reports of seeds/]"
)
@click.option("--workers", default=1, show_default=True, metavar="N", type=click.IntRange(min=1), help="Processes that read.")
@click.option("--graph-limit", metavar="N", type=click.IntRange(min=0), help="See kg build.")
@click.option("--kills", default=0, show_default=True, metavar="N", type=click.IntRange(min=0), help="Kill the largest build so often, with -9.")
@click.option("--seed", default=1, show_default=True, metavar="N", type=int, help="Of the documents, and of the moments of killing.")
@models_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_documents(
    sizes: Sequence[int], corpus: Path | None, workers: int, graph_limit: int | None, kills: int, seed: int, models: str | None, as_json: bool
) -> None:
    """Measure kg build for corpora of several sizes.

    Draws sentences from articles, makes SIZE documents of 40 to 60 words of them (default: 50 and 200), and runs kg build on them: seconds,
    memory of the process and of its workers, and how both grow. With --kills, the largest build is run once more, killed at random
    moments, and has to end with the same files.
    """
    from kg.bench import articles, first_words
    from kg.bench_documents import CORPUS, measure
    from kg.documents import read
    from kg.problems import Problems, refuse

    documents = first_words(articles(corpus) if corpus else read(("seeds",), Problems(refuse)), CORPUS)
    options = ["--workers", str(workers)]
    options += ["--graph-limit", str(graph_limit)] if graph_limit is not None else []
    options += ["--models", models] if models else []
    report = measure(documents, sizes or (50, 200), options=options, kills=kills, seed=seed, progress=measuring)
    if as_json:
        write_json(report.to_json())
    else:
        print_documents(report)


def print_documents(report: Report) -> None:
    """The figures as a table."""
    first = report.runs[0]
    table: list[tuple[str, ...]] = [
        (
            _("documents"),
            _("words"),
            _("seconds"),
            _("CPU s"),
            _("words/s"),
            _("CPU ms/word"),
            _("x first"),
            _("parent MB"),
            _("worker MB"),
            _("together MB"),
            _("x first"),
        )
    ]
    for run in (report.one, *report.runs):
        reading = run is not report.one
        table.append(
            (
                f"{run.documents:,}",
                f"{run.words:,}",
                f"{run.seconds:.1f}",
                f"{run.cpu_seconds:.1f}",
                f"{1000 / report.a_word(run):.0f}" if reading else "-",
                f"{report.cpu_a_word(run):.2f}" if reading else "-",
                f"{report.cpu_a_word(run) / report.cpu_a_word(first):.2f}" if reading else "-",
                f"{run.parent_mb:.0f}",
                f"{run.worker_mb:.0f}" if run.worker_mb else "-",
                f"{run.all_mb:.0f}",
                f"{run.all_mb / first.all_mb:.2f}" if reading else "-",
            )
        )
    print_table(table, right=set(range(11)))
    if report.kills:
        told = ngettext("killed {n} time, and the same files in the end", "killed {n} times, and the same files in the end", report.kills)
        click.echo("\n" + directed(told.format(n=report.kills)))
