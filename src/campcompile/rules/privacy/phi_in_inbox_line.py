"""PHI001: what tells about a person, in a line that a locked telephone shows."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.flow import Flow, How, above, declared_at, inbox_flows, path_of
from campcompile.analysis.sinks import clearance, inbox_sink
from campcompile.analysis.told import PREHEADER, SUBJECT, Told, told_by
from campcompile.model.campaign import Campaign
from campcompile.model.labels import Label
from campcompile.phi.claims import Kind
from campcompile.rules.check import Found, rule
from campcompile.rules.telling import neutral_subject, tells
from campcompile.syntax.findings import Diagnostic, Severity


@rule(
    code="PHI001",
    slug="phi-in-inbox-line",
    severity=Severity.ERROR,
    message="the inbox line shows `{fields}`, which is {level} (profile {profile} allows {allowed})",
    help="name the practice instead, for example `A message from {{{{ practice.name }}}}`; greet by name in the body",
    also={
        "tests": (
            "the inbox line depends on `{fields}`, which is {level} (profile {profile} allows {allowed})",
            "write one line for everybody, for example `A message from {{{{ practice.name }}}}`; who reads it can "
            "tell which of the two people got",
        ),
        "words": (
            "`{words}` in the inbox line {tells} (profile {profile} allows {allowed})",
            "write what everybody may read, for example `{instead}`, and say the rest in the body",
        ),
    },
    firm=("", "tests"),
)
def phi_in_inbox_line(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports merge fields and conditions in a subject or preheader whose label is above what the profile clears
    there: in `strict`, anything about a person, a first name too; in `standard`, for purpose `treatment`, what is
    above `relationship`. It looks at every language and every variant.

    It reports as well words there that tell the reader's illness, treatment or visit.

    ## Why it matters

    The inbox line is read by whoever sees the telephone on the table, by mail servers on the way, and by the
    logs of the sending service. No encryption hides it.

    ## Example

    ```yaml
    subject: "{{ recipient.first_name }}, your results are here"
    ```

    ## Use instead

    ```yaml
    subject: "A message from {{ practice.name }}"
    ```

    ## Sources

    * 45 CFR 164.530(c): reasonable safeguards
    * GDPR Article 5(1)(f)
    * That a first name is too much is a policy of profile `strict`
    """
    allowed = clearance(inbox_sink(campaign), facts.profile)
    for email in campaign.emails:
        for version in email.versions:
            for flow in inbox_flows(version):
                if flow.label > allowed:
                    yield _finding(flow, allowed, campaign, facts)


def _finding(flow: Flow, allowed: Label, campaign: Campaign, facts: Facts) -> Diagnostic:
    dictionary = facts.programme.dictionary
    return phi_in_inbox_line.at(
        flow.span,
        say="tests" if flow.how is How.TESTED else "",
        fields="`, `".join(above(flow, allowed, dictionary)),
        level=flow.label.word,
        profile=facts.profile,
        allowed=allowed.word,
        related=declared_at(flow, allowed, dictionary),
        path=path_of(flow, allowed, inbox_sink(campaign).words, dictionary),
    )


@rule(phi_in_inbox_line.rule)
def words_in_inbox_line(campaign: Campaign, facts: Facts) -> Found:
    """Words there that tell the reader's illness, treatment or visit."""
    allowed = clearance(inbox_sink(campaign), facts.profile)
    for email in campaign.emails:
        for version in email.versions:
            for told in told_by(version, email, campaign, facts):
                exposed = told.part.block in (SUBJECT, PREHEADER)
                if exposed and told.claim.kind is not Kind.SEGMENT and told.label > allowed:
                    yield _words(told, version.locale, allowed, facts)


def _words(told: Told, locale: str, allowed: Label, facts: Facts) -> Diagnostic:
    source = facts.source(told.line.stretches[0].span.path)
    return phi_in_inbox_line.at(
        told.line.span(told.claim.start, told.claim.end, source),
        say="words",
        words=told.words,
        tells=tells(told.claim),
        profile=facts.profile,
        allowed=allowed.word,
        instead=neutral_subject(locale),
    )
