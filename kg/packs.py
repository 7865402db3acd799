"""Packs of models: where they are found, what they hold, and how Stanza's official one is fetched.

Models are looked for in this order: the folder given (`--models DIR`), `$KG_MODELS`, Stanza's official Arabic package in
Stanza's resource folder (`--models official`), the bundled pack. Nothing is ever downloaded but by `download_official`.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.language import _, joined
from kg.resources import bundled_models_dir


@contextmanager
def loading(message: str, path: Path) -> Iterator[None]:
    """Within it, what goes wrong with a file of a model is a KgError: `message` with {path}, {error} and {why}."""
    try:
        yield
    except (OSError, EOFError, RuntimeError, KeyError, TypeError, ValueError, AttributeError, pickle.UnpicklingError) as e:
        raise KgError(message.format(path=path, error=type(e).__name__, why=str(e)[:200])) from e


#: Files of a pack: what Stanza's pipeline calls each.
FILES = {
    "tokenizer.pt": "tokenize", "mwt.pt": "mwt", "tagger.pt": "pos", "lemmatizer.pt": "lemma", "parser.pt": "depparse", "ner.pt": "ner",
    "vectors.pt": "pretrain", "forward.pt": "forward_charlm", "backward.pt": "backward_charlm",
}  # fmt: skip

#: Files that are no part of Stanza's pipeline: the reader of events and its word models, the ranker of groups, and the taggers of the four classes
#: of ANERcorp and AQMAR.
EXTRAS = {"events.pt": "events (kg)", "words.pt": "word models (kg)", "groups.pt": "groups (kg)", "four.pt": "ner, four classes"}

#: What a pack can do without: character language models, if its taggers were trained without them, and the extras.
OPTIONAL = frozenset({"forward.pt", "backward.pt", *EXTRAS})


@dataclass(frozen=True, slots=True)
class ModelPack:
    """A folder of models. `manifest` is empty for the official package, which has none."""

    directory: Path
    manifest: dict[str, Any]
    official: bool = False

    def version(self) -> str:
        """Name and version, with a hash of the files' checksums: what an extraction says it was made with."""
        files = self.manifest.get("files", {})
        digest = hashlib.sha256(json.dumps({f: files[f]["sha256"] for f in sorted(files)}).encode()).hexdigest()[:12]
        return "stanza-official" if self.official else f"{self.manifest.get('name', 'pack')} {self.manifest.get('version', '?')} {digest}"

    def check(self) -> None:
        """Compare every file with its checksum in the manifest. KgError names the first that is not listed, missing or differs."""
        if not self.official and (unlisted := sorted(FILES.keys() - OPTIONAL - self.manifest["files"].keys())):
            raise KgError(
                _("{manifest} does not list {unlisted}; install kg again").format(
                    manifest=self.directory / "manifest.json", unlisted=joined(unlisted)
                )
            )
        for name, entry in self.manifest.get("files", {}).items():
            path = self.directory / name
            if not path.is_file():
                raise KgError(_("the model file {path} is missing; install kg again, or name a folder that has it with --models").format(path=path))
            if sha256(path) != entry["sha256"]:
                raise KgError(_("the model file {path} is damaged (its checksum differs from the manifest); install kg again").format(path=path))


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def stanza_resources() -> Path:
    """Stanza's resource folder: `$STANZA_RESOURCES_DIR` or Stanza's own default."""
    from stanza.resources.common import DEFAULT_MODEL_DIR

    return Path(DEFAULT_MODEL_DIR)


def find_models(models: str | None = None) -> ModelPack:
    """The models to use: a folder, "official", or None for `$KG_MODELS` and then the bundled pack. KgError if absent."""
    wanted = models or os.environ.get("KG_MODELS")
    if wanted == "official":
        directory = stanza_resources() / "ar"
        if not directory.is_dir():
            raise KgError(
                _("Stanza's official Arabic models are not in {directory}; fetch them with `kg models download`").format(directory=directory)
            )
        return ModelPack(directory, {}, official=True)
    directory = Path(wanted) if wanted else bundled_models_dir()
    manifest = directory / "manifest.json"
    if not manifest.is_file():
        raise KgError(
            _("no models in {directory} (no manifest.json); name a folder with --models, or build them with `make models`").format(
                directory=directory
            )
        )
    try:
        described = json.loads(manifest.read_text(encoding="utf-8"))
    except ValueError as e:
        raise KgError(_("{manifest} is not JSON ({why}); install kg again").format(manifest=manifest, why=e)) from e
    if not isinstance(described, dict) or not isinstance(described.get("files"), dict):
        raise KgError(_("{manifest} does not describe the files of a pack; install kg again").format(manifest=manifest))
    return ModelPack(directory, described)


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
            _(
                "Stanza's Arabic package cannot be downloaded: check the network and the proxy; the bundled models need neither ({error}: {reason})"
            ).format(error=type(e).__name__, reason=reason)
        ) from e
    return folder
