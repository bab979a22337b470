"""PostgreSQL, where a practice's data live there: they stay, and so does what a plan adds for the time of a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from campcompile.audience.printing import DIALECTS, name_printer
from campcompile.errors import UsageError
from campcompile.plan.engine import type_name
from campcompile.plan.tables import LookupTable
from campcompile.postgres import connect

if TYPE_CHECKING:
    from campcompile.postgres import Connection


class Postgres:
    """A session; its tables are temporary, and hide the practice's of the same name for this session alone."""

    dialect = DIALECTS["postgres"]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.rows("SELECT set_config('TimeZone', 'UTC', false)")

    @classmethod
    def connect(cls, address: str) -> Postgres:
        """Raises UsageError where psycopg isn't installed, or the server doesn't answer; never quotes the address."""
        return cls(connect(address))

    def load(self, table: LookupTable) -> None:
        names = name_printer(self.dialect)
        columns = ", ".join(f"{names(name)} {type_name(kind, self.dialect)}" for name, kind in table.columns.items())
        with self.connection.cursor() as cursor:
            if self.has(table.name):
                kind = "VIEW" if self._is_view(table.name) else "TABLE"
                cursor.execute(_bytes(f"DROP {kind} pg_temp.{names(table.name)}"))
            cursor.execute(_bytes(f"CREATE TEMPORARY TABLE {names(table.name)} ({columns})"))
            with cursor.copy(_bytes(f"COPY pg_temp.{names(table.name)} FROM STDIN")) as copy:
                for row in table.rows:
                    copy.write_row([list(cell) if isinstance(cell, tuple) else cell for cell in row])
            # Without statistics the planner loops over the calendar: minutes where seconds would do.
            cursor.execute(_bytes(f"ANALYZE pg_temp.{names(table.name)}"))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            return cursor.execute(_bytes(sql)).fetchall()

    def view(self, table: str, wanted: Mapping[str, str], needed: Sequence[str]) -> tuple[int, int]:
        """Let the queries see a table of the practice as the contract says: UTC, and nothing for empty texts.

        Rows that lack something needed are out of sight; returns how many there are, and how many are seen.
        Raises UsageError for a column that is missing, or of another type.
        """
        names = name_printer(self.dialect)
        found = self.columns(table)
        columns = (f"{_read(name, kind, found, table, names)} AS {names(name)}" for name, kind in wanted.items())
        there = " AND ".join(f"{names(name)} IS NOT NULL" for name in needed)
        source = f"public.{names(table)}"
        rows = f"SELECT {', '.join(columns)} FROM {source} WHERE {there}"
        self.connection.execute(_bytes(f"CREATE TEMPORARY VIEW {names(table)} AS {rows}"))
        total, seen = self.rows(f"SELECT COUNT(*), COUNT(*) FILTER (WHERE {there}) FROM {source}")[0]
        return total, seen

    def columns(self, table: str) -> Mapping[str, str]:
        """The columns of a table of the practice with their types; none where there is no such table."""
        return dict(self.rows(_COLUMNS_OF.format(table=table.replace("'", "''"))))

    def has(self, table: str) -> bool:
        """Among ours: a practice's own table is seen through a view of ours."""
        return bool(self.rows(f"SELECT to_regclass('pg_temp.{table}') IS NOT NULL")[0][0])

    def _is_view(self, table: str) -> bool:
        return bool(self.rows(f"SELECT relkind = 'v' FROM pg_class WHERE oid = to_regclass('pg_temp.{table}')")[0][0])


_COLUMNS_OF = (
    "SELECT column_name, data_type FROM information_schema.columns "
    "WHERE table_name = '{table}' AND table_schema = 'public'"
)
_FITS = {"datetime": "timestamp with time zone", "date": "date", "yes_no": "boolean", "list": "ARRAY"}


def _read(name: str, kind: str, columns: Mapping[str, str], table: str, names: Callable[[str], str]) -> str:
    """A column as the contract says. Raises UsageError."""
    if name not in columns:
        raise UsageError(f"`{table}`: the column `{name}` is missing", help=f"it has {', '.join(sorted(columns)[:12])}")
    fits = _FITS.get(kind, columns[name])
    if columns[name] != fits:
        raise UsageError(f"`{table}`: the column `{name}` is {columns[name]}", help=f"make it {fits}")
    quoted = names(name)
    match kind:
        case "datetime":
            return f"({quoted} AT TIME ZONE 'UTC')"
        case "date" | "yes_no":
            return quoted
        case "number":
            return f"CAST({quoted} AS DOUBLE PRECISION)"
        case "whole":
            return f"CAST({quoted} AS BIGINT)"
        case "list":
            return f"CASE WHEN cardinality({quoted}) > 0 THEN {quoted} END"
        case _:
            return f"NULLIF(CAST({quoted} AS TEXT), '')"


def _bytes(text: str) -> bytes:
    """A statement of ours, as psycopg takes one that isn't written out in the source."""
    return text.encode()
