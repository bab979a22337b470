"""A bare value is a frozen value without the places where it was written: what a reformatting leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256

from campcompile.model.bound import Condition
from campcompile.syntax.source import Span

_LENGTH = 16  # hex digits of a digest: enough to tell an e-mail's versions apart


def bare(value: object) -> object:
    """Nested tuples, mappings sorted, that are equal where two values mean the same."""
    if isinstance(value, Enum | str | int | float | bool) or value is None:
        return value
    if isinstance(value, Mapping):
        return tuple(sorted((str(key), bare(item)) for key, item in value.items()))
    if isinstance(value, tuple | list):
        return tuple(map(bare, value))
    if isinstance(value, frozenset):
        return tuple(sorted(map(str, value)))
    if isinstance(value, Condition):
        return bare(value.formula)
    if is_dataclass(value):
        named = ((part.name, getattr(value, part.name)) for part in fields(value))
        return (type(value).__name__, *((name, bare(item)) for name, item in named if not isinstance(item, Span)))
    return str(value)


def same(before: object, after: object) -> bool:
    """Whether two values mean the same, wherever they stand."""
    return before == after or bare(before) == bare(after)


def digest(value: object) -> str:
    """A short fingerprint of what a value means."""
    return sha256(repr(bare(value)).encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
