"""Anchors: which row an offset counts from, and so which rows and fields are at hand in an e-mail."""

from __future__ import annotations

from campcompile.formula import Const, Else, FieldRef, Formula
from campcompile.model.bound import Condition
from campcompile.model.dictionary import records_with
from campcompile.model.event import Event
from campcompile.model.fields import Field
from campcompile.model.findings import TYPE_AND_FORMAT, UNBOUND_RECORD, UNKNOWN_NAME
from campcompile.model.scope import Names, Scope
from campcompile.model.sending import Anchor
from campcompile.syntax.findings import Diagnostic, Findings
from campcompile.syntax.renaming import renaming
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Scalar
from campcompile.values import dataclass

ENTRY = Anchor(name="entry", is_datetime=False)  # the day that a person first met the audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Which rows a campaign has at hand: the recipient's, and its anchors'."""

    names: Names
    recipient: str
    event: Event | None = None  # the campaign's

    def anchor(self, written: Scalar | None, findings: Findings) -> Anchor:
        """The anchor as timing sees it; `entry` where the name means nothing."""
        if written is None or written.value == "entry":
            return ENTRY
        name = written.value
        if name == "event.start":
            if self.event is None:
                advice = "add `event: {start: …, end: …, place: …}` to the campaign"
                findings.add(UNKNOWN_NAME.at(written.span, kind="anchor", name=name, advice=advice))
            return Anchor(name=name, is_datetime=True)
        field = self.names.dictionary.fields.get(name)
        if field is None:
            finding, meant = self._unknown(written)
            findings.add(finding)
            return ENTRY if meant is None else Anchor(name=meant.name, is_datetime=meant.type.name == "datetime")
        if field.type.name not in ("date", "datetime"):
            problem, advice = "an offset needs a day to count from", "count from a date or datetime field, or `entry`"
            findings.add(
                TYPE_AND_FORMAT.at(written.span, name=name, type=str(field.type), problem=problem, advice=advice)
            )
        if not set(self._chain(field)) & set(self._own_chain()):
            advice = f"this campaign writes to `{self.recipient}`; count from a field that belongs to it"
            findings.add(UNBOUND_RECORD.at(written.span, record=field.record, name=name, advice=advice))
        return Anchor(name=name, is_datetime=field.type.name == "datetime")

    def scope(self, anchor: Anchor, zone: Formula) -> Scope:
        """What an anchor binds: its row, and whom it belongs to."""
        fields = self.names.dictionary.fields
        anchored = fields.get(anchor.name)
        chain = self._chain(anchored) if anchored is not None else ()
        records = tuple(dict.fromkeys((*chain, *self._own_chain())))
        sure = {f.name for f in fields.values() if f.required and (f.per_run or f.record in records)}
        if anchored is not None:
            sure.add(anchored.name)
            if anchored.derivation is not None:
                sure.add(anchored.derivation.field)
        return Scope(
            names=self.names,
            recipient=self.recipient,
            records=records,
            sure=frozenset(sure),
            event=self.event,
            zone=zone,
        )

    def still_implied(self, audience: Condition, anchor: Anchor, other: Anchor) -> frozenset[str]:
        """What the audience implies under another anchor: what it says of the person."""
        if anchor.name == other.name:
            return audience.implies_set
        people = self._own_chain()
        return frozenset(name for name in audience.implies_set if name.partition(".")[0] in people)

    def zone(self, written: str) -> Formula:
        """The zone that an e-mail counts in: the site's, the patient's, or a fixed one."""
        site = Scope(names=self.names, recipient=self.recipient, records=self._own_chain()).zone_of("")
        own = f"{self.recipient}.time_zone"
        if written == "patient":
            return Else(FieldRef(own), site) if own in self.names.dictionary.fields else site
        return site if written == "site" else Const(written)

    def _chain(self, field: Field) -> tuple[str, ...]:
        """The rows that an anchor binds; a derived field binds the row that it came from."""
        source = field.derivation.field if field.derivation is not None else field.name
        return records_with(self.names.dictionary, source.partition(".")[0])

    def _own_chain(self) -> tuple[str, ...]:
        return records_with(self.names.dictionary, self.recipient) or (self.recipient,)

    def _unknown(self, written: Scalar) -> tuple[Diagnostic, Field | None]:
        """The finding, and the date that was meant: what else reads its row is no second mistake."""
        dates = [field for field in self.names.dictionary.fields.values() if field.type.name in ("date", "datetime")]
        near = nearest(written.value, [*(field.name for field in dates), "entry", "event.start"])
        record = written.value.partition(".")[0]
        meant = next((field for field in dates if field.name == near or (not near and field.record == record)), None)
        near = near or (meant.name if meant is not None else "")
        advice = f"did you mean `{near}`?" if near else "an anchor is a date or datetime field, or `entry`"
        return UNKNOWN_NAME.at(
            written.span,
            kind="anchor",
            name=written.value[:80],
            advice=advice,
            fixes=renaming(written.span, written.value, near),
        ), meant
