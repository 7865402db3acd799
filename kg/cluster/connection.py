"""A connection to a Ray cluster, in a process of its own.

What a driver of Ray prints, from threads and from C++, on stdout too, would stand among the extractions there. Nothing is told to anybody
else: a cluster that kg starts has no usage statistics and no dashboard, and is for this machine and this run alone.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from shutil import rmtree
from tempfile import TemporaryDirectory
from threading import Thread
from types import TracebackType
from typing import Any, Self

from kg.cluster.ray_data import conductor
from kg.cluster.reading import How, Row
from kg.errors import KgError
from kg.language import _, use
from kg.logs import log, logs
from kg.machine import cores

LOCAL = "local"

#: Bytes for what goes through Ray on this machine: rows, which are small.
_OBJECTS = 100_000_000

#: How often a cluster is started here, before it is given up: Ray allows half a minute, which a busy machine may not have.
_STARTS = 3

#: Where the folder of a cluster lies: its name is part of those of sockets, which may have some hundred bytes.
_SHORT = "/tmp"  # nosec B108

#: Seconds within which a cluster has to answer, and the process here has to end.
_PATIENCE = 15


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the process with the connection has to know. folder: for a cluster of its own."""

    address: str
    how: How
    processes: int | None
    gpus: float
    folder: str
    verbose: bool


class Cluster:
    """Reads rows on a Ray cluster. Leaving it ends the work there, and the cluster too if it is a `local` one."""

    def __init__(self, address: str, how: How, *, processes: int | None = None, gpus: float = 0) -> None:
        """Args: see `kg.cluster.extract`. KgError if there is nothing at the address."""
        from importlib.util import find_spec

        if find_spec("ray") is None or find_spec("pyarrow") is None:
            raise KgError(_("--cluster needs Ray: pip install 'arabic-kg[cluster]'"))
        if address != LOCAL:
            _knock(address)
        self._folder = TemporaryDirectory(prefix="kg-ray-", dir=_SHORT if os.path.isdir(_SHORT) else None, ignore_cleanup_errors=True)
        wanted = _Wanted(address, how, processes, gpus, self._folder.name, logs())
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, wanted), daemon=True)
        self._process.start()
        theirs.close()
        self._working = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pipe.close()
        if not self._working:  # it sees that and ends by itself
            self._process.join(_PATIENCE)
        self._process.terminate()
        self._process.join(_PATIENCE)
        self._process.kill()
        self._process.join()
        self._folder.cleanup()

    def read(self, rows: Sequence[Row]) -> Iterator[Row]:
        """Have rows read, and give each as soon as that is done, in any order; without those that were lost again and again.

        Raises:
            KgError: nothing can be read, or the cluster is gone.
        """
        self._pipe.send(rows)
        self._working = True
        while True:
            try:
                row: Row | KgError | None = self._pipe.recv()
            except (EOFError, OSError) as e:
                raise KgError(_("the connection to the Ray cluster has ended: start the run again to go on")) from e
            if row is None:
                self._working = False
                return
            if isinstance(row, KgError) or row.error:
                raise KgError(str(row) if isinstance(row, KgError) else row.error)
            log("shard", shard=row.shard, document=row.document, machine=row.machine, seconds=row.seconds)
            yield row


def _knock(address: str) -> None:
    """KgError if nobody answers at an address: Ray itself would wait for minutes."""
    host, _colon, port = address.removeprefix("ray://").rstrip("/").rpartition(":")
    if not host or not port.isdigit():
        raise KgError(_("{address} is no address of a Ray cluster: give ray://HOST:PORT, HOST:PORT or local").format(address=address))
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except (OSError, OverflowError) as e:
        raise KgError(_("cannot reach the Ray cluster at {address}: {why}").format(address=address, why=_reason(e))) from e


def _work(pipe: Connection, wanted: _Wanted) -> None:
    """What the process does until it is ended: take rows, and say what comes of them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it is told, and ends it
    Thread(target=_end_with_parent, args=(wanted.folder,), daemon=True).start()
    use(wanted.how.language)
    _redirect(wanted.verbose)
    try:
        ray = _connected(wanted)
        there = conductor(ray, wanted.how)
        while True:
            rows = pipe.recv()
            for row in _read(ray, there, rows, wanted):
                pipe.send(row)
            pipe.send(None)
    except KgError as e:
        pipe.send(e)
    except (EOFError, OSError):
        pass  # nobody is there any more
    finally:
        if "ray" in sys.modules:
            sys.modules["ray"].shutdown()


def _read(ray: Any, there: Any, rows: Sequence[Row], wanted: _Wanted) -> Iterator[Row]:
    try:
        if why := ray.get(there.begin.remote([(row.shard, row.document) for row in rows], wanted.processes, wanted.gpus)):
            raise KgError(why)
        while (done := ray.get(there.next.remote())) is not None:
            yield Row(**done)
    except (ray.exceptions.RayError, ConnectionError) as e:
        message = _("the Ray cluster at {address} gave up ({why}): start the run again to go on")
        raise KgError(message.format(address=wanted.address, why=_reason(e))) from e


def _connected(wanted: _Wanted) -> Any:
    """The module `ray`, connected with the cluster."""
    # Read when it is imported, and inherited by a cluster that is started here.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.WARNING}
    if wanted.address == LOCAL:
        # On the loopback interface (without this, whose name tells of something else, on all), and only for who has the secret.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        os.environ["RAY_AUTH_MODE"], os.environ["RAY_AUTH_TOKEN"] = "token", secrets.token_hex(32)
        options |= {"num_cpus": cores(), "include_dashboard": False, "object_store_memory": _OBJECTS, "_temp_dir": wanted.folder}
    import ray

    for again in reversed(range(_STARTS if wanted.address == LOCAL else 1)):
        try:
            ray.init(wanted.address, **options)
            break
        except Exception as e:  # of any kind: Ray has no common one
            ray.shutdown()
            if not again:
                raise KgError(_("cannot reach the Ray cluster at {address}: {why}").format(address=wanted.address, why=_reason(e))) from e
    return ray


def _redirect(verbose: bool) -> None:
    """Send what is printed to stderr, and nowhere if nobody asked for it."""
    target = os.dup(2) if verbose else os.open(os.devnull, os.O_WRONLY)
    for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
        with suppress(AttributeError, ValueError):
            stream.flush()
        os.dup2(target, number)


def _end_with_parent(folder: str) -> None:
    """End when the parent does, even by `kill -9`, with a cluster that was started here."""
    if parent := parent_process():
        wait([parent.sentinel])
        import psutil

        own = psutil.Process()
        processes = [*own.children(recursive=True), own]
        # Ray ends this process as soon as the cluster is gone, and would leave the folder: another one, without Ray's threads, sees to that.
        if not hasattr(os, "fork") or os.fork() == 0:
            others = [p for p in processes if p.pid != os.getpid()]
            for process in others:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(others, timeout=_PATIENCE)  # until then they may write there
            rmtree(folder, ignore_errors=True)
        os._exit(1)


def _reason(error: BaseException) -> str:
    """An error in one line: the last of those in its text, if Ray has put tracebacks there."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b.*: ", line)]
    return (named[-1] if named else getattr(error, "strerror", None) or next(iter(lines), type(error).__name__))[:300]
