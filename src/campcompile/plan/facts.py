"""What the practice's data are asked before anything is reckoned: a few distinct values, and the ends of anchors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from campcompile.formula import Const, Else, FieldRef, Formula, Lookup
from campcompile.manifest import Manifest
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the practice's data are asked before: a few distinct values, and the ends of what is counted from."""

    zones: Mapping[str, tuple[str, ...]]  # field of type zone → the values that occur
    locales: tuple[str, ...]  # as they are written
    consents: tuple[tuple[str, date], ...]  # which, and on which day it was given
    anchors: Mapping[str, tuple[date | datetime, date | datetime]]  # field → earliest and latest
    has_history: bool  # whether it is known what was sent


def entries_of(manifest: Manifest) -> str:
    """Under which name the days of entering a campaign stand among the facts."""
    return f"entry {manifest.code}"


def values_of(formula: Formula, facts: Facts) -> tuple[str, ...]:
    """Every value that a zone, or a calendar of holidays, can have for somebody."""
    match formula:
        case Const(value):
            return (str(value),)
        case Lookup(_, table, default):
            return tuple(dict.fromkeys((default, *(value for _, value in table))))
        case FieldRef(field):
            return facts.zones.get(field, ())
        case Else(of, otherwise):
            return tuple(dict.fromkeys((*values_of(of, facts), *values_of(otherwise, facts))))
        case _:
            raise AssertionError(f"no zone is a {type(formula).__name__}")
