"""Days that conditions ask for, reckoned in Python: of an instant, months back, and until when a consent holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from campcompile.evaluate import whole_months
from campcompile.formula import Compare, Const, Formula, LocalDate, Today, children
from campcompile.formula import Elapsed as ElapsedFormula
from campcompile.manifest import Manifest
from campcompile.plan.facts import Facts, values_of
from campcompile.plan.tables import Cell, plain
from campcompile.runner.recipients import locale_for
from campcompile.schedule.life import consent_ends
from campcompile.schedule.sendings import Window
from campcompile.schedule.wall import clock_changes, moved, start_of_day
from campcompile.zones import zone

FIRST_YEAR, LAST_YEAR = 1950, 2060  # instants that a table may hold
_DAY = timedelta(days=1)
_FOR_EVER = datetime(LAST_YEAR + 1, 1, 1)


def local_offsets(manifests: Sequence[Manifest], facts: Facts) -> Iterator[tuple[Cell, ...]]:
    """How far each zone's clocks are from UTC, between any two of their changes, by year."""
    names = {name for manifest in manifests for name in _zones_asked(manifest, facts)}
    for name in sorted(names):
        yield from ((name, *row) for row in offsets_of(zone(name)))


def _zones_asked(manifest: Manifest, facts: Facts) -> Iterator[str]:
    picks = manifest.planning.picks.values()
    for formula in (*_conditions(manifest), *(pick.where for pick in picks)):
        for inner in _all_of(formula):
            if isinstance(inner, LocalDate | Today):
                yield from values_of(inner.zone, facts)
    for pick in picks:
        yield from values_of(pick.zone, facts)


@cache
def offsets_of(where: ZoneInfo) -> tuple[tuple[int, datetime, datetime, int], ...]:
    """(year, from, until, seconds) in UTC, for every year that a table may hold."""
    first, last = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    cuts = (first, *clock_changes(where, first, last), last)
    return tuple(row for since, until in pairwise(cuts) for row in _by_year(since, until, where))


def _by_year(since: datetime, until: datetime, where: ZoneInfo) -> Iterator[tuple[int, datetime, datetime, int]]:
    offset = since.astimezone(where).utcoffset()
    assert offset is not None
    while since < until:
        end = min(until, datetime(since.year + 1, 1, 1, tzinfo=UTC))
        yield since.year, plain(since), plain(end), int(offset.total_seconds())
        since = end


def days_back(manifests: Sequence[Manifest], window: Window) -> Iterator[tuple[Cell, ...]]:
    """For each day of the window and each number that a condition asks for: the latest day so long ago."""
    asked = {pair for manifest in manifests for pair in _numbers_asked(manifest)}
    day, last = window.since.date() - _DAY, window.until.date() + _DAY
    while day <= last:
        for unit, number in sorted(asked):
            yield day, unit, number, day_back(day, unit, number)
        day += _DAY


def _numbers_asked(manifest: Manifest) -> Iterator[tuple[str, int]]:
    for age in manifest.planning.adult_ages.values():
        yield "months", 12 * age
    picks = manifest.planning.picks.values()
    for formula in (*_conditions(manifest), *(pick.where for pick in picks)):
        for inner in _all_of(formula):
            match inner:
                case Compare(_, ElapsedFormula(unit, _, _), Const(int() as number)):
                    unit, width = ("months", 12) if unit == "years" else (unit, 1)
                    yield unit, number * width
                    yield unit, (number + 1) * width


def day_back(today: date, unit: str, number: int) -> date:
    """The latest day that lies so many whole months or days before `today`; at the calendar's end, its last day."""
    try:
        if unit == "days":
            return today - timedelta(days=number)
        day = moved(today, -number, 0)
        while whole_months(day + _DAY, today) >= number:
            day += _DAY
        while whole_months(day, today) < number:
            day -= _DAY
    except OverflowError:
        return date(1, 1, 1) if number > 0 else date(9999, 12, 31)
    return day


def consent_days(manifests: Sequence[Manifest], facts: Facts) -> Iterator[tuple[Cell, ...]]:
    """From when until when a consent that was given on a day is in force."""
    home = zone(manifests[0].practice.zone)
    lasting = {id: lasts for manifest in manifests for id, lasts in manifest.planning.consents.items()}
    for consent, given in facts.consents:
        if consent in lasting:
            until = plain(consent_ends(given, lasting[consent], home)) if lasting[consent] else _FOR_EVER
            yield consent, given, plain(start_of_day(given, home)), until


def reader_locales(manifests: Sequence[Manifest], facts: Facts) -> Iterator[tuple[Cell, ...]]:
    for manifest in manifests:
        record = manifest.recipient.record
        has_column = any(
            t.name == record and any(c.name == "locale" for c in t.columns) for t in manifest.planning.tables
        )
        if not has_column:
            yield manifest.code, "", manifest.locales.list[0]
            continue
        for written in ("", *facts.locales):
            yield manifest.code, written, locale_for(written, manifest.locales)


def _conditions(manifest: Manifest) -> Iterator[Formula]:
    yield manifest.audience.formula
    if manifest.stop_when is not None:
        yield manifest.stop_when.formula
    yield from (exclusion.formula for exclusion in manifest.planning.exclusions)
    yield from (manifest.derived[email.condition].formula for email in manifest.emails if email.condition)


def _all_of(formula: Formula) -> Iterator[Formula]:
    yield formula
    for child in children(formula):
        yield from _all_of(child)
