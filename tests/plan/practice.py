"""A small practice that reminds of appointments, compiled into a folder: what plans are asked of in tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from campcompile.cli.main import main
from tests.workspace import LETTER, lay, workspace

REMINDERS = (
    LETTER.replace("lt26", "ap71")
    .replace("purpose: operations\nlayer: updates", "purpose: treatment\nlayer: essential")
    .replace("audience: readers", "audience: upcoming\nanchor: appointment.start")
    .replace('{date: "2026-12-01", at: "09:00"}', '{offset: -P7D, at: "09:00", expires: -P4D}')
)


def built(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """The practice with these files, and what `compile` makes of them."""
    lay(root, workspace({**files}))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert main(["compile"]) == 0
    return root
