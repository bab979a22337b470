"""Whether one condition is true wherever another is: a proof that never errs, and sometimes finds none."""

from __future__ import annotations

from campcompile.formula import And, Compare, Const, DateConst, FieldRef, Formula, Has, Not, OneOf, Or, Set
from campcompile.model.presence import set_where_true

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def implies(one: Formula, other: Formula) -> bool:
    """Is `other` true of everybody of whom `one` is? False where that can't be proved."""
    one, other = _plain(one), _plain(other)
    match one, other:
        case _ if one == other or other == Const(True) or one == Const(False):
            return True
        case Or(of), _:
            return all(implies(part, other) for part in of)
        case _, And(of):
            return all(implies(one, part) for part in of)
        case And(of), _ if any(implies(part, other) for part in of):
            return True
        case _, Or(of):
            return any(implies(one, part) for part in of)
        case _:
            return _atom_implies(one, other)


def _plain(formula: Formula) -> Formula:
    """The same condition with `not` moved inwards, where three-valued logic allows it, and constants on the right."""
    match formula:
        case Not(And(of)):
            return Or(tuple(_plain(Not(part)) for part in of))
        case Not(Or(of)):
            return And(tuple(_plain(Not(part)) for part in of))
        case Not(Not(of)):
            return _plain(of)
        case Not(Compare(op, left, right)):
            return _plain(Compare(_DENIED[op], left, right))
        case Compare(op, Const() | DateConst() as left, right) if not isinstance(right, Const | DateConst):
            return _plain(Compare(_TURNED[op], right, left))
        case Compare("==", left, Const(str() | int() | float() as value)) if not isinstance(value, bool):
            return OneOf(left, (value,))
        case Compare("!=", left, Const(str() | int() | float() as value)) if not isinstance(value, bool):
            return Not(OneOf(left, (value,)))
        case _:
            return formula


def _atom_implies(one: Formula, other: Formula) -> bool:
    match one, other:
        case OneOf(of, few), OneOf(again, many):
            return of == again and set(few) <= set(many)
        case Not(OneOf(of, many)), Not(OneOf(again, few)):
            return of == again and set(few) <= set(many)
        case OneOf(of, some), Not(OneOf(again, others)):
            return of == again and not set(some) & set(others)
        case Compare(op, left, right), Compare(other_op, again, limit):
            return left == again and _within(op, right, other_op, limit)
        case _, Set(FieldRef(field)):
            return field in set_where_true(one)
        case _, Not(Has() | Set()):
            return False
        case _:
            return False


def _within(op: str, value: Formula, other_op: str, limit: Formula) -> bool:
    """Does `x op value` lie within `x other_op limit`?"""
    if value == limit:
        return op == other_op or op + "=" == other_op or (other_op == "!=" and op in "<>")
    match value, limit:
        case (Const(low), Const(high)) | (DateConst(low), DateConst(high)):
            try:
                if op[0] == ">" and other_op[0] == ">":
                    return bool(low > high)  # type: ignore[operator]  # two of a kind, or TypeError
                return op[0] == "<" and other_op[0] == "<" and bool(low < high)  # type: ignore[operator]
            except TypeError:
                return False
        case _:
            return False
