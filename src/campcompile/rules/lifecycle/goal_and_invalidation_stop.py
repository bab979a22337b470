"""LIF002: who has done what was asked for, or whose visit is off, is written to again."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.anchoring import among, choices_of, counts_back, derived_where, off, over, possible, status_of
from campcompile.analysis.facts import Facts
from campcompile.analysis.predicates import Verdict, overlap
from campcompile.model.campaign import Campaign, Email
from campcompile.rules.check import Found, rule
from campcompile.rules.places import campaign_span, email_span, one_more_line
from campcompile.syntax.findings import Applicability, Diagnostic, Fix, Severity


@rule(
    code="LIF002",
    slug="goal-and-invalidation-stop",
    severity=Severity.ERROR,
    message="who has reached the goal is written to again: `goal` is measured, and ends nothing",
    help="write `stop_when: goal`",
    also={
        "off": (
            "this also reminds people whose `{status}` is {choices}",
            "name those that are to be: {condition}",
        ),
    },
)
def goal_and_invalidation_stop(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports a series with a `goal`, of several e-mails after an event or an entry, that has no `stop_when`, and whose
    audience doesn't leave out who has reached the goal. And it reports e-mails before an event whose audience (or `if`)
    lets people through whose event is off: `cancelled`, `postponed`.

    What is moved needs no words: its e-mails are planned anew. Who has died, opted out, complained or whose address
    bounced is never written to, in any campaign.

    ## Why it matters

    "Would you like to book a time?", the day after booking one. Or a friendly reminder of the visit that one has
    cancelled, because of a death in the family.

    ## Example

    ```yaml
    audience: {where: appointment.status != "no_show"}
    anchor: appointment.start
    emails:
      - {id: before, send: {offset: -P1D, at: "09:00"}}
    ```

    ## Use instead

    ```yaml
    audience: {where: 'appointment.status in ["booked", "confirmed"]'}
    anchor: appointment.start
    emails:
      - {id: before, send: {offset: -P1D, at: "09:00"}}
    ```

    ## Sources

    * What `goal`, `stop_when` and an audience do: docs/language.md; what a status says: FHIR R4, AppointmentStatus
    """
    yield from _goal(campaign, facts)
    told = False
    for email in campaign.emails:
        if counts_back(email.send) and not told:
            found = _off(campaign, email, facts)
            told = found is not None and email.send.anchor == campaign.anchor  # the audience is one, and told once
            if found is not None:
                yield found


def _goal(campaign: Campaign, facts: Facts) -> Iterator[Diagnostic]:
    series = [email for email in campaign.emails if email.send.offset is not None]
    is_several = len(series) > 1 or any(email.send.repeat for email in series)
    if campaign.goal is None or campaign.stop_when is not None or not is_several:
        return
    if any(counts_back(email.send) for email in series):
        return  # who has confirmed a visit still wants to know when it is
    formulas = campaign.audience.formula, campaign.goal.formula
    if overlap(*formulas, facts.programme.dictionary) is not Verdict.NO:
        edit = one_more_line(facts, campaign, "goal", "stop_when: goal")
        fixes = (Fix("write `stop_when: goal`", (edit,), Applicability.UNSAFE),) if edit else ()
        yield goal_and_invalidation_stop.at(campaign_span(facts, campaign, "goal"), fixes=fixes)


def _off(campaign: Campaign, email: Email, facts: Facts) -> Diagnostic | None:
    dictionary = facts.programme.dictionary
    status = status_of(email.send.anchor, dictionary)
    field = dictionary.fields.get(email.send.anchor)
    is_past = field is not None and field.derivation is not None and field.derivation.function == "last"
    if status is None or is_past:  # what counts back from the past never goes: LIF004
        return None
    values = possible(status, campaign, email)
    where = derived_where(email, dictionary)
    if where is not None:
        values &= choices_of(where, status.name, frozenset(status.type.choices))
    wrong = among(values, off() - over())  # nobody has missed what is still to come
    if not wrong:
        return None
    right = [f'"{choice}"' for choice in status.type.choices if choice in values and choice not in wrong]
    condition = f"`{status.name} in [{', '.join(right)}]`" if right else "`where: …`"
    is_own = email.send.anchor != campaign.anchor
    span = email_span(facts, campaign, email) if is_own else campaign_span(facts, campaign, "audience")
    choices = " or ".join(f"`{choice}`" for choice in wrong)
    return goal_and_invalidation_stop.at(span, say="off", status=status.name, choices=choices, condition=condition)
