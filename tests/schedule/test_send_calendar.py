"""The send calendar says of every anchor what `moment` says of it, on days on which clocks are changed too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campcompile.model.timing import parse_date, parse_offset
from campcompile.schedule.life import FrequencyCap
from campcompile.schedule.moments import moment
from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.schedule.send_calendar import day_rows, instant_rows
from campcompile.schedule.sendings import Row, Sending, Window, sending_of
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.zones import zone

OSLO = zone("Europe/Oslo")
CASES = [
    ("Europe/Oslo", date(2026, 3, 28)),
    ("Europe/Paris", date(2026, 10, 24)),
    ("America/New_York", date(2026, 3, 7)),
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("America/Santiago", date(2026, 4, 4)),  # a midnight that comes twice
    ("Asia/Taipei", date(2026, 6, 1)),
    ("Pacific/Apia", date(2011, 12, 29)),  # a day that is missing
]

OFFSETS = ["-P7D", "-P1D", "P0D", "P2D", "P1M", "-PT24H", "-PT3H", "-PT700H", "PT30M", "-1BD", "4BD", "PT90M"]


def timing(offset: str, at: str, shift: str, quiet: str, expires: str, repeat: str = "") -> Timing:
    return Timing(
        offset=parse_offset(offset),
        dates={},
        at=time.fromisoformat(at) if at else None,
        shift=shift,
        quiet=quiet,
        expires=parse_date(expires) or parse_offset(expires),
        repeat=parse_offset(repeat),
        times=None,
    )


def found(rows: Iterable[Row], anchor: datetime) -> list[Sending]:
    """What the rows say of one anchor, as an engine would join them."""
    result = []
    for row in rows:
        assert row.anchor_from is not None and row.anchor_until is not None
        if row.anchor_from <= anchor < row.anchor_until:
            instants = {name: _instant(row, name, anchor) for name in ("send", "expires", "counted_since")}
            result.append(Sending(**{**{n: getattr(row.sending, n) for n in Sending.__slots__}, **instants}))
    return result


def _instant(row: Row, name: str, anchor: datetime) -> datetime | None:
    seconds = row.seconds(name)
    return row.instant(name) if seconds is None else anchor + timedelta(seconds=seconds)


@settings(max_examples=5, deadline=None)
@given(
    where=st.sampled_from(CASES),
    offset=st.sampled_from(OFFSETS),
    at=st.sampled_from(["", "09:00", "02:30", "00:00", "22:15"]),
    shift=st.sampled_from(["none", "previous", "next"]),
    quiet=st.sampled_from(["later", "earlier", "skip"]),
    hours=st.sampled_from(["", "21:00-08:00", "01:30-03:10", "12:00-13:30"]),
    expires=st.sampled_from(["", "", "-PT1H", "P1D", "P3D", "2026-03-30"]),
    with_late=st.booleans(),
    data=st.data(),
)
def test_every_anchor_is_sent_at_its_moment(
    where: tuple[str, date],
    offset: str,
    at: str,
    shift: str,
    quiet: str,
    hours: str,
    expires: str,
    with_late: bool,
    data: st.DataObject,
) -> None:
    is_absolute = "T" in offset
    made = timing(offset, "" if is_absolute else at, "none" if is_absolute else shift, quiet, expires)
    place = Place(zone=zone(where[0]), holidays="NO", quiet=parse_quiet_hours(hours))
    since = datetime.combine(where[1], time(0), place.zone).astimezone(UTC)
    cap = FrequencyCap(1, "P7D")
    window = Window(since=since, until=since + timedelta(days=2), home=OSLO, cap=cap, with_late=with_late)
    first, last = since - timedelta(days=45), since + timedelta(days=40)
    rows = list(instant_rows(made, place, window, first, last))
    minutes = st.integers(0, 85 * 24 * 60)
    anchors = {first + timedelta(minutes=m) for m in data.draw(st.lists(minutes, min_size=10, max_size=10))}
    edges = {edge for row in rows for edge in (row.anchor_from, row.anchor_until) if edge is not None}
    anchors |= {edge + timedelta(seconds=s) for edge in edges for s in (-1, 0, 1)}
    for anchor in anchors:
        if first <= anchor <= last:
            expected = sending_of(moment(made, Anchor(id="a", start=anchor), place), made, place, window)
            assert found(rows, anchor) == ([] if expected is None else [expected]), anchor


@settings(max_examples=25, deadline=None)
@given(
    where=st.sampled_from(CASES),
    offset=st.sampled_from([one for one in OFFSETS if "T" not in one]),
    shift=st.sampled_from(["none", "previous", "next"]),
    quiet=st.sampled_from(["later", "earlier", "skip"]),
    expires=st.sampled_from(["", "P1D", "P1M", "3BD"]),
    repeat=st.sampled_from(["", "P1M", "P12M", "P7D"]),
    with_late=st.booleans(),
)
def test_every_day_is_sent_at_its_moment(
    where: tuple[str, date], offset: str, shift: str, quiet: str, expires: str, repeat: str, with_late: bool
) -> None:
    made = timing(offset, "09:00", shift, quiet, expires, repeat)
    place = Place(zone=zone(where[0]), holidays="NO", quiet=parse_quiet_hours("07:00-11:15"))
    since = datetime.combine(where[1], time(0), place.zone).astimezone(UTC)
    window = Window(since=since, until=since + timedelta(days=2), home=OSLO, with_late=with_late)
    first, last = where[1] - timedelta(days=400), where[1] + timedelta(days=12)
    rows = {(row.anchor_day, row.repetition): row.sending for row in day_rows(made, place, window, first, last)}
    for ago in range(0, 412, 3 if not repeat else 29):
        anchor = Anchor(id="a", start=last - timedelta(days=ago))
        for k in range(14 if repeat else 1):
            expected = sending_of(moment(made, anchor, place, k), made, place, window)
            assert rows.get((anchor.start, k)) == expected, (anchor.start, k)


@pytest.mark.parametrize(
    ("born", "day"),
    [(date(1990, 3, 5), True), (date(1990, 3, 6), False), (date(2024, 2, 29), False)],
)
def test_a_birthday_comes_every_year(born: date, day: bool) -> None:
    made = timing("P0D", "09:00", "none", "later", "", "P12M")
    place = Place(zone=OSLO)
    since = datetime(2026, 3, 5, tzinfo=OSLO)
    window = Window(since=since, until=since + timedelta(days=1), home=OSLO)
    days = {row.anchor_day for row in day_rows(made, place, window, date(1930, 1, 1), date(2026, 3, 1))}
    assert (born in days) is day


@example(date(2024, 2, 29))
@settings(max_examples=20, deadline=None)
@given(st.dates(date(1930, 1, 1), date(2024, 12, 31)))
def test_each_birthday_has_one_row_a_year(born: date) -> None:
    made = timing("P0D", "09:00", "none", "later", "", "P12M")
    since = datetime(2025, 1, 1, tzinfo=OSLO)
    window = Window(since=since, until=since + timedelta(days=365), home=OSLO)
    rows = [row for row in day_rows(made, Place(zone=OSLO), window, born, born) if row.repetition]
    assert len(rows) == 1
