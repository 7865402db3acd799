"""A hundred hostile strings in every field that reaches the page: all are shown as text and none runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph
from kg.model import Document, Entity, Event, Extraction, Fact, Quantity, Span
from kg.view import write_html

from . import pages
from .pages import Visit, expect

pages.sync_api()
pytestmark = pytest.mark.slow

#: {} is a number that tells which one ran. Each asks for attention or sets window.pwned, however it comes to run.
FORMS = (
    "<script>window.pwned={}</script>",
    "</script><script>window.pwned={}</script>",
    "<!--<script>window.pwned={}//",
    "--><script>window.pwned={}</script>",
    "<img src=x onerror=window.pwned={}>",
    '"><img src=x onerror="window.pwned={}">',
    "'><svg/onload=window.pwned={}>",
    "<svg><script>window.pwned={}</script></svg>",
    "<iframe srcdoc='<script>parent.pwned={}</script>'></iframe>",
    "<a href='javascript:window.pwned={}'>x</a>",
    "javascript:window.pwned={}",
    "<body onload=alert({})>",
    "<details open ontoggle=alert({})>",
    "<input autofocus onfocus=alert({})>",
    "<style>@import 'javascript:alert({})';</style>",
    "<link rel=import href='data:text/html,<script>alert({})</script>'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert({})'>",
    "<base href='javascript:alert({})//'>",
    "<object data='javascript:alert({})'></object>",
    "<embed src='javascript:alert({})'>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert({})>",
    "<template><img src=x onerror=alert({})></template>",
    "${{window.pwned={}}}",
    "{{{{constructor.constructor('window.pwned={}')()}}}}",
    "{{% for x in ().__class__.__base__.__subclasses__() %}}{}",
    "&lt;script&gt;window.pwned={}&lt;/script&gt;",
    "\\u003cscript\\u003ewindow.pwned={}",
    "';window.pwned={};//",
    '";window.pwned={};//',
    "`;window.pwned={};`",
    "*/window.pwned={}/*",
    "]]><script>window.pwned={}</script>",
    "<![CDATA[<script>alert({})</script>]]>",
    "<?xml version='1.0'?><script>alert({})</script>",
    "\u2028window.pwned={}//\u2029",
    "\u202e<script>window.pwned={}</script>",
    "<scr\x00ipt>window.pwned={}</scr\x00ipt>",
    '=HYPERLINK("javascript:alert({})")',
    "<noscript><p title='</noscript><img src=x onerror=alert({})>'>",
    "<textarea></textarea><img src=x onerror=alert({})>",
    "__proto__{}",
    "constructor{}",
    "#node=<script>alert({})</script>",
    "<svg><animate onbegin=alert({}) attributeName=x dur=1s>",
    "<video><source onerror=alert({})>",
    "<xss style='animation-name:x' onanimationstart=alert({})>",
    "%3Cscript%3Ealert({})%3C/script%3E",
    "<form><button formaction=javascript:alert({})>x",
    "<marquee onstart=alert({})>x</marquee>",
    "\ufeff<script>alert({})</script>",
)  # fmt: skip
HOSTILE = [form.format(i) for i, form in enumerate([*FORMS, *(f"روسيا {f}" for f in FORMS)])]


def reports() -> Iterator[Extraction]:
    for i, bad in enumerate(HOSTILE):
        words = f"أرسل {bad} جنودا إلى {bad}x."
        a, b = words.index(bad), words.rindex(f"{bad}x")
        sender, receiver = Span(a, a + len(bad), bad), Span(b, b + len(bad) + 1, f"{bad}x")
        troops = Span(words.index("جنودا"), words.index("جنودا") + 5, "جنودا")
        entities = (
            Entity("E1", "PERSON", bad, bad, (sender,), f"Q{i + 1}" if i % 3 else bad, bad, Quantity(3, True, bad, bad, bad)),
            Entity("E2", "STATE", f"{bad} x", f"{bad}x", (receiver,), None, bad),
            Entity("E3", "FORCE", bad, "جنودا", (troops,), None, bad, Quantity(3, True, bad, bad)),
        )
        event = Event("V1", "SEND", Span(0, 4, "أرسل"), {"agent": ("E1",), "theme": ("E3",), "recipient": ("E2",)}, 0, source=("E2",), path=bad)
        fact = Fact("F1", "E1", "headOfState", "E2", receiver, 0, bad)
        whole = Span(0, len(words), words)
        yield Extraction(Document(f"{bad} {i}", words, bad, bad, bad), (whole,), entities, (event,), (fact,), {bad: bad})


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from pages.launched()


def test_a_hundred_hostile_strings_are_text(browser: Any, tmp_path: Path) -> None:
    assert len(HOSTILE) == 100
    write_html(Graph.of(reports()), tmp_path / "graph.html", HOSTILE[0])
    visit = Visit(browser, tmp_path / "graph.html", fragment="#node=" + "<script>alert(1)</script>&path=__proto__&view=constructor&min=alert(1)")
    page = visit.page
    told = {d["title"] for d in visit.data["documents"]} | {n.get("label", "") for n in visit.data["nodes"]}
    assert sum(any(bad.replace("\u0000", "\ufffd") in t for t in told) for bad in HOSTILE) == 100
    page.evaluate("document.querySelectorAll('#legend details').forEach((d) => (d.open = true))")
    shown = str(page.locator("#legend").text_content())
    page.click("#tab-table")
    shown += str(page.locator("#table").text_content())
    page.click("#tab-document")
    for i in range(0, 100, 7):
        page.select_option("#which", str(i))
        shown += str(page.locator("#document").text_content())
    page.locator("#document .mention").first.click()
    page.locator("#document .trigger").first.click()
    shown += str(page.locator("#panel").text_content())
    page.click("#tab-graph")
    for bad in HOSTILE[:50:10]:
        page.fill("#search", bad)
        shown += str(page.locator("#results").text_content())
        page.keyboard.press("Enter")
        shown += str(page.locator("#panel").text_content())
    page.click("#language")
    page.evaluate("document.querySelectorAll('#panel details').forEach((d) => (d.open = true))")
    visit.settle()
    assert all(bad.replace("\u0000", "\ufffd") in shown for bad in HOSTILE[:50])
    foreign = "img, iframe, object, embed, video, form, base, link, main script, [onerror], [onload], [onfocus], a[href^='javascript']"
    expect(page.locator(foreign)).to_have_count(0)
    expect(page.locator("script")).to_have_count(3)
    visit.close()
