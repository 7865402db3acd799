"""kg as a library: the names that it offers, what its docstrings show, what a Graph gives."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import shutil
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg import rows
from kg.api import write
from kg.dataframes import EDGES, ENTITIES, EVENTS
from kg.model import Span, When
from kg.namespaces import KGO, PREFIXES
from tests.test_own_types import told

ROOT = Path(__file__).resolve().parents[1]
EXTRACTIONS = ROOT / "tests" / "data" / "extractions.jsonl"


@pytest.fixture(scope="module")
def graph() -> kg.Graph:
    return kg.Graph.load(EXTRACTIONS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the examples run: seeds/, and out/ as a build has left it."""
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    (tmp_path / "out").mkdir()
    shutil.copy(EXTRACTIONS, tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Names


def test_there_are_at_most_ten_names_and_each_has_a_docstring() -> None:
    assert len(kg.__all__) <= 10
    for name in kg.__all__:
        assert getattr(kg, name).__doc__, name


def test_type_checkers_see_the_names_that_are_there() -> None:
    """Names are imported when they are used; what checkers and editors read is a second list."""
    tree = ast.parse(Path(kg.__file__).read_text(encoding="utf-8"))
    (checked,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.name: node.module for node in checked.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == kg._HOMES
    assert set(kg.__all__) == set(seen)
    assert (Path(kg.__file__).parent / "py.typed").exists()


@pytest.mark.parametrize("name", kg.__all__)
def test_public_signatures_are_typed(name: str) -> None:
    offered = getattr(kg, name)
    functions = [f for n, f in vars(offered).items() if callable(f) and not n.startswith("_")] if inspect.isclass(offered) else [offered]
    for function in functions:
        signature = inspect.signature(function)
        assert signature.return_annotation is not signature.empty, function
        assert all(p.annotation is not p.empty for p in signature.parameters.values() if p.name not in ("self", "cls")), function


# Examples


def examples(module: str) -> list[doctest.DocTest]:
    found = doctest.DocTestFinder().find(importlib.import_module(module))
    return [example for example in found if example.examples]


def run(example: doctest.DocTest, **names: object) -> None:
    example.globs |= {"kg": kg, **names}
    results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=sys.stdout.write)
    assert results.attempted and not results.failed


@pytest.mark.parametrize("example", [*examples("kg"), *examples("kg.graph")], ids=lambda e: e.name)
def test_examples_without_models(example: doctest.DocTest, folder: Path, graph: kg.Graph) -> None:
    run(example, graph=graph)


@pytest.mark.slow
@pytest.mark.parametrize("example", examples("kg.api"), ids=lambda e: e.name)
def test_examples_with_models(example: doctest.DocTest, folder: Path, models: Path) -> None:
    run(example)


def test_there_are_examples_of_all_that_a_graph_gives() -> None:
    shown = {example.name.rpartition(".")[2] for example in [*examples("kg.graph"), *examples("kg.api")]}
    assert {"build", "extract", "read", "load", "to_pandas", "to_rdf", "query", "view"} <= shown


# Reading


def test_what_cannot_be_read_is_an_error_or_a_problem(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("وصل الوفد إلى موسكو.", encoding="utf-8")
    (tmp_path / "bad.txt").write_text("No Arabic in here.", encoding="utf-8")
    assert len(list(kg.read(tmp_path / "good.txt"))) == 1
    with pytest.raises(kg.KgError, match=r"bad.txt: has no Arabic letters"):
        list(kg.read([tmp_path / "good.txt", tmp_path / "bad.txt"]))
    problems = kg.Problems()
    assert len(list(kg.read(tmp_path, problems))) == 1
    assert problems.errors == 1


def test_lines_that_are_no_extractions_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(EXTRACTIONS.read_text(encoding="utf-8") + "{}\n", encoding="utf-8")
    with pytest.raises(kg.KgError, match=r"x.jsonl:3: is no extraction"):
        kg.Graph.load(tmp_path / "x.jsonl")
    with pytest.raises(kg.KgError, match="cannot be read"):
        kg.Graph.load(tmp_path / "missing.jsonl")


# Tables


def test_events_as_a_table(graph: kg.Graph) -> None:
    table = graph.to_pandas()
    assert list(table.index) == [key for key, _ in graph.events()]
    assert set(EVENTS[1:]) <= set(table.columns)
    sent = table.loc["d1/send-0"]
    assert (sent["agent"], sent["recipient"], sent["polarity"]) == ("كيم جونغ أون", "روسيا", "positive")
    assert graph.to_pandas("events", "en").loc["d1/meet-143", "sources"] == "Ukraine; Volodymyr Zelensky"
    for key, _ in graph.events():
        assert set(graph.roles(key)) == {
            r for r in ("agent", "theme", "recipient", "target", "partner", "location") if isinstance(table.loc[key, r], str)
        }


def test_entities_as_a_table(graph: kg.Graph) -> None:
    table = graph.to_pandas("entities")
    assert list(table.index) == [key for key, _ in graph.entities()]
    assert table.loc["d1/force-36", ["count", "unit", "events"]].tolist() == [3000, "soldiers", 1]
    assert table.loc["Q159", "documents"] == 2


def test_edges_as_a_table(graph: kg.Graph) -> None:
    table = graph.to_pandas("edges", "en")
    assert len(table) == len(graph.edges("short")) + len(graph.edges("fact"))
    (row,) = table[table["predicate"] == "accuses"].to_dict("records")
    assert (row["subject_label"], row["object_label"], row["kind"], row["claims"]) == ("Ukraine", "Russia", "short", 1)


def with_event(**changes: object) -> kg.Graph:
    """The graph of one event that has something more."""
    extraction = told()
    return kg.Graph.of([replace(extraction, events=(replace(extraction.events[0], **changes),))])  # type: ignore[arg-type]


def test_days_are_days() -> None:
    (row,) = with_event(when=When("2025-03-27", None, Span(0, 4, "غسلت"))).to_pandas().to_dict("records")
    assert row["first_day"] == pd.Timestamp(2025, 3, 27)
    assert pd.isna(row["last_day"])


def test_an_empty_graph_has_the_columns() -> None:
    empty = kg.Graph()
    assert tuple(empty.to_pandas("entities").reset_index().columns) == ENTITIES
    assert tuple(empty.to_pandas("events").reset_index().columns) == EVENTS
    assert tuple(empty.to_pandas("edges").columns) == EDGES
    with pytest.raises(kg.KgError, match="there are entities, events, edges"):
        empty.to_pandas("nodes")  # type: ignore[arg-type]


def test_a_role_of_ones_own_is_a_column() -> None:
    assert kg.Graph.of([told()]).to_pandas()["bank"].tolist() == ["مصرف الواحة"]
    table = with_event(roles={"source": ("E1",)}).to_pandas()
    assert table["source_role"].tolist() == ["شركة النخلة"]
    assert table["source"].isna().all()


def test_without_pandas_it_says_what_to_do(graph: kg.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(kg.KgError, match="pip install pandas"):
        graph.to_pandas()


# RDF and queries


def test_rdf_is_what_a_build_writes(graph: kg.Graph, tmp_path: Path) -> None:
    write(list(graph.extractions.values()), tmp_path)
    built = (tmp_path / "graph.ttl").read_bytes()
    assert graph.to_rdf().encode() == built
    assert graph.to_rdf(tmp_path / "again.ttl").read_bytes() == built
    with pytest.raises(kg.KgError, match="format"):
        graph.to_rdf(format="docx")


def test_a_lexicon_of_ones_own_names_classes(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix kgo: <https://example.org/kg/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        '<https://example.org/kg/lexicon/weapon/night-falcon> a skos:Concept, kgo:Weapon ; skos:prefLabel "صقر الليل"@ar, "Night Falcon"@en .',
        encoding="utf-8",
    )
    line = EXTRACTIONS.read_text(encoding="utf-8").replace("weapon/drone", "weapon/night-falcon")
    (tmp_path / "x.jsonl").write_text(line, encoding="utf-8")
    graph = kg.Graph.load(tmp_path / "x.jsonl")
    graph.lexicon = (own,)
    assert '"Night Falcon"@en' in kg.Graph.merge([graph]).to_rdf()


def test_rows(graph: kg.Graph) -> None:
    assert graph.query("SELECT (COUNT(*) AS ?n) { ?e a kgo:Send }") == [{"n": 3}]
    assert graph.query("SELECT ?x { OPTIONAL { ?x a kgo:Nothing } }") == [{"x": None}]
    (row,) = graph.query("CONSTRUCT { kg:Q794 kgo:sendsTo ?b } { kg:Q794 kgo:sendsTo ?b }")
    assert row == {"subject": graph.iri("Q794"), "predicate": KGO + "sendsTo", "object": graph.iri("Q159")}


def test_what_several_graphs_say_is_one_answer(graph: kg.Graph) -> None:
    """Two documents name Russia, each in a named graph of its own."""
    assert len(graph.query("SELECT ?g { GRAPH ?g { kg:Q159 a kgo:State } }")) > 1
    assert graph.query("SELECT ?t { kg:Q159 a ?t FILTER (?t = kgo:State) }") == [{"t": KGO + "State"}]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT", "not in order"),
        ("DELETE WHERE { ?s ?p ?o }", "only reads"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "another machine"),
    ],
)
def test_queries_that_are_refused(graph: kg.Graph, query: str, message: str) -> None:
    with pytest.raises(kg.KgError, match=message):
        graph.query(query)


@pytest.mark.parametrize(
    ("lexical", "datatype", "expected"),
    [
        ("40", "integer", 40),
        ("0.90", "decimal", Decimal("0.90")),
        ("1e3", "double", 1000.0),
        ("true", "boolean", True),
        ("2025-03-27", "date", date(2025, 3, 27)),
        ("2025-03-27T08:30:00Z", "dateTime", datetime(2025, 3, 27, 8, 30, tzinfo=UTC)),
        ("many", "integer", "many"),
        ("-12000-01-01", "date", "-12000-01-01"),
        ("P1D", "duration", "P1D"),
    ],
)
def test_values(lexical: str, datatype: str, expected: rows.Value) -> None:
    found = rows.value(ox.Literal(lexical, datatype=ox.NamedNode(PREFIXES["xsd"] + datatype)))
    assert found == expected and type(found) is type(expected)


@given(st.text(), st.sampled_from(["integer", "decimal", "double", "boolean", "date", "dateTime", "string"]))
def test_no_literal_is_lost(lexical: str, datatype: str) -> None:
    assert rows.value(ox.Literal(lexical, datatype=ox.NamedNode(PREFIXES["xsd"] + datatype))) is not None


# The picture


def test_the_picture_in_a_notebook_and_as_a_page(graph: kg.Graph, tmp_path: Path) -> None:
    shown = graph.view(height=333)
    assert not isinstance(shown, Path)
    assert shown._repr_html_().startswith("<iframe ") and 'height="333"' in shown.html
    assert graph.view(tmp_path / "graph.html") == tmp_path / "graph.html"
    assert "<html" in (tmp_path / "graph.html").read_text(encoding="utf-8")
    with pytest.raises(kg.KgError, match="cannot write"):
        graph.view(tmp_path / "missing" / "graph.html")
