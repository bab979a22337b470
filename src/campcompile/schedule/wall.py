"""From the clock on the wall to the instant and back, where clocks jump, repeat an hour or skip a day (time.md 4)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

_Day = TypeVar("_Day", date, datetime)
_DAY = timedelta(days=1)
_SHORTEST_MONTH = 28  # days
_SECOND = timedelta(seconds=1)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which clocks in `zone` show `wall`, which has no zone of its own.

    In a gap the wall time moves forward by the gap's length: New York, 8 March 2026, 02:30 is 03:30 -04:00.
    In an overlap the first counts: Paris, 25 October 2026, 02:30 is 00:30 UTC. A gap of a day or more is a
    skipped day, and every time of it is the first instant after: Apia, 30 December 2011.
    """
    first = wall.replace(tzinfo=zone, fold=0)
    before, after = first.utcoffset(), wall.replace(tzinfo=zone, fold=1).utcoffset()
    assert before is not None and after is not None
    if after - before < _DAY:
        return first.astimezone(UTC)
    return _transition(wall, before, after, zone)


def instants_of(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The one instant of `wall`, or both where clocks show it twice, in order."""
    first, second = instant_of(wall, zone), wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return (first, second) if second > first and wall_of(second, zone) == wall else (first,)


def wall_of(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks in `zone` show at an instant, without a zone."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    return instant_of(datetime.combine(day, time.min), zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day: 23:59:59, on a day of any length."""
    return start_of_day(day + _DAY, zone) - _SECOND


def clock_changes(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[datetime]:
    """The instants from `since` on, and before `until`, at which clocks are changed, to the second and in order."""
    for year in range(since.year, until.year + 1):
        yield from (change for change in _changes_of(zone, year) if since <= change < until)


@cache
def _changes_of(zone: ZoneInfo, year: int) -> tuple[datetime, ...]:
    midnights = [datetime(year, 1, 1, tzinfo=UTC) + n * _DAY for n in range(367 if calendar.isleap(year) else 366)]
    offsets = [midnight.astimezone(zone).utcoffset() for midnight in midnights]
    return tuple(
        _first_change(zone, midnights[n], midnights[n + 1])
        for n in range(len(midnights) - 1)
        if offsets[n] != offsets[n + 1]
    )


def _first_change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high


def moved(wall: _Day, months: int, days: int) -> _Day:
    """`wall`, with a time or without, plus months, clamped to the month's end, then plus days.

    31 August + 6 months is 28 February.
    Raises OverflowError for what lies beyond the years 1 to 9999.
    """
    month = wall.year * 12 + wall.month - 1 + months
    year, month = month // 12, month % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError("a date beyond the calendar")
    day = wall.day if wall.day <= _SHORTEST_MONTH else min(wall.day, calendar.monthrange(year, month)[1])
    return wall.replace(year=year, month=month, day=day) + timedelta(days=days)


def _transition(wall: datetime, before: timedelta, after: timedelta, zone: ZoneInfo) -> datetime:
    """The instant of a jump over `wall`: the first at which the clocks stand behind it."""
    low = (wall - after).replace(tzinfo=UTC)  # not later than the jump, as clocks then still stand before `wall`
    high = (wall - before).replace(tzinfo=UTC)
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        if wall_of(middle, zone) < wall:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
