"""Where a practice's data come from: a folder of CSV or Parquet files, a DuckDB file, or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from campcompile.audience.printing import DIALECTS, name_printer
from campcompile.errors import UsageError
from campcompile.manifest import Manifest, Table
from campcompile.plan.contract import Account, Aside, accept, accept_list
from campcompile.plan.csv_rows import read_csv
from campcompile.plan.duck import Duck
from campcompile.plan.engine import Engine, person_of, tables_of
from campcompile.plan.fhir.source import Resources, has_resources, views_of
from campcompile.plan.tables import LISTS, consents_of
from campcompile.syntax.suggest import nearest
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What became of every row that was brought."""

    accounts: tuple[Account, ...]
    aside: tuple[Aside, ...]
    notes: tuple[str, ...] = ()  # what else is worth telling of where rows and columns came from


def read_folder(duck: Duck, folder: Path, manifests: Sequence[Manifest], workspace: Path) -> Intake:
    """Each table from FOLDER/NAME.csv or FOLDER/NAME.parquet, or from resources of FHIR by the workspace's views.

    Raises UsageError where one that is needed is missing.
    """
    found = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".parquet")}
    files = _Files(duck, found, str(folder))
    if not has_resources(folder):
        return _read(duck, manifests, files)
    resources = Resources(duck, folder, files, views_of(workspace), tables_of(manifests))
    intake = _read(duck, manifests, resources)
    aside = resources.aside(intake.aside)
    return Intake(
        accounts=tuple(resources.accounts(intake.accounts, aside)),
        aside=tuple(sorted(one for found in aside.values() for one in found)),
        notes=tuple(resources.notes()),
    )


def read_duckdb(duck: Duck, file: Path, manifests: Sequence[Manifest]) -> Intake:
    """Each table from a database of DuckDB, which is only read."""
    quoted = str(file).replace("'", "''")
    try:
        duck.run(f"ATTACH '{quoted}' AS source (READ_ONLY)")
    except duck.error as error:
        raise UsageError(f"`{file}` is no DuckDB database that can be opened") from error
    return _read(duck, manifests, _Attached(duck, file.name))


def read_postgres(address: str, manifests: Sequence[Manifest]) -> tuple[Engine, Intake]:
    """A session on the practice's own tables, behind views that read them as the contract says.

    Raises UsageError for a table or column that is missing, or of another type.
    """
    from campcompile.plan.postgres import Postgres
    from campcompile.plan.postgres_rows import see_list, see_table

    engine = Postgres.connect(address)
    engine.still()
    seen = [see_table(engine, table) for table in _owners_first(tables_of(manifests))]
    lists = {**LISTS, "consents": consents_of(person_of(manifests[0]))}
    seen += [see_list(engine, name, columns) for name, columns in lists.items() if engine.columns(name)]
    aside = tuple(one for _, found in seen for one in found)
    return engine, Intake(accounts=tuple(account for account, _ in seen), aside=aside)


class _Files:
    """Raw relations of a folder's files."""

    def __init__(self, duck: Duck, files: Mapping[str, Path], folder: str) -> None:
        self.duck = duck
        self.files = files
        self.where = folder

    def names(self) -> list[str]:
        return sorted(self.files)

    def open(self, table: str) -> tuple[str, list[Aside]] | None:
        """Make the raw relation of a table; the file's name, and its rows that aren't even rows."""
        path = self.files.get(table)
        if path is None:
            return None
        if path.suffix == ".parquet":
            quoted = str(path).replace("'", "''")
            rows = f"SELECT file_row_number + 1 AS _row, * FROM read_parquet('{quoted}', file_row_number = true)"
            try:
                self.duck.run(f"CREATE VIEW {raw_of(table)} AS {rows}")
            except self.duck.error:
                raise UsageError(f"`{path}` is no Parquet file that can be read") from None
            return path.name, []
        return path.name, read_csv(self.duck, path, raw_of(table))


class _Attached:
    """Raw relations of an attached database."""

    def __init__(self, duck: Duck, where: str) -> None:
        self.duck = duck
        self.where = where

    def names(self) -> list[str]:
        found = "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'source'"
        return [name for (name,) in self.duck.rows(found)]

    def open(self, table: str) -> tuple[str, list[Aside]] | None:
        found = "SELECT table_type FROM information_schema.tables WHERE table_catalog = 'source' AND table_name = "
        kinds = self.duck.rows(found + "'" + table.replace("'", "''") + "'")
        if not kinds:
            return None
        name = f"source.{name_printer(self.duck.dialect)(table)}"
        made = f"VIEW {raw_of(table)} AS SELECT rowid + 1 AS _row, * FROM {name}"
        if kinds == [("VIEW",)]:  # whose rows have no place of their own: a copy is numbered
            made = f"TABLE {raw_of(table)} AS SELECT ROW_NUMBER() OVER () AS _row, * FROM {name}"
        self.duck.run(f"CREATE {made}")
        return f"{self.where}:{table}", []


def _read(duck: Duck, manifests: Sequence[Manifest], source: _Files | _Attached | Resources) -> Intake:
    with duck.looking_over():
        return _looked_over(duck, manifests, source)


def _looked_over(duck: Duck, manifests: Sequence[Manifest], source: _Files | _Attached | Resources) -> Intake:
    accounts: list[Account] = []
    aside: list[Aside] = []

    def take(accepted: tuple[Account, list[Aside]], lines: list[Aside]) -> None:
        """`lines`: what could not be read as rows, and so was not among those looked at."""
        (account, rows), lost = accepted, len(lines)
        accounts.append(
            Account(
                file=account.file,
                table=account.table,
                rows=account.rows + lost,
                good=account.good,
                aside=account.aside + lost,
            )
        )
        aside.extend((*lines, *rows))

    for table in _owners_first(tables_of(manifests)):
        opened = source.open(table.name)
        if opened is None:
            advice = f"it holds one row for each {table.name}: id, {', '.join(column.name for column in table.columns)}"
            if near := nearest(table.name, source.names()):
                advice = f"is it `{near}`? {advice}"
            raise UsageError(f"`{source.where}` has no table `{table.name}`", help=advice)
        file, lines = opened
        take(accept(duck, file, raw_of(table.name), table, _columns_of(duck, table.name)), lines)
    for name, wanted in {**LISTS, "consents": consents_of(person_of(manifests[0]))}.items():
        opened = source.open(name)
        if opened is not None:
            file, lines = opened
            take(accept_list(duck, file, raw_of(name), name, wanted, _columns_of(duck, name)), lines)
    return Intake(accounts=tuple(accounts), aside=tuple(sorted(aside)))


def _owners_first(tables: Mapping[str, Table]) -> Iterator[Table]:
    """So that a row can be asked whether its owner is a good one."""

    def depth(table: Table) -> int:
        return 1 + depth(tables[table.of]) if table.of in tables else 0

    yield from sorted(tables.values(), key=lambda table: (depth(table), table.name))


def raw_of(table: str) -> str:
    """The name of what was brought, before it is looked at."""
    return name_printer(DIALECTS["duckdb"])(f"_raw_{table}")


def _columns_of(duck: Duck, table: str) -> Mapping[str, str]:
    raw = f"_raw_{table}".replace("'", "''")
    found = duck.rows(f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{raw}'")
    return {name: kind for name, kind in found if name != "_row"}
