"""PHI014: what the law protects specially (addiction, HIV, mind, reproduction, genes, abuse), in a message."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.flow import Flow, above, body_flows, deciding_flows, declared_at, path_of, portal_flows
from campcompile.analysis.sinks import Sink, allowed_at, body_sink, content_sink
from campcompile.analysis.told import PREHEADER, SUBJECT, told_by
from campcompile.model.campaign import Campaign
from campcompile.model.labels import Label
from campcompile.model.rendered import RenderedEmail
from campcompile.phi.claims import Kind
from campcompile.rules.check import Found, rule
from campcompile.rules.telling import tells
from campcompile.syntax.findings import Diagnostic, Severity


@rule(
    code="PHI014",
    slug="specially-protected-data",
    severity=Severity.ERROR,
    message="{place} {how} `{fields}`, which is specially protected in every profile",
    help="leave it out, and let the practice speak with the person; no setting clears it for a message",
    also={
        "audience": (
            "who gets this is decided by `{fields}`, which is specially protected in every profile",
            "choose the audience without it; to leave people out, use `exclude_from` in segments.yaml, "
            "which tells a reader nothing",
        ),
        "words": (
            "`{words}` {tells}, which is specially protected in every profile",
            "write words that fit every patient, and let the practice speak with the person",
        ),
    },
    firm=("", "audience"),
)
def specially_protected_data(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports fields labelled `special` that are printed or tested in a body or in a portal's text, and audiences and
    conditions that read one. The inbox line and addresses have rules of their own (PHI001, PHI002).
    `exclude_from` is fine: who reads a message learns only of not being left out.

    ## Why it matters

    Treatment for addiction, HIV and sexually transmitted infections, mental health, reproduction, genetics and
    abuse are what people lose work, family or safety over. Many laws protect them above other health data, and
    ask for a consent of their own.

    ## Example

    ```yaml
    audience: {where: patient.in_opioid_treatment}
    ```

    ## Use instead

    ```yaml
    audience: upcoming-appointments
    ```

    ## Sources

    * 42 CFR 2.31–2.33 (substance use; 2024 rule, compliance since 16 February 2026)
    * GDPR Article 9; that no setting of ours clears it is a policy
    """
    campaign = message.campaign
    for sink, flows in ((body_sink(campaign), body_flows), (Sink.PORTAL, portal_flows)):
        allowed = allowed_at(sink, campaign, facts.programme)
        for flow in facts.once(flows, message):
            if flow.label is Label.SPECIAL and flow.label > allowed:
                yield _finding(flow, sink, allowed, facts, "")


@rule(specially_protected_data.rule)
def specially_protected_audience(campaign: Campaign, facts: Facts) -> Found:
    """Who gets it: the audience of the campaign, and each e-mail's `if`."""
    sink = content_sink(campaign)
    allowed = allowed_at(sink, campaign, facts.programme)
    for flow in deciding_flows(campaign):
        if flow.label is Label.SPECIAL and flow.label > allowed:
            yield _finding(flow, sink, allowed, facts, "audience")


@rule(specially_protected_data.rule)
def specially_protected_words(campaign: Campaign, facts: Facts) -> Found:
    """Words of the body that tell of such a subject."""
    for email in campaign.emails:
        for version in email.versions:
            for told in told_by(version, email, campaign, facts):
                is_body = told.part.block not in (SUBJECT, PREHEADER)
                if is_body and told.claim.kind in (Kind.CONDITION, Kind.TREATMENT) and told.label is Label.SPECIAL:
                    source = facts.source(told.line.stretches[0].span.path)
                    yield specially_protected_data.at(
                        told.line.span(told.claim.start, told.claim.end, source),
                        say="words",
                        words=told.words,
                        tells=tells(told.claim),
                    )


def _finding(flow: Flow, sink: Sink, allowed: Label, facts: Facts, say: str) -> Diagnostic:
    dictionary = facts.programme.dictionary
    return specially_protected_data.at(
        flow.span,
        say=say,
        place="the portal's text" if sink is Sink.PORTAL else "the body",
        how=flow.how.value,
        fields="`, `".join(above(flow, allowed, dictionary)),
        related=declared_at(flow, allowed, dictionary),
        path=path_of(flow, allowed, sink.words, dictionary),
    )
