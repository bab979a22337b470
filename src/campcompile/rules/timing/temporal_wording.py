"""TIM008: words that are right on some days only, in an e-mail that can go on others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from campcompile.analysis.anchoring import counts_back, counts_on
from campcompile.analysis.event_days import EventDays, event_days
from campcompile.analysis.facts import Facts
from campcompile.analysis.time_words import DayWord, day_words, month_in, season_words
from campcompile.analysis.version_words import VersionWords, WordLine, version_words
from campcompile.model.campaign import Campaign, Email, Version
from campcompile.model.timing import parse_date
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Severity
from campcompile.syntax.source import Span
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.tree import Node, Scalar, Style

_MANY = 5  # months back: what is named there is an issue that was copied
_SUBJECT = -2


@rule(
    code="TIM008",
    slug="temporal-wording",
    severity=Severity.ERROR,
    message="`{word}` is right {right}, and this goes {days}",
    help="write the day itself: {example}",
    also={
        "late": (
            "`{word}` is right {right}, and this may still go {days}",
            "write the day itself: {example}; or an earlier `expires`",
        ),
        "season": (
            "`{word}` belongs to other months, and this goes in {month}",
            "check the date, or leave it out",
        ),
        "all-year": (
            "`{word}` belongs to a season, and this goes all year round",
            "leave it out, or write it in an e-mail that has a date",
        ),
        "month": (
            "the subject says `{word}`, and this goes in {month}",
            "write the month of this issue",
        ),
    },
)
def temporal_wording(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks for words that count from the day of reading: *tomorrow*, *yesterday*, *the day after tomorrow*, and *today*
    beside a word for the visit. Computes on which days before or after its event the e-mail can come, with shifts,
    working days and quiet hours, for visits at every hour of two weeks; a word that is wrong on one of them is an
    error, and one that is wrong only where it goes late, before it expires, a warning. *By tomorrow* is free.

    It also reports, as warnings, wishes of a season (*Merry Christmas*) and influenza vaccination in a month that isn't
    theirs, wishes of a season in an e-mail without a date, and last month's name in the subject of an issue.

    English, French, Norwegian and Chinese are known.

    ## Why it matters

    "See you tomorrow", on a Friday, for a Monday: somebody comes on Saturday and stands before a closed door.

    ## Example

    ```yaml
    send: {offset: -P1D, at: "16:00", shift: previous}
    preheader: See you tomorrow
    ```

    ## Use instead

    ```yaml
    send: {offset: -P1D, at: "16:00", shift: previous}
    preheader: Your visit on {{ appointment.start | weekday }}
    ```

    ## Sources

    * The days are computed as docs/language.md says; influenza vaccination in the northern hemisphere: WHO
    """
    for email in campaign.emails:
        days: EventDays | None = None
        months = _months(campaign, email)
        is_anchored = counts_back(email.send) or counts_on(email.send)
        for version in email.versions:
            words = facts.once(version_words, version)
            if is_anchored and day_words(words.text, version.locale):
                days = days or event_days(campaign, email, facts.programme)
                yield from _days(email, version, words, days, facts)
            if season_words(words.text, version.locale):
                yield from _seasons(version, words, months, facts)
            if months:
                yield from _month(version, words, months, facts)


def _days(email: Email, version: Version, words: VersionWords, days: EventDays, facts: Facts) -> Iterator[Diagnostic]:
    for part in words.parts:
        for line in part.lines:
            for found in day_words(line.text, version.locale):
                wrong, late = days.planned - {found.days}, days.late - {found.days}
                if not wrong and not late:
                    continue
                span = line.span(found.start, found.end, facts.source(line.whole().path))
                is_inbox_line = part.block < 0
                yield temporal_wording.at(
                    span,
                    say="" if wrong else "late",
                    severity=Severity.ERROR if wrong else Severity.WARNING,
                    fixes=() if is_inbox_line else _fixes(email, line, found, span, facts),
                    word=line.text[found.start : found.end],
                    right=_right(found.days),
                    days=_when(wrong or late),
                    example=_example(email),
                )


def _seasons(version: Version, words: VersionWords, months: frozenset[int], facts: Facts) -> Iterator[Diagnostic]:
    for line in words.lines:
        for found in season_words(line.text, version.locale):
            if (months <= found.season.months) if months else found.season.always:
                continue
            yield temporal_wording.at(
                line.span(found.start, found.end, facts.source(line.whole().path)),
                say="season" if months else "all-year",
                severity=Severity.WARNING,
                word=line.text[found.start : found.end],
                month=_names(months - found.season.months),
            )


def _month(version: Version, words: VersionWords, months: frozenset[int], facts: Facts) -> Iterator[Diagnostic]:
    """A month's name in the subject that lies some months back: an issue was copied."""
    for part in words.parts:
        for line in part.lines if part.block == _SUBJECT else ():
            named = month_in(line.text, version.locale)
            if named is not None and all(1 <= (month - named[0]) % 12 <= _MANY for month in months):
                yield temporal_wording.at(
                    line.span(named[1], named[2], facts.source(line.whole().path)),
                    say="month",
                    severity=Severity.WARNING,
                    word=line.text[named[1] : named[2]],
                    month=_names(months),
                )


def _months(campaign: Campaign, email: Email) -> frozenset[int]:
    """The months in which an e-mail with a date goes; none for one that goes all year round."""
    if email.send.anchor == "event.start" and campaign.event is not None:
        return frozenset((campaign.event.start.month,))
    return frozenset(day.month for written in email.send.dates.values() if (day := parse_date(written)) is not None)


def _fixes(email: Email, line: WordLine, found: DayWord, span: Span, facts: Facts) -> tuple[Fix, ...]:
    """The day itself in the place of the word, where it can stand there as it is."""
    source, document = facts.source(span.path), facts.documents.get(span.path)
    if source is None or document is None or source.text[span.start : span.end] != line.text[found.start : found.end]:
        return ()
    if not _may_hold_braces(document.root, span, source.text):
        return ()
    written = f"{{{{ {email.send.anchor} | date }}}}"
    return (Fix("write the day itself", (Edit(span, written),), Applicability.UNSAFE),)


def _may_hold_braces(node: Node, span: Span, text: str) -> bool:
    """Does the YAML stay what it is with braces there? In quotes and blocks; else within a line, but in no brackets."""
    is_in_brackets = False
    while not isinstance(node, Scalar):
        is_in_brackets = is_in_brackets or text[node.span.start] in "{["
        children = (entry.value for entry in node.entries) if isinstance(node, YamlMapping) else node.items
        inner = next((child for child in children if child.span.start <= span.start < child.span.end), None)
        if inner is None:
            return False
        node = inner
    return node.style is not Style.PLAIN or (not is_in_brackets and node.span.start < span.start)


def _example(email: Email) -> str:
    return f"`{{{{ {email.send.anchor} | weekday }}}}` or `{{{{ {email.send.anchor} | date }}}}`"


def _right(days: int) -> str:
    return {1: "the day before", 2: "two days before", 0: "on the day itself", -1: "the day after"}[days]


def _when(days: frozenset[int]) -> str:
    """`on the day itself or 3 days before`, the nearest to the event first, three at most."""
    shown = sorted(days, key=lambda number: (abs(number), number))[:3]
    return " or ".join(_distance(number) for number in shown)


def _distance(days: int) -> str:
    if not days:
        return "on the day itself"
    count = "a day" if abs(days) == 1 else f"{abs(days)} days"
    return f"{count} {'before' if days > 0 else 'after'}"


def _names(months: frozenset[int]) -> str:
    return " and ".join(f"{date(2026, month, 1):%B}" for month in sorted(months))
