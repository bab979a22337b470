"""Whether a condition selects more people than another, or fewer: by proof alone."""

from __future__ import annotations

from campcompile.analysis.predicates import Verdict, implies
from campcompile.changes.account import Direction
from campcompile.formula import Formula
from campcompile.model.fields import Dictionary

_DIRECTIONS = {
    (Verdict.YES, Verdict.NO): Direction.WIDENED,
    (Verdict.NO, Verdict.YES): Direction.NARROWED,
    (Verdict.NO, Verdict.NO): Direction.SHIFTED,
}


def direction(before: Formula, after: Formula, dictionary: Dictionary) -> Direction | None:
    """What became of the people whom a condition selects; None where both surely select the same."""
    stay, none_come = implies(before, after, dictionary), implies(after, before, dictionary)
    if stay is none_come is Verdict.YES:
        return None
    return _DIRECTIONS.get((stay, none_come), Direction.UNDECIDED)
