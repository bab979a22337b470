"""CON006: mail to people who never gave the practice their address."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import Provision, in_force
from campcompile.model.campaign import Campaign
from campcompile.rules.check import Found, Unknown, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.findings import Severity

_COLD = {
    "purchased": "were bought",
    "rented": "were rented",
    "scraped": "were gathered from pages",
    "public": "stand in a public register",
    "unknown": "come from nobody knows where",
}
_OF_PATIENTS = ("patient", "guardian")


@rule(
    code="CON006",
    slug="cold-or-bought-list",
    severity=Severity.ERROR,
    message="the addresses of `{record}` {how}, and {place} doesn't let you write to them ({law}){note}",
    help="write to people who gave you their address, and say `source: own` or `source: event`",
)
def cold_or_bought_list(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at `source` of the person record that a campaign writes to. Addresses that were bought, rented, gathered from
    pages, taken from a public register, or of which nobody knows the source, are an error in the European Economic
    Area, the United Kingdom and Canada, and a warning in the United States and elsewhere. In France and the United
    Kingdom, professionals may be written to about their own work (`purpose: b2b`), but not at addresses that were
    gathered from pages.

    A record beside `patient` and `guardian` that doesn't say its `source` can't be decided, where mail that may be
    refused goes to it.

    ## Why it matters

    Bought lists bring complaints, complaints bring reminders into the spam folder, and in Europe they bring fines.

    ## Example

    ```yaml
    records:
      lead: {person: true, source: purchased}
    ```

    ## Use instead

    ```yaml
    records:
      visitor: {person: true, source: event}
    ```

    ## Sources

    * markedsføringsloven § 15 (named addresses at work are protected too); CPCE L.34-5, CNIL on professionals; PECR
      regulation 22; CASL s. 6; 15 USC 7704 asks for a way out alone
    """
    record = facts.programme.dictionary.records.get(campaign.recipient)
    if record is None or campaign.layer == "essential":
        return
    span = value_span(facts, campaign.path, "recipient", otherwise=campaign.span)
    if not record.source:
        if record.name not in _OF_PATIENTS and not record.of:
            yield Unknown(f"where the addresses of `{record.name}` come from isn't said (`source`)", span)
        return
    if record.source not in _COLD:
        return
    for place in facts.programme.settings.jurisdictions:
        law = next(iter(in_force("cold-mail", (place,), facts.as_of)), None)
        if law is not None and not _may_write(campaign, record.source, law):
            yield cold_or_bought_list.at(
                span,
                severity=law.severity,
                related=(Place(record.span, "where they come from"),),
                record=record.name,
                how=_COLD[record.source],
                place=place,
                law=law.words,
                note=f"; {law.note}" if law.note else "",
            )


def _may_write(campaign: Campaign, source: str, law: Provision) -> bool:
    return law.value == "b2b" and campaign.purpose == "b2b" and source != "scraped"
