"""LIF001: a series that goes on and on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count, takewhile

from campcompile.analysis.anchoring import DAY, lead
from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import Limit, limits
from campcompile.model.campaign import Campaign, Email
from campcompile.model.timing import Offset, parse_offset
from campcompile.rules.check import Found, rule
from campcompile.rules.places import campaign_span, email_span, has_value, one_more_line
from campcompile.schedule.wall import moved
from campcompile.syntax.findings import Applicability, Diagnostic, Fix, Severity

_DATA = "rules/data/lifecycle.yaml"
_STOP = "stop_when: run.replied or run.clicked"
_CHASING = ("b2b", "referral")  # purposes that write to people who never asked
_DAYS_OF_MONTH = 30.4


@rule(
    code="LIF001",
    slug="no-stop-or-too-many-touches",
    severity=Severity.WARNING,
    message="this comes every {repeat} without end, and nothing stops it",
    help="write `times: {most}`, or when it stops: `stop_when: run.replied`",
    also={
        "no-stop": (
            "{count} e-mails, and who has answered the first one gets the others too",
            "write when it stops: `stop_when: run.replied or run.clicked`, or that a next visit is set",
        ),
        "many": (
            "this writes {count} times to somebody who doesn't answer",
            "{most} are enough: leave some out, or lower `times`",
        ),
        "many-a-year": (
            "this writes {count} times in its first year to somebody who doesn't answer, and goes on",
            "{most} are enough: write `times` beside `repeat`, or leave some out",
        ),
        "again": (
            "`reenter: {reenter}` begins again before the last e-mail has gone, for whoever is still in the audience",
            "write a longer time, such as `P12M`, or `once`",
        ),
        "again-beside": (
            "`reenter: {reenter}` begins again while what repeats without end still comes, so people get it twice",
            "write `once`, or `times` beside `repeat`",
        ),
    },
)
def no_stop_or_too_many_touches(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at series of layer `updates` or `promotional`, whose e-mails count from something and have no dates. Reports
    an e-mail that repeats more often than twice a year, without `times` and without `stop_when`; a campaign that begins
    again (`reenter`) before its last e-mail has gone, or ever, where one repeats without end; three or more e-mails
    without `stop_when`; and more than four to people who don't answer, in layer `promotional` or to colleagues. What
    repeats without end counts as often as it comes in a year.

    Reminders and other essential mail end with their audience, which is asked again before each of them.

    ## Why it matters

    Who has booked, answered or moved away and gets the third letter nevertheless, learns that nobody reads answers.

    ## Example

    ```yaml
    layer: promotional
    emails:
      - {id: news, send: {offset: P0D, at: "10:00", repeat: P14D}}
    ```

    ## Use instead

    ```yaml
    layer: promotional
    stop_when: run.replied or run.clicked
    emails:
      - {id: news, send: {offset: P0D, at: "10:00", repeat: P14D, times: 3}}
    ```

    ## Sources

    * Advice to practices: two to four letters, then stop; policy
    """
    series = [email for email in campaign.emails if email.send.offset is not None]
    if campaign.layer == "essential" or not series:
        return
    limit = limits(_DATA)
    yield from _endless(campaign, series, limit, facts)
    yield from _many(campaign, series, limit, facts)
    yield from _again(campaign, series, facts)


def _endless(campaign: Campaign, series: list[Email], limit: Mapping[str, Limit], facts: Facts) -> Iterator[Diagnostic]:
    for email in series:
        if _goes_on(email) and _is_told(campaign, email, limit):
            span = email_span(facts, campaign, email, "send", "repeat")
            most = f"{limit['touches'].value:.0f}"
            yield no_stop_or_too_many_touches.at(span, repeat=str(email.send.repeat), most=most)


def _goes_on(email: Email) -> bool:
    """Does it repeat without end?"""
    return email.send.repeat is not None and email.send.times is None


def _is_told(campaign: Campaign, email: Email, limit: Mapping[str, Limit]) -> bool:
    """Is it too often for something that goes on without end, and that nothing stops?"""
    return campaign.stop_when is None and _days(email.send.repeat) < limit["shortest-endless-repeat-days"].value


def _many(campaign: Campaign, series: list[Email], limit: Mapping[str, Limit], facts: Facts) -> Iterator[Diagnostic]:
    most, unstopped = limit["touches"], limit["touches-without-stop"]
    span = email_span(facts, campaign, series[-1])
    if campaign.stop_when is None and len(series) > unstopped.value:
        edit = one_more_line(facts, campaign, "layer", _STOP)
        fixes = (Fix(f"write `{_STOP}`", (edit,), Applicability.UNSAFE),) if edit else ()
        yield no_stop_or_too_many_touches.at(span, say="no-stop", fixes=fixes, count=str(len(series)))
        return
    endless = [email for email in series if _goes_on(email) and not _is_told(campaign, email, limit)]
    touches = sum(_in_a_year(email) if email in endless else email.send.times or 1 for email in series)
    if touches > most.value and (campaign.layer == "promotional" or campaign.purpose in _CHASING):
        words = {"count": str(touches), "most": f"{most.value:.0f}"}
        yield no_stop_or_too_many_touches.at(span, say="many-a-year" if endless else "many", **words)


def _in_a_year(email: Email) -> int:
    """How often it comes in its first year, if nothing stops it."""
    repeat, first = email.send.repeat, date(2026, 1, 1)
    assert repeat is not None
    comes = (moved(first, k * repeat.months, k * repeat.days) for k in count())
    return sum(1 for _ in takewhile(lambda day: day < moved(first, 12, 0), comes))


def _again(campaign: Campaign, series: list[Email], facts: Facts) -> Iterator[Diagnostic]:
    length = parse_offset(campaign.reenter)
    if length is None or campaign.anchor != "entry" or not has_value(facts, campaign.path, "reenter"):
        return
    span = campaign_span(facts, campaign, "reenter")
    if any(map(_goes_on, series)):
        yield no_stop_or_too_many_touches.at(span, say="again-beside", reenter=campaign.reenter)
        return
    last = max(lead(email.send) / DAY + _days(email.send.repeat) * ((email.send.times or 1) - 1) for email in series)
    if _days(length) <= last:
        yield no_stop_or_too_many_touches.at(span, say="again", reenter=campaign.reenter)


def _days(length: Offset | None) -> float:
    return 0 if length is None else length.months * _DAYS_OF_MONTH + length.days + length.minutes / DAY
