"""PostgreSQL, where a practice's data live there: they stay, and so does what a plan adds for the time of a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from campcompile.audience.printing import DIALECTS, name_printer
from campcompile.errors import UsageError
from campcompile.plan.engine import type_name
from campcompile.plan.tables import LookupTable
from campcompile.postgres import connect
from campcompile.syntax.suggest import nearest

if TYPE_CHECKING:
    from campcompile.postgres import Connection


class Postgres:
    """A session; its tables are temporary, and hide the practice's of the same name for this session alone."""

    dialect = DIALECTS["postgres"]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sources: dict[str, tuple[str, str]] = {}  # of tables seen: where their rows are, and how they are read
        self.rows("SELECT set_config('TimeZone', 'UTC', false)")
        # Compiling such a long query to machine code takes the server longer than running it.
        self.rows("SELECT set_config('jit', 'off', false)")

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

    def source(self, table: str, wanted: Mapping[str, str], absent: Mapping[str, str] | None = None) -> str:
        """A view of a table of the practice's, as the contract says: UTC, and nothing for empty texts.

        `_row` is a row's number, `_place` where it lies. `absent` says what stands for columns that may be missing.
        Raises UsageError for a column that is missing, or of another type.
        """
        names = name_printer(self.dialect)
        found = self.columns(table)
        reads = [
            f"{_read(name, kind, found, table, names, absent or {})} AS {names(name)}" for name, kind in wanted.items()
        ]
        rows = self._rows_that_stay(table, names)
        self.sources[table] = rows, ", ".join(reads)
        name = names(f"brought_{table}")
        numbered = f"ROW_NUMBER() OVER (ORDER BY ctid) AS _row, ctid AS _place, {', '.join(reads)} FROM {rows}"
        self._run(f"CREATE TEMPORARY VIEW {name} AS SELECT {numbered}")
        return f"pg_temp.{name}"

    def _rows_that_stay(self, table: str, names: Callable[[str], str]) -> str:
        """The table itself; a copy of what a view shows, or a table in parts: their rows have no place of their own."""
        public = f"public.{names(table)}"
        of_it = f"FROM pg_class WHERE oid = '{_quoted(public)}'::regclass"
        if self.rows(f"SELECT relkind IN ('r', 'm') AND NOT relhassubclass {of_it}")[0][0]:
            return public
        copied = names(f"copied_{table}")
        self._run(f"CREATE TEMPORARY TABLE {copied} AS SELECT * FROM {public}")
        return f"pg_temp.{copied}"

    def count(self, table: str) -> int:
        """How many rows there are, good or not."""
        return int(self.rows(f"SELECT COUNT(*) FROM {self.sources[table][0]}")[0][0])

    def set_aside(self, table: str, wrong: str) -> list[tuple[int, int]]:
        """Keep the rows of a query that have a `test`, by their places; their numbers and tests, in order."""
        name = name_printer(self.dialect)(f"aside_{table}")
        self._run(f"CREATE TEMPORARY TABLE {name} AS SELECT * FROM ({wrong}) AS tested WHERE test IS NOT NULL")
        self._run(f"ANALYZE pg_temp.{name}")
        return [
            (int(row), int(test)) for row, test in self.rows(f"SELECT _row, test FROM pg_temp.{name} ORDER BY _row")
        ]

    def view(self, table: str) -> None:
        """Let the queries see what wasn't set aside."""
        names = name_printer(self.dialect)
        rows, reads = self.sources[table]
        aside = f"pg_temp.{names(f'aside_{table}')}"
        there = ""
        if self.has(f"aside_{table}") and self.rows(f"SELECT COUNT(*) FROM {aside}")[0][0]:
            there = f" WHERE NOT EXISTS (SELECT 1 FROM {aside} AS aside WHERE aside._place = brought.ctid)"
        self._run(f"CREATE TEMPORARY VIEW {names(table)} AS SELECT {reads} FROM {rows} AS brought{there}")

    def _run(self, sql: str) -> None:
        self.connection.execute(_bytes(sql))

    def columns(self, table: str) -> Mapping[str, str]:
        """The columns of a table of the practice with their types; none where there is no such table."""
        return dict(self.rows(_COLUMNS_OF.format(table=_quoted(table))))

    def has(self, table: str) -> bool:
        """Among ours: a practice's own table is seen through a view of ours."""
        return bool(self.rows(f"SELECT to_regclass('pg_temp.{table}') IS NOT NULL")[0][0])

    def _is_view(self, table: str) -> bool:
        return bool(self.rows(f"SELECT relkind = 'v' FROM pg_class WHERE oid = to_regclass('pg_temp.{table}')")[0][0])


_COLUMNS_OF = (
    "SELECT column_name, data_type FROM information_schema.columns "
    "WHERE table_name = '{table}' AND table_schema = 'public'"
)
_NUMBERS = ("smallint", "integer", "bigint", "numeric", "real", "double precision")
_FITS: Mapping[str, tuple[str, ...]] = {
    "datetime": ("timestamp with time zone",),
    "date": ("date",),
    "yes_no": ("boolean",),
    "list": ("ARRAY",),
    "number": _NUMBERS,
    "whole": _NUMBERS[:3],
}


def _read(
    name: str,
    kind: str,
    columns: Mapping[str, str],
    table: str,
    names: Callable[[str], str],
    absent: Mapping[str, str],
) -> str:
    """A column as the contract says, with what stands for it where it is missing or empty. Raises UsageError."""
    if name in absent:
        there = _read(name, kind, columns, table, names, {}) if name in columns else "NULL"
        return f"COALESCE({there}, {absent[name]})"
    if name not in columns:
        near = nearest(name, list(columns))
        advice = f"is it `{near}`?" if near else f"it has {', '.join(sorted(columns)[:12])}"
        raise UsageError(f"`{table}`: the column `{name}` is missing", help=advice)
    fits = _FITS.get(kind, (columns[name],))
    if columns[name] not in fits:
        raise UsageError(f"`{table}`: the column `{name}` is {columns[name]}", help=f"make it {fits[0]}")
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
            return f"CASE WHEN cardinality({quoted}) > 0 THEN CAST({quoted} AS TEXT[]) END"
        case _ if (table, name) == ("suppressions", "email"):
            return f"LOWER(NULLIF(CAST({quoted} AS TEXT), ''))"
        case _:
            return f"NULLIF(CAST({quoted} AS TEXT), '')"


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _bytes(text: str) -> bytes:
    """A statement of ours, as psycopg takes one that isn't written out in the source."""
    return text.encode()
