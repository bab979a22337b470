"""The table contract: what columns a practice's export must have, and which of its rows can be used.

Nothing is lost without a word: every row of a file is good, or is set aside with its number, column and
reason, and the two add up. Reasons never quote a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from campcompile.audience.printing import DIALECTS, Dialect, name_printer, print_expression
from campcompile.audience.relation import Value
from campcompile.errors import UsageError
from campcompile.manifest import Table, TableColumn
from campcompile.plan.days import FIRST_YEAR, LAST_YEAR
from campcompile.plan.duck import Duck
from campcompile.plan.engine import type_name
from campcompile.syntax.suggest import nearest
from campcompile.values import dataclass
from campcompile.zones import is_zone

_DUCK = DIALECTS["duckdb"]
_INSTANT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)"
_LOCAL = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?"
_NUMBER = r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?"
_NOT_A = {
    "number": "is no number such as 12 or 12.5",
    "yes_no": "is none of yes, no, true, false",
    "date": "is no date such as 2026-03-12",
    "datetime": "is no date and time such as 2026-03-12T09:00+01:00",
}
_PARSED = frozenset({*_NOT_A, "list", "whole"})

# Columns of the lists that may be empty, or missing as a whole.
OPTIONAL = frozenset({"layer", "anchor", "anchor_day", "record", "anchor_id", "repetition", "replied", "clicked"})


@dataclass(frozen=True, slots=True, order=True)
class Aside:
    """A row that isn't used, as a spreadsheet counts: 1 is the header."""

    file: str
    row: int
    column: str  # "" for the row as a whole
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of a file's rows."""

    file: str
    table: str
    rows: int
    good: int
    aside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """A column as it is read: its value in SQL, and what makes a row bad."""

    name: str
    value: str
    checks: tuple[tuple[str, str], ...]  # condition in SQL → reason
    is_parsed: bool = False  # from a text: work that is better done once


def accept(duck: Duck, file: str, raw: str, table: Table, columns: Mapping[str, str]) -> tuple[Account, list[Aside]]:
    """Make the table of good rows from the relation `raw`, which has `_row` and the file's columns with their types.

    Raises UsageError for a column that is missing, or can't be what the contract says.
    """
    checked = [_id(duck, file, raw, columns), *_owner(file, table, columns)]
    checked += [_column(duck, file, raw, column, columns) for column in table.columns]
    return _split(duck, file, raw, table.name, checked)


def accept_list(
    duck: Duck, file: str, raw: str, name: str, wanted: Mapping[str, str], columns: Mapping[str, str]
) -> tuple[Account, list[Aside]]:
    """The same for one of the ledger's or practice's lists, whose rows have no id."""
    checked = []
    for column, kind in wanted.items():
        known = TableColumn(name=column, type=kind, element="", choices=(), required=column not in OPTIONAL)  # type: ignore[arg-type]
        if column in OPTIONAL and column not in columns:
            checked.append(_Checked(name=column, value=absent(column, kind, _DUCK), checks=()))
        else:
            made = _column(duck, file, raw, known, columns)
            made = _or_absent(made, kind) if column in OPTIONAL else made
            checked.append(_lowered(made) if (name, column) == ("suppressions", "email") else made)
    return _split(duck, file, raw, name, checked)


def absent(column: str, kind: str, dialect: Dialect) -> str:
    """What stands for an optional column that isn't there, or is empty: an empty layer is all mail."""
    if column == "layer":
        return "''"
    return "0" if column == "repetition" else f"CAST(NULL AS {type_name(kind, dialect)})"


def _or_absent(made: _Checked, kind: str) -> _Checked:
    value = f"COALESCE({made.value}, {absent(made.name, kind, _DUCK)})"
    return replace(made, value=value)


def _lowered(made: _Checked) -> _Checked:
    return replace(made, value=f"LOWER({made.value})")


def _split(duck: Duck, file: str, raw: str, name: str, checked: list[_Checked]) -> tuple[Account, list[Aside]]:
    """Good rows become the table; for each of the others the first thing that is wrong with it.

    Rows stay where they are and are seen from there, but for those of which a cell must be parsed.
    """
    names = name_printer(_DUCK)
    values = ", ".join(f"{one.value} AS {names(one.name)}" for one in checked)
    tests = [(one.name, condition, reason) for one in checked for condition, reason in one.checks]
    cases = " ".join(f"WHEN {condition} THEN {number}" for number, (_, condition, _) in enumerate(tests))
    tested = f"SELECT _row, {f'CASE {cases} END' if tests else 'NULL'} AS test FROM {raw}"
    wrong = names(f"_wrong_{name}")
    duck.run(f"CREATE OR REPLACE TABLE {wrong} AS SELECT * FROM ({tested}) WHERE test IS NOT NULL")
    total = duck.rows(f"SELECT COUNT(*) FROM {raw}")[0][0]
    found = duck.rows(f"SELECT _row, test FROM {wrong} ORDER BY _row")
    aside = [Aside(file, row, tests[test][0], tests[test][2]) for row, test in found]
    good = f"SELECT {values} FROM {raw}" + (f" WHERE _row NOT IN (SELECT _row FROM {wrong})" if found else "")
    is_parsed = any(one.is_parsed for one in checked)
    duck.run(f"CREATE OR REPLACE {'TABLE' if is_parsed else 'VIEW'} {names(name)} AS {good}")
    if is_parsed and not duck.is_view(raw.strip('"')):
        duck.run(f"DROP TABLE {raw}")
    return Account(file=file, table=name, rows=total, good=total - len(aside), aside=len(aside)), aside


def _id(duck: Duck, file: str, raw: str, columns: Mapping[str, str]) -> _Checked:
    _require(file, "id", columns)
    value = "NULLIF(TRIM(CAST(id AS VARCHAR)), '')"
    # Rows are numbered among those alone whose ids might be alike: to sort all of them takes the most memory.
    alike = f"SELECT HASH({value}) AS folded FROM {raw} WHERE {value} IS NOT NULL GROUP BY folded HAVING COUNT(*) > 1"
    numbered = f"SELECT _row, ROW_NUMBER() OVER (PARTITION BY {value} ORDER BY _row) AS place FROM {raw}"
    found = f"SELECT _row FROM ({numbered} WHERE HASH({value}) IN ({alike})) WHERE place > 1"
    duck.run(f"CREATE OR REPLACE TEMPORARY TABLE _twice AS {found}")
    return _Checked(
        name="id",
        value=value,
        checks=(
            (f"{value} IS NULL", "is empty, and every row needs one"),
            ("_row IN (SELECT _row FROM _twice)", "stands there twice"),
        ),
    )


def _owner(file: str, table: Table, columns: Mapping[str, str]) -> Iterator[_Checked]:
    """The row that each belongs to, which must be a good one."""
    if table.of:
        name = f"{table.of}_id"
        _require(file, name, columns)
        names = name_printer(_DUCK)
        value = f"NULLIF(TRIM(CAST({names(name)} AS VARCHAR)), '')"
        known = f"{value} NOT IN (SELECT id FROM {names(table.of)})"
        checks = ((f"{value} IS NULL", "is empty: whose row is it?"), (known, f"is of no {table.of} that is known"))
        yield _Checked(name=name, value=value, checks=checks)


def _column(duck: Duck, file: str, raw: str, column: TableColumn, columns: Mapping[str, str]) -> _Checked:
    _require(file, column.name, columns)
    name = name_printer(_DUCK)(column.name)
    written = columns[column.name]
    checks: list[tuple[str, str]] = []
    is_text = written.startswith("VARCHAR") and not written.endswith("[]")
    if is_text:
        text = f"NULLIF(TRIM({name}), '')"
        value, wrong = _from_text(text, column)
        checks += wrong
        empty = f"{text} IS NULL"
    else:
        value = _from_typed(file, name, written, column)
        empty = f"{value} IS NULL"
    if column.required:
        checks.insert(0, (empty, "is empty, and required"))
    if column.type in ("choice", "site") and column.choices:
        listed = ", ".join(print_expression(Value(choice), _DUCK) for choice in column.choices)
        checks.append((f"{value} NOT IN ({listed})", f"is none of {', '.join(column.choices)}"))
    if column.type == "zone":
        found = duck.rows(f"SELECT DISTINCT {value} FROM {raw} WHERE {value} IS NOT NULL")
        unknown = [str(row[0]) for row in found if not is_zone(str(row[0]))]
        if unknown:
            listed = ", ".join(print_expression(Value(zone), _DUCK) for zone in unknown)
            checks.append((f"{value} IN ({listed})", "is no time zone such as Europe/Oslo"))
    if column.type == "datetime":
        years = f"YEAR({value}) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
        checks.append((years, f"lies before {FIRST_YEAR} or after {LAST_YEAR}"))
    if column.type == "country":
        checks.append((f"NOT regexp_full_match({value}, '[A-Z]{{2}}')", "is no country code such as NO"))
    is_parsed = is_text and str(column.type) in _PARSED
    return _Checked(name=column.name, value=value, checks=tuple(checks), is_parsed=is_parsed)


def _from_text(text: str, column: TableColumn) -> tuple[str, list[tuple[str, str]]]:
    """A cell of a CSV file as its type, and what is wrong where it can't be."""
    match column.type:
        case "number":
            return _tried(text, f"IF(regexp_full_match({text}, '{_NUMBER}'), TRY_CAST({text} AS DOUBLE), NULL)", column)
        case "yes_no":
            low = f"LOWER({text})"
            value = f"(CASE WHEN {low} IN ('yes', 'true') THEN TRUE WHEN {low} IN ('no', 'false') THEN FALSE END)"
            return _tried(text, value, column)
        case "date":
            value = f"IF(regexp_full_match({text}, '\\d{{4}}-\\d\\d-\\d\\d'), TRY_CAST({text} AS DATE), NULL)"
            return _tried(text, value, column)
        case "datetime":
            value = (
                f"IF(regexp_full_match({text}, '{_INSTANT}'), CAST(TRY_CAST({text} AS TIMESTAMPTZ) AS TIMESTAMP), NULL)"
            )
            naive = f"regexp_full_match({text}, '{_LOCAL}')"
            value, wrong = _tried(text, value, column)
            return value, [(naive, "has no offset from UTC: write 2026-03-12T09:00+01:00"), *wrong]
        case "list":
            items = f"list_filter(list_transform(string_split({text}, ';'), lambda x: TRIM(x)), lambda x: x <> '')"
            return f"IF(LEN({items}) = 0, NULL, {items})", []
        case _:
            return _tried(text, f"TRY_CAST({text} AS BIGINT)", column) if str(column.type) == "whole" else (text, [])


def _tried(text: str, value: str, column: TableColumn) -> tuple[str, list[tuple[str, str]]]:
    reason = _NOT_A.get(column.type, "is no whole number")
    return value, [(f"{text} IS NOT NULL AND {value} IS NULL", reason)]


def _from_typed(file: str, name: str, written: str, column: TableColumn) -> str:
    """A column of Parquet or a database as its type. Raises UsageError where it is another."""
    fits: Mapping[str, tuple[str, ...]] = {
        "datetime": ("TIMESTAMP WITH TIME ZONE",),
        "date": ("DATE",),
        "yes_no": ("BOOLEAN",),
        "number": ("DOUBLE", "FLOAT", "DECIMAL", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "HUGEINT"),
        "whole": ("INTEGER", "BIGINT", "SMALLINT", "TINYINT"),
        "list": ("VARCHAR[]",),
    }
    wanted = fits.get(str(column.type), ("VARCHAR", "BIGINT", "INTEGER", "UUID"))
    if not written.startswith(wanted):
        say = "an instant without a zone" if written.startswith("TIMESTAMP") else written
        advice = f"make it {wanted[0]}" if column.type != "datetime" else "make it TIMESTAMP WITH TIME ZONE"
        raise UsageError(f"`{file}`: the column `{column.name}` is {say}", help=advice)
    if column.type == "datetime":
        return f"CAST({name} AS TIMESTAMP)"
    if column.type == "list":
        return f"IF(LEN({name}) = 0, NULL, {name})"
    if column.type in ("date", "yes_no", "number") or str(column.type) == "whole":
        return name if column.type != "number" else f"CAST({name} AS DOUBLE)"
    return f"NULLIF(CAST({name} AS VARCHAR), '')"


def _require(file: str, name: str, columns: Mapping[str, str]) -> None:
    if name not in columns:
        near = nearest(name, list(columns))
        advice = f"is it `{near}`?" if near else f"it has {', '.join(sorted(columns)[:12])}"
        raise UsageError(f"`{file}`: the column `{name}` is missing", help=advice)
