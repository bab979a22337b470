"""Values that matter: what the campaigns' conditions compare a field with, and dates just before and after a limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campcompile.evaluate import Value
from campcompile.formula import (
    Compare,
    Const,
    DateConst,
    Default,
    Elapsed,
    Else,
    FieldRef,
    Formula,
    Has,
    LocalDate,
    OneOf,
    children,
)
from campcompile.schedule.wall import instant_of, moved
from campcompile.simulation.series import Practice
from campcompile.values import dataclass

_MONTHS = {"years": 12, "months": 1, "days": 0}


@dataclass(frozen=True, slots=True)
class Clue:
    """A value, or a day counted from another: so many months and days from it, at an hour."""

    value: Value
    months: int = 0
    days: int | None = None  # None: `value` is meant
    at: time = time(10)

    def on(self, day: date, zone: ZoneInfo, kind: str) -> Value:
        """The value on a day, for a field of a type."""
        if self.days is None:
            return self.value
        wall = moved(datetime.combine(day, self.at), self.months, self.days)
        return wall.date() if kind == "date" else instant_of(wall, zone)


def clues_of(practice: Practice) -> Mapping[str, tuple[Clue, ...]]:
    """For each field, what some condition of the practice asks of it."""
    found: dict[str, dict[Clue, None]] = {}
    for formula in _conditions(practice):
        for field, clue in _clues(formula):
            found.setdefault(field, {})[clue] = None
    return {field: tuple(clues) for field, clues in found.items()}


def _conditions(practice: Practice) -> Iterator[Formula]:
    for series in practice.series:
        campaign = series.campaign
        yield campaign.audience.formula
        if campaign.stop_when is not None:
            yield campaign.stop_when.formula
        for exclusion in series.exclusions:
            yield exclusion.condition.formula
        for step in series.steps:
            if step.condition is not None:
                yield step.condition
    for made in practice.derivations.values():
        if made.where is not None:
            yield made.where


def _clues(formula: Formula) -> Iterator[tuple[str, Clue]]:
    match formula:
        case OneOf(of, choices):
            yield from ((field, Clue(choice)) for field in _compared(of) for choice in choices)
        case Has(of, value):
            yield from ((field, Clue(value)) for field in _compared(of))
        case Compare(_, Elapsed(unit, since, _), Const(int() as limit)):
            months = -_MONTHS[unit] * limit
            days = 0 if _MONTHS[unit] else -limit
            for field in _compared(since):
                yield from ((field, Clue(None, months, days + around)) for around in (-30, -1, 0, 1, 14))
        case Compare(_, left, Const(value)):
            for field in _compared(left):
                yield field, Clue(value)
                if isinstance(value, int) and not isinstance(value, bool):
                    yield from ((field, Clue(value + step)) for step in (-1, 1))
        case Compare(_, left, DateConst(iso)):
            for field in _compared(left):
                yield from ((field, Clue(date.fromisoformat(iso) + timedelta(days=step))) for step in (-1, 0, 1))
        case _:
            for child in children(formula):
                yield from _clues(child)


def _compared(operand: Formula) -> Iterator[str]:
    """The field that an operand stands for; none for a lookup or a count."""
    match operand:
        case FieldRef(field):
            yield field
        case Default(of, _) | LocalDate(of, _) | Else(of, _):
            yield from _compared(of)
