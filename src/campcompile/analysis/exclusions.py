"""Exclusions: whom `exclude_from` keeps out of the mail of a layer, and by which fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campcompile.model.scope import SegmentSource
from campcompile.model.shared import read_segments
from campcompile.syntax.expression import Call, Expression, Literal
from campcompile.syntax.layout_names import names_in
from campcompile.syntax.tree import Document

SEGMENTS = "campaigns/_shared/segments.yaml"


def excluding_fields(documents: Mapping[str, Document]) -> Mapping[str, frozenset[str]]:
    """By layer, the fields that some segment with `exclude_from` reads."""
    segments = read_segments(documents.get(SEGMENTS)).value
    found: dict[str, set[str]] = {}
    for segment in segments.values():
        for layer in segment.exclude_from:
            found.setdefault(layer, set()).update(_fields(segment.where, segments, ()))
    return {layer: frozenset(fields) for layer, fields in found.items()}


def _fields(where: Expression | None, segments: Mapping[str, SegmentSource], within: tuple[str, ...]) -> Iterator[str]:
    """The fields of a condition, and of the segments that it asks for."""
    yield from (name.path for name in names_in(where))
    for name in _segments_in(where):
        if name in segments and name not in within:
            yield from _fields(segments[name].where, segments, (*within, name))


def _segments_in(expression: object) -> Iterator[str]:
    """`segment("no-contact")` anywhere in a condition."""
    if isinstance(expression, Call) and expression.function == "segment":
        yield from (arg.value for arg in expression.args if isinstance(arg, Literal) and isinstance(arg.value, str))
    for key in ("args", "operands", "operand", "first"):
        inner = getattr(expression, key, ())
        for child in inner if isinstance(inner, tuple) else (inner,):
            yield from _segments_in(child)
