"""kg load."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from kg.console import FILE, OUT, checked_base, say, token_of, utf8
from kg.language import _, ngettext, padded

KINDS = ("oxigraph", "virtuoso", "fuseki", "graphdb", "stardog", "neptune", "qlever")


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--endpoint", required=True, metavar="URL", help="The server: its address, or that of its queries.")
@click.option("--graph", metavar="IRI", callback=utf8, help="The graph for triples that name none.  [default: one a file, below the base]")
@click.option("--base", metavar="IRI", callback=checked_base, help="The base of the data, as in kg build.")
@click.option("--user", metavar="NAME", callback=utf8, help="Who you are; the password comes from --password-stdin.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@click.option("--token-env", metavar="VAR", help="The environment variable that holds an access token.")
@click.option("--kind", type=click.Choice(KINDS), help="What the server is, where kg does not find out.")
@click.option(
    "--via", type=click.Choice(("gsp", "update")), help="Write by Graph Store Protocol or SPARQL Update.  [default: gsp where there is one]"
)
@click.option("--query-url", metavar="URL", help="Where the server answers queries, if not where its kind does.")
@click.option("--update-url", metavar="URL", help="Where it takes updates.")
@click.option("--gsp-url", metavar="URL", help="Where it speaks the Graph Store Protocol.")
@click.option("--chunk", type=click.IntRange(min=1), metavar="N", help="Triples in one request.  [default: as the server likes]")
@click.option("--retries", default=5, show_default=True, type=click.IntRange(min=0), metavar="N", help="How often a request is tried again.")
@click.option(
    "--timeout", default=300.0, show_default=True, type=click.FloatRange(min=0.1), metavar="SECONDS", help="How long to wait for an answer."
)
@click.option("--state", type=OUT, metavar="FILE", help="Where a run that is cut notes how far it came.")
def load(
    files: Sequence[Path], endpoint: str, graph: str | None, base: str | None, user: str | None, password_stdin: bool, token_env: str | None,
    kind: str | None, via: Any, query_url: str | None, update_url: str | None, gsp_url: str | None, chunk: int | None, retries: int,
    timeout: float, state: Path | None,
) -> None:  # fmt: skip
    """Load RDF files into a SPARQL server.

    Each named graph of FILE replaces that of the server; its other graphs stay. Then the triples are counted. A run that
    was cut goes on where it stopped when it is started again.
    """
    from kg.namespaces import DEFAULT_BASE
    from kg.remote import load as run
    from kg.remote_http import Http, checked_url
    from kg.remote_server import connect
    from kg.remote_staging import Staged, checked_graph

    urls = {"query_url": query_url, "update_url": update_url, "gsp_url": gsp_url}
    for url in (endpoint, *urls.values()):
        if url is not None:
            checked_url(url)
    graph = None if graph is None else checked_graph(graph)
    with Http(_credentials(user, password_stdin, token_env), timeout=timeout) as http, _meter() as (total, advance):
        http.retry(retries)
        server = connect(endpoint, http, kind=kind, via=via, **urls)

        def started(staged: Staged) -> None:
            for file, name in staged.unnamed.items():
                say(_("{file}: what names no graph goes to <{name}>").format(file=file, name=name))
            say(_("loading into {server}").format(server=server))
            total(staged.triples)

        done = run(files, server, graph=graph, base=base or DEFAULT_BASE, chunk=chunk, state=state, started=started, progress=advance)
    if done.resumed:
        resumed = ngettext(
            "went on where an earlier run stopped: {n:,} triple was there",
            "went on where an earlier run stopped: {n:,} triples were there",
            done.resumed,
        )
        say(resumed.format(n=done.resumed))
    if done.shortened:
        say(
            ngettext(
                "{n:,} time an IRI is longer than the server keeps; it holds a short form, by which queries with the long one find it",
                "{n:,} times an IRI is longer than the server keeps; it holds a short form, by which queries with the long one find it",
                done.shortened,
            ).format(n=done.shortened)
        )
    for name, n in done.merged.items():
        merged = ngettext(
            "<{name}>: {n:,} triple has a value that the server takes for an equal one (as 007 and 7), and stands once",
            "<{name}>: {n:,} triples have values that the server takes for equal ones (as 007 and 7), and stand once",
            n,
        )
        say(merged.format(name=name, n=n))
    click.echo(f"{padded(_('graphs'), 8)}{done.graphs:>12}\n{padded(_('triples'), 8)}{done.triples:>12}")


def _credentials(user: str | None, password_stdin: bool, token_env: str | None) -> Any:
    from kg.remote_http import Credentials

    if token_env and (user or password_stdin):
        raise click.UsageError(_("--token-env and --user exclude each other."))
    if bool(user) != password_stdin:
        raise click.UsageError(_("--user and --password-stdin go together."))
    if token_env:
        return Credentials(token=token_of(token_env))
    if user:
        return Credentials(user, sys.stdin.buffer.readline().rstrip(b"\r\n").decode("utf-8", "replace"))
    return Credentials()


@contextmanager
def _meter() -> Iterator[tuple[Callable[[int], None], Callable[[int], None]]]:
    """Two functions, one for the number of triples to send and one for what was sent: a bar on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield (lambda total: None), (lambda triples: None)
        return

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = BarColumn(), MofNCompleteColumn(), TextColumn(_("triples")), TimeElapsedColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=None)
        yield (lambda total: bar.update(task, total=total)), (lambda triples: bar.advance(task, triples))
