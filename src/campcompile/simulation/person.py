"""A made-up person: rows of records, consents, and what happens to them, at which instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from campcompile.evaluate import Value, evaluate
from campcompile.model.campaign import Programme
from campcompile.model.dictionary import records_with
from campcompile.model.planning import Derivation
from campcompile.values import dataclass
from campcompile.zones import zone

RowValues = Mapping[str, Value]  # field → value: "appointment.start" → an instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is so from an instant on: rows that come or change, consents given or withdrawn, and what mail brought."""

    at: datetime  # with a zone
    rows: Mapping[str, Mapping[str, RowValues]]  # record → id → the fields that change
    consents: Mapping[str, date | None]  # None: withdrawn
    unsubscribes: tuple[str, ...] = ()  # layers
    complains: bool = False
    bounces: bool = False
    replies: tuple[str, ...] = ()  # folders of campaigns
    clicks: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        mail = (self.unsubscribes, self.complains, self.bounces, self.replies, self.clicks)
        return not (self.rows or self.consents or any(mail))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person. `record` has a single row, whose id is the person's name; the others belong to it."""

    name: str  # made up: it heads the report
    record: str  # "patient"
    rows: Mapping[str, Mapping[str, RowValues]]  # as they always were: record → id → field → value
    consents: Mapping[str, date]
    changes: tuple[Change, ...]  # in order of time


class World:
    """A person's rows at one instant; `apply` moves on to the next."""

    def __init__(self, person: Person, programme: Programme, derivations: Mapping[str, Derivation]) -> None:
        self.person = person
        self.dictionary = programme.dictionary
        self.derivations = derivations
        self.rows = {record: {id: dict(row) for id, row in rows.items()} for record, rows in person.rows.items()}
        self.consents: dict[str, date] = dict(person.consents)
        self.refused: set[str] = set()
        self.unreachable = ""  # why no mail may go at all
        self.replied: set[str] = set()
        self.clicked: set[str] = set()

    def apply(self, change: Change) -> None:
        for record, rows in change.rows.items():
            for id, values in rows.items():
                self.rows.setdefault(record, {}).setdefault(id, {}).update(values)
        for name, given in change.consents.items():
            if given is None:
                self.consents.pop(name, None)
            else:
                self.consents[name] = given
        self.refused |= set(change.unsubscribes)
        if change.complains or change.bounces:
            self.unreachable = "they complained about mail as spam" if change.complains else "their mailbox bounces"
        self.replied |= set(change.replies)
        self.clicked |= set(change.clicks)

    def rows_of(self, record: str) -> Mapping[str, RowValues]:
        return self.rows.get(record, {})

    def bound(self, rows: Mapping[str, str], now: datetime, campaign: str = "") -> Bound:
        """The values at hand where these rows (record → id) are bound, and the person's own."""
        return Bound(self, {self.person.record: self.person.name, **rows}, now, campaign)

    def derived(self, name: str, now: datetime) -> tuple[str, Value]:
        """A derived field's source row (its id) and value; ("", None) where no row satisfies it."""
        made = self.derivations[name]
        record = made.field.partition(".")[0]
        found = []
        for id, row in self.rows_of(record).items():
            value = row.get(made.field)
            if value is None or (made.where is not None and not self._holds(made, record, id, now)):
                continue
            found.append((self._instant(value, made, record, id, now), id, value))
        past = [item for item in found if item[0] <= now]
        match made.function:
            case "first":
                best = min(found, default=None)
            case "last":
                best = max(past, default=None)
            case _:
                best = min((item for item in found if item[0] > now), default=None)
        return ("", None) if best is None else best[1:]

    def _holds(self, made: Derivation, record: str, id: str, now: datetime) -> bool:
        assert made.where is not None
        return evaluate(made.where, self.bound({record: id}, now), now) is True

    def _instant(self, value: Value, made: Derivation, record: str, id: str, now: datetime) -> datetime:
        """A day counts from its midnight: today's is past."""
        if isinstance(value, datetime):
            return value
        assert isinstance(value, date)
        name = evaluate(made.zone, self.bound({record: id}, now), now)
        return datetime(value.year, value.month, value.day, tzinfo=zone(str(name)))


class Bound(Mapping[str, Value]):
    """The fields of bound rows by name, derived ones computed when asked for."""

    def __init__(self, world: World, rows: Mapping[str, str], now: datetime, campaign: str) -> None:
        self.world = world
        self.ids = rows
        self.now = now
        self.campaign = campaign

    def __getitem__(self, name: str) -> Value:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def get(self, name: str, default: object = None) -> Value:
        record = name.partition(".")[0]
        if name in self.world.derivations:
            return self.world.derived(name, self.now)[1]
        if record == "run":
            done = self.world.replied if name == "run.replied" else self.world.clicked
            return self.campaign in done
        id = self.ids.get(record)
        return self.world.rows_of(record).get(id, {}).get(name) if id is not None else None

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def owner_record(programme: Programme, record: str) -> str:
    """The person's own record at the end of a chain: guardian → patient."""
    return (records_with(programme.dictionary, record) or (record,))[-1]
