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
from kg.language import N_, _, joined, ngettext

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

#: Browsers that `webbrowser` takes and that show text only, and programs that are browsers even where it finds no screen and takes none.
_TEXT_BROWSERS = ("www-browser", "links", "elinks", "lynx", "w3m")
_BROWSERS = (
    "firefox",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "brave-browser",
    "opera",
    "epiphany",
)


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
    yield Check("kg", "ok", _("{version} in {folder}").format(version=__version__, folder=Path(__file__).parent))
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
    found = _("{version} in {folder}").format(version=sys.version.split()[0], folder=sys.prefix)
    try:
        tested = sorted(int(c.removeprefix(prefix)) for c in metadata.metadata(DISTRIBUTION).get_all("Classifier") or () if c.startswith(prefix))
    except metadata.PackageNotFoundError:
        tested = []
    if tested and version < (3, tested[0]):
        return Check("Python", "problem", found, _("kg needs Python {version} or newer").format(version=f"3.{tested[0]}"))
    if tested and version > (3, tested[-1]):
        advice = _("kg is tested on Python {first} to {last}; use one of these if something fails")
        return Check("Python", "warning", found, advice.format(first=f"3.{tested[0]}", last=f"3.{tested[-1]}"))
    return Check("Python", "ok", found)


def packages() -> Iterator[Check]:
    """The packages that kg needs: those of `TOLD`, and others that are missing or of a version that kg is not made for."""
    from packaging.requirements import Requirement

    try:
        needed = [Requirement(text) for text in metadata.requires(DISTRIBUTION) or ()]
    except metadata.PackageNotFoundError:
        advice = _("pip install the wheel, or pip install -e . in a checkout")
        yield Check(_("packages"), "warning", _("kg is not installed, but run from a folder"), advice)
        needed = [Requirement(name) for name in TOLD]
    for requirement in needed:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Check(requirement.name, "problem", _("is not installed"), f"pip install '{requirement}'")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            advice = _("kg is made for {requirement}: pip install '{requirement}'")
            yield Check(requirement.name, "problem", version, advice.format(requirement=requirement))
        elif requirement.name in TOLD:
            yield Check(requirement.name, "ok", version)


def torch_loads() -> Check:
    """Whether PyTorch finds its libraries, which its version alone does not tell."""
    try:
        torch = import_module("torch")
        threads = torch.get_num_threads()
    # A broken installation may raise anything, while its modules are read.
    except Exception as e:
        advice = _("install PyTorch anew: pip install --force-reinstall torch")
        return Check("PyTorch", "problem", _("does not load ({error}: {why})").format(error=type(e).__name__, why=_short(e)), advice)
    found = ngettext("loads, and computes with {n} thread", "loads, and computes with {n} threads", threads)
    return Check("PyTorch", "ok", found.format(n=threads))


def extras() -> Iterator[Check]:
    """Packages that only some things need."""
    for name, (purpose, how) in EXTRAS.items():
        try:
            yield Check(name, "ok", _("{version} (for {purpose})").format(version=metadata.version(name), purpose=purpose))
        except metadata.PackageNotFoundError:
            yield Check(name, "ok", _("is not installed; {purpose} needs it ({how})").format(purpose=purpose, how=how))


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
        return Check(_("ontology"), "problem", _short(e), _("install kg again, or in a checkout mend the file"))
    found = _("{names:,} names and {frames} frames in {folder}").format(names=names, frames=frames, folder=ontology_dir())
    return Check(_("ontology"), "ok", found)


def pack(models: str | None) -> Iterator[Check]:
    """The models that would be used: their version, whether each file is the one of the manifest, and their licence."""
    from kg.packs import find_models, model_files

    try:
        found = find_models(models)
        files = model_files(found.directory, found.manifest)
    except (KgError, OSError, ImportError) as e:
        advice = _("kg reads nothing without models; what needs none (kg query, view, validate, serve) works")
        yield Check(_("models"), "problem", _short(e), advice)
        return
    wrong = [f for f in files if f.state in ("changed", "missing")]
    unlisted = [f.name for f in files if f.state == "unlisted"]
    where = found.directory
    if found.official:
        own = _("Stanza's own, {n} files in {folder}").format(n=len(files), folder=where)
        yield Check(_("models"), "warning", own, _("they have no checksums: whether they are whole is not known"))
        yield Check(_("licence"), "warning", _("is not told"), _("see the page of Stanza's models for Arabic"))
        return
    if wrong:
        states = {"changed": _("{file} is changed"), "missing": _("{file} is missing")}
        told = _("{files} in {folder}").format(files=joined(states[f.state].format(file=f.name) for f in wrong), folder=where)
        yield Check(_("models"), "problem", told, _("install kg again, or name other models with --models"))
    elif unlisted:
        told = _("{files} in {folder} is not in the manifest").format(files=joined(unlisted), folder=where)
        yield Check(_("models"), "warning", told, _("kg does not know these files: remove them if they are not yours"))
    else:
        size = sum(f.bytes for f in files) / 1e6
        told = _("{version}, {n} files of {size:.0f} MB, checksums right, in {folder}")
        yield Check(_("models"), "ok", told.format(version=found.version(), n=len(files), size=size, folder=where))
    licence = str(found.manifest.get("licence") or "")
    if not licence:
        yield Check(_("licence"), "warning", _("is not told"), _("ask whoever made the models"))
        return
    told = _("{licence}; no commercial use, share alike (the code is MIT)") if "NC" in licence else "{licence}"
    yield Check(_("licence"), "ok", told.format(licence=licence))


# The machine


def cores() -> Check:
    """How many cores kg may use."""
    from kg import machine

    n = machine.cores()
    return Check(_("cores"), "ok", _("{n} of {all}").format(n=n, all=os.cpu_count() or n))


def memory(free: Callable[[], int] | None = None) -> Check:
    """Whether there is memory for a process with models."""
    from kg import machine

    found = (free or machine.free_memory)()
    text, (least, enough) = _("{size:.1f} GB free").format(size=found / _GB), MEMORY
    if found < least:
        advice = _("reading documents takes {size:.1f} GB: end other programs, or give the container more")
        return Check(_("memory"), "problem", text, advice.format(size=least / _GB))
    if found < enough:
        return Check(_("memory"), "warning", text, _("enough for one process: do not say --workers"))
    return Check(_("memory"), "ok", text)


def disks(store: Path | None) -> Iterator[Check]:
    """Free space where results, temporary files and the store are written."""
    places = {N_("disk"): Path.cwd(), N_("temporary files"): Path(tempfile.gettempdir())}
    if store is not None and store.is_dir():
        places[N_("disk of the store")] = store
    for name, place in places.items():
        yield disk(name, place, shutil.disk_usage(place).free)


def disk(name: str, place: Path, free: int) -> Check:
    """Whether `free` bytes in a folder are enough, and may be written."""
    text, (least, enough) = _("{size:.1f} GB free in {folder}").format(size=free / _GB, folder=place), DISK
    if not os.access(place, os.W_OK):
        advice = _("name a folder of your own with -o") if name == "disk" else _("set TMPDIR to a folder of your own")
        return Check(_(name), "warning", _("{folder} may not be written to").format(folder=place), advice)
    if free < least:
        advice = _("make room, or write elsewhere (TMPDIR)") if name == "temporary files" else _("make room, or write elsewhere")
        return Check(_(name), "problem", text, advice)
    if free < enough:
        return Check(_(name), "warning", text, _("a store or RDF of many thousand documents may not find room"))
    return Check(_(name), "ok", text)


def fonts() -> Check:
    """Whether there is a font with Arabic letters for terminals and editors. The page brings its own."""
    command = shutil.which("fc-list")
    if command is None:
        return Check(_("Arabic font"), "ok", _("not looked for (no fc-list here); the page brings its own"))
    try:
        listed = subprocess.run([command, ":lang=ar", "family"], capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError) as e:
        return Check(_("Arabic font"), "ok", _("not looked for ({why}); the page brings its own").format(why=_short(e)))
    families = sorted({line.split(",")[0].strip() for line in listed.splitlines() if line.strip()})
    if not families:
        advice = _("terminals and editors will show boxes (the page brings its own): install one, such as Debian's fonts-noto-core")
        return Check(_("Arabic font"), "warning", _("none"), advice)
    found = _("{font} and {n} more") if len(families) > 1 else "{font}"
    return Check(_("Arabic font"), "ok", found.format(font=families[0], n=len(families) - 1))


def browser() -> Check:
    """Whether there is a browser to look at the page with, and a screen for it: a server has neither, and needs none."""
    elsewhere = _("copy graph.html to a machine with a screen (it needs nothing beside it), or kg serve it")
    try:
        name = str(getattr(webbrowser.get(), "name", "") or _("the system's own"))
    except webbrowser.Error:
        name = ""
    if name and name not in _TEXT_BROWSERS:
        return Check(_("browser"), "ok", name)
    if installed := next(filter(shutil.which, _BROWSERS), None):
        return Check(_("browser"), "ok", _("{browser}, but this session has no screen for it").format(browser=installed), elsewhere)
    found = _("only {browser}, which runs no scripts").format(browser=name) if name else _("none")
    return Check(_("browser"), "warning", found, elsewhere)


def stored(path: Path) -> Check:
    """Whether a store can be opened, what is in it, and whether its last run came to its end."""
    try:
        from kg.store import Reader

        with Reader(path) as reader:
            statements, settled = len(reader.quads), reader.settled
    except (KgError, OSError, ImportError) as e:
        return Check(_("store"), "problem", _short(e), _("see docs/cli.md, kg build --store"))
    size = sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) / 1e6
    told = _("{n:,} statements, {size:.0f} MB in {path}")
    if settled:
        return Check(_("store"), "ok", told.format(n=statements, size=size, path=path))
    told = _("{n:,} statements, {size:.0f} MB in {path}; its last run did not end")
    advice = _("run kg build INPUT --store {path} again: names and clusters are then brought up to date")
    return Check(_("store"), "warning", told.format(n=statements, size=size, path=path), advice.format(path=path))


def _short(e: Exception) -> str:
    text = " ".join(str(e).split())
    return text if len(text) <= 200 else f"{text[:200]}…"
