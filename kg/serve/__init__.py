"""`kg serve`: a store on the web of this machine. A read-only SPARQL endpoint, the picture, a query page, a page for each thing.

    browser, client ─► guard (Host, token, origin, headers) ─► app ─► protocol, negotiation ─► children ─► child ─► evaluate │ entity │ stored

Needs the extra `[serve]` (starlette, uvicorn).
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError
from kg.language import _, strerror

#: How many queries run at a time.
CHILDREN = max(2, min(8, os.cpu_count() or 2))


@dataclass(frozen=True, slots=True)
class Settings:
    """How to serve.

    host, port: where to listen; port 0 takes a free one.
    token: what clients must know; it may be left out only where no other machine reaches the host.
    timeout: how long one query may take, in seconds.
    limit: the longest answer, in megabytes.
    origin: the origin whose pages may ask from a browser, "*" for any.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    token: str | None = None
    timeout: float = 30.0
    limit: int = 50
    origin: str | None = None


def serve(folder: Path, settings: Settings, started: Callable[[str], None] = lambda address: None) -> None:
    """Serve the store in a folder until the process is interrupted (KeyboardInterrupt).

    Args:
        folder: a store of kg, or one of Oxigraph.
        settings: how.
        started: called with the address when the server listens.

    Raises:
        KgError: the extra is not installed, the store cannot be opened, the address cannot be had, or the settings are unsafe.
    """
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ImportError as e:
        raise KgError(_("kg serve needs more packages: pip install 'arabic-kg[serve]'")) from e
    from kg.serve.app import application
    from kg.serve.child import quads
    from kg.serve.guard import Rules, is_loopback

    if folder.resolve() == quads(folder.resolve().parent):
        folder = folder.resolve().parent  # the database of a store of kg, which is served as such
    _check(folder)
    local = is_loopback(settings.host)
    if not local and not settings.token:
        raise KgError(_("other machines reach {host}: say with --token-env or --token-file what they must know").format(host=settings.host))
    listener = _listener(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    app = application(folder, CHILDREN, settings.timeout, settings.limit * 1_000_000, Rules(local, settings.token, settings.origin))
    config = uvicorn.Config(
        app, log_level="error", access_log=False, server_header=False, proxy_headers=False, lifespan="on", timeout_graceful_shutdown=2
    )  # fmt: skip
    server = uvicorn.Server(config)
    started(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
    server.run(sockets=[listener])


@contextmanager
def loaded(files: Sequence[Path]) -> Iterator[Path]:
    """The folder of a store for the time being with what files hold: RDF, or extractions. KgError if one cannot be read."""
    from kg.store import make_of
    from kg.store_query import read

    with tempfile.TemporaryDirectory(prefix="kg-serve-") as folder:
        make_of(Path(folder), (q for n, file in enumerate(files) for q in read(file, f"f{n}b")))
        yield Path(folder)


def _check(folder: Path) -> None:
    """KgError if there is no store in a folder, or somebody is filling it."""
    if (folder / "CURRENT").is_file():  # Oxigraph's own, without kg's lock
        return
    from kg.store import Reader

    Reader(folder).close()


def _listener(host: str, port: int) -> socket.socket:
    """A listening socket. KgError if the address is in use or not to be had."""
    try:
        family, _type, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(128)
        except OSError:
            listener.close()
            raise
    except OSError as e:
        raise KgError(
            _("cannot listen on {host}, port {port} ({why}): choose another with --port").format(host=host, port=port, why=strerror(e))
        ) from e
    return listener
