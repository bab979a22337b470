"""Words are as wide as they stand in a fixed-width font."""

from __future__ import annotations

import unicodedata

import pytest

from campcompile.analysis.columns import columns


@pytest.mark.parametrize(
    ("text", "wide"),
    [("", 0), ("Timen din", 9), ("déjà", 4), ("門診時間", 8), ("９點", 4), ("👋", 2), ("❤\ufe0f", 1), ("a\u200db", 2)],
)
def test_ideographs_take_two_columns_and_accents_none(text: str, wide: int) -> None:
    assert columns(text) == wide
    assert columns(unicodedata.normalize("NFD", text)) == wide
