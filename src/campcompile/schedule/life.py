"""What becomes of a run's e-mails: which of several goes, how often, when again (time.md 7, 8, 10, 11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from campcompile.model.timing import Unit, parse_offset
from campcompile.schedule.timing import Anchor
from campcompile.schedule.wall import end_of_day, instant_of, instants_of, moved, start_of_day, wall_of
from campcompile.values import dataclass

T = TypeVar("T")
LAYERS = ("essential", "updates", "promotional")  # who goes first where not all may


def last_past_due(found: Iterable[tuple[datetime, int, T]]) -> T | None:
    """Of several (due, place in the file, e-mail) that are past due in one run only the last goes."""
    return max(found, key=lambda item: item[:2], default=(None, 0, None))[2]


def fires_again(sent_for: Anchor, anchor: Anchor, zone: ZoneInfo) -> bool:
    """Whether an e-mail that went out goes again after its anchor was moved: only to another local date.

    `zone` is the site's of the anchor's record.
    """
    return sent_for.day_in(zone) != anchor.day_in(zone)


def next_day(send: datetime, zone: ZoneInfo) -> datetime:
    """The same wall time on the next local day: where an e-mail waits that comes second on its day."""
    return instant_of(wall_of(send, zone) + timedelta(days=1), zone)


def may_begin_again(reenter: str, began: Sequence[datetime], now: datetime, zone: ZoneInfo) -> bool:
    """Whether a person may begin another run: `began` are the earlier ones of this campaign.

    `per_anchor` always (the caller knows which anchors had theirs), `once` never, a duration counts from the last.
    """
    if not began or reenter == "per_anchor":
        return True
    return reenter != "once" and now >= after(max(began), reenter, zone)


def after(instant: datetime, duration: str, zone: ZoneInfo) -> datetime:
    """A duration such as `P6M` or `PT48H` after an instant: months and days by the wall, hours by the clock."""
    offset = parse_offset(duration)
    assert offset is not None and offset.unit is not Unit.BUSINESS, duration
    if offset.unit is Unit.ABSOLUTE:
        return instant + timedelta(minutes=offset.minutes)
    later = instants_of(moved(wall_of(instant, zone), offset.months, offset.days), zone)
    return next((end for end in later if end > instant), later[-1])


def consent_ends(given: date, max_age: str, zone: ZoneInfo) -> datetime:
    """The last instant at which a yes that was given on a day may be relied on.

    Months and days lead to the end of a day, as a deadline does that counts from a day; nobody knows the hour at
    which the yes was given, so hours count from the first of its day.
    """
    end = after(start_of_day(given, zone), max_age, zone)
    if max_age.startswith("PT"):
        return end
    return end_of_day(wall_of(end, zone).date(), zone)


@dataclass(frozen=True, slots=True)
class FrequencyCap:
    """At most `max` e-mails of other campaigns in any `per`."""

    max: int
    per: str  # "P7D"

    def free_at(self, wish: datetime, others: Iterable[datetime], zone: ZoneInfo) -> datetime:
        """The first instant from `wish` on with fewer than `max` of `others` in the time `per` up to it.

        `others` are what other campaigns sent to this person, or have on its way or planned, in any order.
        """
        ends = sorted(end for other in others if other <= wish and (end := after(other, self.per, zone)) > wish)
        return wish if len(ends) < self.max else ends[len(ends) - self.max]
