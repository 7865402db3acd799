"""The main job: seeds/ to a graph that validates, answers, and comes out the same twice."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from .conftest import ROOT, kg

pytestmark = pytest.mark.slow

SENDINGS = """PREFIX kgo: <https://example.org/kg/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?who ?what ?whom WHERE { ?e a kgo:Send ; kgo:agent/rdfs:label ?who ; kgo:theme/rdfs:label ?what ; kgo:recipient/rdfs:label ?whom
FILTER (lang(?who) = "ar" && lang(?what) = "ar" && lang(?whom) = "ar") }"""


class Resources(HTMLParser):
    """What the tags and styles of a page point to outside it. Links in the code of a script (licences) load nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.found, self.within = 0, [], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags, self.within = self.tags + 1, tag
        self.found += [f"<{tag} {k}={v}>" for k, v in attrs if re.search(r"(https?:|^\s*)//", v or "")]

    def handle_data(self, data: str) -> None:
        if self.within == "style":
            self.found += re.findall(r"(?:url\(|@import)\s*[\"']?\s*(?:https?:)?//[^)\s]*", data)


def test_every_seed_has_its_line_and_every_span_its_words(demo: Path) -> None:
    documents = [json.loads(line) for line in (demo / "extractions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(documents) == len(list((ROOT / "seeds").glob("*.txt"))) >= 6
    for d in documents:
        spans = [m for e in d["entities"] for m in e["mentions"]] + [e["trigger"] for e in d["events"]]
        spans += [x["evidence"] for x in (*d["events"], *d["facts"])]
        assert all(d["text"][s["start"] : s["end"]] == s["text"] for s in spans)
        assert d["events"]
        assert d["facts"]
        known = {e["id"] for e in d["entities"]}
        assert {i for e in d["events"] for ids in (*e["roles"].values(), e["source"]) for i in ids} <= known


def test_the_graph_loads_validates_and_answers(demo: Path) -> None:
    store = ox.Store()
    store.load(path=str(demo / "graph.ttl"), format=ox.RdfFormat.TURTLE)
    assert len(store) == len(rdflib.Graph().parse(demo / "graph.ttl")) > 1000
    rows = {tuple(cell.value for cell in row) for row in store.query(SENDINGS)}
    assert any(who == "كوريا الشمالية" and "جندي" in what and whom == "روسيا" for who, what, whom in rows)
    done = kg("validate", str(demo / "graph.ttl"))
    assert done.returncode == 0, done.stdout


def test_the_page_asks_no_network_for_anything(demo: Path) -> None:
    page = Resources()
    page.feed((demo / "graph.html").read_text(encoding="utf-8"))
    assert page.tags > 10
    assert page.found == []


def test_a_second_run_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    assert kg("build", "seeds", "-o", str(tmp_path), PYTHONHASHSEED="2").returncode == 0
    for name in ("graph.ttl", "graph.html", "extractions.jsonl"):
        assert (tmp_path / name).read_bytes() == (demo / name).read_bytes(), name


def test_a_document_is_read_alike_alone_and_among_others(demo: Path) -> None:
    seed = sorted((ROOT / "seeds").glob("*.txt"))[0]
    alone = json.loads(kg("extract", str(seed)).stdout)
    among = json.loads((demo / "extractions.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert alone["entities"] == among["entities"]
    assert alone["events"] == among["events"]


def test_markup_in_a_text_stays_text(models: Path, tmp_path: Path) -> None:
    text = 'قصفت روسيا <script>alert(1)</script> مدينة كييف "><img onerror=alert(2) src=x> بصواريخ، وقالت أوكرانيا إن روسيا أرسلت قوات إلى سوريا.'
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")
    assert kg("build", str(tmp_path / "x.txt"), "-o", str(tmp_path / "out")).returncode == 0
    page = (tmp_path / "out" / "graph.html").read_text(encoding="utf-8")
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "<img onerror" not in page
