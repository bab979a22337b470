"""The rows of a plan for one e-mail: which people and anchors go, and between which instants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeAlias

from campcompile.runner.recipients import Person
from campcompile.values import dataclass

COLUMNS = ("recipient_id", "anchor_id", "anchor", "repetition", "send", "expires", "quiet_from", "quiet_until")
_Row: TypeAlias = "tuple[str, str | None, datetime | None, int, datetime, datetime, datetime | None, datetime | None]"
NOT_PLANNED = "not in the plan"
MOVED = "moved since the plan was made"


@dataclass(frozen=True, slots=True)
class _Slot:
    anchor: datetime | None
    repetition: int
    instants: Mapping[str, datetime]


class PlanRows:
    """Looked up by person and anchor."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        """Rows have the columns of COLUMNS; instants are UTC without a zone."""
        self._slots: dict[tuple[str, str], list[_Slot]] = {}
        for reference, anchor_id, anchor, repetition, *instants in rows:
            named = zip(COLUMNS[4:], instants, strict=True)
            found = {name: value.replace(tzinfo=UTC) for name, value in named if isinstance(value, datetime)}
            slot = _Slot(anchor and anchor.replace(tzinfo=UTC), repetition or 0, found)
            self._slots.setdefault((reference, anchor_id or ""), []).append(slot)

    def of(self, person: Person, anchor: date | None) -> Iterator[Person | str]:
        """The person at each instant of the plan, or why not: not planned, or planned for another time of the visit."""
        slots = self._slots.get((person.reference, person.anchor_id), [])
        if not slots:
            yield NOT_PLANNED
        for slot in slots:
            if slot.anchor is not None and isinstance(anchor, datetime) and anchor != slot.anchor:
                yield MOVED
            else:
                yield replace(person, repetition=slot.repetition, instants=slot.instants)
