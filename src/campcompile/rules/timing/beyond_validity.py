"""TIM010: an e-mail that can go after what it rests on has ended: a review, an agreement, a notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from campcompile.analysis.anchoring import DAY, lead
from campcompile.analysis.facts import Facts
from campcompile.analysis.reviews import reviews
from campcompile.model.campaign import Campaign, Email, Fixed
from campcompile.model.timing import Offset, Unit, parse_date, parse_offset
from campcompile.rules.check import Found, rule
from campcompile.rules.places import email_span
from campcompile.syntax.findings import Diagnostic, Label, Severity
from campcompile.syntax.source import Span


@rule(
    code="TIM010",
    slug="beyond-validity",
    severity=Severity.ERROR,
    message="this can go on {last}, and {what} ends on {until}",
    help="renew it and write its new last day, or send earlier",
    also={
        "notice": (
            "this holds until {until}, and its e-mail can go on {last}",
            "write a day after the last one on which it can go, or an earlier `expires`",
        ),
    },
)
def beyond_validity(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Takes the last day on which each e-mail can go: its date and its `expires`; for a series, that of somebody who
    enters today. Reports it where it lies after the last day of a review (`reviewed` of the e-mail, or of a segment or
    phrase that it uses), of a target's agreement or certificate (`baa`, `hds`), or of a notice (`until`). What is long
    past is history, and fine. A review that is over, or ends before an e-mail's own date, is ADV009's to tell.

    How old a consent may be is asked for each person, when an e-mail is planned.

    ## Why it matters

    A yearly recall goes on for years. Its advice, and the contract that lets it be sent, do so only if somebody renews
    them.

    ## Example

    ```yaml
    send: {date: "2027-06-08", at: "09:00"}
    reviewed: {by: MD-17, source: FHI 2026, until: "2027-05-31"}
    ```

    ## Use instead

    ```yaml
    send: {date: "2027-06-08", at: "09:00"}
    reviewed: {by: MD-17, source: FHI 2027, until: "2028-05-31"}
    ```

    ## Sources

    * The practice's own dates; 45 CFR 164.504(e) for agreements with associates
    """
    for email in campaign.emails:
        try:
            last = _last_day(campaign, email, facts.as_of)
        except OverflowError:  # beyond the calendar
            continue
        if last is not None:
            yield from _of_reviews(campaign, email, last, facts)
            yield from _of_targets(campaign, email, last, facts)
            yield from _of_notices(email, last)


def _of_reviews(campaign: Campaign, email: Email, last: date, facts: Facts) -> Iterator[Diagnostic]:
    for review in facts.once(reviews, facts.documents).of(campaign, email):
        is_told = review.until < facts.as_of or any(review.until < day for day in _dates(email))  # by ADV009
        if review.until < last and not is_told:
            yield _beyond(campaign, email, last, f"the review by `{review.by}`", review.until, review.span, facts)


def _of_targets(campaign: Campaign, email: Email, last: date, facts: Facts) -> Iterator[Diagnostic]:
    for target in campaign.targets:
        for name, evidence in (("agreement (`baa`)", target.baa), ("certificate (`hds`)", target.hds)):
            if evidence is not None and evidence.until is not None and facts.as_of <= evidence.until < last:
                what = f"the {name} of `{target.id}`"
                yield _beyond(campaign, email, last, what, evidence.until, evidence.span, facts)


def _of_notices(email: Email, last: date) -> Iterator[Diagnostic]:
    for block in email.versions[0].blocks if email.versions else ():
        fixed = block.fields.get("until") if block.kind == "notice" else None
        until = parse_date(fixed.text) if isinstance(fixed, Fixed) else None
        if until is not None and until < last:
            yield beyond_validity.at(block.spans["until"], say="notice", until=_words(until), last=_words(last))


def _beyond(
    campaign: Campaign, email: Email, last: date, what: str, until: date, span: Span, facts: Facts
) -> Diagnostic:
    key = "date" if email.send.dates else "offset"
    return beyond_validity.at(
        email_span(facts, campaign, email, "send", key),
        related=(Label(span, "this is its last day"),),
        last=_words(last),
        what=what,
        until=_words(until),
    )


def _last_day(campaign: Campaign, email: Email, today: date) -> date | None:
    """The last day on which an e-mail can go, as far as that can be said today; None where it is past."""
    send = email.send
    until, offset = parse_date(send.expires), parse_offset(send.expires)
    if not send.dates and (send.anchor != "event.start" or campaign.event is None):
        due = today + timedelta(days=max(lead(send), 0) / DAY)
        return max(due, until or today, _later(today, offset))
    bases = _dates(email)
    if not send.dates and campaign.event is not None:
        bases = [campaign.event.start.date()]
    ends = [
        until or (_later(base, offset) if offset else base + timedelta(days=lead(send) / DAY + 1)) for base in bases
    ]
    last = max(ends, default=today)
    return None if last < today else last


def _dates(email: Email) -> list[date]:
    """The days of an issue, one a language."""
    return [day for written in email.send.dates.values() if (day := parse_date(written)) is not None]


def _later(day: date, offset: Offset | None) -> date:
    """A day and a length of time, months on average."""
    if offset is None:
        return day
    days = offset.days * 1.4 if offset.unit is Unit.BUSINESS else offset.months * 30.4 + offset.days
    return day + timedelta(days=days, minutes=offset.minutes)


def _words(day: date) -> str:
    return f"{day:%d %B %Y}".lstrip("0")
