"""Markup in a report, from the command line to the screen: models, graph and page with nothing made up in between."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from . import test_browser
from .conftest import kg

pytestmark = pytest.mark.slow

browser = test_browser.browser

SCRIPT = "<script>window.pwned = 1; alert(1)</script>"
IMAGE = '"><img onerror="window.pwned = 2; alert(2)" src=x>'
TEXT = f"أرسلت كوريا الشمالية صواريخ باليستية إلى روسيا {SCRIPT}، {IMAGE} والتقى الرئيس فلاديمير بوتين نظيره كيم جونغ أون في بيونغ يانغ {SCRIPT}."


@pytest.fixture(scope="module")
def page(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a report in which every field is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    report = {"id": IMAGE, "text": TEXT, "title": f"تقرير {SCRIPT}", "source": f"وكالة {IMAGE}", "published": "2025-03-27"}
    (folder / "report.jsonl").write_text(json.dumps(report, ensure_ascii=False) + "\n", encoding="utf-8")
    done = kg("build", str(folder / "report.jsonl"), "-o", str(folder / "out"), "--title", f"تقارير {SCRIPT}{IMAGE}")
    assert done.returncode == 0, done.stderr
    return folder / "out" / "graph.html"


def test_the_graph_of_a_hostile_report_is_valid_and_keeps_its_words(page: Path) -> None:
    (found,) = [json.loads(line) for line in page.with_name("extractions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert found["text"] == TEXT
    assert found["events"]
    done = kg("validate", str(page.with_name("graph.ttl")))
    assert done.returncode == 0, done.stdout


def test_the_file_holds_no_markup_of_the_report(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    assert "window.pwned" in html
    assert "<script>window" not in html
    assert "<img" not in html


def test_the_browser_shows_it_as_text_and_runs_nothing(page: Path, browser: object) -> None:
    visit = test_browser.Visit(browser, page)
    assert visit.page.locator("h1").text_content() == f"تقارير {SCRIPT}{IMAGE}"
    shown = ""
    for edge in range(len(visit.data["edges"])):
        at = visit.edge_at(edge)
        shown += str(visit.hover(at).text_content())
        visit.page.mouse.click(at["x"], at["y"])
        shown += str(visit.page.locator("#panel").text_content())
    assert SCRIPT in shown
    assert IMAGE in shown
    assert visit.page.locator("img, iframe, object, embed, [onerror], [onload]").count() == 0
    visit.check()
    visit.page.context.close()
