"""A campaign's query: every anchor whose e-mail goes in the plan's window, who of them is meant, what speaks against.

Steps: `due` joins the rows with the send calendar; what the conditions ask is added; `meant` keeps whom
the audience, `stop_when` and `if` mean; the answer says for each whether it goes, or the reason why not.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.audience import relation as r
from campcompile.audience.against import Against
from campcompile.audience.anchors import Anchor, Anchors, Base
from campcompile.audience.lowering import NotLoweredError, lowered
from campcompile.audience.relation import (
    Column,
    Compared,
    Expression,
    Filter,
    Join,
    Missing,
    Negated,
    Query,
    Select,
    Step,
    Value,
)
from campcompile.audience.rows import BoundRows, CarriedRows, Days, Records, carried
from campcompile.audience.words import condition_words
from campcompile.formula import And, Const, Formula, source_fields
from campcompile.manifest import Manifest, SendPlace
from campcompile.values import dataclass

ENTRANTS = ""  # the calendar's name for the look at who comes in
_CARRIED = ("email", "zone", "repetition", "late", "why", "today", "home_today", "again_since")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """E-mails that count from the same anchor and tell their time in the same way."""

    emails: tuple[str, ...]
    anchor: str  # a field's name, "entry", "event.start"; "" where they have dates
    place: SendPlace


def due_query(manifest: Manifest) -> Query:
    """Who is due in the window of the send calendar. Raises NotLoweredError where SQL can't say it."""
    return _Builder(manifest, tuple(_groups(manifest)), is_entry=False).query()


def entrants_query(manifest: Manifest) -> Query | None:
    """Who meets the audience, and hasn't entered the campaign yet; None where it doesn't count from that day."""
    if manifest.anchor != "entry":
        return None
    place = SendPlace(zone=manifest.planning.home, holidays=Const(""))
    return _Builder(manifest, (_Group(emails=(ENTRANTS,), anchor="", place=place),), is_entry=True).query()


def _groups(manifest: Manifest) -> Iterator[_Group]:
    found: dict[tuple[str, SendPlace], list[str]] = {}
    for email in manifest.emails:
        anchor = "" if email.send.dates else email.send.anchor
        found.setdefault((anchor, manifest.planning.places[email.id]), []).append(email.id)
    for (anchor, place), emails in found.items():
        yield _Group(emails=tuple(emails), anchor=anchor, place=place)


class _Builder:
    """One query in the making."""

    def __init__(self, manifest: Manifest, groups: tuple[_Group, ...], *, is_entry: bool) -> None:
        self.manifest = manifest
        self.groups = groups
        self.is_entry = is_entry
        self.records = Records(manifest)
        self.conditions = tuple(_asked(manifest, is_entry=is_entry))
        read = {name for formula in self.conditions for name in source_fields(formula)}
        self.picked = tuple(sorted(name for name in read if name in self.records.picks))
        own = {f"{self.records.recipient}.email", f"{self.records.recipient}.country", *_facts_of(self.records.person)}
        self.fields = tuple(sorted(name for name in read | own if self._is_carried(name)))
        self.anchors = Anchors(manifest, self.records, is_entry=is_entry)
        self.against = Against(manifest, self.records, self.fields)
        self.days = Days()
        zones = {group.place.zone for group in groups}
        self.todays: dict[Formula, str] = {Const(manifest.practice.zone): "home_today"}
        if len(zones) == 1:
            self.todays[zones.pop()] = "today"

    def query(self) -> Query:
        steps = [
            *self.anchors.steps(group.anchor for group in self.groups),
            self._due(),
            *(self._pick(name) for name in self.picked),
        ]
        known = self._known()
        reasons = () if self.is_entry else tuple(self.against.lookups())
        steps += [*known, self._meant(known[-1].name if known else "due"), *reasons]
        steps.append(self._entrants() if self.is_entry else self.against.answer(reasons, self._rows("meant")))
        if self.is_entry:
            steps.insert(-1, self._entered())
        asked = [f"audience: {condition_words(self.manifest.audience.formula)}"]
        if self.manifest.stop_when is not None:
            asked.append(f"ends when: {condition_words(self.manifest.stop_when.formula)}")
        what = "who comes into the audience" if self.is_entry else "who is due, and why others are not"
        return Query(title=(f"campaign {self.manifest.code}: {what}", *asked), steps=tuple(steps))

    def _rows(self, table: str) -> CarriedRows:
        return CarriedRows(table, frozenset((*self.fields, *self.picked)), self.days, self.todays)

    def _is_carried(self, name: str) -> bool:
        if name in self.records.picks:
            return False
        if name in ("run.replied", "run.clicked"):
            return True
        try:
            self.records.type_of(name)
        except NotLoweredError:
            return False
        return True

    # ── due ──────────────────────────────────────────────────────────────────────────────────────────

    def _due(self) -> Step:
        selects = tuple(self._due_of(group) for group in self.groups)
        return Step(
            name="due", comment="each row that an e-mail counts from, where it goes in the window", selects=selects
        )

    def _due_of(self, group: _Group) -> Select:
        base = self.anchors.base()
        anchor = base.anchor if group.anchor == self.manifest.anchor else self.anchors.own(group.anchor, base)
        bound = tuple(dict.fromkeys((*base.bound, *anchor.bound)))
        near = () if anchor.value is None or not anchor.is_instant else (self.anchors.near(anchor.value),)
        looked_up = (self._locale(bound), self._calendar(group, anchor, bound), *self._runs())
        joins = (*base.joins, *anchor.joins, *looked_up)
        columns = tuple(self._due_columns(base, anchor, bound))
        where = (*base.where, *near, *self._known_at_once(bound))
        return Select(columns=columns, table=base.table, alias=base.table, joins=joins, where=where)

    def _known_at_once(self, bound: tuple[str, ...]) -> Iterator[Filter]:
        """What the audience asks of bound rows, whatever the day: asked here too, it leaves fewer rows to join."""
        for part in _parts(self.manifest.audience.formula):
            days = Days()
            read = set(source_fields(part))
            if read and all(name in self.fields and name.partition(".")[0] in bound for name in read):
                condition = lowered(part, BoundRows(bound, days, Column("calendar", "send")))
                if not days.joins:
                    yield Filter(condition, condition_words(part))

    def _calendar(self, group: _Group, anchor: Anchor, bound: tuple[str, ...]) -> Join:
        """The calendar's rows for an anchor, in its zone."""
        rows = BoundRows(bound, Days(), Column("calendar", "send"))
        on: list[Expression] = [
            Compared("==", Column("calendar", "campaign"), Value(self.manifest.code)),
            r.Among(Column("calendar", "email"), group.emails),
            Compared("==", Column("calendar", "zone"), lowered(group.place.zone, rows)),
            Compared("==", Column("calendar", "holidays"), lowered(group.place.holidays, rows)),
        ]
        if anchor.value is not None and anchor.is_instant:
            on.append(Compared(">=", anchor.value, Column("calendar", "anchor_from")))
            on.append(Compared("<", anchor.value, Column("calendar", "anchor_until")))
        elif anchor.value is not None:
            on.append(Compared("==", anchor.value, Column("calendar", "anchor_day")))
        if group.anchor == "" and not self.is_entry:
            either = (Value(""), Column("reader_locales", "locale"))
            on.append(r.Some(tuple(Compared("==", Column("calendar", "locale"), one) for one in either)))
        return Join(table="send_calendar", alias="calendar", on=tuple(on))

    def _runs(self) -> Iterator[Join]:
        """What the ledger knows of a run, where a condition asks."""
        if any(name.startswith("run.") for name in self.fields):
            on = Compared("==", Column("runs", "recipient_id"), Column(self.records.recipient, "id"))
            of_campaign = Compared("==", Column("runs", "campaign"), Value(self.manifest.code))
            yield Join(table="runs", alias="runs", on=(of_campaign, on), optional=True)

    def _due_columns(self, base: Base, anchor: Anchor, bound: tuple[str, ...]) -> Iterator[tuple[str, Expression]]:
        shown = anchor.value if anchor.value is not None else r.Nothing("date")
        moving = anchor.value if anchor.is_instant else None
        yield "recipient_id", Column(self.records.recipient, "id")
        yield "person_id", Column(self.records.person, "id")
        yield "run_id", base.anchor.id
        yield "anchor_id", anchor.id
        yield "anchor", shown if anchor.is_instant else r.Nothing("datetime")
        yield "anchor_day", r.Nothing("date") if anchor.is_instant else shown
        yield "locale", r.First((Column("reader_locales", "locale"), Value("")))
        yield "site", self._site(bound)
        yield from ((name, _moment(name, moving)) for name in _MOMENTS)
        yield from ((name, Column("calendar", name)) for name in _CARRIED)
        yield from ((carried(name), self._field(name, bound)) for name in self.fields)

    def _field(self, name: str, bound: tuple[str, ...]) -> Expression:
        record, _, column = name.partition(".")
        if record == "run":
            return Column("runs", column)
        return Column(record, column) if record in bound else r.Nothing(self.records.type_of(name))

    def _locale(self, bound: tuple[str, ...]) -> Join:
        """The locale that a reader gets, by what is written of them."""
        name = f"{self.records.recipient}.locale"
        written: Expression = Value("")
        if self._is_carried(name) and self.records.recipient in bound:
            written = r.First((Column(self.records.recipient, "locale"), Value("")))
        on = (
            Compared("==", Column("reader_locales", "campaign"), Value(self.manifest.code)),
            Compared("==", Column("reader_locales", "written"), written),
        )
        return Join(table="reader_locales", alias="reader_locales", on=on, optional=True)

    def _site(self, bound: tuple[str, ...]) -> Expression:
        """The site of the first bound row that has one."""
        found = tuple(Column(record, "site") for record in bound if self._is_carried(f"{record}.site"))
        return r.First((*found, Value("")))

    # ── what the conditions ask ──────────────────────────────────────────────────────────────────────

    def _pick(self, name: str) -> Step:
        """A derived field for everybody who is due, at the instant of sending."""
        pick = self.records.picks[name]
        source, _, column = pick.field.partition(".")
        days = Days()
        owner, joins = self.anchors.owner(pick)
        rows = BoundRows(self.records.chain(source), days, Column("due", "send"))
        joins = (*joins, Join(table="due", alias="due", on=(Compared("==", Column("due", "person_id"), owner),)))
        value = r.Call("MAX" if pick.function == "last" else "MIN", (Column(source, column),))
        select = Select(
            columns=(("person_id", Column("due", "person_id")), ("send", Column("due", "send")), ("value", value)),
            table=source,
            alias=source,
            joins=joins,
            where=self.anchors.of_pick(pick, rows, Column("due", "send")),
            group=(Column("due", "person_id"), Column("due", "send")),
        )
        what = {"first": "the first", "last": "the latest past", "next": "the next"}[pick.function]
        comment = f"{name}: {what} {pick.field} at the instant of sending"
        return Step(name=carried(name), comment=comment, selects=(days.added_to(select),))

    def _known(self) -> tuple[Step, ...]:
        """The rows that are due, with derived fields and with the days that conditions ask for."""
        steps = []
        if self.picked:
            joins = tuple(
                Join(
                    table=carried(name),
                    alias=carried(name),
                    on=tuple(Compared("==", Column(carried(name), key), Column("due", key)) for key in _OF_PICK),
                    optional=True,
                )
                for name in self.picked
            )
            columns: list[tuple[str, Expression]] = [("", r.Everything("due"))]
            columns += [(carried(name), Column(carried(name), "value")) for name in self.picked]
            select = Select(columns=tuple(columns), table="due", alias="due", joins=joins)
            steps.append(Step(name="known", comment="with what is derived from a person's rows", selects=(select,)))
        return tuple(steps)

    def _meant(self, before: str) -> Step:
        rows = self._rows(before)
        parts = _parts(self.manifest.audience.formula)
        filters = [Filter(lowered(part, rows), condition_words(part)) for part in parts]
        if self.manifest.stop_when is not None:
            stopped = r.First((lowered(self.manifest.stop_when.formula, rows), Value(False)))
            filters.append(Filter(Negated(stopped), "what ends the campaign for somebody"))
        if not self.is_entry:
            filters += self._ifs(before, rows)
        columns: list[tuple[str, Expression]] = [("", r.Everything(before))]
        if not self.is_entry:
            columns += [("excluded", self._any_exclusion(rows)), ("wrong_age", self._wrong_age(rows))]
        select = Select(columns=tuple(columns), table=before, alias=before, where=tuple(filters))
        return Step(name="meant", comment="whom the campaign means", selects=(self.days.added_to(select),))

    def _ifs(self, before: str, rows: CarriedRows) -> Iterator[Filter]:
        for email in self.manifest.emails:
            if email.condition is not None:
                formula = self.manifest.derived[email.condition].formula
                other = Compared("!=", Column(before, "email"), Value(email.id))
                comment = f"{email.id}: {condition_words(formula)}"
                yield Filter(r.Some((other, lowered(formula, rows))), comment)

    def _any_exclusion(self, rows: CarriedRows) -> Expression:
        found = tuple(lowered(exclusion.formula, rows) for exclusion in self.manifest.planning.exclusions)
        return r.First((r.Some(found), Value(False))) if found else Value(False)

    def _wrong_age(self, rows: CarriedRows) -> Expression:
        """Minors aren't written to, and guardians only about minors."""
        name = f"{self.records.person}.birth_date"
        if name not in self.fields:
            return Value(False)
        born, today = rows.field(name), Column(rows.table, "home_today")
        ages = self.manifest.planning.adult_ages
        country = self.against.country(rows)
        adult = rows.days_back("months", 12 * ages[""], today)
        differing = tuple((place, age) for place, age in ages.items() if place and age != ages[""])
        if differing:
            arms = tuple(
                (Compared("==", country, Value(place)), rows.days_back("months", 12 * age, today))
                for place, age in differing
            )
            adult = r.Cases(arms, adult)
        to_themselves = self.records.recipient == self.records.person
        return r.First((Compared(">" if to_themselves else "<=", born, adult), Value(False)))

    # ── who comes in ─────────────────────────────────────────────────────────────────────────────────

    def _entered(self) -> Step:
        last = r.Call("MAX", (Column("entries", "entry_day"),))
        who = Column("entries", "recipient_id")
        mine = Filter(Compared("==", Column("entries", "campaign"), Value(self.manifest.code)))
        columns = (("recipient_id", who), ("last_day", last))
        select = Select(columns=columns, table="entries", alias="entries", where=(mine,), group=(who,))
        return Step(name="entered", comment="who is known already, and since when", selects=(select,))

    def _entrants(self) -> Step:
        who, today = Column("meant", "recipient_id"), Column("meant", "today")
        is_new = Missing(Column("entered", "last_day"))
        again = Compared("<=", Column("entered", "last_day"), Column("meant", "again_since"))
        select = Select(
            columns=(("recipient_id", who), ("entry_day", r.Call("MIN", (today,)))),
            table="meant",
            alias="meant",
            joins=(
                Join(
                    table="entered",
                    alias="entered",
                    on=(Compared("==", Column("entered", "recipient_id"), who),),
                    optional=True,
                ),
            ),
            where=(Filter(r.Some((is_new, again))),),
            group=(who,),
        )
        return Step(name="", comment="the first day of the window on which each meets the audience", selects=(select,))


_MOMENTS = ("send", "expires", "counted_since", "quiet_from", "quiet_until")
_OF_PICK = ("person_id", "send")


def _moment(name: str, anchor: Expression | None) -> Expression:
    """An instant of the calendar, which may move with the anchor."""
    fixed = Column("calendar", name)
    if anchor is None or name.startswith("quiet"):
        return fixed
    return r.First((fixed, r.Later(anchor, Column("calendar", f"{name}_seconds"))))


def _asked(manifest: Manifest, *, is_entry: bool) -> Iterator[Formula]:
    yield manifest.audience.formula
    if manifest.stop_when is not None:
        yield manifest.stop_when.formula
    if not is_entry:
        yield from (exclusion.formula for exclusion in manifest.planning.exclusions)
        yield from (manifest.derived[email.condition].formula for email in manifest.emails if email.condition)


def _parts(formula: Formula) -> tuple[Formula, ...]:
    """What must all hold."""
    if isinstance(formula, And):
        return tuple(part for one in formula.of for part in _parts(one))
    return () if formula == Const(True) else (formula,)


def _facts_of(person: str) -> tuple[str, ...]:
    return f"{person}.country", f"{person}.birth_date", f"{person}.deceased"
