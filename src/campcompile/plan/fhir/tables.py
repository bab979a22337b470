"""One table from FHIR resources: what the lines bring through a view, and what a file of the contract adds to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from campcompile.audience.printing import DIALECTS, name_printer
from campcompile.errors import UsageError
from campcompile.plan.contract import Aside
from campcompile.plan.duck import Duck
from campcompile.plan.fhir.lines import FILE, lines_by_hand, lines_of
from campcompile.plan.fhir.lowering import lower, one_text, texts
from campcompile.plan.fhir.view import Column, View
from campcompile.values import dataclass

_NAMES = name_printer(DIALECTS["duckdb"])
_MANY = "has more than one value: the view takes one, with `.first()` or `collection: true`"
_OBJECT = "holds more than a value: the view must name a part of it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of the lines of a view's resource: the rows stand in the table `_view_NAME`."""

    view: View
    files: tuple[str, ...]
    columns: Mapping[str, str]  # with their types
    aside: tuple[Aside, ...]
    left_out: int  # resources of which the view makes no row

    def place(self, row: int) -> tuple[str, int]:
        """The file and line of a `_row`."""
        return self.files[row // FILE], row % FILE


def bring(duck: Duck, view: View, paths: Sequence[Path]) -> Brought:
    """Read the files of a view's resource."""
    aside: list[Aside] = []
    duck.run("SET preserve_insertion_order = true")
    try:
        _read(duck, view, lines_of(paths))
    except duck.error:
        aside = lines_by_hand(duck, paths, "_by_hand")
        _read(duck, view, "SELECT _row, text FROM _by_hand")
        duck.run("DROP TABLE _by_hand")
    finally:
        duck.run("SET preserve_insertion_order = false")
    columns = tuple(view.select.all_columns())
    types = {column.name: "VARCHAR[]" if column.collection else "VARCHAR" for column in columns}
    files = tuple(path.name for path in paths)
    brought = Brought(view=view, files=files, columns=types, aside=(), left_out=_left_out(duck))
    aside += [Aside(*brought.place(row), "", _wrong(view)[test][1]) for row, test in _bad_lines(duck)]
    tests = _tests(duck, view.name, columns)
    aside += [Aside(*brought.place(row), name, reason) for row, name, reason in tests]
    duck.run("DROP TABLE _resources")
    return Brought(view=view, files=files, columns=types, aside=tuple(sorted(aside)), left_out=brought.left_out)


def _wrong(view: View) -> tuple[tuple[str, str], ...]:
    """What makes a line useless, in the order in which it is asked: a condition in SQL, and the reason."""
    return (
        ("top IS NULL", "is no JSON"),
        ("json_type(top[1]) IS NULL", "has no `resourceType`"),
        (f"json_extract_string(top[1], '$') <> '{view.resource}'", f"is no {view.resource}"),
        ("COALESCE(json_type(top[2]), '') <> 'VARCHAR' OR json_extract_string(top[2], '$') = ''", "lacks an `id`"),
    )


def _read(duck: Duck, view: View, lines: str) -> None:
    """The table `_resources`: of each line what is wrong with it, or its rows."""
    lowered = lower(view, "$.resourceType", "$.id")
    places = ", ".join(f"'{place}'" for place in lowered.places)
    tops = f"SELECT _row, CASE WHEN json_valid(text) THEN json_extract(text, [{places}]) END AS top FROM ({lines})"
    cases = " ".join(f"WHEN {condition} THEN {number}" for number, (condition, _) in enumerate(_wrong(view)))
    judged = f"SELECT _row, top, CASE {cases} END AS wrong FROM ({tops})"
    rows = f"CASE WHEN wrong IS NULL THEN {lowered.rows} ELSE [] END"
    duck.run(f"CREATE OR REPLACE TABLE _resources AS SELECT _row, wrong, {rows} AS found FROM ({judged})")


def _left_out(duck: Duck) -> int:
    return int(duck.rows("SELECT COUNT(*) FROM _resources WHERE wrong IS NULL AND len(found) = 0")[0][0])


def _bad_lines(duck: Duck) -> list[tuple[int, int]]:
    return [(row, test) for row, test in duck.rows("SELECT _row, wrong FROM _resources WHERE wrong IS NOT NULL")]


def _tests(duck: Duck, name: str, columns: Sequence[Column]) -> list[tuple[int, str, str]]:
    """Make `_view_NAME` of the rows that hold no more than the view says; the others, each with what is wrong."""
    cells = [(column, f"cells[{place}]") for place, column in enumerate(columns, start=1)]
    checks = [(column.name, f"len({cell}) > 1", _MANY) for column, cell in cells if not column.collection]
    checks += [(column.name, _holds_object(cell), _OBJECT) for column, cell in cells]
    cases = " ".join(f"WHEN {condition} THEN {number}" for number, (_, condition, _) in enumerate(checks))
    values = ", ".join(
        f"{texts(cell) if column.collection else one_text(cell)} AS {_NAMES(column.name)}" for column, cell in cells
    )
    rows = "SELECT _row, unnest(found) AS cells FROM _resources WHERE wrong IS NULL"
    tested = f"SELECT _row, CASE {cases} END AS _test, {values} FROM ({rows})"
    table = view_table(name)
    duck.run(f"CREATE OR REPLACE TABLE {table} AS {tested}")
    found = duck.rows(f"SELECT _row, _test FROM {table} WHERE _test IS NOT NULL ORDER BY _row")
    duck.run(f"DELETE FROM {table} WHERE _test IS NOT NULL")
    return [(row, checks[test][0], checks[test][2]) for row, test in found]


def _holds_object(cell: str) -> str:
    return f"len(list_filter({cell}, lambda i: json_type(i) IN ('OBJECT', 'ARRAY'))) > 0"


def view_table(name: str) -> str:
    return _NAMES(f"_view_{name}")


# ── what is added ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What a file of the contract adds: cells to rows of its ids, and rows of its own where the table may have them."""

    file: str
    rows: int
    columns: Mapping[str, str]
    aside: tuple[Aside, ...]


def add(duck: Duck, brought: Brought, raw: str, file: str, columns: Mapping[str, str], *, may_grow: bool) -> Added:
    """Look at the rows of `raw`, and make the table `_more_NAME` of those that can be used.

    Where the table can't grow, as that of people can't, each must have the id of one that the view brought.
    """
    if "id" not in columns:
        advice = f"it fills rows of {brought.view.resource} by their `id`"
        raise UsageError(f"`{file}`: the column `id` is missing", help=advice)
    key = "NULLIF(TRIM(CAST(id AS VARCHAR)), '')"
    reasons = ["is empty, and every row needs one", "stands there twice", f"is of no {brought.view.resource}"]
    cases = f"WHEN {key} IS NULL THEN 0 WHEN ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY _row) > 1 THEN 1"
    if not may_grow:
        cases += f" WHEN {key} NOT IN (SELECT id FROM {view_table(brought.view.name)} WHERE id IS NOT NULL) THEN 2"
    more = more_table(brought.view.name)
    duck.run(f"CREATE OR REPLACE TABLE {more} AS SELECT *, {key} AS _id, CASE {cases} END AS _test FROM {raw}")
    found = duck.rows(f"SELECT _row, _test FROM {more} WHERE _test IS NOT NULL ORDER BY _row")
    total = int(duck.rows(f"SELECT COUNT(*) FROM {more}")[0][0])
    duck.run(f"DELETE FROM {more} WHERE _test IS NOT NULL")
    aside = tuple(Aside(file, row, "id", reasons[test]) for row, test in found)
    return Added(file=file, rows=total, columns=columns, aside=aside)


def more_table(name: str) -> str:
    return _NAMES(f"_more_{name}")


def joined(brought: Brought, added: Added, *, may_grow: bool) -> str:
    """SQL of the rows of both: the view's value, and where it has none, the file's."""
    name = brought.view.name
    both = dict.fromkeys((*brought.columns, *added.columns))
    pairs = ((column, *_sides(column, brought, added)) for column in both)
    filled = ", ".join(f"COALESCE({mine}, {theirs}) AS {_NAMES(column)}" for column, mine, theirs in pairs)
    rows = f"SELECT v._row, {filled} FROM {view_table(name)} v LEFT JOIN {more_table(name)} m ON m._id = v.id"
    if not may_grow:
        return rows
    own = ", ".join(f"{_sides(column, brought, added)[1]} AS {_NAMES(column)}" for column in both)
    strange = f"m._id NOT IN (SELECT id FROM {view_table(name)} WHERE id IS NOT NULL)"
    number = len(brought.files) * FILE
    return f"{rows} UNION ALL SELECT {number} + m._row, {own} FROM {more_table(name)} m WHERE {strange}"


def _sides(column: str, brought: Brought, added: Added) -> tuple[str, str]:
    """A column of the view, and of the file in the same type; NULL where one doesn't have it."""
    kind = brought.columns.get(column, "VARCHAR")
    mine = f"v.{_NAMES(column)}" if column in brought.columns else f"CAST(NULL AS {kind})"
    theirs = f"CAST(NULL AS {kind})"
    if column in added.columns:
        theirs = _in_kind(f"m.{_NAMES(column)}", added.columns[column], kind)
    return mine, theirs


def _in_kind(cell: str, written: str, kind: str) -> str:
    """A cell as a text, or as the list that the view has there."""
    is_list = written.endswith("[]")
    if kind == "VARCHAR":
        text = f"array_to_string({cell}, ';')" if is_list else f"CAST({cell} AS VARCHAR)"
        return f"NULLIF(TRIM({text}), '')"
    split = f"list_transform(string_split(CAST({cell} AS VARCHAR), ';'), lambda s: TRIM(s))"
    listed = cell if is_list else f"list_filter({split}, lambda s: s <> '')"
    return f"CASE WHEN len({listed}) > 0 THEN {listed} END"


def counts(
    duck: Duck, brought: Brought, added: Added | None, columns: Sequence[str]
) -> Iterator[tuple[str, int, int, int]]:
    """Of each column how many values the view brings, how many the file adds, and in how many rows they differ."""
    name = brought.view.name
    for column in columns:
        mine = f"v.{_NAMES(column)}" if column in brought.columns else "CAST(NULL AS VARCHAR)"
        if added is None:
            yield column, int(duck.rows(f"SELECT COUNT({mine}) FROM {view_table(name)} v")[0][0]), 0, 0
            continue
        mine, theirs = _sides(column, brought, added)
        both = f"{view_table(name)} v FULL JOIN {more_table(name)} m ON m._id = v.id"
        more = f"COUNT(CASE WHEN {mine} IS NULL THEN {theirs} END)"
        found = duck.rows(f"SELECT COUNT({mine}), {more}, COUNT(CASE WHEN {mine} <> {theirs} THEN 1 END) FROM {both}")
        brings, adds, differ = found[0]
        yield column, brings, adds, differ


def filled_by(duck: Duck, brought: Brought, added: Added, column: str, rows: Sequence[int]) -> dict[int, int]:
    """Of some rows, those whose value in a column is the file's and not the view's own, with their rows there."""
    if column not in added.columns or column == "id":
        return {}
    name = brought.view.name
    mine, theirs = _sides(column, brought, added)
    both = f"{view_table(name)} v JOIN {more_table(name)} m ON m._id = v.id"
    asked = f"v._row IN ({', '.join(map(str, rows))}) AND {mine} IS NULL AND {theirs} IS NOT NULL"
    return dict(duck.rows(f"SELECT v._row, m._row FROM {both} WHERE {asked}"))
