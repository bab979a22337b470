"""Forty letters as practices in four countries send them, and nothing that is found in them for no reason."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campcompile.compiler import compile_files

NOW = datetime(2026, 8, 15, 9, tzinfo=UTC)
FOLDER = Path(__file__).parent / "forty"
FENCE = re.compile(r"^```yaml (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# What a reviewer of that practice lets stand.
ACCEPTED = {
    "us": [("PHI012", "campaigns/eye-exam-prep/campaign.yaml")],  # drops blur the sight: that has to be said
    "fr": [("SUB001", "campaigns/liste-attente/campaign.yaml")],  # what it is about comes first
    "no": [("SEG006", "campaigns/tannkontroll/campaign.yaml")],  # a note: a check-up of teeth is everybody's
    "tw": [("SEG006", "campaigns/cleaning-recall/campaign.yaml")],
}


@pytest.mark.parametrize("practice", ACCEPTED)
def test_innocent_letters_are_let_through(practice: str) -> None:
    text = (FOLDER / f"{practice}.md").read_text(encoding="utf-8")
    files = {path: words.encode() for path, words in FENCE.findall(text)}
    assert sum(path.endswith("/campaign.yaml") for path in files) >= 10
    made = compile_files(files, as_of=None, now=NOW, lint_only=True)
    assert [(one.rule.code, one.span.path) for one in made.diagnostics] == ACCEPTED[practice]
