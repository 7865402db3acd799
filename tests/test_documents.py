"""kg.documents: what is read, what is refused and with which words."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tracemalloc
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
    assert only(write(tmp_path / name, gzip.compress(content.encode(), mtime=0))).text == SEND


def test_file_without_an_ending_is_what_it_looks_like(tmp_path: Path) -> None:
    assert only(write(tmp_path / "lines", "\n" + line(id="x", text=SEND))).id == "x"
    assert only(write(tmp_path / "text", "\n" + SEND)).text == "\n" + SEND


def test_folder_is_read_recursively_in_order(tmp_path: Path) -> None:
    texts = {"b.txt": "ب", "a.txt": "ا", "sub/c.jsonl": line(text="ج"), "sub/deep/d.txt.gz": gzip.compress("د".encode(), mtime=0)}
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
        ("a.txt", "été à Besançon, ç'est déjà là".encode("latin-1"), "is not UTF-8 (0xe9 at byte 0), and in no other encoding"),
        ("a.txt", SEND.encode() + b"\xff" + SEND.encode(), f"is UTF-8 with 1 broken byte (the first 0xff at byte {len(SEND.encode())})"),
        ("a.txt", SEND.encode("utf-16") + b"x", "is broken UTF-16"),
        ("a.html", b"<html><body></body></html>", "is an HTML page without text"),
        ("a.html", b"  ", "is empty"),
        ("a.html", b"<p>North Korea sent troops.", "has no Arabic letters"),
        ("a.txt", b"North Korea sent troops.", "has no Arabic letters"),
        ("a.txt", "١٢٣، ؟".encode(), "has no Arabic letters"),
        ("a.txt.gz", b"not gzip", "cannot be read"),
        ("a.txt.gz", gzip.compress(SEND.encode(), mtime=0)[:-4], "cannot be read"),
        ("a.jsonl", b"", "is empty"),
        ("a.jsonl", b"\n\n", "is empty"),
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
    path = write(tmp_path / "a.jsonl", line(text=SEND).encode() + b'{"text": "\xe9t\xe9"}\n' + line(text=MEET).encode())
    documents, problems = run(path)
    assert len(documents) == 2
    assert str(problems[0]).startswith(f"{path}:2: is not UTF-8 (0xe9 at byte 10)")


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


@pytest.mark.parametrize("name", ["loop.txt", "loop"])
def test_a_link_to_itself(tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to(tmp_path / name)
    assert "leads nowhere, or back to itself" in refused(tmp_path / name).what


def test_links_in_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", SEND)
    (tmp_path / "b.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "sub").symlink_to(tmp_path)
    documents, problems = run(tmp_path)
    assert [d.text for d in documents] == [SEND]
    assert [(p.where, p.harmless) for p in problems] == [(str(tmp_path / "sub"), True), (str(tmp_path / "b.txt"), False)]


# Encodings


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("cp1256", "windows-1256"), ("iso8859_6", "ISO-8859-6"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"), ("utf-32-be", "UTF-32"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["a.txt", "a.jsonl", "a.json", "a", "a.html", "a.txt.gz", "a.jsonl.gz"])
def test_encodings_are_detected_and_said(tmp_path: Path, codec: str, name: str, kind: str) -> None:
    content = f"<html><p>{SEND}</p></html>" if "html" in kind else line(text=SEND) + line(text=MEET) if "json" in kind else SEND
    data = content.encode(codec)
    path = write(tmp_path / kind, gzip.compress(data, mtime=0) if kind.endswith("gz") else data)
    documents, problems = run(path)
    assert [d.text for d in documents] == ([SEND, MEET] if "json" in kind else [SEND])
    said = [p for p in problems if "no article" not in p.what]
    assert [p.what for p in said] == [f"is not in UTF-8 and was read as {name}"]
    assert problems.errors == 0


def test_short_texts_in_windows_1256(tmp_path: Path) -> None:
    for n, text in enumerate(["قوات", "in قوات", "قال الرئيس F-16", "«نعم»"]):
        (d,), problems = run(write(tmp_path / f"{n}.txt", text.encode("cp1256")))
        assert (d.text, problems.errors) == (text, 0)


def test_broken_utf_16_spoils_its_line(tmp_path: Path) -> None:
    half = line(text=f"{SEND}\udc00")
    data = (line(text=SEND) + half.replace("\\udc00", "\udc00") + line(text=MEET)).encode("utf-16", "surrogatepass") + b"\x00"
    path = write(tmp_path / "a.jsonl", data)
    documents, problems = run(path)
    assert [d.text for d in documents] == [SEND, MEET]
    assert problems.errors == 2
    assert "half a character" in problems[1].what and problems[1].where == f"{path}:2"
    assert "is broken UTF-16" in problems[2].what


def test_a_page_may_declare_its_encoding(tmp_path: Path) -> None:
    page = f'<html><head><meta charset="windows-1256"><title>قوات</title></head><body><p>{SEND}</p></body></html>'
    (d,), problems = run(write(tmp_path / "a.html", page.encode("cp1256")))
    assert (d.text, d.title, problems.errors) == (SEND, "قوات", 0)


# Pages

ARTICLE = f"""<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>قوات إلى روسيا | جريدة النهر</title>
<meta property="og:site_name" content="جريدة النهر"><meta property="og:title" content="قوات إلى روسيا">
<meta property="article:published_time" content="2025-03-27T10:00:00+03:00"><script>var a = "حرب";</script></head>
<body><nav><a href="/">الرئيسية</a><a href="/s">رياضة</a></nav><article><h1>قوات إلى روسيا</h1>
<p>{SEND} {MEET} {SEND}</p><p>وقال متحدث باسم وزارة الدفاع إن القوات وصلت إلى الحدود يوم الخميس، وإن عددها ثلاثة آلاف جندي.</p></article>
<footer>جميع الحقوق محفوظة</footer></body></html>"""


def test_page(tmp_path: Path) -> None:
    d = only(write(tmp_path / "a.htm", ARTICLE))
    assert (d.title, d.published, d.source) == ("قوات إلى روسيا", "2025-03-27", "جريدة النهر")
    assert f"{SEND} {MEET} {SEND}" in d.text and "ثلاثة آلاف" in d.text
    assert not any(word in d.text for word in ("رياضة", "الحقوق", "حرب", "<"))


def test_page_in_json_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", line(id="x", html=ARTICLE, source="وكالة") + line(html=5) + line(text=MEET, html=ARTICLE))
    documents, problems = run(path)
    assert [(d.id, d.source, d.published) for d in documents[:1]] == [("x", "وكالة", "2025-03-27")]
    assert documents[1].text == MEET
    assert [p.what for p in problems] == ["has an 'html' that is not a string but a number"]


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td"])
@pytest.mark.parametrize("depth", [150, 250, 100_000])
def test_deep_pages_lose_nothing(tmp_path: Path, tag: str, depth: int) -> None:
    page = ARTICLE.replace("<footer>", f"{f'<{tag}>' * depth}<p>{MEET[:-1]} أمس.</p>")
    (d,), problems = run(write(tmp_path / "a.html", page))
    assert SEND in d.text and problems.errors == 0
    assert d.title and d.published == "2025-03-27"
    if depth > 200:
        assert "أمس" in d.text
        assert "no article could be told" in problems[0].what


def test_pages_without_the_extra(tmp_path: Path) -> None:
    write(tmp_path / "a.html", ARTICLE)
    write(tmp_path / "b.txt", SEND)
    code = """
import sys
sys.modules["trafilatura"] = None
from kg.documents import Problems, read
problems = Problems()
print(len(list(read([sys.argv[1]], problems))), *problems)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    said = "is an HTML page, which kg reads with the extra [html]: pip install 'arabic-kg[html]'"
    assert done.stdout == f"1 {tmp_path / 'a.html'}: {said}\n"


# Limits


def limited(path: Path, max_chars: int) -> tuple[list[Document], list[str]]:
    problems = Problems()
    return list(read([str(path)], problems, max_chars=max_chars)), [str(p) for p in problems]


@pytest.mark.parametrize("kind", ["txt", "jsonl", "json", "html", "txt.gz"])
def test_a_longer_text_is_reported_and_never_cut(tmp_path: Path, kind: str) -> None:
    content = line(text=SEND) if "json" in kind else f"<p>{SEND}</p>" if kind == "html" else SEND
    path = write(tmp_path / f"a.{kind}", gzip.compress(content.encode(), mtime=0) if kind.endswith("gz") else content)
    assert [d.text for d in limited(path, len(SEND))[0]] == [SEND]
    documents, problems = limited(path, len(SEND) - 1)
    assert documents == []
    assert f"has more than {len(SEND) - 1} characters: cut it into parts, or allow more with --max-chars" in problems[-1]


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.readers.BESIDE", 1000)
    bad = '{"text": "' + "ا" * 5_000_000 + '"}'
    for codec in ("utf-8", "utf-16"):
        path = write(tmp_path / codec / "a.jsonl", (line(text=SEND) + bad + "\n" + line(text=MEET) + bad).encode(codec))
        documents, problems = limited(path, 100)
        assert [d.text for d in documents] == [SEND, MEET]
        assert [p.split(" ")[0] for p in problems[-2:]] == [f"{path}:2:", f"{path}:4:"]


def test_a_json_file_of_any_size_is_read_if_it_is_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.readers.JSON_FILE", 200)
    lines = "".join(line(text=f"{SEND} {n}") for n in range(50))
    assert len(run(write(tmp_path / "a.json", lines))[0]) == 50
    assert len(run(write(tmp_path / "a.json.gz", gzip.compress(lines.encode(), mtime=0)))[0]) == 50
    assert "in one piece: write JSON lines" in refused(write(tmp_path / "b.json", json.dumps([{"text": SEND}] * 9, indent=1))).what


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A thousand times as many lines take no more than the ids of the documents."""
    with gzip.open(tmp_path / "a.jsonl.gz", "wt", encoding="utf-8") as f:
        for n in range(20_000):
            f.write(line(text=f"{n} " + SEND * 50))  # 40 megabytes
    tracemalloc.start()
    count = sum(1 for _ in read([str(tmp_path / "a.jsonl.gz")], Problems()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 16_000_000


# Whatever the bytes


@given(
    content=st.binary()
    | st.text().map(str.encode)
    | st.recursive(st.none() | st.text() | st.floats(), st.lists).map(lambda v: json.dumps(v).encode()),
    suffix=st.sampled_from([".txt", ".jsonl", ".json", "", ".txt.gz", ".jsonl.gz", ".html"]),
    whole=st.booleans(),
)
def test_no_bytes_raise_and_none_vanish(content: bytes, suffix: str, whole: bool) -> None:
    if whole and suffix.endswith(".gz"):
        content = gzip.compress(content, mtime=0)
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
