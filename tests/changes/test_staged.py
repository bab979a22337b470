"""Twelve staged changes give exactly the expected account in each format."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changes.staged import EXPECTED, FORMATS, TWELVE, readable, stage, told


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("twelve")
    stage(root)
    return root


@pytest.mark.parametrize("format", FORMATS)
def test_the_account_is_as_expected(repository: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    expected = (EXPECTED / FORMATS[format]).read_text("utf-8")
    assert readable(told(repository, format)) == expected, "if it is right: python -m tests.changes.staged"


def test_there_are_twelve() -> None:
    assert len(TWELVE) == 12
