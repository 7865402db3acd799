"""kg.formats: every format holds what it is given, sorted, in bounded memory; what it cannot hold is refused by name."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.bench_rdf import generated
from kg.errors import KgError
from kg.extraction_files import read
from kg.formats import FORMATS, RDF12, prefixes_of, read_quads, write_quads
from kg.graph import Graph
from kg.jsonld import load_context, make_context
from kg.namespaces import DEFAULT_BASE, KGO, PREFIXES
from kg.rdf import prefixes, quads
from kg.sorting import Lines, Sorted, differing, parsed
from kg.validation import validate

EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"
RDFLIB = {".ttl": "turtle", ".nt": "nt", ".nq": "nquads", ".trig": "trig", ".jsonld": "json-ld", ".rdf": "xml"}
NAMED = [s for s, f in FORMATS.items() if f.supports_datasets]
XSD = PREFIXES["xsd"]


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://example.org/{name}")


def quad(s: str, p: str, o: object, g: str | None = None) -> ox.Quad:
    object = o if isinstance(o, (ox.NamedNode, ox.Literal, ox.BlankNode, ox.Triple)) else ox.Literal(str(o))
    return ox.Quad(node(s), node(p), object, node(g) if g else ox.DefaultGraph())


@pytest.fixture(scope="module")
def example() -> list[ox.Quad]:
    return quads(Graph.of(read(EXAMPLES)))


def held(found: Iterable[ox.Quad], suffix: str) -> set[ox.Quad] | set[ox.Triple]:
    """What a format can hold of statements."""
    return set(found) if suffix in NAMED else {q.triple for q in found}


# Round trips


@pytest.mark.parametrize("suffix", [*FORMATS, ".ttl.gz", ".nq.gz", ".TriG"])
def test_what_is_written_is_read_again(suffix: str, example: list[ox.Quad], tmp_path: Path) -> None:
    path = tmp_path / f"graph{suffix}"
    plain = suffix.removesuffix(".gz").lower()
    assert write_quads(iter(example), path) == len(held(example, plain))
    assert held(read_quads(path), plain) == held(example, plain)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert validate(path).conforms if not suffix.endswith(".gz") else gzip.decompress(path.read_bytes())


@pytest.mark.parametrize("suffix", FORMATS)
def test_rdflib_reads_the_same(suffix: str, example: list[ox.Quad], tmp_path: Path) -> None:
    path = tmp_path / f"graph{suffix}"
    write_quads(example, path)
    loaded = rdflib.Dataset(default_union=True)
    loaded.parse(path, format=RDFLIB[suffix])
    expected = rdflib.Graph()
    expected.parse(data=ox.serialize([q.triple for q in example], format=ox.RdfFormat.N_TRIPLES) or b"", format="nt")
    assert {(s, p, o) for s, p, o, _ in loaded.quads()} == set(expected)


@pytest.mark.parametrize("suffix", FORMATS)
def test_order_and_repetition_leave_no_trace(suffix: str, example: list[ox.Quad], tmp_path: Path) -> None:
    shuffled = [*example, *example[::3]]
    random.Random(3).shuffle(shuffled)
    write_quads(example, tmp_path / f"a{suffix}")
    write_quads(shuffled, tmp_path / f"b{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", [*FORMATS, ".nt.gz", ".graphml"])
def test_two_processes_write_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kg.formats import write_quads; from kg.merging import statements\n"
        f"write_quads(statements([Path({str(EXAMPLES)!r})]), Path(sys.argv[1]))"
    )
    paths = [tmp_path / f"{seed}{suffix}" for seed in ("1", "2")]
    for path in paths:
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, env={**os.environ, "PYTHONHASHSEED": path.name[0]})
    assert paths[0].read_bytes() == paths[1].read_bytes()


# Hostile graphs

HOSTILE = st.sampled_from(
    [
        '"', '"""', "'''", "\\", "\\u0041", "\\\\u0001", "a\nb", "a\r\nb", "\r", "\t", "\x00", "\x01", "\x0b", "\x1b[0m", "\ufffe", "\uffff",
        "\x7f\x85",
        "\u2028", "<script>", "]]>", "&amp;", "@ar", "^^x", "\u202eقلب", "\u2066a\u2069", 'قال "كذا"\n', "\ufeff", "<<( x y z )>>", " .\n", "x> <y",
        "طويل " * 400,
        "\U0001f600",
        " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ", "@value", "_:b0",
    ]
)  # fmt: skip
TEXTS = HOSTILE | st.text(st.characters(codec="utf-8"), max_size=30)
NAMES = st.sampled_from(["a", "b", "c", "agent", "é", "ر", "a-b", "a.b", "a,b", "a'b", "a(b)", "x//y", "a%20b", "a:b", "a@b", "a;b", "~"]).map(node)
PROPERTIES = st.sampled_from(
    [
        ox.NamedNode(iri)
        for iri in (PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label", KGO + "value", KGO + "agent", KGO + "polarity", KGO + "exact")
    ]
    + [node("p"), node("é"), ox.NamedNode(PREFIXES["dcterms"] + "date"), ox.NamedNode(PREFIXES["oa"] + "start"), ox.NamedNode("urn:x:property")]
)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    st.builds(lambda t, lang: ox.Literal(t, language=lang), TEXTS, st.sampled_from(["ar", "en", "ar-eg", "zh-hans"])),
    st.builds(lambda t, d: ox.Literal(t, datatype=d), TEXTS, st.sampled_from([node("type"), *(ox.NamedNode(XSD + d) for d in ("integer", "date"))])),
    st.sampled_from(["1", "01", "-0", "+1", str(2**64), "1.0", "true"]).map(lambda t: ox.Literal(t, datatype=ox.NamedNode(XSD + "integer"))),
    st.sampled_from(["1.50", "1", "INF", "0.1e1"]).map(lambda t: ox.Literal(t, datatype=ox.NamedNode(XSD + "decimal"))),
)
KG_NODES = st.sampled_from(
    [KGO + "positive", KGO + "exact", KGO + "label", DEFAULT_BASE + "d1/send-0", DEFAULT_BASE + "/x", "urn:x", "http://ex.org"]
)
OBJECTS = LITERALS | NAMES | KG_NODES.map(ox.NamedNode)
GRAPHS = st.lists(st.builds(ox.Quad, NAMES | KG_NODES.map(ox.NamedNode), PROPERTIES, OBJECTS, NAMES | st.just(ox.DefaultGraph())), max_size=12)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=GRAPHS)
def test_hostile_graphs_survive_every_format(graph: list[ox.Quad], tmp_path: Path) -> None:
    bad = [q.object.value for q in graph if isinstance(q.object, ox.Literal) and FORBIDDEN.search(q.object.value)]
    for suffix in FORMATS:
        path = tmp_path / f"graph{suffix}"
        if suffix == ".rdf" and bad:
            with pytest.raises(KgError, match=r"XML cannot hold the character U\+[0-9A-F]{4}, which stands in <.*> of <"):
                write_quads(graph, path)
            continue
        write_quads(graph, path)
        assert held(read_quads(path), suffix) == held(graph, suffix), suffix
        path.unlink()


def test_lone_surrogates_are_refused(tmp_path: Path) -> None:
    for name, data in (
        ("a.jsonld", '{"@id": "http://x/", "http://x/p": "\\ud800"}'),
        ("b.jsonld", '{"@id": "http://x/", "http://x/p": "a\\udc00b"}'),
        ("c.nt", '<http://x/> <http://x/p> "\\uD800" .'),
        ("d.ttl", '<http://x/> <http://x/p> "\\uDFFF" .'),
    ):
        (tmp_path / name).write_text(data, encoding="utf-8")
        with pytest.raises(KgError, match=rf"{name}:1: is not .*(half a character|not a valid unicode)"):
            list(read_quads(tmp_path / name))
    (tmp_path / "e.jsonld").write_text('{"@id": "http://x/", "http://x/p": "\\ud83d\\ude00"}', encoding="utf-8")
    assert [q.object for q in read_quads(tmp_path / "e.jsonld")] == [ox.Literal("😀")]


# What a format cannot hold


@pytest.mark.parametrize(
    ("text", "code"), [("a\x01b", "U+0001"), ("\\\x0b", "U+000B"), ("\b", "U+0008"), ("\\\f", "U+000C"), ("\ufffe", "U+FFFE"), ("\x00", "U+0000")]
)
@pytest.mark.parametrize("suffix", [".rdf", ".graphml"])
def test_what_xml_forbids_is_refused_by_name(suffix: str, text: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(KgError, match=rf"{re.escape(code)}, which stands in .*p.* of <http://example.org/s>"):
        write_quads([quad("s", "p", text)], tmp_path / f"g{suffix}")
    assert not list(tmp_path.iterdir())


def test_what_looks_like_an_escape_is_a_text(tmp_path: Path) -> None:
    graph = [quad("s", "p", "\\u0001"), quad("s", "p", "\\\\u0001 \\uFFFE\r")]
    write_quads(graph, tmp_path / "g.rdf")
    assert set(read_quads(tmp_path / "g.rdf")) == set(graph)


@pytest.mark.parametrize("iri", ["http://example.org/1", "http://example.org/p#", PREFIXES["rdf"] + "li", PREFIXES["rdf"] + "Description"])
def test_properties_that_are_no_names_of_xml(iri: str, tmp_path: Path) -> None:
    with pytest.raises(KgError, match="RDF/XML cannot hold the property"):
        write_quads([ox.Quad(node("s"), ox.NamedNode(iri), node("o"))], tmp_path / "g.rdf")
    write_quads([ox.Quad(node("s"), ox.NamedNode(iri), node("o"))], tmp_path / "g.jsonld")
    assert [q.predicate.value for q in read_quads(tmp_path / "g.jsonld")] == [iri]


def test_json_ld_refuses_what_it_would_change(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="for a name with the prefix schema"):
        write_quads([ox.Quad(ox.NamedNode("schema:x"), node("p"), node("o"))], tmp_path / "g.jsonld")
    with pytest.raises(KgError, match="triple term"):
        write_quads([quad("s", "p", quad("a", "b", "c").triple)], tmp_path / "g.jsonld")
    with pytest.raises(KgError, match="form for RDF"):
        write_quads([], tmp_path / "g.jsonld", rdf12=True)


# RDF 1.2


@pytest.mark.parametrize("suffix", RDF12)
def test_statements_in_rdf_12(suffix: str, example: list[ox.Quad], tmp_path: Path) -> None:
    new, old = tmp_path / f"new{suffix}", tmp_path / f"old{suffix}"
    write_quads(example, new, rdf12=True)
    found = list(read_quads(new))
    reified = {q.object for q in found if q.predicate.value == PREFIXES["rdf"] + "reifies"}
    statements = {q.subject for q in example if q.object == ox.NamedNode(PREFIXES["rdf"] + "Statement")}
    assert len({q.subject for q in found if isinstance(q.object, ox.Triple)}) == len(statements) > 5
    assert reified <= {q.triple for q in found}  # short edges, facts and candidates stand as triples too
    assert not any(q.predicate.value == PREFIXES["rdf"] + "subject" for q in found)
    write_quads(read_quads(new), old)
    assert held(read_quads(old), suffix) == held(example, suffix)


def test_a_reifier_of_two_triples_stays_as_it_is(tmp_path: Path) -> None:
    reifies = ox.NamedNode(PREFIXES["rdf"] + "reifies")
    graph = {ox.Quad(node("r"), reifies, quad("a", "p", o).triple) for o in ("1", "<<( x )>>")}
    write_quads(graph, tmp_path / "g.nt")
    assert set(read_quads(tmp_path / "g.nt")) == graph


# Reading


def test_errors_name_file_and_line(tmp_path: Path) -> None:
    cases = {
        "a.ttl": (b"<http://x/a> <http://x/b> 1 .\n<http://x/a> [ .", r"a\.ttl:2: is not Turtle"),
        "a.nt": (b'<http://x/a> <http://x/b> "\xff" .', r"a\.nt:1: is not N-Triples"),
        "a.rdf": (b"<rdf:RDF", r"a\.rdf: is not RDF/XML"),
        "a.jsonld": (b'{"@id": ', r"a\.jsonld:1: is not JSON-LD"),
        "a.nq.gz": (b"plain", r"cannot read .*a\.nq\.gz: Not a gzipped file"),
        "b.nt.gz": (gzip.compress(b"<http://x/a> <http://x/b> 1 .\n" * 99, mtime=0)[:-12], r"b\.nt\.gz"),
        "a.zip": (b"", "no RDF format has this suffix"),
        "a.csv": (b"", "no RDF format has this suffix"),
    }
    for name, (data, message) in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(KgError, match=message):
            list(read_quads(tmp_path / name))
    with pytest.raises(KgError, match=r"cannot read .*none\.ttl: No such file"):
        list(read_quads(tmp_path / "none.ttl"))


def test_blank_nodes_have_labels_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<http://x/a> <http://x/b> [ <http://x/c> _:z ] . _:z <http://x/b> 1 .", encoding="utf-8")
    first, second = list(read_quads(tmp_path / "a.ttl")), list(read_quads(tmp_path / "a.ttl"))
    assert first == second
    assert {t.value for q in first for t in (q.subject, q.object) if isinstance(t, ox.BlankNode)} == {"b0", "b1"}
    assert not set(first) & set(read_quads(tmp_path / "a.ttl", blank="c"))


def test_the_prefixes_of_a_file(example: list[ox.Quad], tmp_path: Path) -> None:
    graph = Graph.of(read(EXAMPLES), base="http://news.example/")
    write_quads(quads(graph), tmp_path / "a.ttl", prefixes=prefixes(graph))
    assert prefixes_of(tmp_path / "a.ttl") == {**PREFIXES, "kg": "http://news.example/"}


# Writing


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken() -> Iterator[ox.Quad]:
        yield quad("s", "p", "o")
        raise KgError("no more")

    for suffix in (*FORMATS, ".ttl.gz", ".graphml"):
        path = tmp_path / f"g{suffix}"
        path.write_text("old", encoding="utf-8")
        with pytest.raises(KgError, match="no more"):
            write_quads(broken(), path)
        assert path.read_text(encoding="utf-8") == "old"
        path.unlink()
    with pytest.raises(KgError, match="no format has this suffix"):
        write_quads([], tmp_path / "g.txt")
    with pytest.raises(KgError, match="cannot write"):
        write_quads([], tmp_path / "nowhere" / "g.ttl")
    assert not list(tmp_path.iterdir())


def test_sorting_on_disk_is_sorting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.sorting.FAN_IN", 3)
    graph = list(generated(5000))
    for named in (True, False):
        lines = list(Sorted(graph, named, run_bytes=40_000))
        assert lines == list(Sorted(reversed(graph), named))
        assert len(lines) == len(set(lines))
    numbers = Lines(run_bytes=50)
    for i in range(100, 0, -1):
        numbers.add([b"%03d\n" % (i % 40)] * 3)
    assert list(numbers) == [b"%03d\n" % i for i in range(40)]


def test_types_come_first_and_graphs_apart() -> None:
    type = ox.Quad(node("s"), ox.NamedNode(PREFIXES["rdf"] + "type"), node("T"), node("g"))
    graph = [quad("s", "a", "1", "g"), type, quad("s", "a", "1"), quad("r", "z", "1", "g"), quad("s", "a", "1", "f")]
    assert list(parsed(Sorted(graph, named=True), named=True)) == [graph[2], graph[4], graph[3], type, graph[0]]


def test_differing_lines() -> None:
    a, b = [quad("s", "p", n) for n in (1, 2, 3)], [quad("s", "p", n) for n in (0, 2, 3, 4)]
    found = [(added, line.decode()) for added, line in differing(Sorted(a, True), Sorted(b, True))]
    assert found == [(True, f"{b[0]} .\n"), (False, f"{a[0]} .\n"), (True, f"{b[3]} .\n")]


def test_memory_does_not_grow_with_the_graph(tmp_path: Path) -> None:
    """Four times the statements take no more than a third more memory (the lines of one run, in `kg.sorting`)."""
    code = (
        "import sys; from pathlib import Path; from kg.bench_rdf import generated; from kg import sorting; from kg.machine import peak_memory\n"
        "from kg.formats import write_quads\n"
        "sorting.Lines.__init__.__defaults__ = (2_000_000,); sorting.Sorted.__init__.__defaults__ = (2_000_000,)\n"
        "write_quads(generated(int(sys.argv[1])), Path(sys.argv[2])); print(peak_memory())"
    )
    for suffix in (".ttl", ".nq", ".csv"):
        command = [sys.executable, "-c", code]
        small, large = (int(subprocess.check_output([*command, n, str(tmp_path / f"g{suffix}")])) for n in ("20000", "80000"))
        assert large < small * 4 / 3, suffix


# JSON-LD


def test_the_context_is_made_from_the_ontology() -> None:
    assert make_context()["@context"] == load_context(), "say python -m kg.jsonld"


def test_json_ld_is_compact(example: list[ox.Quad], tmp_path: Path) -> None:
    write_quads(example, tmp_path / "g.jsonld")
    document = json.loads((tmp_path / "g.jsonld").read_text(encoding="utf-8"))
    (graph,) = [g for g in document["@graph"] if g["@id"] == "kg:d1"]
    claim = next(n for n in graph["@graph"] if n["@id"] == "kg:d1/claim-send-110")
    assert claim["polarity"] == "negative"
    assert claim["claimant"] == "kg:Q3874799"
    assert claim["confidence"] == "0.9"
    assert set(claim["@type"]) == {"Claim", "schema:Claim"}
    position = next(n for n in graph["@graph"] if n.get("@type") == "oa:TextPositionSelector")
    assert isinstance(position["start"], int)
    state = next(n for n in graph["@graph"] if n["@id"] == "kg:Q159")
    assert state["label"] == {"ar": "روسيا", "en": "Russia"}
    assert "://" not in json.dumps(document["@graph"])  # all names are short
