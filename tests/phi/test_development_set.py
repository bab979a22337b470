"""`campcompile scan` on the labelled development set, where it is at hand: precision, recall, every language, pairs."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from campcompile.cli.scan import scan

SET = Path(__file__).parents[2] / ".." / "shared" / "phi"
ROWS = SET / "dev.jsonl"

pytestmark = pytest.mark.skipif(not ROWS.is_file(), reason="the development set is not here")

Row = dict[str, Any]


@pytest.fixture(scope="module", params=["strict", "standard"])
def judged(request: pytest.FixtureRequest) -> list[tuple[Row, bool, bool]]:
    """(row, is a violation, was flagged), by profile."""
    arguments = [str(ROWS), "--practice", str(SET / "org.yaml"), "--dictionary", str(SET / "dictionary.yaml")]
    result = CliRunner().invoke(
        scan, [*arguments, "--profile", request.param, "--format", "jsonl"], standalone_mode=False
    )
    assert result.exception is None, result.exception
    verdicts = {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}
    key = "label" if request.param == "strict" else "label_reminders"
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    assert {row["id"] for row in rows} == verdicts.keys(), "every row has a verdict"
    return [(row, row[key] == "violation", verdicts[row["id"]]["flagged"]) for row in rows]


def figures(judged: list[tuple[Row, bool, bool]]) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    hits = sum(wrong and flagged for _, wrong, flagged in judged)
    precision = hits / max(sum(flagged for _, _, flagged in judged), 1)
    recall = hits / max(sum(wrong for _, wrong, _ in judged), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def test_precision_and_recall_are_at_least_ninety_five_in_a_hundred(judged: list[tuple[Row, bool, bool]]) -> None:
    assert min(figures(judged)) >= 0.95


def test_no_language_is_left_behind(judged: list[tuple[Row, bool, bool]]) -> None:
    for language in {row["lang"] for row, _, _ in judged}:
        assert figures([one for one in judged if one[0]["lang"] == language])[2] >= 0.92, language


def test_at_most_three_in_a_hundred_innocent_texts_are_flagged(judged: list[tuple[Row, bool, bool]]) -> None:
    innocent = [flagged for _, wrong, flagged in judged if not wrong]
    assert sum(innocent) <= 0.03 * len(innocent)


def test_one_text_to_two_audiences_is_told_apart(judged: list[tuple[Row, bool, bool]]) -> None:
    by_text: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for row, wrong, flagged in judged:
        by_text[row["text"]].append((wrong, flagged))
    pairs = [sides for sides in by_text.values() if len({wrong for wrong, _ in sides}) > 1]
    assert pairs and all(wrong == flagged for sides in pairs for wrong, flagged in sides)


def test_merge_fields_are_all_found(judged: list[tuple[Row, bool, bool]]) -> None:
    fields = [flagged for row, wrong, flagged in judged if row["category"] == "phi-merge-field" and wrong]
    assert fields and all(fields)
