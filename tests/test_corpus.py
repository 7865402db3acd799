"""kg.corpus and kg.workers with real processes and a reader that does what the documents say; models are not loaded."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kg.api import json_line
from kg.cache import Cache
from kg.corpus import Models, extract
from kg.documents import Problems
from kg.errors import KgError
from kg.machine import cores, free_memory
from kg.model import Document
from kg.workers import Loader
from tests.poison import Rule, extraction

WORDS = "وصل الرئيس الروسي أمس إلى بكين في زيارة رسمية تستمر يومين "


def documents(count: int, words: int = 20) -> list[Document]:
    return [Document(f"d{n}", f"{n} " + WORDS * (1 + words * (n % 7) // 50)) for n in range(count)]


def poisoned(kind: str, count: int = 9) -> list[Document]:
    some = documents(count)
    return [*some[: count // 2], Document("bad", f"{kind} {WORDS}", source="خبر.txt"), *some[count // 2 :]]


def lines(some: Sequence[Document], load: Loader | None = None, problems: Problems | None = None, **options: object) -> list[str]:
    return [json_line(x) for x in extract(some, load or Rule(), Problems() if problems is None else problems, **options)]  # type: ignore[arg-type]


def expected(some: Sequence[Document]) -> list[str]:
    return [json_line(extraction(d)) for d in some if d.id != "bad"]


def log(file: Path, what: str) -> list[list[str]]:
    """[process, what was read ...] of the lines of a log."""
    found = [line.split() for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    return [[line[0], *line[2:]] for line in found if line[1] == what]


def gone(process: int) -> bool:
    """Whether a process ends, within some seconds."""
    for _ in range(600):
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


# Order, batches, where they are read


@pytest.mark.parametrize("workers", [None, 1, 2, 3])
def test_any_number_of_workers_gives_the_same_lines_in_the_order_of_the_input(workers: int | None) -> None:
    some = documents(40)
    assert lines(some, workers=workers) == expected(some)


def test_no_documents_need_no_reader() -> None:
    assert lines([], Rule(refuse="it is loaded"), workers=2) == []


def test_a_small_input_is_shared_out(tmp_path: Path) -> None:
    some = documents(12, words=1000)
    assert sum(len(d.text) for d in some) < 60_000
    assert lines(some, Rule(tmp_path / "log", pause=0.05), workers=2) == expected(some)
    assert len(log(tmp_path / "log", "read")) > 2
    assert len(log(tmp_path / "log", "load")) == 2


def test_no_more_processes_than_documents_are_started(tmp_path: Path) -> None:
    lines(documents(1), Rule(tmp_path / "log"), workers=4)
    assert len(log(tmp_path / "log", "load")) == 1


def test_a_small_input_is_read_in_this_process(tmp_path: Path) -> None:
    lines(documents(5), Rule(tmp_path / "log"))
    assert {line[0] for line in log(tmp_path / "log", "read")} == {str(os.getpid())}


def test_a_large_input_is_read_by_others(tmp_path: Path) -> None:
    some = [Document(f"d{n}", f"{n} " + WORDS * 400) for n in range(12)]
    assert lines(some, Rule(tmp_path / "log")) == expected(some)
    assert str(os.getpid()) not in {line[0] for line in log(tmp_path / "log", "read")}
    assert 1 <= len(log(tmp_path / "log", "load")) <= cores()


@pytest.mark.parametrize("workers", [1, 2])
def test_documents_are_read_ahead_no_further_than_they_are_needed(workers: int) -> None:
    taken = Counter[str]()

    def many() -> Iterator[Document]:
        for n in range(10_000):
            taken["documents"] += 1
            yield Document(f"d{n}", f"{n} " + WORDS * 50)

    run = extract(many(), Rule(), Problems(), workers=workers)
    first = [next(run).document.id for _ in range(3)]
    run.close()  # type: ignore[attr-defined]
    assert first == ["d0", "d1", "d2"]
    assert taken["documents"] * len(WORDS) * 50 < 120_000 * (workers + 2)


def test_processes_end_with_the_run_also_where_it_is_left(tmp_path: Path) -> None:
    run = extract(documents(40, words=5000), Rule(tmp_path / "log"), Problems(), workers=2)
    next(run)
    run.close()  # type: ignore[attr-defined]
    assert all(gone(int(line[0])) for line in log(tmp_path / "log", "load"))


# Poison


@pytest.mark.parametrize(
    ("kind", "options", "what"),
    [
        ("CRASH", {"workers": 2}, "ended the process that read it (SIGSEGV)"),
        ("LEAVE", {"workers": 2}, "ended the process that read it (exit status 0)"),
        ("RAISE", {"workers": 2}, "cannot be read, which is a mistake in kg (RecursionError: too deep)"),
        ("RAISE", {"workers": 1}, "cannot be read, which is a mistake in kg (RecursionError: too deep)"),
        ("HANG", {"workers": 2, "timeout": 1.5}, "took longer than 1.5 s (--timeout): cut it into parts, or allow more time"),
        ("HANG", {"workers": 1, "timeout": 1.5}, "took longer than 1.5 s (--timeout): cut it into parts, or allow more time"),
        ("CRASH", {"timeout": 60}, "ended the process that read it (SIGSEGV)"),
    ],
)
def test_a_poison_document_is_put_aside_and_the_others_are_read(kind: str, options: dict[str, object], what: str) -> None:
    some, problems = poisoned(kind), Problems()
    assert lines(some, problems=problems, **options) == expected(some)
    assert [(p.where, p.what, p.harmless) for p in problems] == [("خبر.txt: bad", what, False)]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux limits the memory of a process")
def test_a_document_that_eats_memory_is_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.corpus.MEMORY", 200_000_000)
    monkeypatch.setattr("kg.corpus.free_memory", lambda: 400_000_000)
    some, problems = poisoned("EAT"), Problems()
    assert lines(some, problems=problems, workers=2) == expected(some)
    assert [p.what for p in problems] == ["needs more memory than there is: cut it into parts, or use fewer --workers"]


def test_many_poison_documents_in_a_row_are_all_put_aside() -> None:
    some = [Document(f"bad{n}", f"CRASH {n}") for n in range(5)]
    problems = Problems()
    assert lines([*some, *documents(3)], problems=problems, workers=2) == expected(documents(3))
    assert [p.where for p in problems] == [d.id for d in some]


def test_a_reader_that_failed_is_loaded_anew(tmp_path: Path) -> None:
    lines(poisoned("RAISE"), Rule(tmp_path / "log"), workers=1)
    assert len(log(tmp_path / "log", "load")) == 3  # it failed on the batch, and on the document alone


@pytest.mark.parametrize("workers", [1, 2])
def test_what_cannot_be_loaded_is_told_once(workers: int) -> None:
    with pytest.raises(KgError, match=r"^no models$"):
        lines(documents(9), Rule(refuse="no models"), workers=workers)


def test_processes_that_die_at_once_are_not_started_for_ever() -> None:
    with pytest.raises(KgError, match=r"end before they have begun \(SIGKILL.*fewer --workers"):
        lines(documents(9), Rule(die=True), workers=2)


def test_a_process_that_is_killed_is_replaced(tmp_path: Path) -> None:
    some, problems = documents(60, words=500), Problems()
    run = extract(some, Rule(tmp_path / "log", pause=0.02), problems, workers=2)
    found = [json_line(next(run))]
    os.kill(int(log(tmp_path / "log", "load")[0][0]), signal.SIGKILL)
    found += [json_line(x) for x in run]
    assert found == expected(some)
    assert problems == []


# Cache


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    some, more = documents(20), [*documents(30)[20:], *documents(20)]
    with Cache(tmp_path, "1", Problems()) as cache:
        assert lines(some, cache=cache) == expected(some)
        assert lines(some, Rule(refuse="it is loaded"), cache=cache) == expected(some)
        assert lines(more, Rule(tmp_path / "log"), cache=cache, workers=2) == expected(more)
    assert sorted(id for line in log(tmp_path / "log", "read") for id in line[1:]) == sorted(f"d{n}" for n in range(20, 30))


def test_a_poison_document_is_tried_again_by_the_next_run(tmp_path: Path) -> None:
    some, problems = poisoned("RAISE"), Problems()
    with Cache(tmp_path, "1", problems) as cache:
        for workers in (1, 2):
            assert lines(some, Rule(tmp_path / "log"), problems, cache=cache, workers=workers) == expected(some)
    assert problems.errors == 2


def test_a_run_that_is_left_has_kept_all_that_it_gave(tmp_path: Path) -> None:
    some = documents(200, words=3000)
    with Cache(tmp_path, "1", Problems()) as cache:
        run = extract(some, Rule(tmp_path / "first"), Problems(), cache=cache, workers=2)
        given = [next(run).document.id for _ in range(50)]
        run.close()  # type: ignore[attr-defined]
        assert lines(some, Rule(tmp_path / "second"), cache=cache, workers=2) == expected(some)
    again = {id for line in log(tmp_path / "second", "read") for id in line[1:]}
    assert again.isdisjoint(given)
    assert again


def test_a_few_new_documents_among_many_old_ones_do_not_wait_for_the_end(tmp_path: Path) -> None:
    some = documents(400, words=3000)
    with Cache(tmp_path, "1", Problems()) as cache:
        lines(some[1:], cache=cache)
        taken = Counter[str]()

        def counted() -> Iterator[Document]:
            for d in some:
                taken["documents"] += 1
                yield d

        run = extract(counted(), Rule(), Problems(), cache=cache, workers=1)
        assert next(run).document.id == "d0"
        assert taken["documents"] < len(some)
        assert sum(1 for _ in run) == len(some) - 1


# What an extraction depends on


def test_what_is_read_with_enters_the_version_of_extractions(models: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text("# nothing", encoding="utf-8")
    versions = [Models().version(), Models(lexicon=(own,)).version(), Models(frames=(own,)).version(), Models(event_model=False).version()]
    own.write_text("# nothing else", encoding="utf-8")
    versions.append(Models(lexicon=(own,)).version())
    assert len(set(versions)) == len(versions)
    assert Models().version() == versions[0]


# The machine


def test_the_quota_of_a_container_bounds_what_is_used(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("100000 100000\n", encoding="ascii")
    (tmp_path / "memory.max").write_text("5000\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("2000\n", encoding="ascii")
    assert (cores(tmp_path), free_memory(tmp_path)) == (1, 3000)


def test_without_a_quota_it_is_what_the_machine_has(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("max 100000\n", encoding="ascii")
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert cores(tmp_path) == cores(tmp_path / "nothing") == len(os.sched_getaffinity(0))
    assert free_memory(tmp_path) > 10_000_000
