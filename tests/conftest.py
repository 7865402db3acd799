"""What tests of several modules share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from kg.errors import KgError
from kg.packs import find_models

# A machine that has other things to do is no failure.
settings.register_profile("kg", deadline=None)
settings.load_profile("kg")

# What kg prints is compared with English, whatever the language of the machine is.
os.environ["KG_LANG"] = "en"


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of the models that kg uses by default (`$KG_MODELS`, else the bundled ones); skips where there are none."""
    try:
        return find_models().directory
    except KgError as e:
        pytest.skip(str(e))
