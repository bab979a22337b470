"""VEN001: a service gets to know who is a patient, and the practice has no agreement with it."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.vendors import Vendor, checked_at, label_told, vendor_of, vendors
from campcompile.model.campaign import Campaign
from campcompile.model.labels import Label
from campcompile.model.practice import TargetSpec
from campcompile.rules.check import Found, Unknown, rule
from campcompile.rules.places import SETTINGS, value_span
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.findings import Severity
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest


@rule(
    code="VEN001",
    slug="no-baa-no-phi",
    severity=Severity.ERROR,
    message="{vendor} gets to know what is {level} here, and `targets: {target}` names no agreement with it",
    help="{advice}",
    also={
        "ended": (
            "{vendor} gets to know what is {level} here, and the agreement of `targets: {target}` holds from {since} "
            "to {until}, not on {day}",
            "renew the agreement and write its days, or compile for a target of your own until then",
        ),
    },
    firm=("", "ended"),
)
def no_baa_no_phi(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For practices in the US: compares what a campaign tells the service that sends it (its audience, its merge
    fields, its conditions; of a portal's mail, who gets the notice) with the agreement that the target's row names.
    Without one a service may get what is `contact`: that somebody reads a newsletter; not that somebody is a
    patient. A `smtp` target without a `vendor` is a server of the practice's own.

    Vendors that are known: mailchimp, mandrill, aws-ses, paubox, luxsci, sendgrid, hubspot, constant-contact,
    zoho-campaigns, mailgun, customerio, klaviyo, activecampaign, salesforce, brevo, postmark, resend, iterable,
    listmonk, and own.

    ## Why it matters

    Who sends mail for a practice reads it. The law asks for a contract before, not after.

    ## Example

    ```yaml
    targets:
      mailchimp: {dialect: mailchimp}
    ```

    with an audience of people who have an appointment.

    ## Use instead

    ```yaml
    targets:
      relay: {dialect: smtp, vendor: paubox, baa: {signed: "2026-09-01", until: "2028-09-01"}}
    ```

    or an audience that tells no more than `contact`.

    ## Sources

    * 45 CFR 164.502(e), 164.504(e): business associate contracts
    * each vendor's own page: campcompile/analysis/data/vendors.yaml, with the day that it was read
    """
    if "US" not in {place.partition("-")[0] for place in facts.programme.settings.jurisdictions}:
        return
    told = label_told(campaign, facts.programme.dictionary)
    for target in campaign.targets:
        span = value_span(facts, campaign.path, "audience", otherwise=campaign.span)
        vendor = vendor_of(target)
        if vendor is None:
            yield from _nothing_known(target, told, facts)
        elif not vendor.is_own and told > vendor.without_baa:
            yield from _without_agreement(target, vendor, told, span, facts)


def _without_agreement(target: TargetSpec, vendor: Vendor, told: Label, span: Span, facts: Facts) -> Found:
    related = (Place(target.span, "the target"),)
    if target.baa is None:
        advice = "sign a business associate agreement with it and write `baa: {signed: …}` into the target's row"
        if vendor.baa in ("no", "unclear"):
            known = f"signs none, as of {checked_at()}" if vendor.confidence != "low" else "is not known to sign one"
            advice = (
                f"{vendor.name} {known}: use another target for this, or choose an audience that tells no more than "
            )
            advice += vendor.without_baa.word
        yield no_baa_no_phi.at(
            span, related=related, vendor=vendor.name, level=told.word, target=target.id, advice=advice
        )
    elif not target.baa.holds_on(facts.as_of):
        yield no_baa_no_phi.at(
            span,
            say="ended",
            related=(Place(target.baa.span, "its days"),),
            vendor=vendor.name,
            level=told.word,
            target=target.id,
            since=str(target.baa.since or "?"),
            until=str(target.baa.until or "for ever"),
            day=str(facts.as_of),
        )


def _nothing_known(target: TargetSpec, told: Label, facts: Facts) -> Found:
    if told <= Label.CONTACT or (target.baa is not None and target.baa.holds_on(facts.as_of)):
        return
    name = target.vendor or target.dialect
    near = nearest(name, vendors())
    hint = f"; did you mean `{near}`?" if near else ""
    key = "vendor" if target.vendor else "dialect"
    span = value_span(facts, SETTINGS, "targets", target.id, key, otherwise=target.span)
    yield Unknown(f"nothing is known of the vendor `{name}`, and no agreement with it is named{hint}", span)
