"""kg.view: one file, nothing fetched, nothing injected, every line with its evidence, the same bytes each time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.graph import Graph
from kg.model import Document, Entity, Event, Extraction, Fact, Span
from kg.view import TITLE, page, to_html, write_html
from kg.view.layout import Box, place
from kg.view.network import lines
from kg.view.packing import pack
from kg.view.page import SCRIPTS, STYLES, central, embed, script
from kg.view.picture import Edge, Node, Picture, picture
from kg.view.routes import route
from kg.view.style import CLASSES
from kg.view.words import WORDS

HOSTILE = "\"><img src=x onerror=alert(1)>'</script><script>alert(2)</script><!--<svg/onload=alert(3)>&lt;{{ 7*7 }}\u2028\u202e"
SENTENCES = (
    "أرسلت كوريا الشمالية صواريخ إلى روسيا.", "أرسل كيم جونغ أون جنودا إلى روسيا.",
    "التقى كيم جونغ أون فلاديمير بوتين في موسكو.", "قال الرئيس الروسي فلاديمير بوتين إن القتال مستمر.",
    "لم ترسل إيران صواريخ إلى روسيا.",
)  # fmt: skip


def extraction(id: str = "d1", title: str = "جنود وصواريخ", source: str = "وكالة الأمثلة", sentences: tuple[str, ...] = SENTENCES) -> Extraction:
    """A document with pairs, a meeting, a fact, a bare event and a denied one."""
    text = " ".join(sentences)
    bounds: list[Span] = []
    for s in sentences:
        start = bounds[-1].end + 1 if bounds else 0
        bounds.append(Span(start, start + len(s), s))

    def at(words: str, sentence: int) -> Span:
        start = bounds[sentence].start + sentences[sentence].index(words)
        return Span(start, start + len(words), words)

    def entity(id: str, type: str, name: str, words: str, sentence: int, qid: str | None = None) -> Entity:
        return Entity(id, type, name, words, (at(words, sentence),), qid)

    entities = (
        entity("E1", "STATE", "North Korea", "كوريا الشمالية", 0, "Q423"), entity("E2", "WEAPON", "missiles", "صواريخ", 0),
        entity("E3", "STATE", "Russia", "روسيا", 0, "Q159"), entity("E4", "PERSON", "Kim Jong Un", "كيم جونغ أون", 1, "Q56226"),
        entity("E5", "FORCE", "soldiers", "جنودا", 1), entity("E6", "PERSON", "Vladimir Putin", "فلاديمير بوتين", 2, "Q7747"),
        entity("E7", "PLACE", "Moscow", "موسكو", 2, "Q649"), entity("E8", "STATE", "Iran", "إيران", 4, "Q794"),
        entity("E9", "WEAPON", "missiles", "صواريخ", 4),
    )  # fmt: skip
    events = (
        Event("V1", "SEND", at("أرسلت", 0), {"agent": ("E1",), "theme": ("E2",), "recipient": ("E3",)}, 0),
        Event("V2", "SEND", at("أرسل", 1), {"agent": ("E4",), "theme": ("E5",), "recipient": ("E3",)}, 1, source=("E6",), confidence=0.7),
        Event("V3", "MEET", at("التقى", 2), {"agent": ("E4",), "partner": ("E6",), "location": ("E7",)}, 2),
        Event("V4", "FIGHT", at("القتال", 3), {}, 3),
        Event("V5", "SEND", at("ترسل", 4), {"agent": ("E8",), "theme": ("E9",), "recipient": ("E3",)}, 4, polarity="negative"),
    )
    facts = (Fact("F1", "E6", "headOfState", "E3", at("الرئيس الروسي", 3), 3, "الرئيس"),)
    return Extraction(Document(id, text, title, "2025-03-27", source), tuple(bounds), entities, events, facts)


def data(html: str) -> Any:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])  # type: ignore[index]


class Tags(HTMLParser):
    """The elements of a page with their attributes, and its texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def html() -> str:
    return to_html(Graph.of([extraction()]))


def test_nothing_is_fetched(html: str) -> None:
    tags = Tags(html).found
    loading = {"src", "href", "srcset", "data", "action", "poster", "background", "style"}
    assert not [(t, a) for t, a in tags if loading & a.keys() or t in ("link", "base", "iframe", "object", "embed", "img")]
    assert not [a for _, attributes in tags for a in attributes if a.startswith("on")]
    style = re.search("<style>(.*?)</style>", html, re.DOTALL)
    assert style and not re.search(r"@import|https?:", style[1])
    assert re.findall(r"url\((.{16})", style[1]) == ["data:font/woff2;"] * 3
    # vis-network tells of its licence and names XML's vocabularies; it fetches nothing, and the policy would not let it.
    (policy,) = [str(a["content"]) for t, a in tags if a.get("http-equiv") == "Content-Security-Policy"]
    rules = {r.split()[0]: r.split()[1:] for r in policy.split("; ")}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]
    assert len(rules["script-src"]) == 2 and len(rules["style-src"]) == 1 and rules["font-src"] == ["data:"]
    assert all(h.startswith("'sha256-") for h in rules["script-src"] + rules["style-src"])
    assert "http" not in policy and "unsafe" not in policy


def test_language_and_title(html: str) -> None:
    tags = Tags(html)
    assert tags.found[0] == ("html", {"lang": "ar", "dir": "rtl"})
    assert TITLE in tags.texts and "قصة <b>" in Tags(to_html(Graph.of([]), "قصة <b>")).texts


def test_every_line_has_its_evidence(html: str) -> None:
    shown = data(html)
    assert len(shown["edges"]) == len(shown["network"]["edges"])
    for e in shown["edges"]:
        claims = e["claims"] if e["kind"] == "fact" else [c for h in e["happenings"] for c in shown["happenings"][h]["claims"]]
        assert claims
        for c in (shown["claims"][i] for i in claims):
            sentence = shown["sentences"][c["sentence"]]
            assert sentence in SENTENCES
            d = shown["documents"][c["document"]]
            assert {k: d[k] for k in ("id", "title", "published", "source")} == {
                "id": "d1", "title": "جنود وصواريخ", "published": "2025-03-27", "source": "وكالة الأمثلة",
            }  # fmt: skip
            start, end = c["mark"]
            assert sentence[start:end] in ("أرسلت", "أرسل", "التقى", "الرئيس الروسي", "ترسل", "القتال")


def test_participants_are_marked_in_the_sentence(html: str) -> None:
    shown = data(html)
    (claim,) = [c for c in shown["claims"] if shown["sentences"][c["sentence"]] == SENTENCES[0]]
    assert {(SENTENCES[0][a:b], shown["nodes"][n]["label"]) for a, b, n in claim["args"]} == {(w, w) for w in ("كوريا الشمالية", "صواريخ", "روسيا")}


def test_documents_hold_their_text_with_mentions_and_triggers(html: str) -> None:
    shown = data(html)
    (d,) = shown["documents"]
    assert d["text"] == " ".join(SENTENCES) and shown["texts"] == "yes"
    marks = [(d["text"][a:b], n) for a, b, n in d["marks"]]
    assert {shown["nodes"][n]["label"] for _, n in marks if n >= 0} == {w for w, n in marks if n >= 0}
    assert {w for w, n in marks if n < 0} == {"أرسلت", "أرسل", "التقى", "القتال", "ترسل"}
    assert all(shown["happenings"][-1 - n]["type"] in ("SEND", "MEET", "FIGHT") for _, n in marks if n < 0)


def test_texts_that_are_too_long_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.view.tables.TEXTS", 10)
    shown = data(to_html(Graph.of([extraction()])))
    assert shown["texts"] == "left out" and not any("text" in d for d in shown["documents"]) and SENTENCES[0] in shown["sentences"]


def test_every_event_is_drawn() -> None:
    graph = Graph.of([extraction()])
    p = picture(graph)
    short = {(e.source, e.target, e.certain): e for e in p.edges if e.kind == "event"}
    of = {pair: [c for h in e.happenings for c in p.happenings[h].claims] for pair, e in short.items()}
    assert not of["Q423", "Q159", True][0].says and of["Q56226", "Q159", True][0].says == ("Q7747",)
    assert not short["Q56226", "Q7747", True].directed  # they met each other
    assert [c.polarity for c in of["Q794", "Q159", False]] == ["negative"]
    assert {(n.type, n.certain) for n in p.nodes if n.kind == "event"} == {("FIGHT", True)}
    assert {c.event for h in p.happenings for c in h.claims} == {k for k, _ in graph.events()}
    assert {h for e in p.edges for h in e.happenings} | {h for n in p.nodes for h in n.happenings} == set(range(len(p.happenings)))


def test_what_two_documents_tell_is_one_happening() -> None:
    shown = data(to_html(Graph.of([extraction("d1"), extraction("d2", "ثانية", "وكالة أخرى")])))
    number = {n["key"]: i for i, n in enumerate(shown["nodes"])}
    (edge,) = [e for e in shown["edges"] if (e["from"], e["to"]) == (number["Q423"], number["Q159"])]
    (happening,) = (shown["happenings"][h] for h in edge["happenings"])
    assert happening["documents"] == 2 == len(happening["claims"]) and happening["days"] == ["2025-03-27", "2025-03-27"]
    assert happening["sources"] and edge["types"] == [["SEND", 1]]
    assert shown["counts"] == {"documents": 2, "entities": 12, "events": 10, "facts": 1}


def test_parallel_lines_are_one_with_a_count() -> None:
    later = extraction("d2", "ثانية")
    moved = replace(later, document=Document("d2", later.document.text, "ثانية", "2025-09-01", "وكالة أخرى"))
    shown = data(to_html(Graph.of([extraction("d1"), moved])))
    number = {n["key"]: i for i, n in enumerate(shown["nodes"])}
    (edge,) = [e for e in shown["edges"] if (e["from"], e["to"]) == (number["Q56226"], number["Q159"])]
    assert edge["types"] == [["SEND", 2]] and len(edge["happenings"]) == 2
    assert [shown["happenings"][h]["days"][0] for h in edge["happenings"]] == ["2025-03-27", "2025-09-01"]


def test_looks() -> None:
    shown = data(to_html(Graph.of([extraction("d1"), extraction("d2", "ثانية")])))
    about = {n["key"]: (shown["network"]["nodes"][i], n) for i, n in enumerate(shown["nodes"])}
    assert about["Q159"][1]["label"] == "روسيا" and about["Q159"][0]["size"] > about["Q423"][0]["size"] >= about["Q649"][0]["size"]
    assert about["Q159"][0]["shape"] == about["Q423"][0]["shape"] != about["Q7747"][0]["shape"]
    lines = [(e, shown["network"]["edges"][i]) for i, e in enumerate(shown["edges"])]
    assert max(n["width"] for e, n in lines if e["kind"] == "fact") < min(n["width"] for e, n in lines if e["kind"] == "event")
    assert all(("dashes" in n) == e.get("uncertain", False) for e, n in lines) and any(e.get("uncertain") for e, _ in lines)
    assert all(n["color"]["color"] == CLASSES[e["class"]][0] for e, n in lines if e["kind"] == "event")
    assert {t["key"]: t["count"] for t in shown["types"]} == {"STATE": 3, "PERSON": 2, "WEAPON": 4, "FORCE": 2, "PLACE": 1}
    assert len({t["shape"] for t in shown["types"]}) == len({t["color"] for t in shown["types"]}) == 5
    assert {t["key"]: t["count"] for t in shown["events"]} == {"SEND": 6, "MEET": 2, "FIGHT": 2}
    assert sum(c["count"] for c in shown["classes"]) == 10
    for ar, en in shown["names"].values():
        assert re.search("[\u0620-\u064a]", ar) and re.fullmatch("[A-Za-z ,]+", en)


def test_an_entity_belongs_to_its_state() -> None:
    shown = data(to_html(Graph.of([extraction()])))
    number = {n["key"]: i for i, n in enumerate(shown["nodes"])}
    assert {n["key"]: n["state"] for n in shown["nodes"] if "state" in n} == {"Q7747": number["Q159"] + 1}


def test_large_graphs_open_with_their_most_central_part(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = tuple(Node(f"n{i}", "entity", "STATE", f"n{i}", {}) for i in range(12))
    edges = tuple(Edge("n0", f"n{i}", "event", True, True, (("SEND", 1),)) for i in range(1, 5))
    p = Picture(nodes, edges, ())
    assert central(p) is None
    monkeypatch.setattr(page, "MOST_NODES", 4)
    assert central(p) == [0, 1, 2, 3]


def test_a_hostile_text_adds_no_element(html: str) -> None:
    sentences = tuple(s.removesuffix(".") + HOSTILE + "." for s in SENTENCES)
    x = extraction(HOSTILE, HOSTILE, HOSTILE, sentences)
    named = [
        Entity(e.id, e.type, HOSTILE + e.name, HOSTILE + e.label + HOSTILE, e.mentions, qid)
        for e, qid in zip(x.entities, [HOSTILE, None, "Q1\"><script>", *["Q5"] * 6], strict=True)
    ]  # fmt: skip
    office = Fact("F1", "E6", "headOfState", "E3", x.facts[0].evidence, 3, HOSTILE)
    out = to_html(Graph.of([Extraction(x.document, x.sentences, tuple(named), x.events, (office,))]), HOSTILE)
    assert [t for t, _ in Tags(out).found] == [t for t, _ in Tags(html).found]
    assert HOSTILE in Tags(out).texts
    shown = json.dumps(data(out), ensure_ascii=False)
    assert "<img src=x onerror=alert(1)>" in shown and "<img" not in out and "49" not in Tags(out).texts
    assert "\u202e" not in json.dumps(data(out)["network"], ensure_ascii=False)


@given(st.recursive(st.text(st.characters(codec="utf-8")), lambda c: st.lists(c) | st.dictionaries(st.text(), c)))
def test_embedded_json(value: object) -> None:
    text = embed(value)
    assert json.loads(text) == value
    assert not re.search("[<>&\u2028\u2029]", text)


def test_same_bytes(tmp_path: Path) -> None:
    a, b = extraction("d1"), extraction("d2", "ثانية")
    write_html(Graph.of([a, b]), tmp_path / "a.html")
    write_html(Graph.of([b, a]), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    (tmp_path / "x.jsonl").write_text("\n".join(json.dumps(x.to_json()) for x in (a, b)), encoding="utf-8")
    code = (
        "import json, sys; from pathlib import Path; from kg.graph import Graph; from kg.model import Extraction; from kg.view import write_html\n"
        "write_html(Graph.of([Extraction.from_json(json.loads(l)) for l in Path(sys.argv[1]).read_text('utf-8').splitlines()]), Path(sys.argv[2]))"
    )
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.html"
        subprocess.run([sys.executable, "-c", code, str(tmp_path / "x.jsonl"), str(out)], env=os.environ | {"PYTHONHASHSEED": seed}, check=True)
        assert out.read_bytes() == (tmp_path / "a.html").read_bytes()


def test_empty_graph_and_missing_folder(tmp_path: Path) -> None:
    assert data(to_html(Graph.of([])))["nodes"] == []
    with pytest.raises(KgError, match=r"cannot write .*graph\.html: No such file"):
        write_html(Graph.of([]), tmp_path / "none" / "graph.html")


def test_half_a_character_is_no_error(tmp_path: Path) -> None:
    write_html(Graph.of([extraction("d1", "\ud800")]), tmp_path / "a.html", "\udfff")
    assert (tmp_path / "a.html").read_text("utf-8")


def test_words_and_parts_of_the_page() -> None:
    folder = Path(__file__).parents[1] / "kg" / "view"
    assert {f.stem for f in (folder / "js").iterdir()} == set(SCRIPTS) and {f.stem for f in (folder / "css").iterdir()} == set(STYLES)
    code, template = script(), (folder / "template.html").read_text("utf-8")
    used = set(re.findall(r'\bt\("([\w-]+)"', code)) | set(re.findall(r'data-t(?:-label|-placeholder)?="(\w+)"', template))
    assert used <= WORDS.keys()
    # Classes of events are words by their keys.
    assert {w for w in WORDS if f'"{w}"' not in code + template and not re.search(rf"\\b{w}\\b", code)} <= CLASSES.keys()
    assert all(ar and en and ar.count("{}") == en.count("{}") for ar, en in WORDS.values())
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser", code.replace("forbids innerHTML", "")
    )
    assert all(len((folder / "js" / f"{name}.js").read_text("utf-8").splitlines()) < 300 for name in SCRIPTS)
    # Whoever copies the fonts copies their licences.
    assert {f.name for f in (folder / "fonts").glob("OFL-*")} == {"OFL-noto-kufi-arabic.txt", "OFL-noto-naskh-arabic.txt"}


def test_in_a_notebook() -> None:
    frame = Graph.of([extraction("d1", HOSTILE)])._repr_html_()
    ((tag, attributes),) = Tags(frame).found
    assert tag == "iframe" and "allow-same-origin" not in str(attributes["sandbox"])
    assert attributes["srcdoc"] == to_html(Graph.of([extraction("d1", HOSTILE)]))


@pytest.mark.parametrize(("label", "wanted"), [
    ("روسيا", ["روسيا"]), ("", ["…"]), ("\u202e\n", ["…"]), ("وزارة الخارجية الروسية", ["وزارة الخارجية", "الروسية"]),
    ("ا" * 50, ["ا" * 33 + "…"]), (" ".join(["كلمةطويلةجدا"] * 9), ["كلمةطويلةجدا", "كلمةطويلةجدا", "كلمةطويلةجدا…"]),
])  # fmt: skip
def test_lines(label: str, wanted: list[str]) -> None:
    assert lines(label) == wanted


def overlaps(places: list[tuple[int, int]], boxes: list[Box]) -> int:
    sides = [(x - b.half_width, y - b.up, x + b.half_width, y + b.down) for (x, y), b in zip(places, boxes, strict=True)]
    return sum(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a, b in combinations(sides, 2))


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 25).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=2 * n))))
def test_labels_keep_clear_of_each_other(graph: tuple[int, list[tuple[int, int]]]) -> None:
    n, edges = graph
    boxes = [Box(20 + 7 * (i % 6), 10 + i % 8, 30 + 15 * (i % 2)) for i in range(n)]
    places = place(boxes, edges)
    assert overlaps(places, boxes) == 0
    assert all(places[a][1] != places[b][1] for a, b in edges if a != b)
    assert places == place(boxes, [(b, a) for a, b in reversed(edges)])


@pytest.mark.parametrize("n", [2, 7, 40, 950])
def test_layout_of_stars(n: int) -> None:
    boxes = [Box(30, 12, 30)] * n
    places = place(boxes, [(0, i) for i in range(1, n)])
    assert len(set(places)) == n
    assert n > 300 or overlaps(places, boxes) == 0


def test_packing() -> None:
    shapes = [np.array([[0.0, 0.0, 50.0 + 10 * (i % 7), 20.0 + 5 * (i % 3)]]) for i in range(60)]
    moved = [s[0] + np.tile(m, 2) for s, m in zip(shapes, pack(shapes), strict=True)]
    assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a, b in combinations(moved, 2))
    width, height = max(m[2] for m in moved) - min(m[0] for m in moved), max(m[3] for m in moved) - min(m[1] for m in moved)
    assert 1.2 < width / height < 2.2


def test_edges_between_two_nodes_lie_side_by_side_and_others_go_round() -> None:
    boxes = [Box(20, 10, 30)] * 3
    both, back, single = route(boxes, [(0, 0), (300, 1), (150, 0)], [(0, 1), (1, 0), (1, 2)], [50, 50, 0])
    assert both == back != 0 == single  # each bows to its own right hand
    assert route(boxes, [(0, 0), (300, 1), (150, 0)], [(0, 1)], [50]) != [0.0]
    assert route(boxes, [(0, 0), (300, 1), (150, 400)], [(0, 1)], [50]) == [0.0]
