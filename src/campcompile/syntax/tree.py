"""The tree of one YAML file: every key and value with its span and its written form."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, TypeAlias

from campcompile.syntax.source import MappedText, Source, Span
from campcompile.values import dataclass


class Kind(Enum):
    """What a scalar is under the YAML 1.2 core schema."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"


class Style(Enum):
    PLAIN = "plain"
    SINGLE = "single"
    DOUBLE = "double"
    LITERAL = "literal"  # |


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written. `value` is the decoded text whatever the kind ("012" stays "012")."""

    value: str
    kind: Kind
    style: Style
    span: Span  # quotes included; for a literal block, from the `|` to the end of its text
    source: Source

    @property
    def text(self) -> MappedText:
        """The decoded value with the place of each code point (computed on demand)."""
        from campcompile.syntax.yaml import map_scalar

        return map_scalar(self)

    def data(self) -> Any:
        match self.kind:
            case Kind.TEXT:
                return self.value
            case Kind.INTEGER:
                return int(self.value)
            case Kind.NUMBER:
                return float(self.value)
            case Kind.BOOLEAN:
                return self.value in ("true", "True", "TRUE")
            case Kind.NULL:
                return None


@dataclass(frozen=True, slots=True)
class Entry:
    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys are unique (a duplicate was a finding, and the first stays)."""

    entries: tuple[Entry, ...]
    span: Span

    def get(self, key: str) -> Node | None:
        for entry in self.entries:
            if entry.key.value == key:
                return entry.value
        return None

    def entry(self, key: str) -> Entry | None:
        for entry in self.entries:
            if entry.key.value == key:
                return entry
        return None

    def keys(self) -> Iterator[str]:
        return (entry.key.value for entry in self.entries)

    def data(self) -> Any:
        return {entry.key.value: entry.value.data() for entry in self.entries}


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    span: Span

    def data(self) -> Any:
        return [item.data() for item in self.items]


Node: TypeAlias = Scalar | Mapping | Sequence


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file read: `root` is an empty mapping where nothing could be read."""

    source: Source
    root: Mapping
    comments: tuple[MappedText, ...] = ()  # each from its `#` to the end of the line
    lost: tuple[Span, ...] = ()  # what could not be read; each has its finding, and no later pass adds to it
