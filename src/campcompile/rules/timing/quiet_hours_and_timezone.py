"""TIM003: clocks of no place, hours at which nobody wants mail, and hours that the clock skips or repeats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import limits
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.timing import Unit
from campcompile.rules.check import Found, rule
from campcompile.rules.places import email_span, practice_values, setting_span
from campcompile.schedule.quiet_hours import QuietHours, parse_quiet_hours
from campcompile.schedule.wall import clock_changes, start_of_day, wall_of
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Severity
from campcompile.syntax.packs import texts
from campcompile.zones import is_zone, zone

_DATA = "rules/data/timing.yaml"
_DAY_MINUTES = 24 * 60
_YEAR = timedelta(days=366)
_SECOND = timedelta(seconds=1)


@rule(
    code="TIM003",
    slug="quiet-hours-and-timezone",
    severity=Severity.ERROR,
    message="`{zone}` is the clock of no place, and the clocks on the walls may show another hour",
    help="write the place: {example}",
    also={
        "quiet": (
            "`{at}` lies in the quiet hours, {quiet}: it moves every time",
            "write the hour at which it is to go, such as `{example}`",
        ),
        "hour": (
            "`{at}` is an hour at which few want mail that can wait",
            "write an hour between {earliest} and {latest}; and `quiet_hours` in campcompile.yaml, for all campaigns",
        ),
        "clock": (
            "`{at}` comes {what} on {day}, when the clocks of {zone} are changed",
            "write another hour, such as `09:00`: it is there once on every day",
        ),
        "hours": (
            "`{offset}` counts hours: after clocks are changed it goes at another hour than {days} before",
            "write `{calendar}` for the same hour of an earlier day",
        ),
        "nobody": (
            "`{zone}` is the clock of none of your sites",
            "leave `zone` out for the site's clock, or write `zone: patient` for the reader's",
        ),
    },
)
def quiet_hours_and_timezone(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports a time zone that is no place's (`UTC`, `CET`, `EST`); as a warning, a zone of an e-mail that none of the
    practice's sites is in, an `at` within the practice's quiet hours, and, where no quiet hours are said, an `at` of
    mail that isn't essential before 08:00 or after 20:00; an `at` that the clock of a site (or of the e-mail's own
    `zone`) skips or shows twice on a day of the coming year; and, as a note, hours that mean days (`-PT168H`).

    ## Why it matters

    `CET` is an hour wrong from March to October in many a calendar. A letter at half past two at night wakes people,
    and on one night a year that hour doesn't exist.

    ## Example

    ```yaml
    send: {date: "2026-10-06", at: "02:30", zone: CET}
    ```

    ## Use instead

    ```yaml
    send: {date: "2026-10-06", at: "09:00"}
    ```

    ## Sources

    * IANA time zone database, its file `etcetera` and its names without a place
    * The hours for mail that can wait: policy; no law on quiet hours of e-mail was found (November 2026)
    """
    quiet = facts.once(_quiet_of, facts.programme)
    for email in campaign.emails:
        yield from _zone_of_email(campaign, email, facts)
        yield from _hours(campaign, email, facts)
        if email.send.at:
            yield from _hour(campaign, email, quiet, facts)


@rule(quiet_hours_and_timezone.rule)
def practice_zones(programme: Programme, facts: Facts) -> Found:
    """The clocks of campcompile.yaml."""
    for keys, values in practice_values(programme):
        name = values.get("time_zone", "")
        if _is_no_place(name):
            span = setting_span(facts, *keys, "time_zone", otherwise=programme.settings.span)
            yield quiet_hours_and_timezone.at(span, zone=name, example="`Europe/Oslo`, `America/New_York`")


def _quiet_of(programme: Programme) -> QuietHours | None:
    return parse_quiet_hours(programme.settings.quiet_hours)


def _zone_of_email(campaign: Campaign, email: Email, facts: Facts) -> Iterator[Diagnostic]:
    written = email.send.zone
    if written in ("site", "patient"):
        return
    practice = facts.programme.settings.practice
    known = {practice.value("time_zone"), *(site.values.get("time_zone", "") for site in practice.sites.values())}
    span = email_span(facts, campaign, email, "send", "zone")
    if _is_no_place(written):
        fix = Fix("take the site's clock", (Edit(span, "site"),), Applicability.UNSAFE)
        yield quiet_hours_and_timezone.at(span, fixes=(fix,), zone=written, example="`site`, or such as `Europe/Oslo`")
    elif written not in known:
        yield quiet_hours_and_timezone.at(span, say="nobody", severity=Severity.WARNING, zone=written)


def _hour(campaign: Campaign, email: Email, quiet: QuietHours | None, facts: Facts) -> Iterator[Diagnostic]:
    at = time.fromisoformat(email.send.at)
    earliest, latest = (limits(_DATA)[name] for name in ("earliest-hour", "latest-hour"))
    say = ""
    if quiet is not None and quiet.hold_at(at):
        say = "" if email.send.quiet == "skip" else "quiet"  # then it never goes: LIF004
    elif quiet is None and campaign.layer != "essential" and not earliest.value <= _hours_of(at) <= latest.value:
        say = "hour"
    if say:
        yield quiet_hours_and_timezone.at(
            email_span(facts, campaign, email, "send", "at"),
            say=say,
            severity=Severity.WARNING,
            at=email.send.at,
            quiet=facts.programme.settings.quiet_hours,
            example="" if quiet is None else f"{quiet.end:%H:%M}",
            earliest=f"{earliest.value:02.0f}:00",
            latest=f"{latest.value:02.0f}:00",
        )
    elif not (quiet is not None and quiet.hold_at(at)):
        yield from _changed_clocks(campaign, email, facts)


def _changed_clocks(campaign: Campaign, email: Email, facts: Facts) -> Iterator[Diagnostic]:
    """The first zone in which the e-mail counts its time, and one night doesn't."""
    at = time.fromisoformat(email.send.at)
    for name in _zones_of(email, facts.programme):
        for start, end, what in _changes(name, facts.as_of):
            if any(start <= datetime.combine(day, at) < end for day in (start.date(), end.date())):
                yield quiet_hours_and_timezone.at(
                    email_span(facts, campaign, email, "send", "at"),
                    say="clock",
                    severity=Severity.WARNING,
                    day=f"{start:%d %B %Y}".lstrip("0"),
                    zone=name,
                    what=what,
                    at=email.send.at,
                )
                return


def _zones_of(email: Email, programme: Programme) -> Iterable[str]:
    """Where an e-mail counts its time: the practice's zone and its sites', or its own."""
    if email.send.zone not in ("site", "patient"):
        return (email.send.zone,)
    written = [values.get("time_zone", "") for _, values in practice_values(programme)]
    return dict.fromkeys(name for name in written if is_zone(name))


@lru_cache(maxsize=64)
def _changes(name: str, first: date) -> tuple[tuple[datetime, datetime, str], ...]:
    """What clocks in a zone show never, or twice, within a year: from when until when by the wall, and which."""
    where = zone(name)
    try:
        since = start_of_day(first, where)
        changes = tuple(clock_changes(where, since, since + _YEAR))
    except OverflowError:  # at the edge of the calendar
        return ()
    found = []
    for change in changes:
        before, after = wall_of(change - _SECOND, where) + _SECOND, wall_of(change, where)
        found.append((min(before, after), max(before, after), "never" if before < after else "twice"))
    return tuple(found)


def _hours(campaign: Campaign, email: Email, facts: Facts) -> Iterator[Diagnostic]:
    offset = email.send.offset
    if offset is None or offset.unit is not Unit.ABSOLUTE:
        return
    days, rest = divmod(abs(offset.minutes), _DAY_MINUTES)
    if days >= 2 and not rest:
        yield quiet_hours_and_timezone.at(
            email_span(facts, campaign, email, "send", "offset"),
            say="hours",
            severity=Severity.INFO,
            offset=str(offset),
            days=f"{days} days",
            calendar=f"{'-' if offset.minutes < 0 else ''}P{days}D",
        )


def _is_no_place(name: str) -> bool:
    return name.startswith("Etc/") or name in texts(_DATA, "no_place")


def _hours_of(at: time) -> float:
    return at.hour + at.minute / 60
