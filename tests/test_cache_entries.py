"""kg cache: what is kept of earlier runs is told by the way in which it was made, and what no run finds any more can go, also beside a run."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kg
from kg.cache import FILE, Cache, packed
from kg.cache_entries import held, located, prune
from kg.cli import cli
from kg.corpus import Models
from kg.documents import Problems
from kg.errors import KgError
from kg.model import Document
from tests.poison import extraction

TEXT = "وصل الرئيس إلى بيونغ يانغ. " * 40


def version(**changes: object) -> str:
    """A way to read, as kg.corpus.Models.version says it."""
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    about = {"kg": "1.0", "models": ["pack 3"], "event model": True, "code": "c", "ontology": "o", "lexicon": nothing, "frames": nothing}
    return json.dumps({**about, **changes}, sort_keys=True)


NOW, OLD, OWN = version(), version(code="b", kg="0.9"), version(lexicon="mine")


def fill(folder: Path, how: str, *names: str) -> None:
    with Cache(folder, how, Problems()) as cache:
        documents = [Document(name, f"{name} {TEXT}") for name in names]
        cache.put((d, packed(extraction(d))) for d in documents)


def found(folder: Path, how: str, *names: str) -> list[str]:
    with Cache(folder, how, Problems()) as cache:
        return [name for name in names if cache.get(Document(name, f"{name} {TEXT}")) is not None]


def age(folder: Path, name: str, day: int) -> None:
    """Make an entry as old as a day (since 1970)."""
    with sqlite3.connect(folder / FILE) as db:
        with Cache(folder, NOW, Problems()) as cache:
            key = cache._key(Document(name, f"{name} {TEXT}"))
        assert db.execute("UPDATE entry SET day = ? WHERE key = ?", (day, key)).rowcount == 1


def test_what_is_held_is_told_by_how_it_was_made(tmp_path: Path) -> None:
    fill(tmp_path, OLD, "a", "b")
    fill(tmp_path, NOW, "a")
    fill(tmp_path, OWN, "a")
    rows = held(tmp_path, NOW)
    assert [(h.kg, h.models, h.options, h.current, h.entries) for h in rows] == [
        ("1.0", "pack 3", (), True, 1),
        ("1.0", "pack 3", ("own lexicon",), True, 1),
        ("0.9", "pack 3", (), False, 2),
    ]
    assert all(h.bytes > 0 and h.first == h.last and len(h.first) == 10 for h in rows)


def test_what_no_run_finds_goes_and_the_rest_stays(tmp_path: Path) -> None:
    fill(tmp_path, OLD, "a", "b", "c")
    fill(tmp_path, version(models=["pack 2"]), "a")
    fill(tmp_path, NOW, "a", "b")
    fill(tmp_path, OWN, "c")
    assert prune(tmp_path, NOW) == 4
    assert (found(tmp_path, NOW, "a", "b", "c"), found(tmp_path, OWN, "c"), found(tmp_path, OLD, "a", "b", "c")) == (["a", "b"], ["c"], [])
    assert prune(tmp_path, NOW) == 0
    assert sum(h.entries for h in held(tmp_path, NOW)) == 3


def test_what_is_old_goes_too_if_asked_for(tmp_path: Path) -> None:
    fill(tmp_path, NOW, "a", "b", "c")
    for name, day in (("a", 100), ("b", 110)):
        age(tmp_path, name, day)
    assert [(h.first, h.last > "2026") for h in held(tmp_path, NOW)] == [("1970-04-11", True)]
    assert prune(tmp_path, NOW, older_than=10, today=120) == 1
    assert found(tmp_path, NOW, "a", "b", "c") == ["b", "c"]


def test_the_file_gets_smaller(tmp_path: Path) -> None:
    names = [f"d{n}" for n in range(1500)]
    with Cache(tmp_path, OLD, Problems()) as cache:
        cache.put((Document(name, name), os.urandom(2000)) for name in names)
    before = (tmp_path / FILE).stat().st_size
    fill(tmp_path, NOW, "a")
    assert prune(tmp_path, NOW) == 1500
    assert (tmp_path / FILE).stat().st_size < before / 20
    assert found(tmp_path, NOW, "a") == ["a"]


def test_a_run_beside_it_loses_nothing_that_it_wrote(tmp_path: Path) -> None:
    """Several writers of the current version and one of an old one, while old entries are removed again and again."""
    errors: list[BaseException] = []

    def writes(how: str, start: int) -> None:
        try:
            for n in range(start, start + 40):
                fill(tmp_path, how, f"d{n}")
        except BaseException as e:
            errors.append(e)

    fill(tmp_path, OLD, "first")
    threads = [threading.Thread(target=writes, args=(how, start)) for how, start in ((NOW, 0), (NOW, 100), (OLD, 0))]
    for t in threads:
        t.start()
    while any(t.is_alive() for t in threads):
        prune(tmp_path, NOW)
    assert not errors
    prune(tmp_path, NOW)
    names = [f"d{n}" for n in (*range(40), *range(100, 140))]
    assert found(tmp_path, NOW, *names) == names
    assert [(h.current, h.entries) for h in held(tmp_path, NOW)] == [(True, 80)]


def test_what_an_older_kg_made_is_listed_and_goes(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("CREATE TABLE extraction (key BLOB PRIMARY KEY, checksum BLOB NOT NULL, packed BLOB NOT NULL)")
        db.execute("INSERT INTO extraction VALUES (x'00', x'00', x'0000')")
    assert [(h.kg, h.current, h.entries, h.bytes, h.first) for h in held(tmp_path, NOW)] == [("", False, 1, 2, "")]
    fill(tmp_path, NOW, "a")
    assert prune(tmp_path, NOW) == 1
    assert [h.entries for h in held(tmp_path, NOW)] == [1]


def test_a_cache_is_found_where_a_build_left_it(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="there is no cache in"):
        located(tmp_path)
    fill(tmp_path / ".kg-cache", NOW, "a")
    assert located(tmp_path) == located(tmp_path / ".kg-cache") == tmp_path / ".kg-cache" / FILE


def test_a_damaged_one_is_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 1000)
    for ask in (held, prune):
        with pytest.raises(KgError, match="is damaged"):
            ask(tmp_path, NOW)


# The commands


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["cache", *map(str, arguments)])


def test_the_commands(tmp_path: Path, models: Path) -> None:
    fill(tmp_path, Models().version(), "a")
    fill(tmp_path, OLD, "a", "b")
    shown = run("info", tmp_path)
    assert shown.exit_code == 0
    rows = [line.split() for line in shown.stdout.splitlines()[2:]]
    assert [row[0] for row in rows] == ["current", "not"] and rows[0][1] == kg.__version__
    told = json.loads(run("info", tmp_path, "--json").stdout)
    assert [(e["current"], e["entries"]) for e in told["entries"]] == [(True, 1), (False, 2)]
    done = run("prune", tmp_path)
    assert (done.exit_code, done.stdout.split()) == (0, ["removed", "2", "left", "1"])
    assert "less than before" in done.stderr
    assert run("prune", tmp_path, "--older-than", "0").stdout.split() == ["removed", "0", "left", "1"]


def test_a_folder_without_a_cache_is_one_line(tmp_path: Path, models: Path) -> None:
    for command in ("info", "prune"):
        done = run(command, tmp_path)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "there is no cache in" in done.stderr and done.stderr.count("\n") == 1
