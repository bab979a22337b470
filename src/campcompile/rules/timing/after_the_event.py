"""TIM001: a reminder that can go when its event has begun, or is over."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.anchoring import (
    DAY,
    ahead,
    among,
    counts_back,
    counts_on,
    events_ahead,
    lead,
    over,
    possible,
    source_of,
    status_of,
)
from campcompile.analysis.facts import Facts
from campcompile.model.campaign import Campaign, Email
from campcompile.model.timing import Unit, parse_date, parse_offset
from campcompile.rules.check import Found, rule
from campcompile.rules.places import email_span
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Severity

_WEEKEND = 2 * DAY
_OPENS = "08:00"


@rule(
    code="TIM001",
    slug="after-the-event",
    severity=Severity.ERROR,
    message="it is due before `{anchor}`, and `expires: {expires}` lets it go afterwards",
    help="write how long before its event it may go at the latest: `expires: -PT2H`",
    also={
        "shift": (
            "`shift: next` carries it from a weekend to the day of `{anchor}`, or past it",
            "write `shift: previous`: before a Monday it goes on Friday then",
        ),
        "upcoming": (
            "it goes after `{anchor}`, to people whose `{status}` is {choices}: that event still lies ahead",
            "a sign may be missing: `-{offset}` is before the event; or ask for those who came",
        ),
        "past": (
            "it goes before `{anchor}`, to people whose `{status}` is {choices}: that event is over",
            "write an offset after the event, such as `{offset}`; or ask for those whose event lies ahead",
        ),
        "morning": (
            "at `{at}` on its day, `{anchor}` has been for everybody who came earlier",
            "count back from it: `offset: -P1D`, or hours such as `-PT3H` without `at`",
        ),
    },
)
def after_the_event(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at e-mails that count from something that lies ahead: an appointment, an event. Reports one that is due
    before it and whose `expires` lets it go when it has begun; one that `shift: next` carries from a weekend to its
    Monday; one that goes after it to people whose status says that it is still to come (`booked`, `confirmed`), or
    before it to people whose status says that it is over; and one with an hour of its own on the very day.

    Without `expires`, nothing that is due before an event goes later than two hours before it; and quiet hours never
    carry an e-mail past its deadline.

    ## Why it matters

    "We look forward to seeing you", after the visit, tells a patient that nobody looks.

    ## Example

    ```yaml
    send: {offset: -P1D, at: "09:00", expires: P1D}
    ```

    ## Use instead

    ```yaml
    send: {offset: -P1D, at: "09:00", expires: -PT2H}
    ```

    ## Sources

    * The meaning of `send`: docs/language.md; what a status says: FHIR R4, AppointmentStatus and EventStatus
    """
    known = events_ahead(campaign, facts.programme.dictionary)
    for email in campaign.emails:
        if counts_back(email.send):
            yield from _late(campaign, email, facts)
            yield from _shifted(campaign, email, facts)
            yield from _of_the_past(campaign, email, facts)
        elif counts_on(email.send) and source_of(email.send.anchor, facts.programme.dictionary) in known:
            yield from _of_the_future(campaign, email, facts)
        elif counts_on(email.send):
            yield from _of_the_future(campaign, email, facts, morning=False)


def _late(campaign: Campaign, email: Email, facts: Facts) -> Iterator[Diagnostic]:
    until = parse_offset(email.send.expires)
    day = parse_date(email.send.expires)
    if until is not None:
        is_late = until.sign > 0 or (until.sign == 0 and _is_instant(email.send.anchor, facts))
    else:
        event = campaign.event if email.send.anchor == "event.start" else None
        is_late = event is not None and day is not None and day >= event.start.date()
    if is_late:
        span = email_span(facts, campaign, email, "send", "expires")
        yield after_the_event.at(span, anchor=email.send.anchor, expires=email.send.expires)


def _shifted(campaign: Campaign, email: Email, facts: Facts) -> Iterator[Diagnostic]:
    offset = email.send.offset
    if email.send.shift != "next" or offset is None or offset.unit is not Unit.CALENDAR:
        return
    if -lead(email.send) <= _WEEKEND:
        span = email_span(facts, campaign, email, "send", "shift")
        fix = Fix("shift to the working day before", (Edit(span, "previous"),), Applicability.UNSAFE)
        yield after_the_event.at(span, say="shift", fixes=(fix,), anchor=email.send.anchor)


def _of_the_past(campaign: Campaign, email: Email, facts: Facts) -> Iterator[Diagnostic]:
    status = status_of(email.send.anchor, facts.programme.dictionary)
    if status is None:
        return
    values = possible(status, campaign, email)
    if values and len(among(values, over())) == len(values):
        assert email.send.offset is not None
        span = email_span(facts, campaign, email, "send", "offset")
        yield after_the_event.at(
            span,
            say="past",
            anchor=email.send.anchor,
            status=status.name,
            choices=_quoted(values),
            offset=str(email.send.offset).lstrip("-"),
        )


def _of_the_future(campaign: Campaign, email: Email, facts: Facts, *, morning: bool = True) -> Iterator[Diagnostic]:
    status = status_of(email.send.anchor, facts.programme.dictionary)
    offset = email.send.offset
    if status is None or offset is None:
        return
    values = possible(status, campaign, email)
    ends = among(frozenset(status.type.choices), over())  # without any, who came stays `booked` for ever
    if not ends or not values or len(among(values, ahead())) != len(values):
        return
    at = email.send.at
    if offset.sign > 0:
        span = email_span(facts, campaign, email, "send", "offset")
        yield after_the_event.at(
            span,
            say="upcoming",
            anchor=email.send.anchor,
            status=status.name,
            choices=_quoted(values),
            offset=str(offset),
        )
    elif morning and offset.unit is not Unit.ABSOLUTE and at > _OPENS and _is_instant(email.send.anchor, facts):
        span = email_span(facts, campaign, email, "send", "at")
        yield after_the_event.at(span, say="morning", at=at, anchor=email.send.anchor)


def _is_instant(anchor: str, facts: Facts) -> bool:
    field = facts.programme.dictionary.fields.get(source_of(anchor, facts.programme.dictionary))
    return anchor == "event.start" or (field is not None and field.type.name == "datetime")


def _quoted(values: frozenset[str]) -> str:
    return " or ".join(f"`{value}`" for value in sorted(values))
