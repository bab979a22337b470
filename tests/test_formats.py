"""Values as words: what a clinic in each country would write."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.formats import (
    date_words,
    elapsed_words,
    lineage,
    list_words,
    number_words,
    time_words,
    weekday_words,
)

DAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("locale", "day", "weekday", "nine", "half_past_three"),
    [
        ("en", "12 March 2026", "Thursday", "09:00", "15:30"),
        ("en-GB", "12 March 2026", "Thursday", "09:00", "15:30"),
        ("en-US", "March 12, 2026", "Thursday", "9:00\u00a0AM", "3:30\u00a0PM"),
        ("fr", "12 mars 2026", "jeudi", "09:00", "15:30"),
        ("nb", "12. mars 2026", "torsdag", "09:00", "15:30"),
        ("nn", "12. mars 2026", "torsdag", "09:00", "15:30"),
        ("zh-Hant", "2026年3月12日", "星期四", "上午9:00", "下午3:30"),
    ],
)
def test_a_day_and_a_time_read_as_people_write_them(
    locale: str, day: str, weekday: str, nine: str, half_past_three: str
) -> None:
    assert date_words(DAY, locale) == day
    assert weekday_words(DAY, locale) == weekday
    assert time_words(time(9, 0, 59), locale) == nine
    assert time_words(time(15, 30), locale) == half_past_three


def test_french_writes_the_first_of_a_month_as_an_ordinal() -> None:
    assert date_words(date(2026, 5, 1), "fr") == "1er mai 2026"
    assert date_words(date(2026, 5, 11), "fr") == "11 mai 2026"


@pytest.mark.parametrize(
    ("locale", "one", "many", "day", "days"),
    [
        ("en", "1 month", "14 months", "1 day", "14 days"),
        ("fr", "1\u00a0mois", "14\u00a0mois", "1\u00a0jour", "14\u00a0jours"),
        ("nb", "1 måned", "14 måneder", "1 dag", "14 dager"),
        ("nn", "1 månad", "14 månadar", "1 dag", "14 dagar"),
        ("zh-Hant", "1 個月", "14 個月", "1 天", "14 天"),
    ],
)
def test_a_length_of_time_has_the_plural_of_its_language(locale: str, one: str, many: str, day: str, days: str) -> None:
    assert elapsed_words(1, "months", locale) == one
    assert elapsed_words(14, "months", locale) == many
    assert elapsed_words(1, "days", locale) == day
    assert elapsed_words(14, "days", locale) == days


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "a, b and c"), ("en-US", "a, b, and c"), ("fr", "a, b et c"), ("nb", "a, b og c"), ("zh-Hant", "a、b和c")],
)
def test_a_list_reads_as_a_phrase(locale: str, words: str) -> None:
    assert list_words(("a", "b", "c"), locale) == words
    assert list_words(("a",), locale) == "a"
    assert list_words((), locale) == ""


def test_a_number_is_grouped_as_in_its_country() -> None:
    assert number_words(12345.5, "en") == "12,345.5"
    assert number_words(12345, "nb") == "12\u00a0345"


@pytest.mark.parametrize(
    ("locale", "same_as"),
    [("nb-NO-x-clinic", "nb"), ("fr-XX", "fr"), ("zh-TW", "zh-Hant"), ("tlh", "en"), ("../../etc", "en"), ("", "en")],
)
def test_an_unknown_locale_takes_the_nearest_parent(locale: str, same_as: str) -> None:
    assert date_words(DAY, locale) == date_words(DAY, same_as)
    assert list_words(("a", "b"), locale) == list_words(("a", "b"), same_as)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("zh-TW", ["zh-TW", "zh-Hant-TW", "zh-Hant"]),
        ("zh-CN", ["zh-CN", "zh-Hans-CN", "zh-Hans", "zh"]),
        ("en_gb", ["en-GB", "en"]),
        ("no", ["no", "nb"]),
        ("nn-NO", ["nn-NO", "nn"]),
        ("zh-hant", ["zh-Hant"]),
        ("tlh", []),
    ],
)
def test_wider_forms_of_a_locale_never_change_its_script(locale: str, expected: list[str]) -> None:
    assert list(lineage(locale)) == expected


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20), st.dates(), st.times(), st.integers(-(10**6), 10**6))
def test_no_locale_and_no_value_crashes(locale: str, day: date, moment: time, count: int) -> None:
    list(lineage(locale))
    for words in (
        date_words(day, locale),
        weekday_words(day, locale),
        time_words(moment, locale),
        elapsed_words(count, "years", locale),
        number_words(count, locale),
    ):
        assert words and "\u202f" not in words


def test_babel_is_not_imported_before_a_value_needs_it() -> None:
    code = "import sys, campcompile.formats, campcompile.render; sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
