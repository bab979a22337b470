"""What an e-mail is in a plan's window: its instants in UTC, the days that they are, or why it doesn't go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from campcompile.model.timing import Unit, parse_offset
from campcompile.schedule.life import FrequencyCap, after
from campcompile.schedule.moments import Moment, at_once
from campcompile.schedule.timing import Place, Timing
from campcompile.schedule.wall import instant_of, instants_of, moved, start_of_day, wall_of
from campcompile.values import dataclass

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MARGIN = timedelta(days=5)  # changed clocks and clamped months stay within


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Sends from `since` on, and before `until`; with `with_late` also what should have gone before, and still may."""

    since: datetime
    until: datetime
    home: ZoneInfo  # the practice's
    cap: FrequencyCap | None = None
    with_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One e-mail's instants, in UTC, and the days that they are."""

    send: datetime
    expires: datetime
    late: bool
    why: str  # why it doesn't go; "" where it does
    today: date  # in the e-mail's zone
    home_today: date  # in the practice's
    quiet_from: datetime | None  # the next quiet hours from `send` on
    quiet_until: datetime | None
    counted_since: datetime | None  # e-mails after it count for the frequency cap


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Anchors and what becomes of them. An instant is given, or its distance from the anchor in seconds."""

    sending: Sending  # for the first anchor of the row
    repetition: int
    anchor_from: datetime | None = None  # included
    anchor_until: datetime | None = None  # not included
    anchor_day: date | None = None
    moving: frozenset[str] = frozenset()  # instants that keep their distance from the anchor: send, expires …

    def instant(self, name: str) -> datetime | None:
        """A fixed instant: send, expires, counted_since."""
        return None if name in self.moving else getattr(self.sending, name)

    @property
    def is_one_second(self) -> bool:
        """Whether there is but one anchor (to the second) that it is for."""
        return self.anchor_from is not None and self.anchor_until == self.anchor_from + _SECOND

    def seconds(self, name: str) -> int | None:
        """The distance of a moving one from the anchor."""
        if name not in self.moving or self.anchor_from is None:
            return None
        return int((getattr(self.sending, name) - self.anchor_from).total_seconds())


def sending_of(found: Moment, timing: Timing, place: Place, window: Window) -> Sending | None:
    """What becomes of a moment in a window; None where that is another window's matter."""
    if found.send is None:
        if not window.since <= found.due < window.until or found.why_not is None:
            return None
        return _sending(found.due, found.expires, place, window, why=found.why_not.value)
    if window.since <= found.send < window.until:
        return _sending(found.send, found.expires, place, window)
    if found.send >= window.since or not window.with_late:
        return None
    again = at_once(found, window.since, timing, place)
    if again.send is None or again.send >= window.until:
        return None
    return _sending(again.send, found.expires, place, window, late=True)


def looks_of(
    reenter: str, zone: ZoneInfo, first: date, days: int, window: Window
) -> Iterator[tuple[Sending, date | None]]:
    """The instants at which it is asked who meets an audience: each midnight of the practice.

    Each with the last day on which an earlier run may have begun for another one to begin; None for never again.
    """
    for k in range(days):
        instant = start_of_day(first + k * _DAY, window.home)
        yield _sending(instant, instant, Place(zone=zone), window), _again_since(reenter, instant, zone)


def _again_since(reenter: str, now: datetime, zone: ZoneInfo) -> date | None:
    offset = parse_offset(reenter)  # `once` and `per_anchor` are none
    if offset is None:
        return None
    today = wall_of(now, zone).date()
    day = moved(datetime.combine(today, time(0)), -offset.months, 3 - offset.days).date()
    while after(start_of_day(day, zone), reenter, zone) > now:
        day -= _DAY
    return day


def _sending(
    send: datetime, expires: datetime, place: Place, window: Window, *, late: bool = False, why: str = ""
) -> Sending:
    quiet_from, quiet_until = next_quiet_hours(send, place) or (None, None)
    return Sending(
        send=send.astimezone(UTC),
        expires=expires.astimezone(UTC),
        late=late,
        why=why,
        today=wall_of(send, place.zone).date(),
        home_today=wall_of(send, window.home).date(),
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        counted_since=None if window.cap is None else _counted_since(send.astimezone(UTC), window.cap.per, window.home),
    )


def next_quiet_hours(send: datetime, place: Place) -> tuple[datetime, datetime] | None:
    """The first quiet hours that begin at an instant or after it; None where there are none."""
    if place.quiet is None:
        return None
    day = wall_of(send, place.zone).date() - _DAY
    while True:
        for start in instants_of(datetime.combine(day, place.quiet.start), place.zone):
            if start >= send:
                return start, place.quiet.later(start + _SECOND, place.zone)
        day += _DAY


@lru_cache(maxsize=1 << 14)
def _counted_since(send: datetime, per: str, zone: ZoneInfo) -> datetime:
    """The latest instant that lies the whole of `per` before `send`: what went after it still counts."""
    back = parse_offset(f"-{per}")
    assert back is not None
    if back.unit is Unit.ABSOLUTE:
        return send + timedelta(minutes=back.minutes)
    near = instant_of(moved(wall_of(send, zone), back.months, back.days), zone)
    if after(near, per, zone) <= send < after(near + _SECOND, per, zone):
        return near
    low, high = near - _MARGIN, near + _MARGIN
    while high - low > _SECOND:
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        low, high = (middle, high) if after(middle, per, zone) <= send else (low, middle)
    return low
