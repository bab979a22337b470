"""TIM009: an offer to change or cancel that comes when it is too late for it, or hardly earlier."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from campcompile.analysis.anchoring import counts_back
from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import without_marks
from campcompile.analysis.leeway import in_most_of_a_day, leeways
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Campaign, Email
from campcompile.model.timing import parse_offset
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import email_span
from campcompile.syntax.findings import Severity
from campcompile.syntax.source import Span

_OFFERS = regex(
    r"\b(?:change|cancel|reschedule|move|another time|new time)\b"
    r"|\b(?:modifier|changer|annuler|déplacer|reporter|décaler)\b"
    r"|\b(?:endre|avbestill?e?|avlyse?|flytte?|bytte?)\b"
    "|更改|取消|改期|改時間|變更",
    re.IGNORECASE,
)
_NONE = timedelta(0)
_LEAST_NOTICE = timedelta(days=1)  # the first offer comes so long before the last moment


@rule(
    code="TIM009",
    slug="cancel-cutoff",
    severity=Severity.WARNING,
    message="this offers to change or cancel and goes {due} before; the latest is {cutoff} (`cancel_until`)",
    help="leave the offer out here, and make it in an earlier e-mail; or say to call",
    also={
        "late": (
            "this offers to change or cancel and may go {expires} before; the latest is {cutoff} (`cancel_until`)",
            "write an earlier `expires`, such as `-{cutoff}`",
        ),
        "first": (
            "this is the first offer to change or cancel, and less than a day before it is too late for that "
            "(`cancel_until`: {cutoff})",
            "make the offer in an e-mail that goes earlier, too",
        ),
    },
)
def cancel_cutoff(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Where the practice says until when a visit can be cancelled (`cancel_until`), looks at the buttons before
    a visit that offer to change, move or cancel it, in English, French, Norwegian and Chinese. Reports those in an
    e-mail that goes, or by its `expires` may go, after that, for most visits of some day of the week: working days,
    shifts and quiet hours are counted as when it is sent. Also a first offer that leaves less than a day.

    Words without a button are free: who calls is told what is possible.

    ## Why it matters

    A button that answers "too late, that will be 60 euros" costs a practice more than the visit.

    ## Example

    ```yaml
    send: {offset: -PT2H, quiet: skip, expires: -PT1H}
    body:
      - button: {label: Change the time, to: links.confirm}
    ```

    ## Use instead

    ```yaml
    send: {offset: -P3D, at: "09:00", expires: -P2D}
    body:
      - button: {label: Change the time, to: links.confirm}
    ```

    ## Sources

    * `cancel_until` of the practice; what it means for an offer: policy
    """
    written = facts.programme.settings.practice.value("cancel_until")
    limit = parse_offset(written) if written else None
    if limit is None:
        return
    offering = [email for email in campaign.emails if _is_before_a_visit(email) and _offer(email, facts) is not None]
    first: dict[datetime, timedelta] = {}  # for each visit, how long before the last moment it is first offered
    for email in offering:
        found = leeways(email, limit, facts.programme)
        if in_most_of_a_day((visit, one.planned < _NONE) for visit, one in found.items()):
            span = _offer(email, facts)
            assert span is not None
            yield cancel_cutoff.at(span, due=str(email.send.offset).lstrip("-"), cutoff=written)
            continue
        first |= {visit: max(one.planned, first.get(visit, one.planned)) for visit, one in found.items()}
        is_late = in_most_of_a_day((visit, one.late < _NONE) for visit, one in found.items())
        if is_late and parse_offset(email.send.expires) is not None:
            where = email_span(facts, campaign, email, "send", "expires")
            yield cancel_cutoff.at(where, say="late", expires=email.send.expires.lstrip("-"), cutoff=written)
    if in_most_of_a_day((visit, _NONE <= one < _LEAST_NOTICE) for visit, one in first.items()):
        span = _offer(offering[0], facts)
        assert span is not None
        yield cancel_cutoff.at(span, say="first", cutoff=written)


def _is_before_a_visit(email: Email) -> bool:
    return counts_back(email.send) and email.send.anchor != "event.start"


def _offer(email: Email, facts: Facts) -> Span | None:
    """The label of a button that offers a change, in the first language that has one."""
    for version in email.versions:
        words = facts.once(version_words, version)
        for part in words.parts:
            if part.field == "label":
                for line in part.lines:
                    if _offers(without_marks(line.text)):
                        return line.whole()
    return None


@lru_cache(maxsize=1024)
def _offers(label: str) -> bool:
    return _OFFERS.search(label) is not None
