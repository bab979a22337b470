"""Who goes on which day where only so many may: `per_day`, so that a first run of thousands comes bit by bit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from campcompile.schedule.quiet_hours import QuietHours
from campcompile.schedule.wall import instant_of, wall_of
from campcompile.values import dataclass

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A first e-mail: when it would go, and until when it may."""

    number: int
    site: str  # each site has its own turns
    send: datetime
    expires: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When it goes; None where its time is over before its turn comes."""

    wish: Wish
    send: datetime | None


def take_turns(
    wishes: Iterable[Wish], per_day: int, quiet: QuietHours | None, taken: Mapping[tuple[str, date], int]
) -> Iterator[Turn]:
    """Each wish on the first day from its own on that has room, at the same time of day; whose time ends first, first.

    `taken` counts what went already, by site and local day. Who would come too late takes nobody's turn.
    """
    days = _Days(per_day, taken)
    for wish in sorted(wishes, key=lambda wish: (wish.expires, wish.send, wish.number)):
        wall = wall_of(wish.send, wish.zone)
        day = days.with_room(wish.site, wall.date())
        send = wish.send if day == wall.date() else instant_of(datetime.combine(day, wall.time()), wish.zone)
        if quiet is not None:
            send = quiet.later(send, wish.zone)
        if send > wish.expires:
            yield Turn(wish=wish, send=None)
        else:
            days.take(wish.site, day)
            yield Turn(wish=wish, send=send)


class _Days:
    """How full each site's days are."""

    def __init__(self, per_day: int, taken: Mapping[tuple[str, date], int]) -> None:
        self.per_day = per_day
        self.taken = Counter(taken)
        self.after: dict[tuple[str, date], date] = {}  # a full day → the next one that may have room

    def with_room(self, site: str, day: date) -> date:
        passed = []
        while self.taken[site, day] >= self.per_day:
            passed.append(day)
            day = self.after.get((site, day), day + _DAY)
        for full in passed:
            self.after[site, full] = day
        return day

    def take(self, site: str, day: date) -> None:
        self.taken[site, day] += 1
