"""kg bench."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.console import FILE, finish, models_option, print_table, reported, say, write

if TYPE_CHECKING:
    from kg.bench import Report


@click.group(name="bench")
def bench_group() -> None:
    """Measure how fast kg is and what it needs."""


@bench_group.command(name="pipeline")
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option("--corpus", type=FILE, metavar="FILE", help="A text file (.txt, .xz, .gz) in which blank lines part articles.")
@click.option("--words", default=20_000, show_default=True, metavar="N", type=click.IntRange(min=1), help="Stop after so many words.")
@models_option
@click.option("--threads", metavar="N", type=click.IntRange(min=1), help="Threads of PyTorch.  [default: as many as it takes]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_pipeline(inputs: Sequence[str], corpus: Path | None, words: int, models: str | None, threads: int | None, as_json: bool) -> None:
    """Measure kg beside a plain Stanza pipeline.

    Reads the same documents (default: seeds/) with a plain stanza.Pipeline document by document, with kg's pipeline, with
    all of kg extract, each in a process of its own, and with as many processes as cores: words a second, also by processor,
    load time and peak memory.
    """
    from kg.bench import articles, compare, first_words
    from kg.documents import read

    if not inputs and corpus is None and Path("seeds").is_dir():
        inputs = ("seeds",)
    problems = reported()
    documents = first_words(chain(read(inputs, problems), articles(corpus) if corpus else ()), words)
    report = compare(documents, models=models, threads=threads, progress=_measuring)
    if as_json:
        write(json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n")
    else:
        _print_report(report)
    finish(problems)


def _measuring(variant: str) -> None:
    if sys.stderr.isatty():
        say(f"measuring {variant}")


def _print_report(report: Report) -> None:
    first = report.runs[0]
    click.echo(f"{first.documents} documents, {first.words} words, PyTorch threads: {first.threads}, models: {report.models}\n")
    table = [("", "words/s", "x naive", "seconds", "CPU s", "load s", "peak MB", "processes")]
    for run in report.runs:
        table.append(
            (
                run.variant,
                f"{run.words_per_second:.0f}",
                f"{report.ratio(run.variant):.2f}",
                f"{run.seconds:.1f}",
                f"{run.cpu_seconds:.1f}",
                f"{run.load_seconds:.1f}",
                f"{run.peak_mb:.0f}",
                str(run.processes),
            )
        )
    print_table(table, right={1, 2, 3, 4, 5, 6, 7})
    for run in report.runs:
        if run.parts:
            rows = [(name, f"{run.words / s:.0f}", f"{s / run.seconds:.1%}", f"{s:.1f}") for name, s in run.parts.items()]
            click.echo()
            print_table([(run.variant, "words/s", "share", "seconds"), *rows], right={1, 2, 3})
