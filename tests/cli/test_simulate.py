"""`campcompile simulate` from the command line: table, JSON, page, located mistakes, exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import html5lib
import pytest

from tests.cli.conftest import Outcome
from tests.simulation.lives import CONSENT, DICTIONARY, KARI, NEWS, REMINDERS, SEGMENTS
from tests.workspace import lay
from tests.workspace import workspace as files_of_practice

Run = Callable[..., Outcome]
PEOPLE = f"""
"kari & <ola>":
  {KARI}, topics: [news]}}
  consents: {{news: "2026-01-10"}}
  appointment: {{a1: {{start: "2026-11-20T10:00", status: booked}}}}
  events:
    - {{at: "2026-11-14T12:00", appointment: {{a1: {{start: "2026-11-23T23:30"}}}}}}
    - {{at: "2026-12-01T12:00", unsubscribes: updates}}
"""


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    files = files_of_practice(
        {
            "campaigns/_shared/dictionary.yaml": DICTIONARY,
            "campaigns/_shared/segments.yaml": SEGMENTS,
            "campaigns/_shared/consent.yaml": CONSENT,
            "campaigns/_shared/phrases.yaml": "",
            "campaigns/letter/campaign.yaml": "",
            "campaigns/reminders/campaign.yaml": REMINDERS,
            "campaigns/news/campaign.yaml": NEWS,
            "people.yaml": PEOPLE,
        }
    )
    yield lay(tmp_path_factory.mktemp("practice"), files)


@pytest.fixture(autouse=True)
def here(practice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(practice)
    monkeypatch.setenv("NO_COLOR", "1")


def test_the_table_has_a_row_for_each_email_and_its_reason(run: Run) -> None:
    result = run("simulate", "people.yaml", "--from", "2026-11-01", "--days", "40")
    assert result.code == 0, result.err
    assert result.out.startswith("kari & <ola>: 1 November to 10 December 2026, ")
    assert re.search(r"Tue 10 Nov 2026 09:00  sent +news/november$", result.out, re.MULTILINE)
    assert "cancelled  news/december" in result.out
    assert "they unsubscribed from `updates` mail" in result.out
    assert "fullest seven days: " in result.out


def test_the_window_begins_with_the_first_event(run: Run) -> None:
    assert run("simulate", "people.yaml").out.startswith("kari & <ola>: 14 November 2026 to 11 February 2027")


def test_json_has_instants_in_utc_and_codes_of_reasons(run: Run) -> None:
    result = run("simulate", "people.yaml", "--from", "2026-11-01", "--format", "json")
    found = json.loads(result.out)
    assert found["version"] == 1
    person = found["people"][0]
    first = person["emails"][0]
    assert (first["email"], first["status"], first["at"]) == ("november", "sent", "2026-11-10T08:00:00Z")
    assert sum(person["counts"].values()) == len(person["emails"])
    assert {code for one in person["emails"] for code in (reason["code"] for reason in one["why"])} >= {
        "moved",
        "unsubscribed",
    }
    assert person["fullest_week"] == sorted(person["fullest_week"])


def test_the_page_stands_alone_and_says_in_its_table_what_it_draws(run: Run) -> None:
    page = run("simulate", "people.yaml", "--from", "2026-11-01", "--format", "html").out
    emails = json.loads(run("simulate", "people.yaml", "--from", "2026-11-01", "--format", "json").out)["people"][0][
        "emails"
    ]
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert "<script" not in page and "http" not in page and "url(" not in page
    assert "prefers-color-scheme: dark" in page
    assert "kari &amp; &lt;ola&gt;" in page and "<ola>" not in page
    assert page.count("<tr><td") == len(emails)
    for one in emails:
        assert f"<title>{one['email']}: {one['status']}" in page


def test_without_a_file_somebody_is_made_up_whose_file_is_shown(run: Run, practice: Path) -> None:
    result = run("simulate", "--from", "2026-11-01")
    assert result.code == 0
    shown = result.out.partition("as a file:\n\n")[2].partition("\n\n")[0]
    (practice / "shown.yaml").write_text(shown + "\n", encoding="utf-8")
    again = run("simulate", "shown.yaml", "--from", "2026-11-01")
    assert again.out in result.out


def test_the_worst_week_shows_its_witness(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campcompile.cli.simulate._TRIES", 20)
    result = run("simulate", "--worst-week", "--from", "2026-11-01")
    assert result.code == 0
    assert result.out.startswith("nobody of 20 made-up people gets more in seven days")
    assert "sample:\n" in result.out and "fullest seven days:" in result.out
    found = json.loads(run("simulate", "--worst-week", "--from", "2026-11-01", "--format", "json").out)
    assert found["tried"] == 20 and len(found["people"][0]["fullest_week"]) >= 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kari: {patient: {loclae: en}}", "bad.yaml:1:18: `patient` has no field `loclae`: did you mean `locale`?"),
        ("kari: {patient: {}\n", "bad.yaml:1:7: "),
        ("", "bad.yaml:1:1: the file is empty"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(run: Run, practice: Path, text: str, said: str) -> None:
    (practice / "bad.yaml").write_text(text, encoding="utf-8")
    result = run("simulate", "bad.yaml")
    assert (result.code, result.out) == (2, "")
    assert said in result.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody.yaml"], "nobody.yaml"),
        (["people.yaml", "--worst-week"], "--worst-week makes people up"),
        (["people.yaml", "--from", "soon"], "`soon` is no date"),
        (["people.yaml", "--days", "0"], "`0` is outside of 1 to 1100"),
    ],
)
def test_what_can_not_be_asked(run: Run, words: list[str], said: str) -> None:
    result = run("simulate", *words)
    assert result.code == 2
    assert said in result.err


def test_a_country_without_holidays_is_told(run: Run, practice: Path) -> None:
    settings = practice / "campcompile.yaml"
    campaign = practice / "campaigns" / "reminders" / "campaign.yaml"
    old, own = settings.read_text(encoding="utf-8"), campaign.read_text(encoding="utf-8")
    settings.write_text(old.replace('holidays: "NO"', 'holidays: "QQ"'), encoding="utf-8")
    campaign.write_text(own.replace("{offset: -PT24H}", '{offset: -1BD, at: "09:00"}'), encoding="utf-8")
    result = run("simulate", "people.yaml")
    settings.write_text(old, encoding="utf-8")
    campaign.write_text(own, encoding="utf-8")
    assert result.code == 2
    assert "`QQ`" in result.err
