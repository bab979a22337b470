"""LIF004: an e-mail that can never go, and a condition that waits for what can't happen."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.anchoring import counts_back, place_of
from campcompile.analysis.event_days import never_goes
from campcompile.analysis.facts import Facts
from campcompile.analysis.predicates import Verdict, emptiness
from campcompile.analysis.version_words import version_words
from campcompile.formula import And
from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign, Email
from campcompile.model.timing import Send, parse_offset
from campcompile.rules.check import Found, rule
from campcompile.rules.places import email_span
from campcompile.schedule.moments import Why
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Severity

_CLICKED = "run.clicked"
_WHYS = {
    Why.SKIPPED_IN_QUIET_HOURS: ("quiet", "it is always due in the quiet hours, and `quiet: skip` leaves it out then"),
    Why.QUIET_PAST_DEADLINE: ("expires", "quiet hours hold it until its time is over"),
    Why.QUIET_BEFORE_ANCHOR: ("quiet", "`quiet: earlier` would carry it to before its event"),
    Why.TOO_NEAR: ("offset", "it is due within two hours of its event, and states no `expires`"),
    Why.NEVER_IN_TIME: ("expires", "it expires before it is due"),
}


@rule(
    code="LIF004",
    slug="dead-step-or-event",
    severity=Severity.ERROR,
    message="this e-mail never goes: {why}",
    help="write another `at`, `quiet` or `expires`",
    also={
        "before-entry": (
            "this e-mail never goes: nobody is known before they meet the audience",
            "`entry` is the day on which somebody first meets it: write `P0D`, or an `anchor` that lies ahead",
        ),
        "past": (
            "this e-mail never goes: `{anchor}` is past whenever it is known",
            "write an offset after it, or count from a date that lies ahead, such as one from `next(…)`",
        ),
        "audience": (
            "this e-mail never goes: nobody in the audience can meet its `if`",
            "compare the two: the audience asks for `{audience}`",
        ),
        "no-link": (
            "this waits for a click, and there is no link to click in any e-mail of this campaign",
            "add a button or a link, or wait for an answer: `run.replied`",
        ),
    },
)
def dead_step_or_event(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports an e-mail that can never go: before `entry` or before a date that is always past; with an `if` that nobody
    of the audience can meet; due in quiet hours that skip it, or that hold it past its `expires`. And it reports a
    condition on `run.clicked` in a campaign without a link.

    Computed as it is planned: for visits at every half hour of an open day.

    ## Why it matters

    It looks as if somebody were told.

    ## Example

    ```yaml
    audience: {where: age(patient.birth_date) >= 65}
    emails:
      - id: young
        if: age(patient.birth_date) < 40
    ```

    ## Use instead

    ```yaml
    audience: {where: age(patient.birth_date) >= 18}
    emails:
      - id: young
        if: age(patient.birth_date) < 40
    ```

    ## Sources

    * What an audience, an `if` and `send` do: docs/language.md
    """
    for email in campaign.emails:
        found = _dead(campaign, email, facts) or _unmet(campaign, email, facts)
        if found is not None:
            yield found
    yield from _clicks(campaign, facts)


def _dead(campaign: Campaign, email: Email, facts: Facts) -> Diagnostic | None:
    send = email.send
    if send.offset is not None and send.offset.sign < 0 and send.anchor == "entry":
        span = email_span(facts, campaign, email, "send", "offset")
        fix = Fix("write it without the sign", (Edit(span, str(send.offset).lstrip("-")),), Applicability.UNSAFE)
        return dead_step_or_event.at(span, say="before-entry", fixes=(fix,))
    field = facts.programme.dictionary.fields.get(send.anchor)
    made = field.derivation if field is not None else None
    if counts_back(send) and made is not None and made.function == "last":
        span = email_span(facts, campaign, email, "send", "offset")
        return dead_step_or_event.at(span, say="past", anchor=send.anchor)
    why = never_goes(campaign, email, facts.programme, place_of(facts.programme))
    if why is None or (why is Why.TOO_NEAR and not send.at) or (why is Why.NEVER_IN_TIME and _is_in_one_unit(send)):
        return None  # that can be told from the two lengths alone, and has its finding (SCH052)
    key, words = _WHYS[why]
    return dead_step_or_event.at(email_span(facts, campaign, email, "send", key), why=words)


def _is_in_one_unit(send: Send) -> bool:
    until = parse_offset(send.expires)
    return until is not None and send.offset is not None and until.unit is send.offset.unit


def _unmet(campaign: Campaign, email: Email, facts: Facts) -> Diagnostic | None:
    condition, audience = email.condition, campaign.audience
    if condition is None or email.send.anchor not in ("", campaign.anchor) or not condition.reads & audience.reads:
        return None
    dictionary = facts.programme.dictionary
    if emptiness(And((audience.formula, condition.formula)), dictionary) is not Verdict.YES:
        return None
    if Verdict.YES in (emptiness(audience.formula, dictionary), emptiness(condition.formula, dictionary)):
        return None  # then one of them is wrong by itself: SEG002
    words = audience.words if len(audience.words) <= 80 else f"{audience.words[:79]}…"
    return dead_step_or_event.at(condition.span, say="audience", audience=words)


def _clicks(campaign: Campaign, facts: Facts) -> Iterator[Diagnostic]:
    asking: list[Condition | None] = [
        campaign.stop_when,
        campaign.goal,
        *(email.condition for email in campaign.emails),
    ]
    waiting = [condition for condition in asking if condition is not None and _CLICKED in condition.reads]
    if waiting and campaign.deliver == "email" and not _has_link(campaign, facts):
        for condition in waiting:
            yield dead_step_or_event.at(condition.span, say="no-link")


def _has_link(campaign: Campaign, facts: Facts) -> bool:
    for email in campaign.emails:
        for version in email.versions[:1]:
            if facts.once(version_words, version).targets or any(block.kind == "event" for block in version.blocks):
                return True
    return False
