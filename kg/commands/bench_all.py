"""kg bench all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.bench import corpus_option, given, inputs_argument, measuring, print_speed, words_option
from kg.commands.bench_documents import print_documents
from kg.commands.bench_rdf import print_rdf
from kg.commands.bench_view import print_view
from kg.console import finish, models_option, print_table, reported, say, write_json
from kg.language import _, directed, ngettext

if TYPE_CHECKING:
    from kg.bench import Report
    from kg.bench_all import Measured
    from kg.bench_shares import Shares
    from kg.bench_start import Start

PARTS = ("start", "speed", "shares", "memory", "rdf", "view")


@click.command(name="all")
@inputs_argument
@corpus_option
@words_option
@models_option
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="Measure this part only; repeatable.  [default: all]")
@click.option(
    "--documents",
    "sizes",
    multiple=True,
    metavar="N",
    type=click.IntRange(min=1),
    help="Memory for corpora of so many documents; repeatable.  [default: 100, 1000, 10000]",
)
@click.option(
    "--triples", default=100_000, show_default=True, metavar="N", type=click.IntRange(min=1), help="How large the graph is that is written."
)
@click.option(
    "--nodes",
    multiple=True,
    metavar="N",
    type=click.IntRange(min=2),
    help="How large the graphs are that are drawn; repeatable.  [default: 200, 2000]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_all(
    inputs: Sequence[str], corpus: Path | None, words: int, models: str | None, parts: Sequence[str], sizes: Sequence[int], triples: int,
    nodes: Sequence[int], as_json: bool,
) -> None:  # fmt: skip
    """Measure everything, beside what it compares with.

    Start-up, speed by stage and with several processes, the shares of Stanza and of the relation layer, the memory of growing corpora, writing
    of RDF, the page in a browser. Every figure has its ratio to what was measured beside it in the same run. Takes an hour;
    --part and the sizes shorten it. Exit status 1 if a part could not be measured.
    """
    from kg.bench_all import NODES, SIZES, Settings, about, measure

    problems = reported()
    documents = given(inputs, corpus, words, problems)
    settings = Settings(models, parts or PARTS, sizes or SIZES, triples, nodes or NODES)
    done: list[Measured] = []
    for measured in measure(documents, settings, measuring):
        done.append(measured)
        if not as_json:
            _print(measured)
    if as_json:
        write_json({**about(documents), **{m.part: m.to_json() for m in done}})
    failed = [m for m in done if m.failure]
    for m in failed:
        say(_("{part} could not be measured: {why}").format(part=m.part, why=m.failure))
    outcome = ngettext("{n} part could not be measured", "{n} parts could not be measured", len(failed)).format(n=len(failed))
    finish(problems, outcome if failed else "")


def _print(measured: Measured) -> None:
    click.echo(f"{measured.part}\n")
    if measured.result is None:
        click.echo(directed(_("not measured")))
    else:
        _PRINTERS[measured.part](measured.result)
    click.echo()


def _print_start(start: Start) -> None:
    runs = (("kg --help", start.help), (_("kg extract, first document"), start.first_document), (_("stanza.Pipeline, loaded"), start.stanza))
    rows = [(name, f"{begun.seconds:.2f}", f"{begun.cpu_seconds:.2f}", f"{start.ratio(begun):.2f}") for name, begun in runs]
    print_table([("", _("seconds"), _("CPU s"), _("x stanza")), *rows], right={1, 2, 3})


def _print_speed(report: Report) -> None:
    print_speed(report)
    processes = report.runs[-1].processes
    told = _("{n} processes are {times:.2f} times as fast as one").format(n=processes, times=report.ratio("workers", "extract"))
    click.echo(f"\n{directed(told)}")


def _print_shares(shares: Shares) -> None:
    rows = [(name, f"{s:.2f}", f"{s / shares.cpu_seconds:.1%}", f"{shares.words / s:.0f}") for name, s in shares.stages.items()]
    print_table([(_("stage"), _("CPU s"), _("share"), _("words/CPU s")), *rows], right={1, 2, 3})
    told = _("inside Stanza and PyTorch {inside:.1%}, relation layer {relations:.1%} of {seconds:.1f} CPU s")
    told = told.format(inside=shares.share_inside, relations=shares.share_of_relations, seconds=shares.cpu_seconds)
    click.echo(f"\n{directed(told)}")


_PRINTERS: dict[str, Callable[[Any], None]] = {
    "start": _print_start, "speed": _print_speed, "shares": _print_shares, "memory": print_documents, "rdf": print_rdf,
    "view": lambda pages: print_view(pages.runs),
}  # fmt: skip
