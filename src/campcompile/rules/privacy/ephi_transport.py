"""PHI013: health in a body that may travel unencrypted, or without a legal basis that reaches so far."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.flow import Flow, above, body_flows, deciding_flows, declared_at, path_of, portal_flows
from campcompile.analysis.sinks import Sink, allowed_at, body_sink, clearance, content_sink
from campcompile.analysis.told import PREHEADER, SUBJECT, told_by
from campcompile.model.campaign import Campaign
from campcompile.model.labels import Label
from campcompile.model.rendered import RenderedEmail
from campcompile.phi.claims import Kind
from campcompile.rules.check import Found, rule
from campcompile.rules.telling import tells
from campcompile.syntax.findings import Diagnostic, Severity


@rule(
    code="PHI013",
    slug="ephi-transport",
    severity=Severity.ERROR,
    message="the body {how} `{fields}`, which is {level}; it may tell {allowed} (profile {profile}): {reason}",
    help="{advice}",
    also={
        "audience": (
            "who gets this is {level} (`{fields}`), and the body may tell {allowed} (profile {profile}): {reason}",
            "{advice}",
        ),
        "words": (
            "`{words}` {tells}, and the body may tell {allowed} (profile {profile}): {reason}",
            "{advice}; or write words that fit every patient",
        ),
    },
    firm=("", "audience"),
)
def ephi_transport(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Compares the label of every merge field and condition of a compiled body, the layout's own too, with what the
    body may tell: `health` over a target with `tls: required` and with a legal basis in consent.yaml that reaches
    `up_to: health` in every jurisdiction; else `relationship`. The audience, and the `if` of an e-mail, count as
    well: who gets a message is known to everybody who carries it.

    Words are judged, too. In `purpose: treatment` a health word in a reminder or a recall counts as one about its
    reader. A letter that goes on a `date` to people whom no visit of theirs chose says the same to all, whatever its
    purpose: there, only words such as *your diabetes* count.

    ## Why it matters

    With opportunistic TLS a mail server that doesn't offer encryption gets the message in clear text, and nobody
    is told. HIPAA doesn't forbid unencrypted mail that a patient asked for; it asks for safeguards, and this is
    the first of them.

    ## Example

    ```yaml
    # campcompile.yaml
    targets:
      relay: {dialect: smtp, tls: opportunistic}
    ```

    with a body that prints `{{ procedure.date | date }}`, which the dictionary labels `health`.

    ## Use instead

    ```yaml
    targets:
      relay: {dialect: smtp, tls: required}
    ```

    or `deliver: portal` in the campaign.

    ## Sources

    * 45 CFR 164.312(e)(1), (e)(2)(ii): transmission security; encryption is addressable
    * HHS FAQ 570: e-mail to patients with reasonable safeguards
    * GDPR Article 32(1)(a); the Norwegian Normen's guide to digital communication with patients
    """
    campaign = message.campaign
    for sink, flows in ((body_sink(campaign), body_flows), (Sink.PORTAL, portal_flows)):
        allowed = allowed_at(sink, campaign, facts.programme)
        for flow in facts.once(flows, message):
            if allowed < flow.label < Label.SPECIAL:
                yield _finding(flow, sink, allowed, campaign, facts, "")


@rule(ephi_transport.rule)
def audience_transport(campaign: Campaign, facts: Facts) -> Found:
    """Who gets it: the audience of the campaign, and each e-mail's `if`."""
    sink = content_sink(campaign)
    allowed = allowed_at(sink, campaign, facts.programme)
    for flow in deciding_flows(campaign):
        if allowed < flow.label < Label.SPECIAL:
            yield _finding(flow, sink, allowed, campaign, facts, "audience")


@rule(ephi_transport.rule)
def words_in_transport(campaign: Campaign, facts: Facts) -> Found:
    """Words of the body that tell what the reader has, or has had done."""
    sink = content_sink(campaign)
    allowed = allowed_at(sink, campaign, facts.programme)
    if allowed >= Label.HEALTH:
        return
    reason, advice = _why(Label.HEALTH, sink, campaign, facts)
    for email in campaign.emails:
        for version in email.versions:
            for told in told_by(version, email, campaign, facts):
                is_body = told.part.block not in (SUBJECT, PREHEADER)
                if is_body and told.claim.kind in (Kind.CONDITION, Kind.TREATMENT) and told.label is Label.HEALTH:
                    source = facts.source(told.line.stretches[0].span.path)
                    yield ephi_transport.at(
                        told.line.span(told.claim.start, told.claim.end, source),
                        say="words",
                        words=told.words,
                        tells=tells(told.claim),
                        allowed=allowed.word,
                        profile=facts.profile,
                        reason=reason,
                        advice=advice,
                    )


def _finding(flow: Flow, sink: Sink, allowed: Label, campaign: Campaign, facts: Facts, say: str) -> Diagnostic:
    dictionary = facts.programme.dictionary
    reason, advice = _why(flow.label, sink, campaign, facts)
    return ephi_transport.at(
        flow.span,
        say=say,
        how=flow.how.value,
        fields="`, `".join(above(flow, allowed, dictionary)),
        level=flow.label.word,
        allowed=allowed.word,
        profile=facts.profile,
        reason=reason,
        advice=advice,
        related=declared_at(flow, allowed, dictionary),
        path=path_of(flow, allowed, sink.words, dictionary),
    )


def _why(label: Label, sink: Sink, campaign: Campaign, facts: Facts) -> tuple[str, str]:
    """What holds `health` back, and what to do: over required TLS and in the portal, only a basis can be missing."""
    if clearance(sink, facts.profile) >= label:
        return (
            f"no row of consent.yaml reaches `up_to: {label.word}` in every jurisdiction",
            f"add a basis for purpose `{campaign.purpose}`, layer `{campaign.layer}` up to `{label.word}`, "
            "or choose the audience without it",
        )
    return (
        "its target's TLS is opportunistic",
        "send it over a target with `tls: required`, or put it into the portal with `deliver: portal`",
    )
