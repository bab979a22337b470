"""`export --apply` end to end against each service's official specification, which Prism plays: nothing is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from campcompile.runner.keys import variable_of
from tests.cli.conftest import Outcome
from tests.dialects.contracts import SPECS, official
from tests.dialects.practice import ROWS, SERIES, STRAIGHT, TEST_OF_TWO, practice
from tests.dialects.prism import judging, prism_command
from tests.workspace import LETTER, lay

Run = Callable[..., Outcome]
SPECIFICATIONS = {
    "brevo": SPECS / "brevo.swagger.yaml",
    "constant-contact": SPECS / "constant-contact-v3.openapi.yml",
    "hubspot": SPECS / "hubspot" / "marketingEmails-2026-09.json",
    "listmonk": SPECS / "listmonk.collections.yaml",
    "mailchimp": SPECS / "mailchimp-marketing.strict.swagger.json",
    "mandrill": SPECS / "mailchimp-transactional.openapi.json",
    "sendgrid": SPECS / "sendgrid" / "tsg_templates_v3.json",
}
STRICT = {"mailchimp", "sendgrid"}  # the others' own examples of answers break their specifications
CLICKS = (
    '{dialect: mailchimp, signs: fjordklinikken.example, region: "NO", '
    "tracking: {open: none, click: aggregate, domain: fjordklinikken.example}}"
)
SAID = (
    "list=12",
    "list letter.en=12",
    "pictures=https://pictures.example",
    "subscription=7",
    "test_address=a@b.example",
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SPECS.exists(), reason="the official specifications are not beside the repository"),
    pytest.mark.skipif(not prism_command(), reason="no Prism here: python3 dev.py test-all brings it where npm is"),
]


def campaigns_of(dialect: str) -> dict[str, str]:
    """What is put through a service: what of it is there depends on what it can carry."""
    if dialect == "constant-contact":
        return {"letter": STRAIGHT, "series": SERIES.replace("      - phrase: greeting\n", "")}
    if dialect == "listmonk":
        return {"letter": LETTER}
    return {"letter": LETTER, "series": SERIES} | ({"test": TEST_OF_TWO} if dialect == "mailchimp" else {})


def put(root: Path, dialect: str, campaign: str) -> None:
    row = CLICKS if dialect == "mailchimp" else ROWS.get(dialect, "")
    lay(root, practice(dialect, campaign.replace("audience: readers", "audience: readers\ntargets: [there]"), row=row))


def playable(dialect: str) -> Any:
    """A specification that Prism can answer by: HubSpot's examples are all null; listmonk's paths lack their base, and
    its answer to a new campaign lacks the id that the campaign has; Brevo's yes and no may only be texts."""
    document = official(SPECIFICATIONS[dialect])
    if dialect == "brevo":
        return with_yes_and_no(document)
    if dialect == "hubspot":
        return without_null_examples(document)
    if dialect == "listmonk":
        paths = {f"/api{path}": dict(shape) for path, shape in document["paths"].items()}
        paths["/api/campaigns"]["post"] = {
            **paths["/api/campaigns"]["post"],
            "responses": paths["/api/campaigns/{id}"]["get"]["responses"],
        }
        return {**document, "paths": paths}
    return document


def without_null_examples(node: Any) -> Any:
    if isinstance(node, list):
        return [without_null_examples(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {key: without_null_examples(one) for key, one in node.items() if key != "example" or one is not None}


def with_yes_and_no(node: Any) -> Any:
    if isinstance(node, list):
        return [with_yes_and_no(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {key: with_yes_and_no(one) for key, one in node.items()}
    return {**kept, "enum": [True, False]} if kept.get("enum") == ["true", "false"] else kept


def applied(run: Run, address: str, ledger: Path, *more: str) -> Outcome:
    given = [word for one in SAID for word in ("--set", one)]
    return run("export", *more, "--apply", "--ledger", str(ledger), "--base-url", address, *given)


@pytest.mark.parametrize("dialect", SPECIFICATIONS)
def test_every_request_is_accepted_by_the_official_specification(
    dialect: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable_of(dialect), "0123456789abcdef-us21")
    specification = tmp_path / "specification.json"
    specification.write_text(json.dumps(playable(dialect), default=str), encoding="utf-8")
    with judging(specification, strict=dialect in STRICT) as judged:
        for name, campaign in campaigns_of(dialect).items():
            put(tmp_path / name, dialect, campaign)
            monkeypatch.chdir(tmp_path / name)
            outcome = applied(run, judged.address, tmp_path / f"{name}.ledger", "--target", "there")
            assert outcome.code == 0, (outcome.out, outcome.err, judged.refused)
    assert judged.refused == []
    assert sum(not asked.startswith("GET ") for asked in judged.asked) >= len(campaigns_of(dialect))


def test_the_example_newsletter_is_accepted_by_mailchimps_specification(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copy_of_example: Callable[[Path], Path]
) -> None:
    monkeypatch.setenv(variable_of("mailchimp"), "0123456789abcdef-us21")
    monkeypatch.chdir(copy_of_example(tmp_path))
    with judging(SPECIFICATIONS["mailchimp"], strict=True) as judged:
        outcome = applied(
            run, judged.address, tmp_path / "ledger", "newsletter", "--target", "mailchimp", "--as-of", "2026-08-15"
        )
    assert outcome.code == 0, (outcome.out, outcome.err, judged.refused)
    assert judged.refused == []
    scheduled = [asked for asked in judged.asked if asked.endswith("/actions/schedule")]
    assert len(scheduled) == 4, "one for each language"


def test_what_a_specification_forbids_is_refused(tmp_path: Path) -> None:
    """The tests above can fail."""
    import httpx

    with judging(SPECIFICATIONS["mailchimp"], strict=True) as judged:
        httpx.post(f"{judged.address}/templates", json={"name": "no page"}, auth=("a", "b"), trust_env=False)
    assert judged.refused and "422" in judged.refused[0]
