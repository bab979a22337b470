"""Where findings are stricter than a comparison of two patients would be: kinds that docs/privacy.md names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.practice import compiled, letter, message
from tests.workspace import DICTIONARY

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
SECRET = "  patient.secret: {type: number, label: special, required: true}\n"
KINDS = {  # as the page says it → a subject that reads alike for everybody, and yet is made of the field
    "branches that read alike": "News{% if patient.secret < 5 %} today{% else %} today{% endif %}",
    "a condition that is always true": "News{% if patient.secret < 5 or patient.secret >= 5 %} today{% endif %}",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_finding_without_a_difference_is_of_a_kind_that_the_page_names(kind: str) -> None:
    compilation = compiled(
        {
            "campaigns/_shared/dictionary.yaml": DICTIONARY + SECRET,
            "campaigns/letter/campaign.yaml": letter("- text: We are open.", subject=KINDS[kind]),
        }
    )
    one, other = (message(compilation, {"patient.secret": value}) for value in (3, 7))
    assert (one.subject, one.html, one.text) == (other.subject, other.html, other.text)
    assert "PHI001" in [found.rule.code for found in compilation.diagnostics]
    assert kind in " ".join(PAGE.read_text(encoding="utf-8").split())
