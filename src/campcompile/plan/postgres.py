"""PostgreSQL, where a practice's data live there: they stay, and so does what a plan adds for the time of a session."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import TYPE_CHECKING, Any

from campcompile.audience.printing import DIALECTS, name_printer
from campcompile.errors import UsageError
from campcompile.plan.engine import type_name
from campcompile.plan.tables import LookupTable
from campcompile.postgres import connect
from campcompile.syntax.suggest import nearest
from campcompile.values import dataclass

if TYPE_CHECKING:
    from campcompile.postgres import Connection


# Such a long query takes longer to compile to machine code than to run. What its steps leave is always guessed far too
# low; then a loop over them, or a merge of few, takes seconds where a hash takes none.
_SETTINGS = {"jit": "off", "enable_nestloop": "off", "enable_mergejoin": "off"}
_MEMORY = "64MB"  # of each step, at least: ids are sorted without the disk


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A table of the practice's: where its rows are, how they are read, and how many there are."""

    rows: str
    reads: str
    count: int


class Postgres:
    """A session; its tables are temporary, and hide the practice's of the same name for this session alone."""

    dialect = DIALECTS["postgres"]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sources: dict[str, _Seen] = {}
        self.set_apart: set[str] = set()  # tables with rows that can't be used
        self.rows("SELECT set_config('TimeZone', 'UTC', false)")
        for name, value in _SETTINGS.items():
            self.rows(f"SELECT set_config('{name}', '{value}', false)")
        has_less = f"pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('{_MEMORY}')"
        self.rows(f"SELECT set_config('work_mem', '{_MEMORY}', false) WHERE {has_less}")

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

        `_place` is where a row lies. `absent` says what stands for columns that may be missing.
        Raises UsageError for a column that is missing, or of another type.
        """
        names = name_printer(self.dialect)
        found = self.columns(table)
        for name, kind in wanted.items():
            _demand(name, kind, found, table, absent or {})
        rows = self._rows_that_stay(table, names)
        texts = [name for name, kind in wanted.items() if name in found and kind not in _FITS]
        count, *are_filled = self.rows(f"SELECT COUNT(*){''.join(map(_is_filled, map(names, texts)))} FROM {rows}")[0]
        filled = {name for name, is_filled in zip(texts, are_filled, strict=True) if is_filled}
        reads = ", ".join(
            f"{_read(name, kind, found, table, names, absent or {}, filled)} AS {names(name)}"
            for name, kind in wanted.items()
        )
        self.sources[table] = _Seen(rows=rows, reads=reads, count=int(count))
        name = names(f"brought_{table}")
        self._run(f"CREATE TEMPORARY VIEW {name} AS SELECT ctid AS _place, {reads} FROM {rows}")
        return f"pg_temp.{name}"

    def still(self) -> None:
        """From here on the practice's tables stand still for this session: what is looked over is what is planned."""
        self._run("BEGIN ISOLATION LEVEL REPEATABLE READ")

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
        return self.sources[table].count

    def set_aside(self, table: str, wrong: str) -> list[tuple[int, int]]:
        """Keep the rows of a query that have a `test`, by their places; their numbers and tests, in order."""
        name = name_printer(self.dialect)(f"aside_{table}")
        self._run(f"CREATE TEMPORARY TABLE {name} AS SELECT * FROM ({wrong}) AS tested WHERE test IS NOT NULL")
        if not self.rows(f"SELECT COUNT(*) FROM pg_temp.{name}")[0][0]:
            return []
        self._run(f"ANALYZE pg_temp.{name}")
        self.set_apart.add(table)
        numbered = f"SELECT ctid AS place, ROW_NUMBER() OVER (ORDER BY ctid) AS number FROM {self.sources[table].rows}"
        found = self.rows(
            f"SELECT number, test FROM pg_temp.{name} AS aside JOIN ({numbered}) AS numbered ON place = _place "
            "ORDER BY number"
        )
        return [(int(number), int(test)) for number, test in found]

    def view(self, table: str) -> None:
        """Let the queries see what wasn't set aside."""
        names = name_printer(self.dialect)
        seen = self.sources[table]
        there = ""
        if table in self.set_apart:
            aside = f"pg_temp.{names(f'aside_{table}')}"
            there = f" WHERE NOT EXISTS (SELECT 1 FROM {aside} AS aside WHERE aside._place = brought.ctid)"
        self._run(f"CREATE TEMPORARY VIEW {names(table)} AS SELECT {seen.reads} FROM {seen.rows} AS brought{there}")

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
_TEXTS = ("text", "character varying", "character", "uuid", *_NUMBERS[:3], "USER-DEFINED")  # an enum, say
_FITS: Mapping[str, tuple[str, ...]] = {
    "datetime": ("timestamp with time zone",),
    "date": ("date",),
    "yes_no": ("boolean",),
    "list": ("ARRAY",),
    "number": _NUMBERS,
    "whole": _NUMBERS[:3],
}


def _demand(name: str, kind: str, columns: Mapping[str, str], table: str, absent: Mapping[str, str]) -> None:
    """Raises UsageError for a column that is missing, or of another type."""
    if name not in columns:
        if name in absent:
            return
        near = nearest(name, list(columns))
        advice = f"is it `{near}`?" if near else f"it has {', '.join(sorted(columns)[:12])}"
        raise UsageError(f"`{table}`: the column `{name}` is missing", help=advice)
    fits = _FITS.get(kind, _TEXTS)
    if columns[name] not in fits:
        raise UsageError(f"`{table}`: the column `{name}` is {columns[name]}", help=f"make it {fits[0]}")


def _read(
    name: str,
    kind: str,
    columns: Mapping[str, str],
    table: str,
    names: Callable[[str], str],
    absent: Mapping[str, str],
    filled: Container[str],
) -> str:
    """A column as the contract says, with what stands for it where it is missing or empty.

    Of a column as it stands the server knows what is in it, and can use an index of the practice's: so what is
    `filled`, with no empty text anywhere, is read without a word.
    """
    if name in absent:
        there = _read(name, kind, columns, table, names, {}, filled) if name in columns else "NULL"
        return f"COALESCE({there}, {absent[name]})"
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
    text = f"CAST({quoted} AS TEXT)" if name in filled else f"NULLIF(CAST({quoted} AS TEXT), '')"
    return f"LOWER({text})" if (table, name) == ("suppressions", "email") else text


def _is_filled(column: str) -> str:
    return f", COALESCE(BOOL_AND(CAST({column} AS TEXT) <> ''), TRUE)"


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _bytes(text: str) -> bytes:
    """A statement of ours, as psycopg takes one that isn't written out in the source."""
    return text.encode()
