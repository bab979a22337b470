"""CAN005: promotion before what the message is about."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.version_words import version_words
from campcompile.analysis.wordings import find_wordings
from campcompile.model.campaign import Campaign
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

_PROMOTION = frozenset({"offer", "referral", "review", "share"})
_CARE = frozenset({"appointment", "details", "checklist"})


@rule(
    code="CAN005",
    slug="mixed-purpose-order",
    severity=Severity.WARNING,
    message="`{words}` stands before what this message is about, which makes it commercial mail ({law})",
    help="put what is about the visit first, or better, the promotion into a campaign of its own",
    also={
        "subject": (
            "the subject of mail about care says `{words}`, which makes it commercial mail ({law})",
            "let the subject say what is about the visit",
        ),
    },
)
def mixed_purpose_order(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For practices in the United States: in mail of layer `essential` or purpose `treatment`, looks for offers and
    requests to bring, review or share in the subject, or before the first block about the visit (`appointment`,
    `details`, `checklist`). That such words are there at all is PHI008's.

    ## Why it matters

    American law asks what a reader sees first: then the whole message must carry an opt-out and a postal address, and
    may not go to those who refused.

    ## Example

    ```yaml
    layer: essential
    body:
      - text: 20% off whitening this week.
      - appointment
    ```

    ## Use instead

    ```yaml
    layer: essential
    body:
      - appointment
    ```

    ## Sources

    * 16 CFR 316.3(a)(2)(i), (ii)
    """
    law = strictest("care-first", facts)
    if law is None or (campaign.layer != "essential" and campaign.purpose != "treatment"):
        return
    for version in (version for email in campaign.emails for version in email.versions):
        first = next((at for at, block in enumerate(version.blocks) if block.kind in _CARE), 0)
        for part in facts.once(version_words, version).parts:
            if part.block != -2 and not 0 <= part.block < first:
                continue
            for line in part.lines:
                for found in find_wordings(line.text, version.locale):
                    if found.kind in _PROMOTION:
                        yield mixed_purpose_order.at(
                            line.span(found.start, found.end, facts.source(line.stretches[0].span.path)),
                            say="subject" if part.block == -2 else "",
                            severity=law.severity,
                            words=line.text[found.start : found.end],
                            law=law.words,
                        )
