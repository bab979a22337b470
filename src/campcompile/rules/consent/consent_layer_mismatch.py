"""CON004: a consent that doesn't reach so far, covers too much, or was never given."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.legal_basis import grounds
from campcompile.model.campaign import Campaign, Programme
from campcompile.model.shared import Given
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.findings import Severity

_CARE = "treatment"
_PROMOTION = ("marketing", "referral")


@rule(
    code="CON004",
    slug="consent-layer-mismatch",
    severity=Severity.ERROR,
    message="this is {layer} mail for {purpose}, and `{consent}` was asked for {asked}",
    help="ask people anew, in a question of its own, or lower the campaign's `layer`",
    also={
        "bundled": (
            "`{consent}` covers care and promotion in one question ({law})",
            "make two questions of it: who refuses offers must still get what is about their care",
        ),
        "assumed": (
            "`{consent}` is `given: assumed`, and a box that was ticked for people is no yes ({law})",
            "ask them, with a box that they tick themselves, and write `given: ticked`",
        ),
    },
)
def consent_layer_mismatch(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports campaigns that rest on a consent whose `layers` or `purposes` don't name theirs; and, in consent.yaml,
    consents that cover care (`treatment`, or the layer `essential`) and promotion in one question, and those that
    were `given: assumed`: ticked beforehand, or taken with the registration.

    ## Why it matters

    A yes to reminders is no yes to offers. Whoever finds that out revokes both.

    ## Example

    ```yaml
    consents:
      all-mail: {title: Mail from us, layers: [essential, promotional], purposes: [treatment, marketing], version: v1}
    ```

    ## Use instead

    ```yaml
    consents:
      offers: {title: Offers by e-mail, layers: [promotional], purposes: [marketing], version: v1}
    ```

    ## Sources

    * GDPR 7(2), recital 32; CASL s. 10 and CRTC 2012-548: separate questions, no boxes ticked beforehand
    * 45 CFR 164.508(b)(3): no compound authorizations (read second-hand)
    """
    told = set()
    for found in grounds(campaign, facts):
        consent = found.consent
        if consent is None or consent.id in told:
            continue
        told.add(consent.id)
        if campaign.layer not in consent.layers or campaign.purpose not in consent.purposes:
            wrong = "layer" if campaign.layer not in consent.layers else "purpose"
            yield consent_layer_mismatch.at(
                value_span(facts, campaign.path, wrong, otherwise=campaign.span),
                related=(Place(consent.span, "what people agreed to"),),
                layer=campaign.layer,
                purpose=campaign.purpose,
                consent=consent.id,
                asked=", ".join((*consent.layers, *consent.purposes)),
            )


@rule(consent_layer_mismatch.rule)
def muddled_consents(programme: Programme, facts: Facts) -> Found:
    """The questions themselves."""
    law = strictest("separate-consent", facts)
    for consent in programme.consent.consents.values():
        is_care = "essential" in consent.layers or _CARE in consent.purposes
        is_promotion = "promotional" in consent.layers or any(one in consent.purposes for one in _PROMOTION)
        if law is not None and is_care and is_promotion:
            yield consent_layer_mismatch.at(
                consent.span, say="bundled", severity=law.severity, consent=consent.id, law=law.words
            )
        if law is not None and consent.given is Given.ASSUMED:
            yield consent_layer_mismatch.at(
                consent.span, say="assumed", severity=law.severity, consent=consent.id, law=law.words
            )
