"""Anchoring: what an e-mail counts from, whether that lies ahead, and what its record's status may be then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from campcompile.formula import And, Compare, Const, Default, FieldRef, Formula, Not, OneOf, Or
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.fields import Dictionary, Field
from campcompile.model.timing import Send, Unit
from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.schedule.timing import Place
from campcompile.syntax.condition import parse_condition
from campcompile.syntax.packs import texts
from campcompile.syntax.source import MappedText
from campcompile.zones import zone

DAY = 24 * 60  # minutes
_STATUSES = "analysis/data/statuses.yaml"
_DAYS_OF_MONTH = 30.4
_DAYS_OF_WORKING_DAY = 1.4
_NO_EVENT = ("", "entry")


def source_of(anchor: str, dictionary: Dictionary) -> str:
    """The field of a row that an anchor is taken from: `appointment.start` of `patient.first_visit`."""
    field = dictionary.fields.get(anchor)
    return anchor if field is None or field.derivation is None else field.derivation.field


def counts_back(send: Send) -> bool:
    """Is it due before what it counts from?"""
    return send.offset is not None and send.offset.sign < 0 and send.anchor not in _NO_EVENT


def counts_on(send: Send) -> bool:
    """Is it due when that has been, or on its day?"""
    return send.offset is not None and send.offset.sign >= 0 and send.anchor not in _NO_EVENT


def events_ahead(campaign: Campaign, dictionary: Dictionary) -> frozenset[str]:
    """The sources of anchors that some e-mail of a campaign counts back from: people know of them beforehand."""
    emails = (email for email in campaign.emails if counts_back(email.send))
    return frozenset(source_of(email.send.anchor, dictionary) for email in emails)


def lead(send: Send) -> float:
    """Minutes from the anchor to when an e-mail is due, as written: negative before it; months and weeks on average.

    A day's own hour is left out, so that this orders the e-mails of a series, and no more.
    """
    offset = send.offset
    if offset is None:
        return 0
    if offset.unit is Unit.BUSINESS:
        return offset.days * _DAYS_OF_WORKING_DAY * DAY
    return offset.minutes + (offset.months * _DAYS_OF_MONTH + offset.days) * DAY


def status_of(anchor: str, dictionary: Dictionary) -> Field | None:
    """The field that says whether an anchor's event is to be, was, or is off; None where the record has none."""
    record = source_of(anchor, dictionary).partition(".")[0]
    telling = ahead() | over() | off()
    fields = (f for f in dictionary.fields.values() if f.record == record and f.type.name == "choice")
    return next((field for field in fields if among(frozenset(field.type.choices), telling)), None)


def possible(status: Field, campaign: Campaign, email: Email | None) -> frozenset[str]:
    """The values of a status for which the audience (and an e-mail's own `if`) can be true of one row.

    An e-mail with an anchor of its own is bound to another row than the audience: then its `if` alone counts.
    """
    formulas: list[Formula] = []
    if email is None or email.send.anchor == campaign.anchor:
        formulas.append(campaign.audience.formula)
    if email is not None and email.condition is not None:
        formulas.append(email.condition.formula)
    every = frozenset(status.type.choices)
    for formula in formulas:
        every &= choices_of(formula, status.name, frozenset(status.type.choices))
    return every


def derived_where(email: Email, dictionary: Dictionary) -> Formula | None:
    """What a derived anchor asks of the rows that it is taken from; None where it asks nothing, or isn't derived."""
    field = dictionary.fields.get(email.send.anchor)
    if field is None or field.derivation is None or not field.derivation.where or not email.versions:
        return None
    expression = parse_condition(MappedText.plain(field.derivation.where, "", 0)).value
    if expression is None:
        return None
    records = (field.derivation.field.partition(".")[0], field.record)
    condition = replace(email.versions[0].scope, records=records).condition(expression).value
    return None if condition is None else condition.formula


def choices_of(formula: Formula, field: str, every: frozenset[str]) -> frozenset[str]:
    """The values of a choice field for which a condition can be true, never too few; `every` where it doesn't ask."""
    match formula:
        case And(parts):
            found = every
            for part in parts:
                found &= choices_of(part, field, every)
            return found
        case Or(parts):
            return frozenset().union(*(choices_of(part, field, every) for part in parts))
        case Compare("==", of, Const(value)) if _is(of, field):
            return frozenset((str(value),))
        case Compare("!=", of, Const(value)) if _is(of, field):
            return every - {str(value)}
        case OneOf(of, choices) if _is(of, field):
            return frozenset(map(str, choices))
        case Not(OneOf(of, choices)) if _is(of, field):
            return every - frozenset(map(str, choices))
        case Not(Compare("==", of, Const(value))) if _is(of, field):
            return every - {str(value)}
        case _:
            return every


def ahead() -> frozenset[str]:
    return texts(_STATUSES, "ahead")


def over() -> frozenset[str]:
    return texts(_STATUSES, "over")


def off() -> frozenset[str]:
    return texts(_STATUSES, "off")


def among(values: frozenset[str], words: frozenset[str]) -> tuple[str, ...]:
    """Those of a status's values that are among `words`, sorted."""
    return tuple(sorted(value for value in values if _word(value) in words))


def of_one_anchor(campaign: Campaign, dictionary: Dictionary) -> Iterator[tuple[Email, ...]]:
    """The e-mails of a campaign that count from one thing, in order of time; and those that have a date."""
    groups: dict[str, list[Email]] = {}
    for email in campaign.emails:
        key = "date" if email.send.dates else source_of(email.send.anchor, dictionary)
        if email.send.dates or email.send.offset is not None:
            groups.setdefault(key, []).append(email)
    for emails in groups.values():
        yield tuple(sorted(emails, key=lambda email: (lead(email.send), min(email.send.dates.values(), default=""))))


def place_of(programme: Programme) -> Place:
    """Where the practice counts its time: its own zone, holidays and quiet hours."""
    practice = programme.settings.practice
    return Place(
        zone=zone(practice.value("time_zone") or "UTC"),
        holidays=practice.value("holidays"),
        quiet=parse_quiet_hours(programme.settings.quiet_hours),
    )


def _is(operand: Formula, field: str) -> bool:
    return operand == FieldRef(field) or (isinstance(operand, Default) and operand.of == FieldRef(field))


def _word(value: str) -> str:
    return value.lower().replace("-", "_")
