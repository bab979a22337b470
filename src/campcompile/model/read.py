"""Reading a YAML mapping whose shape the schema has already judged: what is wrong or missing reads as absent."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.syntax.source import MappedText, Span
from campcompile.syntax.tree import Kind, Mapping, Node, Scalar, Sequence
from campcompile.values import dataclass

EMPTY = Mapping((), Span("", 0, 0))


@dataclass(frozen=True, slots=True)
class Reader:
    """Typed access to one mapping. Never raises, never reports: the schema has."""

    node: Mapping

    def __contains__(self, key: str) -> bool:
        return self.node.get(key) is not None

    def get(self, key: str) -> Node | None:
        return self.node.get(key)

    def scalar(self, key: str) -> Scalar | None:
        value = self.node.get(key)
        return value if isinstance(value, Scalar) and value.kind is not Kind.NULL else None

    def text(self, key: str, default: str = "") -> str:
        value = self.scalar(key)
        return default if value is None else value.value

    def mapped(self, key: str) -> MappedText | None:
        value = self.scalar(key)
        return None if value is None else value.text

    def yes(self, key: str, default: bool = False) -> bool:
        value = self.scalar(key)
        return default if value is None or value.kind is not Kind.BOOLEAN else bool(value.data())

    def whole_number(self, key: str) -> int | None:
        value = self.scalar(key)
        return int(value.value) if value is not None and value.kind is Kind.INTEGER and len(value.value) < 10 else None

    def texts(self, key: str) -> tuple[Scalar, ...]:
        """The scalars of a list; a lone scalar counts as a list of one."""
        value = self.node.get(key)
        if isinstance(value, Scalar):
            return (value,) if value.kind is not Kind.NULL else ()
        if isinstance(value, Sequence):
            return tuple(item for item in value.items if isinstance(item, Scalar) and item.kind is not Kind.NULL)
        return ()

    def items(self, key: str) -> tuple[Node, ...]:
        value = self.node.get(key)
        return value.items if isinstance(value, Sequence) else ()

    def mapping(self, key: str) -> Reader:
        value = self.node.get(key)
        return Reader(value if isinstance(value, Mapping) else EMPTY)

    def rows(self) -> Iterator[tuple[Scalar, Node]]:
        return ((entry.key, entry.value) for entry in self.node.entries)

    def span(self, key: str) -> Span:
        """Of the value, or of the whole mapping's start where the key is absent."""
        value = self.node.get(key)
        return value.span if value is not None else self.start

    def key_span(self, key: str) -> Span:
        entry = self.node.entry(key)
        return entry.key.span if entry is not None else self.start

    @property
    def start(self) -> Span:
        """The first key: where to point at what is missing from the mapping."""
        return self.node.entries[0].key.span if self.node.entries else self.node.span


def reader(node: Node | None) -> Reader:
    return Reader(node if isinstance(node, Mapping) else EMPTY)
