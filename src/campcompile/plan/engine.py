"""What a plan needs of an engine: to hold a few more tables, to run a query, to tell a few distinct values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol

from campcompile.audience.printing import Dialect, name_printer
from campcompile.manifest import Manifest, Table
from campcompile.plan.facts import Facts, entries_of
from campcompile.plan.tables import LISTS, LookupTable, consents_of

_TYPES = {"whole": "BIGINT"}


class Engine(Protocol):
    """A database with the practice's tables, under the names of their records."""

    dialect: Dialect

    def load(self, table: LookupTable) -> None:
        """Make a table that the queries read, in place of one of its name."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of a query."""

    def has(self, table: str) -> bool:
        """Whether a table or view of that name is there."""


def tables_of(manifests: Sequence[Manifest]) -> dict[str, Table]:
    """The practice's tables that these campaigns read, each with all the columns that any of them asks for."""
    found: dict[str, Table] = {}
    for manifest in manifests:
        for table in manifest.planning.tables:
            known = found.get(table.name)
            columns = {column.name: column for column in (*(known.columns if known else ()), *table.columns)}
            found[table.name] = Table(
                name=table.name, of=table.of, columns=tuple(columns[name] for name in sorted(columns))
            )
    return found


def person_of(manifest: Manifest) -> str:
    """The record at the end of the recipient's chain: who agrees to things."""
    of = {table.name: table.of for table in manifest.planning.tables}
    record = manifest.recipient.record
    while of.get(record):
        record = of[record]
    return record


def add_absent_lists(engine: Engine, manifests: Sequence[Manifest]) -> None:
    """Empty tables for what the practice didn't bring: nobody is suppressed, nothing was sent, nobody has agreed."""
    wanted = {**LISTS, "consents": consents_of(person_of(manifests[0]))}
    for name, columns in wanted.items():
        if not engine.has(name):
            engine.load(LookupTable(name=name, columns=columns, rows=()))


def facts_of(engine: Engine, manifests: Sequence[Manifest]) -> Facts:
    """The few values that reckoning needs to know."""
    zones: dict[str, tuple[str, ...]] = {}
    locales: set[str] = set()
    for table in tables_of(manifests).values():
        for column in table.columns:
            if column.type == "zone":
                zones[f"{table.name}.{column.name}"] = tuple(sorted(_distinct(engine, table.name, column.name)))
            if column.name == "locale":
                locales |= set(_distinct(engine, table.name, "locale"))
    given = engine.rows("SELECT DISTINCT consent, given FROM consents WHERE given IS NOT NULL")
    return Facts(
        zones=zones,
        locales=tuple(sorted(locales)),
        consents=tuple(sorted((str(consent), _day(day)) for consent, day in given)),
        anchors=dict(_anchors(engine, manifests)),
        has_history=bool(engine.rows("SELECT COUNT(*) FROM history")[0][0]),
    )


def _distinct(engine: Engine, table: str, column: str) -> list[str]:
    names = name_printer(engine.dialect)
    rows = engine.rows(f"SELECT DISTINCT {names(column)} FROM {names(table)} WHERE {names(column)} IS NOT NULL")
    return [str(row[0]) for row in rows]


def _anchors(
    engine: Engine, manifests: Sequence[Manifest]
) -> Iterator[tuple[str, tuple[date | datetime, date | datetime]]]:
    names = name_printer(engine.dialect)
    for anchor, field in sorted(_counted_fields(manifests)):
        table, _, column = field.partition(".")
        source = f"SELECT MIN({names(column)}), MAX({names(column)}) FROM {names(table)}"
        if (ends := engine.rows(source)[0])[0] is not None:
            yield anchor, (_instant(ends[0]), _instant(ends[1]))
    for manifest in manifests:
        if manifest.anchor == "entry":
            source = f"SELECT MIN(entry_day), MAX(entry_day) FROM entries WHERE campaign = '{manifest.code}'"
            if (ends := engine.rows(source)[0])[0] is not None:
                yield entries_of(manifest), (_day(ends[0]), _day(ends[1]))


def _counted_fields(manifests: Sequence[Manifest]) -> set[tuple[str, str]]:
    """What e-mails count from, and the field of a table that it comes from."""
    found = set()
    for manifest in manifests:
        tables = {table.name for table in manifest.planning.tables}
        for anchor in {manifest.anchor, *(email.send.anchor for email in manifest.emails)}:
            field = manifest.planning.picks[anchor].field if anchor in manifest.planning.picks else anchor
            if "." in field and field.partition(".")[0] in tables:
                found.add((anchor, field))
    return found


def type_name(kind: str, dialect: Dialect) -> str:
    """What an engine calls a type of our tables."""
    return _TYPES.get(kind) or dialect.types.get(kind, dialect.types[""])


def _instant(value: date | datetime) -> date | datetime:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
