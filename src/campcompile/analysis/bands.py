"""Bands: conditions that cut one quantity, an age or a number, into ranges beside one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from math import inf

from campcompile.formula import And, Compare, Const, Elapsed, FieldRef, Formula
from campcompile.model.bound import Condition
from campcompile.model.campaign import Block, Items, Version
from campcompile.syntax.source import Span
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """One range of a quantity, both ends in it."""

    quantity: Formula
    low: float
    high: float
    span: Span

    @property
    def is_whole(self) -> bool:
        """Are there no values between two whole numbers? So it is with ages, months and days."""
        return isinstance(self.quantity, Elapsed)


def band(condition: Condition | None) -> Band | None:
    """The range that a condition is, where it asks for nothing else."""
    if condition is None:
        return None
    found: Band | None = None
    parts = condition.formula.of if isinstance(condition.formula, And) else (condition.formula,)
    for part in parts:
        one = _range(part, condition.span)
        if one is None or (found is not None and one.quantity != found.quantity):
            return None
        found = one if found is None else replace(one, low=max(one.low, found.low), high=min(one.high, found.high))
    return found


def runs(version: Version) -> Iterator[tuple[tuple[Band, ...], bool]]:
    """The bands of neighbours that cut one quantity: blocks of one kind (True), items of one list (False)."""
    yield from ((run, True) for run in _of_one_quantity(_blocks(version.blocks)))
    for block in version.blocks:
        for value in block.fields.values():
            if isinstance(value, Items):
                yield from ((run, False) for run in _of_one_quantity(band(item.condition) for item in value.items))


def neighbours(bands: Iterable[Band]) -> Iterator[tuple[Band, Band]]:
    """Each band with the next higher one."""
    yield from pairwise(sorted(bands, key=lambda one: (one.low, one.high)))


def _blocks(blocks: tuple[Block, ...]) -> Iterator[Band | None]:
    before = ""
    for block in blocks:
        if block.kind != before:
            yield None
        before = block.kind
        yield band(block.condition)


def _of_one_quantity(found: Iterable[Band | None]) -> Iterator[tuple[Band, ...]]:
    run: list[Band] = []
    for one in (*found, None):
        if one is not None and (not run or run[0].quantity == one.quantity):
            run.append(one)
            continue
        if len(run) > 1:
            yield tuple(run)
        run = [] if one is None else [one]


def _range(formula: Formula, span: Span) -> Band | None:
    match formula:
        case Compare(op, (Elapsed() | FieldRef()) as quantity, Const(int() as limit)) if not isinstance(limit, bool):
            step = 1 if isinstance(quantity, Elapsed) else 0
            ends = {
                "==": (limit, limit),
                "<": (-inf, limit - step),
                "<=": (-inf, limit),
                ">": (limit + step, inf),
                ">=": (limit, inf),
            }.get(op)
            return None if ends is None else Band(quantity, ends[0], ends[1], span)
    return None
