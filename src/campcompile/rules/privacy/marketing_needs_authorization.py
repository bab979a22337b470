"""PHI006: marketing to patients in the US that no authorization of theirs allows."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.model.campaign import Campaign
from campcompile.model.labels import Label, join
from campcompile.model.shared import Basis
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.findings import Severity


@rule(
    code="PHI006",
    slug="marketing-needs-authorization",
    severity=Severity.ERROR,
    message="this is marketing chosen by what is {level} (`{fields}`), and {why}",
    help="{advice}",
)
def marketing_needs_authorization(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For practices in the US: where a campaign of `purpose: marketing` is chosen by, or prints, more than `contact`
    (that somebody is a patient, or what they have), asks for a row of consent.yaml that rests on a `consent` for
    `US`, not on a `basis`, and for a consent that ends (`max_age`), as an authorization must. Whether the words of
    the authorization are those that the law lists, and whether somebody is paid for the campaign, no compiler sees.
    A practice that HIPAA doesn't cover (`hipaa: false`) is left out: CON009 has the states' law.

    A practice's letter about its own services, unpaid, is no marketing by this law: then its `purpose` is
    `operations`.

    ## Why it matters

    Using patients' information for marketing without their authorization is the violation that is fined.

    ## Example

    ```yaml
    bases:
      - {purpose: marketing, layer: promotional, in: [US], up_to: relationship, basis: own-services}
    ```

    ## Use instead

    ```yaml
    consents:
      offers: {title: Offers by e-mail, layers: [promotional], purposes: [marketing], version: v1, max_age: P12M}
    bases:
      - {purpose: marketing, layer: promotional, in: [US], up_to: relationship, consent: offers}
    ```

    ## Sources

    * 45 CFR 164.501 "marketing", 164.508(a)(3); 164.508(c)(1)(v): an authorization names its end
    * Texas Health and Safety Code 181.152
    """
    places = {place.partition("-")[0] for place in facts.programme.settings.jurisdictions}
    label = join(email.label for email in campaign.emails)
    is_covered = facts.programme.settings.practice.is_covered
    if campaign.purpose != "marketing" or "US" not in places or label <= Label.CONTACT or not is_covered:
        return
    rows = [row for row in campaign.bases if any(place.partition("-")[0] == "US" for place in row.jurisdictions)]
    problem = _problem(rows, facts)
    if problem is None:
        return
    why, advice = problem
    reads = sorted(campaign.audience.reads) or [campaign.audience_name or "everyone"]
    yield marketing_needs_authorization.at(
        value_span(facts, campaign.path, "audience", otherwise=campaign.span),
        related=tuple(Place(row.span, "what it rests on") for row in rows),
        level=label.word,
        fields="`, `".join(reads),
        why=why,
        advice=advice,
    )


def _problem(rows: list[Basis], facts: Facts) -> tuple[str, str] | None:
    consents = facts.programme.consent.consents
    for row in rows:
        if not row.consent:
            return (
                f"it rests on `basis: {row.basis}`, which is no authorization",
                "let the row rest on a `consent` that patients gave for marketing",
            )
        consent = consents.get(row.consent)
        if consent is not None and not consent.max_age:
            return (
                f"the consent `{row.consent}` never ends, as an authorization must",
                "write `max_age`, such as `P12M`, into the consent",
            )
    return None
