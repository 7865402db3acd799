"""`kg load` into real servers: everything arrives, once, however often; hostile text too; a run that is cut goes on."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.formats import read_quads
from kg.graph import Graph
from kg.model import Extraction
from kg.namespaces import DEFAULT_BASE, PREFIXES
from kg.rdf import quads, write
from kg.remote import load
from kg.text import is_arabic
from tests.end_to_end.servers import Running, oxigraph, server, virtuoso
from tests.serving import graph as example_graph

__all__ = ["oxigraph", "server", "virtuoso"]  # fixtures

XSD = PREFIXES["xsd"]
P = ox.NamedNode("https://example.org/p")


def by_graph(found: Iterable[ox.Quad], unnamed: str) -> dict[str, set[ox.Triple]]:
    out: dict[str, set[ox.Triple]] = {}
    for q in found:
        name = q.graph_name.value if isinstance(q.graph_name, ox.NamedNode) else unnamed
        out.setdefault(name, set()).add(q.triple)
    return out


def arabic(triples: Iterable[ox.Triple]) -> set[str]:
    """Literals with Arabic letters, with their languages."""
    return {str(t.object) for t in triples if isinstance(t.object, ox.Literal) and is_arabic(t.object.value)}


def loaded_twice(file: Path, server: Running, state: Path, *options: str) -> dict[str, set[ox.Triple]]:
    """Load a file twice and look each time: as many triples as it holds, its Arabic intact. Gives what the file holds."""
    unnamed = f"{DEFAULT_BASE}graph/file/{file.name.partition('.')[0]}"
    expected = by_graph(read_quads(file), unnamed)
    server.drop(list(expected))
    for _ in range(2):
        done = server.load(file, *options, XDG_STATE_HOME=str(state))
        assert done.returncode == 0, done.stderr
        total = sum(map(len, expected.values()))
        assert done.stdout.split() == ["graphs", str(len(expected)), "triples", str(total)]
        assert "equal ones" not in done.stderr
        assert {g: server.count(g) for g in expected} == {g: len(triples) for g, triples in expected.items()}
        for graph, triples in expected.items():
            assert arabic(server.read(graph)) == arabic(triples)
    assert not list(state.rglob("*.jsonl"))
    return expected


@pytest.mark.parametrize("via", ["gsp", "update"])
@pytest.mark.parametrize("suffix", [".trig", ".ttl", ".nq.gz"])
def test_loading_twice_is_loading_once(suffix: str, via: str, server: Running, tmp_path: Path) -> None:
    file = tmp_path / f"demo{suffix}"
    if suffix == ".nq.gz":
        write(example_graph(), tmp_path / "demo.nq")
        file.write_bytes(gzip.compress((tmp_path / "demo.nq").read_bytes()))
    else:
        write(example_graph(), file)
    expected = loaded_twice(file, server, tmp_path / "state", "--via", via, "--chunk", "500")
    if suffix == ".trig":
        assert {name.removeprefix(DEFAULT_BASE) for name in expected} >= {"d1", "d2", "graph/edges", "graph/lexicon"}
        # What kg writes is in the form that both servers keep, but for the last zeros of decimals, which Virtuoso cuts off.
        for graph, triples in expected.items():
            assert plain(server.read(graph)) == plain(triples)


def plain(triples: Iterable[ox.Triple]) -> set[str]:
    return {f"{t.subject} {t.predicate} {decimal(t.object)}" for t in triples}


def decimal(term: Any) -> str:
    if isinstance(term, ox.Literal) and term.datatype.value == XSD + "decimal":
        return repr(float(term.value))
    return str(term)


@pytest.mark.slow
def test_the_demo_graph(server: Running, demo: Path, tmp_path: Path) -> None:
    assert len(loaded_twice(demo / "graph.ttl", server, tmp_path)) == 1


@pytest.mark.slow
def test_the_users_article(server: Running, article: dict[str, Any], tmp_path: Path) -> None:
    write(Graph.of([Extraction.from_json(article)]), tmp_path / "article.nq")
    expected = loaded_twice(tmp_path / "article.nq", server, tmp_path)
    assert sum(map(len, expected.values())) > 100
    assert ("روسيا",) in server.select('SELECT DISTINCT ?l WHERE { ?e a kgo:State ; rdfs:label ?l FILTER (lang(?l) = "ar") }')


def test_other_graphs_stay_and_old_triples_go(server: Running, tmp_path: Path) -> None:
    a, b = tmp_path / "a.nt", tmp_path / "b.nt"
    a.write_text('<urn:s> <urn:p> "قديم" .\n<urn:s> <urn:p> "1" .\n', encoding="utf-8")
    b.write_text('<urn:s> <urn:p> "جديد" .\n', encoding="utf-8")
    assert server.load(a, "--graph", "urn:kg:one").returncode == 0
    assert server.load(a, "--graph", "urn:kg:two").returncode == 0
    done = server.load(b, "--graph", "urn:kg:one")
    assert "goes to <urn:kg:one>" in done.stderr
    assert [t.object.value for t in server.read("urn:kg:one")] == ["جديد"]
    assert server.count("urn:kg:two") == 2


# Hostile graphs

HOSTILE = [
    "", " ", "  a  ", "a\nb\r\nc\td", "a\rb", "\x00", "a\x01\x08\x0b\x0c\x1b[31m\x7f\x85", "\u202eabc\u202c\u200f\u200e\u2066x\u2069", "'''\"\"\"\\",
    "\\u0041 \\n", "\ufeffبداية", "\ufffd\ufffe\uffff", "\u2028\u2029", "😀𝒳\U0010ffff", "<a>&amp;</a>", "?? ?x $y %s {0} ${a} @ar ^^<x> . } ;",
    "كـتابٌ، «مَدرسة»؟ ٣٤٥", "e\u0301é", "ك" * 3_000, "نص طويل " * 40_000,
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
LANGUAGES = st.sampled_from(["ar", "en", "ar-eg", "ar-latn-x-foo"])
SEGMENTS = st.one_of(
    st.sampled_from(["سيرغي-شويغو", "a'b(c),d;e!f~g*", "%D8%B3", "😀", "a/../b/./c", "x" * 1_800, "ك" * 900, "?q=a&b=c", "#ع"]),
    st.text("abcابتث-_.0123", min_size=1, max_size=12),
)
IRIS = SEGMENTS.map(lambda s: ox.NamedNode(f"https://example.org/kg/{s}"))
NODES = st.one_of(IRIS, st.integers(0, 3).map(lambda n: ox.BlankNode(f"b{n}")))
# In the form that every server keeps; no two of one value.
TYPED = st.one_of(
    st.integers(-(2**31), 2**31 - 1).map(lambda n: ox.Literal(str(n), datatype=ox.NamedNode(XSD + "integer"))),
    st.integers(0, 9_999).map(lambda n: ox.Literal(f"{n}.5", datatype=ox.NamedNode(XSD + "decimal"))),
    st.dates().map(lambda d: ox.Literal(d.isoformat(), datatype=ox.NamedNode(XSD + "date"))),
    TEXTS.map(lambda t: ox.Literal(t, datatype=ox.NamedNode("https://example.org/نوع"))),
)
LITERALS = st.one_of(TEXTS.map(ox.Literal), st.tuples(TEXTS, LANGUAGES).map(lambda x: ox.Literal(x[0], language=x[1])), TYPED)
GRAPHS = st.lists(st.builds(ox.Triple, NODES, IRIS, st.one_of(LITERALS, NODES)), min_size=1, max_size=12)
NUMBERS = count()


def canonical(triples: Iterable[ox.Triple]) -> set[ox.Quad]:
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


@pytest.mark.parametrize("via", ["gsp", "update"])
def test_hostile_graphs_come_back_isomorphic(via: str, server: Running, tmp_path: Path) -> None:
    with server.connected(via) as connected:

        @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(GRAPHS)
        def there_and_back(triples: list[ox.Triple]) -> None:
            file, graph = tmp_path / "hostile.nt", f"https://example.org/kg/رسم/{next(NUMBERS)}"
            file.write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
            done = load([file], connected, graph=graph, state=tmp_path / "state")
            assert done.triples == len(set(triples)) and not done.merged and not done.shortened
            assert canonical(server.read(graph)) == canonical(triples)

        there_and_back()


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: ascii(t[:12]))
def test_hostile_texts_one_by_one(text: str, server: Running, tmp_path: Path) -> None:
    """Those that hypothesis takes its time to come to: each first in its request, as that is where Virtuoso looks for the format."""
    triples = [ox.Triple(P, P, o) for o in (ox.Literal(text), ox.Literal(text, language="ar"))]
    (tmp_path / "text.nt").write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
    with server.connected() as connected:
        load([tmp_path / "text.nt"], connected, graph="urn:kg:text", state=tmp_path / "state")
    assert set(server.read("urn:kg:text")) == set(triples)


def test_equal_values_count_once_where_the_server_says_so(server: Running, tmp_path: Path) -> None:
    file = tmp_path / "equal.nt"
    lines = [f'<urn:s> <urn:p> "{v}"^^<{XSD}{d}> .\n' for v, d in (("7", "integer"), ("007", "integer"), ("0.5", "decimal"), ("0.50", "decimal"))]
    file.write_text("".join(lines), encoding="utf-8")
    done = server.load(file, "--graph", "urn:kg:equal")
    assert done.returncode == 0, done.stderr
    assert "<urn:kg:equal>: 2 triples have values that the server takes for equal ones" in done.stderr
    assert server.count("urn:kg:equal") == 2


def test_long_iris_are_told_where_the_server_shortens_them(server: Running, tmp_path: Path) -> None:
    file, long = tmp_path / "long.nt", f"https://example.org/{'ع' * 1_000}"
    file.write_text(f'<{long}> <urn:p> "<{"x" * 3_000}>" .\n', encoding="utf-8")
    done = server.load(file, "--graph", "urn:kg:long")
    assert done.returncode == 0, done.stderr
    assert ("1 time an IRI is longer" in done.stderr) == (server.name == "virtuoso")
    assert len(server.select(f"SELECT ?o WHERE {{ GRAPH <urn:kg:long> {{ <{long}> ?p ?o }} }}")) == 1


def test_thousands_of_triples_by_update(server: Running, tmp_path: Path) -> None:
    """More than Virtuoso's compiler takes in one text."""
    file = tmp_path / "many.nt"
    file.write_text("".join(f'<urn:s{i}> <urn:p> "نص {i}"@ar .\n' for i in range(6_000)), encoding="utf-8")
    with server.connected("update") as connected:
        assert load([file], connected, graph="urn:kg:many", state=tmp_path / "state").triples == 6_000
    assert server.count("urn:kg:many") == 6_000


# Cut, disturbed, refused


def test_a_killed_run_goes_on(server: Running, tmp_path: Path) -> None:
    file, state = tmp_path / "demo.nq", tmp_path / "state.jsonl"
    write(example_graph(), file)
    expected = by_graph(quads(example_graph()), "")
    server.drop(list(expected))
    options = ["--chunk", "5", "--state", str(state)]
    command = [sys.executable, "-m", "kg.cli", "load", str(file), "--endpoint", server.endpoint, *server.options, *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, encoding="utf-8")
    assert process.stdin
    process.stdin.write(server.stdin)
    process.stdin.close()
    while not state.exists() or len(state.read_text(encoding="utf-8").splitlines()) < 8:
        assert process.poll() is None, "it was done before it could be killed"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert sum(server.count(g) for g in expected) < sum(map(len, expected.values()))

    done = server.load(file, *options)
    assert done.returncode == 0, done.stderr
    assert "went on where an earlier run stopped" in done.stderr
    assert {g: server.count(g) for g in expected} == {g: len(triples) for g, triples in expected.items()}
    assert not state.exists()
    assert "went on" not in server.load(file, *options).stderr


def test_who_writes_meanwhile_is_found_out(server: Running, tmp_path: Path) -> None:
    file, state = tmp_path / "a.nt", tmp_path / "state"
    file.write_text('<urn:s> <urn:p> "1" .\n<urn:s> <urn:p> "2" .\n', encoding="utf-8")
    with server.connected() as connected:

        def disturb(triples: int) -> None:
            if triples:
                connected.put("urn:kg:disturbed", [b'<urn:other> <urn:p> "3" .\n'], replace=False)

        with pytest.raises(KgError, match=r"<urn:kg:disturbed>: the server holds 3 triples and not the 2"):
            load([file], connected, graph="urn:kg:disturbed", state=state, progress=disturb)
        assert not state.exists()
        assert load([file], connected, graph="urn:kg:disturbed", state=state).triples == 2


def test_a_wrong_password(virtuoso: Running, tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\n")
    for via in ("gsp", "update"):
        arguments = [sys.executable, "-m", "kg.cli", "load", tmp_path / "a.nt", "--endpoint", virtuoso.endpoint, "--via", via]
        wrong = subprocess.run([*arguments, "--user", "dba", "--password-stdin"], input="falsch\n", capture_output=True, text=True, check=False)
        assert (wrong.returncode, wrong.stderr.count("\n"), wrong.stdout) == (2, 1, "")
        assert "does not accept this user and password" in wrong.stderr and "falsch" not in wrong.stderr
        nobody = subprocess.run(arguments, capture_output=True, text=True, check=False)
        assert nobody.returncode == 2 and "give --user NAME --password-stdin" in nobody.stderr.splitlines()[-1]


def test_no_password_is_left_anywhere(virtuoso: Running, tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\n")
    done = virtuoso.load(tmp_path / "a.nt", "--graph", "urn:kg:a", "--chunk", "1", XDG_STATE_HOME=str(tmp_path))
    assert done.returncode == 0 and virtuoso.password and virtuoso.password not in done.stdout + done.stderr
    assert not [p for p in tmp_path.rglob("*.jsonl") if virtuoso.password in p.read_text(encoding="utf-8")]


def sendings(server: Running) -> Iterator[tuple[str | None, ...]]:
    yield from server.select(
        "SELECT DISTINCT ?who ?what ?whom WHERE { ?e a kgo:Send ; kgo:agent/rdfs:label ?who ; kgo:theme/rdfs:label ?what ; "
        "kgo:recipient/rdfs:label ?whom "
        'FILTER (lang(?who) = "ar" && lang(?what) = "ar" && lang(?whom) = "ar") }'
    )


def test_a_query_over_all_graphs(server: Running, tmp_path: Path) -> None:
    write(example_graph(), tmp_path / "demo.trig")
    assert server.load(tmp_path / "demo.trig").returncode == 0
    assert {
        ("كيم جونغ أون", "جندي", "روسيا"),
        ("كوريا الشمالية", "صواريخ باليستية", "روسيا"),
        ("إيران", "طائرة مسيرة", "روسيا"),
    } <= set(sendings(server))
