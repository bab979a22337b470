"""Run days: which e-mails of one run wait behind others of it, as a run sends one a day, and are lost by that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

from campcompile.analysis.anchoring import DAY, lead, of_one_anchor, place_of
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.schedule.life import next_day
from campcompile.schedule.moments import Moment, moment, moments
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.schedule.wall import wall_of
from campcompile.schedule.working_days import UnknownCalendarError
from campcompile.values import dataclass

_LONG_ENOUGH = timedelta(days=400)  # what repeats at all comes again within it
_NOON = time(12)
_FARTHEST = 3660  # days


@dataclass(frozen=True, slots=True)
class Lost:
    """An e-mail whose time is over before its run may send it, and the one that went on its last day."""

    email: Email
    behind: Email


def lost_in_run(campaign: Campaign, programme: Programme, today: date) -> Iterator[Lost]:
    """Each e-mail that one day or other waits behind earlier ones of the file until it expires, once.

    Only those that everybody gets count, and only against others that count from the same thing.
    """
    for emails in of_one_anchor(campaign, programme.dictionary):
        series = tuple(email for email in emails if email.condition is None and _is_near(email))
        if _may_meet(series):
            yield from _lost(campaign, series, programme, today)


def _is_near(email: Email) -> bool:
    """Does it count from something, and not over decades, which would be a slip?"""
    return email.send.offset is not None and abs(lead(email.send)) < _FARTHEST * DAY


def _may_meet(series: tuple[Email, ...]) -> bool:
    """Can two of them fall on one day at all? Most can't, and nothing need be counted."""
    if len(series) < 2:
        return False
    days = [int(lead(email.send) / DAY) for email in series]
    return any(email.send.repeat for email in series) or len(set(days)) < len(days)


def _lost(campaign: Campaign, series: tuple[Email, ...], programme: Programme, today: date) -> Iterator[Lost]:
    place = place_of(programme)
    waiting: dict[date, list[tuple[int, datetime, Moment, Email]]] = {}
    for email in series:
        for found in _moments(email, programme, place, today):
            if found.send is not None:
                item = campaign.emails.index(email), found.send, found, email
                waiting.setdefault(wall_of(found.send, place.zone).date(), []).append(item)
    told: set[str] = set()
    day = min(waiting, default=today)
    while waiting:
        here = sorted(waiting.pop(day, ()), key=lambda item: item[:2])
        for position, when, found, email in here[1:]:
            later = next_day(when, place.zone)
            if later <= found.expires:
                waiting.setdefault(day + timedelta(days=1), []).append((position, later, found, email))
            elif email.id not in told:
                told.add(email.id)
                yield Lost(email, here[0][3])
        day = min(waiting, default=day)


def _moments(email: Email, programme: Programme, place: Place, today: date) -> Iterator[Moment]:
    """When one e-mail goes for something that is at noon today, or today."""
    field = programme.dictionary.fields.get(email.send.anchor)
    is_day = email.send.anchor == "entry" or (field is not None and field.type.name == "date")
    noon = datetime.combine(today, _NOON, place.zone).astimezone(UTC)
    anchor = Anchor(id="", start=today if is_day else noon)
    timing = Timing.of(email.send)
    with suppress(OverflowError, UnknownCalendarError):  # it expires beyond the calendar, or of one that isn't known
        if timing.repeat is not None:
            yield from (found for _, found in moments(timing, anchor, place, noon - _LONG_ENOUGH, noon + _LONG_ENOUGH))
        else:
            yield moment(timing, anchor, place)
