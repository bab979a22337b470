"""VEN002: an agreement that doesn't cover what a service gets, or facts about it that are old."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.vendors import checked_at, is_stale, label_told, vendor_of
from campcompile.model.campaign import Campaign, Programme
from campcompile.model.practice import TargetSpec
from campcompile.rules.check import Found, rule
from campcompile.rules.places import SETTINGS, value_span
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.findings import Severity
from campcompile.syntax.source import Span


@rule(
    code="VEN002",
    slug="baa-scope-and-evidence",
    severity=Severity.ERROR,
    message="{vendor} gets to know what is {level} here, and its agreement covers no more than {covered}{why}",
    help="compile this campaign for another target, put the body into the portal, or leave out what is {level}",
    also={
        "signs-none": (
            "an agreement with {vendor} is named here, and {vendor} was known to sign none on {checked}",
            "look whether it really is a business associate agreement for this product; if it is, waive this with "
            "the contract's number as reason",
        ),
        "stale": (
            "what is known of {vendor} was read on {checked}, more than 180 days ago",
            "ask the vendor whether its agreement still covers what you send, and update campcompile",
        ),
    },
)
def baa_scope_and_evidence(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For practices in the US that name an agreement (`baa`): compares what a campaign tells the service with what the
    service's own terms let an agreement cover. It says where the service was known to sign no agreement at all, and
    warns where the facts about it are older than 180 days. What is known with low confidence gives a warning.

    ## Why it matters

    *We have a BAA* is half of an answer. Some agreements cover that somebody is a patient and nothing else; some
    keep health data out of what a mail can print.

    ## Example

    ```yaml
    targets:
      letters: {dialect: constant-contact, baa: {signed: "2026-09-01"}}
    ```

    with an audience that is `health`.

    ## Use instead

    ```yaml
    targets:
      relay: {dialect: smtp, vendor: luxsci, baa: {signed: "2026-09-01"}}
    ```

    ## Sources

    * each vendor's own page: campcompile/analysis/data/vendors.yaml, with the day that it was read
    * 45 CFR 164.504(e)(2): what a contract must say
    """
    if not _is_in_the_us(facts.programme):
        return
    told = label_told(campaign, facts.programme.dictionary)
    for target in campaign.targets:
        vendor = vendor_of(target)
        if vendor is None or vendor.is_own or target.baa is None or vendor.baa == "no":
            continue
        if told > vendor.with_baa:
            yield baa_scope_and_evidence.at(
                value_span(facts, campaign.path, "audience", otherwise=campaign.span),
                severity=Severity.WARNING if vendor.confidence == "low" else Severity.ERROR,
                related=(Place(target.baa.span, "the agreement"),),
                vendor=vendor.name,
                level=told.word,
                covered=vendor.with_baa.word,
                why=f" ({vendor.note})" if vendor.note else "",
            )


@rule(baa_scope_and_evidence.rule)
def evidence_of_agreements(programme: Programme, facts: Facts) -> Found:
    """Rows of `targets` by themselves."""
    if not _is_in_the_us(programme):
        return
    for target in programme.settings.targets.values():
        vendor = vendor_of(target)
        if vendor is None or vendor.is_own:
            continue
        if target.baa is not None and vendor.baa == "no":
            severity = Severity.ERROR if vendor.confidence == "high" else Severity.WARNING
            yield baa_scope_and_evidence.at(
                target.baa.span, say="signs-none", severity=severity, vendor=vendor.name, checked=checked_at()
            )
        if is_stale(facts.as_of):
            span = _named_at(target, facts)
            yield baa_scope_and_evidence.at(
                span, say="stale", severity=Severity.WARNING, vendor=vendor.name, checked=checked_at()
            )


def _named_at(target: TargetSpec, facts: Facts) -> Span:
    key = "vendor" if target.vendor else "dialect"
    return value_span(facts, SETTINGS, "targets", target.id, key, otherwise=target.span)


def _is_in_the_us(programme: Programme) -> bool:
    return "US" in {place.partition("-")[0] for place in programme.settings.jurisdictions}
