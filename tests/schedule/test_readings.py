"""The settled readings of the semantics of time: each claim with an instant."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from campcompile.compiler import compile_files
from campcompile.schedule.life import (
    FrequencyCap,
    after,
    last_past_due,
    may_begin_again,
    next_day,
)
from campcompile.schedule.moments import Why, at_once, dated_moment, half_period, moment, moments
from campcompile.schedule.quiet_hours import QuietHours, parse_quiet_hours
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.schedule.working_days import UnknownCalendarError, working_days
from campcompile.zones import zone
from tests.schedule.clocks import NIGHT, anchor, local, place, sends, timing
from tests.workspace import CAMPCOMPILE, workspace

OSLO = place()
QUIET = place(quiet=NIGHT)
PARIS_SHORT = Place(zone=zone("Europe/Paris"), quiet=parse_quiet_hours("21:00-02:30"))
PARIS_LATE = Place(zone=zone("Europe/Paris"), quiet=parse_quiet_hours("02:30-08:00"))
APIA = Place(zone=zone("Pacific/Apia"), quiet=parse_quiet_hours(NIGHT))
VISIT = anchor("2026-11-12T10:00+01:00")  # a Thursday
DAY = anchor("2026-08-31")
THURSDAY = anchor("2026-11-12")
SUNDAY = anchor("2026-11-15T10:00+01:00")
NIGHT_VISIT = anchor("2026-11-12T23:00+01:00")
NEXT_DAY_EARLY = timing("P1D", at="03:00", quiet="earlier")
MONTHLY = timing("P1M", at="09:00", repeat="P1M")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("claim", "written", "counted", "where", "k", "expected"),
    [
        ("31 Aug + P6M", timing("P6M", at="09:00"), DAY, OSLO, 0, "2027-02-28 09:00+01:00"),
        ("31 Aug + P12M", timing("P12M", at="09:00"), DAY, OSLO, 0, "2027-08-31 09:00+02:00"),
        ("from the original anchor", timing("P0D", at="09:00", repeat="P6M"), DAY, OSLO, 2, "2027-08-31 09:00+02:00"),
        ("months before days", timing("P1M14D", at="09:00"), anchor("2026-01-31"), OSLO, 0, "2026-03-14 09:00+01:00"),
        ("both ways", timing("-P1M1D", at="09:00"), anchor("2026-03-31"), OSLO, 0, "2026-02-27 09:00+01:00"),
        ("one period", MONTHLY, anchor("2026-01-31"), OSLO, 1, "2026-03-31 09:00+02:00"),
        ("days may omit at", timing("-P1D"), VISIT, OSLO, 0, "2026-11-11 10:00+01:00"),
        ("working days too", timing("-1BD"), VISIT, OSLO, 0, "2026-11-11 10:00+01:00"),
        ("strictly after", timing("1BD", at="10:00"), anchor("2026-11-14"), OSLO, 0, "2026-11-16 10:00+01:00"),
        ("strictly before", timing("-1BD", at="10:00"), anchor("2026-11-15"), OSLO, 0, "2026-11-13 10:00+01:00"),
        ("zero is the day", timing("0BD", at="10:00"), anchor("2026-11-14"), OSLO, 0, "2026-11-14 10:00+01:00"),
        ("shift next", timing("P2D", at="10:00", shift="next"), VISIT, OSLO, 0, "2026-11-16 10:00+01:00"),
        ("shift previous", timing("P2D", at="10:00", shift="previous"), VISIT, OSLO, 0, "2026-11-13 10:00+01:00"),
        ("shift, then at", timing("P2D", shift="next"), VISIT, OSLO, 0, "2026-11-16 10:00+01:00"),
        ("no second shift", timing("P1D", at="22:00", shift="next"), VISIT, QUIET, 0, "2026-11-14 08:00+01:00"),
        ("both ends are allowed: start", timing("P1D", at="21:00"), VISIT, QUIET, 0, "2026-11-13 21:00+01:00"),
        ("both ends are allowed: end", timing("P1D", at="08:00"), VISIT, QUIET, 0, "2026-11-13 08:00+01:00"),
        ("later lands on the end", timing("P1D", at="03:00"), VISIT, QUIET, 0, "2026-11-13 08:00+01:00"),
        ("earlier lands on the start", NEXT_DAY_EARLY, VISIT, QUIET, 0, "2026-11-12 21:00+01:00"),
        ("skip", timing("P1D", at="03:00", quiet="skip"), VISIT, QUIET, 0, "quiet-skip"),
        ("never over its anchor", timing("PT0M", quiet="earlier"), NIGHT_VISIT, QUIET, 0, "quiet-before-anchor"),
        ("nor the anchor's day", timing("P0D", at="07:00", quiet="earlier"), DAY, QUIET, 0, "quiet-before-anchor"),
        ("after quiet hours still in time", timing("-PT12H"), VISIT, QUIET, 0, "2026-11-12 08:00+01:00"),
        ("or dropped", timing("-PT11H"), anchor("2026-11-12T09:00+01:00"), QUIET, 0, "quiet-past-deadline"),
        ("two hours or nearer", timing("-PT2H"), VISIT, OSLO, 0, "too-near"),
        ("unless it states expires", timing("-PT2H", expires="-PT1H"), VISIT, OSLO, 0, "2026-11-12 08:00+01:00"),
        ("by the wall, too", timing("P0D", at="09:00"), VISIT, OSLO, 0, "too-near"),
        ("a shift carries it past", timing("-P1D", at="10:00", shift="next"), SUNDAY, OSLO, 0, "too-near"),
        ("expires before due", timing("-P3D", at="09:00", expires="-P4D"), VISIT, OSLO, 0, "expires-before-due"),
    ],
)  # fmt: skip
def test_a_reading(claim: str, written: Timing, counted: Anchor, where: Place, k: int, expected: str) -> None:
    assert sends(written, counted, where, k) == expected


@pytest.mark.parametrize(
    ("claim", "written", "counted", "expected"),
    [
        ("24 hours after it was due", timing("P1D", at="09:00"), VISIT, "2026-11-14 09:00+01:00"),
        ("two hours before the anchor", timing("-PT24H"), VISIT, "2026-11-12 08:00+01:00"),
        ("no such bound before a day", timing("-P1D", at="22:00"), THURSDAY, "2026-11-12 22:00+01:00"),
        ("measured before quiet hours", timing("P1D", at="03:00"), VISIT, "2026-11-14 03:00+01:00"),
        ("at the anchor's local time", timing("-P7D", at="09:00", expires="-P4D"), VISIT, "2026-11-08 10:00+01:00"),
        ("working days too", timing("-P7D", at="09:00", expires="-2BD"), VISIT, "2026-11-10 10:00+01:00"),
        ("hours", timing("PT2H", expires="PT30H"), VISIT, "2026-11-13 16:00+01:00"),
        ("a date is the end of its day", timing("P1D", expires="2026-11-20"), VISIT, "2026-11-20 23:59+01:00"),
        ("so are days from a day", timing("P0D", at="09:00", expires="P2D"), THURSDAY, "2026-11-14 23:59+01:00"),
    ],
)  # fmt: skip
def test_a_deadline(claim: str, written: Timing, counted: Anchor, expected: str) -> None:
    assert local(moment(written, counted, QUIET).expires, QUIET) == expected


def test_the_deadline_itself_is_in_time() -> None:
    reminder = timing("-P7D", at="09:00", expires="-P4D")
    found = moment(reminder, VISIT, OSLO)
    assert at_once(found, found.expires, reminder, OSLO).send == found.expires
    assert at_once(found, found.expires + (found.expires - found.due) / 1000, reminder, OSLO).why_not is Why.EXPIRED


def test_later_takes_the_second_occurrence_where_the_first_is_over() -> None:
    due = utc("2026-10-25T02:15+01:00")
    assert PARIS_SHORT.quiet is not None
    assert PARIS_SHORT.quiet.later(due, PARIS_SHORT.zone) == utc("2026-10-25T02:30+01:00")
    assert PARIS_SHORT.quiet.later(utc("2026-10-25T02:15+02:00"), PARIS_SHORT.zone) == utc("2026-10-25T02:30+02:00")


def test_earlier_takes_the_last_occurrence_that_is_not_after() -> None:
    assert PARIS_LATE.quiet is not None
    assert PARIS_LATE.quiet.earlier(utc("2026-10-25T02:45+01:00"), PARIS_LATE.zone) == utc("2026-10-25T02:30+01:00")
    assert PARIS_LATE.quiet.earlier(utc("2026-10-25T02:45+02:00"), PARIS_LATE.zone) == utc("2026-10-25T02:30+02:00")


def test_quiet_hours_whose_start_is_in_a_gap_begin_with_the_gap() -> None:
    assert PARIS_LATE.quiet is not None
    assert PARIS_LATE.quiet.earlier(utc("2026-03-29T03:10+02:00"), PARIS_LATE.zone) == utc("2026-03-29T01:59+01:00")


def test_quiet_hours_over_a_skipped_day_end_on_the_day_after() -> None:
    assert APIA.quiet is not None
    eve, dawn = utc("2011-12-29T22:00-10:00"), utc("2011-12-31T05:00+14:00")
    assert APIA.quiet.later(eve, APIA.zone) == utc("2011-12-31T08:00+14:00")
    assert APIA.quiet.earlier(dawn, APIA.zone) == utc("2011-12-29T21:00-10:00")


@pytest.mark.parametrize("text", ["", "21:00", "21:00-21:00", "24:00-08:00", "21:00 - 08:00", "９:00-08:00"])
def test_what_are_no_quiet_hours(text: str) -> None:
    assert parse_quiet_hours(text) is None


def test_equal_ends_are_an_error_for_the_author() -> None:
    text = CAMPCOMPILE.replace("21:00-08:00", "21:00-21:00")
    found = compile_files(workspace({"campcompile.yaml": text}), as_of=None, now=utc("2026-11-02T09:00Z")).diagnostics
    assert [(one.rule.code, "two different ends" in one.help) for one in found] == [("SCH050", True)]


def test_quiet_hours_at_noon() -> None:
    siesta = QuietHours(time(12), time(14))
    assert siesta.later(utc("2026-11-12T13:00+01:00"), OSLO.zone) == utc("2026-11-12T14:00+01:00")
    assert siesta.earlier(utc("2026-11-12T13:00+01:00"), OSLO.zone) == utc("2026-11-12T12:00+01:00")
    assert not siesta.hold(utc("2026-11-12T23:00+01:00"), OSLO.zone)


def test_earlier_that_is_past_waits_for_the_morning_and_skip_is_skipped() -> None:
    """What is sent at once keeps quiet hours, too."""
    visit, night = anchor("2026-11-12T15:00+01:00"), utc("2026-11-11T23:00+01:00")
    for quiet, expected in (("earlier", "2026-11-12 08:00+01:00"), ("later", "2026-11-12 08:00+01:00"), ("skip", "")):
        reminder = timing("-PT24H", quiet=quiet)
        assert local(at_once(moment(reminder, visit, QUIET), night, reminder, QUIET).send, QUIET) == expected


def test_a_newsletter_goes_on_its_date_in_each_language() -> None:
    greeting = timing(dates={"en": "2026-12-18", "fr": "2027-01-04"}, at="09:00", expires="P2D")
    french = greeting.day_for("fr")
    assert french is not None and greeting.day_for("nb") is None
    found = dated_moment(greeting, french, OSLO)
    assert (local(found.send, OSLO), local(found.expires, OSLO)) == ("2027-01-04 09:00+01:00", "2027-01-06 23:59+01:00")


def test_repetitions_of_decades_are_found_at_once() -> None:
    weekly = timing("P0D", at="09:00", repeat="P7D", times=260)
    found = list(
        moments(weekly, anchor("2022-01-03"), OSLO, utc("2026-11-01T00:00+01:00"), utc("2026-12-01T00:00+01:00"))
    )
    assert [k for k, _ in found] == [252, 253, 254, 255, 256]
    yearly = timing("P0D", at="09:00", repeat="P12M")
    found = list(
        moments(yearly, anchor("1961-11-30"), OSLO, utc("2026-11-01T00:00+01:00"), utc("2027-01-01T00:00+01:00"))
    )
    assert [(k, local(one.send, OSLO)) for k, one in found] == [(65, "2026-11-30 09:00+01:00")]
    daily = timing("P0D", at="09:00", repeat="P1D")
    assert (
        len(list(moments(daily, anchor("1900-01-01"), OSLO, utc("2026-11-01T12:00Z"), utc("2026-11-08T12:00Z")))) == 8
    )


def test_times_is_how_often() -> None:
    thrice = timing("P0D", at="09:00", repeat="P1D", times=3)
    found = moments(thrice, anchor("2026-11-02"), OSLO, utc("2026-11-01T00:00Z"), utc("2026-12-01T00:00Z"))
    assert [k for k, _ in found] == [0, 1, 2]


def test_half_a_period_is_half_of_the_way_to_the_next() -> None:
    monthly = timing("P0D", at="09:00", repeat="P1M")
    assert half_period(monthly, anchor("2026-06-01"), OSLO, 0).total_seconds() == 15 * 86_400
    assert half_period(timing("P0D", at="09:00"), DAY, OSLO, 0).total_seconds() == 0


def test_a_calendar_that_is_not_known_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownCalendarError, match=r"`NOR`: did you mean `NO`"):
        working_days("NOR")
    with pytest.raises(UnknownCalendarError, match=r"`XY` in `FR`"):
        working_days("FR-XY")


def test_of_several_past_due_only_the_last_goes() -> None:
    morning, noon = utc("2026-11-12T09:00Z"), utc("2026-11-12T12:00Z")
    assert last_past_due([(noon, 1, "b"), (morning, 3, "a")]) == "b"
    assert last_past_due([(noon, 1, "b"), (noon, 2, "c")]) == "c"
    assert last_past_due([]) is None


def test_waiting_a_day_keeps_the_wall_time() -> None:
    assert local(next_day(utc("2026-10-24T09:00+02:00"), OSLO.zone), OSLO) == "2026-10-25 09:00+01:00"


@pytest.mark.parametrize(
    ("reenter", "began", "now", "expected"),
    [
        ("once", [], "2026-11-12T09:00Z", True),
        ("once", ["2020-01-01T09:00Z"], "2026-11-12T09:00Z", False),
        ("per_anchor", ["2026-11-11T09:00Z"], "2026-11-12T09:00Z", True),
        ("P6M", ["2026-05-12T09:00Z"], "2026-11-12T08:59Z", False),  # summer time began: the wall's 11:00 is 10:00 UTC
        ("P6M", ["2026-05-12T09:00Z"], "2026-11-12T10:00Z", True),
        ("P6M", ["2026-01-12T09:00Z", "2026-05-12T09:00Z"], "2026-08-12T09:00Z", False),
    ],
)
def test_who_may_begin_again(reenter: str, began: list[str], now: str, expected: bool) -> None:
    assert may_begin_again(reenter, [utc(text) for text in began], utc(now), OSLO.zone) is expected


def test_a_duration_after_an_instant() -> None:
    assert local(after(utc("2026-10-24T09:00+02:00"), "P7D", OSLO.zone), OSLO) == "2026-10-31 09:00+01:00"
    assert local(after(utc("2026-10-24T09:00+02:00"), "PT168H", OSLO.zone), OSLO) == "2026-10-31 08:00+01:00"


def test_the_cap_counts_in_a_rolling_window() -> None:
    cap = FrequencyCap(2, "P7D")
    sent = [utc("2026-11-02T09:00Z"), utc("2026-11-05T09:00Z")]
    assert cap.free_at(utc("2026-11-06T09:00Z"), sent, OSLO.zone) == utc("2026-11-09T09:00Z")
    assert cap.free_at(utc("2026-11-09T09:00Z"), sent, OSLO.zone) == utc("2026-11-09T09:00Z")
    assert cap.free_at(utc("2026-11-06T09:00Z"), sent[:1], OSLO.zone) == utc("2026-11-06T09:00Z")
    crowded = [*sent, utc("2026-11-05T12:00Z")]
    assert cap.free_at(utc("2026-11-06T09:00Z"), crowded, OSLO.zone) == utc("2026-11-12T09:00Z")
