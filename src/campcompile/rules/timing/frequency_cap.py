"""TIM005: a campaign that can wait and writes more often than once a week, or a practice without a cap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from campcompile.analysis.anchoring import DAY, lead, of_one_anchor
from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import limits
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.timing import Offset, parse_date, parse_offset
from campcompile.rules.check import Found, rule
from campcompile.rules.places import email_span
from campcompile.syntax.findings import Diagnostic, Label, Severity
from campcompile.values import dataclass

_DATA = "rules/data/timing.yaml"
_DAYS_OF_MONTH = 28  # the shortest: what is a month apart is never nearer
_OTHER_RULES = ("b2b", "review")  # what follows what there is TIM004's and TIM007's to say


@dataclass(frozen=True, slots=True)
class _Cap:
    """At most `max` e-mails in any `days`."""

    max: int
    days: float
    words: str


@rule(
    code="TIM005",
    slug="frequency-cap",
    severity=Severity.WARNING,
    message="this e-mail goes {gap} after `{first}`, and mail that can wait comes {cap}",
    help="write a later offset or date; what can't wait is `layer: essential`",
    also={
        "repeat": (
            "this e-mail goes every {gap}, and mail that can wait comes {cap}",
            "write a longer `repeat`, such as `P1M`",
        ),
        "missing": (
            "{count} campaigns write mail that can wait, and nothing says how often one person gets any",
            "write `frequency_cap: {{max: 1, per: P7D}}`: what is too much then waits its turn",
        ),
    },
)
def frequency_cap(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at the e-mails of each campaign of layer `updates` or `promotional`: no more of them may come in a span of
    time than the practice's `frequency_cap` says, or than one in seven days. The cap itself holds e-mails of other
    campaigns back, never those of the same run; so a series has to keep it by its own offsets. Reminders and other
    essential mail may come as often as care needs them. Letters to colleagues, and questions about a visit, have rules
    of their own (TIM004, TIM007).

    It also reports a practice with several such campaigns and no `frequency_cap`.

    ## Why it matters

    Who gets three letters in a week opts out of all, the useful ones too.

    ## Example

    ```yaml
    layer: promotional
    emails:
      - {id: first, send: {offset: P1D, at: "10:00"}}
      - {id: second, send: {offset: P3D, at: "10:00"}}
    ```

    ## Use instead

    ```yaml
    layer: promotional
    emails:
      - {id: first, send: {offset: P1D, at: "10:00"}}
      - {id: second, send: {offset: P15D, at: "10:00"}}
    ```

    ## Sources

    * Advice to practices: once a week at most, apart from reminders; policy
    """
    if campaign.layer == "essential" or campaign.purpose in _OTHER_RULES:
        return
    cap = facts.once(_cap_of, facts.programme)
    for emails in of_one_anchor(campaign, facts.programme.dictionary):
        for first, later, days in _pairs(emails, cap.max):
            if days < cap.days and not (first.condition and later.condition):
                key = "date" if later.send.dates else "offset"
                span = email_span(facts, campaign, later, "send", key)
                related = (Label(email_span(facts, campaign, first, "send", key), "the earlier one"),)
                yield frequency_cap.at(span, related=related, gap=_words(days), first=first.id, cap=cap.words)
    yield from _repeats(campaign, cap, facts)


@rule(frequency_cap.rule)
def practice_without_cap(programme: Programme, facts: Facts) -> Found:
    """Several campaigns that know nothing of one another."""
    if programme.settings.frequency_cap is None:
        waiting = [campaign for campaign in programme.campaigns if campaign.layer != "essential"]
        most = max((sum(c.recipient == one.recipient for c in waiting) for one in waiting), default=0)
        if most > 1:
            yield frequency_cap.at(programme.settings.span, say="missing", count=str(most))


def _cap_of(programme: Programme) -> _Cap:
    written = programme.settings.frequency_cap
    if written is None:
        return _Cap(1, limits(_DATA)["days-between"].value, "once a week at most")
    most, per = written
    words = "once" if most == 1 else f"{most} times"
    return _Cap(most, _days(parse_offset(per)), f"{words} in {per} at most (`frequency_cap`)")


def _pairs(emails: tuple[Email, ...], most: int) -> Iterator[tuple[Email, Email, float]]:
    """Each e-mail with the one `most` places before it, and the days between them."""
    dates = [_day(email) for email in emails]
    for number in range(most, len(emails)):
        first, later = emails[number - most], emails[number]
        begin, end = dates[number - most], dates[number]
        if begin is not None and end is not None:
            yield first, later, (end - begin).days
        elif begin is None and end is None:
            yield first, later, (lead(later.send) - lead(first.send)) / DAY


def _day(email: Email) -> date | None:
    """The day of an issue; the first, where languages have days of their own."""
    return parse_date(min(email.send.dates.values(), default=""))


def _repeats(campaign: Campaign, cap: _Cap, facts: Facts) -> Iterator[Diagnostic]:
    for email in campaign.emails:
        repeat = email.send.repeat
        if repeat is not None and email.send.times != 1 and _days(repeat) * cap.max < cap.days:
            span = email_span(facts, campaign, email, "send", "repeat")
            yield frequency_cap.at(span, say="repeat", gap=_words(_days(repeat)).removeprefix("one "), cap=cap.words)


def _days(length: Offset | None) -> float:
    return 0 if length is None else length.months * _DAYS_OF_MONTH + length.days + length.minutes / DAY


def _words(days: float) -> str:
    hours = round(days * 24)
    if hours < 48 and hours % 24:
        return f"{hours} hours"
    whole = round(days)
    return "one day" if whole == 1 else f"{whole} days" if whole else "the same day"
