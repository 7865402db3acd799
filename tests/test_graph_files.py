"""kg.graph_files and kg.stored_files: what `kg build` writes of graphs that memory holds and of those that it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError
from kg.graph_files import FILES, FORMATS, GRAPH_LIMIT, LONG, STORE, all_labels, write
from kg.identity import load_identity
from kg.model import Event, Extraction, Fact
from kg.namespaces import DEFAULT_BASE, PREFIXES
from kg.rdf import _date, _decimal
from kg.store import Reader, Store
from kg.stored_files import as_written
from kg.view import part
from tests.test_own_types import OWN, told
from tests.test_store import examples
from tests.told import NAMES, TROOPS, Told, document

IDENTITY = """
@prefix kg: <https://example.org/kg/> .
@prefix kgo: <https://example.org/kg/ontology#> .
kg:Q423 kgo:same kg:Q884 .
kg:Q4242 kgo:different kg:Q159 .
"""


def news() -> list[Extraction]:
    """The examples, and documents that share events, names and texts, of all kinds of dates and numbers."""
    states = [key for key, (type, *_) in NAMES.items() if type == "STATE"]
    out = examples()
    for n in range(40):
        who, whom, says = states[n % 7], states[(n + 1) % 7], states[(n + 3) % 7]
        events = [
            TROOPS.but(count=3000.5 + n % 3, says=says, polarity=("positive", "negative")[n % 5 == 0]),
            Told("MEET", {"agent": who, "partner": whom}, concept=None),
        ]
        days = ("2025-03-27", "2025-03-28T10:00:00", "2025-03-28T10:00:00.5+03:00", "2025-03-28T10:00:00Z", "أمس", None)
        text = " ".join(f"نسخة{n % 4}{k}" for k in range(40)) if n % 3 == 0 else None
        x = document(f"n{n}", *events, published=days[n % 6], source=("صحيفة", "وكالة يونهاب", "")[n % 3], text=text)
        fact = Fact("F1", who, "memberOf", whom, x.events[0].trigger, 0, confidence=1.0)
        events_ = tuple(replace(e, confidence=(1.0, 0.25, 0.8704)[n % 3]) for e in x.events)
        out.append(replace(x, events=events_, facts=(fact,), versions={"kg": "1"}))
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


# Small and large


def test_a_store_gives_the_files_that_memory_gives(tmp_path: Path) -> None:
    (tmp_path / "identity.ttl").write_text(IDENTITY, encoding="utf-8")
    how = {"formats": FORMATS, "frames": [OWN], "identity": load_identity([tmp_path / "identity.ttl"], DEFAULT_BASE), "title": "عنوان"}
    xs = [*news(), told("own")]
    small = write(iter(xs), tmp_path / "small", **how)  # type: ignore[arg-type]
    large = write(iter(reversed(xs)), tmp_path / "large", **how, graph_limit=len(xs) - 1)  # type: ignore[arg-type]
    assert small.shown is None and large.shown
    assert {p.name for p in large.files} == {p.name for p in small.files} | {STORE}
    for name in ("documents", "entities", "events", "facts", "unmatched"):
        assert getattr(small, name) == getattr(large, name), name
    assert small.unmatched == (f"{DEFAULT_BASE}Q4242",)
    one, other = files(tmp_path / "small"), files(tmp_path / "large")
    # The page shows a part, the description has its size, and extractions stand as they came.
    for name in one.keys() - {"graph.html", "void.ttl", "extractions.jsonl"}:
        assert one[name] == other[name], name
    assert sorted(one["extractions.jsonl"].splitlines()) == sorted(other["extractions.jsonl"].splitlines())
    void = re.compile(rb'dcat:byteSize "\d+"')
    assert void.sub(b"", one["void.ttl"]) == void.sub(b"", other["void.ttl"])


def test_the_store_is_one_like_any_other(tmp_path: Path) -> None:
    xs, labels = news(), all_labels()
    write(xs, tmp_path / "out", graph_limit=0)
    with Store(tmp_path / "store", concepts=labels) as store:
        for x in xs:
            store.put(x)
        store.settle()
        wanted = set(store)
    with Store(tmp_path / "out" / STORE, concepts=labels) as store:
        assert set(store) == wanted
        store.remove("n3")
        store.put(replace(xs[4], document=replace(xs[4].document, title="عنوان")))
        store.settle()
        changed = set(store)
    with Store(tmp_path / "store", concepts=labels) as store:
        store.remove("n3")
        store.put(replace(xs[4], document=replace(xs[4].document, title="عنوان")))
        store.settle()
        assert changed == set(store) != wanted


def test_the_limit_counts_documents_and_the_pages_of_long_ones(tmp_path: Path) -> None:
    x = document("long", Told(), text="ا" * (2 * LONG + 1))
    assert write([x], tmp_path, graph_limit=3).shown is None
    assert write([x], tmp_path, graph_limit=2).shown is not None
    assert write(news()[:2], tmp_path, graph_limit=2).shown is None


def test_the_page_of_a_part_says_that_it_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    xs = news()
    whole = write(xs, tmp_path / "whole").entities
    assert 'id="note"' not in (tmp_path / "whole" / "graph.html").read_text(encoding="utf-8")
    monkeypatch.setattr("kg.stored_files.ENTITIES", 3)
    monkeypatch.setattr(part._Builder, "most_events", 5)
    shown = write(xs, tmp_path / "part", graph_limit=0).shown
    assert shown is not None and 3 <= shown <= 3 + 3 * 5 < whole
    page = (tmp_path / "part" / "graph.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    cited = data["counts"]["documents"]
    assert f"A part of the graph: {shown} of {whole} entities, {cited} of {len(xs)} documents." in page
    assert 0 < cited < len(xs) and data["counts"]["entities"] == shown
    # «3000 جندي» belongs to its document: it is there with the event that it is part of.
    assert {n["type"] for n in data["nodes"] if n["kind"] == "entity"} >= {"STATE", "FORCE"}
    assert all(h["claims"] for h in data["happenings"])


def test_the_command_has_the_same_limit_and_only_without_a_store(tmp_path: Path) -> None:
    from kg.commands.build import build

    (option,) = [p for p in build.params if p.name == "graph_limit"]
    assert option.default == GRAPH_LIMIT
    done = CliRunner().invoke(build, ["seeds", "--store", str(tmp_path / "store"), "--graph-limit", "5"])
    assert done.exit_code == 2 and "--graph-limit is for the files that kg build writes without --store." in done.output


# Nothing is held, nothing is lost


def test_extractions_are_on_disk_as_they_come_and_nobody_holds_them(tmp_path: Path) -> None:
    seen: list[int] = []

    def given() -> Iterator[Extraction]:
        for n in range(300):
            yield document(f"d{n:03}", Told())
            (lines,) = tmp_path.glob("out/.kg-writing-*/extractions.jsonl")
            seen.append(lines.stat().st_size)

    write(given(), tmp_path / "out", graph_limit=0)
    # Files are written by blocks of some kilobytes.
    assert seen[150] > 100_000 and seen == sorted(seen)


def test_nothing_is_written_of_nothing(tmp_path: Path) -> None:
    assert write([], tmp_path / "out").documents == 0
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("limit", [0, 1000])
@pytest.mark.parametrize("end", [KeyboardInterrupt(), KgError("no memory"), OSError("of somebody else")], ids=["interrupt", "error", "other"])
def test_a_run_that_fails_leaves_what_was_there(limit: int, end: BaseException, tmp_path: Path) -> None:
    write(news(), tmp_path, graph_limit=limit)
    before = files(tmp_path)

    def given() -> Iterator[Extraction]:
        yield from examples()
        raise end

    with pytest.raises(type(end)) as raised:
        write(given(), tmp_path, graph_limit=limit)
    assert raised.value is end
    assert files(tmp_path) == before
    assert {p.name for p in tmp_path.iterdir()} == {*FILES, *([STORE] if limit == 0 else [])}


def test_a_store_goes_with_the_graph_that_it_is(tmp_path: Path) -> None:
    write(news(), tmp_path, graph_limit=0)
    write(examples(), tmp_path, graph_limit=0)
    with Reader(tmp_path / STORE) as reader:
        assert reader.documents() == sorted(x.document.id for x in examples())
        assert reader.settled
    write(examples(), tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == set(FILES)


@pytest.mark.parametrize("limit", [0, 1000])
def test_two_documents_of_one_id_are_refused(limit: int, tmp_path: Path) -> None:
    one = document("d1", Told())
    with pytest.raises(KgError, match="two documents have the id 'd1'"):
        write([one, document("d2"), replace(one, document=replace(one.document, title="عنوان"))], tmp_path, graph_limit=limit)
    assert write([one, one], tmp_path, graph_limit=limit).events == 1


@pytest.mark.parametrize("limit", [0, 1000])
def test_what_is_not_sound_is_refused(limit: int, tmp_path: Path) -> None:
    x = document("d1", Told())
    bad = replace(x, events=(Event("V1", "SEND", x.events[0].trigger, {"agent": ("E9",)}, 0),))
    with pytest.raises(ValueError, match="E9"):
        write([bad], tmp_path, graph_limit=limit)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    given = iter(examples())
    with pytest.raises(KgError, match="cannot write to"):
        write(given, tmp_path / "out")
    assert len(list(given)) == len(examples()) - 1


# Terms


def through_a_store(term: ox.Literal) -> ox.Literal:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("a:b"), ox.NamedNode("a:b"), term))
    (quad,) = store
    assert isinstance(quad.object, ox.Literal)
    return quad.object


@given(st.floats(0, 1) | st.floats(1e-3, 1e20).map(lambda v: -v))
def test_decimals_come_back_as_they_were_written(value: float) -> None:
    term = _decimal(value)
    back = through_a_store(term)
    assert as_written(back.value, back.datatype) == term.value


@given(st.datetimes(datetime(1000, 1, 1)), st.none() | st.integers(-14 * 60, 14 * 60))
def test_moments_come_back_as_they_were_written(moment: datetime, minutes: int | None) -> None:
    zone = None if minutes is None else timezone(timedelta(minutes=minutes))
    term = _date(moment.replace(tzinfo=zone).isoformat())
    back = through_a_store(term)
    if back.datatype.value == PREFIXES["xsd"] + "dateTime":
        assert as_written(back.value, back.datatype) == term.value
    else:
        assert back == term
