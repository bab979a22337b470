"""A ledger's tables in PostgreSQL: any number of runners on them, on one machine or on many.

Each runner has a seat, a lock that its session holds: when it dies, however it dies, the server lets go of it, and the
next who looks knows what it had on its way. So the server must be reached without a pooler that swaps sessions.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from campcompile.errors import LedgerError, UsageError
from campcompile.postgres import connect, has_host_of_its_own, told
from campcompile.runner.ledger.place import Place
from campcompile.runner.ledger.tables import TABLES

if TYPE_CHECKING:
    from campcompile.postgres import Connection

SCHEMA = "campcompile"
_SEATS = 64
_SEAT = "runner-"
_BELIEVED_S = 30.0  # two machines' clocks may differ so much; a time server keeps them far closer
_PATIENCE = "20s"
_ALIKE = (("BLOB", "BYTEA"), ("INTEGER PRIMARY KEY", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"))
_SETTINGS = (
    f"SET search_path = {SCHEMA}",
    "SET synchronous_commit = on",  # a commit is on the disk, whatever the server's own habit
    f"SET lock_timeout = '{_PATIENCE}'",
    "SET tcp_keepalives_idle = 30",  # the seat of a machine that vanished is free within a minute or so
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)
_AUDIT_STAYS = """CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION audit_stays()"""


class Postgres:
    """One session."""

    holding = " ORDER BY id FOR UPDATE"
    passing = " FOR UPDATE OF s SKIP LOCKED"

    def __init__(self, place: Place) -> None:
        """Raises LedgerError where nobody answers; tables are there after `make` alone."""
        self.place = place
        self._connection = _connected(place.address)
        self._reserved: int | None = None
        self._number = 0  # of the tables, for the names of locks: each ledger of a server has its own
        if self.has_tables:
            self._number = self._table_number()

    @property
    def has_tables(self) -> bool:
        return bool(self.rows("SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'audit'", (SCHEMA,)))

    def make(self) -> None:
        """The tables, where there are none."""
        with self.transaction():
            self.hold(["tables"])
            if not self.has_tables:
                self.run(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                for table in (*map(_spelt, TABLES), *_AUDIT_STAYS.split(";\n")):
                    self.run(table)
        self._number = self._table_number()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with told(_failure):
            return self._connection.execute(_marked(sql), values).fetchall()

    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The same, for answers that are too long to hold."""
        with told(_failure), self._connection.transaction(), self._connection.cursor(name="each") as cursor:
            yield from cursor.execute(_marked(sql), values)

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """How many rows were changed."""
        with told(_failure):
            return self._connection.execute(_marked(sql), values).rowcount

    def run_many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        if values:
            with told(_failure), self._connection.cursor() as cursor:
                cursor.executemany(_marked(sql), values)

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, on the disk at its end; others write meanwhile."""
        return self._transaction()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with told(_failure), self._connection.transaction():
            yield

    def hold(self, names: Iterable[str]) -> None:
        """Until the transaction ends; always in one order, so that no two wait for each other."""
        numbers = sorted({self._lock(name) for name in names})
        if numbers:
            self.run("SELECT pg_advisory_xact_lock(number) FROM unnest(?::bigint[]) AS wanted(number)", (numbers,))

    @contextmanager
    def seat(self) -> Iterator[str]:
        """The first that is free; the server lets go of it when the session ends. Raises LedgerError."""
        self._demand_time()
        number = next((number for number in range(1, _SEATS + 1) if self._takes(number)), None)
        if number is None:
            raise LedgerError(f"{_SEATS} runners are sending with this ledger already", help="wait for one to end")
        try:
            yield f"{_SEAT}{number}"
        finally:
            if not self._connection.closed and not self._connection.broken:
                self.rows("SELECT pg_advisory_unlock(?, ?)", (self._number, number))

    def _takes(self, number: int) -> bool:
        return bool(self.rows("SELECT pg_try_advisory_lock(?, ?)", (self._number, number))[0][0])

    def _demand_time(self) -> None:
        """Deadlines and quiet hours are judged by each runner's own clock."""
        there = float(self.rows("SELECT extract(epoch FROM clock_timestamp())")[0][0])
        if abs(drift := time.time() - there) > _BELIEVED_S:
            how = f"{abs(drift):,.0f} seconds {'ahead of' if drift > 0 else 'behind'}"
            raise LedgerError(
                f"this machine's clock is {how} the ledger's",
                help="see which one is wrong: deadlines and quiet hours are judged by it",
            )

    def is_deserted(self, writer: str) -> bool:
        """Its seat is free; then nobody takes it before the transaction ends."""
        number = writer.partition(" ")[0].removeprefix(_SEAT)
        if not number.isdecimal():
            return True
        return bool(self.rows("SELECT pg_try_advisory_xact_lock(?, ?)", (self._number, int(number)))[0][0])

    def reserve(self, part: str) -> bool:
        """A lock, too: whoever dies has nothing reserved any more."""
        if self._reserved is not None:
            self.rows("SELECT pg_advisory_unlock(?::bigint)", (self._reserved,))
        wanted = self._lock(f"part {part}")
        has = bool(self.rows("SELECT pg_try_advisory_lock(?::bigint)", (wanted,))[0][0])
        self._reserved = wanted if has else None
        return has

    def another(self) -> Postgres:
        """The same tables for another thread, to read from."""
        return Postgres(self.place)

    def close(self) -> None:
        self._connection.close()

    def _lock(self, name: str) -> int:
        digest = blake2b(f"{self._number} {name}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)

    def _table_number(self) -> int:
        number = int(self.rows(f"SELECT '{SCHEMA}.audit'::regclass::oid::bigint")[0][0])
        return number - 2**32 if number >= 2**31 else number


def _connected(address: str) -> Connection:
    """Encrypted where it goes to another machine, unless the address or libpq's own variable says otherwise."""
    is_said = "sslmode" in address or "PGSSLMODE" in os.environ
    sslmode = "require" if not is_said and has_host_of_its_own(address) else None
    try:
        connection = connect(address, sslmode=sslmode)
    except UsageError as error:
        raise LedgerError(f"the ledger in PostgreSQL can't be opened: {error.message}", help=error.help) from None
    with told(_failure):
        connection.execute(";".join(_SETTINGS).encode())
    return connection


@lru_cache(maxsize=256)
def _marked(sql: str) -> bytes:
    """A statement with psycopg's marks for values."""
    return sql.replace("?", "%s").encode()


def _spelt(table: str) -> str:
    for ours, theirs in _ALIKE:
        table = table.replace(ours, theirs)
    return table.replace("INTEGER", "BIGINT")


def _failure(words: str) -> LedgerError:
    return LedgerError(
        f"the ledger in PostgreSQL can't be used: {words}",
        help="nothing leaves without it; see that the server runs, has room, and lets you write",
    )
