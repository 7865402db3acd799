"""Pages of the documentation as scripts: their blocks are run in the order in which they stand, and print what the page shows.

A block is a file (```turtle title="names.ttl"), or commands (```console): lines that begin with `$ `, with the rest of a here-document or of
a line that ends with a backslash, and below each of them what it prints, where the page shows it; a line `…` stands for any number
of lines. What stands in ```console PROGRAM runs where there is such a program; no-network is none. A block that is neither file nor
commands is no example.

    python -m tests.examples docs/tutorial.md      runs pages and writes what the commands print now in place of what the pages show
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.serving import free_port

ROOT = Path(__file__).resolve().parents[1]
TUTORIAL = ROOT / "docs" / "tutorial.md"
#: Where a page leaves out lines of an output.
GAP = "…"

_BLOCK = re.compile(r"^```(?P<language>\w*)(?P<more>[^\n]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r'title="([^"]+)"')
_MARK = "\x1e"
#: Seconds after which a page is given up, since a server of it may never come up.
_PATIENCE = 900


@dataclass(frozen=True, slots=True)
class Step:
    """A command with what the page shows of its output, the lines `first` to `last` (exclusive) of the page, counted from 0."""

    command: str
    shown: tuple[str, ...]
    first: int
    last: int

    def prints(self, output: Sequence[str]) -> bool:
        """Whether an output is what is shown: all of it, but for gaps. What shows nothing shows that nobody needs to see it."""
        if not self.shown:
            return True
        parts = (".*" if line == GAP else f"{re.escape(line)}\n" for line in self.shown)
        return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in output), re.DOTALL) is not None


def blocks(text: str) -> Iterator[re.Match[str]]:
    yield from _BLOCK.finditer(text)


def kind(block: re.Match[str]) -> str:
    """What a block is: "commands", "file", the program that its commands need ("no-network" where nothing has it), or "" for no example."""
    if block["language"] == "console":
        return block["more"].strip() or "commands"
    return "file" if _TITLE.search(block["more"]) else ""


def steps(text: str) -> list[Step]:
    """The examples of a page; files are commands that write them."""
    out: list[Step] = []
    for block in blocks(text):
        at = text.count("\n", 0, block.start("body"))
        if kind(block) == "file":
            title = _TITLE.search(block["more"])
            assert title
            folder = os.path.dirname(title[1])
            make = f"mkdir -p '{folder}'\n" if folder else ""
            out.append(Step(f"{make}cat > '{title[1]}' <<'END-OF-FILE'\n{block['body']}END-OF-FILE", (), at, at))
        elif kind(block) == "commands" or shutil.which(kind(block), path=_path()):
            out += _commands(block["body"].splitlines(), at)
    return out


def _commands(lines: Sequence[str], at: int) -> Iterator[Step]:
    i = 0
    while i < len(lines):
        assert lines[i].startswith("$ "), f"line {at + i + 1}: output without a command"
        command = [lines[i][2:]]
        if ending := re.search(r"<<'(\w+)'", lines[i]):
            while lines[i] != ending[1]:
                i += 1
                command.append(lines[i])
        while lines[i].endswith("\\"):
            i += 1
            command.append(lines[i])
        first = i = i + 1
        while i < len(lines) and not lines[i].startswith("$ "):
            i += 1
        yield Step("\n".join(command), tuple(lines[first:i]), at + first, at + i)


def run(page: Path, folder: Path, environment: Mapping[str, str]) -> list[tuple[Step, list[str]]]:
    """Run the examples of a page in a folder: each with the lines that it prints, on stdout and on stderr."""
    examples = steps(page.read_text(encoding="utf-8"))
    # The processes that a server has started (`ray start`) may stay when it goes, and so go first.
    end = "for job in $(jobs -p); do pkill -P $job; kill $job; done 2> /dev/null || true"
    lines = ["set -euo pipefail", "exec 2>&1", f"trap '{end}' EXIT"]
    for step in examples:
        lines += [step.command, f"printf '{_MARK}'"]
    script = _elsewhere("\n".join(lines))
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=_PATIENCE,
    )
    assert done.returncode == 0, f"{page.name}: {done.stdout}{done.stderr}"
    printed = done.stdout.split(_MARK)
    return [(step, printed[n].splitlines()) for n, step in enumerate(examples)]


def _elsewhere(script: str) -> str:
    """The script with free ports in place of those of its servers, which something else on this machine may have."""
    for port in sorted(set(re.findall(r"127\.0\.0\.1:(\d+)", script))):
        script = re.sub(rf"127\.0\.0\.1:{port}\b", f"127.0.0.1:{free_port()}", script)
    return script


def program(file: Path, arguments: str = "-m kg.cli") -> None:
    """Write a program that runs the Python of the tests with these arguments before its own: `kg`, if nothing else is said."""
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
    file.chmod(0o755)


def environment(programs: Path, models: Path | None = None) -> dict[str, str]:
    """The environment of examples: `kg` and `python` are those of the tests. `programs` is a folder for them."""
    programs.mkdir(exist_ok=True)
    program(programs / "kg")
    program(programs / "python", "")
    path = os.pathsep.join([str(programs), _path()])
    package = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PATH": path, "PYTHONPATH": package, "LC_ALL": "C.UTF-8"} | ({"KG_MODELS": str(models)} if models else {})


def _path() -> str:
    """Where programs are: first those of the Python of the tests."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def refreshed(text: str, ran: Sequence[tuple[Step, list[str]]]) -> str:
    """A page that shows what its commands print now. Where it shows a part, that part stays as it is."""
    lines = text.splitlines()
    for step, output in reversed(ran):
        if step.shown and GAP not in step.shown:
            lines[step.first : step.last] = output
    return "\n".join(lines) + "\n"


def main(names: Sequence[str]) -> int:
    """Bring pages up to date. 1 if a page shows a part of an output that is not there any more."""
    stale = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = environment(folder / "programs")
        (folder / "tutorial").mkdir()
        told = {TUTORIAL: run(TUTORIAL, folder / "tutorial", env)}
        for n, page in enumerate(Path(p).resolve() for p in names):
            if page not in told:
                shutil.copytree(folder / "tutorial", folder / str(n))
                try:
                    told[page] = run(page, folder / str(n), env)
                except AssertionError as e:
                    print(e, file=sys.stderr)
                    stale = 1
                    continue
            page.write_text(refreshed(page.read_text(encoding="utf-8"), told[page]), encoding="utf-8")
            for step, output in told[page]:
                if GAP in step.shown and not step.prints(output):
                    print(f"{page.name}:{step.first}: {step.command.splitlines()[0]} prints something else:", *output, sep="\n", file=sys.stderr)
                    stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
