"""kg build, kg extract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.console import (
    FOLDER,
    OUT,
    checked_base,
    ended_by_signal,
    finish,
    frames_option,
    identity_option,
    inputs_argument,
    lexicon_option,
    max_chars_option,
    models_option,
    progress,
    reported,
    say,
    utf8,
    verbose_option,
    write,
)
from kg.language import N_, _, padded

if TYPE_CHECKING:
    from kg.api import Filled

workers_option = click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    help="Processes that read, each with its own models (1 GB).  [default: 1 for up to about 120,000 characters, else one a core, as memory allows]",
)
timeout_option = click.option(
    "--timeout", metavar="SECONDS", type=click.FloatRange(min=0, min_open=True), help="Skip documents that take longer.  [default: wait]"
)
cluster_option = click.option(
    "--cluster", metavar="ADDRESS", help="Read on a Ray cluster: ray://HOST:PORT, HOST:PORT from a machine of it, or local to start one here."
)
gpus_option = click.option(
    "--gpus", metavar="N", type=click.FloatRange(min=0), default=0, show_default="0", help="GPUs of each process on the cluster, or a part of one."
)


def _shards_option(default: str) -> Callable[[click.decorators.FC], click.decorators.FC]:
    return click.option(
        "--shards", metavar="DIR|URL", help=f"Where the cluster's machines all read and write: a folder, or s3://BUCKET/PATH.  [default: {default}]"
    )


def _check_cluster(cluster: str | None, shards: str | None, gpus: float, cache: Path | None) -> None:
    if not cluster and (shards or gpus):
        raise click.UsageError(_("--shards and --gpus are for --cluster."))
    if cluster and cache:
        raise click.UsageError(_("--cache is for reading on this machine: --cluster keeps what it reads in --shards."))


@click.command()
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option("-o", "--output", default="out", show_default=True, metavar="DIR", type=FOLDER, help="Where to write.")
@models_option
@lexicon_option
@frames_option
@identity_option
@click.option("--base", metavar="IRI", callback=checked_base, help="What the IRIs of the graph start with; ends in / or #.")
@click.option("--title", metavar="TEXT", callback=utf8, help="The heading of the page.")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["nt", "nq", "trig", "jsonld", "rdf", "graphml", "csv", "void"]),
    help="Write the graph in this format too; void describes it; repeatable.",
)
@click.option(
    "--graph-limit",
    metavar="N",
    type=click.IntRange(min=0),
    default=1000,
    show_default="1000",
    help="Documents up to which the graph is made in memory. Of more, it is a store, DIR/graph.store, and the page shows a part.",
)
@click.option("--store", metavar="DIR", type=FOLDER, help="Fill a store instead, a document at a time.")
@click.option("--with-text", is_flag=True, help="Keep the texts of the documents in the store.")
@workers_option
@timeout_option
@click.option("--cache", metavar="DIR", type=FOLDER, help="Where extractions are kept for the next run.  [default: .kg-cache in the output]")
@click.option("--no-cache", is_flag=True, help="Read everything, and keep nothing for the next run.")
@cluster_option
@_shards_option(".kg-shards in the output")
@gpus_option
@max_chars_option
@click.option("--report", metavar="FILE", type=OUT, help="Write a page on the run: read, found, skipped, how fast.")
@verbose_option
@ended_by_signal()
def build(
    inputs: Sequence[str],
    output: Path,
    models: str | None,
    lexicon: Sequence[Path],
    frames: Sequence[Path],
    identity: Sequence[Path],
    base: str | None,
    title: str | None,
    formats: Sequence[str],
    graph_limit: int,
    store: Path | None,
    with_text: bool,
    workers: int | None,
    timeout: float | None,
    cache: Path | None,
    no_cache: bool,
    cluster: str | None,
    shards: str | None,
    gpus: float,
    max_chars: int,
    report: Path | None,
) -> None:
    """Build the graph of what INPUT says (default: seeds/).

    Writes graph.ttl (RDF), graph.html (open it in a browser) and extractions.jsonl into DIR. Old files there are replaced
    when the new ones are complete, and kept when no input could be read. --format adds graph.trig, graph.graphml and so on.

    With --store, documents go into an RDF store in a folder, in which a document that is there already is replaced; see kg query.

    A run that was interrupted goes on where it was when it is started again. Documents that crash the process that reads
    them, or take longer than --timeout, are named, skipped and counted.
    """
    if cache and no_cache:
        raise click.UsageError(_("--cache and --no-cache exclude each other."))
    _check_cluster(cluster, shards, gpus, cache)
    if store:
        _refuse_options_of_files()
    elif with_text:
        raise click.UsageError(_("--with-text is for --store."))
    from kg.api import extract, fill, write
    from kg.documents import read
    from kg.graph_files import STORE
    from kg.identity import load_identity
    from kg.logs import logged
    from kg.namespaces import DEFAULT_BASE
    from kg.run_report import Watch

    # A mistake in it is told before the models are loaded.
    same = load_identity(identity, base or DEFAULT_BASE) if identity and not store else None
    kept = None if no_cache else cache or (store or output) / ".kg-cache"
    if cluster and not no_cache:
        shards = shards or str((store or output) / ".kg-shards")
    problems = reported()
    with Watch.of(report, frames, problems, title) as watch:
        documents = watch.documents(read(inputs or ("seeds",), problems, max_chars=max_chars))
        found = extract(
            documents, models=models, lexicon=lexicon, frames=frames, workers=workers, timeout=timeout, cache=kept,
            cluster=cluster, shards=shards, gpus=gpus, problems=problems,
        )  # fmt: skip
        passing = progress(watch.extractions(logged(found)))
        if store:
            filled = fill(passing, store, base=base, lexicon=lexicon, frames=frames, identity=identity, texts=with_text)
        else:
            summary = write(
                passing,
                output,
                base=base or DEFAULT_BASE,
                title=title,
                lexicon=lexicon,
                frames=frames,
                identity=same,
                formats=formats,
                graph_limit=graph_limit,
            )
    if store:
        _print_filled(filled, store)
        finish(problems, "" if filled.read else _("nothing was read and nothing added"))
        return
    if not summary.documents:
        finish(problems, _("nothing was read and nothing written"))
    for name in (N_("documents"), N_("entities"), N_("events"), N_("facts")):
        click.echo(f"{padded(_(name), 10)}{getattr(summary, name):>8}")
    for file in (*summary.files, *([report] if report else [])):
        click.echo(file)
    _say_unmatched(summary.unmatched)
    if summary.shown is not None:
        message = _(
            "the graph is too large for memory (--graph-limit {limit}): {store} holds it, and the page shows {shown:,} of {all:,} entities, "
            "those that most documents mention and what takes part in events with them"
        )
        say(message.format(limit=graph_limit, store=output / STORE, shown=summary.shown, all=summary.entities))
    finish(problems)


def _refuse_options_of_files() -> None:
    options = click.get_current_context()
    for name in ("output", "title", "formats", "graph_limit"):
        if options.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            option = f"--{name.removesuffix('s').replace('_', '-')}"
            raise click.UsageError(_("{option} is for the files that kg build writes without --store.").format(option=option))


def _print_filled(filled: Filled, store: Path) -> None:
    for name, number in ((_("read"), filled.read), (_("documents"), filled.documents)):
        click.echo(f"{padded(name, 10)}{number:>8}")
    click.echo(store)
    _say_unmatched(filled.unmatched)
    if filled.outdated:
        message = _(
            "{n:,} of {all:,} documents were put in with other --identity, --frames or --lexicon files, or those of another kg, "
            "and stay as they are until they are given again"
        )
        say(message.format(n=filled.outdated, all=filled.documents))


def _say_unmatched(names: Sequence[str]) -> None:
    for iri in names:
        say(_("<{iri}> is named by --identity and stands in none of these documents").format(iri=iri))


@click.command()
@inputs_argument
@models_option
@lexicon_option
@frames_option
@workers_option
@timeout_option
@click.option("--cache", metavar="DIR", type=FOLDER, help="Where extractions are kept for the next run.  [default: nowhere]")
@cluster_option
@_shards_option("a folder that goes at the end")
@gpus_option
@max_chars_option
@verbose_option
@ended_by_signal()
def extract(
    inputs: Sequence[str],
    models: str | None,
    lexicon: Sequence[Path],
    frames: Sequence[Path],
    workers: int | None,
    timeout: float | None,
    cache: Path | None,
    cluster: str | None,
    shards: str | None,
    gpus: float,
    max_chars: int,
) -> None:
    """Print entities, events and facts as JSON lines.

    One object a document, in the order of INPUT, each as soon as it and all before it are there. Documents that crash the
    process that reads them, or take longer than --timeout, are named, skipped and counted.
    """
    _check_cluster(cluster, shards, gpus, cache)
    from kg.api import extract as run
    from kg.api import json_line
    from kg.documents import read
    from kg.logs import logged

    problems = reported()
    documents = read(inputs, problems, max_chars=max_chars)
    found = run(
        documents, models=models, lexicon=lexicon, frames=frames, workers=workers, timeout=timeout, cache=cache,
        cluster=cluster, shards=shards, gpus=gpus, problems=problems,
    )  # fmt: skip
    for extraction in progress(logged(found)):
        write(json_line(extraction))
    finish(problems)
