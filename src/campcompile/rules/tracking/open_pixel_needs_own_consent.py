"""TRK001: who opens is recorded, and nobody was asked."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.vendors import vendor_of
from campcompile.model.campaign import Campaign
from campcompile.rules.check import Found, Unknown, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Applicability, Edit, Fix, Severity


@rule(
    code="TRK001",
    slug="open-pixel-needs-own-consent",
    severity=Severity.ERROR,
    message="`{target}` records who opens a mail, and readers must have agreed to that by itself ({law})",
    help="write `tracking: {{open: none, …}}` and switch it off at the service; or ask people, in a question of its "
    "own, and name it: `consent: …`",
    also={
        "unasked": (
            "`tracking: {{consent: {consent}}}` names no question of consent.yaml, so nobody agreed to `{target}` "
            "recording who opens a mail ({law})",
            "add the question to `consents`, or write `open: none`",
        ),
    },
)
def open_pixel_needs_own_consent(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Nothing compiled here holds a pixel. A service that sends the mail may add one: where a target's `tracking` says
    `open: individual` without a `consent` of its own, that is an error in France since 14 July 2026, a warning there
    before, and in the rest of Europe and the United Kingdom. Figures without names (`aggregate`) are fine. A service
    whose row doesn't say what it records can't be decided.

    ## Why it matters

    Whoever opens a letter from an oncologist at three in the night has told it to nobody, they think.

    ## Example

    ```yaml
    jurisdictions: [FR]
    targets:
      router: {dialect: smtp, vendor: brevo, tracking: {open: individual, click: none}}
    ```

    ## Use instead

    ```yaml
    targets:
      router: {dialect: smtp, vendor: brevo, tracking: {open: none, click: none}}
    ```

    ## Sources

    * CNIL, délibération 2026-042 (12 March 2026, published 14 April, in force 14 July; read second-hand); loi
      Informatique et libertés, art. 82
    * EDPB guidelines 2/2023; ekomloven 2025; PECR regulation 6
    """
    law = strictest("open-tracking", facts)
    if law is None:
        return
    consents = facts.programme.consent.consents
    for target in campaign.targets:
        vendor = vendor_of(target)
        if target.tracking is None:
            if vendor is None or not vendor.is_own:
                said = "`tracking: {open: none, click: none}`"
                reason = f"whether `{target.id}` records who opens a mail isn't said ({said})"
                yield Unknown(reason, target.span)
            continue
        if target.tracking.open != "individual" or target.tracking.consent in consents:
            continue
        span = setting_span(facts, "targets", target.id, "tracking", "open", otherwise=target.tracking.span)
        if target.tracking.consent:
            span = setting_span(facts, "targets", target.id, "tracking", "consent", otherwise=span)
        edit = Edit(span, "none")
        yield open_pixel_needs_own_consent.at(
            span,
            say="unasked" if target.tracking.consent else "",
            severity=law.severity,
            fixes=() if target.tracking.consent else (Fix("record nobody", (edit,), Applicability.UNSAFE),),
            target=target.id,
            consent=target.tracking.consent,
            law=law.words,
        )
