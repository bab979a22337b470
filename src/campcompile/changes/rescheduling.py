"""What a new timing does to people who are under way: worked out for anchors of a whole fortnight, not guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from campcompile.changes.account import Consequence, Rescheduled
from campcompile.model.practice import Settings
from campcompile.model.timing import Send
from campcompile.schedule.moments import Moment, dated_moment, moment
from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.schedule.working_days import UnknownCalendarError
from campcompile.values import dataclass
from campcompile.zones import is_zone, zone

_FIRST = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday: the fortnight has every weekday, and clocks stand still
_DAYS = 14


@dataclass(frozen=True, slots=True)
class Timetable:
    """An e-mail's timing, and the practice's policy that bends it."""

    send: Send
    settings: Settings

    def place(self) -> Place | None:
        """None where the practice has no zone: that has its finding."""
        name = self.send.zone if is_zone(self.send.zone) else self.settings.practice.value("time_zone")
        if not is_zone(name):
            return None
        holidays = self.settings.practice.value("holidays")
        return Place(zone=zone(name), holidays=holidays, quiet=parse_quiet_hours(self.settings.quiet_hours))


def rescheduled(before: Timetable, after: Timetable) -> Rescheduled:
    """The change, and what it does to whom; nothing is claimed where it can't be worked out."""
    old, new = before.send, after.send
    if (old.offset is None) != (new.offset is None) or old.anchor != new.anchor:
        return _told(old, new, {Consequence.TWICE} if old.offset is not None and new.offset is not None else set())
    pairs = tuple(_pairs(before, after))
    found = set(_order(pairs))
    if old.repeat != new.repeat and old.repeat is not None:
        found.add(Consequence.RHYTHM)
    missed = max((pair.old - pair.deadline for pair in pairs), default=timedelta(0))
    early = max((pair.old - pair.new for pair in pairs if pair.new is not None), default=timedelta(0))
    if missed > timedelta(0):
        return _told(old, new, found | {Consequence.MISSES}, missed)
    if early > timedelta(0):
        return _told(old, new, found | {Consequence.AT_ONCE}, early)
    return _told(old, new, found)


def keeps_everybody(before: Timetable, after: Timetable) -> str:
    """The `expires` that would let nobody miss it: the old offset; "" where that wouldn't."""
    if before.send.offset is None or after.send.offset is None:
        return ""
    stated = str(before.send.offset)
    mended = replace(after, send=replace(after.send, expires=stated))
    return "" if Consequence.MISSES in rescheduled(before, mended).consequences else stated


class _Pair(NamedTuple):
    old: datetime  # when it went
    new: datetime | None  # when it goes; None for never
    deadline: datetime  # until when it may go now


def _pairs(before: Timetable, after: Timetable) -> Iterator[_Pair]:
    """For one anchor after the other, the old time and the new; those that never went are left out."""
    for number in range(_DAYS):
        anchor = Anchor(id="", start=_FIRST + timedelta(days=number))
        was, now = _moment(before, anchor), _moment(after, anchor)
        if was is not None and now is not None and was.send is not None:
            yield _Pair(was.send, now.send, now.expires if now.send is not None else now.due)


def _moment(timetable: Timetable, anchor: Anchor) -> Moment | None:
    place = timetable.place()
    if place is None:
        return None
    timing = Timing.of(timetable.send)
    try:
        if timing.offset is None:
            day = next(iter(timing.dates.values()), None)
            return None if day is None or timing.at is None else dated_moment(timing, day, place)
        if timing.at is None and not timetable.send.anchor.count("."):
            timing = replace(timing, at=time(10))
        return moment(timing, anchor, place)
    except (OverflowError, UnknownCalendarError):
        return None


def _order(pairs: tuple[_Pair, ...]) -> Iterator[Consequence]:
    """Sooner or later, where it is the same for everybody."""
    moved = [(pair.new - pair.old) for pair in pairs if pair.new is not None]
    if moved and all(distance < timedelta(0) for distance in moved):
        yield Consequence.EARLIER
    if moved and all(distance > timedelta(0) for distance in moved):
        yield Consequence.LATER


def _told(old: Send, new: Send, found: set[Consequence], window: timedelta = timedelta(0)) -> Rescheduled:
    return Rescheduled(before=old, after=new, consequences=frozenset(found), window=window)
