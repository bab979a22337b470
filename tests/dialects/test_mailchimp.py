"""Mailchimp, whole: files that its import takes, requests that its API takes, and what it must never get."""

from __future__ import annotations

import io
import json
import re
import zipfile
from functools import cache

import pytest

from campcompile.dialects.dialect import Row
from campcompile.dialects.export import Export
from campcompile.dialects.registry import find_dialect
from campcompile.syntax.findings import Severity
from tests.dialects.contracts import SPECS, Official, concrete, faults_of_ours
from tests.dialects.practice import SERIES, TEST_OF_TWO, compiled, example, exported, judged, newsletter, practice
from tests.workspace import LETTER

OFFICIAL = SPECS / "mailchimp-marketing.strict.swagger.json"
CLICKS = (
    '{dialect: mailchimp, signs: fjordklinikken.example, region: "NO", '
    "tracking: {open: none, click: aggregate, domain: fjordklinikken.example}}"
)


@cache
def letter(campaign: str = LETTER, code: str = "lt26") -> Export:
    compilation = compiled(practice("mailchimp", campaign, row=CLICKS))
    assert compilation.bundle, [found.message for found in compilation.diagnostics]
    return exported("mailchimp", compilation, code, Row(id="there", tracks_clicks=True))


EXPORTS = {
    "the newsletter": lambda: newsletter("mailchimp"),
    "a letter": letter,
    "a series": lambda: letter(SERIES, "sr31"),
    "a test of two": lambda: letter(TEST_OF_TWO),
    "a test of words": lambda: letter(
        TEST_OF_TWO.replace("b: {subject: Winter at the fjord}", "b: {blocks: {open: We are open every day.}}").replace(
            "- text: we are open all winter.", "- text: we are open all winter.\n        id: open"
        )
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_every_request_is_one_that_our_schemas_take(name: str) -> None:
    assert faults_of_ours("mailchimp", EXPORTS[name]()) == []


@pytest.mark.skipif(
    not OFFICIAL.exists(), reason="the official specification of Mailchimp is not beside the repository"
)
def test_every_request_is_one_that_the_official_specification_takes() -> None:
    official = Official(OFFICIAL)
    for name, make in EXPORTS.items():
        assert official.faults(make()) == [], name


def test_nothing_is_named_before_it_is_there() -> None:
    named: set[str] = set()
    for make in EXPORTS.values():
        known: set[str] = set()
        for request in make().requests:
            wanted = set(re.findall(r"<<answer ([^<>]+)>>", request.path + json.dumps(request.body or {})))
            assert wanted <= known, request.step
            named |= wanted
            if request.keeps:
                known.add(request.step)
    assert {step.partition(" ")[0] for step in named} == {"campaign", "file", "segment"}


def test_a_request_that_makes_something_says_how_to_find_it_again() -> None:
    for make in EXPORTS.values():
        makes = [one for one in make().requests if one.method not in ("GET", "PUT") and not one.optional]
        assert makes
        assert [request.step for request in makes if request.find is None] == []


def test_the_zip_holds_one_page_and_its_pictures_beside_it() -> None:
    made = newsletter("mailchimp")
    with zipfile.ZipFile(io.BytesIO(made.files["issue-2026-09.nb.zip"])) as archive:
        names = archive.namelist()
        page = archive.read("index.html").decode()
    pictures = set(re.findall(r'src="([^"]+)"', page))
    assert pictures and pictures == set(names) - {"index.html"}
    assert all("/" not in name for name in names)


def test_the_same_campaign_gives_the_same_bytes() -> None:
    assert newsletter("mailchimp") == exported("mailchimp", example(), "wm83")


def test_every_page_and_text_has_mailchimps_link_to_unsubscribe_and_not_the_practices() -> None:
    files = newsletter("mailchimp").files
    pages = {path: files[path].decode() for path in files if path.startswith("issue") and not path.endswith(".zip")}
    assert len(pages) == 2 * 4, "HTML and text in each language"
    for path, text in pages.items():
        assert text.count("*|UNSUB|*") == 1 and "lyngvag.example/valg" not in text, path


def test_a_dated_email_is_scheduled_in_utc_on_a_quarter_of_an_hour() -> None:
    times = [body["schedule_time"] for request, _, body in concrete(letter()) if request.step.startswith("schedule")]
    assert times == ["2026-12-01T08:00:00+00:00"]


def test_a_series_becomes_templates_and_a_recipe_that_names_them() -> None:
    made = letter(SERIES, "sr31")
    kinds = [request.step.partition(" ")[0] for request in made.requests]
    assert kinds.count("template") == 2 and "campaign" not in kinds and "schedule" not in kinds
    recipe = made.files["README.md"].decode()
    for request in made.requests:
        if request.step.startswith("template"):
            assert request.body is not None and f"`{request.body['name']}`" in recipe
    assert "8 days after entry, at 09:00" in recipe
    assert any("no journeys" in note for note in made.notes)


def test_a_test_of_subjects_is_a_variate_campaign_with_one_page() -> None:
    made = {request.step.partition(" ")[0]: request.body for request in letter(TEST_OF_TWO).requests}
    assert made["campaign"] is not None and made["content"] is not None
    assert made["campaign"]["type"] == "variate"
    assert made["campaign"]["variate_settings"]["subject_lines"] == ["News from the fjord", "Winter at the fjord"]
    assert set(made["content"]) == {"html", "plain_text"}


@pytest.mark.parametrize(
    ("folder", "at", "words"),
    [
        ("appointment-reminders", "audience", "no business associate agreement"),
        ("new-patient-welcome", "audience", "no business associate agreement"),
        ("annual-check", "audience", "no business associate agreement"),
        ("appointment-reminders", "layer", "unsubscribe"),
    ],
)
def test_what_tells_who_is_a_patient_is_refused_at_its_line(folder: str, at: str, words: str) -> None:
    judge = judged()
    programme = judge.compilation.programme
    campaign = next(one for one in programme.campaigns if one.folder == folder)
    dialect = find_dialect("mailchimp")
    assert dialect is not None
    verdict = judge.verdict(campaign, programme.settings.targets["mailchimp"], dialect)
    assert verdict.is_refused
    found = [loss for loss in verdict.losses if words in loss.what and loss.severity is Severity.ERROR]
    source = judge.compilation.sources[campaign.path]
    assert found and source.line(source.position(found[0].span.start)[0]).startswith(f"{at}:")


def test_no_request_and_no_file_says_a_title_a_folder_or_a_segment() -> None:
    made = newsletter("mailchimp")
    said = b" ".join([*made.files.values(), json.dumps([request.body for request in made.requests]).encode()])
    for word in (b"Monthly newsletter", b"newsletter-readers", b"newsletter"):
        assert word not in said.replace(b"layouts/newsletter", b"")
