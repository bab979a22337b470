"""ADV010: clinical words that a language model wrote, and that don't say so."""

from __future__ import annotations

from campcompile.analysis.advertising import Pitch, instead, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.model.campaign import Campaign, Email
from campcompile.model.labels import Label
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity


@rule(
    code="ADV010",
    slug="genai-patient-message",
    severity=Severity.WARNING,
    message="a language model wrote this e-mail about care, and it doesn't say so in `{locale}` ({law})",
    help="begin with `{instead}`, or have someone with a licence read it and write `reviewed:`",
)
def genai_patient_message(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For practices in California: where an e-mail is `generated: true` and is about somebody's care (`purpose:
    treatment`, or chosen by what is `health`), asks for words that say so, in each language, or for `reviewed`.
    Appointments and bills are no clinical information, and are left out.

    ## Why it matters

    Who reads about their wound wants to know whether a person looked at it, and how to reach one.

    ## Example

    ```yaml
    generated: true
    body: Your wound looks normal for day three.
    ```

    ## Use instead

    ```yaml
    generated: true
    reviewed: {by: RN-204, source: post-operative protocol 4, until: "2027-06-30"}
    body: Your wound looks normal for day three.
    ```

    ## Sources

    * California Health and Safety Code § 1339.75 (AB 3030, since 1 January 2025); CDPH AFL 25-07
    """
    for email in campaign.emails:
        if not email.generated or email.reviewed is not None:
            continue
        provision = strictest("generated-text", facts)
        is_clinical = email.label >= Label.HEALTH or campaign.purpose == "treatment"
        if provision is None or not is_clinical or _is_scheduling(email):
            continue
        for version in email.versions:
            if not any(pitched(version, facts, Pitch.DISCLAIMER)):
                yield genai_patient_message.at(
                    version.span,
                    severity=provision.severity,
                    locale=version.locale,
                    law=provision.words,
                    instead=instead(Pitch.DISCLAIMER, version.locale),
                )


def _is_scheduling(email: Email) -> bool:
    """An e-mail that tells of an appointment."""
    return any(block.kind == "appointment" for version in email.versions[:1] for block in version.blocks)
