"""Wheel and sdist: the same bytes from the same checkout, small enough for an index, and at work in a bare environment."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kg import __version__
from tests.examples import program
from tests.fresh import PROJECT, ROOT, copied, installed, run

#: What the package index takes by default, in bytes.
LIMIT = 100_000_000
TEXT = "أرسلت كوريا الشمالية 3000 جندي إلى روسيا. وقال الرئيس الروسي فلاديمير بوتين إن بلاده ترحب بهم."
ASK = "SELECT ?who { ?a kgo:sendsTo kg:Q159 ; rdfs:label ?who FILTER (lang(?who) = 'en') }"
PRESENT = f"{sys.version_info.major}.{sys.version_info.minor}"
UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")

pytestmark = pytest.mark.slow


def python_of(version: str) -> str:
    """The program of a version of Python, as $KG_PYTHONS says where to find it; skips where it does not.

    That holds the paths of programs, parted by colons, or the word "found" for those of this machine. By themselves they are not looked for: each
    costs PyTorch, a build of several gigabytes where the index has no other.
    """
    asked = os.environ.get("KG_PYTHONS", "")
    if not asked:
        pytest.skip(f"Python {version} is not asked for: KG_PYTHONS=found takes that of this machine, at the cost of a PyTorch for it")
    if asked == "found":
        versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
        patches = sorted(versions.glob(f"{version}.*/bin/python"), key=lambda p: [int(n) if n.isdigit() else -1 for n in p.parts[-3].split(".")])
        found = str(patches[-1]) if patches else shutil.which(f"python{version}")
    else:
        told = "import sys; print('%d.%d' % sys.version_info[:2])"
        found = next((p for p in asked.split(os.pathsep) if run(p, "-c", told, cwd=ROOT).strip() == version), None)
    return found or pytest.skip(f"Python {version} is not on this machine")


# What is built


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the sdist: a checkout that nobody works in meanwhile."""
    return copied(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with sdist and wheel, the latter made from the sdist, as `python -m build` makes them."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", out, checkout, cwd=out, TZ="UTC", PYTHONHASHSEED="1")
    return out


def contents(path: Path) -> dict[str, str]:
    """File -> hash of its content in a wheel or an sdist, with the whole file's under its suffix."""
    whole = {path.suffix: hashlib.sha256(path.read_bytes()).hexdigest()}
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            return whole | {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    with tarfile.open(path) as archive:
        files = {m.name: archive.extractfile(m) for m in archive.getmembers()}
        return whole | {name: hashlib.sha256(file.read()).hexdigest() for name, file in files.items() if file}


def test_two_builds_give_the_same_bytes(checkout: Path, built: Path, tmp_path: Path) -> None:
    # The same files at another place, with other dates and modes.
    copy, again = tmp_path / "elsewhere", tmp_path / "again"
    shutil.copytree(checkout, copy, copy_function=shutil.copyfile)
    for path in copy.rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            os.utime(path, (1e9, 1e9))
    # Both from the folder: that the wheel is the same then shows that the sdist has all that a wheel is made of.
    run(sys.executable, "-m", "build", "--sdist", "--wheel", "--outdir", again, copy, cwd=tmp_path, umask=0o077, TZ="Asia/Seoul", PYTHONHASHSEED="2")
    names = sorted(p.name for p in built.iterdir())
    assert names == [f"arabic_kg-{__version__}-py3-none-any.whl", f"arabic_kg-{__version__}.tar.gz"]
    assert sorted(p.name for p in again.iterdir()) == names
    for name in names:
        assert contents(again / name) == contents(built / name), name


def test_the_date_of_the_files_can_be_given(built: Path, tmp_path: Path) -> None:
    """SOURCE_DATE_EPOCH is the convention of reproducible-builds.org; without it there is a fixed date."""
    small = tmp_path / "small"
    (small / "kg").mkdir(parents=True)
    (small / "ontology").mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "kg/__init__.py"):
        shutil.copyfile(ROOT / name, small / name)
    for day in ("1", "2"):
        run(
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--outdir",
            tmp_path / day,
            small,
            cwd=tmp_path,
            SOURCE_DATE_EPOCH=str(int(day) * 86_400 + 10**9),
        )
    dates = [{i.date_time[:3] for i in zipfile.ZipFile(next((tmp_path / day).iterdir())).infolist()} for day in ("1", "2")]
    assert dates == [{(2001, 9, 10)}, {(2001, 9, 11)}]


def test_they_are_small_enough_for_an_index(built: Path) -> None:
    for path in built.iterdir():
        assert path.stat().st_size < LIMIT, f"{path.name} has {path.stat().st_size / 1e6:.1f} MB"


def test_the_sdist_holds_what_people_need_who_carry_on(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"CONTRIBUTING.md", "SECURITY.md", "CITATION.cff", "CHANGELOG.md", "Makefile", "LICENSE", "NOTICE", "pyproject.toml"} <= names
    assert {"tests/conftest.py", "docs/cli.md", "docs/kg.ipynb", "ontology/frames.ttl"} <= names
    assert not [name for name in names if "__pycache__" in name]


# What is installed


def made_for() -> list[str]:
    """The versions of Python that kg says it is made for, the present one first."""
    prefix = "Programming Language :: Python :: 3."
    return sorted((c.rpartition(" ")[2] for c in PROJECT["project"]["classifiers"] if c.startswith(prefix)), key=lambda v: v != PRESENT)


@pytest.fixture
def programs(request: pytest.FixtureRequest, built: Path) -> Iterator[Path]:
    """Those of an environment for a version of Python. It goes at the end: what pytest keeps of several runs would fill a disk with PyTorch."""
    python = None if request.param == PRESENT else python_of(request.param)
    with TemporaryDirectory(prefix="kg-wheel-") as folder:
        yield installed(next(built.glob("*.whl")), Path(folder), python)


@pytest.mark.parametrize("programs", made_for(), indirect=True)
def test_an_installed_kg_works_outside_the_checkout(programs: Path, models: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "report.txt").write_text(TEXT, encoding="utf-8")
    kg = programs / "kg"

    told = json.loads(run(kg, "doctor", "--json", cwd=work))
    checks = {c["name"]: c for c in told["checks"]}
    assert told["state"] != "problem"
    assert checks["kg"]["found"].startswith(f"{__version__} in {programs.parent}")
    assert checks["models"]["state"] == "ok" and str(programs.parent) in checks["models"]["found"]

    run(kg, "build", "report.txt", "--workers", "1", cwd=work)
    assert run(kg, "query", ASK, "out/graph.ttl", "--format", "csv", cwd=work).split() == ["who", "North", "Korea"]
    assert run(kg, "validate", "out/graph.ttl", cwd=work) == "out/graph.ttl: valid\n"
    script = "import kg; print(kg.Graph.load('out/extractions.jsonl').query(\"ASK { kg:Q423 kgo:sendsTo kg:Q159 }\"))"
    assert run(programs / "python", "-c", script, cwd=work) == "[{'answer': True}]\n"


@pytest.mark.skipif(UV is None, reason="uv is not installed")
def test_uv_installs_it_as_a_tool(built: Path, models: Path, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    # uv does not read what pip is told.
    links = [word for link in os.environ.get("PIP_FIND_LINKS", "").split() for word in ("--find-links", link)]
    folders = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin"), "UV_PYTHON_DOWNLOADS": "never"}
    python = ("--python", sys.executable, "--with", f"torch=={version('torch')}")
    run(str(UV), "tool", "install", "--quiet", *python, *links, next(built.glob("*.whl")), cwd=tmp_path, **folders)
    assert json.loads(run(tmp_path / "bin" / "kg", "doctor", "--json", cwd=tmp_path))["state"] != "problem"
    run(tmp_path / "bin" / "kg", "build", "report.txt", cwd=tmp_path)
    assert (tmp_path / "out" / "graph.ttl").is_file()


def test_completion_in_bash(tmp_path: Path) -> None:
    """What docs/cli.md says: the script that click gives, at work in a bash."""
    (line,) = [line for line in (ROOT / "docs" / "cli.md").read_text(encoding="utf-8").splitlines() if "bash_source" in line]
    program(tmp_path / "kg")

    def complete(*words: str) -> list[str]:
        """What Tab offers for the last word."""
        script = f'{line}\nCOMP_WORDS=("$@") COMP_CWORD=$(($# - 1))\n_kg_completion kg\nprintf \'%s\\n\' "${{COMPREPLY[@]}}"'
        return run("bash", "-c", script, "bash", *words, cwd=tmp_path, PATH=f"{tmp_path}:{os.environ['PATH']}", PYTHONPATH=str(ROOT)).split()

    assert complete("kg", "doc") == ["doctor"]
    assert {"build", "query", "doctor"} <= set(complete("kg", ""))
    assert complete("kg", "frames", "s") == ["show"]
    assert complete("kg", "query", "--ex") == ["--example"]
