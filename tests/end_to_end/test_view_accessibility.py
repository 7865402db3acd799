"""WCAG 2.2 AA by axe-core: no violation in any view, language, colour scheme or width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph
from kg.view import write_html

from . import pages
from .pages import Visit
from .test_view_exploring import reports

pages.sync_api()
axe_package = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed (pip install '.[test]')")
pytestmark = pytest.mark.slow

AXE = (Path(axe_package.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from pages.launched()


def violations(visit: Visit) -> list[str]:
    visit.settle()
    found = visit.page.evaluate("(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", RULES)
    return [f"{v['id']}: {n['html'][:160]} {n['any'][:1]}" for v in found["violations"] for n in v["nodes"]]


@pytest.mark.parametrize(("width", "scheme"), [(1500, "light"), (1500, "dark"), (390, "light")])
def test_no_violations(browser: Any, tmp_path: Path, width: int, scheme: str) -> None:
    write_html(Graph.of(reports()), tmp_path / "graph.html")
    # Only here the page's policy is off, for axe-core to come in.
    visit = Visit(browser, tmp_path / "graph.html", width, 900, bypass_csp=True, color_scheme=scheme)
    page = visit.page
    page.evaluate(AXE)
    assert violations(visit) == []
    page.evaluate("document.querySelectorAll('#legend details').forEach((d) => (d.open = true))")
    page.click("#legend [data-type=WEAPON]") if width > 720 else None
    page.fill("#search", "كيم")
    visit.settle()
    assert violations(visit) == []
    page.keyboard.press("Enter")
    page.evaluate("document.querySelectorAll('#panel details').forEach((d) => (d.open = true))")
    assert violations(visit) == []
    for tab in ("document", "table"):
        page.click(f"#tab-{tab}")
        assert violations(visit) == []
    page.click("#tab-graph")
    page.click("#language")
    assert violations(visit) == []
    page.keyboard.press("?")
    assert violations(visit) == []
    visit.context.close()
