"""kg as a user has it: its wheel in a bare environment outside the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: Settings of this run that a user does not have.
HIDDEN = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "KG_MODELS", "SOURCE_DATE_EPOCH"}


def run(*command: str | Path, cwd: Path, umask: int = 0o022, **environment: str) -> str:
    """Standard output of a command that must succeed and sees neither the checkout nor this run's settings."""
    clean = {k: v for k, v in os.environ.items() if k not in HIDDEN}
    done = subprocess.run(command, cwd=cwd, env=clean | environment, capture_output=True, text=True, encoding="utf-8", check=False, umask=umask)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def copied(folder: Path) -> Path:
    """A folder with the files of the sdist and what builds it: a checkout that nobody works in meanwhile."""
    for name in ("/pyproject.toml", "/.gitignore", *PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]):
        source, target = ROOT / name.lstrip("/"), folder / name.lstrip("/")
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    return folder


def wheel(folder: Path) -> Path:
    """The wheel of this checkout, built in a folder."""
    checkout = folder / "checkout"
    checkout.mkdir()
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, copied(checkout), cwd=folder)
    return next(folder.glob("*.whl"))


def installed(wheel: Path, folder: Path, python: str | None = None) -> Path:
    """The programs of a bare environment into which the wheel is installed: what kg needs comes from this run's, else from the index."""
    environment = folder / "environment"
    if python is None:
        venv.create(environment, with_pip=True)
        pip = environment / "bin" / "pip"
        run(pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
        (site,) = environment.glob("lib/python*/site-packages")
        # A line of a .pth file adds a folder behind the environment's own, whose .pth files (such as that of the checkout) do not count.
        (site / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    else:
        run(python, "-m", "venv", environment, cwd=folder)
        pip = environment / "bin" / "pip"
        run(pip, "install", "--quiet", f"torch=={version('torch').partition('+')[0]}", cwd=folder)
        run(pip, "install", "--quiet", wheel, cwd=folder)
    return environment / "bin"


def user(programs: Path, *others: str) -> dict[str, str]:
    """The environment variables of a user who has these programs before all others, and of this run's only those named."""
    ours = Path(sys.executable).parent
    for name in others:
        (programs / name).symlink_to(ours / name)
    path = [str(programs), *(p for p in os.environ["PATH"].split(os.pathsep) if Path(p) != ours)]
    return {k: v for k, v in os.environ.items() if k not in HIDDEN} | {"PATH": os.pathsep.join(path), "LC_ALL": "C.UTF-8"}
