"""The rows of a campaign as tables: which are bound by an anchor, how they join, and where a field's value stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from campcompile.audience import relation as r
from campcompile.audience.lowering import NotLoweredError, lowered
from campcompile.audience.relation import Column, Compared, Expression, Join, Select, Year
from campcompile.formula import Formula
from campcompile.manifest import Manifest, Table


class Records:
    """The tables of a campaign: a person's own, and what belongs to it."""

    def __init__(self, manifest: Manifest) -> None:
        self.tables: Mapping[str, Table] = {table.name: table for table in manifest.planning.tables}
        self.picks = manifest.planning.picks
        self.recipient = manifest.recipient.record
        self.person = self.chain(self.recipient)[-1]

    def chain(self, record: str) -> tuple[str, ...]:
        """A record and what it belongs to, up to the person. Raises NotLoweredError where a table isn't known."""
        chain = []
        while record:
            if record not in self.tables or record in chain:
                raise NotLoweredError(f"the rows of `{record}` belong to nobody")
            chain.append(record)
            record = self.tables[record].of
        return tuple(chain)

    def up(self, record: str, bound: tuple[str, ...] = ()) -> tuple[Join, ...]:
        """The joins that lead from a bound record to its person."""
        joins = []
        chain = self.chain(record)
        for below, above in pairwise(chain):
            if above not in bound:
                on = Compared("==", Column(above, "id"), Column(below, f"{above}_id"))
                joins.append(Join(table=above, alias=above, on=(on,)))
        return tuple(joins)

    def down(self, record: str, bound: tuple[str, ...]) -> tuple[Join, ...]:
        """The joins that lead from a bound person to a record's rows."""
        joins: list[Join] = []
        for below in self.chain(record):
            if below in bound:
                break
            above = self.tables[below].of
            on = Compared("==", Column(below, f"{above}_id"), Column(above, "id"))
            joins.insert(0, Join(table=below, alias=below, on=(on,)))
        return tuple(joins)

    def type_of(self, field: str) -> str:
        """Raises NotLoweredError for a field that no table has."""
        record, _, name = field.partition(".")
        table = self.tables.get(record)
        for column in table.columns if table is not None else ():
            if column.name == name:
                return column.type
        raise NotLoweredError(f"`{field}` stands in no table")


class Days:
    """Days of instants in zones, and days counted back from others: each by a join with a table made in Python.

    No engine shifts a clock or counts months by itself, for each does it in its own way.
    """

    def __init__(self) -> None:
        self.joins: dict[tuple[object, ...], Join] = {}

    def local(self, instant: Expression, zone: Expression) -> Expression:
        """The day of an instant in a zone."""
        alias = f"offset_{len(self.joins) + 1}"
        on = (
            Compared("==", Column(alias, "zone"), zone),
            Compared("==", Column(alias, "in_year"), Year(instant)),
            Compared(">=", instant, Column(alias, "since")),
            Compared("<", instant, Column(alias, "until")),
        )
        alias = self._joined((instant, zone), Join(table="local_offsets", alias=alias, on=on, optional=True))
        return r.DayOf(r.Later(instant, Column(alias, "seconds")))

    def back(self, unit: str, number: int, today: Expression) -> Expression:
        """The latest day that lies so many whole months or days before `today`."""
        alias = f"{unit}_back_{number}".replace("-", "minus_")
        if any(join.alias == alias for key, join in self.joins.items() if key != (unit, number, today)):
            alias = f"{alias}_{len(self.joins) + 1}"
        on = (
            Compared("==", Column(alias, "today"), today),
            Compared("==", Column(alias, "unit"), r.Value(unit)),
            Compared("==", Column(alias, "number"), r.Value(number)),
        )
        alias = self._joined((unit, number, today), Join(table="days_back", alias=alias, on=on, optional=True))
        return Column(alias, "latest")

    def _joined(self, key: tuple[object, ...], join: Join) -> str:
        return self.joins.setdefault(key, join).alias

    def added_to(self, select: Select) -> Select:
        """The select with the joins that it needs."""
        return replace(select, joins=(*select.joins, *self.joins.values()))


class BoundRows:
    """Fields of tables that stand beside one another under their own names, at an instant."""

    def __init__(self, bound: tuple[str, ...], days: Days, now: Expression) -> None:
        self.bound = bound
        self.days = days
        self.now = now

    def field(self, name: str) -> Expression:
        record, _, column = name.partition(".")
        if record not in self.bound:
            raise NotLoweredError(f"no row of `{record}` is bound")
        return Column(record, column)

    def local_day(self, instant: Expression, zone: Formula) -> Expression:
        return self.days.local(instant, lowered(zone, self))

    def today(self, zone: Formula) -> Expression:
        return self.local_day(self.now, zone)

    def days_back(self, unit: str, number: int, today: Expression) -> Expression:
        return self.days.back(unit, number, today)


class CarriedRows:
    """Fields that an earlier step carries along as `record__field`, with the instant and day of sending."""

    def __init__(self, table: str, fields: frozenset[str], days: Days, todays: Mapping[Formula, str]) -> None:
        self.table = table
        self.fields = fields
        self.days = days
        self.todays = todays

    def field(self, name: str) -> Expression:
        if name not in self.fields:
            raise NotLoweredError(f"`{name}` is not known when a plan is made")
        return Column(self.table, carried(name))

    def local_day(self, instant: Expression, zone: Formula) -> Expression:
        return self.days.local(instant, lowered(zone, self))

    def today(self, zone: Formula) -> Expression:
        if zone in self.todays:
            return Column(self.table, self.todays[zone])
        return self.local_day(Column(self.table, "send"), zone)

    def days_back(self, unit: str, number: int, today: Expression) -> Expression:
        return self.days.back(unit, number, today)


def carried(field: str) -> str:
    """`appointment.start` as a column of a later step: `appointment__start`."""
    return field.replace(".", "__")
