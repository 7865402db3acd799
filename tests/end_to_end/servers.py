"""SPARQL servers for tests: private ones, in a folder of their own, on free ports of this machine, ended when the tests are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
import requests
from requests.auth import HTTPDigestAuth

from kg.namespaces import PREFIXES
from kg.remote_http import Credentials, Http
from kg.remote_server import Server, connect
from tests.serving import free_port

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
VIRTUOSO = "virtuoso-t"
PASSWORD = "كلمة-geheim"  # also a test of the way in which it is sent
_ROUNDS = 600  # of 0.1 s in which a server has to start


@dataclass(frozen=True)
class Running:
    """A server that runs."""

    name: str
    endpoint: str
    gsp: str
    query_url: str
    user: str | None = None
    password: str | None = None
    union: str = ""  # what makes the union of all graphs the default graph of a query

    @property
    def auth(self) -> HTTPDigestAuth | None:
        return HTTPDigestAuth(self.user, self.password) if self.user else None

    def load(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """`kg load` into this server."""
        command = [sys.executable, "-m", "kg.cli", "load", *map(str, arguments), "--endpoint", self.endpoint, *self.options]
        env = {**os.environ, **environment}
        return subprocess.run(command, input=self.stdin, env=env, capture_output=True, text=True, check=False, encoding="utf-8")

    @property
    def options(self) -> list[str]:
        return ["--user", self.user, "--password-stdin"] if self.user else []

    @property
    def stdin(self) -> str:
        return f"{self.password}\n" if self.user else ""

    @contextmanager
    def connected(self, via: str | None = None) -> Iterator[Server]:
        """The server as kg's own code sees it."""
        with Http(Credentials(self.user, self.password)) as http:
            yield connect(self.endpoint, http, via=via)  # type: ignore[arg-type]

    def select(self, query: str, union: bool = True) -> list[tuple[str | None, ...]]:
        """The rows of a query, in their order, each value as text; the default graph is the union of all graphs if `union`."""
        prefixes = "".join(f"PREFIX {p}: <{iri}> " for p, iri in PREFIXES.items())
        url = self.query_url + (self.union if union else "")
        answer = requests.post(
            url, data={"query": prefixes + query}, auth=self.auth, headers={"Accept": "application/sparql-results+json"}, timeout=120
        )
        assert answer.ok, answer.text
        found = json.loads(answer.content)
        return [tuple(row[v]["value"] if v in row else None for v in found["head"]["vars"]) for row in found["results"]["bindings"]]

    def count(self, graph: str) -> int:
        ((n,),) = self.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}", union=False)
        return int(n or 0)

    def read(self, graph: str) -> list[ox.Triple]:
        """The triples of a graph."""
        answer = requests.get(self.gsp, params={"graph": graph}, auth=self.auth, headers={"Accept": "application/n-triples"}, timeout=120)
        assert answer.ok, answer.text
        return [q.triple for q in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)]

    def drop(self, graphs: Sequence[str]) -> None:
        for graph in graphs:
            requests.delete(self.gsp, params={"graph": graph}, auth=self.auth, timeout=120)


@contextmanager
def running(command: Sequence[str | Path], answers: str, log: Path) -> Iterator[None]:
    """A process, from when it answers at an address."""
    with log.open("wb") as output:
        process = subprocess.Popen(list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        for _ in range(_ROUNDS):
            if process.poll() is not None:
                pytest.fail(f"{command[0]} ended: {log.read_text(errors='replace')}")
            try:
                if requests.get(answers, params={"query": "ASK {}"}, timeout=10).ok:
                    break
            except requests.ConnectionError:
                pass
            time.sleep(0.1)
        else:
            pytest.fail(f"{command[0]} does not answer: {log.read_text(errors='replace')}")
        yield
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(60)


@contextmanager
def running_oxigraph(folder: Path) -> Iterator[Running]:
    """An empty Oxigraph server."""
    if not OXIGRAPH.exists():
        pytest.fail(f"{OXIGRAPH.name} is not installed: pip install oxigraph")
    address = f"127.0.0.1:{free_port()}"
    url = f"http://{address}"
    with running([OXIGRAPH, "serve", "--location", folder / "store", "--bind", address], f"{url}/query", folder / "oxigraph.log"):
        yield Running("oxigraph", url, f"{url}/store", f"{url}/query", union="?union-default-graph")


_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
NumberOfBuffers = 20000
MaxDirtyBuffers = 12000
CaseMode = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 5
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 60
"""


@contextmanager
def running_virtuoso(folder: Path) -> Iterator[Running]:
    """An empty Virtuoso with its own settings, database and ports, and a password for dba. Skips where there is none to start."""
    if not shutil.which(VIRTUOSO):
        pytest.skip(f"{VIRTUOSO} is not installed: apt-get install virtuoso-opensource")
    http = free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(folder=folder, sql=free_port(), http=http), encoding="utf-8")
    with (folder / "password.log").open("wb") as log:
        # Makes the database, sets the password and ends.
        command = [VIRTUOSO, "+foreground", "+configfile", str(ini), "+pwdold", "dba", "+pwddba", PASSWORD]
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=300, check=False)
    assert "password is changed" in (folder / "password.log").read_text(errors="replace"), done
    url = f"http://127.0.0.1:{http}"
    with running([VIRTUOSO, "+foreground", "+configfile", str(ini)], f"{url}/sparql", folder / "virtuoso.out"):
        yield Running("virtuoso", url, f"{url}/sparql-graph-crud-auth", f"{url}/sparql-auth", "dba", PASSWORD)


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_oxigraph(tmp_path_factory.mktemp("oxigraph")) as server:
        yield server


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_virtuoso(tmp_path_factory.mktemp("virtuoso")) as server:
        yield server


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest) -> Running:
    """Each server in turn."""
    found: Running = request.getfixturevalue(request.param)
    return found


__all__ = ["Running", "oxigraph", "running_oxigraph", "running_virtuoso", "server", "virtuoso"]
