"""The rows of a plan for one e-mail: which people and anchors go, and between which instants.

They lie in a table of SQLite's own, which goes to the disk where it is too long: nameless, under keys of this run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from secrets import token_bytes
from typing import TypeAlias

from campcompile.runner.recipients import Person

COLUMNS = ("recipient_id", "anchor_id", "anchor", "repetition", "send", "expires", "quiet_from", "quiet_until")
_Row: TypeAlias = "tuple[str, str | None, datetime | None, int, datetime, datetime, datetime | None, datetime | None]"
NOT_PLANNED = "not in the plan"
MOVED = "moved since the plan was made"
_EPOCH = datetime(1970, 1, 1)
_TICK = timedelta(microseconds=1)
_CACHE = "PRAGMA cache_size = -16384"  # KiB; the rest is on the disk


class PlanRows:
    """Looked up by person and anchor; for one thread."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        """Rows have the columns of COLUMNS; instants are UTC without a zone."""
        self._secret = token_bytes(32)
        self._slots = sqlite3.connect("", isolation_level=None)
        self._slots.execute(_CACHE)
        self._slots.execute(
            "CREATE TABLE slots (key BLOB, anchor INTEGER, repetition INTEGER, send INTEGER, expires INTEGER,"
            " quiet_from INTEGER, quiet_until INTEGER)"
        )
        self._slots.execute("BEGIN")
        self._slots.executemany("INSERT INTO slots VALUES (?, ?, ?, ?, ?, ?, ?)", map(self._slot, rows))
        self._slots.execute("CREATE INDEX slots_key ON slots (key)")
        self._slots.execute("COMMIT")

    def of(self, person: Person, anchor: date | None) -> Iterator[Person | str]:
        """The person at each instant of the plan, or why not: not planned, or planned for another time of the visit."""
        key = self._key(person.reference, person.anchor_id)
        slots = self._slots.execute("SELECT * FROM slots WHERE key = ? ORDER BY rowid", (key,)).fetchall()
        if not slots:
            yield NOT_PLANNED
        for _, planned, repetition, *ticks in slots:
            if planned is not None and isinstance(anchor, datetime) and anchor != _instant(planned):
                yield MOVED
            else:
                yield replace(person, repetition=repetition, instants=_instants(ticks))

    def _slot(self, row: _Row) -> tuple[bytes | int | None, ...]:
        reference, anchor_id, anchor, repetition, *instants = row
        return self._key(reference, anchor_id or ""), _ticks(anchor), repetition or 0, *map(_ticks, instants)

    def _key(self, reference: str, anchor_id: str) -> bytes:
        said = f"{len(reference)} {reference} {anchor_id}".encode("utf-8", "surrogatepass")
        return blake2b(said, digest_size=16, key=self._secret).digest()


def _instants(ticks: Iterable[int | None]) -> Mapping[str, datetime]:
    return {name: _instant(tick) for name, tick in zip(COLUMNS[4:], ticks, strict=True) if tick is not None}


def _ticks(instant: datetime | None) -> int | None:
    return None if instant is None else (instant - _EPOCH) // _TICK


def _instant(ticks: int) -> datetime:
    return (_EPOCH + ticks * _TICK).replace(tzinfo=UTC)
