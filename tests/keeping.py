"""A memory for tests that compile many practices that differ in a file or two: what they share is made once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from campcompile.memory import Memory, Table, _Step

T = TypeVar("T")

KEPT = 3  # of each step: of the first inputs that it got, which most share, and of the last ones


class Keeping(Memory):
    """Remembers each step for several inputs, from compile to compile; the product's remembers the last."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[Hashable, list[_Step]] = {}

    def recall(
        self,
        key: Hashable,
        inputs: tuple[object, ...],
        make: Callable[[], T],
        tables: tuple[Table[Any, Any], ...] = (),
    ) -> T:
        steps = self._kept.setdefault(key, [])
        known = next((step for step in steps if self._holds(step, inputs, tables)), None)
        if known is None:
            for table in tables:
                table.asked.clear()
            made = make()
            known = _Step(inputs, tuple(table.notes() for table in tables), made)
            del steps[1 : len(steps) + 2 - KEPT]
            steps.append(known)
        result: T = known.made
        return result
