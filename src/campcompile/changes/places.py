"""Where a key stands in a file of HEAD: values that all campaigns share keep no place of their own."""

from __future__ import annotations

from collections.abc import Mapping

from campcompile.model.read import reader
from campcompile.syntax.source import Source, Span
from campcompile.syntax.yaml import read_yaml


def span_of(sources: Mapping[str, Source], path: str, *keys: str) -> Span:
    """The value's place; where a key is missing, the first of the mapping that should have it."""
    source = sources.get(path)
    if source is None:
        return Span(path, 0, 0)
    row = reader(read_yaml(source).value.root)
    for key in keys[:-1]:
        row = row.mapping(key)
    return row.span(keys[-1])
