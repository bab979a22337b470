"""What can't be read or bound can't be held back either: a bundle would do something else than was written."""

from __future__ import annotations

from datetime import UTC, date, datetime

from campcompile.compiler import compile_files
from campcompile.rules.registry import all_checks, all_rules
from campcompile.syntax.findings import Severity
from tests.workspace import LETTER, workspace

# Errors of passes that leave the value whole: the words are as written, and the author may know better.
WHOLE = {
    "LAY030": "a colour",
    "REF005": "a file that nothing reads",
    **dict.fromkeys(("SYN021", "SYN022", "SYN023", "SYN024", "SYN025"), "odd characters"),
}


def test_an_audience_that_is_not_there_never_becomes_everybody() -> None:
    letter = LETTER.replace(
        "audience: readers", "audience: reeders  # allow REF001 kqdmtbrv until 2026-12-31 by Lars Berg: later"
    )
    made = compile_files(
        workspace({"campaigns/letter/campaign.yaml": letter}),
        as_of=date(2026, 11, 2),
        now=datetime(2026, 11, 2, 9, tzinfo=UTC),
    )
    assert {found.rule.code for found in made.diagnostics} == {"REF001", "HYG008"}
    assert made.bundle == {}


def test_an_error_that_leaves_a_value_incomplete_can_not_be_waived() -> None:
    of_checks = {check.rule.code for check in all_checks()}
    open_ones = {
        code
        for code, rule in all_rules().items()
        if rule.suppressible and rule.severity is Severity.ERROR and "" not in rule.firm
    }
    assert open_ones - of_checks == set(WHOLE)
