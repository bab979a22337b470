"""What a person gets, line by line: the semantics of a run, a campaign, and all campaigns together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from campcompile.simulation.life import simulate
from campcompile.simulation.person import World
from tests.simulation.lives import (
    CHILDREN,
    KARI,
    NEWS,
    OSLO,
    RECALL,
    REMINDERS,
    SINCE,
    UNTIL,
    WELCOME,
    campaign,
    lives,
    outcomes,
    practice,
    read,
)

REMINDED = practice(("reminders", REMINDERS))


def booked(at: str, start: str, *then: str) -> str:
    events = "".join(f"\n    - {event}" for event in then)
    return f"""
kari:
  {KARI}}}
  events:
    - {{at: "{at}", appointment: {{a1: {{start: "{start}", status: booked}}}}}}{events}
"""


def test_reminders_of_a_visit_booked_in_good_time() -> None:
    assert lives(REMINDED, booked("2026-11-02T10:00", "2026-11-20T10:00")) == [
        "13 Nov 09:00 sent week",
        "17 Nov 09:00 sent three-days",
        "19 Nov 10:00 sent day",
    ]


def test_an_appointment_booked_20_hours_ahead() -> None:
    """Case of the specification: what is past due and not expired goes at once, the rest is over."""
    assert lives(REMINDED, booked("2026-11-11T16:00", "2026-11-12T12:00")) == [
        "11 Nov 16:00 expired week (expired)",
        "11 Nov 16:00 expired three-days (expired)",
        "11 Nov 16:00 deferred day (past-due)",
    ]


def test_of_several_past_due_only_the_last_goes() -> None:
    """Booked at noon on the day of `three-days`, within the time of `week`, too, where that states a longer one."""
    longer = REMINDERS.replace("expires: -P4D", "expires: -P1D")
    assert lives(practice(("reminders", longer)), booked("2026-11-17T12:00", "2026-11-20T10:00")) == [
        "17 Nov 12:00 dropped week (overtaken)",
        "17 Nov 12:00 deferred three-days (past-due)",
        "19 Nov 10:00 sent day",
    ]


def test_booked_at_night_it_waits_for_the_morning() -> None:
    assert lives(REMINDED, booked("2026-11-11T23:00", "2026-11-12T12:00"))[-1] == "12 Nov 08:00 deferred day (past-due)"


def test_moved_after_its_reminder_went_out() -> None:
    """Case of the specification: to another day it fires again, and what was pending is cancelled together."""
    moved = '{at: "2026-11-14T12:00", appointment: {a1: {start: "2026-11-27T10:00"}}}'
    assert lives(REMINDED, booked("2026-11-02T10:00", "2026-11-20T10:00", moved)) == [
        "13 Nov 09:00 sent week",
        "14 Nov 12:00 cancelled three-days (moved)",
        "14 Nov 12:00 cancelled day (moved)",
        "20 Nov 09:00 sent week",
        "24 Nov 09:00 sent three-days",
        "26 Nov 10:00 sent day",
    ]


def test_moved_within_its_day_it_is_not_sent_again() -> None:
    moved = '{at: "2026-11-14T12:00", appointment: {a1: {start: "2026-11-20T14:00"}}}'
    assert lives(REMINDED, booked("2026-11-02T10:00", "2026-11-20T10:00", moved)) == [
        "13 Nov 09:00 sent week",
        "14 Nov 12:00 dropped week (sent-already)",
        "14 Nov 12:00 cancelled three-days (moved)",
        "14 Nov 12:00 cancelled day (moved)",
        "17 Nov 09:00 sent three-days",
        "19 Nov 14:00 sent day",
    ]


def test_moved_across_midnight() -> None:
    """Case of the specification: half an hour later is another day."""
    moved = '{at: "2026-11-14T12:00", appointment: {a1: {start: "2026-11-21T00:15"}}}'
    found = lives(REMINDED, booked("2026-11-02T10:00", "2026-11-20T23:45", moved))
    assert [line for line in found if line[13:].lstrip().split()[1] == "week"] == [
        "13 Nov 09:00 sent week",
        "14 Nov 12:00 deferred week (past-due)",
    ]


def test_moved_and_moved_back_is_planned_again() -> None:
    there = '{at: "2026-11-14T12:00", appointment: {a1: {start: "2026-11-27T10:00"}}}'
    back = '{at: "2026-11-14T15:00", appointment: {a1: {start: "2026-11-20T10:00"}}}'
    found = lives(REMINDED, booked("2026-11-02T10:00", "2026-11-20T10:00", there, back))
    assert found[-2:] == ["17 Nov 09:00 sent three-days", "19 Nov 10:00 sent day"]
    assert [line for line in found if "sent week" in line] == ["13 Nov 09:00 sent week"]


def test_cancelled_between_claim_and_hand_over() -> None:
    """Case of the specification: at the very instant of sending, the audience is asked again."""
    cancelled = '{at: "2026-11-13T09:00", appointment: {a1: {status: cancelled}}}'
    assert lives(REMINDED, booked("2026-11-02T10:00", "2026-11-20T10:00", cancelled)) == [
        "13 Nov 09:00 cancelled week (not-in-audience)",
        "13 Nov 09:00 cancelled three-days (not-in-audience)",
        "13 Nov 09:00 cancelled day (not-in-audience)",
    ]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ('{at: "2026-11-05T09:00", bounces: true}', "suppressed"),
        ('{at: "2026-11-05T09:00", complains: true}', "suppressed"),
        ('{at: "2026-11-05T09:00", unsubscribes: essential}', "unsubscribed"),
    ],
)
def test_what_ends_every_run(event: str, code: str) -> None:
    found = lives(REMINDED, booked("2026-11-02T10:00", "2026-11-20T10:00", event))
    assert found == [f"5 Nov 09:00 cancelled {id} ({code})" for id in ("week", "three-days", "day")]


def test_nothing_goes_to_the_dead_and_to_children() -> None:
    died = '{at: "2026-11-05T09:00", patient: {deceased: true}}'
    found = lives(REMINDED, booked("2026-11-02T10:00", "2026-11-20T10:00", died))
    assert [line.partition(" ")[2].partition(" ")[2][6:] for line in found] == [
        f"dropped {id} (deceased)" for id in ("week", "three-days", "day")
    ]


def test_a_childs_guardian_is_written_to_instead() -> None:
    where = practice(("reminders", REMINDERS), ("children", CHILDREN))
    child = """
ola:
  patient: {email: ola@post.example, locale: en, country: "NO", birth_date: "2018-05-04"}
  guardian:
    g1: {email: kari@post.example, locale: en, country: "NO"}
    g2: {email: per@post.example, locale: en, country: "NO"}
  appointment: {a1: {start: "2026-11-20T10:00", status: booked}}
"""
    found = outcomes(where, child)
    assert [(one.name, one.recipient) for one in found if one.status.goes] == [
        ("children/day", "g1"),
        ("children/day", "g2"),
    ]
    assert {one.why[-1].code for one in found if not one.status.goes} == {"minor"}


def test_a_welcome_series_for_a_same_day_visit_keeps_its_order_and_drops_what_is_moot() -> None:
    where = practice(("welcome", WELCOME))
    person = f"""
kari:
  {KARI}}}
  events:
    - at: "2026-11-12T09:30"
      patient: {{registered_at: "2026-11-12T09:30"}}
      appointment: {{a1: {{start: "2026-11-12T14:00", status: booked}}}}
    - {{at: "2026-11-12T15:00", appointment: {{a1: {{status: fulfilled}}}}}}
"""
    assert lives(where, person) == [
        "12 Nov 09:30 expired before (expired)",
        "12 Nov 09:30 sent thanks",
        "13 Nov 10:00 sent after",
        "14 Nov 10:00 sent who-we-are",
    ]


def test_two_emails_of_a_run_on_one_day_are_spread_the_later_in_the_file_waits() -> None:
    where = practice(("welcome", WELCOME.replace("offset: P1D", "offset: P2D")))
    person = f"""
kari:
  {KARI}}}
  events:
    - at: "2026-11-12T09:30"
      patient: {{registered_at: "2026-11-12T09:30"}}
      appointment: {{a1: {{start: "2026-11-12T14:00", status: fulfilled}}}}
"""
    assert lives(where, person)[2:] == ["14 Nov 10:00 sent who-we-are", "15 Nov 10:00 deferred after (one-a-day)"]


def test_an_earlier_hour_does_not_overtake_the_order_of_the_file() -> None:
    text = campaign(
        "ab12",
        "purpose: treatment\nlayer: essential\naudience: upcoming\nanchor: appointment.start",
        'noon: {offset: P1D, at: "12:00"}',
        'morning: {offset: P1D, at: "09:00", expires: P3D}',
    )
    assert lives(practice(("pair", text)), booked("2026-11-02T10:00", "2026-11-09T10:00")) == [
        "10 Nov 12:00 sent noon",
        "11 Nov 09:00 deferred morning (one-a-day)",
    ]


def test_what_would_expire_waiting_is_dropped_with_its_reasons() -> None:
    text = campaign(
        "ab12",
        "purpose: treatment\nlayer: essential\naudience: upcoming\nanchor: appointment.start",
        'noon: {offset: P1D, at: "12:00"}',
        'morning: {offset: P1D, at: "09:00", expires: PT36H}',
    )
    assert lives(practice(("pair", text)), booked("2026-11-02T10:00", "2026-11-09T10:00"))[0] == (
        "10 Nov 09:00 dropped morning (one-a-day, expires-waiting)"
    )


def test_the_day_a_person_meets_the_audience_is_their_entry_and_re_entry_counts_from_it() -> None:
    """A year after the visit, by the mere passing of time; Saturday 14 November shifts to Monday."""
    person = f"""
kari:
  {KARI}}}
  appointment: {{a0: {{start: "2025-11-14T09:00", status: fulfilled}}}}
"""
    assert lives(practice(("recall", RECALL)), person) == ["16 Nov 10:00 sent due", "14 Dec 10:00 sent again"]


def test_where_only_so_many_begin_a_day_the_first_email_of_a_run_may_wait_and_it_says_until_when() -> None:
    """How many others wait, a person alone doesn't tell; `plan` knows them."""
    person = f"""
kari:
  {KARI}}}
  appointment: {{a0: {{start: "2025-11-14T09:00", status: fulfilled}}}}
"""
    slowly = practice(("recall", RECALL.replace("emails:", "per_day: 50\nemails:", 1)))
    assert lives(slowly, person) == ["16 Nov 10:00 sent due (per-day)", "14 Dec 10:00 sent again"]
    first = outcomes(slowly, person)[0]
    assert first.why[0].words == (
        "50 first e-mails a site and day: it may wait its turn, until Tue 17 Nov 2026 10:00 at most"
    )


def test_stop_when_ends_a_run_for_good() -> None:
    person = f"""
kari:
  {KARI}}}
  appointment: {{a0: {{start: "2025-11-14T09:00", status: fulfilled}}}}
  events:
    - {{at: "2026-11-20T12:00", replies: recall}}
"""
    assert lives(practice(("recall", RECALL)), person) == [
        "16 Nov 10:00 sent due",
        "20 Nov 12:00 cancelled again (stopped)",
    ]


READER = f"""
kari:
  {KARI}, topics: [news]}}
  consents: {{news: "2026-01-10"}}
"""


def test_a_newsletter_goes_on_its_days_to_those_who_agreed() -> None:
    where = practice(("news", NEWS))
    assert lives(where, READER) == ["10 Nov 09:00 sent november", "8 Dec 09:00 sent december"]
    assert lives(where, READER.replace('{news: "2026-01-10"}', "{}"))[0] == "10 Nov 09:00 dropped november (no-consent)"
    assert lives(where, READER.replace("2026-01-10", "2023-01-10"))[0] == (
        "10 Nov 09:00 dropped november (consent-too-old)"
    )
    assert lives(where, READER.replace("2026-01-10", "2023-11-09"))[0] == (
        "10 Nov 09:00 dropped november (consent-too-old)"
    )
    last_day = READER.replace("2026-01-10", "2023-11-10")  # a yes holds three years, to the end of a day
    assert lives(where, last_day)[0] == "10 Nov 09:00 sent november"
    assert lives(where, READER.replace('"NO"', '"SE"'))[0] == "10 Nov 09:00 dropped november (no-basis)"
    assert lives(where, READER.replace("topics", "in_care: true, topics"))[0] == (
        "10 Nov 09:00 dropped november (excluded)"
    )
    assert lives(where, READER.replace("email: kari@post.example, ", ""))[0] == (
        "10 Nov 09:00 dropped november (no-address)"
    )


def test_the_cap_holds_updates_back_and_never_reminders() -> None:
    """One in seven days: the newsletter waits behind the reminder of the same morning, until its own time is over."""
    where = practice(("news", NEWS), ("reminders", REMINDERS))
    person = READER + '  appointment: {a1: {start: "2026-11-17T10:00", status: booked}}\n'
    assert lives(where, person)[:4] == [
        "10 Nov 09:00 sent week",
        "14 Nov 09:00 sent three-days",
        "16 Nov 10:00 sent day",
        "17 Nov 09:00 dropped november (frequency-cap, expires-waiting)",
    ]


def test_a_loser_of_the_cap_goes_when_it_may() -> None:
    where = practice(("news", NEWS), ("reminders", REMINDERS))
    person = READER + '  appointment: {a1: {start: "2026-11-10T10:00", status: booked}}\n'
    assert lives(where, person)[:4] == [
        "3 Nov 09:00 sent week",
        "7 Nov 09:00 sent three-days",
        "9 Nov 10:00 sent day",
        "16 Nov 10:00 deferred november (frequency-cap)",
    ]


def test_a_repeat_is_never_sent_twice_within_half_a_period() -> None:
    """A birth date that is corrected by a week in the week between would bring two greetings."""
    text = campaign(
        "bd05",
        "purpose: treatment\nlayer: updates\naudience: everyone\nanchor: patient.birth_date",
        'greeting: {offset: P0D, repeat: P12M, at: "09:00"}',
    )
    person = """
kari:
  patient: {email: kari@post.example, locale: en, country: "NO", birth_date: "1961-11-10"}
  events:
    - {at: "2026-11-12T09:00", patient: {birth_date: "1961-11-17"}}
"""
    assert lives(practice(("birthday", text)), person) == [
        "10 Nov 09:00 sent greeting",
        "17 Nov 09:00 dropped greeting (too-soon)",
    ]


def test_a_run_that_may_not_begin_again_says_so() -> None:
    text = campaign(
        "ns20",
        'purpose: treatment\nlayer: essential\naudience: {where: appointment.status == "no_show"}\n'
        "anchor: appointment.start\nreenter: P14D",
        "missed: {offset: PT4H, expires: P3D}",
    )
    person = f"""
kari:
  {KARI}}}
  appointment: {{a1: {{start: "2026-11-10T10:00", status: booked}}, a2: {{start: "2026-11-16T10:00", status: booked}}}}
  events:
    - {{at: "2026-11-10T10:30", appointment: {{a1: {{status: no_show}}}}}}
    - {{at: "2026-11-16T10:30", appointment: {{a2: {{status: no_show}}}}}}
"""
    assert lives(practice(("missed", text)), person) == [
        "10 Nov 14:00 sent missed",
        "16 Nov 10:30 dropped missed (no-new-run)",
    ]


def test_simulating_twice_is_simulating_once() -> None:
    person = booked("2026-11-02T10:00", "2026-11-20T10:00")
    assert outcomes(REMINDED, person) == outcomes(REMINDED, person)


def test_derived_fields_are_first_last_and_next() -> None:
    text = f"""
kari:
  {KARI}}}
  appointment:
    a0: {{start: "2025-11-14T09:00", status: fulfilled}}
    a1: {{start: "2026-10-14T09:00", status: fulfilled}}
    a2: {{start: "2026-11-20T09:00", status: booked}}
    a3: {{start: "2026-11-18T09:00", status: cancelled}}
"""
    found = read(text, REMINDED.programme)
    world = World(found.people[0], REMINDED.programme, REMINDED.derivations)
    now = datetime(2026, 11, 12, tzinfo=UTC)
    got = {name: world.derived(f"patient.{name}", now)[0] for name in ("first_visit", "last_visit", "next_visit")}
    assert got == {"first_visit": "a0", "last_visit": "a1", "next_visit": "a2"}
    assert world.derived("patient.next_visit", datetime(2026, 12, 1, tzinfo=UTC)) == ("", None)


def test_a_window_without_days_is_empty() -> None:
    found = read(booked("2026-11-02T10:00", "2026-11-20T10:00"), REMINDED.programme)
    assert simulate(REMINDED, found.people[0], UNTIL, SINCE) == ()
    assert SINCE.tzinfo is OSLO
