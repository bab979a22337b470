"""TIM002: who books late gets nothing before the event, and nobody said so."""

from __future__ import annotations

from campcompile.analysis.anchoring import DAY, counts_back, lead, of_one_anchor
from campcompile.analysis.facts import Facts
from campcompile.model.campaign import Campaign, Email
from campcompile.rules.check import Found, rule
from campcompile.rules.places import email_span, one_more_key, sends_with
from campcompile.syntax.findings import Applicability, Fix, Severity


@rule(
    code="TIM002",
    slug="late-enrolment-undefined",
    severity=Severity.WARNING,
    message="who books less than {days} before `{anchor}` gets nothing, and nothing says so",
    help="write how late it may still go: `expires: -PT2H` reaches them, `expires: {same}` leaves them out knowingly",
)
def late_enrolment_undefined(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at each series of e-mails before an appointment, and at the one nearest to it that everybody gets. Reports it
    where it is due two days or more before and has no `expires`. An e-mail without one goes late for a day only:
    whoever books after that gets no word from this campaign. Invitations to an `event` are free: nobody books there.

    What goes late is settled: what is past due and not expired goes at once, and of several only the last one.

    ## Why it matters

    Who rings on Monday for a time on Thursday gets no reminder, and nobody notices.

    ## Example

    ```yaml
    send: {offset: -P7D, at: "09:00"}
    ```

    ## Use instead

    ```yaml
    send: {offset: -P7D, at: "09:00", expires: -PT2H}
    ```

    ## Sources

    * Advice to practices on reminders at 7, 3 and 1 days, which leaves open what late bookings get: policy
    """
    for emails in of_one_anchor(campaign, facts.programme.dictionary):
        before = [email for email in emails if _is_of_a_visit(email, facts) and email.condition is None]
        if not before or lead(before[-1].send) > -2 * DAY or sends_with(facts, campaign, before[-1], "expires"):
            continue
        email = before[-1]
        span = email_span(facts, campaign, email, "send", "offset")
        edit = one_more_key(facts, span, "expires: -PT2H")
        fixes = (Fix("let it go until two hours before", (edit,), Applicability.UNSAFE),) if edit else ()
        days = int(-lead(email.send) / DAY) - 1  # it goes late for one
        words = "a day" if days == 1 else f"{days} days"
        same = str(email.send.offset)
        yield late_enrolment_undefined.at(span, fixes=fixes, days=words, anchor=email.send.anchor, same=same)


def _is_of_a_visit(email: Email, facts: Facts) -> bool:
    """Is it due before something that people book, one by one?"""
    field = facts.programme.dictionary.fields.get(email.send.anchor)
    return counts_back(email.send) and field is not None and field.type.name in ("date", "datetime")
