"""ADV008: words that frighten people into coming."""

from __future__ import annotations

from campcompile.analysis.advertising import Pitch, instead, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.model.campaign import Campaign
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity


@rule(
    code="ADV008",
    slug="fear-appeal",
    severity=Severity.WARNING,
    message="`{words}` frightens people into coming ({law})",
    help="say calmly what is due, e.g. `{instead}`",
    also={
        "inbox": (
            "`{words}` stands in the inbox line and frightens people ({law})",
            "an inbox is read in passing, by children too: say calmly what is due, e.g. `{instead}`",
        ),
    },
)
def fear_appeal(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks for words that make people afraid of staying away, in English, French, Norwegian and Chinese: *before it is
    too late*, *votre santé en danger*, *kan koste deg livet*, 延誤就醫. In a subject or preheader it looks in every
    campaign; in a body not in essential mail about somebody's own care, where *call 113, it may be dangerous* belongs.

    ## Why it matters

    Fear brings those who need nothing, and keeps away those who are most afraid.

    ## Example

    ```yaml
    subject: "URGENT: your health"
    ```

    ## Use instead

    ```yaml
    subject: Your yearly check-up is due
    ```

    ## Sources

    * Norway: Normaltariffen, chapter III § 1: nothing that plays on fear, or suggests that staying away endangers
      health
    * France: Code de la santé publique, R.4127-19-1: no incitement to needless care
    * elsewhere it is this project's policy
    """
    is_care = campaign.purpose == "treatment" and campaign.layer == "essential"
    for version in (version for email in campaign.emails for version in email.versions):
        for claim in pitched(version, facts, Pitch.FEAR):
            provision = strictest("fear-appeals", facts)
            if provision is not None and (claim.in_inbox_line or not is_care):
                yield fear_appeal.at(
                    claim.span(facts),
                    say="inbox" if claim.in_inbox_line else "",
                    severity=provision.severity,
                    words=claim.words,
                    law=provision.words,
                    instead=instead(claim.pitch, version.locale),
                )
