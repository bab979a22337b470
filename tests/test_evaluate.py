"""Formulas: three-valued logic, dates, ages, sites and zones, as tables one can read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.errors import RenderError
from campcompile.evaluate import Value, evaluate, length_of_time, whole_months
from campcompile.formula import (
    And,
    Compare,
    Const,
    DateConst,
    Default,
    Elapsed,
    FieldRef,
    Format,
    Formula,
    Has,
    LocalDate,
    Lookup,
    Not,
    OneOf,
    Or,
    Set,
    Today,
)

NOW = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
T, F, U = True, False, None
OSLO = Const("Europe/Oslo")


def value(formula: Formula, now: datetime = NOW, **row: Value) -> Value:
    return evaluate(formula, row, now)


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [(T, T, T, T), (T, F, F, T), (T, U, U, T), (F, F, F, F), (F, U, F, U), (U, U, U, U)],
)
def test_and_and_or_are_kleenes(a: bool | None, b: bool | None, both: bool | None, either: bool | None) -> None:
    for left, right in ((a, b), (b, a)):
        assert value(And((FieldRef("a"), FieldRef("b"))), a=left, b=right) is both
        assert value(Or((FieldRef("a"), FieldRef("b"))), a=left, b=right) is either


@pytest.mark.parametrize(("a", "opposite"), [(T, F), (F, T), (U, U)])
def test_not_leaves_the_unknown_unknown(a: bool | None, opposite: bool | None) -> None:
    assert value(Not(FieldRef("a")), a=a) is opposite


@pytest.mark.parametrize("op", ["==", "!=", "<", "<=", ">", ">="])
def test_a_comparison_with_what_is_missing_is_unknown(op: str) -> None:
    assert value(Compare(op, FieldRef("x"), Const("a"))) is None
    assert value(Compare(op, Const("a"), FieldRef("x"))) is None
    assert value(Compare(op, FieldRef("x"), Const("a")), x="") is None


def test_who_has_no_value_is_neither_equal_nor_unequal_to_it() -> None:
    assert value(Compare("!=", FieldRef("status"), Const("cancelled"))) is None
    assert value(Not(Compare("==", FieldRef("status"), Const("cancelled")))) is None


@pytest.mark.parametrize(("op", "expected"), [("==", F), ("!=", T), ("<", T), ("<=", T), (">", F), (">=", F)])
def test_numbers_texts_and_days_compare_with_their_like(op: str, expected: bool) -> None:
    assert value(Compare(op, FieldRef("x"), Const(7)), x=3) is expected
    assert value(Compare(op, FieldRef("x"), Const(7)), x=6.5) is expected
    assert value(Compare(op, FieldRef("x"), Const("b")), x="a") is expected
    assert value(Compare(op, FieldRef("x"), DateConst("2026-03-13")), x=date(2026, 3, 12)) is expected


def test_what_is_not_of_a_kind_is_an_error_that_names_the_field_and_not_the_value() -> None:
    with pytest.raises(RenderError, match=r"`patient.x`") as caught:
        evaluate(Compare("<", FieldRef("patient.x"), Const(7)), {"patient.x": "Kari"}, NOW)
    assert "Kari" not in str(caught.value)


def test_a_list_holds_a_value_or_not_and_a_missing_one_holds_nothing() -> None:
    assert value(Has(FieldRef("topics"), "flu"), topics=("flu", "sun")) is True
    assert value(Has(FieldRef("topics"), "fl"), topics=("flu",)) is False
    assert value(Has(FieldRef("topics"), "flu")) is False


def test_one_of_is_unknown_where_the_value_is_missing() -> None:
    assert value(OneOf(FieldRef("s"), ("booked", "confirmed")), s="booked") is True
    assert value(OneOf(FieldRef("s"), ("booked",)), s="cancelled") is False
    assert value(OneOf(FieldRef("s"), ("booked",))) is None


@pytest.mark.parametrize(("given_", "is_set"), [(None, F), ("", F), ((), F), ("a", T), (0, T), (False, T), (("a",), T)])
def test_set_is_never_unknown_and_empty_counts_as_missing(given_: Value, is_set: bool) -> None:
    assert value(Set(FieldRef("x")), x=given_) is is_set


def test_a_default_stands_in_for_what_is_missing_only() -> None:
    assert value(Default(FieldRef("deceased"), False)) is False
    assert value(Default(FieldRef("deceased"), False), deceased=True) is True


@pytest.mark.parametrize(
    ("row", "phone"),
    [
        ({}, "+47 1"),
        ({"patient.site": "b"}, "+47 3"),
        ({"appointment.site": "a", "patient.site": "b"}, "+47 2"),
        ({"appointment.site": "elsewhere", "patient.site": "b"}, "+47 1"),
    ],
)
def test_the_first_site_that_is_set_chooses_the_practices_value(row: dict[str, Value], phone: str) -> None:
    lookup = Lookup(("appointment.site", "patient.site"), (("a", "+47 2"), ("b", "+47 3")), "+47 1")
    assert evaluate(lookup, row, NOW) == phone


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),  # months clamp to the month's end
        ("2026-08-31", "2027-02-28", 6),
        ("2026-08-31", "2027-08-30", 11),
        ("2026-08-31", "2027-08-31", 12),
        ("2026-03-15", "2026-03-15", 0),
        ("2026-03-15", "2026-03-14", -1),
        ("2026-03-20", "2026-02-10", -2),
        ("2026-03-10", "2026-02-20", -1),
    ],
)
def test_whole_months(since: str, until: str, months: int) -> None:
    assert whole_months(date.fromisoformat(since), date.fromisoformat(until)) == months


@settings(max_examples=200, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2199, 1, 1)), st.dates(date(1900, 1, 1), date(2199, 1, 1)))
def test_whole_months_are_the_most_that_do_not_pass_the_end(since: date, until: date) -> None:
    def later(months: int) -> date:
        year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
        day = since.day
        while True:
            try:
                return date(year, month + 1, day)
            except ValueError:
                day -= 1

    months = whole_months(since, until)
    assert later(months) <= until < later(months + 1)


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        ("2000-02-29", "2018-02-27", 17),
        ("2000-02-29", "2018-02-28", 18),  # in common years the birthday is the 28th
        ("2000-02-29", "2020-02-28", 19),
        ("2000-02-29", "2020-02-29", 20),
        ("1976-03-06", "2026-03-05", 49),
        ("1976-03-05", "2026-03-05", 50),
        ("2026-03-06", "2026-03-05", -1),
    ],
)
def test_age_counts_birthdays(born: str, today: str, age: int) -> None:
    noon = datetime.fromisoformat(today).replace(hour=12, tzinfo=UTC)
    assert value(Elapsed("years", FieldRef("born"), Today(OSLO)), noon, born=date.fromisoformat(born)) == age


def test_days_since_are_calendar_days_and_negative_ahead() -> None:
    since = Elapsed("days", LocalDate(FieldRef("at"), OSLO), Today(OSLO))
    assert value(since, at=NOW - timedelta(days=10)) == 10
    assert value(since, at=NOW + timedelta(days=10)) == -10
    assert value(since) is None


@pytest.mark.parametrize(
    ("instant", "zone", "day", "clock"),
    [
        ("2026-03-08T07:30:00+00:00", "America/New_York", "8 March 2026", "03:30"),  # 02:30 is not there
        ("2026-10-25T00:30:00+00:00", "Europe/Paris", "25 October 2026", "02:30"),  # first of two
        ("2026-10-25T01:30:00+00:00", "Europe/Paris", "25 October 2026", "02:30"),  # second of two
        ("2026-10-03T15:45:00+00:00", "Australia/Lord_Howe", "4 October 2026", "02:45"),  # half an hour
        ("2011-12-30T09:59:00+00:00", "Pacific/Apia", "29 December 2011", "23:59"),
        ("2011-12-30T10:00:00+00:00", "Pacific/Apia", "31 December 2011", "00:00"),  # the 30th is skipped
        ("2026-03-05T23:30:00+00:00", "Europe/Oslo", "6 March 2026", "00:30"),
    ],
)
def test_a_datetime_prints_in_its_zone(instant: str, zone: str, day: str, clock: str) -> None:
    at = datetime.fromisoformat(instant)
    assert value(Format("date", "en", FieldRef("at"), Const(zone)), at=at) == day
    assert value(Format("time", "en", FieldRef("at"), Const(zone)), at=at) == clock


def test_today_is_the_day_of_sending_in_the_zone() -> None:
    late = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert value(Today(OSLO), late) == date(2026, 3, 6)
    assert value(Today(Const("America/New_York")), late) == date(2026, 3, 5)


def test_a_zone_that_is_none_is_an_error() -> None:
    with pytest.raises(RenderError):
        value(Today(Const("../../etc/passwd")))
    with pytest.raises(RenderError):
        value(Today(FieldRef("zone")))


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2026-03-05", "2026-03-05", (0, "days")),
        ("2026-02-10", "2026-03-05", (23, "days")),
        ("2026-02-05", "2026-03-05", (1, "months")),
        ("2025-01-05", "2026-03-05", (14, "months")),
        ("2024-03-05", "2026-03-05", (2, "years")),
        ("2026-03-05", "2025-01-05", (14, "months")),
    ],
)
def test_a_length_of_time_is_told_as_a_person_would(since: str, until: str, expected: tuple[int, str]) -> None:
    assert length_of_time(date.fromisoformat(since), date.fromisoformat(until)) == expected


def test_elapsed_reads_as_words() -> None:
    visit = datetime(2025, 1, 2, 9, 0, tzinfo=UTC)
    assert value(Format("elapsed", "en", FieldRef("visit"), OSLO), visit=visit) == "14 months"
    assert value(Format("elapsed", "nb", FieldRef("visit"), OSLO), visit=visit) == "14 måneder"
    assert value(Format("elapsed", "en", FieldRef("visit"), OSLO)) is None


def test_other_styles() -> None:
    assert value(Format("text", "en", FieldRef("x")), x="Kari") == "Kari"
    assert value(Format("text", "en", FieldRef("x"))) is None
    assert value(Format("list", "fr", FieldRef("x")), x=("a", "b")) == "a et b"
    assert value(Format("number", "en", FieldRef("x")), x=1234) == "1,234"
    assert value(Format("weekday", "nb", FieldRef("x")), x=date(2026, 3, 12)) == "torsdag"
