"""Ray clusters of several nodes on the loopback interface, each node as `ray start` makes it, with a core of its own."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import psutil

from tests.serving import free_port

ROOT = Path(__file__).resolve().parents[1]
RAY = Path(sys.executable).parent / "ray"

#: Bytes that a process with models has at least, and none of Ray's.
_MODELS = 600_000_000


class Nodes:
    """A cluster. `address`: for a driver on one of its machines; `client`: for others; `environment`: what both need."""

    def __init__(self, count: int = 2) -> None:
        self._folder = TemporaryDirectory(prefix="kg-test-ray-", dir="/tmp", ignore_cleanup_errors=True)
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(32),
        }
        self._processes: list[subprocess.Popen[bytes]] = []
        self._port, self._client_port = free_port(), free_port()
        self.address, self.client = f"{_host(0)}:{self._port}", f"ray://{_host(0)}:{self._client_port}"
        self._count = count

    def __enter__(self) -> Nodes:
        head = ("--head", f"--port={self._port}", f"--ray-client-server-port={self._client_port}", "--include-dashboard=false")
        try:
            self._start(*head, f"--temp-dir={self._folder.name}")
            for _ in range(self._count - 1):
                self._start(f"--address={self.address}")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for n in reversed(range(len(self._processes))):
            self.kill(n)
        self._folder.cleanup()

    def processes(self, node: int) -> list[psutil.Process]:
        """All processes of a node now: its raylet, its workers, and theirs."""
        try:
            first = psutil.Process(self._processes[node].pid)
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def reading(self, node: int) -> list[int]:
        """The numbers of the processes of a node that hold models now."""
        found = []
        for process in self.processes(node):
            with suppress(psutil.NoSuchProcess):
                if process.memory_info().rss > _MODELS:
                    found.append(process.pid)
        return found

    def kill(self, node: int) -> None:
        """End all processes of a node at once, as a machine does whose power goes."""
        for process in (there := self.processes(node)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(there, timeout=30)
        self._processes[node].wait()

    def _start(self, *arguments: str) -> None:
        log = Path(self._folder.name, f"node-{len(self._processes)}.log")
        command = [str(RAY), "start", "--block", "--num-cpus=1", "--object-store-memory=100000000", "--disable-usage-stats", *arguments]
        command += [f"--node-ip-address={_host(len(self._processes))}", f"--dashboard-agent-listen-port={free_port()}"]
        # Ray gives up after half a minute, which a busy machine may need.
        for _attempt in range(3):
            with log.open("wb") as out:
                process = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
            self._processes.append(process)
            while "Ray runtime started" not in (said := log.read_text(encoding="utf-8", errors="replace")) and process.poll() is None:
                time.sleep(0.2)
            if process.poll() is None:
                return
            self.kill(len(self._processes) - 1)
            self._processes.pop()
        raise AssertionError(f"ray start has ended: {said}")


def _host(node: int) -> str:
    """The address of a node on the loopback interface. In place of 127.0.0.1 Ray would take one that other machines can reach."""
    return f"127.0.0.{node + 2}"
