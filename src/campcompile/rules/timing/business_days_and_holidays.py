"""TIM004: letters to colleagues too near to one another or too far, mail on a public holiday, unknown calendars."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from campcompile.analysis.anchoring import of_one_anchor
from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import limits
from campcompile.analysis.public_holidays import is_public_holiday, wrong_calendar
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.timing import Offset, Unit, parse_date
from campcompile.rules.check import Found, rule
from campcompile.rules.places import email_span, practice_values, setting_span
from campcompile.syntax.findings import Diagnostic, Severity

_DATA = "rules/data/timing.yaml"
_DAYS_OF_MONTH = 28


@rule(
    code="TIM004",
    slug="business-days-and-holidays",
    severity=Severity.WARNING,
    message="{day} is a public holiday in {calendar}, and this goes out then",
    help="write another day, or `shift: next` for the working day after it",
    also={
        "near": (
            "this letter to a colleague follows `{first}` after less than {least} working days",
            "write {least} to {most} working days between two letters: `{example}`",
        ),
        "far": (
            "this letter to a colleague follows `{first}` after more than {most} working days",
            "write {least} to {most} working days between two letters: `{example}`",
        ),
        "calendar": ("{problem}", "write a country such as `NO`, or a region such as `FR-57`"),
    },
)
def business_days_and_holidays(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports mail that can wait and has a date that is a public holiday where the practice is; letters to colleagues
    (`purpose: b2b`) that follow one another after less than three or more than five working days; and, as an error,
    `holidays` of a country or region that isn't known. Days that count from a visit can fall on a holiday too:
    `shift` moves those.

    ## Why it matters

    Mail on 17 May is read on 18 May, below everything else. A colleague who is written to every day calls it spam;
    one who hears of you after three weeks has forgotten the first letter.

    ## Example

    ```yaml
    send: {date: "2027-05-17", at: "09:00"}
    ```

    ## Use instead

    ```yaml
    send: {date: "2027-05-18", at: "09:00"}
    ```

    ## Sources

    * Public holidays: the package `holidays`, as pinned
    * The days between letters: advice to practices, policy
    """
    if campaign.layer != "essential":
        yield from _holidays(campaign, facts)
    if campaign.purpose == "b2b":
        for emails in of_one_anchor(campaign, facts.programme.dictionary):
            for first, later in pairwise(emails):
                yield from _pair(campaign, first, later, facts)


@rule(business_days_and_holidays.rule)
def known_calendars(programme: Programme, facts: Facts) -> Found:
    """The calendars of the practice and of its sites."""
    for keys, values in practice_values(programme):
        problem = wrong_calendar(values["holidays"]) if values.get("holidays") else ""
        if problem:
            span = setting_span(facts, *keys, "holidays", otherwise=programme.settings.span)
            yield business_days_and_holidays.at(span, say="calendar", severity=Severity.ERROR, problem=problem)


def _holidays(campaign: Campaign, facts: Facts) -> Iterator[Diagnostic]:
    calendar = facts.programme.settings.practice.value("holidays")
    for email in campaign.emails:
        if not calendar or email.send.shift != "none":
            continue
        for locale, written in email.send.dates.items():
            day = parse_date(written)
            if day is not None and day >= facts.as_of and is_public_holiday(day, calendar):
                span = email_span(facts, campaign, email, "send", "date", *([locale] if locale else []))
                yield business_days_and_holidays.at(
                    span, day=f"{day:%A, %d %B %Y}".replace(" 0", " "), calendar=calendar
                )


def _pair(campaign: Campaign, first: Email, later: Email, facts: Facts) -> Iterator[Diagnostic]:
    least, most = (int(limits(_DATA)[name].value) for name in ("fewest-working-days", "most-working-days"))
    begin, end = first.send.offset, later.send.offset
    if begin is None or end is None:
        return
    fewest, highest = _working_days(begin, end)
    say = "near" if highest < least else "far" if fewest > most else ""
    if say:
        yield business_days_and_holidays.at(
            email_span(facts, campaign, later, "send", "offset"),
            say=say,
            first=first.id,
            least=str(least),
            most=str(most),
            example=f"{begin.days + least + 1}BD" if begin.unit is Unit.BUSINESS else f"{least + 1}BD",
        )


def _working_days(begin: Offset, end: Offset) -> tuple[int, int]:
    """The fewest and the most working days that can lie between two offsets, holidays left out of account."""
    if begin.unit is Unit.BUSINESS and end.unit is Unit.BUSINESS:
        return end.days - begin.days, end.days - begin.days
    days = _days(end) - _days(begin)
    weeks, rest = divmod(days, 7)
    return weeks * 5 + max(rest - 2, 0), weeks * 5 + min(rest, 5)


def _days(offset: Offset) -> int:
    if offset.unit is Unit.BUSINESS:
        weeks, rest = divmod(offset.days, 5)
        return weeks * 7 + rest
    return offset.months * _DAYS_OF_MONTH + offset.days + offset.minutes // (24 * 60)
