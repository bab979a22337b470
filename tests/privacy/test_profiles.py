"""A finding that another profile would not have, or would have otherwise, names the profile that it was found in."""

from __future__ import annotations

from pathlib import Path

import pytest

from campcompile.rules.registry import all_rules
from tests.acceptance.practice import compiled, letter
from tests.workspace import CAMPCOMPILE, CONSENT, DICTIONARY

RULES = Path(__file__).parents[2] / "src" / "campcompile" / "rules"
ASK_THE_TABLE = sorted(  # rules that ask what a sink is cleared for
    path.stem.replace("_", "-")
    for path in RULES.rglob("*.py")
    if "analysis.sinks import" in path.read_text(encoding="utf-8")
)
SECRET = "  patient.secret: {type: text, label: health, required: true}\n"


def test_the_rules_that_ask_the_table_are_those_of_flow() -> None:
    assert ASK_THE_TABLE == [
        "ephi-transport",
        "implicit-flow-audience",
        "phi-in-inbox-line",
        "phi-in-sender-identity",
        "phi-in-url",
        "reminder-over-detail",
        "specially-protected-data",
    ]


@pytest.mark.parametrize("slug", ASK_THE_TABLE)
def test_every_message_of_a_rule_that_asks_the_table_has_a_place_for_the_profile(slug: str) -> None:
    rule = next(one for one in all_rules().values() if one.slug == slug)
    messages = [rule.message, *(message for key, (message, _) in rule.also.items() if key != "unknown")]
    for message in messages:
        assert "{profile}" in message or "every profile" in message, message


@pytest.mark.parametrize("profile", ["strict", "standard"])
def test_the_profile_that_applied_is_named(profile: str) -> None:
    made = compiled(
        {
            "campcompile.yaml": CAMPCOMPILE.replace("profile: strict", f"profile: {profile}"),
            "campaigns/_shared/dictionary.yaml": DICTIONARY + SECRET,
            "campaigns/_shared/consent.yaml": CONSENT,
            "campaigns/letter/campaign.yaml": letter(
                "- text: We write of {{ patient.secret }}.", subject="{{ patient.secret }}"
            ),
        },
        lint_only=True,
    )
    told = {one.rule.code: one.message for one in made.diagnostics if one.rule.code.startswith("PHI")}
    assert set(told) == {"PHI001", "PHI013"}
    assert all(f"profile {profile}" in message for message in told.values())
