"""kg serve."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import click

from kg.console import FILE, FOLDER, ended_by_signal, say, token_of
from kg.errors import KgError
from kg.language import _, strerror


@click.command()
@click.argument("files", metavar="[FILE...]", nargs=-1, type=FILE)
@click.option("--store", type=FOLDER, metavar="DIR", help="The store to serve, as kg build --store fills it.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Where to listen; one that others reach demands a token.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), metavar="N", help="The port; 0 takes a free one.")
@click.option("--token-env", metavar="VAR", help="The environment variable that holds the token that clients must send.")
@click.option("--token-file", type=FILE, metavar="FILE", help="A file that holds the token.")
@click.option("--timeout", default=30.0, show_default=True, type=click.FloatRange(min=0.01), metavar="SECONDS", help="How long a query may take.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1), metavar="MB", help="The longest answer, in megabytes.")
@click.option("--cors", metavar="ORIGIN", help="The web origin whose pages may ask this server; * for any.")
@ended_by_signal()
def serve(
    files: Sequence[Path], store: Path | None, host: str, port: int, token_env: str | None, token_file: Path | None, timeout: float, limit: int,
    cors: str | None,
) -> None:  # fmt: skip
    """Serve a store: SPARQL, the picture, a query page.

    It serves the store of --store, or what the FILEs hold (RDF, or what kg extract printed), until Ctrl-C. Nothing can be written through it.
    """
    from kg.serve import Settings, loaded
    from kg.serve import serve as run

    if (store is None) == (not files):
        raise click.UsageError(_("say what to serve: --store DIR, or files."))
    settings = Settings(host, port, _token(token_env, token_file), timeout, limit, cors)
    with nullcontext(store) if store else loaded(files) as folder:
        run(folder, settings, lambda address: say(_("serving {address} (Ctrl-C ends it)").format(address=address)))


def _token(variable: str | None, file: Path | None) -> str | None:
    """The token. KgError if it is not where it is said to be."""
    if variable and file:
        raise click.UsageError(_("--token-env and --token-file exclude each other."))
    if variable:
        return token_of(variable)
    if file:
        try:
            token = file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as e:
            raise KgError(_("{file}: cannot be read: {why}").format(file=file, why=strerror(e))) from e
        if not token:
            raise KgError(_("{file} holds no token").format(file=file))
        return token
    return None
