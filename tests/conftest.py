"""Fixtures that several rooms share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("patient", suppress_health_check=[HealthCheck.too_slow], deadline=None)  # machines are busy
settings.load_profile("patient")

os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"  # nobody's own keys in a test

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def copy_of_example() -> Callable[[Path], Path]:
    """Copies the example practice into a folder, and hands that out: a workspace that a test may change."""

    def copy(place: Path) -> Path:
        for name in ("campaigns", "layouts", "assets"):
            shutil.copytree(ROOT / name, place / name)
        shutil.copy(ROOT / "campcompile.yaml", place)
        return place

    return copy
