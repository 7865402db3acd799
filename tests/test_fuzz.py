"""Any input, from hypothesis, for every target of tests/fuzz; and what fuzzing has found, so that it is not found again."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.documents import Problems, read
from kg.model import Extraction
from tests.fuzz.targets import TARGETS

LINES = (Path(__file__).parent / "data" / "extractions.jsonl").read_text(encoding="utf-8").splitlines()

ARABIC = st.text(
    st.one_of(
        st.sampled_from("أإآابتثجحخدذرزسشصضطظعغفقكلمنهوىيةءؤئ\u0640\u064b\u0651\u0670 \u00a0\t\n\r.,،؛؟!:\"'«»()[]-–/\\%#@_0123456789٠٣٫٬"),
        st.sampled_from("\u200b\u200f\u202e\u2066\ufeff\u0653\u0654\u0655\ufdfa\ufefb\u2028\x85\x0b\x00\x1aA🇷🇺\U000e0041"),
        st.characters(),
    ),
    max_size=200,
)
MARKUP = st.lists(
    st.sampled_from(["<p>", "</p>", "<div>", "<table><tr><td>", "<script>", "</script>", "<!--", "-->", "<title>", "&#0;", "&x;", "<svg><title>"])
    | st.sampled_from(["<meta charset=windows-1256>", "<![CDATA["])
    | ARABIC
).map("".join)  # fmt: skip
BYTES = st.one_of(
    st.binary(max_size=300),
    ARABIC.map(lambda t: t.encode("utf-8", "surrogatepass")),
    ARABIC.map(lambda t: t.encode("utf-16", "surrogatepass")),
    ARABIC.map(lambda t: t.encode("cp1256", "ignore")),
    MARKUP.map(lambda t: t.encode("utf-8", "surrogatepass")),
    st.dictionaries(st.sampled_from(["id", "text", "html", "title", "published", "source"]), ARABIC | MARKUP | st.none() | st.integers()).map(
        lambda d: json.dumps(d).encode()
    ),
)
WILD = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", [n for n in TARGETS if not n.startswith("reader.") and n not in ("rdf", "turtle", "reader")])
@WILD
@given(data=BYTES)
def test_any_bytes(name: str, data: bytes) -> None:
    TARGETS[name](data)


@pytest.mark.parametrize("name", ["rdf", "turtle"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=BYTES | ARABIC.map(lambda t: f"<http://a> <http://b> {json.dumps(t)} , <{t}> .".encode("utf-8", "surrogatepass")))
def test_any_statements(name: str, data: bytes) -> None:
    TARGETS[name](data)


def _parts(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(p for key, child in items for p in _parts(child, (*path, key)))]


def _holder(value: Any, path: tuple[Any, ...]) -> Any:
    """What in a JSON value holds the part at a path."""
    for key in path[:-1]:
        value = value[key]
    return value


@WILD
@given(st.data())
def test_an_extraction_with_anything_in_any_place(data: st.DataObject) -> None:
    value = json.loads(data.draw(st.sampled_from(LINES)))
    path = data.draw(st.sampled_from(_parts(value)[1:]))
    _holder(value, path)[path[-1]] = data.draw(
        st.none() | st.booleans() | st.integers() | st.floats() | ARABIC | st.lists(st.none() | ARABIC, max_size=3) | st.just({})
    )
    TARGETS["extraction"](json.dumps(value).encode())


# Found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rdf", b",\n\n"),  # a parser's message with line breaks
        ("turtle", b"\n\x0b"),
        ("text", "İ".encode()),  # a dot that is a letter of its own in small letters
        ("text", "ŉ".encode()),  # in small letters an apostrophe
        ("text", "_\u0354ت".encode()),
    ],
)
def test_what_atheris_found(name: str, data: bytes) -> None:
    TARGETS[name](data)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("title",), True), (("published",), 1.5), (("source",), {}), (("events", 0, "roles", "agent", 0), {}), (("events", 0, "source"), [None]),
        (("events", 0, "sentence"), "1"), (("events", 0, "path"), []), (("entities", 0, "qid"), 5), (("entities", 1, "quantity", "value"), None),
        (("sentences", 0, "start"), 0.5), (("facts", 0, "office"), 3), (("events", 0, "polarity"), 1),
    ],
)  # fmt: skip
def test_an_extraction_of_wrong_types_is_refused(path: tuple[object, ...], value: object) -> None:
    line = json.loads(LINES[0])
    _holder(line, path)[path[-1]] = value
    with pytest.raises(ValueError, match="not an extraction"):
        Extraction.from_json(line)


@pytest.mark.parametrize("path", [("title",), ("published",), ("entities", 0, "qid"), ("entities", 0, "concept"), ("facts", 0, "office")])
def test_an_empty_string_in_an_extraction_says_nothing(path: tuple[object, ...]) -> None:
    line = json.loads(LINES[0])
    at = _holder(line, path)
    at[path[-1]] = ""
    read = Extraction.from_json(line)
    del at[path[-1]]
    assert read == Extraction.from_json(line)


# Size


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("قال " * 2_500_000, id="10 MB on one line"), pytest.param("ا" * 100_000 + " قال", id="a word of 100,000 letters"),
        pytest.param("أ.ب." * 50_000, id="an abbreviation without end"), pytest.param("\u064b" * 200_000 + "ا", id="marks alone"),
        pytest.param("27 آذار و" * 20_000, id="dates without end"), pytest.param("https://" * 50_000 + "قال", id="a link without end"),
        pytest.param("1,2." * 50_000 + "قال", id="a number without end"), pytest.param("(«\"" * 60_000 + "قال", id="brackets"),
    ],
)  # fmt: skip
def test_size_costs_no_more_than_its_share(text: str) -> None:
    """Nothing on the way to the models takes time that grows faster than the text."""
    from kg.text import clean

    def seconds(text: str) -> float:
        begun = time.process_time()
        if len(text) > 500_000:
            clean(text)
        else:
            TARGETS["text"](text.encode())
        return time.process_time() - begun

    half, whole = seconds(text[: len(text) // 8]), seconds(text)
    assert whole < 30 * half + 2


@pytest.mark.parametrize("suffix", ["txt", "jsonl", "json", "html"])
def test_ten_megabytes_in_one_line_are_one_problem(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    text = "قال " * 2_500_000
    path.write_text(json.dumps({"text": text}, ensure_ascii=False) if "json" in suffix else text, encoding="utf-8")
    problems = Problems()
    assert list(read([str(path)], problems)) == []
    lost = [p for p in problems if not p.harmless]
    assert len(lost) == 1
    assert "has more than 1,000,000 characters: cut it into parts, or allow more with --max-chars" in lost[0].what
