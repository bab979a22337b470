"""A formula is what one person's value is computed by: fields, comparisons, formats; no spans, no names left to bind.

It is the only computing that leaves the house: a manifest carries formulas as JSON, `render.py`
evaluates them for one row. Every formula is three-valued: None means missing or unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any, TypeAlias, cast

from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class FieldRef:
    """The row's value of a source field, e.g. "patient.first_name"."""

    field: str


@dataclass(frozen=True, slots=True)
class Const:
    """A text, number or yes/no; a date constant is `DateConst`."""

    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class DateConst:
    iso: str  # "2026-09-08"


@dataclass(frozen=True, slots=True)
class Default:
    """`of`, or where that is missing, `value` (the dictionary's `missing:`)."""

    of: Formula
    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Else:
    """`of`, or where that is missing, `otherwise`: a patient's zone, else the site's."""

    of: Formula
    otherwise: Formula


@dataclass(frozen=True, slots=True)
class Lookup:
    """A practice value that differs by site: the first of the site fields that is set chooses the row."""

    by: tuple[str, ...]  # fields of type site, most specific first
    table: tuple[tuple[str, str], ...]  # (site id, text)
    default: str


@dataclass(frozen=True, slots=True)
class LocalDate:
    """The calendar day of a datetime in a zone (an IANA name, or a Lookup of them)."""

    of: Formula
    zone: Formula


@dataclass(frozen=True, slots=True)
class Today:
    """The day of the instant of sending in a zone."""

    zone: Formula


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Whole years, months or days from `since` (a date) to `until` (a date); negative where since lies ahead."""

    unit: str  # years | months | days
    since: Formula
    until: Formula


@dataclass(frozen=True, slots=True)
class Format:
    """A value as words in a locale.

    style: text (as it is), number, list ("a, b and c"), date, weekday, time, elapsed ("14 months",
    of a date, until today). `zone` is needed for a datetime and for elapsed, else None.
    """

    style: str
    locale: str
    of: Formula
    zone: Formula | None = None


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a list holds a value; a missing list holds nothing."""

    of: Formula
    value: str


@dataclass(frozen=True, slots=True)
class Compare:
    op: str  # == != < <= > >=
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class OneOf:
    of: Formula
    choices: tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Set:
    """Whether `of` is not missing; never unknown. An empty text or list counts as missing."""

    of: Formula


@dataclass(frozen=True, slots=True)
class Not:
    of: Formula


@dataclass(frozen=True, slots=True)
class And:
    of: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    of: tuple[Formula, ...]


Formula: TypeAlias = (
    FieldRef | Const | DateConst | Default | Lookup | Else | LocalDate | Today | Elapsed | Format
    | Has | Compare | OneOf | Set | Not | And | Or
)  # fmt: skip

_NODES: dict[str, type[Any]] = {
    "field": FieldRef, "const": Const, "date_const": DateConst, "default": Default, "lookup": Lookup, "else": Else,
    "local_date": LocalDate, "today": Today, "elapsed": Elapsed, "format": Format, "has": Has,
    "compare": Compare, "one_of": OneOf, "set": Set, "not": Not, "and": And, "or": Or,
}  # fmt: skip
_NAMES = {node: name for name, node in _NODES.items()}
_CHILDREN = frozenset({"of", "otherwise", "left", "right", "zone", "since", "until"})
_DEEPEST = 200  # nested nodes: an author's condition has a dozen; a hand-made manifest must not exhaust the stack


def to_json(formula: Formula) -> dict[str, Any]:
    """`{"is": "compare", "op": "==", "left": {...}, "right": {...}}`; the inverse of `from_json`."""
    result: dict[str, Any] = {"is": _NAMES[type(formula)]}
    for name in _names_of(cast(type, type(formula))):
        value = getattr(formula, name)
        if name in _CHILDREN and value is not None:
            value = [to_json(child) for child in value] if isinstance(value, tuple) else to_json(value)
        elif isinstance(value, tuple):
            value = [list(row) if isinstance(row, tuple) else row for row in value]
        if value is not None:
            result[name] = value
    return result


def from_json(data: Any, depth: int = 0) -> Formula:
    """Raises ValueError for anything that `to_json` doesn't make."""
    if not isinstance(data, dict) or data.get("is") not in _NODES or depth > _DEEPEST:
        raise ValueError("not a formula")
    node = _NODES[data["is"]]
    names = {part.name for part in fields(node)}
    if unknown := data.keys() - names - {"is"}:
        raise ValueError(f"a {data['is']} formula has no {min(unknown)}")
    values: dict[str, Any] = {}
    for name in names & data.keys():
        value = data[name]
        if name in _CHILDREN:
            value = (
                tuple(from_json(child, depth + 1) for child in value)
                if isinstance(value, list)
                else from_json(value, depth + 1)
            )
        elif isinstance(value, list):
            value = tuple(tuple(row) if isinstance(row, list) else row for row in value)
        values[name] = value
    try:
        result: Formula = node(**values)
    except TypeError as error:
        raise ValueError(f"not a {data['is']} formula: {error}") from None
    return result


@cache
def _names_of(node: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(node))


def source_fields(formula: Formula) -> Iterator[str]:
    """Every field of the row that a formula reads, sites' fields included, with repeats."""
    if isinstance(formula, FieldRef):
        yield formula.field
    if isinstance(formula, Lookup):
        yield from formula.by
    for child in children(formula):
        yield from source_fields(child)


def children(formula: Formula) -> Iterator[Formula]:
    """The formulas that one is made of, in order."""
    for name in _names_of(cast(type, type(formula))):
        if name in _CHILDREN:
            value = getattr(formula, name)
            for child in value if isinstance(value, tuple) else (value,):
                if child is not None:
                    yield child
