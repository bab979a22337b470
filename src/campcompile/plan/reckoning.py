"""All that a plan reckons in Python before an engine joins: the send calendar, local offsets, days back, consents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import product

from campcompile.audience.query import ENTRANTS
from campcompile.formula import Lookup
from campcompile.manifest import Email, Manifest, SendPlace
from campcompile.plan.days import consent_days, days_back, local_offsets, reader_locales
from campcompile.plan.facts import Facts, entries_of, values_of
from campcompile.plan.tables import (
    ANCHOR_DAYS,
    CONSENT_DAYS,
    DAYS_BACK,
    LOCAL_OFFSETS,
    READER_LOCALES,
    SEND_CALENDAR,
    WINDOW,
    Cell,
    LookupTable,
    plain,
)
from campcompile.schedule.life import FrequencyCap
from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.schedule.send_calendar import dated_row, day_rows, event_rows, instant_rows
from campcompile.schedule.sendings import Row, Sending, Window, looks_of
from campcompile.schedule.timing import Place, Timing
from campcompile.schedule.wall import start_of_day
from campcompile.values import dataclass
from campcompile.zones import zone

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)  # anchors are looked at by the second


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that a plan is for: sends from the first one's midnight on, in the practice's zone."""

    first: date
    days: int


def reckoned(manifests: Sequence[Manifest], span: Span, facts: Facts) -> tuple[LookupTable, ...]:
    """The tables, in an order in which they may be loaded."""
    window = window_of(manifests[0], span, with_late=facts.has_history)
    calendar = [row for manifest in manifests for row in _calendar(manifest, span, window, facts)]
    return (
        LookupTable(name="plan_window", columns=WINDOW, rows=[(plain(window.since), plain(window.until))]),
        LookupTable(name="send_calendar", columns=SEND_CALENDAR, rows=calendar),
        LookupTable(name="anchor_days", columns=ANCHOR_DAYS, rows=sorted(set(_anchor_days(calendar)))),
        LookupTable(name="local_offsets", columns=LOCAL_OFFSETS, rows=list(local_offsets(manifests, facts))),
        LookupTable(name="days_back", columns=DAYS_BACK, rows=list(days_back(manifests, window))),
        LookupTable(name="consent_days", columns=CONSENT_DAYS, rows=list(consent_days(manifests, facts))),
        LookupTable(name="reader_locales", columns=READER_LOCALES, rows=list(reader_locales(manifests, facts))),
    )


def window_of(manifest: Manifest, span: Span, *, with_late: bool) -> Window:
    """The window of a plan, in UTC, from midnight to midnight where the practice is."""
    home = zone(manifest.practice.zone)
    cap = manifest.practice.frequency_cap
    return Window(
        since=start_of_day(span.first, home),
        until=start_of_day(span.first + span.days * _DAY, home),
        home=home,
        cap=None if cap is None else FrequencyCap(cap.max, cap.per),
        with_late=with_late,
    )


# ── the send calendar ────────────────────────────────────────────────────────────────────────────────


def _calendar(manifest: Manifest, span: Span, window: Window, facts: Facts) -> Iterator[tuple[Cell, ...]]:
    for email in manifest.emails:
        place = manifest.planning.places[email.id]
        asks_holidays = (
            email.send.offset.endswith("BD") or email.send.expires.endswith("BD") or email.send.shift != "none"
        )
        known: dict[tuple[str, str], list[tuple[str, Row]]] = {}
        for where, holidays in _places(place, facts):
            key = where, holidays if asks_holidays else ""
            if key not in known:
                quiet = parse_quiet_hours(manifest.practice.quiet_hours)
                here = Place(zone=zone(where), holidays=key[1], quiet=quiet)
                known[key] = list(_rows_of(manifest, email, here, span, window, facts))
            for locale, row in known[key]:
                yield _cells(manifest.code, email.id, where, holidays, locale, row.sending, row)
    if manifest.anchor == "entry":
        for where in values_of(manifest.planning.home, facts):
            for sending, again in looks_of(manifest.reenter, zone(where), span.first, span.days, window):
                yield _cells(manifest.code, ENTRANTS, where, "", "", sending, None, again)


def _anchor_days(calendar: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[str, date]]:
    """The days, in UTC, on which anchors of a campaign lie that bring an e-mail: few of a table's years."""
    for row in calendar:
        one = dict(zip(SEND_CALENDAR, row, strict=True))
        since, until = one["anchor_from"], one["anchor_until"]
        if isinstance(since, datetime) and isinstance(until, datetime):
            last = (until - _SECOND).date()
            yield from ((str(one["campaign"]), since.date() + n * _DAY) for n in range((last - since.date()).days + 1))


def _places(place: SendPlace, facts: Facts) -> Iterable[tuple[str, str]]:
    """Every zone with the holidays that can go with it."""
    match place:
        case SendPlace(zone=Lookup(by, zones, zone_else), holidays=Lookup(others, holidays, otherwise)) if by == others:
            sites = dict.fromkeys((*dict(zones), *dict(holidays)))
            pairs = ((dict(zones).get(site, zone_else), dict(holidays).get(site, otherwise)) for site in sites)
            return dict.fromkeys(((zone_else, otherwise), *pairs))
        case _:
            return product(values_of(place.zone, facts), values_of(place.holidays, facts))


def _rows_of(
    manifest: Manifest, email: Email, place: Place, span: Span, window: Window, facts: Facts
) -> Iterator[tuple[str, Row]]:
    """The rows of an e-mail, each with the locale that it is for; "" for all."""
    timing = Timing.of(email.send)
    if timing.dates:
        for locale, day in timing.dates.items():
            row = dated_row(timing, day, place, window)
            if row is not None:
                yield locale, row
        return
    anchor = email.send.anchor
    if anchor == "event.start":
        assert manifest.event is not None, "an anchor on an event that isn't there is a finding"
        rows: Iterable[Row] = event_rows(timing, datetime.fromisoformat(manifest.event.start), place, window)
    elif anchor == "entry":
        first = _day(facts.anchors.get(entries_of(manifest), (span.first, span.first))[0])
        rows = day_rows(timing, place, window, min(first, span.first - _DAY), span.first + span.days * _DAY)
    else:
        found = facts.anchors.get(anchor)
        rows = () if found is None else _counted_rows(timing, place, window, *found)
    yield from (("", row) for row in rows)


def _counted_rows(
    timing: Timing, place: Place, window: Window, earliest: date | datetime, latest: date | datetime
) -> Iterator[Row]:
    if isinstance(earliest, datetime) and isinstance(latest, datetime):
        return instant_rows(timing, place, window, earliest, latest)
    return day_rows(timing, place, window, _day(earliest), _day(latest))


def _cells(
    code: str,
    email: str,
    where: str,
    holidays: str,
    locale: str,
    sending: Sending,
    row: Row | None,
    again: date | None = None,
) -> tuple[Cell, ...]:
    moving: list[Cell] = []
    for name in ("send", "expires", "counted_since"):
        fixed = getattr(sending, name) if row is None else row.instant(name)
        moving += [_plain(fixed), None if row is None else row.seconds(name)]
    anchors: tuple[Cell, ...] = (None, None, None, 0)
    if row is not None:
        anchors = (_plain(row.anchor_from), _plain(row.anchor_until), row.anchor_day, row.repetition)
    return (
        *(code, email, where, holidays, locale),
        *anchors,
        *moving,
        *(_plain(sending.quiet_from), _plain(sending.quiet_until)),
        *(sending.today, sending.home_today, again, sending.late, sending.why),
    )


def _plain(instant: datetime | None) -> datetime | None:
    return None if instant is None else plain(instant)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
