"""PHI012: a reminder that tells more than a person needs to come."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.flow import How, above, declared_at, flows_in, path_of
from campcompile.analysis.sinks import Sink, allowed_at, body_sink
from campcompile.analysis.told import PREHEADER, SUBJECT, told_by
from campcompile.analysis.version_words import field_inlines
from campcompile.model.campaign import Campaign, Email, Version
from campcompile.model.labels import Label
from campcompile.phi.claims import Kind
from campcompile.rules.check import Found, rule
from campcompile.rules.telling import kind_of, tells
from campcompile.syntax.findings import Severity

_GENERAL = ("population", "specialty")  # `your child`, `your dentist`


@rule(
    code="PHI012",
    slug="reminder-over-detail",
    severity=Severity.WARNING,
    message="the body prints `{fields}`, which is {level}: may be told here (profile {profile}), but is it needed?",
    help="name, place and time are enough to come; put the rest into the portal (`deliver: portal`), or say it",
    also={
        "words": (
            "`{words}` {tells}: may be told here (profile {profile}), but is it needed?",
            "name, place and time are enough to come; put the rest into the portal (`deliver: portal`)",
        ),
    },
)
def reminder_over_detail(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    In e-mails of the layer `essential` whose body may tell health (over required TLS, with a legal basis), points
    at merge fields labelled `health` and at words that tell the reader's illness, treatment or test (*your …*,
    *after your …*). Where the body may not tell them, PHI013 and PHI014 speak instead. A body that goes to the
    portal is fine. Where instructions need the word, waive it with the reason.

    ## Why it matters

    Encryption protects a message on its way, not on the family's tablet. A reminder needs a name, a place, a time,
    and how to reach the practice.

    ## Example

    ```yaml
    body:
      - text: "Your colonoscopy is on {{ appointment.start | date }}."
    ```

    ## Use instead

    ```yaml
    body:
      - text: "You have a visit on {{ appointment.start | date }}. How to prepare stands in the portal."
      - button: {label: Open the portal, to: links.portal}
    ```

    ## Sources

    * HHS FAQ 199 (appointment reminders): no more than is needed to confirm the appointment
    * 45 CFR 164.530(c); how much is too much is our policy
    """
    sink = body_sink(campaign)
    allowed = allowed_at(sink, campaign, facts.programme)
    if campaign.layer != "essential" or campaign.deliver == "portal" or allowed < Label.HEALTH:
        return
    for email in campaign.emails:
        for version in email.versions:
            yield from _printed(version, sink, facts)
            yield from _said(version, email, campaign, facts)


def _said(version: Version, email: Email, campaign: Campaign, facts: Facts) -> Found:
    """Words of the body, each place once; what stands there without a word such as `your` may be general advice."""
    seen = None
    for told in told_by(version, email, campaign, facts):
        is_inside = told.part.block not in (SUBJECT, PREHEADER) and told.claim.kind is not Kind.SEGMENT
        if not (is_inside and told.claim.cue and told.label is Label.HEALTH) or kind_of(told.claim) in _GENERAL:
            continue
        if seen is not None and seen.line is told.line and told.claim.start < seen.claim.end:
            continue
        seen = told
        source = facts.source(told.line.stretches[0].span.path)
        span = told.line.span(told.claim.start, told.claim.end, source)
        yield reminder_over_detail.at(
            span, say="words", words=told.words, tells=tells(told.claim), profile=facts.profile
        )


def _printed(version: Version, sink: Sink, facts: Facts) -> Found:
    """Merge fields of health in the words of the blocks."""
    dictionary = facts.programme.dictionary
    for block in version.blocks:
        for value in block.fields.values():
            for inlines in field_inlines(value):
                for flow in flows_in(inlines):
                    if flow.how is How.PRINTED and flow.label is Label.HEALTH:
                        most = Label.RELATIONSHIP
                        yield reminder_over_detail.at(
                            flow.span,
                            fields="`, `".join(above(flow, most, dictionary)),
                            level=flow.label.word,
                            profile=facts.profile,
                            related=declared_at(flow, most, dictionary),
                            path=path_of(flow, most, sink.words, dictionary),
                        )
