"""What is fuzzed: each target takes any bytes, and raises nothing but AssertionError where something is wrong.

A target may meet the errors that the code promises (`KgError`, `Problem`, ValueError where its docstring says so), and no others.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from kg import dates
from kg.documents import Problems
from kg.encodings import NotText, decoded
from kg.errors import KgError
from kg.formats import read_quads
from kg.frames import Frames
from kg.graph import Graph
from kg.html_pages import read_page
from kg.identity import load_identity
from kg.lexicon import Lexicon, LexiconError
from kg.model import Extraction
from kg.namespaces import DEFAULT_BASE
from kg.pipeline import paragraphs
from kg.rdf import serialize
from kg.readers import Reader
from kg.text import clean, fold, gaps, wholes
from kg.tokens import with_blanks
from kg.view.page import embed

SUFFIXES = ("", ".txt", ".jsonl", ".json", ".html")


def readers(data: bytes) -> None:
    for suffix in SUFFIXES:
        read(data, suffix)


def read(data: bytes, suffix: str) -> None:
    """Every input gives documents or problems, each problem one line, each document what files can hold."""
    problems = Problems()
    found = list(Reader(lambda: io.BytesIO(data), "a", "a", suffix, problems, 10_000).documents())
    assert found or problems.errors
    for p in problems:
        assert len(str(p).splitlines()) == 1, p
    for _, d in found:
        for text in (d.id, d.text, d.title or "", d.published or "", d.source or ""):
            text.encode("utf-8")
            assert "\0" not in text
        assert 0 < len(d.text) <= 10_000
        assert d.published is None or d.day


def encodings(data: bytes) -> None:
    try:
        text, codec = decoded(data)
    except NotText as e:
        assert len(str(e).splitlines()) == 1
        return
    assert "\ufeff" + text == data.decode(codec or "utf-8") or text == data.decode(codec or "utf-8")


def pages(data: bytes) -> None:
    page = read_page(data.decode("utf-8", "surrogatepass" if b"\xed" in data else "replace") if _is_text(data) else data.decode("cp1256", "replace"))
    page.text.encode("utf-8")
    assert page.title is None or len(page.title.splitlines()) == 1
    assert page.published is None or date.fromisoformat(page.published)


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def text(data: bytes) -> None:
    """From a text to what the models are given, with every offset in place."""
    original = data.decode("utf-8", "replace")
    cleaned = clean(original)
    assert len(cleaned.text) == len(cleaned.starts) == len(cleaned.ends)
    assert all(0 <= s < e <= len(original) for s, e in zip(cleaned.starts, cleaned.ends, strict=True))
    assert list(cleaned.starts) == sorted(cleaned.starts)
    assert fold(fold(original)) == fold(original)
    end = 0
    for start, stop in paragraphs(cleaned):
        assert end <= start < stop <= len(cleaned.text)
        end = stop
        part = cleaned.text[start:stop]
        spaced, missing = with_blanks(part)
        assert len(spaced) == len(part) + len(missing)
        assert all(0 <= i <= len(part) for i in gaps(part))
        assert all(0 <= s < e <= len(part) for s, e in wholes(part))
    for t in dates.find(original, date(2025, 3, 27)):
        assert original[t.start : t.end] == t.text
        assert not (t.interval.start and t.interval.end and t.interval.start > t.interval.end)


def extraction(data: bytes) -> None:
    """Extractions of anybody: refused with ValueError or KgError, or a graph, RDF that can be read again, and a page's data."""
    try:
        value = json.loads(data)
        x = Extraction.from_json(value)
        graph = Graph.of([x])
    except (ValueError, KgError, RecursionError):
        return
    assert serialize(graph, ".nq")
    assert Extraction.from_json(json.loads(json.dumps(x.to_json()))) == x


def embedding(data: bytes) -> None:
    value = data.decode("utf-8", "surrogatepass" if _is_text(data) else "replace")
    shown = embed({"a": [value], value: 1})
    assert not set(shown) & set("<>&\u2028\u2029")
    assert json.loads(shown) == {"a": [value], value: 1}


def rdf(data: bytes) -> None:
    for suffix in (".ttl", ".nq", ".trig", ".jsonld", ".rdf"):
        _with_file(data, suffix, lambda path: list(read_quads(path)))


def turtle(data: bytes) -> None:
    """A user's own lexicon, frames and identity."""
    for load in (Lexicon.load, Frames.load, lambda path: load_identity([path], DEFAULT_BASE)):
        _with_file(data, ".ttl", load)


def _with_file(data: bytes, suffix: str, load: Callable[[Path], object]) -> None:
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        path = Path(folder, "a" + suffix)
        path.write_bytes(data)
        try:
            load(path)
        except LexiconError:  # a KgError of the API
            pass
        except KgError as e:
            assert len(str(e).splitlines()) == 1, str(e)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "encodings": encodings, "text": text, "pages": pages, "extraction": extraction, "embedding": embedding, "rdf": rdf, "turtle": turtle,
    "readers": readers,
    **{f"reader{suffix}": partial(read, suffix=suffix) for suffix in SUFFIXES},
}  # fmt: skip
