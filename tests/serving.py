"""`kg serve` in a process of its own, and requests to it that say all they send."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode, urlsplit

from kg.graph import Graph
from kg.model import Extraction

EXTRACTIONS = Path(__file__).parent / "data" / "extractions.jsonl"


def examples() -> list[Extraction]:
    return [Extraction.from_json(json.loads(line)) for line in EXTRACTIONS.read_text(encoding="utf-8").splitlines()]


def graph(base: str = "https://example.org/kg/") -> Graph:
    return Graph.of(examples(), base)


def free_port() -> int:
    """A port of this machine that nothing has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()

    def rows(self) -> set[tuple[str, ...]]:
        """The values of a JSON result, with None's text for what is not bound."""
        found = json.loads(self.body)
        return {tuple(row.get(v, {}).get("value", "-") for v in found["head"]["vars"]) for row in found["results"]["bindings"]}


class Server:
    """A running `kg serve` on a free port."""

    def __init__(self, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "kg.cli", "serve", *map(str, arguments)]
        if "--port" not in arguments:
            command += ["--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        assert self.process.stderr
        self.started = self.process.stderr.readline()
        self.address = next((w for w in self.started.split() if w.startswith("http")), "")
        self.netloc = urlsplit(self.address).netloc

    def __enter__(self) -> Server:
        if not self.address:
            self.process.wait(60)
            raise AssertionError(f"kg serve did not start: {self.started}")
        return self

    def __exit__(self, type: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGTERM)

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """Send a signal; exit status, stdout and what more stood on stderr."""
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """A request with these headers and no others but Host (`Content_Type` is Content-Type)."""
        connection = http.client.HTTPConnection(self.netloc, timeout=120)
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        reply = Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        connection.close()
        return reply

    def get(self, path: str, parameters: Mapping[str, str] | list[tuple[str, str]] | None = None, **headers: str) -> Reply:
        return self.request("GET", f"{path}?{urlencode(parameters)}" if parameters else path, None, **headers)

    def query(self, query: str, *graphs: tuple[str, str], **headers: str) -> Reply:
        """A query by GET, with (parameter, graph) as the protocol has them."""
        return self.get("/sparql", [("query", query), *graphs], **headers)
