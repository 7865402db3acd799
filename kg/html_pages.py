"""HTML pages: the article in them, with its title, date and publisher.

    markup -> read_page -> Page

trafilatura (Barbaresi 2021, https://aclanthology.org/2021.acl-demo.15) tells the article from menus, advertisements and what is linked
below. Where it finds none (a page of one sentence), and where elements stand in one another deeper than a tree can be built of, all text of
the page is taken, by libxml2's event interface, which builds no tree.

trafilatura is an extra of kg, `[html]`: it brings eleven packages of 22 megabytes, one of them (tld) under MPL, GPL or LGPL, and a parser written
in C, all of which whoever reads text and JSON lines has no use for.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kg.language import _

#: Elements in one another, from which on a page is read without a tree. libxml2 ends a tree at 255, and leaves out what comes after.
DEPTH = 200

#: A page of more bytes is refused: the time that it takes grows with its size, and no article has so many.
PAGE = 20_000_000

#: Elements that begin a line of their own, and such as hold nothing that a reader of the page sees.
_BLOCKS = re.compile(
    "address|article|aside|blockquote|br|caption|center|d[dlt]|div|fig(caption|ure)|footer|form|h[1-6r]|header|li|main|nav|[ou]l|p|pre|section|t[drh]"
    "|table|tbody|tfoot|thead"
)
_HIDDEN = re.compile("head|iframe|noscript|object|script|style|svg|template|textarea")

_DATES = ("article:published_time", "datepublished", "date", "dc.date", "dcterms.date", "pubdate")
_SITES = ("og:site_name", "application-name")
_TITLES = ("og:title", "dc.title")


class NoReader(Exception):
    """The packages that read HTML are not installed; the message says how to get them."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds. `published` is a date in ISO 8601. `whole`: the text is all of the page, since no article could be told in it."""

    text: str
    title: str | None
    published: str | None
    source: str | None
    whole: bool


def read_page(markup: str) -> Page:
    """The article in a page.

    Raises:
        NoReader: the extra `[html]` is not installed.
    """
    try:
        from lxml import etree
        from trafilatura import bare_extraction
    except ImportError as e:
        raise NoReader(_("is an HTML page, which kg reads with the extra [html]: pip install 'arabic-kg[html]'")) from e

    # XML allows no controls, and both libraries raise for some of them.
    markup = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]", " ", markup)
    seen = _Seen()
    with suppress(etree.LxmlError):  # of an empty page
        etree.fromstring(markup.encode("utf-8"), etree.HTMLParser(target=seen, huge_tree=True, encoding="utf-8"))
    found: Any = None
    if seen.deepest <= DEPTH:
        _silence()
        try:
            # The last day is given, since it would be today: what is read must not depend on when.
            days = {"original_date": True, "extensive_search": False, "max_date": "2199-12-31"}
            found = bare_extraction(markup, with_metadata=True, include_comments=False, date_extraction_params=days)
        except Exception:  # of whatever markup does to it
            found = None
    text = (found.text or "").strip() if found else ""
    return Page(
        text or seen.text(),
        _line(found.title if found else None) or _line(seen.meta(_TITLES) or "".join(seen.title)),
        (found.date if found else None) or _day(seen.meta(_DATES)),
        _line((found.sitename or found.hostname) if found else None) or _line(seen.meta(_SITES)),
        whole=not text,
    )


def _silence() -> None:
    """Keep the libraries from writing to stderr, where each input has one line."""
    for name in ("trafilatura", "htmldate", "courlan", "justext", "readability"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
            logger.propagate = False


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def _day(text: str | None) -> str | None:
    try:
        return date.fromisoformat((text or "").strip()[:10]).isoformat()
    except ValueError:
        return None


@dataclass(slots=True)
class _Seen:
    """A target of libxml2's parser: the text of a page line by line, its title and metadata, and how deep its elements stand in one another."""

    pieces: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    metas: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    hidden: int = 0
    deepest: int = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.open.append(tag)
        self.deepest = max(self.deepest, len(self.open))
        self.hidden += bool(_HIDDEN.fullmatch(tag))
        if _BLOCKS.fullmatch(tag):
            self.pieces.append("\n")
        if tag == "meta":
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
            self.metas.setdefault(name.lower(), attributes.get("content", ""))

    def end(self, tag: str) -> None:
        if self.open:
            self.hidden -= bool(_HIDDEN.fullmatch(self.open.pop()))
        if _BLOCKS.fullmatch(tag):
            self.pieces.append("\n")

    def data(self, text: str) -> None:
        if self.open and self.open[-1] == "title":
            self.title.append(text)
        elif not self.hidden:
            self.pieces.append(text)

    def close(self) -> None:
        pass

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.pieces).split("\n"))
        return "\n".join(line for line in lines if line)

    def meta(self, names: tuple[str, ...]) -> str | None:
        return next((self.metas[n] for n in names if self.metas.get(n, "").strip()), None)
