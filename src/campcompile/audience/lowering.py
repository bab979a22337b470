"""Formulas become expressions over columns, meaning what `evaluate.py` computes for one row."""

from __future__ import annotations

from typing import Protocol

from campcompile import formula as f
from campcompile.audience import relation as r
from campcompile.audience.relation import Expression
from campcompile.formula import Formula


class NotLoweredError(Exception):
    """What a query can't say; the text says why, in lower case."""


class Rows(Protocol):
    """The rows at hand: where a field's value stands, and what day it is."""

    def field(self, name: str) -> Expression:
        """The column of a field; raises NotLoweredError for one that isn't at hand."""

    def local_day(self, instant: Expression, zone: Formula) -> Expression:
        """The day of an instant in a zone."""

    def today(self, zone: Formula) -> Expression:
        """The day of the instant of sending in a zone."""

    def days_back(self, unit: str, number: int, today: Expression) -> Expression:
        """The latest day that lies so many whole months or days before another."""


def lowered(formula: Formula, rows: Rows) -> Expression:
    """The expression that says the same. Raises NotLoweredError."""
    match formula:
        case f.FieldRef(field):
            return rows.field(field)
        case f.Const(value):
            return r.Value(value)
        case f.DateConst(iso):
            return r.Day(iso)
        case f.Default(of, value):
            return r.First((lowered(of, rows), r.Value(value)))
        case f.Else(of, otherwise):
            return r.First((lowered(of, rows), lowered(otherwise, rows)))
        case f.Lookup(by, table, default):
            return _looked_up(by, table, default, rows)
        case f.LocalDate(f.DateConst(iso), _):
            return r.Day(iso)
        case f.LocalDate(of, zone):
            return rows.local_day(lowered(of, rows), zone)
        case f.Today(zone):
            return rows.today(zone)
        case f.Elapsed(unit, since, until):
            return r.Between(unit, lowered(since, rows), lowered(until, rows))
        case f.Format():
            raise NotLoweredError("it asks how a value is written")
        case _:
            return _yes_no(formula, rows)


def _yes_no(formula: f.Has | f.Compare | f.OneOf | f.Set | f.Not | f.And | f.Or, rows: Rows) -> Expression:
    match formula:
        case f.Has(of, value):
            return r.Holds(lowered(of, rows), value)
        case f.Compare(op, f.Elapsed(unit, since, until), f.Const(int() as number)) if not isinstance(number, bool):
            return _elapsed(op, unit, lowered(since, rows), lowered(until, rows), number, rows)
        case f.Compare(op, left, right):
            return r.Compared(op, lowered(left, rows), lowered(right, rows))
        case f.OneOf(of, choices):
            return r.Among(lowered(of, rows), choices)
        case f.Set(f.FieldRef() as of):
            return r.Negated(r.Missing(lowered(of, rows)))
        case f.Set(of):
            return r.Negated(r.Missing(r.Call("NULLIF", (lowered(of, rows), r.Value("")))))
        case f.Not(of):
            inner = lowered(of, rows)
            return inner.of if isinstance(inner, r.Negated) else r.Negated(inner)
        case f.And(parts):
            return r.All(tuple(lowered(part, rows) for part in parts))
        case f.Or(parts):
            return r.Some(tuple(lowered(part, rows) for part in parts))


def _elapsed(op: str, unit: str, since: Expression, until: Expression, number: int, rows: Rows) -> Expression:
    """`months_since(day) >= 12` as a comparison of two days: what is counted stands in a table (ADR 0018)."""
    unit, width = ("months", 12) if unit == "years" else (unit, 1)

    def beyond(count: int) -> Expression:
        return r.Compared("<=", since, rows.days_back(unit, count * width, until))

    def within(count: int) -> Expression:
        return r.Compared(">", since, rows.days_back(unit, count * width, until))

    match op:
        case ">=":
            return beyond(number)
        case ">":
            return beyond(number + 1)
        case "<":
            return within(number)
        case "<=":
            return within(number + 1)
        case "==":
            return r.All((beyond(number), within(number + 1)))
        case _:
            return r.Some((within(number), beyond(number + 1)))


def _looked_up(by: tuple[str, ...], table: tuple[tuple[str, str], ...], default: str, rows: Rows) -> Expression:
    """The first site that is set chooses; sites that choose nothing else than the default aren't listed."""
    fields = tuple(rows.field(name) for name in by)
    listed = tuple(row for row in table if row[1] != default)
    if not listed:
        return r.Value(default)
    return r.Chosen(fields[0] if len(fields) == 1 else r.First(fields), listed, r.Value(default))
