"""VEN003: health data at a host without its certificate, or outside of Europe without a ground."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.vendors import is_in_eea, label_told, vendor_of
from campcompile.model.campaign import Campaign
from campcompile.model.labels import Label
from campcompile.model.practice import TargetSpec
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.findings import Severity


@rule(
    code="VEN003",
    slug="hosting-and-transfer",
    severity=Severity.ERROR,
    message="health data of patients in France goes to {vendor}, and `targets: {target}` names no certificate (HDS)",
    help="ask {vendor} for it and write `hds: {{certificate: …, until: …}}`, or put the body into the portal",
    also={
        "ended": (
            "health data of patients in France goes to {vendor}, and its certificate (HDS) ended on {until}",
            "ask {vendor} for the new one, and write its last day",
        ),
        "region": (
            "{vendor} gets to know what is {level}, and nothing says where it keeps it",
            "write `region: FR` (its country) into the row `targets: {target}`",
        ),
        "transfer": (
            "{vendor} keeps what it gets in {region}, outside of the European Economic Area, and nothing says what "
            "allows that",
            "write `transfer: …` into the row `targets: {target}`, such as the standard clauses and their date",
        ),
    },
)
def hosting_and_transfer(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For practices in France: where a campaign tells a service what is `health` or above, asks for the certificate of
    a host of health data (`hds`) that holds today. For practices in the European Economic Area: where a campaign
    tells a service who is a patient, warns if the target's row doesn't say in which country it is kept, or what
    allows it to be outside. A `smtp` target without a `vendor` is a server of the practice's own.

    ## Why it matters

    French law lets certified hosts alone keep health data for others; European law asks for a ground before data
    leaves. Both are asked for by whoever audits the practice, and are cheap to write down.

    ## Example

    ```yaml
    jurisdictions: [FR]
    targets:
      relay: {dialect: smtp, vendor: luxsci, region: US}
    ```

    ## Use instead

    ```yaml
    targets:
      relay:
        dialect: smtp
        vendor: hospital-relay
        region: FR
        hds: {certificate: HDS-2.0 4711, until: "2028-05-01"}
    ```

    ## Sources

    * Code de la santé publique, L.1111-8, and the HDS reference of 2024; whether mail about appointments is such
      data is contested (CA Nîmes, 15 December 2022), so `relationship` alone asks for no certificate here
    * GDPR chapter V (unconfirmed: it never makes an error)
    """
    places = {place.partition("-")[0] for place in facts.programme.settings.jurisdictions}
    told = label_told(campaign, facts.programme.dictionary)
    for target in campaign.targets:
        vendor = vendor_of(target)
        if vendor is not None and vendor.is_own:
            continue
        name = vendor.name if vendor else target.vendor or target.dialect
        if "FR" in places and told >= Label.HEALTH:
            yield from _certificate(campaign, target, name, facts)
        if told >= Label.RELATIONSHIP and any(is_in_eea(place) for place in places):
            yield from _place(target, name, told)


def _certificate(campaign: Campaign, target: TargetSpec, name: str, facts: Facts) -> Found:
    related = (Place(campaign.audience.span, "what it gets to know"),)
    if target.hds is None:
        yield hosting_and_transfer.at(target.span, related=related, vendor=name, target=target.id)
    elif not target.hds.holds_on(facts.as_of):
        until = str(target.hds.until)
        yield hosting_and_transfer.at(target.hds.span, say="ended", related=related, vendor=name, until=until)


def _place(target: TargetSpec, name: str, told: Label) -> Found:
    if not target.region:
        yield hosting_and_transfer.at(
            target.span, say="region", severity=Severity.WARNING, vendor=name, level=told.word, target=target.id
        )
    elif not is_in_eea(target.region) and not target.transfer:
        yield hosting_and_transfer.at(
            target.span, say="transfer", severity=Severity.WARNING, vendor=name, region=target.region, target=target.id
        )
