"""Every command has help and a chapter in docs/cli.md, and the examples there run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kg.cli import cli
from kg.resources import bundled_models_dir
from tests.examples import program

from . import examples, fresh

ROOT = Path(__file__).resolve().parents[1]
CLI = ROOT / "docs" / "cli.md"
#: Blocks of the documentation that are commands with (part of) their output; the second word tells what they need.
BLOCK = re.compile(r"^```console(?: (?P<needs>\S+))?\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
#: Whether the extra [cluster] is installed.
RAY = Path(sys.executable).with_name("ray").is_file()


def commands(command: click.Command = cli, name: str = "kg") -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for sub, c in sorted(command.commands.items()):
            yield from commands(c, f"{name} {sub}")


ALL = dict(commands())
LEAVES = {name: c for name, c in ALL.items() if not isinstance(c, click.Group)}


def chapter(name: str) -> str:
    found = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", CLI.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found, f"docs/cli.md has no chapter '## {name}'"
    return found[1]


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_option_has_help(name: str) -> None:
    command = ALL[name]
    assert command.help
    first = command.help.splitlines()[0]
    assert first == command.get_short_help_str(limit=80), f"the first line of the help of {name} is cut in lists of commands"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]} has no help"


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_has_a_chapter_with_an_example(name: str) -> None:
    text = chapter(name)
    assert any(name in line for block in BLOCK.finditer(text) for line in block["body"].splitlines() if line.startswith("$ "))
    for parameter in LEAVES[name].params:
        if isinstance(parameter, click.Option):
            assert any(o in text for o in parameter.opts), f"docs/cli.md does not say what {parameter.opts[-1]} of {name} does"


def test_no_chapter_is_of_a_command_that_is_not_there() -> None:
    assert set(re.findall(r"^## (kg .*)$", CLI.read_text(encoding="utf-8"), re.MULTILINE)) == set(LEAVES)


@pytest.mark.parametrize("page", [*sorted(ROOT.glob("docs/**/*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"], ids=lambda p: p.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"


def test_the_architecture_names_every_module() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = {p.stem for p in (ROOT / "kg").glob("*.py")} | {f"{p.parent.name}/" for p in (ROOT / "kg").glob("*/__init__.py")}
    assert [m for m in sorted(modules - {"__init__"}) if f"`{m}`" not in text] == []


OWN = ROOT / "tests" / "data" / "own_words"


@pytest.mark.parametrize("file", sorted(OWN.iterdir()), ids=lambda p: p.name)
def test_the_page_of_own_words_shows_the_files_that_are_tested(file: Path) -> None:
    page = (ROOT / "docs" / "own_words.md").read_text(encoding="utf-8")
    language = {".ttl": "turtle", ".txt": "text"}[file.suffix]
    block = f"```{language}\n{file.read_text(encoding='utf-8')}```\n"
    assert f"`{file.name}`:\n\n{block}" in page if language == "turtle" else block in page


def script(page: Path = CLI) -> str:
    """The examples of a page as one shell script."""
    lines = ["set -euo pipefail"]
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["needs"] == "no-network":
            continue
        document = False  # inside a here-document
        for line in block["body"].splitlines():
            if document:
                lines.append(line)
                document = line != "END"
            elif line.startswith("$ "):
                lines.append(line[2:])
                document = line.endswith("<<'END'")
    return "\n".join(lines) + "\n"


def run_examples(page: Path, tmp_path: Path, models: Path) -> str:
    """Run the examples of a page where the seeds are, and give what they print."""
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    program(tmp_path / "kg")
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "KG_MODELS": str(models)}
    done = subprocess.run(["bash", "-c", script(page)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_examples_run(tmp_path: Path, models: Path) -> None:
    printed = run_examples(CLI, tmp_path, models)
    assert "graph/graph.ttl: valid" in printed
    assert "SEND ['North Korea'" in printed
    # Where a page shows what is printed, it is what is printed.
    for name in ("kg explain", "kg frames show", "kg frames check"):
        (shown,) = [block["body"] for block in BLOCK.finditer(chapter(name))]
        for line in shown.splitlines():
            if line and line != "…" and not line.startswith("$ ") and "END" not in shown:
                assert f"{line}\n" in printed, line


#: Pages of the site that go on in the folder of the tutorial, and have nothing but examples.
PAGES = sorted(p for folder in ("how-to", "explanation") for p in (ROOT / "docs" / folder).glob("*.md"))


@pytest.mark.parametrize("page", [examples.TUTORIAL, *PAGES], ids=lambda p: p.stem)
def test_no_block_is_left_out_of_the_examples(page: Path) -> None:
    blocks = list(examples.blocks(page.read_text(encoding="utf-8")))
    assert page.read_text(encoding="utf-8").count("```") == 2 * len(blocks)
    assert [b[0] for b in blocks if not examples.kind(b)] == []


@pytest.fixture(scope="module")
def user(models: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody who has installed the wheel, has no checkout and starts a server now and then."""
    if models != bundled_models_dir():
        pytest.skip("the wheel has other models than those that the tests are run with")
    folder = tmp_path_factory.mktemp("fresh")
    programs = fresh.installed(fresh.wheel(folder), folder)
    where = fresh.run(programs / "python", "-c", "import kg; print(kg.__file__)", cwd=folder)
    assert Path(where.strip()).is_relative_to(folder)
    return fresh.user(programs, "oxigraph", *(["ray"] if RAY else []))


@pytest.fixture(scope="module")
def tutorial(user: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[examples.Step, list[str]]]]:
    """The folder in which the tutorial was walked, and what its commands printed."""
    folder = tmp_path_factory.mktemp("tutorial")
    return folder, examples.run(examples.TUTORIAL, folder, user)


@pytest.mark.slow
def test_the_tutorial_prints_what_it_shows(tutorial: tuple[Path, list[tuple[examples.Step, list[str]]]]) -> None:
    check(tutorial[1])


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in PAGES if examples.steps(p.read_text(encoding="utf-8"))], ids=lambda p: p.stem)
def test_a_page_prints_what_it_shows(
    page: Path, tutorial: tuple[Path, list[tuple[examples.Step, list[str]]]], user: dict[str, str], tmp_path: Path
) -> None:
    if page.stem == "cluster" and not RAY:
        pytest.skip("Ray is not installed: pip install 'arabic-kg[cluster]'")
    shutil.copytree(tutorial[0], tmp_path / "folder")
    check(examples.run(page, tmp_path / "folder", user))


def check(ran: list[tuple[examples.Step, list[str]]]) -> None:
    """What is shown is what is printed; `python -m tests.examples PAGE` brings a page up to date."""
    assert any(step.shown for step, _ in ran)
    for step, output in ran:
        assert step.prints(output), f"{step.command}\nshown:\n{step.shown}\nprinted:\n{output}"


def test_examples_are_read_as_a_reader_reads_them() -> None:
    page = '```text title="a/b.txt"\nx\n```\n\n```console\n$ cat a/b.txt \\\n  a/b.txt\nx\n…\n$ true\n```\n\n```console no-network\n$ never\n```\n'
    written, shown, silent = examples.steps(page)
    assert written.command == "mkdir -p 'a'\ncat > 'a/b.txt' <<'END-OF-FILE'\nx\nEND-OF-FILE"
    assert (shown.command, shown.shown) == ("cat a/b.txt \\\n  a/b.txt", ("x", "…"))
    assert shown.prints(["x", "y", "z"])
    assert shown.prints(["x"])
    assert not shown.prints(["y", "x"])
    assert silent.prints(["anything"])
    assert examples.refreshed(page, [(shown, ["new"]), (silent, [])]) == page
