"""What a ledger asks of the tables that it lies in; SQLite and PostgreSQL answer, each in its own way.

Statements are SQLite's, `?` for each value. One sends with a file at a time; any number may with PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from campcompile.runner.ledger.place import Place

CHAIN = "ledger"  # of the audit, where one writes at a time; it goes on from process to process


class Store(Protocol):
    """An open connection. Whatever fails is a LedgerError."""

    place: Place
    holding: str  # how a SELECT ends that keeps its rows for this transaction, in the order of their ids
    passing: str  # the same, leaving out rows that somebody else keeps

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...

    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The same, for answers that are too long to hold."""

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """How many rows were changed."""

    def run_many(self, sql: str, values: Sequence[Sequence[Any]]) -> None: ...

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, on the disk at its end."""

    def hold(self, names: Iterable[str]) -> None:
        """Have these names to oneself until the transaction ends."""

    def seat(self) -> AbstractContextManager[str]:
        """Be one who sends, however this process ends; the audit's chain for it. Raises LedgerError."""

    def is_deserted(self, writer: str) -> bool:
        """Whether a sender is gone; where it is, nobody takes its seat before the transaction ends."""

    def reserve(self, part: str) -> bool:
        """Have a part of the work to oneself until the next one is reserved; False where another sender has it."""

    def another(self) -> Store:
        """The same tables for another thread, to read from."""

    def close(self) -> None: ...
