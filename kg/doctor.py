"""What `kg doctor` looks at: whether this machine has what kg needs, and what to do where it has not.

Each check gives one `Check` and never an error: a machine on which something is broken is what it is for.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import Literal

from kg import __version__
from kg.errors import KgError

State = Literal["ok", "warning", "problem"]

DISTRIBUTION = "arabic-kg"
#: Packages whose versions are always told.
TOLD = ("stanza", "torch", "rdflib", "pyoxigraph")
#: What does without: package -> what it is for, and how it comes.
EXTRAS = {
    "starlette": ("kg serve", "pip install 'arabic-kg[serve]'"),
    "pandas": ("Graph.to_pandas", "pip install 'arabic-kg[notebook]'"),
}

_GB = 10**9
#: Free memory in bytes under which kg cannot read, and under which it is tight: one process with models takes about 1 GB.
MEMORY = (int(1.2 * _GB), 2 * _GB)
#: Free disk in bytes under which nothing can be written, and under which a large graph may not find room.
DISK = (_GB // 10, 2 * _GB)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and what to do about it (empty where nothing is to be done)."""

    name: str
    state: State
    found: str
    advice: str = ""


def examine(models: str | None = None, store: Path | None = None) -> Iterator[Check]:
    """Look at everything, one thing after the other.

    Args:
        models: as `kg build --models` takes it.
        store: the folder of a store to look at too.
    """
    yield Check("kg", "ok", f"{__version__} in {Path(__file__).parent}")
    yield python()
    yield from packages()
    yield torch_loads()
    yield ontology()
    yield from pack(models)
    yield cores()
    yield memory()
    yield from disks(store)
    yield fonts()
    yield browser()
    yield from extras()
    if store is not None:
        yield stored(store)


def worst(checks: list[Check]) -> State:
    """The worst state among checks."""
    order: tuple[State, ...] = ("problem", "warning", "ok")
    return next((s for s in order if any(c.state == s for c in checks)), "ok")


# Software


def python(version: tuple[int, int] = sys.version_info[:2]) -> Check:
    """Whether kg is tested on this Python."""
    prefix = "Programming Language :: Python :: 3."
    found = f"{sys.version.split()[0]} in {sys.prefix}"
    try:
        tested = sorted(int(c.removeprefix(prefix)) for c in metadata.metadata(DISTRIBUTION).get_all("Classifier") or () if c.startswith(prefix))
    except metadata.PackageNotFoundError:
        tested = []
    if tested and version < (3, tested[0]):
        return Check("Python", "problem", found, f"kg needs Python 3.{tested[0]} or newer")
    if tested and version > (3, tested[-1]):
        return Check("Python", "warning", found, f"kg is tested on Python 3.{tested[0]} to 3.{tested[-1]}; use one of these if something fails")
    return Check("Python", "ok", found)


def packages() -> Iterator[Check]:
    """The packages that kg needs: those of `TOLD`, and others that are missing or of a version that kg is not made for."""
    from packaging.requirements import Requirement

    try:
        needed = [Requirement(text) for text in metadata.requires(DISTRIBUTION) or ()]
    except metadata.PackageNotFoundError:
        yield Check("packages", "warning", "kg is not installed, but run from a folder", "pip install the wheel, or pip install -e . in a checkout")
        needed = [Requirement(name) for name in TOLD]
    for requirement in needed:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Check(requirement.name, "problem", "is not installed", f"pip install '{requirement}'")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            yield Check(requirement.name, "problem", version, f"kg is made for {requirement}: pip install '{requirement}'")
        elif requirement.name in TOLD:
            yield Check(requirement.name, "ok", version)


def torch_loads() -> Check:
    """Whether PyTorch finds its libraries, which its version alone does not tell."""
    try:
        torch = import_module("torch")
        threads = torch.get_num_threads()
    # A broken installation may raise anything, while its modules are read.
    except Exception as e:
        advice = "install PyTorch anew: pip install --force-reinstall torch"
        return Check("PyTorch", "problem", f"does not load ({type(e).__name__}: {_short(e)})", advice)
    return Check("PyTorch", "ok", f"loads, and computes with {threads} thread{'s' if threads > 1 else ''}")


def extras() -> Iterator[Check]:
    """Packages that only some things need."""
    for name, (purpose, how) in EXTRAS.items():
        try:
            yield Check(name, "ok", f"{metadata.version(name)} (for {purpose})")
        except metadata.PackageNotFoundError:
            yield Check(name, "ok", f"is not installed; {purpose} needs it ({how})")


# What travels with kg


def ontology() -> Check:
    """Whether the files of the ontology are there and can be read."""
    from kg.resources import ontology_dir

    try:
        from kg.extract import load_lexicon
        from kg.frames import Frames
        from kg.vocabulary import vocabulary

        vocabulary()
        names, frames = len(load_lexicon().entries), len(Frames.load().frames)
    except (KgError, ImportError, OSError, ValueError) as e:
        return Check("ontology", "problem", _short(e), "install kg again, or in a checkout mend the file")
    return Check("ontology", "ok", f"{names:,} names and {frames} frames in {ontology_dir()}")


def pack(models: str | None) -> Iterator[Check]:
    """The models that would be used: their version, whether each file is the one of the manifest, and their licence."""
    from kg.packs import find_models, model_files

    try:
        found = find_models(models)
        files = model_files(found.directory, found.manifest)
    except (KgError, OSError, ImportError) as e:
        yield Check("models", "problem", _short(e), "kg reads nothing without models; what needs none (kg query, view, validate, serve) works")
        return
    wrong = [f for f in files if f.state in ("changed", "missing")]
    unlisted = [f.name for f in files if f.state == "unlisted"]
    where = f"in {found.directory}"
    if found.official:
        yield Check("models", "warning", f"Stanza's own, {len(files)} files {where}", "they have no checksums: whether they are whole is not known")
        yield Check("licence", "warning", "is not told", "see the page of Stanza's models for Arabic")
        return
    if wrong:
        yield Check(
            "models",
            "problem",
            f"{', '.join(f'{f.name} is {f.state}' for f in wrong)} {where}",
            "install kg again, or name other models with --models",
        )
    elif unlisted:
        yield Check(
            "models",
            "warning",
            f"{', '.join(unlisted)} {where} is not in the manifest",
            "kg does not know these files: remove them if they are not yours",
        )
    else:
        size = sum(f.bytes for f in files) / 1e6
        yield Check("models", "ok", f"{found.version()}, {len(files)} files of {size:.0f} MB, checksums right, {where}")
    licence = str(found.manifest.get("licence") or "")
    terms = "; no commercial use, share alike (the code is MIT)" if "NC" in licence else ""
    yield Check(
        "licence", "ok" if licence else "warning", f"{licence}{terms}" if licence else "is not told", "" if licence else "ask whoever made the models"
    )


# The machine


def cores() -> Check:
    """How many cores kg may use."""
    from kg import machine

    n = machine.cores()
    return Check("cores", "ok", f"{n} of {os.cpu_count() or n}")


def memory(free: Callable[[], int] | None = None) -> Check:
    """Whether there is memory for a process with models."""
    from kg import machine

    found = (free or machine.free_memory)()
    text, (least, enough) = f"{found / _GB:.1f} GB free", MEMORY
    if found < least:
        return Check("memory", "problem", text, f"reading documents takes {least / _GB:.1f} GB: end other programs, or give the container more")
    if found < enough:
        return Check("memory", "warning", text, "enough for one process: do not say --workers")
    return Check("memory", "ok", text)


def disks(store: Path | None) -> Iterator[Check]:
    """Free space where results, temporary files and the store are written."""
    places = {"disk": Path.cwd(), "temporary files": Path(tempfile.gettempdir())}
    if store is not None and store.is_dir():
        places["disk of the store"] = store
    for name, place in places.items():
        yield disk(name, place, shutil.disk_usage(place).free)


def disk(name: str, place: Path, free: int) -> Check:
    """Whether `free` bytes in a folder are enough, and may be written."""
    text, (least, enough) = f"{free / _GB:.1f} GB free in {place}", DISK
    if not os.access(place, os.W_OK):
        return Check(
            name,
            "warning",
            f"{place} may not be written to",
            "name a folder of your own with -o" if name == "disk" else "set TMPDIR to a folder of your own",
        )
    if free < least:
        return Check(
            name, "problem", text, "make room, or write elsewhere" + ("" if name == "disk" else " (TMPDIR)" if name == "temporary files" else "")
        )
    if free < enough:
        return Check(name, "warning", text, "a store or RDF of many thousand documents may not find room")
    return Check(name, "ok", text)


def fonts() -> Check:
    """Whether there is a font with Arabic letters for terminals and editors. The page brings its own."""
    command = shutil.which("fc-list")
    if command is None:
        return Check("Arabic font", "ok", "not looked for (no fc-list here); the page brings its own")
    try:
        listed = subprocess.run([command, ":lang=ar", "family"], capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError) as e:
        return Check("Arabic font", "ok", f"not looked for ({_short(e)}); the page brings its own")
    families = sorted({line.split(",")[0].strip() for line in listed.splitlines() if line.strip()})
    if not families:
        return Check(
            "Arabic font",
            "warning",
            "none",
            "terminals and editors will show boxes (the page brings its own): install one, such as Debian's fonts-noto-core",
        )
    return Check("Arabic font", "ok", f"{families[0]}" + (f" and {len(families) - 1} more" if len(families) > 1 else ""))


def browser() -> Check:
    """Whether there is a browser to look at the page with."""
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return Check("browser", "warning", "none", "copy graph.html to a machine that has one: it needs nothing beside it")
    return Check("browser", "ok", str(getattr(found, "name", "") or "the system's own"))


def stored(path: Path) -> Check:
    """Whether a store can be opened, what is in it, and whether its last run came to its end."""
    try:
        from kg.store import Reader

        with Reader(path) as reader:
            statements, settled = len(reader.quads), reader.settled
    except (KgError, OSError, ImportError) as e:
        return Check("store", "problem", _short(e), "see docs/cli.md, kg build --store")
    size = sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) / 1e6
    text = f"{statements:,} statements, {size:.0f} MB in {path}"
    if not settled:
        return Check(
            "store",
            "warning",
            f"{text}; its last run did not end",
            f"run kg build INPUT --store {path} again: names and clusters are then brought up to date",
        )
    return Check("store", "ok", text)


def _short(e: Exception) -> str:
    text = " ".join(str(e).split())
    return text if len(text) <= 200 else f"{text[:200]}…"
