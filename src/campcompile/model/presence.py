"""What a formula's truth says about which fields are set (language.md §6, Missing)."""

from __future__ import annotations

from campcompile.formula import (
    And,
    Compare,
    Default,
    FieldRef,
    Formula,
    Has,
    Lookup,
    Not,
    OneOf,
    Or,
    Set,
    source_fields,
)

NOTHING: frozenset[str] = frozenset()


def set_where_true(formula: Formula) -> frozenset[str]:
    """Fields that are surely set wherever `formula` is true."""
    match formula:
        case And(of):
            return NOTHING.union(*map(set_where_true, of))
        case Or(of):
            return _common([set_where_true(part) for part in of])
        case Not(of):
            return set_where_false(of)
        case Set(of) | Has(of, _):
            return needed(of)
        case _:
            return needed(formula)


def set_where_false(formula: Formula) -> frozenset[str]:
    """Fields that are surely set wherever `formula` is false (not merely unknown)."""
    match formula:
        case And(of):
            return _common([set_where_false(part) for part in of])
        case Or(of):
            return NOTHING.union(*map(set_where_false, of))
        case Not(of):
            return set_where_true(of)
        case Set(_) | Has(_, _):
            return NOTHING
        case _:
            return needed(formula)


def set_where_not_true(formula: Formula) -> frozenset[str]:
    """Fields that are surely set wherever `formula` is false or unknown: what an `else` may rely on."""
    match formula:
        case And(of):
            return _common([set_where_not_true(part) for part in of])
        case Or(of):
            return NOTHING.union(*map(set_where_not_true, of))
        case Not(of) if _never_unknown(of):
            return set_where_true(of)
        case _:
            return NOTHING


def needed(formula: Formula) -> frozenset[str]:
    """Fields without which the formula's value is missing."""
    match formula:
        case FieldRef(field):
            return frozenset({field})
        case Default(_, _) | Lookup(_, _, _) | Set(_) | Has(_, _) | And(_) | Or(_):
            return NOTHING
        case Compare(_, left, right):
            return needed(left) | needed(right)
        case Not(of) | OneOf(of, _):
            return needed(of)
        case _:
            parts = (getattr(formula, name, None) for name in ("of", "since", "until"))
            return NOTHING.union(*(needed(part) for part in parts if part is not None and not isinstance(part, tuple)))


def _never_unknown(formula: Formula) -> bool:
    match formula:
        case Set(_) | Has(_, _):
            return True
        case Not(of):
            return _never_unknown(of)
        case And(of) | Or(of):
            return all(map(_never_unknown, of))
        case _:
            return not any(True for _ in source_fields(formula))


def _common(sets: list[frozenset[str]]) -> frozenset[str]:
    return frozenset.intersection(*sets) if sets else NOTHING
