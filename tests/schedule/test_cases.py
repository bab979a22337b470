"""The cases of the semantics of time, each quoted, each with its instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from campcompile.schedule.life import fires_again
from campcompile.schedule.moments import Why, at_once, moment
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.schedule.wall import instant_of
from campcompile.schedule.working_days import working_days
from campcompile.zones import zone
from tests.schedule.clocks import NIGHT, anchor, place, sends, timing

NORMATIVE = Path(__file__).parents[3] / "shared" / "design" / "time.md"
NEW_YORK = place("America/New_York", "US")
OSLO = place("Europe/Oslo", "NO", NIGHT)
BIRTHDAY = timing("P0D", at="09:00", repeat="P12M")
LEAPLING = anchor("1996-02-29", "kari")
REMINDER = timing("-PT24H", quiet="later")

WALLS = [
    ("New York 2026-03-08 02:30 → 03:30 −04:00", "America/New_York", "2026-03-08T02:30", "2026-03-08 03:30 -04:00"),
    ("Paris 2026-10-25 02:30 → 00:30Z", "Europe/Paris", "2026-10-25T02:30", "2026-10-25 02:30 +02:00"),
    ("Lord Howe 2026-10-04 02:15 → 02:45 +11", "Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04 02:45 +11:00"),
    ("Apia 2011-12-30", "Pacific/Apia", "2011-12-30T09:00", "2011-12-31 00:00 +14:00"),
    ("Apia 2011-12-30", "Pacific/Apia", "2011-12-30T00:00", "2011-12-31 00:00 +14:00"),
    ("Apia 2011-12-30", "Pacific/Apia", "2011-12-30T23:59", "2011-12-31 00:00 +14:00"),
]

NEW_YORK_VISIT = "New York appointment Sat 14 Mar 2026 09:00: −P7D = 7 Mar 09:00 EST,\n−PT168H = 7 Mar 08:00 EST"
LEAP = "birthday 29 Feb: months clamp (28 Feb in common years), never RRULE BYMONTHDAY=29"
MOMENTS: list[tuple[str, Timing, Anchor, Place, int, str]] = [
    (NEW_YORK_VISIT, timing("-P7D"), anchor("2026-03-14T09:00-04:00"), NEW_YORK, 0, "2026-03-07 09:00-05:00"),
    (NEW_YORK_VISIT, timing("-PT168H"), anchor("2026-03-14T09:00-04:00"), NEW_YORK, 0, "2026-03-07 08:00-05:00"),
    (LEAP, BIRTHDAY, LEAPLING, OSLO, 29, "2025-02-28 09:00+01:00"),
    (LEAP, BIRTHDAY, LEAPLING, OSLO, 30, "2026-02-28 09:00+01:00"),
    (LEAP, BIRTHDAY, LEAPLING, OSLO, 32, "2028-02-29 09:00+01:00"),
    (
        "Norway Easter 2026: −1BD from Tue 7 Apr = Wed 1 Apr",
        timing("-1BD", at="10:00"), anchor("2026-04-07T09:00+02:00"), OSLO, 0, "2026-04-01 10:00+02:00",
    ),
    (
        "US 4 Jul 2026 observed 3 Jul",
        timing("2BD", at="10:00"), anchor("2026-07-02"), NEW_YORK, 0, "2026-07-07 10:00-04:00",
    ),
]  # fmt: skip

WORKING = [
    ("US 4 Jul 2026 observed 3 Jul", "US", date(2026, 7, 3), False),
    ("Alsace-Moselle subdivision", "FR-57", date(2025, 12, 26), False),
    ("Alsace-Moselle subdivision", "FR-6AE", date(2026, 4, 3), False),
    ("Alsace-Moselle subdivision", "FR", date(2025, 12, 26), True),
    ("Taiwan make-up Saturdays 2024-02-17 and 2025-02-08 are working days", "TW", date(2024, 2, 17), True),
    ("Taiwan make-up Saturdays 2024-02-17 and 2025-02-08 are working days", "TW", date(2025, 2, 8), True),
    ("Taiwan make-up Saturdays 2024-02-17 and 2025-02-08 are working days", "TW", date(2025, 2, 15), False),
]

ELSEWHERE = {  # cases of a life: here as far as time alone decides, whole in tests/simulation
    "an appointment booked 20 hours ahead",
    "moved after its reminder went out",
    "moved across midnight",
    "cancelled between claim and hand-over",
}


@pytest.mark.parametrize(("case", "where", "wall", "expected"), WALLS)
def test_a_wall_time_is_an_instant(case: str, where: str, wall: str, expected: str) -> None:
    there = zone(where)
    assert instant_of(datetime.fromisoformat(wall), there) == datetime.fromisoformat(expected)
    assert instant_of(datetime.fromisoformat(wall), there).astimezone(there).isoformat(" ", "minutes") == (
        expected[:16] + expected[17:]
    )


@pytest.mark.parametrize(("case", "written", "counted", "where", "k", "expected"), MOMENTS)
def test_an_email_goes_when_its_case_says(
    case: str, written: Timing, counted: Anchor, where: Place, k: int, expected: str
) -> None:
    assert sends(written, counted, where, k) == expected


@pytest.mark.parametrize(("case", "code", "day", "expected"), WORKING)
def test_a_working_day_is_one_where_the_practice_is(case: str, code: str, day: date, expected: bool) -> None:
    assert working_days(code).is_working_day(day) is expected


def test_an_appointment_booked_20_hours_ahead_gets_its_reminder_at_once() -> None:
    visit = anchor("2026-11-12T12:00+01:00")
    booked = datetime(2026, 11, 11, 15, tzinfo=UTC)
    due = moment(REMINDER, visit, OSLO)
    assert due.send == datetime(2026, 11, 11, 11, tzinfo=UTC)
    assert at_once(due, booked, REMINDER, OSLO).send == booked


def test_booked_20_hours_ahead_at_night_it_waits_for_the_morning_while_that_is_in_time() -> None:
    booked = datetime(2026, 11, 11, 21, tzinfo=UTC)  # 22:00 in Oslo
    noon, nine = anchor("2026-11-12T12:00+01:00"), anchor("2026-11-12T09:00+01:00")
    assert at_once(moment(REMINDER, noon, OSLO), booked, REMINDER, OSLO).send == datetime(2026, 11, 12, 7, tzinfo=UTC)
    assert at_once(moment(REMINDER, nine, OSLO), booked, REMINDER, OSLO).why_not is Why.QUIET_PAST_DEADLINE


@pytest.mark.parametrize(
    ("case", "old", "new", "again"),
    [
        ("moved after its reminder went out", "2026-11-12T09:00+01:00", "2026-11-12T15:00+01:00", False),
        ("moved after its reminder went out", "2026-11-12T09:00+01:00", "2026-11-19T09:00+01:00", True),
        ("moved across midnight", "2026-11-12T23:30+01:00", "2026-11-13T00:30+01:00", True),
        ("moved across midnight", "2026-11-12T23:30+00:00", "2026-11-13T00:30+00:00", False),  # both on the 13th
    ],
)
def test_what_was_sent_fires_again_only_for_another_local_date(case: str, old: str, new: str, again: bool) -> None:
    assert fires_again(anchor(old), anchor(new), OSLO.zone) is again


def test_a_written_wall_time_in_a_gap_counts_as_written() -> None:
    """Calendar offsets count from the anchor's written wall time; only the result is resolved."""
    visit = anchor("2026-03-08T03:30-04:00", wall="2026-03-08T02:30")
    assert sends(timing("-P1D"), visit, NEW_YORK) == "2026-03-07 02:30-05:00"
    assert sends(timing("-P1D"), anchor("2026-03-08T03:30-04:00"), NEW_YORK) == "2026-03-07 03:30-05:00"


def test_every_case_of_the_specification_is_quoted_here() -> None:
    if not NORMATIVE.exists():
        pytest.skip("the specification of time is not beside this repository")
    text = NORMATIVE.read_text(encoding="utf-8")
    listed = text.partition("**Cases that must be tests** (expected values measured): ")[2].partition("\n\n## ")[0]
    cases = {case.partition(" (`")[0].strip().rstrip(".") for case in listed.split("·")}
    quoted = {row[0] for row in (*WALLS, *MOMENTS, *WORKING)} | ELSEWHERE
    assert cases == quoted


def test_a_time_of_day_is_the_practices_whatever_the_machines() -> None:
    assert timing("-P7D", at="09:00").at == time(9)
