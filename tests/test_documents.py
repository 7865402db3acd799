"""kg.documents: what is read, what is refused and with which words."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents import Problem, Problems, document_id, read
from kg.model import Document

SEND = "أرسلت كوريا الشمالية قوات إلى روسيا."
MEET = "التقى الرئيس الروسي فلاديمير بوتين نظيره الصيني في موسكو."


def run(*inputs: str | Path) -> tuple[list[Document], Problems]:
    problems = Problems()
    return list(read([str(i) for i in inputs], problems)), problems


def only(*inputs: str | Path) -> Document:
    """The one document of inputs without a problem."""
    documents, problems = run(*inputs)
    assert problems == []
    assert len(documents) == 1
    return documents[0]


def refused(*inputs: str | Path) -> Problem:
    """The one problem of inputs without a document."""
    documents, problems = run(*inputs)
    assert documents == []
    assert len(problems) == 1
    return problems[0]


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def line(**document: object) -> str:
    return json.dumps(document, ensure_ascii=False) + "\n"


# What is read


def test_text_file(tmp_path: Path) -> None:
    d = only(write(tmp_path / "a.txt", SEND))
    assert d == Document(document_id(SEND), SEND, None, None, "a.txt")
    assert d.id.startswith("t-") and len(d.id) == 18


def test_text_is_left_as_it_is_but_for_the_byte_order_mark(tmp_path: Path) -> None:
    text = f"  {SEND}\r\n\r\n{MEET}\r\n"
    assert only(write(tmp_path / "a.txt", b"\xef\xbb\xbf" + text.encode())).text == text


def test_the_same_text_has_the_same_id_in_any_file(tmp_path: Path) -> None:
    assert only(write(tmp_path / "a.txt", SEND)).id == only(write(tmp_path / "b.jsonl", line(text=SEND))).id


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"قوات إلى روسيا\n\n{SEND}\n", "قوات إلى روسيا"),
        (f"\n قوات إلى روسيا \r\n \r\n{SEND}", "قوات إلى روسيا"),
        (f"قوات إلى روسيا\n{SEND}\n", None),
        (f"{SEND}\n\n", None),
        (f"{'قوات ' * 40}\n\n{SEND}", None),
    ],
)
def test_title_of_a_text_file(tmp_path: Path, text: str, title: str | None) -> None:
    assert only(write(tmp_path / "a.txt", text)).title == title


def test_json_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        line(id="d1", text=SEND, title="عنوان", published="2025-03-27", source="يونهاب", events=[]) + "\n" + line(id=7, text=MEET, title=None),
    )
    documents, problems = run(path)
    assert problems == []
    assert documents == [Document("d1", SEND, "عنوان", "2025-03-27", "يونهاب"), Document("7", MEET, None, None, "a.jsonl")]


@pytest.mark.parametrize(
    ("given_date", "expected"),
    [("2025-03-27", "2025-03-27"), ("20250327", "2025-03-27"), ("2025-03-27T10:00:00Z", "2025-03-27T10:00:00+00:00"), (" ", None)],
)
def test_published_is_an_iso_date(tmp_path: Path, given_date: str, expected: str | None) -> None:
    assert only(write(tmp_path / "a.jsonl", line(text=SEND, published=given_date))).published == expected


@pytest.mark.parametrize(
    "content",
    [line(text=SEND) + line(text=MEET), json.dumps([{"text": SEND}, {"text": MEET}]), json.dumps([{"text": SEND}, {"text": MEET}], indent=2)],
)
def test_json_file_is_lines_or_a_list(tmp_path: Path, content: str) -> None:
    documents, problems = run(write(tmp_path / "a.json", content))
    assert problems == []
    assert [d.text for d in documents] == [SEND, MEET]


def test_json_file_is_one_document(tmp_path: Path) -> None:
    assert only(write(tmp_path / "a.json", json.dumps({"id": "x", "text": SEND}, indent=2))).id == "x"


@pytest.mark.parametrize(("name", "content"), [("a.txt.gz", SEND), ("a.jsonl.GZ", line(text=SEND)), ("a.gz", SEND)])
def test_compressed(tmp_path: Path, name: str, content: str) -> None:
    assert only(write(tmp_path / name, gzip.compress(content.encode()))).text == SEND


def test_file_without_an_ending_is_what_it_looks_like(tmp_path: Path) -> None:
    assert only(write(tmp_path / "lines", "\n" + line(id="x", text=SEND))).id == "x"
    assert only(write(tmp_path / "text", "\n" + SEND)).text == "\n" + SEND


def test_folder_is_read_recursively_in_order(tmp_path: Path) -> None:
    texts = {"b.txt": "ب", "a.txt": "ا", "sub/c.jsonl": line(text="ج"), "sub/deep/d.txt.gz": gzip.compress("د".encode())}
    for name, content in texts.items():
        write(tmp_path / name, content)
    for name in (".hidden.txt", ".git/e.txt", "notes.md", "picture.png"):
        write(tmp_path / name, "ه")
    os.mkfifo(tmp_path / "pipe.txt")
    documents, problems = run(tmp_path)
    assert problems == []
    assert [d.text for d in documents] == ["ا", "ب", "ج", "د"]


def test_glob(tmp_path: Path) -> None:
    for name, text in {"b.txt": "ب", "a.txt": "ا", "c.jsonl": line(text="ج"), "sub/d.txt": "د"}.items():
        write(tmp_path / name, text)
    assert [d.text for d in run(tmp_path / "*.txt")[0]] == ["ا", "ب"]
    assert [d.text for d in run(tmp_path / "**" / "*.txt")[0]] == ["ا", "ب", "د"]
    assert [d.text for d in run(tmp_path / "s*")[0]] == ["د"]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    assert only(write(tmp_path / "a[1].txt", SEND)).text == SEND


def test_documents_come_one_at_a_time(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", line(text=SEND) + "broken\n")
    problems = Problems()
    documents = read([str(path)], problems)
    assert next(documents).text == SEND
    assert problems == []
    assert list(documents) == [] and len(problems) == 1


def stdin(content: bytes) -> tuple[list[str], list[str]]:
    """Texts and problems of standard input, in a process of its own."""
    code = """
import json, sys
from kg.documents import Problems, read
problems = Problems()
texts = [d.text for d in read(["-"], problems)]
print(json.dumps([texts, [str(p) for p in problems]]))
"""
    done = subprocess.run([sys.executable, "-c", code], input=content, stdout=subprocess.PIPE, check=True)
    texts, problems = json.loads(done.stdout)
    return texts, problems


def test_standard_input() -> None:
    assert stdin(SEND.encode()) == ([SEND], [])
    assert stdin(b"\xef\xbb\xbf" + (line(text=SEND) + line(text=MEET)).encode()) == ([SEND, MEET], [])
    assert stdin(b"") == ([], ["standard input: is empty"])
    texts, problems = stdin((line(text=SEND) + '{"text": ').encode())
    assert texts == [SEND]
    assert problems[0].startswith("standard input:2: is broken JSON")


# Identity


def test_a_document_met_twice_is_read_once_and_costs_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", SEND)
    documents, problems = run(tmp_path, tmp_path / "a.txt")
    assert len(documents) == 1
    assert [p.harmless for p in problems] == [True]
    assert problems.errors == 0
    assert "same document" in problems[0].what and "a.txt" in problems[0].what


def test_an_id_with_two_texts_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", line(id="x", text=SEND) + line(id="x", text=MEET))
    documents, problems = run(path)
    assert [d.text for d in documents] == [SEND]
    assert problems.errors == 1
    assert problems[0].where == f"{path}:2"
    assert "another text" in problems[0].what


# What is refused


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t\r\n", "is empty"),
        ("a.txt", b"\xef\xbb\xbf", "is empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "binary file (a zero byte at byte 8)"),
        ("a.txt", "قوات".encode("utf-16"), "is in UTF-16, not UTF-8"),
        ("a.txt", "قوات".encode("utf-32"), "is in UTF-32, not UTF-8"),
        ("a.txt", "in قوات".encode("cp1256"), "is not UTF-8 (0xde at byte 3)"),
        ("a.txt", b"North Korea sent troops.", "has no Arabic letters"),
        ("a.txt", "١٢٣، ؟".encode(), "has no Arabic letters"),
        ("a.html", f"<p>{SEND}".encode(), "is an HTML page"),
        ("a.txt.gz", b"not gzip", "cannot be read"),
        ("a.txt.gz", gzip.compress(SEND.encode())[:-4], "cannot be read"),
        ("a.jsonl", b"", "is empty"),
        ("a.jsonl", b"\n\n", "is empty"),
        ("a.jsonl", (line(text=SEND)).encode("utf-16"), "is in UTF-16, not UTF-8"),
        ("a.jsonl", b"{}\x00\n" * 3, "binary file (a zero byte in line 1)"),
        ("a.json", b"", "is empty"),
        ("a.json", b"[]", "has no documents"),
        ("a.json", b'{"text":\n "x', "is broken JSON ("),
    ],
)
def test_bad_files(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    problem = refused(write(tmp_path / name, content))
    assert problem.where == str(tmp_path / name)
    assert words in problem.what
    assert "\n" not in str(problem)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ('{"text": "قوات"', "is broken JSON (Expecting ',' delimiter at column 16)"),
        ("قوات", "is broken JSON (Expecting value at column 1)"),
        ('["قوات"]', "is not a JSON object"),
        ("null", "is not a JSON object"),
        ('{"id": "x"}', "has no 'text'"),
        ('{"text": null}', "has a 'text' that is not a string but null"),
        ('{"text": ["قوات"]}', "has a 'text' that is not a string but a list"),
        ('{"text": " "}', "is empty"),
        ('{"text": "troops"}', "has no Arabic letters"),
        ('{"text": "قو\\ud83dات"}', "has half a character (\\ud83d) at character 2"),
        ('{"text": "قو\\u0000ات"}', "has a NUL at character 2"),
        ('{"text": "قوات", "id": "\\udc00"}', "has half a character"),
        ('{"text": "قوات", "id": true}', "has a 'id' that is not a string but true or false"),
        ('{"text": "قوات", "title": 5}', "has a 'title' that is not a string but a number"),
        ('{"text": "قوات", "source": {}}', "has a 'source' that is not a string but an object"),
        ('{"text": "قوات", "published": "27/3/2025"}', "has a 'published' that is not a date"),
        ("[" * 100_000, "is JSON that cannot be read"),
        ('{"text": ' + "1" * 5000 + "}", "is JSON that cannot be read"),
    ],
)
def test_bad_lines_are_named_and_the_others_read(tmp_path: Path, bad: str, words: str) -> None:
    path = write(tmp_path / "a.jsonl", line(text=SEND) + bad + "\n" + line(text=MEET))
    documents, problems = run(path)
    assert [d.text for d in documents] == [SEND, MEET]
    assert [p.where for p in problems] == [f"{path}:2"]
    assert words in problems[0].what
    assert "\n" not in str(problems[0])


def test_a_line_in_another_encoding(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", line(text=SEND).encode() + b'{"text": "\xde"}\n' + line(text=MEET).encode())
    documents, problems = run(path)
    assert len(documents) == 2
    assert str(problems[0]).startswith(f"{path}:2: is not UTF-8 (0xde at byte 10)")


def test_items_of_a_json_list_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", json.dumps([{"text": SEND}, {"id": "x"}]))
    documents, problems = run(path)
    assert len(documents) == 1
    assert str(problems[0]) == f"{path}: item 2: has no 'text'"


def test_broken_json_file_names_line_and_column(tmp_path: Path) -> None:
    assert "line 2, column 9" in refused(write(tmp_path / "a.json", '{\n "text" 5}')).what


def test_missing_file_and_pattern_without_match(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "a.txt").what
    assert "matches no file" in refused(tmp_path / "*.txt").what


def test_folder_without_documents(tmp_path: Path) -> None:
    write(tmp_path / "notes.md", SEND)
    assert "has no documents in it" in refused(tmp_path).what


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000, "\udcff.txt", ""])
def test_impossible_names(name: str) -> None:
    documents, problems = run(name) if name else ([], [Problem("", "")])
    assert documents == [] and len(problems) == 1
    str(problems[0]).encode("utf-8")


def test_a_name_that_is_not_utf8_does_not_spoil_the_document(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xc7.txt"))
    d = only(write(path, SEND))
    assert d.source == "\ufffd.txt"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", SEND)
    path.chmod(0)
    assert "cannot be read: Permission denied" in refused(path).what


def test_problems_are_reported_when_they_are_met(tmp_path: Path) -> None:
    out = io.StringIO()
    problems = Problems(lambda p: print(p, file=out))
    good = write(tmp_path / "a.txt", SEND)
    documents = read([str(tmp_path / "missing"), str(good)], problems)
    assert next(documents).text == SEND
    assert out.getvalue().startswith(f"{tmp_path / 'missing'}: does not exist")


# Whatever the bytes


@given(
    content=st.binary()
    | st.text().map(str.encode)
    | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(lambda v: json.dumps(v).encode()),
    suffix=st.sampled_from([".txt", ".jsonl", ".json", "", ".txt.gz", ".jsonl.gz"]),
    whole=st.booleans(),
)
def test_no_bytes_raise_and_none_vanish(content: bytes, suffix: str, whole: bool) -> None:
    if whole and suffix.endswith(".gz"):
        content = gzip.compress(content)
    with TemporaryDirectory() as folder:
        documents, problems = run(write(Path(folder, "a" + suffix), content))
    assert documents or problems
    for d in documents:
        d.text.encode("utf-8")
    for p in problems:
        assert "\n" not in str(p)


@given(
    value=st.dictionaries(
        st.sampled_from(["id", "text", "title", "published", "source"]), st.none() | st.booleans() | st.integers() | st.text("اب \0ab\udc00")
    )
)
def test_every_object_gives_a_document_or_a_problem(value: dict[str, object]) -> None:
    with TemporaryDirectory() as folder:
        documents, problems = run(write(Path(folder, "a.jsonl"), json.dumps(value)))
    assert len(documents) + len(problems) == 1
