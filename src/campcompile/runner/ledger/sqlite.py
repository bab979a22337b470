"""A ledger's tables in one SQLite file: every commit is on the disk before anything leaves."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from campcompile.errors import LedgerError
from campcompile.runner.ledger.place import Place, place_at
from campcompile.runner.ledger.store import CHAIN
from campcompile.runner.ledger.tables import TABLES

_PATIENCE_S = 20.0
_TRIGGERS = (
    "CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_is_whole BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
)


class Sqlite:
    """One file, one writer at a time, any number of readers."""

    holding = passing = ""  # a transaction keeps the whole file

    def __init__(self, path: Path) -> None:
        """Opens the file and makes its tables. Raises LedgerError where it is no ledger, or can't be written."""
        self.path = path
        self.place: Place = place_at(path)
        with _told(path):
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            self._connection = self._connected()
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")  # a commit is on the disk, or isn't one
            self._connection.execute("PRAGMA cache_size = -16384")  # KiB: keys come in no order
            with self.transaction():
                for table in (*TABLES, *_TRIGGERS):
                    self._connection.execute(table)

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self.path, timeout=_PATIENCE_S, isolation_level=None, cached_statements=256, check_same_thread=False
        )

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with _told(self.path):
            return self._connection.execute(sql, values).fetchall()

    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The same, for answers that are too long to hold."""
        with _told(self.path):
            yield from self._connection.execute(sql, values)

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """How many rows were changed."""
        with _told(self.path):
            return self._connection.execute(sql, values).rowcount

    def run_many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        with _told(self.path):
            self._connection.executemany(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on the disk at its end; nobody else writes meanwhile."""
        with _told(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def hold(self, names: Iterable[str]) -> None:
        """A transaction has all to itself."""

    @contextmanager
    def seat(self) -> Iterator[str]:
        """Hold the ledger's lock; the system lets go of it however this process ends. Raises LedgerError."""
        lock = self.path.with_name(self.path.name + ".lock")
        with _told(self.path):
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            if not _acquire(handle):
                raise LedgerError(
                    f"another campcompile is sending with the ledger `{self.path}`",
                    help="wait for it to end; campcompile status shows how far it is",
                )
            yield CHAIN
        finally:
            os.close(handle)

    def is_deserted(self, writer: str) -> bool:
        """Who has the lock is the only one who lives."""
        return True

    def reserve(self, part: str) -> bool:
        """Who has the lock has all the work."""
        return True

    def another(self) -> Sqlite:
        """The same file for another thread, to read from."""
        twin = object.__new__(Sqlite)
        twin.path, twin.place = self.path, self.place
        with _told(self.path):
            twin._connection = twin._connected()
        return twin

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """SQLite's own failures in our words: a full disk, a file that is no database, a lock that nobody lets go of."""
    try:
        yield
    except sqlite3.Error as error:
        raise LedgerError(
            f"the ledger `{path}` can't be used: {error}",
            help="nothing leaves without it; see that the disk has room and the file is yours",
        ) from None
    except OSError as error:
        raise LedgerError(f"the ledger `{path}` can't be opened: {error.strerror}") from None


if sys.platform == "win32":
    import msvcrt

    def _acquire(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _acquire(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
