"""What a formula is for one person at one instant: three-valued, None being missing or unknown (language.md §6).

A row is input, and now is an argument: there is no clock here. Dates count as time.md says: months
clamp to the month's end, so a birthday on 29 February falls on the 28th in common years.
"""

from __future__ import annotations

import calendar
import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TypeAlias, assert_never

from campcompile import formats
from campcompile.errors import RenderError
from campcompile.formula import (
    And,
    Compare,
    Const,
    DateConst,
    Default,
    Elapsed,
    Else,
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
    source_fields,
)  # fmt: skip
from campcompile.zones import zone

Value: TypeAlias = str | int | float | bool | date | datetime | tuple[str, ...] | None
Row: TypeAlias = Mapping[str, Value]

_COMPARE: Mapping[str, Callable[..., bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(formula: Formula, row: Row, now: datetime) -> Value:
    """The formula's value for one row at the instant `now`, which has a zone.

    An empty text or list in the row counts as missing. Raises RenderError for values that the formula
    can't be about (a text where a date belongs), naming the fields.
    """
    match formula:
        case FieldRef(field):
            return _given(row, field)
        case Const(value):
            return value
        case DateConst(iso):
            return date.fromisoformat(iso)
        case Default(of, value):
            found = evaluate(of, row, now)
            return value if found is None else found
        case Else(of, otherwise):
            found = evaluate(of, row, now)
            return evaluate(otherwise, row, now) if found is None else found
        case Lookup():
            return _looked_up(formula, row)
        case LocalDate(of, where):
            return _local_date(evaluate(of, row, now), where, row, now, formula)
        case Today(where):
            return _in_zone(now, where, row, now, formula).date()
        case Elapsed():
            return _elapsed(formula, row, now)
        case Format():
            return _words(formula, row, now)
        case _:
            return _yes_no(formula, row, now)


def whole_months(since: date, until: date) -> int:
    """The most months that can be added to `since` without passing `until`; negative where `since` lies ahead.

    Example: 31 January to 28 February 2026 is 1, as months clamp; 29 February 2024 to 28 February 2025 is 12.
    """
    months = 12 * (until.year - since.year) + until.month - since.month
    clamped = min(since.day, calendar.monthrange(until.year, until.month)[1])
    return months - (until.day < clamped)


def length_of_time(since: date, until: date) -> tuple[int, str]:
    """A distance as a person would tell it: days below a month, months below two years, then years.

    The order of the dates doesn't matter. Example: (14, "months").
    """
    first, last = sorted((since, until))
    months = whole_months(first, last)
    if months >= 24:
        return months // 12, "years"
    return (months, "months") if months else ((last - first).days, "days")


def _yes_no(formula: Has | Compare | OneOf | Set | Not | And | Or, row: Row, now: datetime) -> bool | None:
    match formula:
        case Has(of, value):
            found = evaluate(of, row, now)
            return isinstance(found, tuple) and value in found
        case Set(of):
            return evaluate(of, row, now) not in (None, "", ())
        case OneOf(of, choices):
            found = evaluate(of, row, now)
            return None if found is None else found in choices
        case Compare():
            return _compared(formula, row, now)
        case Not(of):
            found = evaluate(of, row, now)
            return None if found is None else not found
        case And(operands):
            return _all(evaluate(operand, row, now) for operand in operands)
        case Or(operands):
            found = _all(_negated(evaluate(operand, row, now)) for operand in operands)
            return None if found is None else not found
        case _:
            assert_never(formula)


def _all(operands: Iterable[Value]) -> bool | None:
    """Kleene's and: false if any is false, else unknown if any is unknown."""
    result: bool | None = True
    for operand in operands:
        if operand is False:
            return False
        if operand is None:
            result = None
    return result


def _negated(value: Value) -> bool | None:
    return None if value is None else not value


def _given(row: Row, field: str) -> Value:
    value = row.get(field)
    return None if value in ("", ()) else value


def _looked_up(lookup: Lookup, row: Row) -> str:
    site = next((found for field in lookup.by if (found := _given(row, field)) is not None), None)
    return next((text for known, text in lookup.table if known == site), lookup.default)


def _compared(formula: Compare, row: Row, now: datetime) -> bool | None:
    left, right = evaluate(formula.left, row, now), evaluate(formula.right, row, now)
    if left is None or right is None:
        return None
    if _kind(left) != _kind(right):
        raise _mismatch(formula)
    return _COMPARE[formula.op](left, right)


def _kind(value: Value) -> str:
    """What may be compared with what; a yes is no number, and a day no instant."""
    if isinstance(value, bool):
        return "yes_no"
    if isinstance(value, int | float):
        return "number"
    return type(value).__name__


def _elapsed(formula: Elapsed, row: Row, now: datetime) -> int | None:
    since, until = evaluate(formula.since, row, now), evaluate(formula.until, row, now)
    if since is None or until is None:
        return None
    if _kind(since) != "date" or _kind(until) != "date":
        raise _mismatch(formula)
    assert isinstance(since, date) and isinstance(until, date)
    match formula.unit:
        case "days":
            return (until - since).days
        case "months":
            return whole_months(since, until)
        case _:
            return whole_months(since, until) // 12


def _local_date(value: Value, where: Formula | None, row: Row, now: datetime, formula: Formula) -> date | None:
    if isinstance(value, datetime):
        return _in_zone(value, where, row, now, formula).date()
    if value is None or isinstance(value, date):
        return value
    raise _mismatch(formula)


def _in_zone(instant: datetime, where: Formula | None, row: Row, now: datetime, formula: Formula) -> datetime:
    name = evaluate(where, row, now) if where is not None else None
    if instant.tzinfo is None or not isinstance(name, str):
        raise _mismatch(formula)
    try:
        return instant.astimezone(zone(name))
    except (KeyError, OverflowError):
        raise _mismatch(formula) from None


def _words(formula: Format, row: Row, now: datetime) -> str | None:
    value = evaluate(formula.of, row, now)
    if value is None:
        return None
    locale = formula.locale
    match formula.style:
        case "text" | "number" | "list":
            return _undated(value, formula)
        case "time" if isinstance(value, datetime):
            return formats.time_words(_in_zone(value, formula.zone, row, now, formula).time(), locale)
    day = _local_date(value, formula.zone, row, now, formula)
    if day is None:
        return None
    match formula.style:
        case "date":
            return formats.date_words(day, locale)
        case "weekday":
            return formats.weekday_words(day, locale)
        case "elapsed":
            today = _in_zone(now, formula.zone, row, now, formula).date()
            return formats.elapsed_words(*length_of_time(day, today), locale)
        case _:
            raise _mismatch(formula)


def _undated(value: Value, formula: Format) -> str:
    if isinstance(value, tuple):
        return formats.list_words(value, formula.locale)
    if isinstance(value, bool | date) or value is None:
        raise _mismatch(formula)
    if formula.style == "number" and not isinstance(value, str):
        return formats.number_words(value, formula.locale)
    return str(value)


def _mismatch(formula: Formula) -> RenderError:
    behind = ", ".join(f"`{field}`" for field in dict.fromkeys(source_fields(formula))) or "a constant"
    return RenderError(f"{behind}: not a value of the type that the campaign expects")
