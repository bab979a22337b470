"""Whether a condition selects more people than another, or fewer: by proof, and by looking for somebody who differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, product
from random import Random

from campcompile.changes.account import Direction
from campcompile.changes.implying import implies
from campcompile.errors import RenderError
from campcompile.evaluate import Row, Value, evaluate
from campcompile.formula import Compare, Const, DateConst, Elapsed, Formula, Has, OneOf, children, source_fields
from campcompile.model.fields import Field, Type

_TRIES = 3_000  # made-up people
_NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_UNITS = {"years": 365.25, "months": 30.44, "days": 1.0}  # days


def direction(before: Formula, after: Formula, fields: Mapping[str, Field]) -> Direction | None:
    """What became of the people whom a condition selects; None where both are proved to select the same."""
    keeps, gains_none = implies(before, after), implies(after, before)
    if keeps and gains_none:
        return None
    comes, leaves = _differing(before, after, fields)
    if comes and leaves:
        return Direction.SHIFTED
    if keeps and comes:
        return Direction.WIDENED
    if gains_none and leaves:
        return Direction.NARROWED
    return Direction.UNDECIDED


def _differing(before: Formula, after: Formula, fields: Mapping[str, Field]) -> tuple[bool, bool]:
    """Whether somebody was found who comes in, and somebody who drops out."""
    comes = leaves = False
    for row in islice(_people(before, after, fields), _TRIES):
        try:
            was, now = evaluate(before, row, _NOW) is True, evaluate(after, row, _NOW) is True
        except RenderError:
            continue  # a value that the field's type doesn't allow here: nobody like that
        comes, leaves = comes or (now and not was), leaves or (was and not now)
        if comes and leaves:
            break
    return comes, leaves


def _people(before: Formula, after: Formula, fields: Mapping[str, Field]) -> Iterator[Row]:
    """Rows over the values that matter to either condition: all of them where they are few, else some."""
    names = sorted({*source_fields(before), *source_fields(after)})
    values = [[None, *_values(name, fields.get(name), (before, after))] for name in names]
    count = 1
    for choices in values:
        count *= len(choices)
    if count <= _TRIES:
        yield from (dict(zip(names, row, strict=True)) for row in product(*values))
        return
    chance = Random(0)  # the same people for the same conditions
    while True:
        yield {name: chance.choice(choices) for name, choices in zip(names, values, strict=True)}


def _values(name: str, field: Field | None, formulas: tuple[Formula, ...]) -> list[Value]:
    """Values of a field at, just below and just above whatever the conditions compare it with."""
    type = field.type if field is not None else Type("text")
    seen = [constant for formula in formulas for constant in _constants(formula, name)]
    match type.name:
        case "yes_no":
            return [True, False]
        case "choice":
            return list(type.choices)
        case "list":
            texts = sorted({str(value) for value in seen})
            return [(text,) for text in texts] + [tuple(texts), ("-",)]
        case "number":
            numbers = {float(value) for value in seen if isinstance(value, int | float)}
            return [*sorted({value + step for value in numbers or {0.0} for step in (-1, 0, 1)})]
        case "date":
            return [*_days(seen)]
        case "datetime":
            return [datetime.combine(day, time(12), UTC) for day in _days(seen)]
        case _:
            return [*sorted({str(value) for value in seen}), "-"]


def _days(seen: list[object]) -> list[date]:
    days = {value for value in seen if isinstance(value, date)} | {_NOW.date()}
    return sorted({day + timedelta(days=step) for day in days for step in (-1, 0, 1)})


def _constants(formula: Formula, name: str) -> Iterator[object]:
    """What a field is compared with anywhere in a condition; for a distance in time, the days so far away."""
    match formula:
        case Compare(_, Elapsed(unit, since, _), Const(value)) if name in source_fields(since):
            ahead = value if isinstance(value, int | float) else 0
            yield from ((_NOW - timedelta(days=round((ahead + step) * _UNITS[unit]))).date() for step in (-1, 0, 1, 2))
        case Compare(_, left, right):
            if name in source_fields(left) or name in source_fields(right):
                yield from (_constant(side) for side in (left, right) if isinstance(side, Const | DateConst))
        case OneOf(of, choices):
            if name in source_fields(of):
                yield from choices
        case Has(of, value):
            if name in source_fields(of):
                yield value
        case _:
            for child in children(formula):
                yield from _constants(child, name)


def _constant(formula: Const | DateConst) -> object:
    return date.fromisoformat(formula.iso) if isinstance(formula, DateConst) else formula.value
