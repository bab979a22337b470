"""Leeway: how long before the last moment for something, such as cancelling a visit, an e-mail about it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from campcompile.analysis.anchoring import DAY, lead, place_of, source_of
from campcompile.analysis.event_days import FARTHEST, last_by_wall, once_at
from campcompile.model.campaign import Email, Programme
from campcompile.model.timing import Offset
from campcompile.schedule.moments import moment_on_calendar
from campcompile.schedule.timing import Anchor, Place
from campcompile.schedule.wall import instant_of, wall_of
from campcompile.schedule.working_days import UnknownCalendarError
from campcompile.values import dataclass

_WEEK = [date(2026, 6, day) for day in range(8, 13)]  # without a holiday or a change of clocks in most countries
_MONTHS = [date(2026, month, 1) for month in range(1, 13)]  # between them lie months of every length
_OPEN = [time(hour) for hour in range(8, 18)]  # when visits begin


@dataclass(frozen=True, slots=True)
class Leeway:
    """For one visit; negative where the last moment has passed."""

    planned: timedelta  # from when it goes
    late: timedelta  # from when it may go at the latest


def leeways(email: Email, notice: Offset, programme: Programme) -> Mapping[datetime, Leeway]:
    """For visits at every hour of a week, and where months count, of the first of each; those for whom it goes.

    The last moment lies `notice` before a visit, counted as a schedule counts it. Visits are times by the wall.
    """
    send = email.send
    if send.offset is None or abs(lead(send)) > FARTHEST * DAY:
        return {}
    field = programme.dictionary.fields.get(source_of(send.anchor, programme.dictionary))
    is_day = field is not None and field.type.name == "date"
    place = place_of(programme)
    try:
        return _leeways(send.offset, send.at, send.shift, send.quiet, send.expires, notice, is_day, place)
    except UnknownCalendarError:  # which has its finding
        return {}


def in_most_of_a_day(cases: Iterable[tuple[datetime, bool]]) -> bool:
    """Is it so for more than half of the visits of some day?"""
    days: dict[date, list[bool]] = {}
    for visit, is_so in cases:
        days.setdefault(visit.date(), []).append(is_so)
    return any(2 * sum(found) > len(found) for found in days.values())


@lru_cache(maxsize=256)
def _leeways(
    offset: Offset, at: str, shift: str, quiet: str, expires: str, notice: Offset, is_day: bool, place: Place
) -> Mapping[datetime, Leeway]:
    timing = once_at(offset, at, shift, quiet, expires)
    back = Offset(unit=notice.unit, months=-notice.months, days=-notice.days, minutes=-notice.minutes)
    cutoff = once_at(back, "", "none", "later", "")
    is_by_month = any(isinstance(one, Offset) and one.months for one in (offset, timing.expires, notice))
    found: dict[datetime, Leeway] = {}
    for day in (*_WEEK, *(_MONTHS if is_by_month else ())):
        for visit in (datetime.combine(day, hour) for hour in _OPEN):
            start = instant_of(visit, place.zone)
            goes = moment_on_calendar(timing, Anchor(id="", start=day if is_day else start), place)
            latest = moment_on_calendar(cutoff, Anchor(id="", start=start), place)
            if goes is not None and goes.send is not None and latest is not None:
                ends = wall_of(latest.due, place.zone) - last_by_wall(goes, goes.send, place)
                found[visit] = Leeway(latest.due - goes.send, ends)
    return found
