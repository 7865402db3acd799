"""What a pack of models holds, and how Stanza's official one is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.pipeline import sha256, stanza_resources


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a pack. `state` is "ok", "missing", "changed" (its hash is not the manifest's) or "unlisted"."""

    name: str
    processor: str
    bytes: int
    state: str
    scores: Mapping[str, float]


def model_files(directory: Path, manifest: Mapping[str, Any]) -> list[ModelFile]:
    """The files that the manifest lists, then other weights in the directory, each in the order of their names."""
    files = []
    listed: Mapping[str, Mapping[str, Any]] = manifest.get("files") or {}
    for name, entry in sorted(listed.items()):
        path = directory / name
        if not path.is_file():
            size, state = int(entry.get("bytes", 0)), "missing"
        else:
            size, state = path.stat().st_size, "ok" if sha256(path) == entry.get("sha256") else "changed"
        files.append(ModelFile(name, str(entry.get("processor", "")), size, state, entry.get("scores") or {}))
    for path in sorted(directory.rglob("*.pt")):
        name = path.relative_to(directory).as_posix()
        if name not in listed:
            files.append(ModelFile(name, "", path.stat().st_size, "unlisted", {}))
    return files


def download_official() -> Path:
    """Fetch Stanza's own Arabic package into Stanza's resource folder, where "official" looks for it, and return that folder.

    Raises:
        KgError: there is no network, or not enough disk.
    """
    import stanza

    folder = stanza_resources()
    try:
        stanza.download("ar", model_dir=str(folder), verbose=False)
    # Stanza lets errors of three network libraries through, and their classes change with its versions.
    except Exception as e:
        reason = str(e).splitlines()[0][:120] if str(e) else ""
        raise KgError(
            "Stanza's Arabic package cannot be downloaded: check the network and the proxy; the bundled models need neither "
            f"({type(e).__name__}: {reason})"
        ) from e
    return folder
