"""The page in Debian's Chromium with the network cut: it shows the graph and its evidence, and runs nothing out of a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph
from kg.model import Document, Entity, Event, Extraction, Fact, Span
from kg.text import fold
from kg.view import write_html

from . import pages
from .pages import Visit, expect, ink, touching

pages.sync_api()
pytestmark = pytest.mark.slow

#: Sets window.pwned or asks, however it comes to run.
ATTACKS = (
    "<script>window.pwned = 1; alert(1)</script>", '"><img src=x onerror="window.pwned = 2; alert(2)">', "'><svg onload=window.pwned=3>",
    "</script><script>window.pwned = 4</script>", "<!--<script>", "<iframe srcdoc='<script>parent.pwned = 5</script>'></iframe>",
    "<a href='javascript:window.pwned=6'>x</a>", "${window.pwned = 7}", "{{ 7 * 7 }}",
)  # fmt: skip
HOSTILE = " ".join(ATTACKS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from pages.launched()


@pytest.fixture(scope="module")
def examples() -> list[Extraction]:
    return pages.examples()


@pytest.fixture
def visit(browser: Any, examples: list[Extraction], tmp_path: Path) -> Iterator[Visit]:
    write_html(Graph.of(examples), tmp_path / "graph.html")
    visit = Visit(browser, tmp_path / "graph.html")
    yield visit
    visit.close()


def test_the_graph_is_there(visit: Visit, examples: list[Extraction]) -> None:
    graph = Graph.of(examples)
    assert visit.page.evaluate("kg.nodes") == len(visit.data["nodes"]) >= len(graph.entities())
    assert visit.page.evaluate("kg.edges") == len(visit.data["edges"]) > 0
    assert ink(visit) > 5000
    assert visit.page.locator("html").get_attribute("dir") == "rtl"
    assert visit.page.locator("#legend").is_visible()
    width, height = 1500, 900
    # Nothing is cut off, and nothing lies under the legend.
    left_of_legend = visit.page.locator("#legend").bounding_box()["x"]
    assert visit.shown() >= {i for i, n in enumerate(visit.data["nodes"]) if n["kind"] == "event"}
    for i in visit.shown():
        at = visit.node_at(i)
        assert 0 < at["x"] < left_of_legend and 0 < at["y"] < height and left_of_legend < width
    labels = visit.page.evaluate("kg.labels()")
    assert len(labels) > 5 and touching(visit) == []
    area = visit.page.locator("#network").bounding_box()
    assert all(label["left"] >= 0 and label["top"] >= 0 and label["right"] + area["x"] <= left_of_legend for label in labels)
    assert visit.page.evaluate("(() => { try { kg.nodes = 1 } catch {} ; return kg.nodes })()") == len(visit.data["nodes"])


def test_an_edge_shows_its_evidence(visit: Visit, examples: list[Extraction]) -> None:
    document = examples[0].document
    edge = visit.edge("Q56226", "Q159", "event")
    tip = visit.hover(visit.edge_at(edge))
    tip.wait_for(state="visible")
    text = tip.text_content()
    assert "وثائق: 1" in text
    assert document.text[:51] in text and document.title in text and document.published in text and document.source in text
    assert tip.locator("mark").first.text_content() == "أرسل"
    assert "كيم جونغ أون" in text and "روسيا" in text and "إرسال" in text
    at = visit.edge_at(edge)
    visit.page.mouse.click(at["x"], at["y"])
    panel = visit.page.locator("#panel")
    panel.wait_for(state="visible")
    assert document.text[:51] in panel.text_content() and panel.locator("mark").first.text_content() == "أرسل"
    visit.page.keyboard.press("Escape")
    assert panel.is_hidden()


def test_each_line_can_be_hovered(visit: Visit) -> None:
    seen = 0
    for i in visit.page.evaluate("kg.lines()"):
        tip = visit.hover(visit.edge_at(i))
        if tip.is_visible() and tip.locator("blockquote").count():
            seen += 1
        else:
            # Another line may lie above the middle of this one; there is no place without any evidence.
            assert tip.is_visible(), f"no evidence for {visit.data['edges'][i]}"
    assert seen > len(visit.data["edges"]) / 2


def test_search_folds_and_opens_the_entity(visit: Visit) -> None:
    visit.page.fill("#search", "رُوسِيـا")
    visit.page.locator("#results li").first.wait_for()
    assert "روسيا" in visit.page.locator("#results li").first.text_content()
    visit.page.keyboard.press("Enter")
    assert "Russia" in visit.page.locator("#panel").text_content()
    visit.page.locator("#panel details summary").first.click()
    visit.page.locator("#panel details blockquote").first.wait_for()
    visit.page.fill("#search", "zzz")
    assert visit.page.locator("#results").text_content() == "لا نتائج"


def test_the_script_folds_as_kg_does(visit: Visit) -> None:
    words = [
        "أَحْمَدُ", "إيران", "آسيا", "مدرسة", "مستشفى", "ﻻ", "ﷲ", "١٢٣", "۴۵", "رئيس", "مؤتمر", "شيء", "کیم", "ف-16", "«داعش»", "S-300",
        "  كوريا   الشمالية ", "عبـد", "پوتین", "غرافیتی",
    ]  # fmt: skip
    words += [w for n in visit.data["nodes"] for w in (n["label"], n.get("english") or "", *n.get("aliases", ()))]
    assert visit.page.evaluate("(ws) => ws.map(kg.fold)", words) == [fold(w) for w in words]


def test_the_legend_hides_a_type(visit: Visit) -> None:
    people = [i for i, n in enumerate(visit.data["nodes"]) if n["type"] == "PERSON"]
    button = visit.page.locator("#legend [data-type=PERSON]")
    assert button.locator(".count").text_content() == str(len(people)) != "0"
    before = visit.shown()
    assert before & set(people)
    button.click()
    assert not visit.shown() & set(people)
    button.click()
    assert visit.shown() == before


def test_on_a_telephone(browser: Any, examples: list[Extraction], tmp_path: Path) -> None:
    write_html(Graph.of(examples), tmp_path / "graph.html")
    visit = Visit(browser, tmp_path / "graph.html", 390, 800)
    assert ink(visit) > 500 and visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.close()


def hostile() -> list[Extraction]:
    first = f"أرسل كيم {HOSTILE} إلى روسيا."
    second = f"كيم رئيس روسيا {HOSTILE}."
    text = f"{first} {second}"

    def at(words: str, start: int = 0) -> Span:
        start = text.index(words, start)
        return Span(start, start + len(words), words)

    sentences = (at(first), at(second))
    entities = (
        Entity("E1", "PERSON", HOSTILE, f"كيم {HOSTILE}", (at(f"كيم {HOSTILE}"),)),
        Entity("E2", "STATE", "Russia " + HOSTILE, HOSTILE, (at("روسيا"),), "Q159"),
        Entity("E3", "WEAPON", HOSTILE, HOSTILE, (at(HOSTILE),), HOSTILE, HOSTILE),
    )  # fmt: skip
    events = (
        Event("V1", "SEND", at("أرسل"), {"agent": ("E1",), "theme": ("E3",), "recipient": ("E2",)}, 0, source=("E2",), path=HOSTILE),
        Event("V2", "KILL", at(HOSTILE), {"victim": ("E3",)}, 0, "negative"),
        Event("V3", "FIGHT", at(HOSTILE, len(first)), {}, 1),
    )
    fact = Fact("F1", "E1", "headOfState", "E2", at(second), 1, HOSTILE)
    documents = (Document(HOSTILE, text, HOSTILE, HOSTILE, HOSTILE), Document("d2", text))
    x = Extraction(documents[0], sentences, entities, events, (fact,))
    return [x, replace(x, document=documents[1])]


def test_a_hostile_document_is_shown_as_text(browser: Any, tmp_path: Path) -> None:
    write_html(Graph.of(hostile()), tmp_path / "graph.html", HOSTILE)
    visit = Visit(browser, tmp_path / "graph.html")
    assert visit.page.title() == HOSTILE == visit.page.locator("h1").text_content()
    shown = ""
    for i in visit.shown():
        visit.press("Escape", "0")  # a click may have moved the drawing from under the panel
        at = visit.node_at(i)
        shown += str(visit.hover(at).text_content())
        visit.page.mouse.click(at["x"], at["y"])
        for summary in visit.page.locator("#panel .relation > summary").all():
            summary.click()
        shown += str(visit.page.locator("#panel").text_content())
    for i in visit.page.evaluate("kg.lines()"):
        visit.press("Escape", "0")
        at = visit.edge_at(i)
        shown += str(visit.hover(at).text_content())
        visit.page.mouse.click(at["x"], at["y"])
        shown += str(visit.page.locator("#panel").text_content())
    visit.page.fill("#search", "img")
    visit.settle()
    shown += str(visit.page.locator("#results").text_content())
    for tab in ("document", "table"):
        visit.page.click(f"#tab-{tab}")
        shown += str(visit.page.locator(f"#view-{tab}").text_content())
    visit.page.click("#language")
    assert all(a in shown for a in ATTACKS)
    assert visit.page.locator("img, iframe, object, embed, main script, [onerror], [onload], a[href^='javascript']").count() == 0
    expect(visit.page.locator("script")).to_have_count(3)
    visit.close()


def test_the_policy_holds_even_if_the_script_did_not(browser: Any, examples: list[Extraction], tmp_path: Path) -> None:
    write_html(Graph.of(examples), tmp_path / "graph.html")
    visit = Visit(browser, tmp_path / "graph.html")
    attempts = (
        "document.body.innerHTML = '<img src=x onerror=window.pwned=1>'",
        "document.body.setAttribute('onclick', 'window.pwned = 1')",
        "document.body.append(Object.assign(document.createElement('script'), { text: 'window.pwned = 1' }))",
        "document.write('<script>window.pwned = 1</script>')",
    )
    for attempt in attempts:
        assert visit.page.evaluate(f"(() => {{ try {{ {attempt} }} catch (e) {{ return e.name }} }})()") == "TypeError"
    # The policy stops a picture before the cut network could.
    stopped = visit.page.evaluate(
        "new Promise((done) => { document.addEventListener('securitypolicyviolation', (e) => done([e.effectiveDirective, e.blockedURI]));"
        "document.body.append(Object.assign(new Image(), { src: 'https://example.org/x.png' })) })"
    )
    assert stopped == ["img-src", "https://example.org/x.png"]
    assert visit.page.evaluate("window.pwned") is None
    visit.context.close()
