"""kg.bench without models: what is read, how it is counted and timed, and what is said of a run."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kg.bench import Report, Run, articles, compare, count_words, first_words
from kg.bench_variants import watch
from kg.cli import cli
from kg.errors import KgError
from kg.model import Document

CORPUS = "\ufeffعنوان أول\nسطر ثان\n\n \nno letters of ours\n\nمقال آخر\r\nوآخره"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["bench", "pipeline", *map(str, arguments)])


# What is read


@pytest.mark.parametrize(("name", "packed"), [("a.txt", bytes), ("a.XZ", lzma.compress), ("a.txt.gz", gzip.compress)])
def test_blank_lines_part_the_articles_of_a_corpus(tmp_path: Path, name: str, packed: Callable[[bytes], bytes]) -> None:
    (tmp_path / name).write_bytes(packed(CORPUS.encode()))
    found = list(articles(tmp_path / name))
    assert [d.text for d in found] == ["عنوان أول\nسطر ثان", "مقال آخر\nوآخره"]
    assert len({d.id for d in found}) == 2


def test_a_corpus_is_read_only_as_far_as_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("مقال أول\n\n".encode() * 100_000 + b"\xff")
    assert len(first_words(articles(tmp_path / "a.txt"), 3)) == 2


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"\xc7\xe1", "is not UTF-8"),
        ("a.xz", b"text", "cannot be read"),
        ("a.xz", lzma.compress(CORPUS.encode())[:-20], "cannot be read"),
        ("a.gz", b"text", "cannot be read"),
        ("a.gz", gzip.compress(CORPUS.encode(), mtime=0)[:-12], "cannot be read"),
    ],
)
def test_a_corpus_that_cannot_be_read_is_one_line(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    result = run("--corpus", tmp_path / name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"kg: {tmp_path / name} {message}") and result.stderr.count("\n") == 1


@pytest.mark.parametrize(("words", "taken"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (99, 3)])
def test_documents_are_taken_whole_until_there_are_words_enough(words: int, taken: int) -> None:
    documents = [Document(str(i), " كلمة\nأخرى ") for i in range(3)]
    assert first_words(iter(documents), words) == documents[:taken]


def test_words_are_counted_by_white_space() -> None:
    assert count_words(" وصل\u00a0الرئيس،\nإلى  بيونغ-يانغ .\t") == 5


def test_nothing_to_measure_on_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where there are no seeds
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--corpus FILE" in result.stderr and result.stderr.count("\n") == 1


def test_missing_models_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("وصل الرئيس", encoding="utf-8")
    result = run(tmp_path / "a.txt", "--models", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no models in" in result.stderr and result.stderr.count("\n") == 1


def test_an_error_in_a_process_of_its_own_comes_back(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"files": {}}', encoding="utf-8")
    begun: list[str] = []
    with pytest.raises(KgError, match="does not list"):
        compare([Document("d", "وصل الرئيس")], models=str(tmp_path), progress=begun.append)
    assert begun == ["naive"]


# How it is timed


class Clock:
    """A clock that only moves when a processor works."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Processor:
    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock, self.seconds = clock, seconds

    def process(self, document: str) -> str:
        self.clock.now += self.seconds
        if document == "bad":
            raise ValueError(document)
        return document

    def bulk_process(self, documents: list[str]) -> list[str]:
        return [self.process(d) for d in documents]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("kg.bench_variants.perf_counter", clock)
    return clock


def test_each_processor_is_timed_once_for_what_it_does_in_itself(clock: Clock) -> None:
    one, two, idle = Processor(clock, 1), Processor(clock, 10), Processor(clock, 100)
    seconds = watch({"one": one, "two": two, "idle": idle})
    assert two.bulk_process(["a", "b"]) == ["a", "b"]
    assert one.process("a") == "a"
    assert two.process("c") == "c"
    assert seconds == {"two": 30.0, "one": 1.0}
    assert list(seconds) == ["two", "one"]


def test_a_processor_that_fails_is_timed_too(clock: Clock) -> None:
    one = Processor(clock, 1)
    seconds = watch({"one": one})
    for _ in range(2):
        with pytest.raises(ValueError, match="bad"):
            one.bulk_process(["a", "bad"])
    assert seconds == {"one": 4.0}


# What is said of it


def made(variant: str, seconds: float, processes: int = 1, **processors: float) -> Run:
    return Run(variant, 3, 600, seconds, 5.5, 2.5, 901.23456, 2, processors, processes)


REPORT = Report(
    "pack 1", (made("naive", 6.0), made("pipeline", 3.0, tokenize=0.75, depparse=1.5), made("extract", 4.0), made("workers", 2.0, processes=2))
)


def test_a_report_is_one_flat_object() -> None:
    assert REPORT.to_json() == {
        "models": "pack 1", "threads": 2, "documents": 3, "words": 600,
        "naive_words": 600, "naive_seconds": 6.0, "naive_words_per_second": 100.0, "naive_cpu_seconds": 5.5,
        "naive_load_seconds": 2.5, "naive_peak_mb": 901.2, "naive_processes": 1,
        "pipeline_words": 600, "pipeline_seconds": 3.0, "pipeline_words_per_second": 200.0, "pipeline_cpu_seconds": 5.5,
        "pipeline_load_seconds": 2.5, "pipeline_peak_mb": 901.2, "pipeline_processes": 1,
        "pipeline_tokenize_seconds": 0.75, "pipeline_tokenize_words_per_second": 800.0, "pipeline_tokenize_share": 0.25,
        "pipeline_depparse_seconds": 1.5, "pipeline_depparse_words_per_second": 400.0, "pipeline_depparse_share": 0.5,
        "pipeline_other_seconds": 0.75, "pipeline_other_words_per_second": 800.0, "pipeline_other_share": 0.25,
        "extract_words": 600, "extract_seconds": 4.0, "extract_words_per_second": 150.0, "extract_cpu_seconds": 5.5,
        "extract_load_seconds": 2.5, "extract_peak_mb": 901.2, "extract_processes": 1,
        "workers_words": 600, "workers_seconds": 2.0, "workers_words_per_second": 300.0, "workers_cpu_seconds": 5.5,
        "workers_load_seconds": 2.5, "workers_peak_mb": 901.2, "workers_processes": 2,
        "pipeline_to_naive": 2.0, "extract_to_naive": 1.5, "workers_to_naive": 3.0, "workers_to_extract": 2.0,
    }  # fmt: skip


def test_the_table_shows_every_run_and_every_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def reported(documents: list[Document], **options: Any) -> Report:
        given.update(options, documents=documents)
        return REPORT

    monkeypatch.setattr("kg.bench.compare", reported)
    (tmp_path / "a.txt").write_text("وصل الرئيس", encoding="utf-8")
    (tmp_path / "corpus").write_text("مقال أول\n\nمقال آخر\n\nمقال أخير", encoding="utf-8")
    result = run(tmp_path / "a.txt", "--corpus", tmp_path / "corpus", "--words", 4, "--threads", 2, "--models", "some")
    assert result.exit_code == 0, result.output
    assert [d.text for d in given["documents"]] == ["وصل الرئيس", "مقال أول"]
    assert (given["threads"], given["models"]) == (2, "some")
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["3", "documents,", "600", "words,", "PyTorch", "threads:", "2,", "models:", "pack", "1"],
        [],
        ["words/s", "x", "naive", "seconds", "CPU", "s", "load", "s", "peak", "MB", "processes"],
        ["naive", "100", "1.00", "6.0", "5.5", "2.5", "901", "1"],
        ["pipeline", "200", "2.00", "3.0", "5.5", "2.5", "901", "1"],
        ["extract", "150", "1.50", "4.0", "5.5", "2.5", "901", "1"],
        ["workers", "300", "3.00", "2.0", "5.5", "2.5", "901", "2"],
        [],
        ["pipeline", "words/s", "share", "seconds"],
        ["tokenize", "800", "25.0%", "0.8"],
        ["depparse", "400", "50.0%", "1.5"],
        ["other", "800", "25.0%", "0.8"],
    ]


def test_an_input_that_was_lost_shows_in_the_exit_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.bench.compare", lambda documents, **options: REPORT)
    result = run(tmp_path / "missing.txt")
    assert result.exit_code == 1
    assert result.stderr.endswith("kg: 1 input could not be read\n")
