"""When one e-mail is due, when it goes, until when: offset → shift → at → quiet hours → deadline (time.md 2-7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from campcompile.model.timing import Offset, Unit
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.schedule.wall import end_of_day, instant_of, moved, wall_of
from campcompile.schedule.working_days import working_days
from campcompile.values import dataclass

DEFAULT_LIFE = timedelta(hours=24)  # an e-mail may go so long after it was due
LEAST_NOTICE = timedelta(hours=2)  # and before an anchor at most until so long before it (time.md 6)
_DAYS_OF_MONTH = 31
_ENDLESS = 10_000_000  # repetitions: more than there are days on the calendar
_MARGIN_DAYS = 70  # a shift, a clamp and a wait for the morning stay well within


class Why(Enum):
    """Why an e-mail that is due does not go."""

    SKIPPED_IN_QUIET_HOURS = "quiet-skip"
    QUIET_PAST_DEADLINE = "quiet-past-deadline"
    QUIET_BEFORE_ANCHOR = "quiet-before-anchor"
    TOO_NEAR = "too-near"
    NEVER_IN_TIME = "expires-before-due"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One e-mail for one anchor, in UTC. Either `send` or `why_not` is given."""

    anchor: datetime  # of this repetition: what "before its anchor" means
    due: datetime  # before quiet hours
    expires: datetime  # the last instant at which it may go
    send: datetime | None
    why_not: Why | None = None


def moment(timing: Timing, anchor: Anchor, place: Place, k: int = 0) -> Moment:
    """The `k`-th repetition (0 is the first) of an e-mail with an offset.

    Raises OverflowError for an anchor at the edge of the calendar.
    """
    assert timing.offset is not None
    days = _Counting(timing, anchor, place, k)
    due, around = days.due(timing.offset), days.anchor()
    is_before = timing.offset.sign < 0 or (anchor.is_instant and due < around)
    if timing.expires is not None:
        return _in_quiet_hours(timing, place, is_before, anchor=around, due=due, expires=days.deadline(timing.expires))
    expires = due + DEFAULT_LIFE
    if is_before and anchor.is_instant:
        latest = around - LEAST_NOTICE
        if due >= latest:
            return Moment(anchor=around, due=due, expires=max(due, latest), send=None, why_not=Why.TOO_NEAR)
        expires = min(expires, latest)
    return _in_quiet_hours(timing, place, is_before, anchor=around, due=due, expires=expires)


def moment_on_calendar(timing: Timing, anchor: Anchor, place: Place, k: int = 0) -> Moment | None:
    """The same; None at the edge of the calendar, where there is none."""
    try:
        return moment(timing, anchor, place, k)
    except OverflowError:
        return None


def dated_moment(timing: Timing, day: date, place: Place) -> Moment:
    """An e-mail that has a date; its `at` is given, and `expires` as an offset counts from that day."""
    anchor = Anchor(id="", start=day)
    days = _Counting(timing, anchor, place, 0)
    due = days.due(Offset(unit=Unit.CALENDAR))
    expires = due + DEFAULT_LIFE if timing.expires is None else days.deadline(timing.expires)
    return _in_quiet_hours(timing, place, is_before=False, anchor=days.anchor(), due=due, expires=expires)


def moments(
    timing: Timing, anchor: Anchor, place: Place, since: datetime, until: datetime
) -> Iterator[tuple[int, Moment]]:
    """Every repetition whose time, from when it is due or goes until it expires, meets the window; in order.

    One without `repeat` is number 0.
    """
    last = 1 if timing.repeat is None else timing.times or _ENDLESS
    for k in range(_first_repetition(timing, anchor, place, since), last):
        try:
            found = moment(timing, anchor, place, k)
        except OverflowError:
            return
        if min(found.due, found.send or found.due) > until:
            return
        if max(found.due, found.expires) >= since:
            yield k, found


def at_once(found: Moment, now: datetime, timing: Timing, place: Place) -> Moment:
    """The same e-mail, known or free to go only at `now`, after the instant at which it should have gone.

    It goes at once, but for quiet hours: `earlier` is past then, so it waits for their end, as `later` does.
    """
    if now > found.expires:
        return replace(found, send=None, why_not=Why.EXPIRED)
    send = now
    if place.quiet is not None and place.quiet.hold(now, place.zone):
        if timing.quiet == "skip":
            return replace(found, send=None, why_not=Why.SKIPPED_IN_QUIET_HOURS)
        send = place.quiet.later(now, place.zone)
    if send > found.expires:
        return replace(found, send=None, why_not=Why.QUIET_PAST_DEADLINE)
    return replace(found, send=send, why_not=None)


def half_period(timing: Timing, anchor: Anchor, place: Place, k: int) -> timedelta:
    """Half of the way from repetition `k` to the next: what two of them may never be nearer than."""
    if timing.repeat is None or timing.offset is None:
        return timedelta(0)
    here, there = _Counting(timing, anchor, place, k).anchor(), _Counting(timing, anchor, place, k + 1).anchor()
    return (there - here) / 2


class _Counting:
    """Offsets counted from one repetition of an anchor: offset and repetitions are one period, clamped once."""

    def __init__(self, timing: Timing, anchor: Anchor, place: Place, k: int) -> None:
        self.timing = timing
        self.anchored = anchor
        self.place = place
        self.months = k * timing.repeat.months if timing.repeat else 0
        self.days = k * timing.repeat.days if timing.repeat else 0
        self.wall = anchor.wall_in(place.zone)

    def anchor(self) -> datetime:
        """The instant of this repetition's anchor."""
        if not self.months and not self.days:
            return self.anchored.instant_in(self.place.zone).astimezone(UTC)
        return instant_of(moved(self.wall, self.months, self.days), self.place.zone)

    def due(self, offset: Offset) -> datetime:
        """offset → shift → at."""
        if offset.unit is Unit.ABSOLUTE:
            return self.anchor() + timedelta(minutes=offset.minutes)
        wall = self.local(offset)
        if self.timing.shift != "none":
            day = working_days(self.place.holidays).shifted(wall.date(), self.timing.shift)
            wall = datetime.combine(day, wall.time())
        if self.timing.at is not None:
            wall = datetime.combine(wall.date(), self.timing.at)
        return instant_of(wall, self.place.zone)

    def deadline(self, expires: Offset | date) -> datetime:
        """A date, and days from a day, mean the end of that local day; days from an instant its local time."""
        if not isinstance(expires, Offset):
            return end_of_day(expires, self.place.zone)
        if expires.unit is Unit.ABSOLUTE:
            return self.anchor() + timedelta(minutes=expires.minutes)
        wall = self.local(expires)
        if self.anchored.is_instant:
            return instant_of(wall, self.place.zone)
        return end_of_day(wall.date(), self.place.zone)

    def local(self, offset: Offset) -> datetime:
        """The wall time that calendar or working days lead to."""
        if offset.unit is Unit.CALENDAR:
            return moved(self.wall, self.months + offset.months, self.days + offset.days)
        start = moved(self.wall, self.months, self.days)
        if not offset.days:
            return start
        return datetime.combine(working_days(self.place.holidays).counted(start.date(), offset.days), start.time())


def _in_quiet_hours(
    timing: Timing, place: Place, is_before: bool, *, anchor: datetime, due: datetime, expires: datetime
) -> Moment:
    """The instant after quiet hours, where there is one that meets the deadline."""
    found = Moment(anchor=anchor, due=due, expires=expires, send=due)
    if expires < due:
        return replace(found, send=None, why_not=Why.NEVER_IN_TIME)
    if place.quiet is None or not place.quiet.hold(due, place.zone):
        return found
    if timing.quiet == "skip":
        return replace(found, send=None, why_not=Why.SKIPPED_IN_QUIET_HOURS)
    if timing.quiet == "earlier":
        send = place.quiet.earlier(due, place.zone)
        if not is_before and send < anchor:
            return replace(found, send=None, why_not=Why.QUIET_BEFORE_ANCHOR)
        return replace(found, send=send)
    send = place.quiet.later(due, place.zone)
    if send > expires:
        return replace(found, send=None, why_not=Why.QUIET_PAST_DEADLINE)
    return replace(found, send=send)


def _first_repetition(timing: Timing, anchor: Anchor, place: Place, since: datetime) -> int:
    """A repetition that surely lies before `since`: no need to count decades of weeks one by one."""
    if timing.repeat is None:
        return 0
    gone = (wall_of(since, place.zone) - anchor.wall_in(place.zone)).days
    for offset in (timing.offset, timing.expires):
        if isinstance(offset, Offset):
            reach = abs(offset.months) * _DAYS_OF_MONTH + 3 * abs(offset.days) + abs(offset.minutes) // 1440
            gone -= reach + _MARGIN_DAYS
    return max(0, gone // (timing.repeat.months * _DAYS_OF_MONTH + timing.repeat.days))
