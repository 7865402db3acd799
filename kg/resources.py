"""Where the data that travels with kg lies, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

from kg.errors import KgError
from kg.language import _

_PACKAGE = Path(__file__).resolve().parent


def ontology_dir() -> Path:
    """The folder of `kg.ttl`, `shapes.ttl`, `frames.ttl` and `lexicon/`.

    A wheel holds it inside the package; in a checkout it stands beside the package, where people find it to edit it.
    KgError if it is in neither place.
    """
    for folder in (_PACKAGE / "ontology", _PACKAGE.parent / "ontology"):
        if folder.is_dir():
            return folder
    raise KgError(_("the ontology is neither in {folder} nor beside it: install kg anew").format(folder=_PACKAGE))


def bundled_models_dir() -> Path:
    """The folder of the weights that travel with kg, whether or not they are there."""
    return _PACKAGE / "models"
