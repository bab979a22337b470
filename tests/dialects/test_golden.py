"""What a small letter becomes for each target is what somebody has read through."""

from __future__ import annotations

import pytest

from campcompile.report.targets import targets_page
from tests.dialects.bless import GOLDEN, IDS, golden_files


@pytest.mark.parametrize("id", IDS)
def test_a_letter_becomes_what_was_read_through(id: str) -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in (GOLDEN / id).iterdir()}
    assert kept == golden_files(id), f"read it again: python -m tests.dialects.bless {id}"


def test_the_matrix_says_of_every_dialect_how_it_was_proved() -> None:
    rows = [line for line in targets_page().splitlines() if line.startswith("| `") and "dialect:" not in line]
    assert len(rows) == len(IDS) + 1
    assert any("unverified" in row for row in rows if "`mailchimp`" in row)
