"""A condition in the author's language again, for comments; it names fields and values, and no segment."""

from __future__ import annotations

from campcompile import formula as f
from campcompile.formula import Formula

_SINCE = {"years": "age", "days": "days_since", "months": "months_since"}


def condition_words(formula: Formula) -> str:
    """`months_since(patient.last_visit) >= 12 and patient.next_visit is not set`, on one line."""
    return _words(formula).replace("\r", " ").replace("\n", " ")


def _words(formula: Formula) -> str:
    match formula:
        case f.And(parts) | f.Or(parts):
            word = " and " if isinstance(formula, f.And) else " or "
            return word.join(f"({_words(p)})" if isinstance(p, f.And | f.Or) else _words(p) for p in parts) or "true"
        case f.Not(f.Set(of)):
            return f"{_words(of)} is not set"
        case f.Not(f.OneOf(of, choices)):
            return f"{_words(of)} not in [{', '.join(map(_constant, choices))}]"
        case f.Not(of):
            return f"not ({_words(of)})" if isinstance(of, f.And | f.Or) else f"not {_words(of)}"
        case f.Set(of):
            return f"{_words(of)} is set"
        case f.OneOf(of, choices):
            return f"{_words(of)} in [{', '.join(map(_constant, choices))}]"
        case f.Has(of, value):
            return f"has({_words(of)}, {_constant(value)})"
        case f.Compare(op, left, right):
            return f"{_words(left)} {op} {_words(right)}"
        case f.Const(value):
            return _constant(value)
        case f.DateConst(iso):
            return f'"{iso}"'
        case f.FieldRef(field):
            return field
        case f.Elapsed(unit, since, _):
            return f"{_SINCE[unit]}({_words(since)})"
        case f.Default(of, _) | f.LocalDate(of, _) | f.Else(of, _) | f.Format(_, _, of, _):
            return _words(of)
        case f.Lookup(by, _, _):
            return f"what {' or '.join(by)} chooses"
        case f.Today():
            return "today"


def _constant(value: str | int | float | bool) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
