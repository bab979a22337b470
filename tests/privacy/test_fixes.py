"""What `--fix --unsafe-fixes` writes for audiences is what the finding asked for."""

from __future__ import annotations

from campcompile.compiler import Compilation
from campcompile.syntax.findings import Applicability
from campcompile.syntax.fixes import apply_fixes
from tests.acceptance.practice import compiled
from tests.workspace import DICTIONARY, LETTER, workspace

PALLIATIVE = "  patient.in_palliative_care: {type: yes_no, label: special, missing: false}\n"
BUILDING = "  patient.building: {type: text, label: contact}\n"


def codes(compilation: Compilation) -> list[str]:
    return [one.rule.code for one in compilation.diagnostics]


def mended(files: dict[str, str | bytes]) -> tuple[dict[str, bytes], Compilation]:
    before = compiled(files, lint_only=True)
    changed = apply_fixes(workspace(files), before.sources, before.diagnostics, frozenset({Applicability.UNSAFE})).files
    return dict(changed), compiled({**files, **changed}, lint_only=True)


def test_a_segment_is_written_below_those_there_are() -> None:
    changed, after = mended({"campaigns/_shared/dictionary.yaml": DICTIONARY + PALLIATIVE})
    assert (
        changed["campaigns/_shared/segments.yaml"]
        .decode()
        .endswith(
            "not-in-palliative-care:\n"
            "  title: Not to be chased now\n"
            "  where: patient.in_palliative_care\n"
            "  exclude_from: [updates]\n"
        )
    )
    assert codes(after) == []


def test_a_field_that_tells_health_is_labelled_so() -> None:
    letter = LETTER.replace("audience: readers", "audience: {where: 'patient.building == \"dialysis\"'}")
    changed, after = mended(
        {"campaigns/_shared/dictionary.yaml": DICTIONARY + BUILDING, "campaigns/letter/campaign.yaml": letter}
    )
    assert b"patient.building: {type: text, label: health}" in changed["campaigns/_shared/dictionary.yaml"]
    assert "SEG006" not in codes(after)
    assert "PHI013" in codes(after), "now it counts as what it is"
