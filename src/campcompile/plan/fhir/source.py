"""A folder of a bulk export: tables from NDJSON by views, filled by files of the contract that lie beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from campcompile.errors import UsageError
from campcompile.manifest import Table
from campcompile.package_files import package_names, package_text
from campcompile.plan.contract import Account, Aside
from campcompile.plan.duck import Duck
from campcompile.plan.fhir.countries import Unread, read_countries
from campcompile.plan.fhir.lines import FILE
from campcompile.plan.fhir.tables import Added, Brought, add, bring, joined, view_table
from campcompile.plan.fhir.telling import Made, said_files
from campcompile.plan.fhir.view import RESOURCES, View, read_view
from campcompile.regex import regex
from campcompile.syntax.suggest import listed

FOLDER = "fhir"  # of a workspace: the practice's own views
_SUFFIX = ".ndjson"
_WORD = regex(r"[A-Za-z]+")
_NEEDS_A_VIEW = {
    "Consent": "what it permits can't be guessed",
    "Communication": "which of our e-mails it was can't be guessed",
}


class Files(Protocol):
    """The folder's files of the contract."""

    where: str

    def names(self) -> list[str]:
        """The tables that there are."""

    def open(self, table: str) -> tuple[str, list[Aside]] | None:
        """Make the raw relation `_raw_TABLE`; its name, and what are no rows."""


def has_resources(folder: Path) -> bool:
    return any(folder.glob(f"*{_SUFFIX}*"))


def views_of(workspace: Path) -> dict[str, View]:
    """By table: the practice's own views, and ours for tables of which it has none."""
    known: dict[str, View] = {}
    folder = workspace / FOLDER
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.suffix in (".yaml", ".yml", ".json"):
            view = read_view(f"{FOLDER}/{path.name}", _content(path))
            if view.name in known:
                raise UsageError(f"`{known[view.name].file}` and `{view.file}` both make the table `{view.name}`")
            known[view.name] = view
    for name in package_names("plan/fhir/views", ".yaml"):
        view = read_view(name, package_text(f"plan/fhir/views/{name}").encode())
        known.setdefault(view.name, view)
    return known


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"can't read `{path}`: {error.strerror}") from None


class Resources:
    """Raw relations of a folder, of resources or of files of the contract."""

    def __init__(
        self, duck: Duck, folder: Path, files: Files, views: Mapping[str, View], tables: Mapping[str, Table]
    ) -> None:
        self.duck = duck
        self.files = files
        self.views = views
        self.tables = tables
        self.where = files.where
        self.found = _resources_of(folder)
        self.made: dict[str, Made] = {}

    def names(self) -> list[str]:
        return self.files.names()

    def open(self, table: str) -> tuple[str, list[Aside]] | None:
        view = self.views.get(table)
        paths = self.found.get(view.resource, ()) if view is not None else ()
        if view is None or not paths:
            return self.files.open(table)
        label = f"{view.resource} as {table}"
        brought = bring(self.duck, view, paths)
        unread = tuple(self._read_countries(brought, table))
        added = self._added(brought, table)
        self._make_raw(brought, added, table)
        self._check_columns(brought, added, table)
        rows = self.duck.rows(f'SELECT _row // {FILE}, COUNT(*) FROM "_raw_{table}" GROUP BY 1')
        self.made[label] = Made(brought, added, dict(rows), unread)
        return label, []

    def _read_countries(self, brought: Brought, table: str) -> Iterator[Unread]:
        for column in self.tables[table].columns if table in self.tables else ():
            if column.type == "country" and brought.columns.get(column.name) == "VARCHAR":
                unread = read_countries(self.duck, view_table(table), column.name)
                if unread is not None:
                    yield unread

    def _added(self, brought: Brought, table: str) -> Added | None:
        opened = self.files.open(table)
        if opened is None:
            return None
        file, lines = opened
        if table not in self.tables:
            advice = f"keep `{file}`, or the view `{brought.view.file}`"
            raise UsageError(f"`{file}` and {brought.view.resource} both bring `{table}`", help=advice)
        columns = self._columns(table)
        added = add(self.duck, brought, f'"_raw_{table}"', file, columns, may_grow=bool(self.tables[table].of))
        return replace(added, rows=added.rows + len(lines), aside=(*lines, *added.aside))

    def _make_raw(self, brought: Brought, added: Added | None, table: str) -> None:
        rows = f"SELECT * EXCLUDE (_test) FROM {view_table(table)}"
        if added is not None:
            kind = "VIEW" if self.duck.is_view(f"_raw_{table}") else "TABLE"
            self.duck.run(f'DROP {kind} "_raw_{table}"')
            rows = joined(brought, added, may_grow=bool(self.tables[table].of))
        self.duck.run(f'CREATE TABLE "_raw_{table}" AS {rows}')

    def _columns(self, table: str) -> Mapping[str, str]:
        """Those of the raw relation, with their types."""
        found = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = "
        return {name: kind for name, kind in self.duck.rows(f"{found}'_raw_{table}'") if name != "_row"}

    def _check_columns(self, brought: Brought, added: Added | None, table: str) -> None:
        """Raises UsageError for a column that campaigns ask for, and nothing brings."""
        known = {*brought.columns, *(added.columns if added is not None else ())}
        wanted = self.tables[table].columns if table in self.tables else ()
        missing = [column.name for column in wanted if column.name not in known]
        if missing:
            file = added.file if added is not None else f"{table}.csv"
            advice = f"`{file}` with the columns id, {', '.join(missing)} fills it, beside {brought.files[0]}"
            raise UsageError(
                f"nothing brings {listed(missing)} of `{table}`", help=f"{advice}: docs/how-to/read-fhir.md"
            )

    # ── what is told ─────────────────────────────────────────────────────────────────────────────────

    def aside(self, found: Sequence[Aside]) -> dict[str, list[Aside]]:
        """Rows set aside, by file as the contract has it: those of resources with their own files and lines."""
        of: dict[str, list[Aside]] = {}
        for one in found:
            of.setdefault(one.file, []).append(one)
        for label, made in self.made.items():
            of[label] = list(made.aside(self.duck, of.get(label, ())))
        return of

    def accounts(self, accounts: Sequence[Account], aside: Mapping[str, Sequence[Aside]]) -> Iterator[Account]:
        for account in accounts:
            made = self.made.get(account.file)
            yield from (account,) if made is None else made.accounts(aside[account.file])

    def notes(self) -> Iterator[str]:
        """What a view left out, which columns came from where, and what wasn't read."""
        for made in self.made.values():
            table = self.tables.get(made.brought.view.name)
            wanted = made.brought.columns if table is None else [column.name for column in table.columns]
            yield from made.notes(self.duck, list(wanted))
        read = {made.brought.view.resource for made in self.made.values()}
        for resource in sorted(self.found.keys() - read):
            why = "no table of these campaigns comes from it"
            if resource in _NEEDS_A_VIEW:
                why = f"{_NEEDS_A_VIEW[resource]}: write a view in {FOLDER}/"
            elif not resource:
                why = f"views read {listed(RESOURCES)}, as a file's name tells"
            yield f"not read: {said_files([path.name for path in self.found[resource]])}; {why}"


def _resources_of(folder: Path) -> dict[str, tuple[Path, ...]]:
    """NDJSON files by the resource that their names tell, such as Patient.ndjson and 1.Patient.000.ndjson; "" for none.

    Raises UsageError for a file that is packed.
    """
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob(f"*{_SUFFIX}*")):
        if path.suffix != _SUFFIX:
            raise UsageError(f"`{path.name}` can't be read as it is", help=f"unpack it, so that it ends in {_SUFFIX}")
        words = _WORD.findall(path.name)
        found.setdefault(next((name for name in RESOURCES if name in words), ""), []).append(path)
    return {name: tuple(paths) for name, paths in found.items()}
