"""Domains are sets of values that a field may have: some of a list, or stretches of a line; and perhaps none at all."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor, inf
from typing import TypeAlias

from campcompile.values import dataclass

Name: TypeAlias = str | bool
End: TypeAlias = tuple[float, int]  # a number, and -1 or 1 where what is meant lies just below or above it


@dataclass(frozen=True, slots=True)
class Listed:
    """The values `names`, or with `but` all others; `of` holds all that there are, where they can be counted."""

    names: frozenset[Name]
    but: bool = False
    of: frozenset[Name] | None = None

    @property
    def is_empty(self) -> bool:
        if self.of is None:
            return not self.names and not self.but
        return not (self.of - self.names if self.but else self.of & self.names)

    @property
    def is_all(self) -> bool:
        return self.complement().is_empty

    def complement(self) -> Listed:
        return replace(self, but=not self.but)

    def within(self, other: Listed) -> Listed:
        """The values of both."""
        of = self.of if self.of is not None else other.of
        if self.but and other.but:
            return Listed(self.names | other.names, True, of)
        if self.but or other.but:
            inside, outside = (other, self) if self.but else (self, other)
            return Listed(inside.names - outside.names, False, of)
        return Listed(self.names & other.names, False, of)


@dataclass(frozen=True, slots=True)
class Ordered:
    """Stretches of numbers (days are numbers too) in order, both ends included; of whole numbers alone, if `whole`."""

    stretches: tuple[tuple[End, End], ...]
    whole: bool

    @property
    def is_empty(self) -> bool:
        return not self.stretches

    @property
    def is_all(self) -> bool:
        return self.stretches == (((-inf, 0), (inf, 0)),)

    @property
    def hull(self) -> tuple[float, float]:
        """The least and the greatest; not for what is empty."""
        return self.stretches[0][0][0], self.stretches[-1][1][0]

    def complement(self) -> Ordered:
        edges = [(-inf, -1), *(end for stretch in self.stretches for end in stretch), (inf, 1)]
        gaps = zip(edges[::2], edges[1::2], strict=True)
        return stretches_of([((low, step + 1), (high, back - 1)) for (low, step), (high, back) in gaps], self.whole)

    def within(self, other: Ordered) -> Ordered:
        """The values of both."""
        both = [(max(low, least), min(high, most)) for low, high in self.stretches for least, most in other.stretches]
        return stretches_of(both, self.whole or other.whole)


Values: TypeAlias = Listed | Ordered


@dataclass(frozen=True, slots=True)
class Domain:
    """What a field may be: one of `values`, or missing."""

    values: Values
    missing: bool

    @property
    def is_empty(self) -> bool:
        return not self.missing and self.values.is_empty

    def within(self, other: Domain) -> Domain:
        """What both allow."""
        return Domain(_of_both(self.values, other.values), self.missing and other.missing)


def compared(op: str, value: float, whole: bool) -> Ordered:
    """The numbers that stand in a relation to one: `<=` 3 is all up to 3."""
    least, most = (-inf, 0), (inf, 0)
    match op:
        case "==":
            ends = [((value, 0), (value, 0))]
        case "!=":
            ends = [(least, (value, -1)), ((value, 1), most)]
        case "<" | "<=":
            ends = [(least, (value, 0 if op == "<=" else -1))]
        case _:
            ends = [((value, 0 if op == ">=" else 1), most)]
    return stretches_of(ends, whole)


def numbers(whole: bool) -> Ordered:
    return Ordered((((-inf, 0), (inf, 0)),), whole)


def stretches_of(ends: list[tuple[End, End]], whole: bool) -> Ordered:
    """The stretches between pairs of ends, those left out in which there is no number."""
    tidy = [_whole(*pair) for pair in ends] if whole else ends
    return Ordered(tuple(sorted((low, high) for low, high in tidy if _holds_any(low, high))), whole)


def _of_both(some: Values, others: Values) -> Values:
    """The values of both; "anything" and "nothing" go with either kind."""
    if isinstance(some, Listed) and isinstance(others, Listed):
        return some.within(others)
    if isinstance(some, Ordered) and isinstance(others, Ordered):
        return some.within(others)
    listed, ordered = (some, others) if isinstance(some, Listed) else (others, some)
    return ordered if listed.is_all else Listed(frozenset())


def _holds_any(low: End, high: End) -> bool:
    return low <= high and low[0] < inf and high[0] > -inf


def _whole(low: End, high: End) -> tuple[End, End]:
    first = low[0] if abs(low[0]) == inf else floor(low[0]) + 1 if low[1] > 0 else ceil(low[0])
    last = high[0] if abs(high[0]) == inf else ceil(high[0]) - 1 if high[1] < 0 else floor(high[0])
    return (first, 0), (last, 0)
