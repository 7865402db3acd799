"""kg view: the page of extractions, of RDF that kg wrote, and of stores, without models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.documents import Problems
from kg.errors import KgError
from kg.graph import Graph
from kg.rdf import write
from kg.store import Store
from kg.view.picture import Picture, picture
from kg.view.sources import load

from .serving import EXTRACTIONS as EXAMPLES
from .serving import examples
from .test_view import data, extraction


def told(p: Picture) -> dict[str, Any]:
    """What a picture tells, but for how the events were found."""
    return {
        "nodes": {(n.key, n.type, n.label, n.happenings, n.certain, n.maybe_same, n.state) for n in p.nodes},
        "edges": {(e.source, e.target, e.kind, e.directed, e.certain, e.types, e.happenings) for e in p.edges},
        "claims": {(c.document, c.sentence, c.at, c.mark, c.says, c.polarity, c.modality, c.confidence) for h in p.happenings for c in h.claims},
        "happenings": [(h.key, h.type, h.documents, h.sources, h.deniers, h.days, h.dated) for h in p.happenings],
        "facts": {(c.sentence, c.mark, c.office, c.confidence) for e in p.edges for c in e.claims},
    }  # fmt: skip


@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".nq", ".nt", ".jsonld", ".rdf"])
def test_rdf_gives_the_picture_that_it_was_made_of(suffix: str, tmp_path: Path) -> None:
    graph = Graph.of([*examples(), extraction("x1"), extraction("x2", "ثانية", "وكالة أخرى")])
    write(graph, tmp_path / f"graph{suffix}")
    back = load([tmp_path / f"graph{suffix}"], Problems())
    assert back.base == graph.base and back.documents.keys() == graph.documents.keys()
    assert told(picture(back)) == told(picture(graph))


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(cli, ["view", *map(str, arguments)])


def test_extractions_and_rdf_together(tmp_path: Path) -> None:
    write(Graph.of([extraction("x1")]), tmp_path / "graph.ttl")
    done = run(EXAMPLES, tmp_path / "graph.ttl", "-o", tmp_path / "news.html", "--title", "أخبار")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'news.html'}\n")
    shown = data((tmp_path / "news.html").read_text("utf-8"))
    assert {d["id"]: "text" in d for d in shown["documents"]} == {"x1": False} | {x.document.id: True for x in examples()}


@pytest.mark.parametrize("texts", [True, False])
def test_a_store(texts: bool, tmp_path: Path) -> None:
    with Store(tmp_path / "store", texts=texts) as store:
        for x in examples():
            store.put(x)
        store.settle()
    assert run(tmp_path / "store", "-o", tmp_path / "news.html").exit_code == 0
    shown = data((tmp_path / "news.html").read_text("utf-8"))
    assert shown["texts"] == ("yes" if texts else "no")
    assert {n["key"] for n in shown["nodes"]} == {n.key for n in picture(Graph.of(examples())).nodes}


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "a"}\n' + EXAMPLES.read_text("utf-8"), encoding="utf-8")
    done = run(tmp_path / "bad.jsonl", "-o", tmp_path / "news.html")
    assert done.exit_code == 1 and "bad.jsonl:1" in done.stderr and (tmp_path / "news.html").exists()
    (tmp_path / "other.ttl").write_text("<http://a/b> <http://a/c> <http://a/d> .", encoding="utf-8")
    with pytest.raises(KgError, match="not a graph of kg"):
        load([tmp_path / "other.ttl"], Problems())
    (tmp_path / "empty").mkdir()
    done = run(tmp_path / "empty", "-o", tmp_path / "none.html")
    assert done.exit_code == 2 and "no store" in done.stderr and not (tmp_path / "none.html").exists() and not list((tmp_path / "empty").iterdir())
    done = run(EXAMPLES, "-o", tmp_path / "none" / "news.html")
    assert done.exit_code == 2 and "cannot write" in done.stderr
