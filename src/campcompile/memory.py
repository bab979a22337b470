"""Memory is what one compile leaves for the next: what each step made, and of what.

A step that gets the same inputs again isn't taken again. Whoever compiles on every save hands one memory from
compile to compile, and so does who compares two revisions. What a compile doesn't ask for is forgotten with it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from campcompile.values import dataclass

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

_ALL = object()  # asked for by who goes through a whole table


class Table(Mapping[K, V], Generic[K, V]):
    """Named things that many steps look up. What one step looks up is noted: only that is an input of it."""

    def __init__(self, rows: Mapping[K, V]) -> None:
        self.rows = rows
        self.asked: set[object] = set()

    __eq__ = object.__eq__  # another table is another thing: equal rows are found by `agrees`
    __hash__ = object.__hash__

    def __getitem__(self, key: K) -> V:
        self.asked.add(key)
        return self.rows[key]

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)
        return key in self.rows

    def get(self, key: K, default: Any = None) -> Any:
        self.asked.add(key)
        return self.rows.get(key, default)

    def __iter__(self) -> Iterator[K]:
        self.asked.add(_ALL)
        return iter(self.rows)

    def __len__(self) -> int:
        self.asked.add(_ALL)
        return len(self.rows)

    def notes(self) -> dict[object, object]:
        """What was looked up since the notes were last cleared, and what was found (None for nothing)."""
        return {key: self._found(key) for key in tuple(self.asked)}

    def agrees(self, notes: Mapping[object, object]) -> bool:
        """Whether who looks the same up again finds the same."""
        return all(_same(self._found(key), found) for key, found in notes.items())

    def _found(self, key: Any) -> object:
        return self.rows if key is _ALL else self.rows.get(key)


class Same:
    """An input that equals itself alone: something large, which is another thing when it is made anew."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class _Step:
    inputs: tuple[object, ...]
    notes: tuple[Mapping[object, object], ...]  # a table each
    made: Any


class Memory:
    """The steps of the last compile, and those of the one that is under way."""

    def __init__(self) -> None:
        self._before: dict[Hashable, _Step] = {}
        self._now: dict[Hashable, _Step] = {}

    def __len__(self) -> int:
        """How many steps are remembered."""
        return len(self._before.keys() | self._now.keys())

    def recall(
        self,
        key: Hashable,
        inputs: tuple[object, ...],
        make: Callable[[], T],
        tables: tuple[Table[Any, Any], ...] = (),
    ) -> T:
        """`make()`; or what it made under this key before, of equal inputs and equal rows of the tables.

        What `make` depends on is among its inputs, or is looked up in the tables.
        """
        step = self._now.get(key) or self._before.get(key)
        if step is None or not self._holds(step, inputs, tables):
            for table in tables:
                table.asked.clear()
            made = make()
            step = _Step(inputs, tuple(table.notes() for table in tables), made)
        self._now[key] = step
        result: T = step.made
        return result

    def close(self) -> None:
        """The compile is done: what it didn't ask for is forgotten."""
        self._before, self._now = self._now, {}

    @staticmethod
    def _holds(step: _Step, inputs: tuple[object, ...], tables: tuple[Table[Any, Any], ...]) -> bool:
        return (
            len(step.inputs) == len(inputs)
            and all(map(_same, step.inputs, inputs))
            and all(table.agrees(notes) for table, notes in zip(tables, step.notes, strict=True))
        )


def _same(one: object, other: object) -> bool:
    return one is other or one == other
