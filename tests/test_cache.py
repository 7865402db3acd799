"""kg.cache: what was put comes back, what is damaged does not, and nothing that was committed is lost."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.api import json_line
from kg.cache import FILE, Cache, packed, unpacked
from kg.documents import Problems
from kg.errors import KgError
from kg.model import Document, Extraction
from tests.poison import extraction
from tests.serving import examples

EXAMPLES = examples()
ONE = extraction(Document("one", "وصل الرئيس", "عنوان", "2025-03-27", "وكالة"))


def opened(folder: Path, version: str = "1", problems: Problems | None = None) -> Cache:
    return Cache(folder, version, Problems() if problems is None else problems)


def filled(folder: Path) -> None:
    with opened(folder) as cache:
        cache.put((x.document, packed(x)) for x in (ONE, *EXAMPLES))


@pytest.mark.parametrize("x", [ONE, *EXAMPLES], ids=lambda x: x.document.id)
def test_an_extraction_comes_back_to_the_byte(tmp_path: Path, x: Extraction) -> None:
    filled(tmp_path)
    with opened(tmp_path) as cache:
        data = cache.get(x.document)
    assert data is not None
    assert unpacked(data, x.document) == x
    assert json_line(unpacked(data, x.document)) == json_line(x)


text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(text, st.none() | text, st.none() | text)
def test_any_text_and_any_metadata_come_back(body: str, title: str | None, source: str | None) -> None:
    x = extraction(Document("d", body, title, None, source))
    assert unpacked(packed(x), x.document) == x


def test_a_copy_of_a_text_has_the_extraction_under_its_own_name(tmp_path: Path) -> None:
    filled(tmp_path)
    copy = Document("two", ONE.document.text, None, "2025-03-27T10:00:00+03:00", "صحيفة")
    with opened(tmp_path) as cache:
        data = cache.get(copy)
    assert data is not None
    assert unpacked(data, copy) == replace(ONE, document=copy)


def test_what_enters_an_extraction_enters_the_key(tmp_path: Path) -> None:
    filled(tmp_path)
    with opened(tmp_path) as cache:
        assert cache.get(replace(ONE.document, text=ONE.document.text + ".")) is None
        assert cache.get(replace(ONE.document, published="2025-03-28")) is None  # "yesterday" is another day
        assert cache.get(replace(ONE.document, published=None)) is None
    with opened(tmp_path, "2") as cache:
        assert cache.get(ONE.document) is None
        cache.put([(ONE.document, packed(ONE))])
    with opened(tmp_path) as cache:  # and what another version made is kept
        assert cache.get(ONE.document) is not None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET packed = zeroblob(10)",
        "UPDATE entry SET packed = 'x'",
        "UPDATE entry SET checksum = x'00'",
        "UPDATE entry SET packed = (SELECT packed FROM entry AS other WHERE other.key != entry.key)",
    ],
)
def test_a_damaged_entry_is_noticed_and_replaced(tmp_path: Path, change: str) -> None:
    filled(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute(change)
    db.close()
    problems = Problems()
    with opened(tmp_path, problems=problems) as cache:
        assert cache.get(ONE.document) is None
        cache.put([(ONE.document, packed(ONE))])
        assert cache.get(ONE.document) == packed(ONE)
    assert [(p.where, p.harmless) for p in problems] == [(str(tmp_path / FILE), True)]
    assert "one" in problems[0].what


@pytest.mark.parametrize("garbage", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path, garbage: bytes) -> None:
    (tmp_path / FILE).write_bytes(garbage)
    problems = Problems()
    with opened(tmp_path, problems=problems) as cache:
        assert cache.get(ONE.document) is None
        cache.put([(ONE.document, packed(ONE))])
        assert cache.get(ONE.document) == packed(ONE)
    assert [p.harmless for p in problems] == [True]
    assert (tmp_path / FILE).with_suffix(".damaged").read_bytes() == garbage


def test_a_file_that_is_damaged_further_on_is_set_aside_when_that_is_met(tmp_path: Path) -> None:
    filled(tmp_path)
    data = bytearray((tmp_path / FILE).read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    (tmp_path / FILE).write_bytes(data)
    problems = Problems()
    with opened(tmp_path, problems=problems) as cache:
        assert cache.get(ONE.document) is None
        cache.put([(ONE.document, packed(ONE))])
        assert cache.get(ONE.document) == packed(ONE)
    assert problems.errors == 0 and len(problems) == 1


def test_two_processes_may_share_a_cache(tmp_path: Path) -> None:
    with opened(tmp_path) as one, opened(tmp_path) as two:
        one.put([(ONE.document, packed(ONE))])
        assert two.get(ONE.document) == packed(ONE)
        two.put([(EXAMPLES[0].document, packed(EXAMPLES[0]))])
        assert one.get(EXAMPLES[0].document) == packed(EXAMPLES[0])


def test_a_cache_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(KgError, match=r"cannot use the cache .*--no-cache") as caught:
        opened(tmp_path / "file" / "cache")
    assert "\n" not in str(caught.value)


def test_a_full_disk_is_one_line_and_leaves_the_cache_whole(tmp_path: Path) -> None:
    filled(tmp_path)
    with opened(tmp_path) as cache:
        (pages,) = cache._db.execute("PRAGMA page_count").fetchone()
        cache._db.execute(f"PRAGMA max_page_count = {pages}")
        chance = bytes((i * i * 7919) % 251 for i in range(100_000))
        with pytest.raises(KgError, match="full"):
            cache.put([(Document("big", "كبير"), chance)])
    with opened(tmp_path) as cache:
        assert cache.get(ONE.document) == packed(ONE)
        assert cache.get(Document("big", "كبير")) is None
