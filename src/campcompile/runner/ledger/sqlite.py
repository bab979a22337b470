"""A ledger's tables in one SQLite file: every commit is on the disk before anything leaves."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from campcompile.errors import LedgerError

FORMAT = 1
_PATIENCE_S = 20.0
_TABLES = (
    "CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
    """CREATE TABLE IF NOT EXISTS sends (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  campaign TEXT NOT NULL,
  item TEXT NOT NULL,
  digest TEXT NOT NULL,
  layer TEXT NOT NULL,
  policy TEXT NOT NULL,
  consent TEXT NOT NULL,
  person BLOB NOT NULL,
  address BLOB NOT NULL,
  source_row INTEGER NOT NULL,
  planning INTEGER NOT NULL,
  planned_at INTEGER NOT NULL,
  send_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  quiet_from INTEGER,
  quiet_until INTEGER,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  writer TEXT NOT NULL DEFAULT '',
  changed_at INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT ''
)""",
    "CREATE INDEX IF NOT EXISTS sends_open ON sends (state) WHERE state IN ('claimed', 'unknown')",
    "CREATE INDEX IF NOT EXISTS sends_counted ON sends (person, changed_at)"
    " WHERE state IN ('sent', 'claimed', 'unknown')",
    """CREATE TABLE IF NOT EXISTS suppressions (
  address BLOB NOT NULL, layer TEXT NOT NULL, since INTEGER NOT NULL, source TEXT NOT NULL, PRIMARY KEY (address, layer)
)""",
    """CREATE TABLE IF NOT EXISTS consents (
  person BLOB NOT NULL, consent TEXT NOT NULL, given INTEGER NOT NULL, PRIMARY KEY (person, consent)
)""",
    "CREATE TABLE IF NOT EXISTS pauses (campaign TEXT PRIMARY KEY, since INTEGER NOT NULL, reason TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS stops (
  campaign TEXT NOT NULL, item TEXT NOT NULL, person BLOB NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (campaign, item, person)
)""",
    """CREATE TABLE IF NOT EXISTS audit (
  chain TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL, details TEXT NOT NULL,
  digest TEXT NOT NULL, PRIMARY KEY (chain, number)
)""",
    "CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_is_whole BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
)


class Sqlite:
    """One file, one writer at a time, any number of readers."""

    def __init__(self, path: Path) -> None:
        """Opens the file and makes its tables. Raises LedgerError where it is no ledger, or can't be written."""
        self.path = path
        with _told(path):
            if not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            self._connection = self._connected()
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")  # a commit is on the disk, or isn't one
            with self.transaction():
                for table in _TABLES:
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

    @contextmanager
    def alone(self) -> Iterator[None]:
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
            yield
        finally:
            os.close(handle)

    def another(self) -> Sqlite:
        """The same file for another thread, to read from."""
        twin = object.__new__(Sqlite)
        twin.path = self.path
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
