"""kg.copies: near copies among many texts, found by their runs or by MinHash; linked in the graph."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import copies, rdf
from kg.copies import families, shared, sorted_runs
from kg.graph import Graph
from kg.model import Document, Extraction
from kg.namespaces import KGO, document_key
from kg.store import Store


def corpus(count: int, seed: int = 1) -> list[Document]:
    """Articles of 60 to 500 words, half of them with one footer; three in ten are copies of another, changed here and there or cut."""
    r = random.Random(seed)
    words = [f"كلمة{i}" for i in range(20_000)]
    footer = [f"تذييل{i}" for i in range(9)]
    out: list[list[str]] = []
    for _ in range(count):
        if not out or r.random() > 0.3:
            text = [r.choice(words) for _ in range(r.randint(60, 500))]
        elif r.random() < 0.5:
            text = [w if r.random() > 0.02 else r.choice(words) for w in r.choice(out)]
        else:
            whole = r.choice(out)
            text = whole[: max(30, len(whole) // r.choice([1, 2, 4]))]
        out.append(text + (footer if r.random() < 0.5 else []))
    return [Document(f"d{n}", " ".join(text)) for n, text in enumerate(out)]


def test_many_texts_have_the_families_that_few_have(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = corpus(600)
    expected = families(documents)
    assert 100 < sum(id != head for id, head in expected.items()) < 250
    monkeypatch.setattr(copies, "EXACT", 0)
    assert families(documents) == expected
    assert families(reversed(documents)) == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=30), max_size=12))
def test_sketches_make_no_family_that_is_none(texts: list[list[str]]) -> None:
    documents = [Document(f"d{n}", " ".join(words)) for n, words in enumerate(texts)]
    limit, copies.EXACT = copies.EXACT, 0
    try:
        found = families(documents)
    finally:
        copies.EXACT = limit
    runs = {d.id: sorted_runs(d.text) for d in documents}
    assert found.keys() == runs.keys()
    for id, head in found.items():
        assert found[head] == head
        if id != head:
            both = shared(runs[id], runs[head])
            assert both / len(np.union1d(runs[id], runs[head])) >= copies.JACCARD or both / len(runs[id]) >= copies.CONTAINMENT


def test_a_line_under_every_article_makes_no_copies_by_sketches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "EXACT", 0)
    looked_up = 0

    def counted(a: copies.Runs, b: copies.Runs) -> int:
        nonlocal looked_up
        looked_up += 1
        return shared(a, b)

    monkeypatch.setattr(copies, "shared", counted)
    footer = " ".join(f"تذييل{n}" for n in range(40))
    documents = [Document(f"d{d}", " ".join(f"كلمة{d}س{n}" for n in range(60)) + f" {footer}") for d in range(1500)]
    assert families(documents) == {d.id: d.id for d in documents}
    # Each of the first 200 that share a first run in an order may be compared with all of them; the others with none.
    assert looked_up < copies.ORDERS * copies.COMMON**2 / 10


def test_sketches_do_not_depend_on_the_process() -> None:
    code = """
from kg import copies
from kg.copies import _sketches, sorted_runs
print(_sketches([sorted_runs("أرسلت كوريا الشمالية قوات إلى روسيا أمس الخميس"), sorted_runs("")]).tolist())
"""
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}).stdout for seed in "12"
    ]
    assert runs[0] == runs[1] != ""


# Links

TEXT = "أرسلت كوريا الشمالية ثلاثة آلاف جندي إلى روسيا يوم الخميس بحسب هيئة الأركان المشتركة في سيول التي تراقب الحدود"
COPY_OF = ox.NamedNode(KGO + "copyOf")


def texts(*more: str) -> list[Extraction]:
    return [Extraction(Document(f"d{n}", text)) for n, text in enumerate((TEXT, f"{TEXT} وقالت مصادر", "التقى الرئيس نظيره في موسكو", *more))]


def links(quads: list[ox.Quad]) -> set[tuple[str, str, str]]:
    return {(q.subject.value, q.object.value, q.graph_name.value) for q in quads if q.predicate == COPY_OF}


def test_copies_are_linked_to_the_longest() -> None:
    graph = Graph.of(texts())
    assert graph.copies == {"d0": "d1"}
    d0, d1, clusters = (graph.iri(key) for key in (document_key("d0"), document_key("d1"), "graph/clusters"))
    assert links(rdf.quads(graph)) == {(d0, d1, clusters)}


def test_a_store_links_them_as_one_build_does(tmp_path: Path) -> None:
    longer = Extraction(Document("d9", f"{TEXT} وقالت مصادر أخرى في العاصمة أمس"))
    with Store(tmp_path / "store") as store:

        def check(extractions: list[Extraction]) -> None:
            store.settle()
            assert links(list(store)) == links(rdf.quads(Graph.of(extractions, store.base)))

        for x in texts():
            store.put(x)
        check(texts())
        store.put(longer)
        check([*texts(), longer])
        store.put(Extraction(Document("d0", "ترفض بلاده ذلك")))
        check([Extraction(Document("d0", "ترفض بلاده ذلك")), *texts()[1:], longer])
        store.remove("d9")
        store.remove("d0")
        check(texts()[1:])
        assert not links(list(store))
