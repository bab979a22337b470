"""PHI005: words from which the reader, or who sees the message, can tell which audience it went to."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.sinks import Sink, allowed_at, clearance, content_sink, inbox_sink
from campcompile.analysis.told import PREHEADER, SUBJECT, concepts_in, told_by, topics_of
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Campaign, Email
from campcompile.model.labels import Label
from campcompile.phi.claims import Kind
from campcompile.rules.check import Found, rule
from campcompile.rules.telling import tells
from campcompile.syntax.findings import FlowStep, Severity
from campcompile.syntax.findings import Label as Place


@rule(
    code="PHI005",
    slug="implicit-flow-audience",
    severity=Severity.ERROR,
    message="`{words}` {tells}: the audience is chosen by health, and this place may tell no more than "
    "{allowed} (profile {profile})",
    help="write words that fit everybody, or send them to everybody; a health audience gets neutral words",
    also={
        "address": (
            "the address tells what the people who get this have in common ({concept}; profile {profile})",
            "lead to a page that everybody is led to, or use a personal link, which tells nothing",
        ),
    },
)
def implicit_flow_audience(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Where an audience, or the `if` of an e-mail, reads a field labelled `health` or above, it looks for words from
    which that audience can be told: the illness, its drug, its organ, its diet, its test, a euphemism, a code; in
    subject, preheader, body, alt text and addresses, in every language. Neutral words are fine.

    ## Why it matters

    *Five sugar-free cakes* is a fine subject for everybody. Sent to the people with diabetes alone, it tells
    whoever sees it what the reader has: being a recipient is the disclosure.

    ## Example

    ```yaml
    audience: {where: 'has(patient.programmes, "diabetes")'}
    subject: Five sugar-free cakes for the weekend
    ```

    ## Use instead

    ```yaml
    audience: {where: 'has(patient.programmes, "diabetes")'}
    subject: "A message from {{ practice.name }}"
    ```

    or the same cakes with `audience: newsletter-readers`.

    ## Sources

    * 45 CFR 160.103: that somebody is a patient, and of what, is health information
    * CJEU C-21/23 (Lindenapotheke, 4 October 2024): what can be inferred is health data
    """
    body = allowed_at(content_sink(campaign), campaign, facts.programme)
    inbox = clearance(inbox_sink(campaign), facts.profile)
    for email in campaign.emails:
        if topics_of(campaign, email) == frozenset():
            continue
        for version in email.versions:
            for told in told_by(version, email, campaign, facts):
                allowed = inbox if told.part.block in (SUBJECT, PREHEADER) else body
                if told.claim.kind is Kind.SEGMENT and told.label > allowed:
                    source = facts.source(told.line.stretches[0].span.path)
                    span = told.line.span(told.claim.start, told.claim.end, source)
                    yield implicit_flow_audience.at(
                        span,
                        words=told.words,
                        tells=tells(told.claim),
                        allowed=allowed.word,
                        profile=facts.profile,
                        related=_audience(campaign, email),
                        path=(*(FlowStep(place.span, "") for place in _audience(campaign, email)), FlowStep(span, "")),
                    )


@rule(implicit_flow_audience.rule)
def address_tells_audience(campaign: Campaign, facts: Facts) -> Found:
    """Fixed addresses of links and buttons."""
    if clearance(Sink.ADDRESS, facts.profile) >= Label.HEALTH:
        return
    for email in campaign.emails:
        topics = topics_of(campaign, email)
        if topics == frozenset():
            continue
        for version in email.versions:
            for target in facts.once(version_words, version).addresses:
                found = concepts_in(target.address)
                telling = found if topics is None else found & topics
                if telling:
                    yield implicit_flow_audience.at(
                        target.span,
                        say="address",
                        concept=min(telling).replace("-", " "),
                        profile=facts.profile,
                        related=_audience(campaign, email),
                    )


def _audience(campaign: Campaign, email: Email) -> tuple[Place, ...]:
    """What chooses the people, where it is chosen by health."""
    conditions = [campaign.audience, *([email.condition] if email.condition is not None else [])]
    return tuple(
        Place(condition.span, f"chosen by what is {condition.label.word}")
        for condition in conditions
        if condition.label >= Label.HEALTH
    )
