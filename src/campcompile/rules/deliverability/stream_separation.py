"""DEL003: reminders and offers from one address."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.model.campaign import Campaign, Programme
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.findings import Severity


@rule(
    code="DEL003",
    slug="stream-separation",
    severity=Severity.WARNING,
    message="promotion comes from `{address}`, as essential mail does ({law})",
    help="give promotion a sender of its own, such as `news@…`, in `senders`, and name it here: `sender: …`",
)
def stream_separation(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Reports campaigns of layer `promotional` whose sender's address is also that of an essential campaign: once an
    address.

    ## Why it matters

    People press *spam* on offers, and mailboxes then put what comes from the same address into the spam folder: the
    reminder for tomorrow, too.

    ## Example

    ```yaml
    senders:
      care: {from: "Clinic <hello@clinic.example>"}   # for reminders and offers
    ```

    ## Use instead

    ```yaml
    senders:
      care: {from: "Clinic <reminders@clinic.example>"}
      news: {from: "Clinic <news@clinic.example>"}
    ```

    ## Sources

    * Google, subscription guidelines: other addresses for subscriptions than for the rest; Yahoo: don't commingle
    """
    law = strictest("stream-separation", facts)
    essential: dict[str, Campaign] = {}
    for campaign in programme.campaigns:
        if campaign.layer == "essential":
            essential.setdefault(campaign.sender.email, campaign)
    told = set()
    for campaign in programme.campaigns:
        address = campaign.sender.email
        if law is None or campaign.layer != "promotional" or address not in essential or address in told:
            continue
        told.add(address)
        span = value_span(facts, campaign.path, "sender", otherwise=campaign.span)
        yield stream_separation.at(
            span,
            severity=law.severity,
            related=(Place(essential[address].span, "essential mail from it"),),
            address=address,
            law=law.words,
        )
