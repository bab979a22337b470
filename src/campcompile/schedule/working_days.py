"""Working days by country and region; the one importer of `holidays`, whose version stands in every manifest.

Its data know make-up days (a Saturday that Taiwan works to bridge a holiday) and days observed in lieu.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from campcompile.syntax.suggest import nearest

if TYPE_CHECKING:
    from holidays import HolidayBase

_DAY = timedelta(days=1)
_LONGEST_REST = 60  # days: no calendar has so long a rest; what seems to is a mistake in the data


class UnknownCalendarError(ValueError):
    """No such country, or none of its regions; the text says what was meant, where that can be told."""


class WorkingDays:
    """The working days of "NO", "US", "FR-57" or another country, with or without a region (ISO 3166-2)."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._holidays = _read(code)
        self._known: dict[date, bool] = {}

    def is_working_day(self, day: date) -> bool:
        if day not in self._known:
            self._known[day] = bool(self._holidays.is_working_day(day))
        return self._known[day]

    def is_holiday(self, day: date) -> bool:
        """Whether it is a public holiday, whatever its weekday."""
        return day in self._holidays

    def counted(self, start: date, days: int) -> date:
        """The `days`-th working day strictly after `start` (before it, where negative), which doesn't count itself.

        Example: in Norway, Tuesday 7 April 2026 - 1 is Wednesday 1 April: Easter lies between. Zero is `start`.
        """
        step = _DAY if days > 0 else -_DAY
        day = start
        for _ in range(abs(days)):
            day = self._next(day + step, step)
        return day

    def shifted(self, day: date, shift: str) -> date:
        """`day`, or for `previous` and `next` the working day nearest to it on that side."""
        if shift == "none":
            return day
        return self._next(day, _DAY if shift == "next" else -_DAY)

    def _next(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_REST):
            if self.is_working_day(day):
                return day
            day += step
        raise AssertionError(f"no working day within {_LONGEST_REST} days in {self.code}")


@lru_cache(maxsize=64)
def working_days(code: str) -> WorkingDays:
    """Raises UnknownCalendarError for a country or region whose holidays aren't known."""
    return WorkingDays(code)


def _read(code: str) -> HolidayBase:
    import holidays  # 170 ms: only for campaigns that count working days

    country, _, region = code.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        raise UnknownCalendarError(f"no holidays are known for the country `{country}`{_meant(country, known)}")
    if region and region not in known[country]:
        there = known[country]
        raise UnknownCalendarError(f"no holidays are known for `{region}` in `{country}`{_meant(region, there)}")
    return holidays.country_holidays(country, subdiv=region or None)


def _meant(name: str, known: Iterable[str]) -> str:
    near = nearest(name, list(known))
    return f": did you mean `{near}`?" if near else ""
