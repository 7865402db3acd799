"""All that can be done with the page, by mouse and by keyboard alone: search, filters, time, paths, focus, documents, table, export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph
from kg.model import Document, Extraction
from kg.view import write_html

from ..test_view import SENTENCES, extraction
from . import pages
from .pages import Visit, expect, touching

pages.sync_api()
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from pages.launched()


def reports() -> list[Extraction]:
    """Two agencies report the same, a third report half a year later tells of the like."""
    later = extraction("d3", "تقرير متأخر")
    document = Document("d3", later.document.text, "تقرير متأخر", "2025-09-01", "صحيفة")
    return [extraction("d1"), extraction("d2", "ثانية", "وكالة أخرى"), replace(later, document=document)]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "graph.html"
    write_html(Graph.of(reports()), path)
    return path


@pytest.fixture
def visit(browser: Any, file: Path) -> Iterator[Visit]:
    visit = Visit(browser, file)
    yield visit
    visit.close()


def test_filters(visit: Visit) -> None:
    page = visit.page
    everything = visit.shown()
    page.evaluate("document.querySelectorAll('#legend details').forEach((d) => (d.open = true))")
    page.click("#legend [data-event=SEND]")
    senders = {visit.node("Q423"), visit.node("Q794")}
    assert senders <= everything and not senders & visit.shown()
    page.click("#legend [data-event=SEND]")
    assert visit.shown() == everything
    page.click("#legend [data-stance=negative]")
    assert visit.node("Q794") not in visit.shown() and visit.node("Q423") in visit.shown()
    page.click("#legend [data-stance=negative]")
    page.locator("#confidence").fill("80")
    visit.settle()
    assert visit.state("min") == 0.8
    edge = visit.edge("Q56226", "Q159", "event")
    assert edge not in page.evaluate("kg.lines()")  # said with a confidence of 0.7
    page.locator("#confidence").fill("0")
    for document in (0, 1):
        page.click(f"#legend [data-document='{document}']")
    page.click("#tab-table")
    assert page.locator("#table tbody tr").count() == 5  # what the third document tells
    page.click("#tab-graph")
    page.click("#legend [data-source='صحيفة']")
    assert visit.shown() == set()
    page.click("#reset")
    assert visit.shown() == everything


def test_timeline(visit: Visit) -> None:
    page = visit.page
    page.locator("#from").fill("1")
    visit.settle()
    assert visit.state("from") == "2025-09-01"
    page.click("#tab-table")
    assert page.locator("#table tbody tr").count() == 5 and "2025-03-27" not in page.locator("#table").text_content()
    page.click("#tab-graph")
    page.click("#all-days")
    assert visit.state("from") is None
    page.click("#play")
    assert visit.state("until") is not None or visit.state("from") is not None
    visit.until("document.getElementById('play').getAttribute('aria-pressed') === 'false'")  # it comes to the end


def drag(visit: Visit, slider: str, start: float, end: float) -> None:
    """Move the handle of a slider with the mouse, from one part of its length to another."""
    box = visit.page.locator(slider).bounding_box()
    assert box
    x, y = (lambda part: box["x"] + 9 + part * (box["width"] - 18)), box["y"] + box["height"] / 2
    visit.page.mouse.move(x(start), y)
    visit.page.mouse.down()
    for step in range(1, 7):
        visit.page.mouse.move(x(start + (end - start) * step / 6), y)
        visit.settle()
    visit.page.mouse.up()


def test_a_slider_goes_where_it_is_drawn_and_back_in_one_step(visit: Visit) -> None:
    visit.page.evaluate("document.querySelectorAll('#legend details').forEach((d) => (d.open = d.dataset.group === 'stance'))")
    visit.settle()
    drag(visit, "#confidence", 1, 0.4)  # right to left: 0 is at the right end
    assert 0.5 <= visit.state("min") <= 0.7
    assert visit.page.locator("#legend output").text_content() == f"{round(visit.state('min') * 100)}%"
    drag(visit, "#from", 1, 0)
    assert visit.state("from") == "2025-09-01"
    visit.press("Control+z")
    assert visit.state("from") is None and visit.state("min") > 0
    visit.press("Control+z")
    assert visit.state("min") == 0 and visit.page.locator("#undo").is_disabled()


def test_what_was_clicked_is_not_under_the_panel(browser: Any, file: Path) -> None:
    for width, height in ((390, 844), (1100, 700)):
        visit = Visit(browser, file, width, height)
        for node in sorted(visit.shown()):
            at = visit.node_at(node)
            network = visit.page.locator("#network").bounding_box()
            if visit.page.evaluate("([x, y]) => document.elementFromPoint(x, y)?.tagName", [at["x"], at["y"]]) != "CANVAS" or not network:
                continue
            visit.click(at)
            if visit.state("node") is None:
                continue
            panel, at = visit.page.locator("#panel").bounding_box(), visit.node_at(visit.state("node"))
            assert not (panel["x"] < at["x"] < panel["x"] + panel["width"] and panel["y"] < at["y"] < panel["y"] + panel["height"])
            visit.press("Escape")
        visit.close()


def test_more_documents_than_the_legend_lists_can_be_had(browser: Any, tmp_path: Path) -> None:
    write_html(Graph.of([extraction(f"d{n}", f"عنوان {n}") for n in range(63)]), tmp_path / "graph.html")
    visit = Visit(browser, tmp_path / "graph.html")
    visit.page.evaluate("document.querySelectorAll('#legend details').forEach((d) => (d.open = d.dataset.group === 'documents'))")
    expect(visit.page.locator("#legend [data-document]")).to_have_count(60)
    visit.page.click("#legend [data-do=more]")
    expect(visit.page.locator("#legend [data-document]")).to_have_count(63)
    visit.close()


def test_the_table_tells_what_passes_the_filters(visit: Visit) -> None:
    page = visit.page
    page.click("#tab-table")
    page.click("#language")
    # Names in two scripts stand apart, so that none turns the comma or number beside it.
    cells = page.locator("#table tbody td")
    assert all("," not in name for name in cells.locator("bdi").all_text_contents() if len(name) < 40)
    page.click("#tab-graph")
    page.evaluate("document.querySelectorAll('#legend details').forEach((d) => (d.open = true))")
    page.click("#legend [data-stance=asserted]")
    page.click("#tab-table")
    assert page.locator("#table tbody tr").count() > 0 and "Asserted" not in page.locator("#table tbody").text_content()
    page.click("#language")


def test_one_shipment_is_one_line_that_opens_into_its_claims(visit: Visit) -> None:
    at = visit.edge_at(visit.edge("Q56226", "Q159", "event"))
    visit.click(at)
    panel = visit.page.locator("#panel")
    happenings = panel.locator(".happening")
    expect(happenings).to_have_count(2)
    expect(panel.locator(".claim")).to_have_count(0)
    assert "وثائق: 2" in happenings.first.text_content()
    happenings.first.locator("> summary").click()
    expect(happenings.first.locator(".claim")).to_have_count(2)
    first = happenings.first.locator(".claim").first
    assert first.locator("mark").text_content() == "أرسل"
    assert {"كيم جونغ أون", "جنودا"} <= set(first.locator(".argument").all_text_contents())
    for words in ("نقلا عن", "فلاديمير بوتين", "جنود وصواريخ", "2025-03-27", "وكالة الأمثلة", "70%"):
        assert words in first.text_content()
    panel.get_by_role("button", name="افرد الخطوط").click()
    assert sum(str(i).startswith("s ") for i in visit.page.evaluate("kg.lines()")) == 2


def test_document_tab(visit: Visit) -> None:
    page = visit.page
    page.click("#tab-document")
    text = page.locator("#document .text")
    assert text.get_attribute("dir") == "rtl" and all(s in text.inner_text().replace("\n", " ") or s[:4] in text.inner_text() for s in SENTENCES)
    mention = text.locator(".mention", has_text="كيم جونغ أون").first
    mention.click()
    assert visit.state("node") == visit.node("Q56226") and "Kim Jong Un" in page.locator("#panel").text_content()
    text.locator(".trigger", has_text="التقى").press("Enter")
    assert "لقاء" in page.locator("#panel").text_content()
    # The name of its type does not join its last letter.
    assert page.evaluate("getComputedStyle(document.querySelector('.mention'), '::after').content").startswith('"\u200c')
    page.select_option("#which", "2")
    assert page.locator("#document h2").text_content() == "تقرير متأخر"


def test_language_and_darkness_are_remembered(visit: Visit) -> None:
    page = visit.page
    page.click("#language")
    page.click("#dark")
    assert page.locator("html").get_attribute("dir") == "ltr" and page.evaluate(f"kg.label({visit.node('Q423')})") == "North Korea"
    assert "State" in page.locator("#legend").text_content() or "state" in page.locator("#legend").text_content()
    assert touching(visit) == []
    page.reload()
    visit.until("window.kg !== undefined")
    assert page.locator("html").get_attribute("lang") == "en" and page.locator("html").get_attribute("data-theme") == "dark"
    page.click("#language")
    assert page.locator("html").get_attribute("dir") == "rtl"


def test_paths_focus_folding_states_and_undo(visit: Visit) -> None:
    page = visit.page
    north, putin, kim = visit.node("Q423"), visit.node("Q7747"), visit.node("Q56226")
    everything = visit.shown()
    page.fill("#search", "North Korea")
    page.keyboard.press("Enter")
    page.locator("#panel [data-do=path]").click()
    page.fill("#search", "Putin")
    page.keyboard.press("Enter")
    visit.settle()
    assert visit.state("path") == [north, putin]
    found = page.evaluate("kg.emphasis()")
    assert set(found["nodes"]) == {north, visit.node("Q159"), putin} and len(found["edges"]) == 2
    page.locator("#panel [data-do=cancel]").click()
    page.fill("#search", "بوتين")
    page.keyboard.press("Enter")
    page.locator("#panel [data-do=focus]").click()
    visit.settle()
    assert visit.shown() == {putin, kim, visit.node("Q159")}
    page.get_by_role("button", name="وسّع الجوار").click()
    assert visit.shown() > {putin, kim, visit.node("Q159")}
    page.click("#undo")
    page.click("#undo")
    assert visit.shown() == everything
    page.fill("#search", "كيم")
    page.keyboard.press("Enter")
    page.locator("#panel [data-do=fold]").click()
    assert visit.shown() < everything and kim in visit.shown()
    page.click("#undo")
    page.click("#states")
    assert putin not in visit.shown()  # head of a state, he is in its node
    page.click("#states")
    assert visit.shown() == everything


def test_a_link_holds_the_view(visit: Visit, browser: Any, file: Path) -> None:
    page = visit.page
    page.click("#legend [data-type=WEAPON]")
    page.fill("#search", "كيم")
    page.keyboard.press("Enter")
    page.click("#tab-table")
    fragment = page.evaluate("location.hash")
    other = Visit(browser, file, fragment=fragment)
    assert other.page.evaluate("kg.state()") == page.evaluate("kg.state()")
    assert other.page.locator("#table").is_visible() and other.state("offTypes") == ["WEAPON"] and other.state("node") == visit.node("Q56226")
    other.close()


def test_table_and_files(visit: Visit) -> None:
    page = visit.page
    with page.expect_download() as download:
        page.click("#png")
    assert Path(download.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    page.click("#tab-table")
    happenings = len(visit.data["happenings"])
    expect(page.locator("#table tbody tr")).to_have_count(happenings)
    page.click("#table [data-column=t_day]")
    page.click("#table [data-column=t_day]")
    assert page.locator("#table th[aria-sort=descending]").count() == 1
    assert "2025-09-01" in page.locator("#table tbody tr").first.text_content()
    with page.expect_download() as download:
        page.click("#csv")
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert len(rows) == happenings + 1 and rows[0][0] == "الحدث" and rows[1][1] == "2025-09-01"
    page.locator("#table tbody tr").first.locator("button").click()
    assert page.locator("#panel .claim").count() >= 1
    page.emulate_media(media="print")
    assert page.locator("#table").is_visible() and page.locator("#tools").is_hidden()


def test_keyboard_alone(visit: Visit) -> None:
    page = visit.page
    visit.press("?")
    assert page.locator("#help-dialog").is_visible()
    visit.press("Escape")
    visit.press("/")
    page.keyboard.type("Russia")
    visit.press("Enter")
    assert visit.state("node") == visit.node("Q159")
    visit.press("]")
    assert visit.state("edge") is not None and page.locator("#panel").is_visible()
    visit.press("Escape", "ArrowLeft")
    first = visit.state("node")
    visit.press("ArrowRight")
    assert first is not None and visit.state("node") is not None
    visit.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    visit.press("Escape", "/")
    page.keyboard.type("Iran")
    visit.press("Enter", "p", "/")
    page.keyboard.press("Control+a")
    page.keyboard.type("Kim")
    visit.press("Enter")
    assert visit.state("path") == [visit.node("Q794"), visit.node("Q56226")]
    visit.press("Escape", "g")
    assert visit.state("states")
    visit.press("Control+z")
    assert not visit.state("states")
    visit.press("l")
    assert page.locator("html").get_attribute("lang") == "en"
    visit.press("d", "3")
    assert page.locator("#table").is_visible()
    visit.press("2")
    assert page.locator("#document").is_visible()
    visit.press("1", "+", "-", "0", "m")
    assert page.locator("#legend").is_hidden()


def test_without_texts_the_page_says_so(browser: Any, tmp_path: Path) -> None:
    from kg.documents import Problems
    from kg.rdf import write
    from kg.view.sources import load

    write(Graph.of(reports()), tmp_path / "graph.ttl")
    write_html(load([tmp_path / "graph.ttl"], Problems()), tmp_path / "graph.html")
    visit = Visit(browser, tmp_path / "graph.html")
    visit.page.click("#tab-document")
    assert "Turtle" in visit.page.locator("#document .missing").text_content()
    assert SENTENCES[0] in visit.page.locator("#document").text_content()
    visit.close()


def test_a_large_graph_opens_with_its_most_central_part(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.view.page.MOST_NODES", 5)
    write_html(Graph.of(reports()), tmp_path / "graph.html")
    visit = Visit(browser, tmp_path / "graph.html")
    assert len(visit.shown()) <= 5 and visit.node("Q159") in visit.shown() and "5" in visit.page.locator("#part").text_content()
    visit.page.click("#show-rest")
    assert len(visit.shown()) > 5 and visit.page.locator("#part").is_hidden()
    visit.close()
