"""A page in Debian's Chromium with the network cut; what it asks for and what goes wrong is noted down."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serving import examples as examples

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


def sync_api() -> Any:
    """Playwright, where it and the browser are there; skips where not."""
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed (Debian package chromium)", allow_module_level=True)
    return pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed (pip install '.[test]')")


def launched() -> Iterator[Any]:
    """A browser, for a fixture."""
    with sync_api().sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


def expect(found: Any) -> Any:
    """Playwright's assertions, which wait until what they say is so."""
    return sync_api().expect(found)


class Visit:
    """A page opened from a file, offline."""

    def __init__(self, browser: Any, path: Path, width: int = 1500, height: int = 900, fragment: str = "", **context: Any) -> None:
        self.requests: list[str] = []
        self.troubles: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", accept_downloads=True, **context)
        self.context.set_offline(True)
        self.context.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
        self.page = page = self.context.new_page()
        page.set_default_timeout(120_000)
        sync_api().expect.set_options(timeout=120_000)
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("console", lambda m: self.troubles.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.troubles.append(f"error: {e}"))
        page.on("dialog", self.dismiss)
        self.uri = path.resolve().as_uri()
        page.goto(self.uri + fragment)
        # The page's policy forbids what wait_for_function does.
        self.until("window.kg !== undefined && (kg.state().view !== 'graph' || document.querySelector('#network canvas').width > 300)")
        self.data: Any = json.loads(page.locator("#data").text_content())

    def dismiss(self, dialog: Any) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def until(self, condition: str) -> None:
        for _ in range(1200):
            if self.page.evaluate(condition):
                return
            time.sleep(0.05)
        raise AssertionError(f"never: {condition}")

    def settle(self) -> None:
        """Waits until what was changed is drawn."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    def state(self, key: str) -> Any:
        return self.page.evaluate("kg.state()")[key]

    def shown(self) -> set[int]:
        """The nodes that are drawn."""
        return {i for i, hidden in enumerate(self.page.evaluate("Array.from({ length: kg.nodes }, (_, i) => kg.hidden(i))")) if not hidden}

    def node(self, key: str) -> int:
        return next(i for i, n in enumerate(self.data["nodes"]) if n["key"] == key)

    def node_at(self, node: int) -> dict[str, float]:
        at: dict[str, float] = self.page.evaluate("(i) => kg.nodePoint(i)", node)
        return at

    def edge_at(self, edge: int) -> dict[str, float]:
        at: dict[str, float] = self.page.evaluate("(i) => kg.edgePoint(i)", edge)
        return at

    def click(self, at: dict[str, float], **how: Any) -> None:
        self.page.mouse.click(at["x"], at["y"], **how)
        self.settle()

    def hover(self, at: dict[str, float]) -> Any:
        """The tooltip at a point of the screen."""
        self.page.keyboard.press("Escape")
        self.page.mouse.move(2, 2)
        self.page.mouse.move(at["x"] + 1, at["y"] + 1)
        self.page.mouse.move(at["x"], at["y"])
        self.settle()
        return self.page.locator("#tooltip")

    def edge(self, source: str, target: str, kind: str) -> int:
        keys = [n["key"] for n in self.data["nodes"]]
        found = [i for i, e in enumerate(self.data["edges"]) if (keys[e["from"]], keys[e["to"]], e["kind"]) == (source, target, kind)]
        assert len(found) == 1
        return found[0]

    def check(self) -> None:
        assert self.troubles == []
        assert self.requests[:1] and all(r.split("#")[0] == self.uri or r.startswith(("data:font/woff2;base64,", "blob:")) for r in self.requests)
        assert self.page.evaluate("window.pwned") is None

    def close(self) -> None:
        self.check()
        self.context.close()


def ink(visit: Visit) -> int:
    """How many pixels of the canvas are drawn on. Counted on a copy: Chromium warns about reading the page's own canvas twice."""
    visit.settle()
    count: int = visit.page.evaluate(
        "(() => { const c = document.querySelector('#network canvas'); const copy = document.createElement('canvas');"
        "copy.width = c.width; copy.height = c.height; const ctx = copy.getContext('2d', { willReadFrequently: true }); ctx.drawImage(c, 0, 0);"
        "return ctx.getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v > 0).length })()"
    )
    return count


def touching(visit: Visit) -> list[tuple[str, str]]:
    """Labels that overlap one another."""
    labels = visit.page.evaluate("kg.labels()")
    return [
        (a["text"], b["text"])
        for i, a in enumerate(labels)
        for b in labels[:i]
        if a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]
    ]
