"""Files of extractions: one reader for all commands that take them, compressed or not, whole or damaged."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import cli
from kg.errors import KgError
from kg.extraction_files import is_extractions, read
from kg.problems import Problems

EXAMPLES = Path(__file__).parent / "data" / "extractions.jsonl"
ASK = "ASK { ?a kgo:sendsTo ?b }"

#: Commands that read extractions, as functions of the file and of one to write.
COMMANDS: dict[str, Callable[[str, str], list[str]]] = {
    "query": lambda file, out: ["query", ASK, file],
    "rank": lambda file, out: ["rank", file],
    "convert": lambda file, out: ["convert", file, f"{out}.ttl"],
    "merge": lambda file, out: ["merge", file, file, "-o", f"{out}.ttl"],
    "diff": lambda file, out: ["diff", file, file],
    "view": lambda file, out: ["view", file, "-o", f"{out}.html"],
    "export": lambda file, out: ["export", "--plover", file],
    "evaluate": lambda file, out: ["evaluate", file, "--predicted", file],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_reads_a_compressed_file_as_it_reads_the_file(name: str, tmp_path: Path) -> None:
    plain, packed = tmp_path / "x.jsonl", tmp_path / "x.jsonl.gz"
    plain.write_bytes(EXAMPLES.read_bytes())
    packed.write_bytes(gzip.compress(EXAMPLES.read_bytes(), mtime=0))
    told = [CliRunner().invoke(cli, COMMANDS[name](str(file), str(tmp_path / "out"))) for file in (plain, packed)]
    assert [t.exit_code for t in told] == [0, 0], told[1].output
    assert told[0].stdout == told[1].stdout and told[0].stdout


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    "damage",
    [lambda data: data[: len(data) // 2], lambda data: data[:100] + b"\xff" * 40 + data[140:], lambda data: b"{" + data],
    ids=["cut", "overwritten", "not gzip"],
)
def test_a_damaged_one_is_one_line(name: str, damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl.gz"
    file.write_bytes(damage(gzip.compress(EXAMPLES.read_bytes(), mtime=0)))
    told = CliRunner().invoke(cli, COMMANDS[name](str(file), str(tmp_path / "out")))
    assert told.exit_code in (1, 2) and not isinstance(told.exception, (ValueError, OSError, EOFError)), told.exception
    first = told.stderr.splitlines()[0]
    # A compressed file carries its checksum at its end: what was changed in between is met before it, as a line that is none.
    assert first.startswith(f"kg: {file}:") and ("cannot be read: " in first or "is no extraction" in first or "is not UTF-8" in first)
    assert "Traceback" not in told.output


def test_lines_that_are_none_are_skipped_and_told(tmp_path: Path) -> None:
    good = EXAMPLES.read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "x.jsonl").write_bytes(b"\xef\xbb\xbf" + f"{good}\n\n{{}}\n[1]\nno\n".encode() + b'"\xff"\n' + b"[" * 100_000)
    problems = Problems()
    (found,) = read(tmp_path / "x.jsonl", problems)
    assert found.document.id == json.loads(good)["id"]
    assert [p.where for p in problems] == [f"{tmp_path / 'x.jsonl'}:{n}" for n in (3, 4, 5, 6, 7)]
    with pytest.raises(KgError, match=r"x\.jsonl:3: is no extraction"):
        list(read(tmp_path / "x.jsonl"))


@given(st.binary(max_size=200))
def test_whatever_a_file_holds_is_read_or_told(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in ("x.jsonl", "x.jsonl.gz"):
            file = Path(folder) / name
            file.write_bytes(data)
            problems = Problems()
            found = list(read(file, problems))
            assert found or problems or (not data.strip())


@pytest.mark.parametrize(("name", "is_one"), [("a.jsonl", True), ("a.JSONL.GZ", True), ("a.json", True), ("a.jsonld", False), ("a.ttl.gz", False)])
def test_the_suffix_tells(name: str, is_one: bool) -> None:
    assert is_extractions(Path(name)) is is_one


@pytest.mark.parametrize("name", ["query", "rank", "convert", "merge", "diff", "view"])
def test_a_suffix_that_tells_nothing_is_one_line_with_what_there_is(name: str, tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("hello", encoding="utf-8")
    told = CliRunner().invoke(cli, COMMANDS[name](str(file), str(tmp_path / "out")))
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith(f"kg: {file}: its suffix tells neither extractions (.jsonl") and ".trig" in told.stderr
    assert told.stderr.count("\n") == 1
