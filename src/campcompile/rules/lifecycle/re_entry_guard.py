"""LIF003: mail that can wait comes again with every visit, and nobody said that it should."""

from __future__ import annotations

from campcompile.analysis.anchoring import counts_on, source_of
from campcompile.analysis.facts import Facts
from campcompile.model.campaign import Campaign
from campcompile.rules.check import Found, rule
from campcompile.rules.places import campaign_span, has_value, one_more_line
from campcompile.syntax.findings import Applicability, Fix, Severity


@rule(
    code="LIF003",
    slug="re-entry-guard",
    severity=Severity.WARNING,
    message="each {record} of a person begins this anew: two in a week bring it twice",
    help="write `reenter: P6M` or another length of time, or `reenter: per_anchor` if that is meant",
)
def re_entry_guard(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports a campaign of layer `updates` or `promotional` that writes after something that a person has many of
    (appointments, orders) and doesn't say, with `reenter`, how often one person runs through it. Essential mail belongs
    to each visit, and so does what comes before one. What counts from `entry`, or from the person's own dates, comes
    once.

    ## Why it matters

    Three visits to the physiotherapist in one week bring three surveys.

    ## Example

    ```yaml
    layer: updates
    anchor: appointment.end
    ```

    ## Use instead

    ```yaml
    layer: updates
    anchor: appointment.end
    reenter: P6M
    ```

    ## Sources

    * Advice to practices: once in six months; policy
    """
    dictionary = facts.programme.dictionary
    record = dictionary.records.get(source_of(campaign.anchor, dictionary).partition(".")[0])
    if campaign.layer == "essential" or record is None or record.person or not record.of:
        return
    if has_value(facts, campaign.path, "reenter") or not any(counts_on(email.send) for email in campaign.emails):
        return
    edit = one_more_line(facts, campaign, "anchor", "reenter: P6M")
    fixes = (Fix("write `reenter: P6M`", (edit,), Applicability.UNSAFE),) if edit else ()
    span = campaign_span(facts, campaign, "anchor")
    yield re_entry_guard.at(span, fixes=fixes, record=record.name)
