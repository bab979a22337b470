"""Since when a rolling window such as `P7D` counts."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, time, timedelta

from campcompile.zones import zone

_DAYS = re.compile(r"P(?:(?P<months>[0-9]{1,3})M)?(?:(?P<days>[0-9]{1,4})D)?")
_HOURS = re.compile(r"PT(?:(?P<hours>[0-9]{1,5})H)?(?:(?P<minutes>[0-9]{1,6})M)?")


def counted_since(duration: str, now: datetime, zone_name: str) -> datetime:
    """The instant a duration before `now`: months and days by the wall clock of a zone, hours by the clock.

    Months clamp to the month's end. Raises ValueError for what is no duration.
    """
    if found := _HOURS.fullmatch(duration):
        return now - timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    found = _DAYS.fullmatch(duration)
    if found is None:
        raise ValueError(f"`{duration}` is no duration")
    wall = now.astimezone(zone(zone_name)).replace(tzinfo=None)
    month = wall.year * 12 + wall.month - 1 - int(found["months"] or 0)
    year, month = divmod(month, 12)
    day = min(wall.day, monthrange(year, month + 1)[1])
    moved = wall.replace(year=year, month=month + 1, day=day) - timedelta(days=int(found["days"] or 0))
    return moved.replace(tzinfo=zone(zone_name)).astimezone(UTC)


def agreed_since(max_age: str, now: datetime, zone_name: str) -> datetime:
    """The earliest yes that still holds; the ledger knows the day of a yes, and keeps it as midnight in UTC.

    Months and days lead to the end of a day, as in the plan; hours count from the first of the day of the yes.
    """
    since = counted_since(max_age, now, zone_name)
    if max_age.startswith("PT"):
        return since
    return datetime.combine(since.astimezone(zone(zone_name)).date(), time(), UTC)
