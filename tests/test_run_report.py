"""kg.run_report and kg.logs: what a run says of itself, in a page and in JSON lines."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import KgError
from kg.logs import log, logged, logging_to, logs
from kg.model import Document, Extraction
from kg.problems import Problems
from kg.run_plots import bars, columns, line
from kg.run_report import Unwatched, Watch
from kg.vocabulary import vocabulary

DATA = Path(__file__).parent / "data" / "extractions.jsonl"


def extractions() -> list[Extraction]:
    return [Extraction.from_json(json.loads(line)) for line in DATA.read_text(encoding="utf-8").splitlines()]


def report(path: Path, xs: list[Extraction], problems: Problems, title: str | None = None) -> str:
    with Watch.of(path, (), problems, title) as watch:
        documents = list(watch.documents(x.document for x in xs))
        assert len(documents) == len(xs)
        assert list(watch.extractions(xs)) == xs
    return path.read_text(encoding="utf-8")


def test_report(tmp_path: Path) -> None:
    xs, problems = extractions(), Problems()
    problems.add("bad.txt", "is empty")
    problems.add("old.txt", "is not in UTF-8 and was read as windows-1256", harmless=True)
    page = report(tmp_path / "r.html", xs, problems)
    for name, count in (
        ("documents", len(xs)), ("inputs skipped", 1), ("events", sum(len(x.events) for x in xs)), ("facts", sum(len(x.facts) for x in xs)),
        ("entities", sum(len(x.entities) for x in xs)), ("words", sum(len(x.document.text.split()) for x in xs)),
    ):  # fmt: skip
        assert f'<small lang="en">{name}</small></dt><dd>{count:,}</dd>' in page
    assert '<html lang="ar" dir="rtl">' in page
    assert "<bdi>is empty</bdi></td><td>yes" in page and "windows-1256</bdi></td><td>no" in page
    assert page.count("<svg") >= 5
    # One file, which asks for nothing and runs nothing.
    assert not re.search(r"<script|<link|<img|https?://(?!www\.w3\.org)|@import|url\((?!data:)", page)
    assert "default-src &#39;none&#39;" in page


def test_actors_and_relations_are_counted_by_what_is_asserted(tmp_path: Path) -> None:
    (x,) = [x for x in extractions() if x.document.id == "d1"]
    page = report(tmp_path / "r.html", [x, replace(x, document=replace(x.document, id="again"))], Problems())
    denied = [replace(e, modality="denied") for e in x.events]
    none = report(tmp_path / "s.html", [replace(x, events=tuple(denied))], Problems())
    assert "most frequent relations" in page and '<td class="number">2</td>' in page
    assert "most frequent relations" not in none


def test_markup_in_names_stays_text(tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>"
    (x, *_) = extractions()
    entities = tuple(replace(e, label=bad, name=bad, qid=None, concept=None) for e in x.entities)
    problems = Problems()
    problems.add(bad, bad)
    hostile = replace(x, document=replace(x.document, source=bad, published=None), entities=entities, versions={bad: bad})
    page = report(tmp_path / "r.html", [hostile], problems, bad)
    assert "<script" not in page and "&lt;script&gt;" in page


def test_an_empty_run_and_one_that_fails_have_a_report(tmp_path: Path) -> None:
    assert "<dd>0</dd>" in report(tmp_path / "r.html", [], Problems())

    def broken() -> Iterator[Extraction]:
        yield extractions()[0]
        raise KgError("no")

    with pytest.raises(KgError, match="no"), Watch.of(tmp_path / "s.html", (), Problems()) as watch:
        list(watch.extractions(broken()))
    assert "documents</small></dt><dd>1</dd>" in (tmp_path / "s.html").read_text(encoding="utf-8")


def test_no_path_no_report_and_a_bad_one_is_told_first(tmp_path: Path) -> None:
    with Watch.of(None, (), Problems()) as watch:
        assert isinstance(watch, Unwatched)
    with pytest.raises(KgError, match=r"cannot write .*r\.html"), Watch.of(tmp_path / "none" / "r.html", (), Problems()):
        raise AssertionError("the work was begun")


def test_names_are_held_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.run_report.NAMES", 50)
    monkeypatch.setattr("kg.run_report.POINTS", 10)
    (x,) = [x for x in extractions() if x.document.id == "d1"]
    watch = Watch(vocabulary())
    for n in range(2000):
        named = tuple(replace(e, label=f"{e.label} {n % 700}", qid=None, concept=None) if n % 3 else e for e in x.entities)
        watch._take(replace(x, document=Document(f"d{n}", x.document.text, source=f"s{n}"), entities=named))
    assert watch.counts["documents"] == 2000
    assert max(len(watch.actors), len(watch.relations), len(watch.sources)) <= 300 and len(watch.names) <= 1000
    assert len(watch.progress) <= 20 and watch.progress[-1][1] > 1500 * len(x.document.text.split())
    known = max(watch.actors.values())
    assert known >= 2000 / 3


def test_plots() -> None:
    assert bars([]) == columns([]) == line([]) == line([(0, 0)]) == ""
    shown = bars([("روسيا", 10), ("<b>", 5)])
    widths = [int(w) for w in re.findall(r'class="bar"[^>]* width="(\d+)"', shown)]
    assert widths[0] == 2 * widths[1]
    assert "&lt;b&gt;" in shown and "<b>" not in shown
    assert columns([("0", 0), ("1", 0)]) and line([(0, 0), (0, 0)])


# Logs


def test_logs_are_json_lines_while_somebody_listens() -> None:
    out = io.StringIO()
    log("nobody hears this")
    with logging_to(out):
        assert logs()
        found = list(logged(extractions()))
        logging.getLogger("urllib3").warning("of a library %s", "too")
        logging.getLogger("urllib3").info("no")
    assert not logs()
    log("nor this")
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [x["event"] for x in lines] == ["begun", *["read"] * len(found), "all read", "of a library too"]
    assert all({"time", "level"} <= x.keys() for x in lines)
    assert lines[1]["document"] == found[0].document.id and lines[1]["events"] == len(found[0].events)
    assert lines[-1]["logger"] == "urllib3" and lines[-1]["level"] == "warning"


def test_verbose_makes_all_of_stderr_json_lines(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("", encoding="utf-8")
    plain = CliRunner().invoke(cli, ["extract", str(tmp_path)])
    assert plain.stderr.splitlines()[0].startswith("kg: ")
    done = CliRunner().invoke(cli, ["extract", "-v", str(tmp_path)])
    assert done.exit_code == plain.exit_code == 1
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert lines[-1]["event"] == "1 input could not be read"
    assert [(x["where"], x["lost"]) for x in lines if "where" in x] == [(str(tmp_path / "bad.txt"), "true")]
    failed = CliRunner().invoke(cli, ["build", "-v", str(DATA), "-o", str(tmp_path / "o"), "--models", str(tmp_path)])
    assert failed.exit_code == 2
    assert json.loads(failed.stderr.splitlines()[-1])["level"] == "warning"
    assert CliRunner().invoke(cli, ["extract", str(tmp_path)]).stderr == plain.stderr


def test_a_report_of_a_run_without_documents(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("", encoding="utf-8")
    done = CliRunner().invoke(cli, ["build", str(tmp_path / "bad.txt"), "-o", str(tmp_path / "o"), "--report", str(tmp_path / "r.html")])
    assert done.exit_code == 1
    assert "is empty" in (tmp_path / "r.html").read_text(encoding="utf-8")
