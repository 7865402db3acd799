"""kg.cluster without a cluster: shards, what a process of a cluster does with them, and what is said where there is no cluster."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cli import cli
from kg.cluster import extract
from kg.cluster.place import Place
from kg.cluster.ray_data import room
from kg.cluster.reading import ALL, Elsewhere, How, Readings, Row
from kg.cluster.shards import SIZE, Shards, cut, fitting
from kg.corpus import Models
from kg.documents import Problems
from kg.errors import KgError
from kg.graph_files import json_line
from kg.model import Document
from kg.workers import Failure
from tests.poison import Rule, extraction
from tests.test_corpus import documents, expected, log, poisoned


def names(some: Sequence[Document], folder: Path, size: int = 3000) -> list[str]:
    return [shard.name for shard in Shards(str(folder), "1").add(cut(some, size))]


def files(folder: Path, pattern: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob(pattern)}


def read(name: str, folder: Path, load: Rule, document: int = ALL, timeout: float | None = None) -> Row:
    readings = Readings(How(load, str(folder), "1", timeout))
    try:
        return readings.read(Row(name, document))
    finally:
        readings.close()


# Shards


@given(st.lists(st.text(max_size=30), max_size=40), st.integers(1, 100))
def test_every_document_is_in_one_shard_and_none_is_far_too_large(texts: list[str], size: int) -> None:
    some = [Document(str(n), text) for n, text in enumerate(texts)]
    parts = list(cut(some, size))
    assert [d for part in parts for d in part] == some
    assert all(part for part in parts)
    assert all(sum(len(d.text) for d in part[:-1]) < 2 * size for part in parts)
    assert all(2 * sum(len(d.text) for d in part) >= size for part in parts[:-1])


def test_a_new_document_changes_few_shards(tmp_path: Path) -> None:
    some = documents(300)
    before = names(some, tmp_path)
    for at in (0, 150, 299):
        after = names([*some[:at], Document("new", "خبر جديد"), *some[at:]], tmp_path)
        assert len(set(after) - set(before)) <= 3, at
    assert len(before) > 10


def test_few_documents_make_smaller_shards_and_a_stream_is_not_read_to_its_end() -> None:
    small = documents(40, 1000)
    assert len(list(cut(small))) > 3
    assert fitting(small)[0] < fitting(documents(2000, 1000))[0] <= SIZE
    taken = 0

    def many() -> Iterator[Document]:
        nonlocal taken
        while True:
            taken += 1
            yield Document(str(taken), "خ" * 100_000)

    size, following = fitting(many())
    assert size == SIZE
    assert [next(following).id for _ in range(3)] == ["1", "2", "3"]
    assert taken < 300


def test_documents_are_what_they_were(tmp_path: Path) -> None:
    some = [Document("a", "سطر\nسطر\u2028\ud800", "عنوان", "2025-03-27", "وكالة"), Document("a", ""), Document("b", "\x85\r\n")]
    shards = Shards(str(tmp_path), "1")
    (shard,) = shards.add([some])
    assert (shard.documents, shards.documents(shard.name)) == (3, some)


def test_the_same_shard_is_the_same_file(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (name,) = names(documents(5), tmp_path / folder, SIZE)
        Shards(str(tmp_path / folder), "1").put(name, [json_line(extraction(d)) for d in documents(5)])
    assert files(tmp_path / "a", "*.gz") == files(tmp_path / "b", "*.gz")
    assert len(files(tmp_path / "a", "*.gz")) == 1, "documents and extractions have one name"


def test_a_shard_with_problems_is_not_done(tmp_path: Path) -> None:
    some = documents(3)
    (name,) = names(some, tmp_path, SIZE)
    lines = [json_line(extraction(d)) for d in some]
    shards, problems = Shards(str(tmp_path), "1"), Problems()
    assert shards.found(name, some) == [None, None, None]
    shards.put(name, [lines[0], Failure("is poison"), lines[2]])
    assert shards.found(name, some) == [lines[0], Failure("is poison"), lines[2]]
    assert shards.read() == set()
    assert [json_line(x) for x in shards.extractions(name, problems)] == [lines[0], lines[2]]
    assert [(p.where, p.what) for p in problems] == [("d1", "is poison")]
    shards.put(name, lines)
    assert shards.read() == {name}
    assert files(tmp_path, "*.problems") == {}
    assert Shards(str(tmp_path), "2").read() == set(), "what another kg has read is not found"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_what_is_missing_is_found_by_what_is_there(tmp_path_factory: pytest.TempPathFactory, good: list[bool]) -> None:
    folder = tmp_path_factory.mktemp("shards")
    some = [Document("one id", "one text")] * len(good)  # the hardest case
    (name,) = names(some, folder, SIZE)
    shards = Shards(str(folder), "1")
    shards.put(name, [json_line(extraction(d)) if ok else Failure(str(n)) for n, (d, ok) in enumerate(zip(some, good, strict=True))])
    assert sum(isinstance(x, str) for x in shards.found(name, some)) == sum(good)


def test_the_list_names_the_files_of_a_corpus(tmp_path: Path) -> None:
    some = documents(40)
    shards = Shards(str(tmp_path), "1")
    there = list(shards.add(cut(some, 1000)))
    for shard in there:
        shards.put(shard.name, [json_line(extraction(d)) for d in shards.documents(shard.name)])
    shards.write_list(there)
    (listed,) = files(tmp_path, "shards.txt").values()
    lines = [gzip.decompress((tmp_path / path).read_bytes()).decode() for path in listed.decode().splitlines()]
    assert "".join(lines) == "".join(expected(some))


@pytest.mark.parametrize("url", ["memory://corpus/a", "dir::file://{tmp_path}/b"])
def test_a_place_that_is_no_folder_of_this_machine_holds_the_same(url: str, tmp_path: Path) -> None:
    place = Place(url.format(tmp_path=tmp_path))
    assert (place.names("x"), place.read("x/y.gz")) == (set(), None)
    place.write("x/z/y.gz", b"1")
    place.write("x/z/y.gz", b"2")
    place.write("x/z/t", b"3")
    assert (place.names("x"), place.read("x/z/y.gz"), place.read("x/z/t")) == ({"y.gz", "t"}, b"2", b"3")
    place.remove("x/z/t")
    place.remove("x/z/t")
    assert place.names("x") == {"y.gz"}


@pytest.mark.parametrize(
    ("url", "what"),
    [("nothing://x", "cannot use nothing://x"), ("/proc/nothing", "cannot use documents/"), ("/dev/null", "cannot use documents/")],
)
def test_a_place_that_cannot_be_used_is_told_in_one_line(url: str, what: str) -> None:
    with pytest.raises(KgError) as e:
        list(Shards(url, "1").add([documents(1)]))
    assert str(e.value).startswith(what) or what in str(e.value)
    assert "\n" not in str(e.value)


def test_a_damaged_shard_is_told(tmp_path: Path) -> None:
    (name,) = names(documents(1), tmp_path)
    (file,) = tmp_path.rglob("*.gz")
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(KgError, match=rf"^documents/{name[:2]}/{name}.jsonl.gz in .* is damaged .*: delete it$"):
        Shards(str(tmp_path), "1").documents(name)


# What a process of a cluster does


def test_a_shard_is_read_as_it_is_without_a_cluster(tmp_path: Path) -> None:
    some = documents(20)
    (name,) = names(some, tmp_path, SIZE)
    row = read(name, tmp_path, Rule())
    assert (row.shard, row.error, row.line, row.problem) == (name, "", "", "")
    assert [json_line(x) for x in Shards(str(tmp_path), "1").extractions(name, Problems())] == expected(some)


def test_the_reader_is_in_another_process_and_stays_there(tmp_path: Path) -> None:
    shards = names(documents(40), tmp_path / "shards", 1000)
    readings = Readings(How(Rule(tmp_path / "log"), str(tmp_path / "shards"), "1"))
    columns = readings({"shard": shards, "document": [ALL] * len(shards)})
    readings.close()
    assert columns["shard"] == shards
    assert set(columns["error"]) == {""}
    assert len(log(tmp_path / "log", "load")) == 1


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("CRASH", "ended the process that read it (SIGSEGV)"),
        ("RAISE", "cannot be read, which is a mistake in kg (RecursionError: too deep)"),
        ("HANG", "took longer than 1.5 s (--timeout): cut it into parts, or allow more time"),
    ],
)
def test_a_poison_document_is_put_aside_and_tried_again(kind: str, what: str, tmp_path: Path) -> None:
    some, problems = poisoned(kind), Problems()
    (name,) = names(some, tmp_path / "shards", SIZE)
    assert read(name, tmp_path / "shards", Rule(), timeout=1.5).error == ""
    shards = Shards(str(tmp_path / "shards"), "1")
    assert [json_line(x) for x in shards.extractions(name, problems)] == expected(some)
    assert [(p.where, p.what) for p in problems] == [("خبر.txt: bad", what)]
    before = files(tmp_path, "*.gz")
    assert read(name, tmp_path / "shards", Rule(tmp_path / "log"), timeout=1.5).error == ""
    assert log(tmp_path / "log", "read") == [], "only what was lost is read again"
    assert files(tmp_path, "*.gz") == before
    # One document of it
    assert read(name, tmp_path / "shards", Rule(), 4, timeout=1.5).problem == what
    assert read(name, tmp_path / "shards", Rule(), 3).line == json_line(extraction(some[3]))


def test_what_makes_reading_impossible_is_an_error_of_the_run(tmp_path: Path) -> None:
    (name,) = names(documents(3), tmp_path, SIZE)
    assert read(name, tmp_path, Rule(refuse="no models")).error == "no models"
    assert "does not see the shards in" in read("0" * 32, tmp_path, Rule()).error


def test_a_machine_with_another_kg_is_refused(models: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text("# nothing", encoding="utf-8")
    how = Models(lexicon=(own,))
    version = how.version()
    there = Elsewhere.of(how, version)
    assert there.lexicon == (b"# nothing",)
    other = Elsewhere.of(how, json.dumps(json.loads(version) | {"code": "other", "torch": "1.0"}))
    with pytest.raises(KgError, match=r"has not the same kg as this one \(code, torch\)"):
        other()


# Where there is no cluster


def test_what_was_read_needs_no_cluster(tmp_path: Path) -> None:
    some = documents(40)
    shards = Shards(str(tmp_path), "1")
    for shard in list(shards.add(cut(some, 1000))):
        shards.put(shard.name, [json_line(extraction(d)) for d in shards.documents(shard.name)])
    found = extract(some, Rule(die=True), Problems(), address="127.0.0.1:1", shards=str(tmp_path), version="1", size=1000)
    assert [json_line(x) for x in found] == expected(some)


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("ray://127.0.0.1:1", "cannot reach the Ray cluster at ray://127.0.0.1:1: "),
        ("nowhere", "nowhere is no address of a Ray cluster: give ray://HOST:PORT, HOST:PORT or local"),
    ],
)
def test_a_cluster_that_is_not_there_is_told_in_one_line(address: str, what: str) -> None:
    pytest.importorskip("ray", reason="pip install 'arabic-kg[cluster]'")
    with pytest.raises(KgError) as e:
        list(extract(documents(1), Rule(), Problems(), address=address))
    assert str(e.value).startswith(what)
    assert "\n" not in str(e.value)


def test_without_ray_the_way_to_it_is_told(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("وصل الرئيس إلى بكين.", encoding="utf-8")
    code = "import sys; sys.modules['ray'] = None; from kg.cli import main; main()"
    command = [sys.executable, "-c", code, "extract", str(article), "--cluster", "local"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "kg: --cluster needs Ray: pip install 'arabic-kg[cluster]'\n")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("extract", "seeds", "--shards", "x"), "--shards and --gpus are for --cluster."),
        (("build", "seeds", "--gpus", "1"), "--shards and --gpus are for --cluster."),
        (("extract", "seeds", "--cluster", "local", "--cache", "x"), "--cache is for reading on this machine"),
    ],
)
def test_options_that_do_not_fit_are_refused(arguments: tuple[str, ...], what: str) -> None:
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 2
    assert what in done.output


def test_as_many_processes_are_asked_for_as_there_is_room() -> None:
    machines = [{"CPU": 8.0, "memory": 7e9}, {"CPU": 2.0, "memory": 64e9, "GPU": 1.0}, {"memory": 64e9}]
    assert room(machines, 0, 0) == 10
    assert room(machines, 2_000_000_000, 0) == 5
    assert room(machines, 2_000_000_000, 0.5) == 2
    assert room(machines, 2_000_000_000, 2) == 0
