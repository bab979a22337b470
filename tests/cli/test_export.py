"""`campcompile export` and `targets` from the command line: what is written, refused, handed over and carried out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome
from tests.dialects.practice import practice
from tests.runner.fake_mailchimp import FakeMailchimp
from tests.served import served
from tests.workspace import LETTER, lay

Run = Callable[..., Outcome]
PEOPLE = """email,locale,patient.first_name,patient.topics,links.one_click
kari@mail.example,en,Kari <b>,news,https://fjordklinikken.example/u/1
per@mail.example,en,Per,other,https://fjordklinikken.example/u/2
eva@mail.example,en,,news,https://elsewhere.example/u/3
no-address,en,Ola,news,https://fjordklinikken.example/u/4
"""
REMINDER = (
    LETTER.replace("layer: updates", "layer: essential")
    .replace("purpose: operations", "purpose: treatment")
    .replace("audience: readers", "audience: upcoming\nanchor: appointment.start\ntargets: [relay]")
    .replace('{date: "2026-12-01", at: "09:00"}', '{offset: -P2D, at: "09:00", expires: -PT2H}')
)


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay(tmp_path, practice("mailchimp", LETTER.replace("audience: readers", "audience: readers\ntargets: [there]")))
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("CAMPCOMPILE_MAILCHIMP_KEY", raising=False)
    return tmp_path


@pytest.fixture
def service() -> Iterator[tuple[FakeMailchimp, str]]:
    """A Mailchimp on this machine."""
    fake = FakeMailchimp()
    with served(fake) as address:
        yield fake, address


def test_an_export_lies_in_the_folder_of_its_target_and_says_what_to_do(clinic: Path, run: Run) -> None:
    outcome = run("export", "--target", "there")
    assert outcome.code == 0, outcome.out + outcome.err
    assert "requests in build/lt26/targets/there/" in outcome.out and "note: " in outcome.out
    assert "--apply asks for: --set list=…" in outcome.out
    recipe = (clinic / "build" / "lt26" / "targets" / "there" / "README.md").read_text(encoding="utf-8")
    assert "2026-12-01 09:00 (Europe/Oslo)" in recipe, "by the practice's clock"
    folder = clinic / "build" / "lt26" / "targets" / "there"
    assert {"README.md", "requests.json", "letter.en.zip"} <= {path.name for path in folder.iterdir()}


def test_what_an_older_export_left_is_taken_away(clinic: Path, run: Run) -> None:
    stale = clinic / "build" / "lt26" / "targets" / "there" / "gone.en.html"
    stale.parent.mkdir(parents=True)
    stale.write_text("old", encoding="utf-8")
    assert run("export", "--target", "there").code == 0
    assert not stale.exists()


def test_a_reminder_is_refused_with_its_line_and_nothing_of_it_is_written(clinic: Path, run: Run) -> None:
    lay(clinic, {"campaigns/letter/campaign.yaml": REMINDER.encode()})
    outcome = run("export", "letter", "--target", "there")
    assert outcome.code == 1
    assert "lt26 letter: refused for `there`" in outcome.out
    assert "no business associate agreement" in outcome.out and "campaigns/letter/campaign.yaml:6:11" in outcome.out
    assert not (clinic / "build").exists()


def test_a_campaign_that_isnt_for_the_target_says_so(clinic: Path, run: Run) -> None:
    lay(clinic, {"campaigns/letter/campaign.yaml": LETTER.replace("code: ", "targets: [relay]\ncode: ").encode()})
    outcome = run("export", "letter", "--target", "there")
    assert outcome.code == 1 and "write `targets: [relay, there]`" in outcome.out


def test_a_target_that_isnt_there_gets_the_nearest_name(clinic: Path, run: Run) -> None:
    outcome = run("export", "--target", "theer")
    assert outcome.code == 2 and "did you mean `there`?" in outcome.err


def test_peoples_values_are_computed_for_those_in_the_audience_and_are_their_owners_alone(
    clinic: Path, run: Run
) -> None:
    arguments = ("--recipients", "people.csv", "--people", "out.csv", "--now", "2026-11-30T09:00+01:00")
    outcome = run("export", "letter", "--target", "there", *arguments)
    assert outcome.code == 0, outcome.out + outcome.err
    table = (clinic / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert table[0].startswith("email,LT26E1,") and len(table) == 2
    assert "kari@mail.example,en," in table[1] and "Kari &lt;b&gt;" in table[1] and "Kari <b>" not in outcome.out
    assert "row 5 set aside" in outcome.out and "row 4 set aside" in outcome.out
    if os.name == "posix":
        assert (clinic / "out.csv").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--apply",), "--apply needs --ledger"),
        (("--recipients", "people.csv"), "--recipients and --people go together"),
        (("--apply", "--ledger", "ledger"), "there is no key for Mailchimp"),
        (("--apply", "--ledger", "ledger", "--set", "list"), "says no value"),
    ],
)
def test_what_is_missing_is_said_and_nothing_leaves(
    clinic: Path, run: Run, arguments: tuple[str, ...], words: str
) -> None:
    outcome = run("export", "--target", "there", *arguments)
    assert outcome.code == 2 and words in outcome.err


def test_requests_are_carried_out_once(
    clinic: Path, run: Run, service: tuple[FakeMailchimp, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, address = service
    monkeypatch.setenv("CAMPCOMPILE_MAILCHIMP_KEY", "secret-us21")
    asked = ("export", "--target", "there", "--apply", "--ledger", "ledger", "--set", "list=abc", "--base-url", address)
    first = run(*asked)
    assert first.code == 0, first.out + first.err
    assert "carried out at Mailchimp, 0 done before" in first.out and "`test letter.en` left out" in first.out
    made = fake.made
    assert made["scheduled"] == made["campaigns"] and len(made["campaigns"]) == 1
    again = run(*asked)
    assert "0 requests carried out" in again.out and fake.made == made
    written = b"".join(path.read_bytes() for path in clinic.rglob("*") if path.is_file())
    assert b"secret-us21" not in written and "secret-us21" not in first.out + first.err + again.out


def test_targets_tells_of_every_dialect_and_why_not(clinic: Path, run: Run) -> None:
    lay(clinic, {"campaigns/letter/campaign.yaml": REMINDER.encode()})
    outcome = run("targets")
    assert outcome.code == 0
    for title in ("Amazon SES", "HubSpot", "listmonk", "files for any tool", "unverified"):
        assert title in outcome.out
    reasons = run("targets", "--target", "there").out
    assert "error[VEN004]" in reasons and "campaigns/letter/campaign.yaml:4:8" in reasons
    data = json.loads(run("targets", "--format", "json").out)
    assert data["there"]["campaigns"]["letter"]["refused"] and not data["bundle"]["campaigns"]["letter"]["refused"]
