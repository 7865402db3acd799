"""What tests of several modules share."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KgError
from kg.packs import find_models


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of the models that kg uses by default (`$KG_MODELS`, else the bundled ones); skips where there are none."""
    try:
        return find_models().directory
    except KgError as e:
        pytest.skip(str(e))
