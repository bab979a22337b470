"""LIF001: a series that goes on and on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campcompile.analysis.anchoring import DAY, lead
from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import Limit, limits
from campcompile.model.campaign import Campaign, Email
from campcompile.model.timing import Offset, parse_offset
from campcompile.rules.check import Found, rule
from campcompile.rules.places import campaign_span, email_span, has_value, one_more_line
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
        "again": (
            "`reenter: {reenter}` begins again before the last e-mail has gone, for whoever is still in the audience",
            "write a longer time, such as `P12M`, or `once`",
        ),
    },
)
def no_stop_or_too_many_touches(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at series of layer `updates` or `promotional`, whose e-mails count from something and have no dates. Reports
    an e-mail that repeats more often than twice a year, without `times` and without `stop_when`; a campaign that begins
    again (`reenter`) before its last e-mail has gone; three or more e-mails without `stop_when`; and more than four to
    people who don't answer, in layer `promotional` or to colleagues.

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
        repeat = email.send.repeat
        if repeat is None or email.send.times is not None or campaign.stop_when is not None:
            continue
        if _days(repeat) < limit["shortest-endless-repeat-days"].value:
            span = email_span(facts, campaign, email, "send", "repeat")
            most = f"{limit['touches'].value:.0f}"
            yield no_stop_or_too_many_touches.at(span, repeat=str(repeat), most=most)


def _many(campaign: Campaign, series: list[Email], limit: Mapping[str, Limit], facts: Facts) -> Iterator[Diagnostic]:
    count = sum(email.send.times or 1 for email in series)
    most, unstopped = limit["touches"], limit["touches-without-stop"]
    span = email_span(facts, campaign, series[-1])
    if campaign.stop_when is None and len(series) > unstopped.value:
        edit = one_more_line(facts, campaign, "layer", _STOP)
        fixes = (Fix(f"write `{_STOP}`", (edit,), Applicability.UNSAFE),) if edit else ()
        yield no_stop_or_too_many_touches.at(span, say="no-stop", fixes=fixes, count=str(len(series)))
    elif count > most.value and (campaign.layer == "promotional" or campaign.purpose in _CHASING):
        words = {"count": str(count), "most": f"{most.value:.0f}"}
        yield no_stop_or_too_many_touches.at(span, say="many", **words)


def _again(campaign: Campaign, series: list[Email], facts: Facts) -> Iterator[Diagnostic]:
    length = parse_offset(campaign.reenter)
    if length is None or campaign.anchor != "entry" or not has_value(facts, campaign.path, "reenter"):
        return
    last = max(lead(email.send) / DAY + _days(email.send.repeat) * ((email.send.times or 1) - 1) for email in series)
    if _days(length) <= last:
        span = campaign_span(facts, campaign, "reenter")
        yield no_stop_or_too_many_touches.at(span, say="again", reenter=campaign.reenter)


def _days(length: Offset | None) -> float:
    return 0 if length is None else length.months * _DAYS_OF_MONTH + length.days + length.minutes / DAY
