"""CON002: promotion to people who never agreed to it."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import in_force
from campcompile.analysis.legal_basis import grounds
from campcompile.model.campaign import Campaign
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.findings import Severity

_SOFT = "soft_opt_in"
_CONDITIONS = ("own_service", "similar_services", "refusal_when_asked", "refusal_each_time")


@rule(
    code="CON002",
    slug="opt-in-or-valid-soft-opt-in",
    severity=Severity.ERROR,
    message="this lets you advertise to people in {place} on `basis: {basis}`, and there they must have said yes first "
    "({law})",
    help="ask people for a yes, and write `consent: …` in place of `basis`; to those who bought a service of yours you "
    "may advertise similar ones by `basis: soft_opt_in`, where all of this is true: "
    "`met: [own_service, similar_services, refusal_when_asked, refusal_each_time]`",
    also={
        "soft": (
            "in {place} you may advertise by `soft_opt_in` where four things are true, and `met` doesn't say {missing} "
            "({law})",
            "add it to `met` if it is true; else ask people for a yes, and write `consent: …` in place of `basis`",
        ),
    },
)
def opt_in_or_valid_soft_opt_in(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For campaigns of layer `promotional`, and of purpose `marketing` or `referral`, in the European Economic Area, the
    United Kingdom and Canada: the row that allows it must rest on a `consent`; or on `soft_opt_in` with all four
    conditions in `met`: the address came from a service of the practice's own, what is promoted is similar, and people
    could refuse when they were asked and can each time. In Canada a `basis` that begins with `implied` will do;
    how old it may be is CON005's. Letters to professionals (`b2b`) are CON006's.

    Whether a patient of a public service is a customer at all is an open question.

    ## Why it matters

    Mail that nobody asked for is fined, and read by nobody.

    ## Example

    ```yaml
    bases:
      - {purpose: marketing, layer: promotional, in: ["NO"], up_to: contact, basis: customers}
    ```

    ## Use instead

    ```yaml
    bases:
      - {purpose: marketing, layer: promotional, in: ["NO"], up_to: contact, consent: offers}
    ```

    ## Sources

    * Directive 2002/58/EC, art. 13; markedsføringsloven § 15; CPCE L.34-5; PECR regulation 22; CASL s. 6
    """
    is_promotion = campaign.layer == "promotional" or campaign.purpose in ("marketing", "referral")
    if not is_promotion or campaign.layer == "essential" or campaign.purpose == "b2b":
        return
    for found in grounds(campaign, facts):
        if found.row is None or found.row.consent:
            continue
        law = next(iter(in_force("marketing-opt-in", (found.place,), facts.as_of)), None)
        if law is None or (law.value == "implied" and found.row.basis.startswith("implied")):
            continue
        missing = [condition for condition in _CONDITIONS if condition not in found.row.met]
        if found.row.basis != _SOFT or missing:
            yield opt_in_or_valid_soft_opt_in.at(
                found.row.span,
                say="soft" if found.row.basis == _SOFT else "",
                severity=law.severity,
                related=(Place(campaign.span, "for this campaign"),),
                place=found.place,
                basis=found.row.basis,
                missing=", ".join(f"`{condition}`" for condition in missing),
                law=law.words,
            )
