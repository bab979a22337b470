"""CON003: health data used for something else than care, without an explicit yes."""

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
    code="CON003",
    slug="health-data-needs-art9-basis",
    severity=Severity.ERROR,
    message="this is no care (purpose {purpose}) and chosen by what is {level}; in {place} that needs an explicit "
    "consent, and it rests on {ground} ({law})",
    help="let the row rest on a `consent` with `given: explicit`, whose question names the health data; or choose "
    "people by what they asked for, such as topics",
)
def health_data_needs_art9_basis(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For places in the European Economic Area and the United Kingdom: where a campaign is chosen by, or prints, what is
    `health` or above (*used a service* and *visited a clinic* count, where the dictionary labels them so; SEG006 asks
    about those that don't), and its purpose is neither `treatment` nor essential `operations`, the row that allows it
    must rest on a consent that was `given: explicit` or stronger.

    ## Why it matters

    Data from which health can be told are health data, the European Court of Justice says, be it an order of a
    remedy without a prescription. *Segments by service are safer* is advice from before.

    ## Example

    ```yaml
    purpose: marketing
    audience: {where: has(patient.services_used, "physiotherapy")}   # label: health
    ```

    ## Use instead

    ```yaml
    consents:
      topics:
        {title: Letters about my treatments, layers: [promotional], purposes: [marketing], version: v2, given: explicit}
    ```

    ## Sources

    * GDPR 9(1), 9(2)(a), 9(2)(h); CJEU C-21/23 (Lindenapotheke, 4 October 2024)
    """
    label = label_of(campaign)
    is_care = campaign.purpose == "treatment" or (campaign.purpose == "operations" and campaign.layer == "essential")
    if label < Label.HEALTH or is_care:
        return
    for found in grounds(campaign, facts):
        for law in in_force("health-consent", (found.place,), facts.as_of)[:1]:
            if law.value != "explicit" or found.row is None:
                continue
            if found.consent is None or found.consent.given < Given.EXPLICIT:
                given = f"a consent that is `{found.consent.given.word}`" if found.consent else f"`{found.row.basis}`"
                yield health_data_needs_art9_basis.at(
                    value_span(facts, campaign.path, "audience", otherwise=campaign.span),
                    severity=law.severity,
                    related=(Place(found.row.span, "what it rests on"),),
                    purpose=campaign.purpose,
                    level=label.word,
                    place=found.place,
                    ground=given,
                    law=law.words,
                )
