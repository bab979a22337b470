"""Which rows of a practice's PostgreSQL tables can be used: the table contract, asked where they live.

As with files, every row is good, or is set aside with its number, column and reason, and the two add up.
A row's number is its place in the table as it stands there; reasons never quote a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from campcompile.audience.printing import DIALECTS, name_printer, print_expression
from campcompile.audience.relation import Value
from campcompile.errors import UsageError
from campcompile.manifest import Table, TableColumn
from campcompile.plan.contract import OPTIONAL, Account, Aside, absent
from campcompile.plan.days import FIRST_YEAR, LAST_YEAR
from campcompile.plan.postgres import Postgres
from campcompile.values import dataclass
from campcompile.zones import is_zone

_DIALECT = DIALECTS["postgres"]
_names = name_printer(_DIALECT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Test:
    """What makes a row bad."""

    column: str
    condition: str
    reason: str


def see_table(engine: Postgres, table: Table) -> tuple[Account, list[Aside]]:
    """Let the queries see the good rows of a record's table.

    Raises UsageError for a table or column that is missing, or of another type.
    """
    if not engine.columns(table.name):
        advice = f"it holds one row for each {table.name}"
        raise UsageError(f"the database has no table `{table.name}`", help=advice)
    keys = {"id": "text", **({f"{table.of}_id": "text"} if table.of else {})}
    rows = engine.source(table.name, {**keys, **{column.name: column.type for column in table.columns}})
    tests = [
        _Test(column="id", condition="brought.id IS NULL", reason="is empty, and every row needs one"),
        _Test(column="id", condition="brought._place <> twice.first_place", reason="stands there twice"),
    ]
    if table.of:
        owner, whose = f"{table.of}_id", _names(f"{table.of}_id")
        tests.append(_Test(column=owner, condition=f"brought.{whose} IS NULL", reason="is empty: whose row is it?"))
        tests.append(_Test(column=owner, condition="owners.id IS NULL", reason=f"is of no {table.of} that is known"))
    tests += [test for column in table.columns for test in _tests(engine, rows, column)]
    twice = f"SELECT id, MIN(_place) AS first_place FROM {rows} GROUP BY id HAVING COUNT(*) > 1"
    owners = f" LEFT JOIN {_names(table.of)} AS owners ON owners.id = brought.{whose}" if table.of else ""
    brought = f"{rows} AS brought LEFT JOIN ({twice}) AS twice ON twice.id = brought.id{owners}"
    return _split(engine, table.name, brought, tests)


def see_list(engine: Postgres, name: str, columns: Mapping[str, str]) -> tuple[Account, list[Aside]]:
    """The same for one of the ledger's or practice's lists, whose rows have no id."""
    missing = {column: absent(column, kind, _DIALECT) for column, kind in columns.items() if column in OPTIONAL}
    rows = engine.source(name, columns, missing)
    tests: list[_Test] = []
    for column, kind in columns.items():
        known = TableColumn(name=column, type=kind, element="", choices=(), required=column not in OPTIONAL)  # type: ignore[arg-type]
        tests += _tests(engine, rows, known)
    return _split(engine, name, f"{rows} AS brought", tests)


def _tests(engine: Postgres, rows: str, column: TableColumn) -> Iterator[_Test]:
    value = f"brought.{_names(column.name)}"

    def test(condition: str, reason: str) -> _Test:
        return _Test(column=column.name, condition=condition, reason=reason)

    if column.required:
        yield test(f"{value} IS NULL", "is empty, and required")
    if column.type in ("choice", "site") and column.choices:
        yield test(f"{value} NOT IN ({_listed(column.choices)})", f"is none of {', '.join(column.choices)}")
    if column.type == "zone":
        found = engine.rows(f"SELECT DISTINCT {value} FROM {rows} AS brought WHERE {value} IS NOT NULL")
        unknown = [str(row[0]) for row in found if not is_zone(str(row[0]))]
        if unknown:
            yield test(f"{value} IN ({_listed(unknown)})", "is no time zone such as Europe/Oslo")
    if column.type == "datetime":
        years = f"EXTRACT(YEAR FROM {value}) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
        yield test(years, f"lies before {FIRST_YEAR} or after {LAST_YEAR}")
    if column.type == "date":
        yield test(f"NOT isfinite({value})", "is no date such as 2026-03-12")
    if column.type == "country":
        yield test(f"{value} !~ '^[A-Z]{{2}}$'", "is no country code such as NO")


def _split(engine: Postgres, name: str, brought: str, tests: Sequence[_Test]) -> tuple[Account, list[Aside]]:
    """Good rows are seen; for each of the others the first thing that is wrong with it."""
    cases = " ".join(f"WHEN {test.condition} THEN {number}" for number, test in enumerate(tests))
    wrong = f"SELECT brought._place, CASE {cases} END AS test FROM {brought}" if tests else ""
    total = engine.count(name)
    found = engine.set_aside(name, wrong) if wrong else []
    engine.view(name)
    aside = [Aside(name, row, tests[test].column, tests[test].reason) for row, test in found]
    return Account(file=name, table=name, rows=total, good=total - len(aside), aside=len(aside)), aside


def _listed(values: Sequence[str]) -> str:
    return ", ".join(print_expression(Value(value), _DIALECT) for value in values)
