"""Anchors as tables: the rows that a campaign's runs count from, and those that an e-mail counts from by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from campcompile.audience import relation as r
from campcompile.audience.lowering import NotLoweredError, lowered
from campcompile.audience.relation import (
    Column,
    Compared,
    Expression,
    Filter,
    Join,
    Missing,
    Negated,
    Select,
    Step,
    Value,
)
from campcompile.audience.rows import BoundRows, Days, Records, carried
from campcompile.audience.words import condition_words
from campcompile.formula import Const, source_fields
from campcompile.manifest import Manifest, Pick
from campcompile.values import dataclass

_PLAN = Join(table="plan_window", alias="plan", on=(Value(True),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What an e-mail counts from: the id of its row, and the value; None where it has a date."""

    id: Expression
    value: Expression | None = None
    is_instant: bool = False
    joins: tuple[Join, ...] = ()
    bound: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The rows of a campaign's runs."""

    table: str
    joins: tuple[Join, ...]
    where: tuple[Filter, ...]
    bound: tuple[str, ...]
    anchor: Anchor


class Anchors:
    """What a campaign's e-mails count from; with `is_entry`, nothing: it is asked who comes in."""

    def __init__(self, manifest: Manifest, records: Records, *, is_entry: bool) -> None:
        self.manifest = manifest
        self.records = records
        self.is_entry = is_entry

    def steps(self, names: Iterable[str]) -> Iterator[Step]:
        """For each derived anchor, the rows with their rank of those who may be due: the first is the one meant."""
        for name in sorted({self.manifest.anchor, *names} & set(self.records.picks)):
            pick = self.records.picks[name]
            near = tuple(self._near(name, pick))
            yield from near
            source, _, column = pick.field.partition(".")
            days = Days()
            owner, joins = self.owner(pick)
            rows = BoundRows(self.records.chain(source), days, Column("plan", "starts"))
            value = Column(source, column)
            descends = pick.function == "last"
            order = ((value, descends), (Column(source, "id"), descends))
            select = Select(
                columns=(
                    ("person_id", owner),
                    ("id", Column(source, "id")),
                    ("place", r.Ranked((owner,), order)),
                ),
                table=source,
                alias=source,
                joins=(*joins, *(_is_in(step, owner) for step in near), _PLAN),
                where=self.of_pick(pick, rows, Column("plan", "starts")),
            )
            comment = f"{name}, as it is when the plan begins"
            yield Step(name=f"anchors_{carried(name)}", comment=comment, selects=(days.added_to(select),))

    def near(self, value: Expression) -> Filter:
        """Only days on which an anchor brings an e-mail: they leave a hundredth of a table that is years long.

        No join: DuckDB would do that last, when millions of rows have met their persons.
        """
        mine = Compared("==", Column("anchor_days", "campaign"), Value(self.manifest.code))
        return Filter(r.Listed(r.DayOf(value), Column("anchor_days", "day"), mine), "a day that brings an e-mail")

    def _near(self, name: str, pick: Pick) -> Iterator[Step]:
        """Whose rows are worth a rank."""
        if self.records.type_of(pick.field) != "datetime":
            return
        source, _, column = pick.field.partition(".")
        owner, joins = self.owner(pick)
        where = (self.near(Column(source, column)),)
        columns = (("person_id", owner),)
        select = Select(columns=columns, table=source, alias=source, joins=joins, where=where, group=(owner,))
        comment = f"who has a {source} on a day that brings an e-mail"
        yield Step(name=f"near_{carried(name)}", comment=comment, selects=(select,))

    def base(self) -> Base:
        """The rows that a run counts from, joined with the person and the recipient."""
        records, anchor = self.records, self.manifest.anchor
        if self.is_entry or anchor == "event.start":
            return self._people(Anchor(id=Value("" if self.is_entry else "event")))
        if anchor == "entry":
            entry = Anchor(id=Value("entry"), value=Column("entries", "entry_day"))
            on = Compared("==", Column(records.recipient, "id"), Column("entries", "recipient_id"))
            joins = (Join(table=records.recipient, alias=records.recipient, on=(on,)), *records.up(records.recipient))
            mine = Filter(Compared("==", Column("entries", "campaign"), Value(self.manifest.code)))
            return Base(
                table="entries", joins=joins, where=(mine,), bound=records.chain(records.recipient), anchor=entry
            )
        if anchor in records.picks:
            return self._picked_base(anchor)
        record = anchor.partition(".")[0]
        bound = records.chain(record)
        joins = (*records.up(record), *records.down(records.recipient, bound))
        bound = tuple(dict.fromkeys((*bound, *records.chain(records.recipient))))
        return Base(table=record, joins=joins, where=(), bound=bound, anchor=self._row_anchor(anchor))

    def own(self, name: str, base: Base) -> Anchor:
        """An e-mail's anchor that isn't its campaign's."""
        if name in ("", "event.start"):
            return Anchor(id=base.anchor.id if not name else Value("event"))
        if name in self.records.picks:
            return self._picked_anchor(name, base.bound)
        record = name.partition(".")[0]
        if record in base.bound:
            return self._row_anchor(name)
        if name == "entry":
            raise NotLoweredError("an e-mail counts from `entry`, and its campaign from another anchor")
        joins = self.records.down(record, base.bound)
        return replace(self._row_anchor(name), joins=joins, bound=tuple(join.table for join in joins))

    def of_pick(self, pick: Pick, rows: BoundRows, now: Expression) -> tuple[Filter, ...]:
        """The rows that a derived field may come from at an instant."""
        source, _, column = pick.field.partition(".")
        value: Expression = Column(source, column)
        filters = [Filter(Negated(Missing(value)))]
        if pick.function != "first":
            until = rows.today(pick.zone) if self.records.type_of(pick.field) == "date" else now
            filters.append(Filter(Compared(">" if pick.function == "next" else "<=", value, until)))
        if pick.where != Const(True):
            filters.append(Filter(lowered(pick.where, rows), condition_words(pick.where)))
        return tuple(filters)

    def owner(self, pick: Pick) -> tuple[Expression, tuple[Join, ...]]:
        """Whose row it is, by as few joins as will do."""
        source = pick.field.partition(".")[0]
        chain = self.records.chain(source)
        asked = (pick.where, pick.zone) if self.records.type_of(pick.field) == "date" else (pick.where,)
        read = {name.partition(".")[0] for part in asked for name in source_fields(part)}
        if len(chain) == 2 and chain[1] not in read:
            return Column(source, f"{chain[1]}_id"), ()
        return Column(chain[-1], "id"), self.records.up(source)

    def _people(self, anchor: Anchor) -> Base:
        records = self.records
        bound = records.chain(records.recipient)
        return Base(table=records.recipient, joins=records.up(records.recipient), where=(), bound=bound, anchor=anchor)

    def _picked_base(self, name: str) -> Base:
        people = self._people(Anchor(id=Value("")))
        anchor = self._picked_anchor(name, people.bound)
        bound = tuple(dict.fromkeys((*anchor.bound, *people.bound)))
        return replace(people, joins=(*people.joins, *anchor.joins), bound=bound, anchor=replace(anchor, joins=()))

    def _row_anchor(self, name: str) -> Anchor:
        record, _, column = name.partition(".")
        is_instant = self.records.type_of(name) == "datetime"
        return Anchor(id=Column(record, "id"), value=Column(record, column), is_instant=is_instant)

    def _picked_anchor(self, name: str, bound: tuple[str, ...]) -> Anchor:
        """A derived anchor binds the row that it comes from."""
        source, _, column = self.records.picks[name].field.partition(".")
        if source in bound:
            raise NotLoweredError(f"`{name}` and another anchor bind two rows of `{source}`")
        table = f"anchors_{carried(name)}"
        of_person = Compared("==", Column(table, "person_id"), Column(self.records.person, "id"))
        joins = (
            Join(table=table, alias=table, on=(of_person, Compared("==", Column(table, "place"), Value(1)))),
            Join(table=source, alias=source, on=(Compared("==", Column(source, "id"), Column(table, "id")),)),
        )
        is_instant = self.records.type_of(self.records.picks[name].field) == "datetime"
        value = Column(source, column)
        return Anchor(id=Column(source, "id"), value=value, is_instant=is_instant, joins=joins, bound=(source,))


def _is_in(step: Step, owner: Expression) -> Join:
    return Join(table=step.name, alias=step.name, on=(Compared("==", Column(step.name, "person_id"), owner),))
