"""Loading into servers, up to the server: what is staged, where it would be sent, how requests are tried again and who asks.

The servers here are small ones of this file, which are busy or ask for a password when a test needs that. tests/end_to_end/test_load.py
has real ones.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner, Result

from kg.cli import cli
from kg.commands.load import KINDS
from kg.errors import KgError
from kg.remote import load
from kg.remote_http import Credentials, Http, checked_url
from kg.remote_server import PRODUCTS, Server, connect
from kg.remote_staging import Staged, checked_graph, chunks, default_graph

XSD = "http://www.w3.org/2001/XMLSchema#"


def run(*arguments: str | Path, stdin: str = "", **environment: str) -> Result:
    return CliRunner().invoke(cli, ["load", *map(str, arguments)], input=stdin, env=environment)


# Staging


def test_graphs_are_sorted_and_have_each_triple_once(tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text("<urn:s> <urn:p> <urn:2> <urn:b> .\n<urn:s> <urn:p> <urn:1> <urn:b> .\n<urn:s> <urn:p> <urn:1> .\n")
    (tmp_path / "b.trig").write_text("<urn:a> { <urn:s> <urn:p> 'نص\\n'@ar } <urn:b> { <urn:s> <urn:p> <urn:1>, <urn:3> }")
    with Staged([tmp_path / "a.nq", tmp_path / "b.trig"]) as staged:
        found = {p.graph: [line.decode() for line in staged.lines(p)] for p in staged.pieces}
        assert found == {
            "https://example.org/kg/graph/file/a": ["<urn:s> <urn:p> <urn:1> .\n"],
            "urn:a": ['<urn:s> <urn:p> "نص\\n"@ar .\n'],
            "urn:b": [f"<urn:s> <urn:p> <urn:{i}> .\n" for i in (1, 2, 3)],
        }
        assert list(staged.unnamed) == [tmp_path / "a.nq"]
        assert [line.decode()[-5] for line in staged.lines(staged.pieces[-1], after=1)] == ["2", "3"]
    with Staged([tmp_path / "b.trig", tmp_path / "a.nq"]) as other:
        assert other.digest == staged.digest


def test_where_triples_without_a_graph_go() -> None:
    assert default_graph(Path("out/graph.ttl")) == "https://example.org/kg/graph/file/graph"
    assert default_graph(Path("أخبار 1.nt.gz"), "urn:x#") == "urn:x#graph/file/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1%201"


def test_two_files_of_one_name_do_not_become_one_graph(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "graph.nt").write_text(f"<urn:s> <urn:p> <urn:{name}> .\n")
    files = [tmp_path / "a" / "graph.nt", tmp_path / "b" / "graph.nt"]
    with pytest.raises(KgError, match="would both be the graph"):
        Staged(files)
    with Staged(files, graph="urn:both") as staged:
        assert [(p.graph, p.triples) for p in staged.pieces] == [("urn:both", 2)]


def test_blank_nodes_of_two_files_are_two_and_a_graph_that_is_one_is_refused(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.nq").write_text("_:x <urn:p> <urn:o> <urn:g> .\n")
    (tmp_path / "c.nq").write_text("<urn:s> <urn:p> <urn:o> _:g .\n")
    with Staged([tmp_path / "a.nq", tmp_path / "b.nq"]) as staged:
        (piece,) = staged.pieces
        assert piece.blank and piece.triples == 2
    with pytest.raises(KgError, match="blank node for its name"):
        Staged([tmp_path / "c.nq"])


def test_equal_values() -> None:
    values = [
        ["7", "007", "+7", "7.0"], ["true", "1"], ["-0.0", "0"], ["2025-03-27T10:00:00Z", "2025-03-27T13:00:00+03:00"], ["abc"], [""], ["07 "],
    ]  # fmt: skip
    types = ["integer", "boolean", "double", "dateTime", "integer", "integer", "string"]
    for group, type in zip(values, types, strict=True):
        with staged_lines([f'<urn:s> <urn:p> "{v}"^^<{XSD}{type}> <urn:g> .\n' for v in group]) as staged:
            assert staged.pieces[0].triples == len(group) and staged.values(staged.pieces[0]) == 1
    with staged_lines([f'<urn:s> <urn:p> "x"{tag} <urn:g> .\n' for tag in ("", "@ar", "@ar-eg", "@ar-EG")]) as staged:
        assert staged.values(staged.pieces[0]) == 3


@contextmanager
def staged_lines(lines: list[str]) -> Iterator[Staged]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "x.nq"
        file.write_text("".join(lines), encoding="utf-8")
        with Staged([file]) as staged:
            yield staged


def test_chunks_keep_to_both_limits() -> None:
    lines = [b"x" * n for n in (5, 5, 50, 1, 1, 1)]
    assert [len(c) for c in chunks(lines, 2, 12)] == [2, 1, 2, 1]
    assert [line for c in chunks(lines, 4, 11) for line in c] == lines
    assert list(chunks([], 2, 10)) == []


@pytest.mark.parametrize("graph", ["", "x", "urn:a b", "urn:<x>", "http://[x/", "urn:a\n"])
def test_graphs_that_are_no_iri(graph: str) -> None:
    with pytest.raises(KgError, match="no absolute IRI"):
        checked_graph(graph)
    assert checked_graph("https://example.org/رسم#١") == "https://example.org/رسم#١"


# Servers


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = (self.command, self.path, dict(self.headers), body)
        self.server.seen.append(seen)  # type: ignore[attr-defined]
        status, headers, answer = self.server.answer(*seen)  # type: ignore[attr-defined]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_GET = do_HEAD = do_POST = do_PUT = handle_any

    def version_string(self) -> str:
        return str(self.server.product)  # type: ignore[attr-defined]


Answer = tuple[int, dict[str, str], bytes]
Seen = list[tuple[str, str, dict[str, str], bytes]]
ASKED, COUNTED = b'{"head": {}, "boolean": true}', b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "1"}}]}}'


@contextmanager
def small_server(answer: Callable[[str, str, dict[str, str], bytes], Answer], product: str = "x") -> Iterator[tuple[str, Seen]]:
    """The address of a server that answers so, and what it is sent."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.answer, server.seen, server.product = answer, [], product  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", server.seen  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


def well(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
    """A server to which all is well."""
    if headers.get("Accept") != "application/sparql-results+json":
        return 204, {}, b""
    return 200, {}, ASKED if b"ASK" in body else COUNTED


@pytest.mark.parametrize(
    ("product", "place", "end", "known", "addresses"),
    [
        ("Oxigraph/0.5", "", "", False, ("/query", "/update", "/store")),
        ("Oxigraph/0.5", "", "/query", False, ("/query", "/update", "/store")),
        ("Virtuoso/07.20", "", "/sparql", False, ("/sparql", "/sparql", "/sparql-graph-crud")),
        ("Virtuoso/07.20", "", "/", True, ("/sparql-auth", "/sparql-auth", "/sparql-graph-crud-auth")),
        ("Apache Jena Fuseki (5.1.0)", "/news", "/sparql", False, ("/news/query", "/news/update", "/news/data")),
        ("Apache", "/repositories/data", "", False, ("/repositories/data", "/repositories/data/statements", "/repositories/data/rdf-graphs/service")),
        ("stardog", "/news", "/query", True, ("/news/query", "/news/update", "/news")),
        ("neptune", "", "/sparql", False, ("/sparql", "/sparql", "/sparql/gsp/")),
        ("qlever", "/api/news", "", True, ("/api/news", "/api/news", "/api/news")),
        ("unheard of", "/a/b", "", False, ("/a/b", "/a/b", None)),
    ],
)
def test_where_products_answer(product: str, place: str, end: str, known: bool, addresses: tuple[str | None, ...]) -> None:
    with small_server(well, product) as (url, _), Http(Credentials("u", "p") if known else None) as http:
        server = connect(url + place + end, http)
        found = (server.query_url, server.update_url, server.gsp_url)
        assert found == tuple(a and url + a for a in addresses)
        assert server.via == ("gsp" if addresses[2] else "update")


def test_the_command_knows_the_products() -> None:
    assert set(KINDS) == set(PRODUCTS)


def test_addresses_that_are_given_win() -> None:
    with small_server(well, "Oxigraph") as (url, _), Http() as http:
        server = connect(url, http, update_url=f"{url}/write")
        assert (server.via, server.write_url, server.query_url) == ("update", f"{url}/write", f"{url}/query")
        assert connect(url, http, gsp_url=f"{url}/graphs").write_url == f"{url}/graphs"
        assert connect(url, http, kind="fuseki").write_url == f"{url}/data"
        with pytest.raises(KgError, match="give --gsp-url"):
            connect_unknown(http)


def connect_unknown(http: Http) -> Server:
    with small_server(well, "unheard of") as (url, _):
        return connect(url, http, via="gsp")


@pytest.mark.parametrize("answer", [b"<html>no</html>", b"[]", b'{"results": {}}'])
def test_what_is_no_sparql_server(answer: bytes) -> None:
    with small_server(lambda *_: (200, {}, answer)) as (url, _), Http() as http, pytest.raises(KgError, match="does not answer SPARQL queries"):
        connect(url, http)


def test_a_server_that_moved() -> None:
    moved = (301, {"Location": "https://new.example/"}, b"")
    message = r"sends us on to https://new\.example/"
    with small_server(lambda *_: moved) as (url, _), Http() as http, pytest.raises(KgError, match=message):
        connect(url, http)


# Trying again


def test_a_busy_server_is_asked_again(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\n")
    answers = iter([(503, {"Retry-After": "0"}, b""), (429, {}, b""), (502, {}, b"")])

    def busy(method: str, *rest: object) -> Answer:
        return next(answers, (204, {}, b"")) if method == "PUT" else well(method, *rest)  # type: ignore[arg-type]

    with small_server(busy, "Oxigraph") as (url, seen):
        done = run(tmp_path / "a.nt", "--endpoint", url, "--state", tmp_path / "state")
        assert done.exit_code == 0, done.stderr
        assert done.stdout.split() == ["graphs", "1", "triples", "1"]
        bodies = [body for method, _, _, body in seen if method == "PUT"]
        assert len(bodies) == 4 and len(set(bodies)) == 1 and b"<urn:s> <urn:p> <urn:o> ." in bodies[0]


def test_a_server_that_is_not_up_yet_is_asked_again(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\n")
    answers = iter([(503, {"Retry-After": "0"}, b"")] * 2)

    def starting(*request: object) -> Answer:
        return next(answers, None) or well(*request)  # type: ignore[arg-type]

    with small_server(starting, "Oxigraph") as (url, seen):
        done = run(tmp_path / "a.nt", "--endpoint", url, "--state", tmp_path / "state")
        assert done.exit_code == 0, done.stderr
        assert [method for method, *_ in seen][:3] == ["HEAD"] * 3


def test_patience_has_an_end_and_what_was_sent_is_noted(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:1> .\n<urn:s> <urn:p> <urn:2> .\n")

    def breaks(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        return (503, {"Retry-After": "0"}, b"<p>too\nbusy</p>") if b"urn:2" in body else well(method, path, headers, body)

    options = ("--endpoint", "", "--chunk", "1", "--retries", "1", "--state", tmp_path / "state")
    with small_server(breaks, "Oxigraph") as (url, seen):
        done = run(tmp_path / "a.nt", *options[:1], url, *options[2:])
        assert done.exit_code == 2 and done.stdout == ""
        last = done.stderr.splitlines()[-1]
        assert "the server answers 503 Service Unavailable: too busy (the same command goes on from here)" in last
        assert len([1 for *_, body in seen if b"urn:2" in body]) == 2
    notes = [json.loads(line) for line in (tmp_path / "state").read_text().splitlines()]
    assert notes[1:] == [{"graph": "https://example.org/kg/graph/file/a", "sent": 1}]


@pytest.mark.parametrize("state", ["", "{", '{"load": "ano', '{"load": "another"}\n', '{"load": "another"}\n{"graph": "x"'])
def test_a_state_file_of_another_load_begins_anew(state: str, tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\n")
    (tmp_path / "state").write_bytes(state.encode("latin-1"))
    with small_server(well, "Oxigraph") as (url, seen), Http() as http:
        done = load([tmp_path / "a.nt"], connect(url, http), state=tmp_path / "state")
        assert (done.triples, done.resumed) == (1, 0)
        assert [method for method, *_ in seen].count("PUT") == 1
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("content", ["<urn:s> <urn:p> <urn:o> .\n", "[]", "\x00\xff", '{"graph": 1}\n{"x": 2}\n'])
def test_a_file_of_something_else_is_no_state_file(content: str, tmp_path: Path) -> None:
    for name in ("a.nt", "state"):
        (tmp_path / name).write_bytes((content if name == "state" else "<urn:s> <urn:p> <urn:o> .\n").encode("latin-1"))
    with small_server(well, "Oxigraph") as (url, seen):
        done = run(tmp_path / "a.nt", "--endpoint", url, "--state", tmp_path / "state")
        assert "PUT" not in [method for method, *_ in seen]
    assert done.exit_code == 2 and "is a file of something else" in done.stderr.splitlines()[-1]
    assert (tmp_path / "state").read_bytes() == content.encode("latin-1")


def test_a_state_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\n")
    with small_server(well, "Oxigraph") as (url, _):
        done = run(tmp_path / "a.nt", "--endpoint", url, "--state", tmp_path / "a.nt" / "state")
    assert done.exit_code == 2 and "cannot write the state file" in done.stderr.splitlines()[-1]


def test_a_server_that_loses_triples_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:1> .\n<urn:s> <urn:p> <urn:2> .\n")
    with small_server(well, "Oxigraph") as (url, _):  # it says 1, whatever it is sent
        done = run(tmp_path / "a.nt", "--endpoint", url, "--state", tmp_path / "state")
    assert done.exit_code == 2
    assert "the server holds 1 triples and not the 2 of the file" in done.stderr.splitlines()[-1]


# Who asks


def guarded(expected: str, challenge: str) -> Callable[[str, str, dict[str, str], bytes], Answer]:
    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        return well(method, path, headers, body) if headers.get("Authorization") == expected else (401, {"WWW-Authenticate": challenge}, b"")

    return answer


def test_a_token_and_a_password_reach_the_server_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\n")
    with small_server(guarded("Bearer s3cret", "Bearer"), "Oxigraph") as (url, _):
        options = (tmp_path / "a.nt", "--endpoint", url, "--state", tmp_path / "state")
        done = run(*options, "--token-env", "TOKEN", TOKEN="s3cret")
        assert done.exit_code == 0 and "s3cret" not in done.output
        wrong = run(*options, "--token-env", "TOKEN", TOKEN="0ther")
        assert wrong.exit_code == 2 and "does not accept" in wrong.stderr and "0ther" not in wrong.stderr
        assert "asks who you are" in run(*options).stderr
    basic = "Basic " + base64.b64encode("علي:كلمة:سر".encode()).decode()
    with small_server(guarded(basic, 'Basic realm="x"'), "Oxigraph") as (url, _):
        done = run(tmp_path / "a.nt", "--endpoint", url, "--user", "علي", "--password-stdin", "--state", tmp_path / "state", stdin="كلمة:سر\nx\n")
        assert done.exit_code == 0, done.stderr
    assert "كلمة" not in repr(Credentials("علي", "كلمة", "s3cret")) and "s3cret" not in repr(Credentials(token="s3cret"))


def test_netrc_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with small_server(well, "Oxigraph") as (url, seen), Http() as http:
        connect(url, http)
        assert seen and all("Authorization" not in headers for _, _, headers, _ in seen)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--endpoint", "http://u:geheim@127.0.0.1:1"], "must not hold a user or password"),
        (["--endpoint", "localhost:7878"], "is no address of a server"),
        (["--endpoint", "http://[x"], "is no address of a server"),
        (["--endpoint", "http://127.0.0.1:1", "--gsp-url", "x"], "is no address of a server"),
        (["--endpoint", "http://127.0.0.1:1", "--graph", "x"], "no absolute IRI"),
        (["--endpoint", "http://127.0.0.1:1", "--token-env", "KG_NO_SUCH"], "holds no token"),
        (["--endpoint", "http://127.0.0.1:1", "--user", "x"], "go together"),
        (["--endpoint", "http://127.0.0.1:1", "--password-stdin"], "go together"),
        (["--endpoint", "http://127.0.0.1:1", "--token-env", "A", "--user", "x"], "exclude each other"),
        (["--endpoint", "http://127.0.0.1:1", "--retries", "0"], "cannot reach http://127.0.0.1:1: Connection refused"),
    ],
)
def test_mistakes(options: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\n")
    done = run(tmp_path / "a.nt", *options)
    assert done.exit_code == 2 and done.stdout == ""
    assert message in done.stderr and "geheim" not in done.stderr and "Traceback" not in done.stderr


def test_a_file_that_is_no_rdf_sends_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\nنص\n")
    with small_server(well, "Oxigraph") as (url, seen):
        done = run(tmp_path / "a.nt", "--endpoint", url, "--state", tmp_path / "state")
        assert done.exit_code == 2 and "a.nt:2: is not N-Triples" in done.stderr
        assert not [1 for method, *_ in seen if method == "PUT"]


def test_addresses() -> None:
    assert checked_url("https://x.example:8890/sparql") == "https://x.example:8890/sparql"
