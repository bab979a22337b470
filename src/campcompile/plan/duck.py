"""DuckDB, embedded: the engine of files; the one importer of `duckdb`."""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from campcompile.audience.printing import DIALECTS, name_printer
from campcompile.errors import UsageError
from campcompile.plan.engine import type_name
from campcompile.plan.tables import LookupTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 5_000  # rows
_TO_LOOK_OVER = "350MB"  # at first: sorting takes all that it may, and a plan of ten million stays below 500 MiB
_THREADS = 4  # at most: each needs memory of its own


class Duck:
    """A database in memory; what is too much for it goes to a folder for its owner alone, which ends with it."""

    dialect = DIALECTS["duckdb"]

    def __init__(
        self, connection: DuckDBPyConnection, error: type[Exception], short_of_memory: type[Exception]
    ) -> None:
        self.connection = connection
        self.error = error
        self.short_of_memory = short_of_memory
        self.spill = TemporaryDirectory(prefix="campcompile-plan-")
        self.connection.execute(f"SET temp_directory = {_text(self.spill.name)}")

    @classmethod
    def in_memory(cls) -> Duck:
        """Raises UsageError where DuckDB isn't installed."""
        try:
            import duckdb  # 136 ms, and not everybody has it
        except ImportError:
            raise UsageError("a plan needs DuckDB", help="pip install 'campcompile[plan]'") from None
        atexit.unregister(gc.freeze)  # our own haste at the end (cli/main.py), which DuckDB takes for a leak, and tells
        connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET threads = {min(os.cpu_count() or 1, _THREADS)}")
        return cls(connection, duckdb.Error, duckdb.OutOfMemoryException)

    @contextmanager
    def looking_over(self) -> Iterator[None]:
        """With little memory, while rows are sorted, counted and set aside.

        A query for who is due takes less than it may; made to wait on the disk, it takes more, and longer.
        """
        self.connection.execute(f"SET memory_limit = {_text(_TO_LOOK_OVER)}")
        try:
            yield
        finally:
            self.connection.execute("RESET memory_limit")

    def load(self, table: LookupTable) -> None:
        names = name_printer(self.dialect)
        types = {name: type_name(kind, self.dialect) for name, kind in table.columns.items()}
        columns = ", ".join(f"{names(name)} {kind}" for name, kind in types.items())
        if self.is_view(table.name):
            self.ask(f"DROP VIEW {names(table.name)}")
        self.ask(f"CREATE OR REPLACE TABLE {names(table.name)} ({columns})")
        if table.rows:  # column by column: a hundred times as quick as literals
            lists = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in types.values())
            values = [list(column) for column in zip(*table.rows, strict=True)]
            self.ask(f"INSERT INTO {names(table.name)} SELECT {lists}", values)

    def ask(self, sql: str, values: Sequence[Any] | None = None) -> DuckDBPyConnection:
        """Run a statement. Not all of a query can wait on the disk: one that is short of memory gets all there is."""
        try:
            return self.connection.execute(sql, values)
        except self.short_of_memory:
            self.connection.execute("RESET memory_limit")
            return self.connection.execute(sql, values)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.ask(sql).fetchall()

    def each(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The same, for answers that are too long to hold."""
        answer = self.ask(sql)
        while some := answer.fetchmany(_AT_ONCE):
            yield from some

    def run(self, sql: str) -> None:
        self.ask(sql)

    def has(self, table: str) -> bool:
        found = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = ?"
        return bool(self.ask(found, [table]).fetchall()[0][0])

    def is_view(self, name: str) -> bool:
        """Whether a relation of ours shows the rows of others, and holds none."""
        found = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = ? AND table_type = 'VIEW'"
        ours = f"{found} AND table_catalog = current_database()"
        return bool(self.ask(ours, [name]).fetchall()[0][0])

    def write_parquet(self, query: str, path: Path) -> None:
        """The answer of a query as a Parquet file."""
        self.ask(f"COPY ({query}) TO {_text(path)} (FORMAT parquet, COMPRESSION zstd)")


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
