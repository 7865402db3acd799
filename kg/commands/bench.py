"""kg bench."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.console import FILE, finish, models_option, print_table, reported, say, write_json
from kg.language import _, directed

if TYPE_CHECKING:
    from kg.bench import Report
    from kg.model import Document
    from kg.problems import Problems


@click.group(name="bench")
def bench_group() -> None:
    """Measure how fast kg is and what it needs."""


inputs_argument = click.argument("inputs", metavar="[INPUT]...", nargs=-1)
corpus_option = click.option("--corpus", type=FILE, metavar="FILE", help="A text file (.txt, .xz, .gz) in which blank lines part articles.")
words_option = click.option("--words", default=20_000, show_default=True, metavar="N", type=click.IntRange(min=1), help="Stop after so many words.")


@bench_group.command(name="pipeline")
@inputs_argument
@corpus_option
@words_option
@models_option
@click.option("--threads", metavar="N", type=click.IntRange(min=1), help="Threads of PyTorch.  [default: as many as it takes]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_pipeline(inputs: Sequence[str], corpus: Path | None, words: int, models: str | None, threads: int | None, as_json: bool) -> None:
    """Measure kg beside a plain Stanza pipeline.

    Reads the same documents (default: seeds/) with a plain stanza.Pipeline document by document, with kg's pipeline, with
    all of kg extract, each in a process of its own, and with as many processes as cores: words a second, also by processor,
    load time and peak memory.
    """
    from kg.bench import compare

    problems = reported()
    report = compare(given(inputs, corpus, words, problems), models=models, threads=threads, progress=measuring)
    if as_json:
        write_json(report.to_json())
    else:
        print_speed(report)
    finish(problems)


def given(inputs: Sequence[str], corpus: Path | None, words: int, problems: Problems) -> list[Document]:
    """The documents to measure on: so many words of the inputs and the corpus, of seeds/ where nothing is named."""
    from kg.bench import articles, first_words
    from kg.documents import read

    if not inputs and corpus is None and Path("seeds").is_dir():
        inputs = ("seeds",)
    return first_words(chain(read(inputs, problems), articles(corpus) if corpus else ()), words)


def measuring(what: str) -> None:
    """Say what is measured now, to whoever looks on."""
    if sys.stderr.isatty():
        say(_("measuring {what}").format(what=what))


def print_speed(report: Report) -> None:
    """The figures as tables."""
    first = report.runs[0]
    about = _("{documents} documents, {words} words, PyTorch threads: {threads}, models: {models}")
    click.echo(directed(about.format(documents=first.documents, words=first.words, threads=first.threads, models=report.models)) + "\n")
    table = [("", _("words/s"), _("x naive"), _("seconds"), _("CPU s"), _("load s"), _("peak MB"), _("processes"))]
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
            print_table([(run.variant, _("words/s"), _("share"), _("seconds")), *rows], right={1, 2, 3})
