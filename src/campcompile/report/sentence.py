"""A formula in plain words: `appointment.status` is "booked" or "confirmed"."""

from __future__ import annotations

from typing import assert_never

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
from campcompile.model.timing import Offset, Unit

_NUMBERS = {"==": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}
_DATES = {**_NUMBERS, "<": "is before", "<=": "is not after", ">": "is after", ">=": "is not before"}
_TEMPORAL = (DateConst, LocalDate, Today)


def sentence(formula: Formula) -> str:
    """What a condition says, as a clause that may follow "only if"."""
    match formula:
        case And(of):
            return ", and ".join(_grouped(part) for part in of)
        case Or(of):
            return " or ".join(_grouped(part) for part in of)
        case Not(Set(of)):
            return f"{_value(of)} is not known"
        case Not(Has(of, value)):
            return f'{_value(of)} does not include "{value}"'
        case Not(OneOf(of, choices)):
            return f"{_value(of)} is neither {_alternatives(choices, 'nor')}"
        case Not(of):
            return f"it is not so that {_grouped(of)}"
        case Set(of):
            return f"{_value(of)} is known"
        case Has(of, value):
            return f'{_value(of)} includes "{value}"'
        case OneOf(of, choices):
            return f"{_value(of)} is {_alternatives(choices, 'or')}"
        case Compare(op, left, right):
            words = _DATES if isinstance(left, _TEMPORAL) or isinstance(right, _TEMPORAL) else _NUMBERS
            return f"{_value(left)} {words[op]} {_value(right)}"
        case Const(True):
            return "always"
        case Const(False):
            return "never"
        case _:
            return f"{_value(formula)} is yes"


def distance(offset: Offset, anchor: str) -> str:
    """`7 days before X`, `4 working days after X`, `on the day of X`."""
    match offset.unit:
        case Unit.CALENDAR:
            parts = [_count(abs(offset.months), "month"), _count(abs(offset.days), "day")]
        case Unit.ABSOLUTE:
            hours, minutes = divmod(abs(offset.minutes), 60)
            parts = [_count(hours, "hour"), _count(minutes, "minute")]
        case Unit.BUSINESS:
            parts = [_count(abs(offset.days), "working day")]
        case never:
            assert_never(never)
    if not offset.sign:
        if anchor.startswith("the day "):
            return f"on {anchor}"
        return f"at {anchor}" if offset.unit is Unit.ABSOLUTE else f"on the day of {anchor}"
    return f"{' and '.join(filter(None, parts))} {'before' if offset.sign < 0 else 'after'} {anchor}"


def _grouped(formula: Formula) -> str:
    return f"({sentence(formula)})" if isinstance(formula, And | Or) else sentence(formula)


def _value(formula: Formula) -> str:
    match formula:
        case FieldRef(field):
            return f"`{field}`"
        case Const(bool(value)):
            return "yes" if value else "no"
        case Const(value):
            return f'"{value}"' if isinstance(value, str) else str(value)
        case DateConst(iso):
            return iso
        case Default(of) | LocalDate(of) | Format(of=of):
            return _value(of)
        case Lookup():
            return "the practice's own value"
        case Today():
            return "the day of sending"
        case Elapsed(unit, since, Today()):
            return f"the age in years from {_value(since)}" if unit == "years" else f"{unit} since {_value(since)}"
        case Elapsed(unit, since, until):
            return f"{unit} from {_value(since)} to {_value(until)}"
        case _:
            return f"({sentence(formula)})"


def _alternatives(choices: tuple[str | int | float, ...], word: str) -> str:
    named = [f'"{choice}"' if isinstance(choice, str) else str(choice) for choice in choices]
    return f" {word} ".join(filter(None, [", ".join(named[:-1]), named[-1]])) if named else "nothing"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""
