"""Comparing two values of one key, in one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from campcompile.changes.account import Change, Kind, Marked
from campcompile.changes.bare import same
from campcompile.changes.words import marked
from campcompile.syntax.source import Span

T = TypeVar("T")


def setting(
    kind: Kind, topic: str, before: object, after: object, span: Span | None, where: str = ""
) -> Iterator[Change]:
    """A change of one key, where there is one; None and "" are nothing, and tuples a list."""
    if not same(before, after):
        yield Change(kind=kind, topic=topic, where=where, before=said(before), after=said(after), span=span)


def words(topic: str, before: str, after: str, span: Span | None, where: str = "") -> Iterator[Change]:
    """A change of words that a recipient reads, with the words marked."""
    if before != after:
        detail: Marked = marked(before, after)
        yield Change(kind=Kind.CONTENT, topic=topic, where=where, before=before, after=after, detail=detail, span=span)


def rows(before: Mapping[str, T], after: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    """Rows by name that aren't the same on both sides, in the order of names."""
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if not same(old, new):
            yield name, old, new


def by(key: Callable[[T], str], values: Iterable[T]) -> dict[str, T]:
    return {key(value): value for value in values}


def said(value: object) -> str:
    """A value as one would write it into a line of YAML."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {said(item)}" for key, item in sorted(value.items()))
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(said(item) for item in (sorted(value, key=str) if isinstance(value, frozenset) else value))
    return str(value)
