"""The send calendar: an e-mail's timing turned round, so that an engine joins rows and never reckons with zones.

For a window of time, each row says: who has an anchor from here to there (or on this day) gets it at this
instant, or so many seconds from the anchor.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from campcompile.model.timing import Offset, Unit
from campcompile.schedule.inversion import LONGEST_WAIT, inverted
from campcompile.schedule.moments import dated_moment, moment_on_calendar
from campcompile.schedule.sendings import Row, Sending, Window, sending_of
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.schedule.wall import moved, start_of_day

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MARGIN = timedelta(days=5)  # zones, quiet hours and clamped months stay within
_LONGEST_REST_DAYS = 15  # so far may working days and a shift carry an e-mail, and as far again
_DAYS_OF_MONTH = 30.436875  # 400 years have 146,097 days; any months are near to that


def instant_rows(timing: Timing, place: Place, window: Window, earliest: datetime, latest: datetime) -> Iterator[Row]:
    """Rows for anchors that are instants, between the earliest and the latest that there is."""
    for k, since, until in _stretches(timing, window, earliest.date(), latest.date()):
        first, last = max(start_of_day(since, place.zone), earliest), min(start_of_day(until, place.zone), latest)
        if first <= last:
            yield from inverted(timing, place, window, k, first=first, last=last + _SECOND)


def day_rows(timing: Timing, place: Place, window: Window, earliest: date, latest: date) -> Iterator[Row]:
    """Rows for anchors that are days."""
    known: dict[tuple[date, ...], Sending | None] = {}  # birthdays of eighty years lead to the same few days
    for k, since, until in _stretches(timing, window, earliest, latest):
        day = max(since, earliest) - _DAY
        while day < min(until, latest):
            day += _DAY
            days = _days_meant(timing, day, k)
            if days not in known:
                found = moment_on_calendar(timing, Anchor(id="", start=day), place, k)
                known[days] = None if found is None else sending_of(found, timing, place, window)
            if (sending := known[days]) is not None:
                yield Row(sending=sending, repetition=k, anchor_day=day)


def event_rows(timing: Timing, start: datetime, place: Place, window: Window) -> Iterator[Row]:
    """Rows for one instant that is the same for everybody."""
    for k, _, _ in _stretches(timing, window, start.date() - _MARGIN, start.date() + _MARGIN):
        found = moment_on_calendar(timing, Anchor(id="event", start=start), place, k)
        sending = None if found is None else sending_of(found, timing, place, window)
        if sending is not None:
            yield Row(sending=sending, repetition=k)


def dated_row(timing: Timing, day: date, place: Place, window: Window) -> Row | None:
    """The row of an e-mail that has a date."""
    sending = sending_of(dated_moment(timing, day, place), timing, place, window)
    return None if sending is None else Row(sending=sending, repetition=0)


def _stretches(timing: Timing, window: Window, earliest: date, latest: date) -> Iterator[tuple[int, date, date]]:
    """For each repetition, the first and last day on which anchors may lie."""
    assert timing.offset is not None
    nearest, furthest = _reach(timing.offset, timing)
    wait = _DAY
    if isinstance(timing.expires, Offset):
        wait = max(_DAY, _reach(timing.expires, timing)[1] - nearest)
    elif timing.expires is not None:
        wait = LONGEST_WAIT
    if not window.with_late:
        wait = timedelta(0)
    k = 0
    while timing.times is None or k < timing.times:
        period = _period(timing, k)
        since, until = window.since - furthest - wait - period - _MARGIN, window.until - nearest - period + _MARGIN
        if until.date() < earliest:
            return
        if since.date() <= latest:
            yield k, since.date(), until.date()
        if timing.repeat is None:
            return
        k += 1


def _days_meant(timing: Timing, day: date, k: int) -> tuple[date, ...]:
    """The days that repetition, offset and deadline lead to: where they are the same, so is the moment."""
    repeat = timing.repeat or Offset(unit=Unit.CALENDAR)
    months, days = k * repeat.months, k * repeat.days
    counted = [one for one in (timing.offset, timing.expires) if isinstance(one, Offset) and one.unit is Unit.CALENDAR]
    try:
        period = moved(day, months, days)
        return period, *(moved(day, months + one.months, days + one.days) for one in counted)
    except OverflowError:
        return ()


def _reach(offset: Offset, timing: Timing) -> tuple[timedelta, timedelta]:
    """The least and the most that an offset can carry."""
    rest = _LONGEST_REST_DAYS if timing.shift != "none" or offset.unit is Unit.BUSINESS else 0
    days = offset.months * _DAYS_OF_MONTH + offset.days + offset.minutes / 1440
    ends = (days, 2 * days if offset.unit is Unit.BUSINESS else days)
    return timedelta(days=min(ends) - rest), timedelta(days=max(ends) + rest)


def _period(timing: Timing, k: int) -> timedelta:
    """How long `k` repetitions take, to a few days."""
    if timing.repeat is None:
        return timedelta(0)
    return timedelta(days=k * (timing.repeat.months * _DAYS_OF_MONTH + timing.repeat.days))
