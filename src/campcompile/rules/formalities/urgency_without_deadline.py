"""CAN004: *last chance*, and nothing that ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher

from campcompile.analysis.advertising import Pitch, Pitched, instead, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import Provision, strictest
from campcompile.analysis.version_words import field_inlines, lines_in
from campcompile.model.campaign import Campaign, Fixed, Programme, Version
from campcompile.model.timing import parse_date
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.source import Span
from campcompile.values import dataclass

_ALIKE = 0.7  # of 1: `the checks end on december` and `… january` are 0.8
_UNLIKE = regex(r"[\W\d_]+")  # what differs between two notices of one offer


@rule(
    code="CAN004",
    slug="urgency-without-deadline",
    severity=Severity.ERROR,
    message="`{words}` presses people, and nothing here ends ({law})",
    help="say when it ends, in a block `notice: {{text: …, until: …}}`, and in the subject, e.g. `{instead}`; "
    "or leave the pressure out",
    also={
        "again": (
            "`{words}` isn't true: the same offer runs until {until} elsewhere ({law})",
            "let the first end be the end, or leave the pressure out",
        ),
    },
)
def urgency_without_deadline(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks for words that press for time in subjects and preheaders of mail that may be refused: *last chance*,
    *dernière chance*, *tidsbegrenset*, 最後一天. They need something that ends: a `notice` with `until`, or the
    campaign's `event`; no other e-mail of the workspace may hold the same notice with a later `until`, whatever its
    campaign. That the e-mail goes before is TIM010's. It is an error in Washington since 17 April 2025, a
    warning in the rest of the United States and in Europe.

    ## Why it matters

    A *last chance* that comes back next month costs $500 an e-mail in Washington, and trust everywhere.

    ## Example

    ```yaml
    subject: Tidsbegrenset tilbud på velvære-sjekk
    body: Velkommen til oss.
    ```

    ## Use instead

    ```yaml
    subject: Wellness check until 30 June
    body:
      - notice: {text: "This offer ends on 30 June.", until: "2027-06-30"}
    ```

    ## Sources

    * RCW 19.190.020(1)(b); Brown v. Old Navy (Washington Supreme Court, 17 April 2025); whether federal law pre-empts
      it is still argued
    * 15 USC 7704(a)(2); Directive 2005/29/EC, annex I no. 7, markedsføringsloven § 7 (unconfirmed)
    """
    if campaign.layer == "essential":
        return
    for email in campaign.emails:
        for version in email.versions:
            for claim in _pressing(version, facts):
                law = strictest("false-urgency", facts)
                if law is not None:
                    yield from _judged(claim, version, campaign, law, facts)


@rule(urgency_without_deadline.rule)
def repeated_last_chances(programme: Programme, facts: Facts) -> Found:
    """An end that another e-mail, of whatever campaign, moves on."""
    emails = [email for campaign in programme.campaigns if campaign.layer != "essential" for email in campaign.emails]
    ends = [(version, notice) for email in emails for version in email.versions for notice in _notices(version)]
    for version, notice in ends:
        later = [other for _, other in ends if other.until > notice.until and _are_alike(other.offer, notice.offer)]
        law = strictest("false-urgency", facts) if later else None
        if law is None:
            continue
        for claim in _pressing(version, facts):
            yield urgency_without_deadline.at(
                claim.span(facts),
                say="again",
                severity=law.severity,
                related=(Place(later[0].span, "the same offer"),),
                words=claim.words,
                until=str(later[0].until),
                law=law.words,
            )


@dataclass(frozen=True, slots=True)
class _Notice:
    offer: str  # its words without days and numbers
    until: date
    span: Span


def _pressing(version: Version, facts: Facts) -> Iterator[Pitched]:
    """What presses for time where everybody sees it."""
    yield from (claim for claim in pitched(version, facts, Pitch.URGENCY) if claim.in_inbox_line)


def _judged(claim: Pitched, version: Version, campaign: Campaign, law: Provision, facts: Facts) -> Iterator[Diagnostic]:
    given = {"words": claim.words, "law": law.words}
    if campaign.event is None and not any(_notices(version)):
        advice = instead(Pitch.URGENCY, version.locale)
        yield urgency_without_deadline.at(claim.span(facts), severity=law.severity, instead=advice, **given)


def _are_alike(offer: str, other: str) -> bool:
    """Do two notices say the same, but for the day and the month?"""
    return SequenceMatcher(None, offer, other).ratio() >= _ALIKE


def _notices(version: Version) -> Iterator[_Notice]:
    for block in version.blocks:
        until = block.fields.get("until")
        day = parse_date(until.text) if isinstance(until, Fixed) else None
        if block.kind == "notice" and day is not None:
            lines = [line.text for inlines in field_inlines(block.fields["text"]) for line in lines_in(inlines)]
            yield _Notice(_UNLIKE.sub(" ", " ".join(lines).casefold()).strip(), day, block.span)
