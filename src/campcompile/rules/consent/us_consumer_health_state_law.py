"""CON009: states of the US that protect health data beyond HIPAA."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import in_force
from campcompile.analysis.legal_basis import grounds, label_of
from campcompile.model.campaign import Campaign
from campcompile.model.labels import Label
from campcompile.model.shared import Given
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.findings import Severity


@rule(
    code="CON009",
    slug="us-consumer-health-state-law",
    severity=Severity.ERROR,
    message="HIPAA doesn't cover this practice, and {place} asks for a consent before health data are used like this; "
    "it rests on {ground} ({law})",
    help="let the row for {place} rest on a `consent` with `given: explicit`, asked for this alone",
    also={
        "permission": (
            "{place} asks for a clear permission before patients' data serve promotion, and this rests on "
            "`basis: {ground}` ({law})",
            "let the row rest on a `consent` that patients gave for it",
        ),
    },
)
def us_consumer_health_state_law(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For practices that HIPAA doesn't cover (`practice: {hipaa: false}`: a spa, a practice that bills no insurer) in
    Washington, Nevada or Connecticut: where a campaign is chosen by, or prints, what is `health`, asks for a row that
    rests on a consent that was `given: explicit` or stronger. Nevada's and Connecticut's laws haven't been read, so
    they make a warning.

    In Texas: where promotion (`layer: promotional`) is told to be `operations`, as HIPAA allows for a practice's own
    services, asks for a consent all the same. Whatever is given to advertising platforms is TRK003's.

    ## Why it matters

    These laws let patients sue, and they hold for practices that believed no law of health data did.

    ## Example

    ```yaml
    # campcompile.yaml: practice: {hipaa: false}, jurisdictions: [US-WA]
    bases:
      - {purpose: marketing, layer: promotional, in: [US-WA], up_to: health, basis: customers}
    ```

    ## Use instead

    ```yaml
    bases:
      - {purpose: marketing, layer: promotional, in: [US-WA], up_to: health, consent: my-health-letters}
    ```

    ## Sources

    * RCW 19.373.020, .030, .070, .100; Texas Health and Safety Code § 181.152
    * Nevada SB 370, Connecticut SB 3 (unconfirmed)
    """
    label = label_of(campaign)
    is_covered = facts.programme.settings.practice.is_covered
    for found in grounds(campaign, facts):
        if found.row is None:
            continue
        related = (Place(found.row.span, "what it rests on"),)
        for law in in_force("consumer-health-consent", (found.place,), facts.as_of):
            if is_covered or label < Label.HEALTH or (found.consent and found.consent.given >= Given.EXPLICIT):
                continue
            ground = f"a consent that is `{found.consent.given.word}`" if found.consent else f"`{found.row.basis}`"
            span = value_span(facts, campaign.path, "audience", otherwise=campaign.span)
            yield us_consumer_health_state_law.at(
                span, severity=law.severity, related=related, place=found.place, ground=ground, law=law.words
            )
        for law in in_force("marketing-permission", (found.place,), facts.as_of):
            is_own = campaign.purpose == "operations" and campaign.layer == "promotional"
            if is_own and label > Label.CONTACT and not found.row.consent:
                yield us_consumer_health_state_law.at(
                    value_span(facts, campaign.path, "purpose", otherwise=campaign.span),
                    say="permission",
                    severity=law.severity,
                    related=related,
                    place=found.place,
                    ground=found.row.basis,
                    law=law.words,
                )
