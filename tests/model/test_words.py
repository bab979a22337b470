"""Words are bound to the dictionary: where links lead, and which arms of a condition mean something."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from campcompile.compiler import compile_files
from campcompile.syntax.findings import Diagnostic
from tests.workspace import LETTER, workspace


def findings_of(words: str) -> list[str]:
    """Each finding of a letter with these words, as `CODE quoted text`."""
    letter = LETTER.replace("we are open all winter.", f"|\n          {words}")
    files = workspace({"campaigns/letter/campaign.yaml": letter})
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    result = compile_files(files, as_of=date(2026, 11, 2), now=now, lint_only=True)

    def told(found: Diagnostic) -> str:
        return f"{found.rule.code} {result.sources[found.span.path].quote(found.span)}"

    return [told(found) for found in result.diagnostics]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("javascript:alert(1)", "LNK001 javascript:alert(1)"),
        ("http://fjordklinikken.example/", "LNK001 http://fjordklinikken.example/"),
        ("www.fjordklinikken.example", "LNK001 www.fjordklinikken.example"),
        ("#top", "LNK001 #top"),
        ("links.bok", "REF002 links.bok"),
        ("practice.name", "REF002 practice.name"),
        ("book", "TPL024 book"),
    ],
)
def test_a_link_that_leads_nowhere_good_is_found_at_its_target(target: str, expected: str) -> None:
    assert findings_of(f"[Book a time]({target})") == [expected]


@pytest.mark.parametrize(
    "target",
    ["links.book", "practice.website", "https://fjordklinikken.example/x", "mailto:post@fjordklinikken.example"],
)
def test_a_link_to_the_practice_is_fine(target: str) -> None:
    assert findings_of(f"[Write to us]({target})") == []


def test_what_an_unreadable_condition_guards_is_looked_through_but_for_what_it_makes_sure() -> None:
    words = (
        "{% if recipient.first_name has %}{{ recipient.first_name }} {{ recipient.fristname }}{% else %}b{% endif %}"
    )
    assert findings_of(words) == ["TPL015 recipient.first_name has", "FLD001 recipient.fristname"]


def test_an_else_after_an_unreadable_condition_still_has_its_own_findings() -> None:
    words = "{% if recipient.first_name ! %}a{% else %}{{ recipient.first_name }}{% endif %}"
    assert [line.split()[0] for line in findings_of(words)] == ["TPL006", "FLD002"]
