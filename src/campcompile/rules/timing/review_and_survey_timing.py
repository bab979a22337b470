"""TIM007: when, how often and whom a practice asks what they thought of a visit."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from campcompile.analysis.anchoring import among, counts_on, lead, off, possible, status_of
from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import limits
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Campaign, Email
from campcompile.model.timing import parse_offset
from campcompile.rules.check import Found, rule
from campcompile.rules.places import campaign_span, email_span, has_value
from campcompile.syntax.findings import Diagnostic, Severity

_DATA = "rules/data/timing.yaml"
_DAYS_OF_MONTH = 30


@rule(
    code="TIM007",
    slug="review-and-survey-timing",
    severity=Severity.WARNING,
    message="this asks for a public review {hours} hours after the visit, and {earliest} to {latest} are advised",
    help="write `offset: PT{earliest}H`, or `P2D` with `at`",
    also={
        "after-survey": (
            "a public review is asked for {hours} hours after the visit, and `{survey}` asks before it",
            "two questions in two days are one too many: write `P2D` to `P7D`, or leave one out",
        ),
        "often": (
            "one person is asked after each visit",
            "write `reenter: P6M`: once in {months} months is enough",
        ),
        "whom": (
            "this also asks people whose `{status}` is {choices}",
            'ask for those who came: `where: {status} == "fulfilled"`, or what yours is called',
        ),
    },
)
def review_and_survey_timing(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at campaigns of purpose `review`. An e-mail with a link to somebody else's pages asks for a public review;
    one with a link to the practice's own, or to a personal one, is a survey. Reports a review that is asked for earlier
    than 24 or later than 48 hours after the visit; where a survey goes first, one that is asked for before the third
    day or after a week: the first two days belong to the survey. Reports too that one person is asked more than once
    in six months, and that people are asked who cancelled or didn't come.

    Who has a complaint open is left out of everything (SEG004).

    ## Why it matters

    Asked in the waiting room nobody knows yet how it went; after two weeks nobody remembers. And to be asked twice
    within two days is a bother, to be asked after a visit that didn't take place an affront.

    ## Example

    ```yaml
    purpose: review
    anchor: appointment.end
    emails:
      - {id: review, send: {offset: P7D, at: "10:00"}}
    ```

    ## Use instead

    ```yaml
    purpose: review
    anchor: appointment.end
    reenter: P6M
    emails:
      - {id: review, send: {offset: PT36H, expires: PT48H}}
    ```

    ## Sources

    * Advice to practices: 24 to 48 hours, once in six months; how that goes together with a survey: docs/adr/0014
    """
    if campaign.purpose != "review":
        return
    asking = [email for email in campaign.emails if counts_on(email.send)]
    surveys = [email for email in asking if not _is_public(email, facts)]
    for email in asking:
        if email not in surveys:
            yield from _review(campaign, email, surveys, facts)
    if asking:
        yield from _often(campaign, facts)
        yield from _whom(campaign, asking[0], facts)


def _review(campaign: Campaign, email: Email, surveys: list[Email], facts: Facts) -> Iterator[Diagnostic]:
    hours = lead(email.send) / 60
    before = [survey for survey in surveys if lead(survey.send) < lead(email.send)]
    limit = {name: one.value for name, one in limits(_DATA).items()}
    span = email_span(facts, campaign, email, "send", "offset")
    if before:
        earliest, latest = limit["review-latest-hours"], limit["review-after-survey-latest-hours"]
        if not earliest <= hours <= latest:
            yield review_and_survey_timing.at(span, say="after-survey", hours=f"{hours:.0f}", survey=before[-1].id)
        return
    earliest, latest = limit["review-earliest-hours"], limit["review-latest-hours"]
    if not earliest <= hours <= latest:
        words = {"earliest": f"{earliest:.0f}", "latest": f"{latest:.0f}"}
        yield review_and_survey_timing.at(span, hours=f"{hours:.0f}", **words)


def _often(campaign: Campaign, facts: Facts) -> Iterator[Diagnostic]:
    least = limits(_DATA)["review-months"].value
    length = parse_offset(campaign.reenter)
    months = 0.0 if length is None else length.months + length.days / _DAYS_OF_MONTH
    if campaign.reenter != "once" and months < least:
        key = "reenter" if has_value(facts, campaign.path, "reenter") else "anchor"
        span = campaign_span(facts, campaign, key)
        yield review_and_survey_timing.at(span, say="often", months=f"{least:.0f}")


def _whom(campaign: Campaign, email: Email, facts: Facts) -> Iterator[Diagnostic]:
    status = status_of(email.send.anchor, facts.programme.dictionary)
    if status is None:
        return
    values = among(possible(status, campaign, email), off())
    if values:
        choices = " or ".join(f"`{value}`" for value in values)
        span = campaign_span(facts, campaign, "audience")
        yield review_and_survey_timing.at(span, say="whom", status=status.name, choices=choices)


def _is_public(email: Email, facts: Facts) -> bool:
    """Does it lead to pages of somebody else?"""
    own = _domain(facts.programme.settings.practice.value("website"))
    for version in email.versions[:1]:
        for target in facts.once(version_words, version).addresses:
            if _domain(target.address) != own:
                return True
    return False


def _domain(address: str) -> str:
    """The last two labels of a host: those of one owner, mostly."""
    return ".".join((urlsplit(address).hostname or "").split(".")[-2:])
