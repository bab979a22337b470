"""Event days: how many days before or after its event an e-mail comes, as planned and when it goes late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from campcompile.analysis.anchoring import DAY, lead, place_of, source_of
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.timing import Offset, Unit, parse_date, parse_offset
from campcompile.schedule.moments import Moment, Why, dated_moment, moment
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.schedule.wall import wall_of
from campcompile.schedule.working_days import UnknownCalendarError
from campcompile.values import dataclass

_FIRST_MONDAY = date(2026, 6, 1)  # of two weeks without a holiday or a change of clocks in most countries
_FORTNIGHT = 14
_OPEN = [time(hour, minute) for hour in range(8, 18) for minute in (0, 30)]  # when visits begin
_LONGEST = 40  # days late that are counted
FARTHEST = 3660  # days from its event: what is farther is a slip, and takes long to count


@dataclass(frozen=True, slots=True)
class EventDays:
    """Days from sending to the event: 1 is the day before, -1 the day after."""

    planned: frozenset[int]
    late: frozenset[int]  # what is added by sending until it expires


def event_days(campaign: Campaign, email: Email, programme: Programme) -> EventDays:
    """Of an e-mail that counts from an event; nothing where it never goes."""
    place = place_of(programme)
    planned: set[int] = set()
    late: set[int] = set()
    for anchor, found in _moments(campaign, email, programme, place):
        if found.send is not None:
            day = anchor.day_in(place.zone)
            first = (day - wall_of(found.send, place.zone).date()).days
            planned.add(first)
            last = (day - last_by_wall(found, found.send, place).date()).days
            late.update(range(max(last, first - _LONGEST), first))
    return EventDays(frozenset(planned), frozenset(late - planned))


def never_goes(campaign: Campaign, email: Email, programme: Programme, place: Place) -> Why | None:
    """Why an e-mail goes for no event at all, at whatever hour of an open day; None for one that goes."""
    send = email.send
    if send.zone != "site" or not (send.offset or send.dates):
        return None
    is_by_day = place.quiet is None or (send.at and not place.quiet.hold_at(time.fromisoformat(send.at)))
    if is_by_day and not send.expires:
        return None  # nothing holds it, and nothing ends early: so it is with all but a few
    whys: set[Why | None] = set()
    for _, found in _moments(campaign, email, programme, place):
        whys.add(found.why_not)
        if found.why_not is None:
            return None
    return min((why for why in whys if why is not None), key=lambda why: why.value, default=None)


def _moments(campaign: Campaign, email: Email, programme: Programme, place: Place) -> Iterable[tuple[Anchor, Moment]]:
    """The first time that an e-mail goes, for events at every hour; for a date, that date's; none for a far one."""
    if abs(lead(email.send)) > FARTHEST * DAY:
        return ()
    try:
        return _found(campaign, email, programme, place)
    except (OverflowError, UnknownCalendarError):  # beyond the calendar, or of a calendar that has its finding
        return ()


def _found(campaign: Campaign, email: Email, programme: Programme, place: Place) -> Iterable[tuple[Anchor, Moment]]:
    send, timing = email.send, Timing.of(email.send)
    if send.offset is None:
        day = timing.day_for(campaign.locales[0])
        if day is None or timing.at is None:
            return ()
        return ((Anchor(id="", start=day), dated_moment(timing, day, place)),)
    if send.anchor == "event.start" and campaign.event is not None:
        anchor = Anchor(id="", start=campaign.event.start.astimezone(UTC))
        return ((anchor, moment(timing, anchor, place)),)
    field = programme.dictionary.fields.get(source_of(send.anchor, programme.dictionary))
    is_day = send.anchor == "entry" or (field is not None and field.type.name == "date")
    return _of_visits(send.offset, send.at, send.shift, send.quiet, send.expires, is_day, place)


@lru_cache(maxsize=256)
def _of_visits(
    offset: Offset, at: str, shift: str, quiet: str, expires: str, is_day: bool, place: Place
) -> tuple[tuple[Anchor, Moment], ...]:
    """What one timing makes of events at every hour: few timings stand in many campaigns."""
    timing = once_at(offset, at, shift, quiet, expires)
    every_weekday = shift != "none" or offset.unit is Unit.BUSINESS
    return tuple((anchor, moment(timing, anchor, place)) for anchor in _anchors(is_day, every_weekday, place))


def once_at(offset: Offset, at: str, shift: str, quiet: str, expires: str) -> Timing:
    """The timing of the first time that an e-mail goes."""
    return Timing(
        offset=offset,
        dates={},
        at=time.fromisoformat(at) if at else None,
        shift=shift,
        quiet=quiet,
        expires=parse_date(expires) or parse_offset(expires),
        repeat=None,
        times=None,
    )


def last_by_wall(found: Moment, send: datetime, place: Place) -> datetime:
    """The last instant at which it may go, by the wall; quiet hours hold what goes late too."""
    last = found.expires
    if place.quiet is not None and place.quiet.hold(last, place.zone):
        last = place.quiet.earlier(last, place.zone)
    return wall_of(max(last, send), place.zone)


@lru_cache(maxsize=64)
def _anchors(is_day: bool, every_weekday: bool, place: Place) -> tuple[Anchor, ...]:
    """Events on a day, or on each day of two weeks, at every half hour that practices are open."""
    days = [_FIRST_MONDAY + timedelta(days=number) for number in range(_FORTNIGHT if every_weekday else 1)]
    if is_day:
        return tuple(Anchor(id="", start=day) for day in days)
    return tuple(
        Anchor(id="", start=datetime.combine(day, at, place.zone).astimezone(UTC)) for day in days for at in _OPEN
    )
