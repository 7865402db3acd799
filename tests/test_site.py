"""The documentation site is built without a network, loads nothing from one, and says what evaluation.md and the code say."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest
import yaml

import kg
from kg.ontology_page import DIAGRAM, KINDS

from .test_docs import ALL

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"

#: mkdocs, in a process in which nothing gets a connection.
OFFLINE = """
import socket

def refuse(*arguments, **named):
    raise OSError("no network here")

socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from mkdocs.__main__ import cli

cli()
"""


class Page(HTMLParser):
    """The anchors of a page, where its links go, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(found.get("href", ""))
        elif "src" in found:
            self.loads.append(found["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="pip install 'arabic-kg[docs]'")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-c", OFFLINE, "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    out = {}
    for path in sorted(site.rglob("*.html")):
        out[path] = Page()
        out[path].feed(path.read_text(encoding="utf-8"))
    return out


def menu(entries: list[object]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict):
            for value in entry.values():
                yield from menu(value if isinstance(value, list) else [value])


def test_every_page_is_in_the_menu() -> None:
    listed = set(menu(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]))
    there = {str(p.relative_to(DOCS)) for p in DOCS.rglob("*.md")}
    assert there - listed == set(), "enter it under nav in mkdocs.yml"


@pytest.mark.slow
def test_no_page_loads_anything_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    assert len(pages) > 20
    assert {(p.name, url) for p, page in pages.items() for url in page.loads if urlsplit(url).netloc} == set()
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//|@import", style.read_text(encoding="utf-8")), style.name


@pytest.mark.slow
def test_every_block_is_a_block(pages: dict[Path, Page]) -> None:
    assert [p.name for p in pages if "```" in p.read_text(encoding="utf-8")] == []
    assert [p.name for p in pages if "Sentinel" in p.read_text(encoding="utf-8")] == []


@pytest.mark.slow
def test_no_link_within_the_site_is_dead(pages: dict[Path, Page]) -> None:
    dead = []
    for path, page in pages.items():
        for url in [*page.links, *page.loads]:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc or path.name == "404.html":
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            anchor = unquote(parts.fragment)
            if not target.exists() or (anchor and target in pages and anchor not in pages[target].anchors):
                dead.append((path.name, url))
    assert dead == []


@pytest.mark.slow
def test_the_reference_has_every_command_and_every_public_name(site: Path, pages: dict[Path, Page]) -> None:
    commands = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    for name, command in ALL.items():
        assert name.replace(" ", "-") in pages[site / "reference" / "commands.html"].anchors, name
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.opts[-1] in commands, f"{name} {parameter.opts[-1]}"
    anchors = pages[site / "reference" / "api.html"].anchors
    for public in kg.__all__:
        there = getattr(kg, public)
        assert f"{there.__module__}.{there.__qualname__}" in anchors, public


def tool(name: str) -> ModuleType:
    """A program of docs/tools."""
    spec = importlib.util.spec_from_file_location(name, DOCS / "tools" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_drawing_is_what_kg_reads(models: Path) -> None:
    drawing = tool("draw_parse")
    assert drawing.draw() == drawing.FILE.read_text(encoding="utf-8"), "python docs/tools/draw_parse.py"


def test_the_drawing_of_the_model_shows_every_class_and_property_of_it() -> None:
    drawing = tool("draw_model")
    assert drawing.draw() == drawing.FILE.read_text(encoding="utf-8"), "python docs/tools/draw_model.py"
    shown = set(re.findall(r">([^<>]+)</text>", drawing.draw()))
    assert {name for arrow in DIAGRAM for name in arrow} | set(KINDS) == shown


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def evaluation(chapter: str) -> list[list[str]]:
    return rows((DOCS / "evaluation.md").read_text(encoding="utf-8").split(f"## {chapter}\n")[1].split("\n## ")[0])


def test_the_page_of_confidence_has_the_measured_figures() -> None:
    shown = rows((DOCS / "explanation" / "confidence.md").read_text(encoding="utf-8"))[2:]
    measured = evaluation("What confidence means")[2:]
    assert shown == [[f"{low} to {float(low) + 0.1:.1f}", n, f"{float(right):.0%}"] for low, n, _, right in measured]


def test_the_comparison_has_the_measured_figures() -> None:
    head, _, *measured = evaluation("What each part gives")
    of = {row[0]: dict(zip(head, row, strict=True)) for row in measured}
    columns = ("event", "role", "edge", "edge precision", "source")
    text = (DOCS / "comparison.md").read_text(encoding="utf-8").split("## Measured on the same documents\n")[1].split("\n## ")[0]
    names = {"**kg**": "all", "subject–verb–object": "baseline: subject-verb-object", "co-occurrence in a sentence": "baseline: co-occurrence"}
    assert {row[0]: row[1:] for row in rows(text)[2:]} == {shown: [of[name][c] for c in columns] for shown, name in names.items()}
