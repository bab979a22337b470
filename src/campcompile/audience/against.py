"""What speaks against an e-mail for somebody whom it means: consent, death, age, address, suppression, the cap."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.audience import relation as r
from campcompile.audience.relation import (
    All,
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
from campcompile.audience.rows import CarriedRows, Records, carried
from campcompile.manifest import Manifest

_ANSWER = (
    "email", "recipient_id", "person_id", "run_id", "anchor_id", "anchor", "anchor_day", "repetition", "locale",
    "site", "zone", "today", "send", "expires", "quiet_from", "quiet_until", "late",
)  # fmt: skip
_OF_CONSENT = ("person_id", "send")
_OF_TOUCHES = ("recipient_id", "anchor_id", "send")


class Against:
    """The last steps of a query: what is looked up, and the answer with a reason for each row."""

    def __init__(self, manifest: Manifest, records: Records, fields: tuple[str, ...]) -> None:
        self.manifest = manifest
        self.records = records
        self.fields = fields

    def lookups(self) -> Iterator[Step]:
        consents = sorted({basis.consent for basis in self.manifest.bases if basis.consent})
        for consent in consents if self.manifest.planning.needs_basis else ():
            yield self._agreed(consent)
        if f"{self.records.recipient}.email" in self.fields:
            yield self._suppressed()
        if self._is_capped:
            yield self._touches()

    def answer(self, lookups: tuple[Step, ...], rows: CarriedRows) -> Step:
        joins = tuple(self._looked_up(step.name) for step in lookups)
        reason = r.Cases(tuple(self._reasons(lookups, rows)), Value(""))
        columns: list[tuple[str, Expression]] = [("campaign", Value(self.manifest.code))]
        columns += [(name, Column("meant", name)) for name in _ANSWER]
        select = Select(columns=(*columns, ("reason", reason)), table="meant", alias="meant", joins=joins)
        return Step(name="", comment="whether it goes, or why not", selects=(select,))

    def country(self, rows: CarriedRows) -> Expression:
        names = dict.fromkeys((f"{self.records.recipient}.country", f"{self.records.person}.country"))
        found = tuple(rows.field(name) for name in names if name in self.fields)
        if found:
            return r.First(found) if len(found) > 1 else found[0]
        places = {basis.jurisdiction for basis in self.manifest.bases}
        return Value(places.pop() if len(places) == 1 else None)

    @property
    def _is_capped(self) -> bool:
        return self.manifest.practice.frequency_cap is not None and self.manifest.layer != "essential"

    def _agreed(self, consent: str) -> Step:
        """Whose consent is in force at the instant of sending."""
        meant = Column("meant", "send")
        of_person = Compared("==", Column("consents", f"{self.records.person}_id"), Column("meant", "person_id"))
        days = (
            Compared("==", Column("days", "consent"), Column("consents", "consent")),
            Compared("==", Column("days", "given"), Column("consents", "given")),
            Compared("<=", Column("days", "since"), meant),
            Compared(">=", Column("days", "until"), meant),
        )
        asked = Compared("==", Column("consents", "consent"), Value(consent))
        select = Select(
            columns=(("person_id", Column("meant", "person_id")), ("send", meant)),
            table="meant",
            alias="meant",
            joins=(
                Join(table="consents", alias="consents", on=(of_person, asked)),
                Join(table="consent_days", alias="days", on=days),
            ),
            group=(Column("meant", "person_id"), meant),
        )
        return Step(name=f"agreed_{consent}", comment=f"who has agreed to {consent}", selects=(select,))

    def _suppressed(self) -> Step:
        address = Column("suppressions", "email")
        select = Select(
            columns=(("email", address),),
            table="suppressions",
            alias="suppressions",
            where=(Filter(r.Among(Column("suppressions", "layer"), ("", self.manifest.layer))),),
            group=(address,),
        )
        comment = "addresses that get no such mail: bounced, complained, unsubscribed"
        return Step(name="suppressed", comment=comment, selects=(select,))

    def _touches(self) -> Step:
        """How many e-mails of other campaigns a person had in the time that the frequency cap looks back."""
        recipient, send = Column("meant", "recipient_id"), Column("meant", "send")
        mine = Value(self.records.recipient)  # also where the ledger doesn't tell whose it was
        on = (
            Compared("==", Column("history", "recipient_id"), recipient),
            Compared("==", r.First((Column("history", "record"), mine)), mine),
            Compared("!=", Column("history", "campaign"), Value(self.manifest.code)),
            Compared(">", Column("history", "sent"), Column("meant", "counted_since")),
            Compared("<=", Column("history", "sent"), send),
        )
        key = (recipient, Column("meant", "anchor_id"), send)
        select = Select(
            columns=(
                *((column.name, column) for column in key),
                ("number", r.Call("COUNT", (Column("history", "sent"),))),
            ),
            table="meant",
            alias="meant",
            joins=(Join(table="history", alias="history", on=on),),
            group=key,
        )
        return Step(
            name="touches", comment="e-mails of other campaigns that count for the frequency cap", selects=(select,)
        )

    def _looked_up(self, name: str) -> Join:
        on: tuple[Expression, ...]
        if name == "suppressed":
            address = Column("meant", carried(f"{self.records.recipient}.email"))
            on = (Compared("==", Column(name, "email"), r.Call("LOWER", (address,))),)
        else:
            keys = _OF_TOUCHES if name == "touches" else _OF_CONSENT
            on = tuple(Compared("==", Column(name, key), Column("meant", key)) for key in keys)
        return Join(table=name, alias=name, on=on, optional=True)

    def _reasons(self, lookups: tuple[Step, ...], rows: CarriedRows) -> Iterator[tuple[Expression, Expression]]:
        names = {step.name for step in lookups}
        why = Column("meant", "why")
        yield Compared("!=", why, Value("")), why
        yield Column("meant", "excluded"), Value("excluded")
        country = self.country(rows)
        if self.manifest.planning.needs_basis:
            yield Missing(country), Value("country")
            allowed = tuple(sorted({basis.jurisdiction for basis in self.manifest.bases}))
            yield Negated(r.Among(country, allowed)), Value("no-basis")
            for consent in sorted({basis.consent for basis in self.manifest.bases if basis.consent}):
                places = sorted(basis.jurisdiction for basis in self.manifest.bases if basis.consent == consent)
                without = Missing(Column(f"agreed_{consent}", "person_id"))
                yield All((r.Among(country, tuple(places)), without)), Value("no-consent")
        if f"{self.records.person}.deceased" in self.fields:
            yield rows.field(f"{self.records.person}.deceased"), Value("deceased")
        yield (
            Column("meant", "wrong_age"),
            Value("minor" if self.records.recipient == self.records.person else "of-age"),
        )
        if f"{self.records.recipient}.email" in self.fields:
            yield Missing(rows.field(f"{self.records.recipient}.email")), Value("no-address")
        yield Compared("==", Column("meant", "locale"), Value("")), Value("language")
        if "suppressed" in names:
            yield Negated(Missing(Column("suppressed", "email"))), Value("suppressed")
        if self._is_capped:
            cap = self.manifest.practice.frequency_cap
            assert cap is not None
            yield Compared(">=", Column("touches", "number"), Value(cap.max)), Value("capped")
