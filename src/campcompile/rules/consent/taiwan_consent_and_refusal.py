"""CON008: what Taiwan asks for before medical data serve anything but care."""

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
    code="CON008",
    slug="taiwan-consent-and-refusal",
    severity=Severity.ERROR,
    message="this is no care (purpose {purpose}) and chosen by what is {level}; Taiwan asks for a consent in writing, "
    "and it rests on {ground} ({law})",
    help="let the row rest on a `consent` with `given: written`, or choose people by what they asked for",
    also={
        "purpose": (
            "people in Taiwan gave their address for care; {purpose} on `basis: {ground}` is another purpose ({law})",
            "let the row rest on a `consent` that was asked for it",
        ),
    },
)
def taiwan_consent_and_refusal(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For practices in Taiwan: where a campaign is chosen by, or prints, what is `health` or above and its purpose isn't
    `treatment`, the row that allows it must rest on a consent that was `given: written` or `signed`. Marketing,
    referrals and reviews that rest on a `basis`, not on a consent, are another purpose than that for which people gave
    their address.

    That a refusal holds at once is CAN006's, that every message shows how to refuse is CAN001's.

    ## Why it matters

    Medical records and check-ups are among the data that Taiwanese law protects most: a tick on a page is no writing.

    ## Example

    ```yaml
    consents:
      letters: {title: 衛教通訊, layers: [updates], purposes: [operations], version: tw1}
    ```

    ## Use instead

    ```yaml
    consents:
      letters: {title: 衛教通訊, layers: [updates], purposes: [operations], version: tw1, given: written}
    ```

    ## Sources

    * 個人資料保護法 § 6(1)(6): consent in writing, and its limits; § 20: other purposes, refusal
    * the amendments of 2025 haven't been looked up
    """
    if campaign.purpose == "treatment":
        return
    label = label_of(campaign)
    for found in grounds(campaign, facts):
        if found.row is None:
            continue
        given = {"purpose": campaign.purpose, "level": label.word}
        related = (Place(found.row.span, "what it rests on"),)
        for law in in_force("health-consent", (found.place,), facts.as_of)[:1]:
            too_weak = found.consent is None or found.consent.given < Given.WRITTEN
            if law.value == "written" and label >= Label.HEALTH and too_weak:
                ground = f"a consent that is `{found.consent.given.word}`" if found.consent else f"`{found.row.basis}`"
                span = value_span(facts, campaign.path, "audience", otherwise=campaign.span)
                yield taiwan_consent_and_refusal.at(
                    span, severity=law.severity, related=related, ground=ground, law=law.words, **given
                )
        for law in in_force("marketing-purpose", (found.place,), facts.as_of)[:1]:
            if campaign.purpose in ("marketing", "referral", "review") and not found.row.consent:
                yield taiwan_consent_and_refusal.at(
                    value_span(facts, campaign.path, "purpose", otherwise=campaign.span),
                    say="purpose",
                    severity=law.severity,
                    related=related,
                    ground=found.row.basis,
                    law=law.words,
                    **given,
                )
