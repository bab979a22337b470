"""ADV006: a review that only the satisfied are asked for, or that is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.advertising import Pitch, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.version_words import version_words
from campcompile.analysis.wordings import find_wordings
from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign, Email, Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

# What a field is called that tells how satisfied somebody is.
_PLEASED = (
    r"satisf|滿意|評分|(?:^|_)(?:nps|csat|stars?|rating|score|happy|happiness|sentiment|promoter|tilfreds\w*"
    r"|forn(?:o|ø)yd\w*)(?:_|$)"
)


@rule(
    code="ADV006",
    slug="review-gating-or-paid-review",
    severity=Severity.WARNING,
    message="a review is asked for here, and `{field}` decides who is asked ({law})",
    help='ask everybody who was there, e.g. `appointment.status == "fulfilled"`; who is unhappy may say so, too',
    also={
        "paid": (
            "`{words}` pays for a review ({law})",
            "ask for it without a reward: a review that is paid for says nothing",
        ),
    },
)
def review_gating_or_paid_review(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    In campaigns of `purpose: review`, and in e-mails that ask for a review in English, French, Norwegian or Chinese:
    reports conditions (of the audience, an e-mail, a block) that read how satisfied somebody is, by the field's name;
    and rewards beside the request. A reward is an error in the United States; the rest are warnings.

    ## Why it matters

    Whoever reads reviews believes that everybody could write one. *Unhappy? Tell us in private* hides half of them.

    ## Example

    ```yaml
    purpose: review
    audience: {where: patient.survey_score >= 9}
    ```

    ## Use instead

    ```yaml
    purpose: review
    audience: {where: appointment.status == "fulfilled"}
    ```

    ## Sources

    * 16 CFR 465.4 (rewards for a sentiment), 465.7; 89 FR 68034
    * that rule doesn't name gating; FTC Act § 5 and Google's own policy may apply (unconfirmed)
    * Directive 2005/29/EC, annex I no. 23c (unconfirmed)
    """
    asking = [email for email in campaign.emails if campaign.purpose == "review" or _asks(email, facts)]
    if not asking:
        return
    gating, paid = strictest("review-gating", facts), strictest("paid-reviews", facts)
    if gating is not None:
        seen = set()
        for condition in _conditions(campaign, asking):
            field = next((name for name in sorted(condition.reads) if re.search(_PLEASED, name.partition(".")[2])), "")
            if field and condition.span not in seen:
                seen.add(condition.span)
                yield review_gating_or_paid_review.at(
                    condition.span, severity=gating.severity, field=field, law=gating.words
                )
    if paid is not None:
        for version in (version for email in asking for version in email.versions):
            for claim in pitched(version, facts, Pitch.REWARD):
                yield review_gating_or_paid_review.at(
                    claim.span(facts), say="paid", severity=paid.severity, words=claim.words, law=paid.words
                )


def _asks(email: Email, facts: Facts) -> bool:
    return any(_asks_in(version, facts) for version in email.versions)


def _asks_in(version: Version, facts: Facts) -> bool:
    lines = facts.once(version_words, version).lines
    return any(found.kind == "review" for line in lines for found in find_wordings(line.text, version.locale))


def _conditions(campaign: Campaign, emails: list[Email]) -> Iterator[Condition]:
    yield campaign.audience
    for email in emails:
        if email.condition is not None:
            yield email.condition
        for version in email.versions[:1]:
            yield from (block.condition for block in version.blocks if block.condition is not None)
