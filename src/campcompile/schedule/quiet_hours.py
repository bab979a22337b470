"""Quiet hours: the part of the night in which nothing is sent; both ends are allowed instants (time.md 5)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from campcompile.regex import regex
from campcompile.schedule.wall import instants_of, wall_of
from campcompile.values import dataclass

_FORM = regex(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end` by the clock on the wall, mostly over midnight."""

    start: time
    end: time

    def hold(self, instant: datetime, zone: ZoneInfo) -> bool:
        """Whether an instant lies strictly inside."""
        return self.hold_at(wall_of(instant, zone).time())

    def hold_at(self, clock: time) -> bool:
        """Whether an hour of the wall's clock lies strictly inside."""
        if self.start < self.end:
            return self.start < clock < self.end
        return clock > self.start or clock < self.end

    def later(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """`instant`, or the end of the quiet hours that it lies in; never before `instant`."""
        while self.hold(instant, zone):
            wall = wall_of(instant, zone)
            day = wall.date() if wall.time() < self.end else wall.date() + _DAY
            ends = instants_of(datetime.combine(day, self.end), zone)
            # The clock may show the end twice; and a day may be missing, so that the end is another night's midst.
            instant = next((end for end in ends if end > instant), instant + _MINUTE)
        return instant

    def earlier(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """`instant`, or the start of the quiet hours that it lies in; never after `instant`."""
        while self.hold(instant, zone):
            wall = wall_of(instant, zone)
            day = wall.date() if wall.time() > self.start else wall.date() - _DAY
            starts = instants_of(datetime.combine(day, self.start), zone)
            # Where the clock jumps over the start, the quiet hours begin with the jump: step back to before it.
            instant = next((start for start in reversed(starts) if start < instant), instant - _MINUTE)
        return instant


def parse_quiet_hours(text: str) -> QuietHours | None:
    """`21:00-08:00`; None for "" and for anything else, equal ends too (all day, or never?)."""
    found = _FORM.fullmatch(text)
    if found is None or text[:5] == text[6:]:
        return None
    return QuietHours(time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4])))
