"""DuckDB, embedded: the engine of files; the one importer of `duckdb`."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
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


class Duck:
    """A database in memory; what is too much for it goes to a folder for its owner alone, which ends with it."""

    dialect = DIALECTS["duckdb"]

    def __init__(self, connection: DuckDBPyConnection, error: type[Exception]) -> None:
        self.connection = connection
        self.error = error
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
        return cls(connection, duckdb.Error)

    def load(self, table: LookupTable) -> None:
        names = name_printer(self.dialect)
        types = {name: type_name(kind, self.dialect) for name, kind in table.columns.items()}
        columns = ", ".join(f"{names(name)} {kind}" for name, kind in types.items())
        self.connection.execute(f"CREATE OR REPLACE TABLE {names(table.name)} ({columns})")
        if table.rows:  # column by column: a hundred times as quick as literals
            lists = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in types.values())
            values = [list(column) for column in zip(*table.rows, strict=True)]
            self.connection.execute(f"INSERT INTO {names(table.name)} SELECT {lists}", values)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def each(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The same, for answers that are too long to hold."""
        answer = self.connection.execute(sql)
        while some := answer.fetchmany(_AT_ONCE):
            yield from some

    def run(self, sql: str) -> None:
        self.connection.execute(sql)

    def has(self, table: str) -> bool:
        found = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = ?"
        return bool(self.connection.execute(found, [table]).fetchall()[0][0])

    def write_parquet(self, query: str, path: Path) -> None:
        """The answer of a query as a Parquet file."""
        self.connection.execute(f"COPY ({query}) TO {_text(path)} (FORMAT parquet, COMPRESSION zstd)")


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
