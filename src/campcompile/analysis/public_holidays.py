"""Public holidays of the countries that are at hand as data; of others, as their package tells them."""

from __future__ import annotations

from datetime import date
from functools import cache

from campcompile.schedule.working_days import UnknownCalendarError, working_days
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping, Scalar, Sequence

_DATA = "analysis/data/public_holidays.yaml"
_SUNDAY = 6
_LAST_YEAR = 2100  # what is farther is a slip of the finger


def is_public_holiday(day: date, calendar: str) -> bool:
    """Is it a public holiday in the country of a calendar (`NO`, `FR-57`), and no Sunday?

    A holiday of a region alone isn't told, nor any in a country that isn't known.
    """
    if day.weekday() == _SUNDAY or day.year > _LAST_YEAR:
        return False
    known = _known()
    country = calendar.partition("-")[0]
    if country in known and str(day.year) in known[country]:
        return f"{day:%m-%d}" in known[country][str(day.year)]
    try:
        return working_days(country).is_holiday(day)
    except UnknownCalendarError:
        return False


@cache
def wrong_calendar(calendar: str) -> str:
    """What is wrong with the name of a calendar; "" for a good one."""
    if calendar in _known():
        return ""
    try:
        working_days(calendar)
    except UnknownCalendarError as error:
        return str(error)
    return ""


@cache
def _known() -> dict[str, dict[str, frozenset[str]]]:
    """By country and year, the days as `05-17`."""
    return {
        entry.key.value: {
            year.key.value: frozenset(day.value for day in year.value.items if isinstance(day, Scalar))
            for year in entry.value.entries
            if isinstance(year.value, Sequence)
        }
        for entry in pack(_DATA).root.entries
        if isinstance(entry.value, Mapping)
    }
