"""A condition that decides who gets something, before and after: said as a predicate, and judged."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.changes.account import Change, Direction, Kind, Selected
from campcompile.changes.bare import same
from campcompile.changes.selecting import direction
from campcompile.changes.written import condition_text
from campcompile.formula import Const, Formula
from campcompile.model.bound import Condition
from campcompile.model.campaign import Programme
from campcompile.syntax.source import Span

EVERYBODY = Const(True)
_TURNED = {Direction.WIDENED: Direction.NARROWED, Direction.NARROWED: Direction.WIDENED}


def condition_change(
    topic: str,
    before: Condition | None,
    after: Condition | None,
    programme: Programme,
    span: Span,
    *,
    stops: bool = False,
    where: str = "",
) -> Iterator[Change]:
    """Nothing where both select the same people. `stops`: who fulfils it is left out, so that wider means fewer."""
    old, new = _formula(before), _formula(after)
    if same(old, new):
        return
    never = Const(False) if stops else EVERYBODY
    found = direction(old or never, new or never, programme.dictionary)
    if found is None:
        return
    detail = Selected(before=old, after=new, direction=_TURNED.get(found, found) if stops else found)
    yield Change(
        kind=Kind.AUDIENCE,
        topic=topic,
        where=where,
        before=_text(old),
        after=_text(new),
        detail=detail,
        span=span if after is None else after.span,
    )


def _formula(condition: Condition | None) -> Formula | None:
    return None if condition is None else condition.formula


def _text(formula: Formula | None) -> str:
    return "" if formula is None else condition_text(formula)
