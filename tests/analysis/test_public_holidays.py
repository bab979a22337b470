"""Public holidays at hand as data: the same ones as those of the package that knows all countries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from campcompile.analysis.public_holidays import is_public_holiday, wrong_calendar
from campcompile.schedule.working_days import working_days

SUNDAY = 6


@pytest.mark.parametrize("country", ["FR", "NO", "TW", "US"])
def test_the_data_say_what_the_package_says(country: str) -> None:
    calendar = working_days(country)
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(6 * 365 + 1)]
    known = [day for day in days if is_public_holiday(day, country)]
    assert known == [day for day in days if calendar.is_holiday(day) and day.weekday() != SUNDAY]


def test_other_countries_and_years_are_asked_of_the_package() -> None:
    assert is_public_holiday(date(2026, 4, 27), "NL")
    assert is_public_holiday(date(2045, 5, 17), "NO")
    assert not is_public_holiday(date(2026, 4, 27), "NX")


def test_a_calendar_that_is_not_there_is_told_with_the_one_that_was_meant() -> None:
    assert not wrong_calendar("NO")
    assert not wrong_calendar("FR-57")
    assert wrong_calendar("NOO") == "no holidays are known for the country `NOO`: did you mean `NO`?"
