"""What the page is told: people and their fields, places and findings, journeys, measures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from campcompile.errors import UsageError
from campcompile.preview.desk import Desk
from campcompile.preview.people import KINDS
from campcompile.preview.trial import Trial
from campcompile.preview.workshop import Choice, Workshop
from campcompile.runner.smtp import Smtp
from campcompile.runner.transport import ACCEPTED
from tests.preview.conftest import NOW

LETTER = {"campaign": "letter", "email": "letter", "locale": "en", "variant": "a", "look": "1"}
REMINDER = {**LETTER, "campaign": "reminder", "email": "before"}


@pytest.fixture
def desk(workshop: Workshop) -> Desk:
    return Desk(workshop, editor="vscode://file/{path}:{line}:{column}")


def mail(desk: Desk, choice: dict[str, str], **more: Any) -> dict[str, Any]:
    return desk.answer("mail", {**choice, **more})


class TestPeople:
    def test_everybody_gets_a_message(self, desk: Desk) -> None:
        texts = {kind: mail(desk, REMINDER, person=kind)["text"] for kind in KINDS}
        assert "Hello Emma," in texts["ordinary"]
        assert "Wolfe" not in texts["ordinary"] and "Maximiliane" in texts["long"]
        assert "مريم" in texts["right-to-left"]
        assert "Hello," in texts["few"]

    def test_a_field_is_changed_in_place(self, desk: Desk) -> None:
        made = mail(desk, REMINDER, typed={"patient.first_name": "Nils", "appointment.start": "2026-12-01T08:15+01:00"})
        assert "Hello Nils," in made["text"] and "1 December 2026" in made["text"]
        fields = {field["name"]: field for field in made["person"]}
        assert fields["patient.first_name"]["text"] == "Nils"

    def test_what_cannot_be_read_is_told_beside_its_field(self, desk: Desk) -> None:
        made = mail(desk, REMINDER, typed={"appointment.start": "soon"})
        (field,) = [field for field in made["person"] if field["name"] == "appointment.start"]
        assert "no date and time" in field["problem"] and field["text"] == "soon"
        assert field["lacking"], "the e-mail prints it: shown as for somebody ordinary"
        assert made["html"]


class TestPlaces:
    def test_each_part_of_an_email_is_marked_and_has_its_place(self, desk: Desk) -> None:
        made = mail(desk, REMINDER)
        numbers = {place["where"] for place in made["places"]}
        assert numbers == {"subject", "preheader", 0, 1, 2}
        for number in (0, 1, 2):
            assert made["html"].count(f"<!--cc{number}-->") == 1
        phrase = [place for place in made["places"] if place["where"] == 0]
        assert "campaigns/_shared/phrases.yaml" in {place["path"] for place in phrase}

    def test_marks_change_nothing_else(self, desk: Desk) -> None:
        state = desk.workshop.state
        assert len(state.compilation.rendered) == 3
        for message in state.compilation.rendered:
            choice = {**LETTER, "campaign": message.campaign.folder, "email": message.email.id}
            view = desk.workshop.view(_choice(choice), state).view
            assert view is not None
            marked = "".join(part for part in view.message.html if isinstance(part, str))
            bare = "".join(part for part in message.html if isinstance(part, str))
            assert _without_marks(marked) == bare != marked

    def test_a_finding_knows_its_email_and_its_lines(self, root: Path, desk: Desk) -> None:
        place = root / "campaigns/reminder/campaign.yaml"
        place.write_text(place.read_text("utf-8").replace("A message from", "Your diabetes:", 1), "utf-8")
        desk.workshop.refresh()
        overview = desk.answer("overview", {})
        found = next(one for one in overview["findings"] if one["code"] == "PHI001")
        assert (found["campaign"], found["email"], found["locale"]) == ("reminder", "before", "en")
        assert any(line["number"] == found["line"] and "diabetes" in line["text"] for line in found["lines"])
        (row,) = [row for row in overview["campaigns"] if row["folder"] == "reminder"]
        assert row["emails"][0]["counts"]["error"] >= 1 and not row["emails"][1]["counts"]
        assert "## What it does" in desk.answer("rule", {"code": "PHI001"})["manual"]

    def test_a_secret_is_in_no_answer(self, root: Path, desk: Desk) -> None:
        secret = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
        place = root / "campaigns/letter/campaign.yaml"
        place.write_text(place.read_text("utf-8").replace("we are open", secret), "utf-8")
        desk.workshop.refresh()
        overview = desk.answer("overview", {})
        assert any(one["code"] == "SYN026" for one in overview["findings"]) or overview["findings"]
        assert secret not in str(overview)


class TestTree:
    @pytest.mark.parametrize("broken", ["emails: [", "emailz:", "emails:\n- ["])
    def test_emails_stay_where_their_file_cannot_be_read(self, root: Path, desk: Desk, broken: str) -> None:
        def ids() -> list[str]:
            (row,) = [row for row in desk.answer("overview", {})["campaigns"] if row["folder"] == "reminder"]
            return [email["id"] for email in row["emails"]]

        place = root / "campaigns/reminder/campaign.yaml"
        text = place.read_text("utf-8")
        assert ids() == ["before", "day-before"]
        mail(desk, REMINDER)
        place.write_text(text.replace("emails:", broken, 1), "utf-8")
        desk.workshop.refresh()
        if broken != "emailz:":  # there a name is wrong, and the file is read
            assert sorted(ids()) == ["before", "day-before"]
        assert mail(desk, REMINDER)["past"] and mail(desk, REMINDER)["html"]
        place.write_text(text, "utf-8")
        desk.workshop.refresh()
        assert ids() == ["before", "day-before"]


class TestJourney:
    def test_the_whole_story_is_told_with_reasons(self, desk: Desk) -> None:
        told = desk.answer("journey", {})
        names = {(one["email"], one["status"]) for one in told["outcomes"]}
        assert {("before", "sent"), ("day-before", "sent")} <= names
        assert told["rows"][0]["field"] == "appointment.start"

    def test_moving_the_appointment_moves_its_emails(self, desk: Desk) -> None:
        before = desk.answer("journey", {})
        (row,) = before["rows"]
        later = row["at"].replace(row["at"][:10], "2026-11-25")
        after = desk.answer("journey", {"moves": {"starts": {row["id"]: later}}})
        assert [one["at"][:10] for one in after["outcomes"] if one["email"] == "before"] == ["2026-11-22"]
        assert after["outcomes"] != before["outcomes"]

    def test_a_late_booking_a_cancellation_and_an_unsubscription_change_it(self, desk: Desk) -> None:
        (row,) = desk.answer("journey", {})["rows"]
        day = row["at"][:10]
        late = desk.answer("journey", {"moves": {"booked": {row["id"]: f"{day}T07:00+01:00"}}})
        assert not any(one["status"] in ("sent", "deferred") and one["email"] == "before" for one in late["outcomes"])
        off = desk.answer("journey", {"moves": {"cancelled": {row["id"]: "2026-11-05T12:00+01:00"}}})
        assert any(one["status"] == "cancelled" for one in off["outcomes"])
        out = desk.answer("journey", {"moves": {"unsubscribed": {"updates": "2026-11-05T12:00+01:00"}}})
        why = [reason["words"] for one in out["outcomes"] for reason in one["why"] if one["campaign"] == "letter"]
        assert why and all(one["status"] != "sent" for one in out["outcomes"] if one["campaign"] == "letter")

    @pytest.mark.parametrize("instant", ["soon", "2026-11-05", "0001-01-01T00:00+00:00", "9999-12-31T23:59+00:00", 5])
    def test_what_no_page_sends_is_refused(self, desk: Desk, instant: object) -> None:
        with pytest.raises(ValueError):
            desk.answer("journey", {"moves": {"starts": {"appointment-1": instant}}})


def test_measures_are_those_of_the_rules(desk: Desk) -> None:
    found = desk.answer("measures", LETTER)
    assert 5_000 < found["weight"]["html"] < found["weight"]["clip"] == 102_000
    assert found["contrast"]["light"][0]["ratio"] >= 4.5
    assert {"words": "Book a time", "address": "https://time.fjordklinikken.example/"} in found["links"]


def test_an_account_of_the_email_is_given(desk: Desk) -> None:
    lines = desk.answer("account", REMINDER)["lines"]
    assert lines[0] == "reminder/before: A reminder" and "Who gets it" in lines


class TestTrials:
    def test_nobody_gets_one_but_those_allowed(self, workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
        sent: list[tuple[str, bytes]] = []
        monkeypatch.setattr(Smtp, "open", lambda self: None)
        monkeypatch.setattr(
            Smtp, "deliver", lambda self, envelope, token: sent.append((envelope.recipient, envelope.data)) or ACCEPTED
        )
        tester = Trial("localhost:1025", ("me@clinic.example",), lambda: NOW)
        desk = Desk(workshop, editor="", tester=tester)
        assert desk.answer("test", {**REMINDER, "to": "kari@post.example"})["trouble"] == "this address was not allowed"
        assert desk.answer("test", {**REMINDER, "to": "me@clinic.example"})["sent"] == "me@clinic.example"
        ((to, data),) = sent
        assert to == "me@clinic.example"
        assert b"Subject: [Test] A message from" in data and b"X-Campcompile-Test: yes" in data
        assert b"This is a test" in data and b"cid:" in data and b"<!--cc" not in data

    def test_a_server_elsewhere_or_an_address_that_is_none_is_refused(self) -> None:
        with pytest.raises(UsageError):
            Trial("localhost:1025", ("nobody",), lambda: NOW)
        with pytest.raises(Exception, match="is not this machine"):
            Trial("192.0.2.1:25", ("me@clinic.example",), lambda: NOW)


def _choice(asked: dict[str, str]) -> Any:
    return Choice(asked["campaign"], asked["email"], asked["locale"])


def _without_marks(text: str) -> str:
    return re.sub(r"<!--/?cc\d+-->", "", text)
