"""A folder of a bulk export: tables from NDJSON by views, filled by files of the contract that lie beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from campcompile.errors import UsageError
from campcompile.manifest import Table
from campcompile.package_files import package_names, package_text
from campcompile.plan.contract import Account, Aside
from campcompile.plan.duck import Duck
from campcompile.plan.fhir.lines import FILE
from campcompile.plan.fhir.tables import Added, Brought, add, bring, counts, joined, view_table
from campcompile.plan.fhir.view import RESOURCES, View, read_view
from campcompile.regex import regex
from campcompile.syntax.suggest import listed
from campcompile.values import dataclass

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
            view = read_view(f"{FOLDER}/{path.name}", path.read_bytes())
            if view.name in known:
                raise UsageError(f"`{known[view.name].file}` and `{view.file}` both make the table `{view.name}`")
            known[view.name] = view
    for name in package_names("plan/fhir/views", ".yaml"):
        view = read_view(name, package_text(f"plan/fhir/views/{name}").encode())
        known.setdefault(view.name, view)
    return known


@dataclass(frozen=True, slots=True)
class _Made:
    """A table with all that is told of it."""

    brought: Brought
    added: Added | None
    rows: Mapping[int, int]  # by place of the file; the added file comes last

    def place(self, row: int) -> tuple[str, int]:
        at = row // FILE
        if at < len(self.brought.files) or self.added is None:
            return self.brought.place(row)
        return self.added.file, row % FILE


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
        self.made: dict[str, _Made] = {}

    def names(self) -> list[str]:
        return self.files.names()

    def open(self, table: str) -> tuple[str, list[Aside]] | None:
        view = self.views.get(table)
        paths = self.found.get(view.resource, ()) if view is not None else ()
        if view is None or not paths:
            return self.files.open(table)
        label = f"{view.resource} as {table}"
        brought = bring(self.duck, view, paths)
        added = self._added(brought, table)
        self._make_raw(brought, added, table)
        self._check_columns(brought, added, table)
        rows = self.duck.rows(f'SELECT _row // {FILE}, COUNT(*) FROM "_raw_{table}" GROUP BY 1')
        self.made[label] = _Made(brought, added, dict(rows))
        return label, []

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
            found = f"SELECT table_type FROM information_schema.tables WHERE table_name = '_raw_{table}'"
            kind = "VIEW" if self.duck.rows(found)[0][0] == "VIEW" else "TABLE"
            self.duck.run(f'DROP {kind} "_raw_{table}"')
            rows = joined(brought, added, may_grow=bool(self.tables[table].of))
        self.duck.run(f'CREATE VIEW "_raw_{table}" AS {rows}')

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

    def placed(self, aside: Sequence[Aside]) -> Iterator[Aside]:
        """Rows set aside by their files and lines; also those that never became rows."""
        for one in aside:
            made = self.made.get(one.file)
            yield one if made is None else Aside(*made.place(one.row), one.column, one.reason)
        for made in self.made.values():
            yield from made.brought.aside
            yield from made.added.aside if made.added is not None else ()

    def accounts(self, accounts: Sequence[Account], aside: Sequence[Aside]) -> Iterator[Account]:
        """One for each file: its rows are good, or set aside."""
        for account in accounts:
            made = self.made.get(account.file)
            if made is None:
                yield account
                continue
            bad = Counter(made.place(one.row)[0] for one in aside if one.file == account.file)
            for place, file in enumerate(made.brought.files):
                before = sum(one.file == file for one in made.brought.aside)
                rows = made.rows.get(place, 0)
                yield _account(file, account.table, rows + before, bad[file] + before)
            if made.added is not None:
                lost = bad[made.added.file] + len(made.added.aside)
                yield _account(made.added.file, account.table, made.added.rows, lost)

    def notes(self) -> Iterator[str]:
        """What a view left out, which columns came from where, and what wasn't read."""
        for made in self.made.values():
            yield from self._notes_of(made)
        yield from self._unread()

    def _notes_of(self, made: _Made) -> Iterator[str]:
        view = made.brought.view
        table, files = view.name, _said(made.brought.files)
        if made.brought.left_out:
            yield f"{table}: {made.brought.left_out} of {files} left out by the view {view.file}"
        wanted = (
            [column.name for column in self.tables[table].columns] if table in self.tables else made.brought.columns
        )
        sources: dict[str, list[str]] = {}
        differing = []
        for column, mine, theirs, differ in counts(self.duck, made.brought, made.added, list(wanted)):
            more = made.added.file if made.added is not None else ""
            source = f"from {files} and {more}" if mine and theirs else f"from {files}" if mine else f"from {more}"
            sources.setdefault(source if mine or theirs else "empty everywhere:", []).append(column)
            if differ:
                differing.append(column)
        yield f"{table}: " + "; ".join(f"{source} {', '.join(columns)}" for source, columns in sources.items())
        if differing and made.added is not None:
            said = f"{made.added.file} says otherwise than {files} in {', '.join(differing)}"
            yield f"{table}: {said}, and isn't heeded there"

    def _unread(self) -> Iterator[str]:
        read = {made.brought.view.resource for made in self.made.values()}
        for resource in sorted(self.found.keys() - read):
            names = _said([path.name for path in self.found[resource]])
            why = "no table of these campaigns comes from it"
            if resource in _NEEDS_A_VIEW:
                why = f"{_NEEDS_A_VIEW[resource]}: write a view in {FOLDER}/"
            elif not resource:
                why = f"views read {listed(RESOURCES)}, as a file's name tells"
            yield f"not read: {names}; {why}"


def _account(file: str, table: str, rows: int, aside: int) -> Account:
    return Account(file=file, table=table, rows=rows, good=rows - aside, aside=aside)


def _said(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


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
