"""Offsets, dates and times: what is read, and what contradicts itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campcompile.model.lengths import always_after, ever_after
from campcompile.model.read import reader
from campcompile.model.sending import Anchor, read_send
from campcompile.model.timing import Offset, Unit, nearest_offset, parse_offset
from campcompile.schedule.wall import moved
from campcompile.syntax.findings import Findings
from campcompile.syntax.source import Source
from campcompile.syntax.yaml import read_yaml

APPOINTMENT = Anchor(name="appointment.start", is_datetime=True)
BIRTHDAY = Anchor(name="patient.birth_date", is_datetime=False)


def findings_of(text: str, anchor: Anchor = APPOINTMENT, *, has_holidays: bool = True) -> list[str]:
    source = Source("a.yaml", text + "\n")
    findings = Findings()
    document = read_yaml(source).value
    read_send(reader(document.root), anchor, has_holidays=has_holidays, findings=findings)
    return [f"{found.rule.code} {source.quote(found.span)}" for found in findings]


@pytest.mark.parametrize("text", ["-P7D", "P12M", "P1M14D", "-PT24H", "PT0M", "PT1H30M", "4BD", "0BD", "-1BD", "P0D"])
def test_offsets_of_the_language_are_read_and_print_as_written(text: str) -> None:
    assert str(parse_offset(text)) == text


@pytest.mark.parametrize("text", ["", "P", "PT", "-d", "3 bananas", "P1D1M", "P1DT1H", "BD", "P1W", "７D", "P1D\n"])
def test_anything_else_is_no_offset(text: str) -> None:
    assert parse_offset(text) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("-1D", "-P1D"), ("3 days before", "-P3D"), ("2w", "P14D"), ("-P1W", "-P7D"), ("6 months", "P6M"),
        ("-P24H", "-PT24H"), ("−2 hours", "-PT2H"), ("2 working days after", "2BD"), ("1m", ""), ("soon", ""),
    ],
)  # fmt: skip
def test_what_was_surely_meant_is_an_offset_that_is_read(said: str, meant: str) -> None:
    assert nearest_offset(said) == meant
    assert not meant or str(parse_offset(meant)) == meant


@given(st.sampled_from(Unit), st.integers(0, 60), st.integers(0, 400), st.booleans())
def test_an_offset_prints_as_what_reads_back(unit: Unit, many: int, few: int, before: bool) -> None:
    sign = -1 if before else 1
    match unit:
        case Unit.CALENDAR:
            offset = Offset(unit=unit, months=sign * many, days=sign * few)
        case Unit.ABSOLUTE:
            offset = Offset(unit=unit, minutes=sign * few)
        case Unit.BUSINESS:
            offset = Offset(unit=unit, days=sign * many)
    assert parse_offset(str(offset)) == offset


def test_a_good_send_has_no_finding() -> None:
    assert findings_of('offset: -P7D\nat: "09:00"\nexpires: -P4D') == []


def test_hours_and_a_time_of_day_contradict() -> None:
    assert findings_of('offset: -PT24H\nat: "09:00"') == ['SCH051 "09:00"']


def test_days_from_a_date_need_a_time() -> None:
    assert findings_of("offset: P0D", BIRTHDAY) == ["SCH051 P0D"]


def test_days_from_a_datetime_keep_its_time() -> None:
    assert findings_of("offset: -P1D") == []


def test_hours_from_a_date_contradict() -> None:
    assert findings_of("offset: -PT24H", BIRTHDAY) == ["SCH051 -PT24H"]


def test_working_days_need_holidays() -> None:
    assert findings_of('offset: 2BD\nat: "09:00"', has_holidays=False) == ["SCH051 2BD"]
    assert findings_of('offset: P1D\nat: "09:00"\nshift: next', has_holidays=False) == ["SCH051 next"]
    assert findings_of('offset: P1D\nat: "09:00"\nexpires: 3BD', has_holidays=False) == ["SCH051 3BD"]
    assert findings_of('date: "2026-12-05"\nat: "09:00"\nshift: next', has_holidays=False) == ["SCH051 next"]


def test_due_within_two_hours_must_say_when_it_expires() -> None:
    assert findings_of("offset: -PT2H") == ["SCH051 -PT2H"]
    assert findings_of("offset: -PT2H\nexpires: -PT1H") == []


def test_expiring_before_it_is_due_is_found() -> None:
    assert findings_of('offset: -P7D\nat: "09:00"\nexpires: -P9D') == ["SCH051 -P9D"]


@pytest.mark.parametrize(
    ("offset", "expires", "is_told"),
    [
        ("-P90D", "-P2M", False),  # two months are 62 days at most
        ("-P2M", "-P90D", True),
        ("-P30D", "-P1M", False),  # in some months only
        ("-P1M", "-P31D", False),
        ("-P1M", "-P32D", True),
        ("P2M", "P58D", True),
        ("P2M", "P59D", False),  # 31 December to 28 February
        ("-PT48H", "-PT49H", True),
    ],
)
def test_a_contradiction_is_told_where_it_is_one_in_every_month(offset: str, expires: str, is_told: bool) -> None:
    assert findings_of(f"offset: {offset}\nexpires: {expires}") == ([f"SCH051 {expires}"] if is_told else [])


@given(st.dates(date(1930, 1, 1), date(2090, 1, 1)), *[st.integers(-40, 40)] * 2, *[st.integers(-70, 70)] * 2)
def test_what_is_always_after_is_so_from_any_day(day: date, months: int, more: int, days: int, many: int) -> None:
    one, other = (Offset(unit=Unit.CALENDAR, months=m, days=d) for m, d in ((months, days), (more, many)))
    is_after = moved(day, months, days) > moved(day, more, many)
    assert is_after or not always_after(one, other)
    assert ever_after(one, other) or not is_after


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "20260908", "2026-W01-1", "8.9.2026"])
def test_a_date_that_does_not_exist_is_found(day: str) -> None:
    assert findings_of(f'date: "{day}"\nat: "09:00"') == [f'SCH050 "{day}"']


def test_a_date_needs_a_time() -> None:
    assert findings_of('date: "2026-09-08"') == ['SCH051 "2026-09-08"']


def test_a_repeat_is_at_least_a_day() -> None:
    assert findings_of('offset: P0D\nat: "09:00"\nrepeat: PT12H') == ["SCH050 PT12H"]
