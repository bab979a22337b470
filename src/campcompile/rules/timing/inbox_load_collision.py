"""TIM006: e-mails that come on one day, and those that wait behind others until their time is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from campcompile.analysis.anchoring import DAY, counts_back, lead, source_of
from campcompile.analysis.dated_mail import held_back, may_both_get
from campcompile.analysis.facts import Facts
from campcompile.analysis.run_days import lost_in_run
from campcompile.formula import Compare, FieldRef
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.rules.check import Found, rule
from campcompile.rules.places import email_span
from campcompile.syntax.findings import Diagnostic, Label, Severity

_MOST_RIVALS = 8  # that are looked at for one e-mail


@rule(
    code="TIM006",
    slug="inbox-load-collision",
    severity=Severity.ERROR,
    message="on some days this waits behind `{rival}`, and its time is over before it may go",
    help="write an offset on another day, or a later `expires`: a run sends one e-mail a day",
    also={
        "capped": (
            "who gets `{rival}` on {day} never gets this: the frequency cap ({max} in {per}) holds it until it is over",
            "write {free} or a later date, or an `expires` after that; or leave it to people who don't get the other",
        ),
        "same-day": (
            "who gets this may get `{rival}` on the same day, about the same {record}",
            "put both into one e-mail, or add an `if` to one that leaves out who gets the other",
        ),
    },
)
def inbox_load_collision(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Looks at what comes together, in one campaign and across all of them. Reports an e-mail that waits behind others of
    its own run until it expires, as a run sends one a day; as a warning, one with a date that the frequency cap holds
    back until it expires, for everybody who got the issue of another campaign before it; and, as a warning, two
    essential e-mails of two campaigns that go to the same people on the same day before the same event.

    Whether two audiences can share a person is computed from their conditions; where that can't be told, they can.
    Which week is the fullest for anybody is a search, and has a command: `campcompile simulate --worst-week`.

    ## Why it matters

    Nine e-mails came in seven days to a patient who did nothing but book a first visit: each campaign was right by
    itself. And what waits too long is lost in silence.

    ## Example

    ```yaml
    # practice-news, and on the same day another campaign to the same readers
    send: {date: "2026-10-06", at: "09:00"}
    ```

    ## Use instead

    ```yaml
    send: {date: "2026-10-13", at: "09:00"}
    ```

    ## Sources

    * What a run, the cap and `expires` do: docs/language.md
    * The usual cadences of practices, counted together: policy
    """
    for campaign in programme.campaigns:
        for lost in lost_in_run(campaign, programme, facts.as_of):
            span = email_span(facts, campaign, lost.email, "send", "offset")
            yield inbox_load_collision.at(span, rival=lost.behind.id)
    yield from _capped(programme, facts)
    yield from _same_day(programme, facts)


def _capped(programme: Programme, facts: Facts) -> Iterator[Diagnostic]:
    for found in held_back(programme, facts.as_of):
        issue, rival = found.issue, found.behind
        most, per = programme.settings.frequency_cap or (1, "")
        place = email_span(facts, rival.campaign, rival.email, "send", "date")
        yield inbox_load_collision.at(
            email_span(facts, issue.campaign, issue.email, "send", "date"),
            say="capped",
            severity=Severity.WARNING,
            related=(Label(place, "this comes first"),),
            rival=f"{rival.campaign.folder}/{rival.email.id}",
            day=f"{rival.day:%d %B}".lstrip("0"),
            max=str(most),
            per=per,
            free=found.free.isoformat(),
        )


def _same_day(programme: Programme, facts: Facts) -> Iterator[Diagnostic]:
    groups: dict[tuple[str, str, int], list[tuple[Campaign, Email]]] = defaultdict(list)
    for campaign in programme.campaigns:
        for email in campaign.emails if campaign.layer == "essential" else ():
            if counts_back(email.send):
                source = source_of(email.send.anchor, programme.dictionary)
                rivals = groups[campaign.recipient, source, int(lead(email.send) / DAY)]
                yield from _first_rival(campaign, email, rivals, programme, facts)
                rivals.append((campaign, email))


def _first_rival(
    campaign: Campaign, email: Email, rivals: list[tuple[Campaign, Email]], programme: Programme, facts: Facts
) -> Iterator[Diagnostic]:
    for other, second in rivals[-_MOST_RIVALS:]:
        if other is not campaign and _may_meet(campaign, email, other, second, programme):
            yield inbox_load_collision.at(
                email_span(facts, campaign, email, "send", "offset"),
                say="same-day",
                severity=Severity.WARNING,
                related=(Label(email_span(facts, other, second, "send", "offset"), "the other one"),),
                rival=f"{other.folder}/{second.id}",
                record=source_of(email.send.anchor, programme.dictionary).partition(".")[0],
            )
            return


def _may_meet(one: Campaign, email: Email, other: Campaign, second: Email, programme: Programme) -> bool:
    """Can both be about one event? Where an anchor is derived, the event is the one that it was taken from."""
    anchors = sorted({email.send.anchor, second.send.anchor})
    same = () if len(anchors) < 2 else (Compare("==", FieldRef(anchors[0]), FieldRef(anchors[1])),)
    return may_both_get(one, email, other, second, programme, same)
