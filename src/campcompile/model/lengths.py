"""Offsets beside each other: whether one leads past another from any day at all, as months have 28 to 31 days."""

from __future__ import annotations

import calendar
from datetime import date
from functools import lru_cache

from campcompile.model.timing import Offset

_FIRST_YEAR = 2024
_FOUR_YEARS = 48  # months: what comes after repeats, but for three years in four hundred
_CLAMPED = (1, 29, 30, 31)  # of days, the first stands for those that every month has


def always_after(offset: Offset, other: Offset) -> bool:
    """Is the one later than the other from whatever day they count? Both are of one unit.

    Example: `-P2M` is always after `-P90D`, as two months never are so long; `P1M` isn't always after `P28D`.
    """
    return offset.minutes - other.minutes > 0 or _days_after(offset, other)[0] > 0


def ever_after(offset: Offset, other: Offset) -> bool:
    """Is there a day from which the one is later than the other? Both are of one unit.

    Example: `P1M` is after `P30D` in a month of 31 days, and never after `P31D`.
    """
    return offset.minutes - other.minutes > 0 or _days_after(offset, other)[1] > 0


def fewest_days(offset: Offset) -> int:
    """How many days a calendar offset surely is: of `P24M` 730."""
    return _days_between(0, offset.months)[0] + offset.days


def _days_after(offset: Offset, other: Offset) -> tuple[int, int]:
    """How many days the one lies after the other, at the least and at the most."""
    least, most = _days_between(other.months, offset.months)
    return least + offset.days - other.days, most + offset.days - other.days


@lru_cache(maxsize=256)
def _days_between(months: int, more_months: int) -> tuple[int, int]:
    """The fewest and the most days from a day plus `months` to the same day plus `more_months`."""
    if months == more_months:
        return 0, 0
    first = 12 * _FIRST_YEAR
    distances = [
        _ordinal(month + more_months, day) - _ordinal(month + months, day)
        for month in range(first, first + _FOUR_YEARS)
        for day in _CLAMPED
    ]
    return min(distances), max(distances)


def _ordinal(month: int, day: int) -> int:
    """The number of a day of a month, which is counted from the year 0; clamped to its end."""
    year, number = month // 12, month % 12 + 1
    return date(year, number, min(day, calendar.monthrange(year, number)[1])).toordinal()
