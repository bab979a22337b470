"""A thousand bookings with 0 to 60 days' lead: no reminder after its appointment, none twice, none in quiet hours."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.simulation.life import simulate
from campcompile.simulation.outcome import Outcome
from campcompile.simulation.person import Change, Person
from tests.simulation.lives import OSLO, REMINDERS, SINCE, WELCOME, practice

PEOPLE = 1_000
QUIET = parse_quiet_hours("21:00-08:00")
WHERE = practice(("reminders", REMINDERS), ("welcome", WELCOME))


def bookings() -> list[tuple[datetime, datetime]]:
    """When each was booked, by day or by night, and the appointment's start: the same on every machine."""
    draw = random.Random(1961)
    found = []
    for _ in range(PEOPLE):
        booked = SINCE + timedelta(minutes=draw.randrange(30 * 24 * 60))
        lead = timedelta(minutes=draw.randrange(60 * 24 * 60) if draw.random() < 0.7 else draw.randrange(3 * 24 * 60))
        start = (booked + lead).replace(minute=0) + timedelta(minutes=30 * draw.randrange(1, 3))
        found.append((booked, start))
    return found


def person(name: str, booked: datetime, start: datetime) -> Person:
    own = {
        "patient.email": f"{name}@post.example",
        "patient.locale": "en",
        "patient.country": "NO",
        "patient.registered_at": booked,
    }
    visit = {"a1": {"appointment.start": start, "appointment.status": "booked"}}
    return Person(
        name=name,
        record="patient",
        rows={},
        consents={},
        changes=(
            Change(at=booked, rows={"patient": {name: own}, "appointment": visit}, consents={}),
            Change(at=start, rows={"appointment": {"a1": {"appointment.status": "fulfilled"}}}, consents={}),
        ),
    )


def test_a_thousand_bookings() -> None:
    sent: list[tuple[datetime, Outcome]] = []
    for number, (booked, start) in enumerate(bookings()):
        found = simulate(WHERE, person(f"p{number}", booked, start), SINCE, SINCE + timedelta(days=100))
        sent += [(start, one) for one in found if one.status.goes]
        goes = [one for one in found if one.status.goes]
        assert Counter(one.name for one in goes).most_common(1)[0][1] == 1, "none twice"
        per_day = Counter((one.series.campaign.code, one.at.astimezone(OSLO).date()) for one in goes)
        assert max(per_day.values()) == 1, "a run sends one e-mail a day"
    reminders = [
        (start, one) for start, one in sent if one.name.startswith("reminders/") or one.name == "welcome/before"
    ]
    assert all(one.at <= start - timedelta(hours=2) for start, one in reminders), "none after its appointment"
    assert QUIET is not None
    assert not [one for _, one in sent if QUIET.hold(one.at, OSLO)], "none in quiet hours"
    assert all(one.at <= one.expires for _, one in sent)
    assert Counter(one.name for _, one in sent)["reminders/day"] > PEOPLE * 0.8, "and most are reminded"
