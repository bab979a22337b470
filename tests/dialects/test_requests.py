"""Every request is one that the service takes; every e-mail of the example is carried, or refused with a place."""

from __future__ import annotations

import pytest

from campcompile.dialects.dialect import Kind
from campcompile.dialects.pages import _apart
from campcompile.dialects.registry import dialect_ids, dialects, find_dialect
from campcompile.model.practice import TargetSpec
from tests.dialects.contracts import OURS, SPECS, Official, faults_of_ours
from tests.dialects.practice import SERIES, example, exported, judged, letter, newsletter

OFFICIAL = {
    "brevo": SPECS / "brevo.swagger.yaml",
    "constant-contact": SPECS / "constant-contact-v3.openapi.yml",
    "hubspot": SPECS / "hubspot" / "marketingEmails-2026-09.json",
    "listmonk": SPECS / "listmonk.collections.yaml",
    "mandrill": SPECS / "mailchimp-transactional.openapi.json",
    "sendgrid": SPECS / "sendgrid" / "tsg_templates_v3.json",
}
BIG = {"constant-contact"}  # specifications that take seconds to read
JOURNEYS = [one.id for one in dialects() if one.capabilities.kind is Kind.CAMPAIGNS and one.capabilities.journeys]
CODES = {"annual-check": "hx35", "appointment-reminders": "kq47", "new-patient-welcome": "dv62", "newsletter": "wm83"}


@pytest.mark.parametrize("id", sorted(set(OURS) - {"mailchimp"}))
def test_every_request_is_one_that_our_schemas_take(id: str) -> None:
    exports = [letter(id)]
    exports += [newsletter(id)] if id != "constant-contact" else []  # it can't say a condition
    exports += [letter(id, SERIES.replace("      - phrase: greeting\n", ""), "sr31")] if id != "listmonk" else []
    for made in exports:
        assert made.requests and faults_of_ours(id, made) == []


@pytest.mark.parametrize("id", [pytest.param(id, marks=pytest.mark.slow if id in BIG else ()) for id in OFFICIAL])
def test_every_request_is_one_that_the_official_specification_takes(id: str) -> None:
    path = OFFICIAL[id]
    if not path.exists():
        pytest.skip(f"the official specification of {id} is not at hand")
    judge = Official(path)
    assert judge.faults(letter(id)) == []
    if id != "constant-contact":
        assert judge.faults(newsletter(id)) == []
    if id in JOURNEYS:
        assert judge.faults(letter(id, SERIES.replace("      - phrase: greeting\n", ""), "sr31")) == []


@pytest.mark.parametrize("id", JOURNEYS)
def test_a_series_becomes_what_a_journey_is_built_from_with_a_recipe_and_a_finding(id: str) -> None:
    made = letter(id, SERIES.replace("      - phrase: greeting\n", ""), "sr31")
    recipe = made.files["README.md"].decode().partition("## The journey")[2]
    assert "1 day after entry, at 09:00" in recipe and "8 days after entry, at 09:00" in recipe
    assert not [request.step for request in made.requests if request.step.startswith("schedule")]
    assert sum("first" in request.step for request in made.requests) == 1
    assert sum("second" in request.step for request in made.requests) == 1


@pytest.mark.parametrize("id", dialect_ids())
def test_every_email_of_the_example_is_carried_or_refused_with_a_place(id: str) -> None:
    judge, dialect = judged(), find_dialect(id)
    assert dialect is not None
    programme = judge.compilation.programme
    row = TargetSpec(id=id, dialect=id, tls="required", span=programme.settings.span)
    for campaign in programme.campaigns:
        verdict = judge.verdict(campaign, row, dialect)
        for loss in verdict.losses:
            source = judge.compilation.sources[loss.span.path]
            assert 0 <= loss.span.start < loss.span.end <= len(source.text), loss
            assert loss.what and loss.instead
        if not verdict.is_refused:
            exported(id, example(), CODES[campaign.folder])


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        ("-P7D", "7 days before"),
        ("PT24H", "24 hours after"),
        ("-P1M", "1 month before"),
        ("+P1M3D", "1 month and 3 days after"),
        ("-2BD", "2 working days before"),
        ("PT1H30M", "1 hour and 30 minutes after"),
        ("P0D", "on the day of"),
    ],
)
def test_an_offset_is_told_as_people_say_it(offset: str, words: str) -> None:
    assert _apart(offset) == words


@pytest.mark.parametrize("id", [id for id in dialect_ids() if id != "smtp"])
def test_a_variable_of_an_export_is_in_its_table(id: str) -> None:
    dialect = find_dialect(id)
    assert dialect is not None
    if not dialect.capabilities.branches:
        return
    made = newsletter(id)
    table = next(content for path, content in made.files.items() if path.endswith("fields.csv")).decode("utf-8-sig")
    names = {line.split(",")[0] for line in table.splitlines()[1:]}
    assert dialect.name("wm83", "t1") in names and dialect.name("wm83", "e1") in names
