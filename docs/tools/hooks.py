"""What the site has besides docs/*.md: files of the repository that pages link to, and a page of frames made from the ontology.

The pages under docs/ are read on the site and in the repository, where `../ontology/kg.ttl` leads somewhere. On the site such a file lies
under `files/`, and links to it are written anew when a page is read. So are blocks of commands: what they need (`console no-network`) is for
tests, and in what they print the cells of tables are isolated, or Arabic neighbours would change places.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
DOCS = "docs"
#: Where files from outside docs/ lie on the site.
FILES = "files"
#: Pages of the repository that belong to the site whether or not another page links to them.
ALWAYS = ("CHANGELOG.md", "CONTRIBUTING.md")
FRAMES = "reference/frames.md"

_LINK = re.compile(r"(\]\()([^)#\s]+)(#[^)\s]*)?(\))")
#: A block of commands, with the word that tells tests what it needs.
_COMMANDS = re.compile(r"^```console[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_CELL = re.compile(r"\S+(?: \S+)*")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def links(text: str) -> list[str]:
    """The files that a page links to, as it names them, without those of other sites."""
    prose = _FENCE.sub("", text)
    return [m[2] for m in _LINK.finditer(prose) if "://" not in m[2] and not m[2].startswith(("mailto:", "/"))]


def in_repository(page: str, target: str) -> str:
    """What a link in a page leads to, both as paths from the root of the repository."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), target))


def site_path(path: str) -> str:
    """Where a file of the repository lies on the site."""
    return path.removeprefix(f"{DOCS}/") if path.startswith(f"{DOCS}/") else f"{FILES}/{path}"


def source(uri: str) -> str:
    """Where a page of the site lies in the repository: the inverse of `site_path`."""
    return uri.removeprefix(f"{FILES}/") if uri.startswith(f"{FILES}/") else f"{DOCS}/{uri}"


def outside(pages: list[str]) -> list[str]:
    """The files outside docs/ that pages link to, and those that these link to in turn."""
    found: dict[str, None] = dict.fromkeys(ALWAYS)
    waiting = [*pages, *ALWAYS]
    while waiting:
        page = waiting.pop()
        for target in links((ROOT / page).read_text(encoding="utf-8")):
            path = in_repository(page, target)
            if path.startswith((f"{DOCS}/", "..")) or path in found or not (ROOT / path).is_file():
                continue
            found[path] = None
            if path.endswith(".md"):
                waiting.append(path)
    return sorted(found)


def frames_page() -> str:
    """All event types with their frames, as `kg frames show` prints them."""
    from kg.frame_report import shown
    from kg.frames import Frames
    from kg.namespaces import class_name
    from kg.vocabulary import vocabulary

    frames, words = Frames.load(), vocabulary()
    out = ["# Event types and frames", "", "What `kg frames show` prints, for every event type of `ontology/frames.ttl`."]
    for type in frames.types:
        out += ["", f"## {type}: {words.label(class_name(type), 'en')}", "", "```text", *shown(type, frames, words), "```"]
    return "\n".join(out) + "\n"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files from outside docs/ and the page of frames."""
    for path in outside([source(f.src_uri) for f in files.documentation_pages()]):
        files.append(File.generated(config, site_path(path), abs_src_path=str(ROOT / path)))
    files.append(File.generated(config, FRAMES, content=frames_page()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links of the repository into links of the site."""
    here = page.file.src_uri
    if here == FRAMES:
        return markdown

    def turned(match: re.Match[str]) -> str:
        before, target, anchor, after = match[1], match[2], match[3] or "", match[4]
        if target not in links(match[0]):
            return match[0]
        there = site_path(in_repository(source(here), target))
        return f"{before}{posixpath.relpath(there, posixpath.dirname(here) or '.')}{anchor}{after}"

    return _COMMANDS.sub(lambda m: f"```console\n{isolated(m[1])}```", _LINK.sub(turned, markdown))


def isolated(body: str) -> str:
    """A block of commands with the cells of tables that hold Arabic between the characters that isolate them (U+2068, U+2069)."""
    lines = []
    document = ""
    for line in body.splitlines(keepends=True):
        if document:
            document = "" if line.strip() == document else document
        elif line.startswith("$ "):
            heredoc = re.search(r"<<'(\w+)'", line)
            document = heredoc[1] if heredoc else ""
        elif "  " in line.strip() and _ARABIC.search(line):
            line = _CELL.sub(lambda m: f"\u2068{m[0]}\u2069", line)
        lines.append(line)
    return "".join(lines)
