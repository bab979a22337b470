"""What holds for every schedule, zone and day: order, deadline, quiet hours, and planning twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from campcompile.model.timing import Offset, Unit
from campcompile.schedule.moments import Moment, at_once, moment, moments
from campcompile.schedule.quiet_hours import QuietHours
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.schedule.wall import end_of_day, instant_of, instants_of, start_of_day, wall_of
from campcompile.zones import zone

ZONES = (
    "Europe/Oslo", "Europe/Paris", "America/New_York", "America/Phoenix", "America/Noronha", "Asia/Taipei",
    "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca", "America/St_Johns", "Asia/Gaza",
    "Antarctica/Troll", "Pacific/Kiritimati", "UTC",
)  # fmt: skip
CALENDARS = ("NO", "US", "FR", "FR-57", "TW")
TURNS = (  # around these days some clock jumps
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 4), date(2026, 10, 25), date(2026, 11, 1), date(2011, 12, 30),
    date(2024, 2, 29), date(2026, 4, 5), date(2026, 12, 25),
)  # fmt: skip

FEW = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PARTS = 5  # of the ten thousand, so that all cores have some
MANY = settings(
    FEW, max_examples=10_000 // PARTS, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # shrinking takes minutes

days = st.one_of(
    st.dates(date(2009, 1, 1), date(2032, 12, 31)),
    st.builds(lambda turn, few: turn + timedelta(days=few), st.sampled_from(TURNS), st.integers(-9, 9)),
)
clocks = st.one_of(st.builds(time, st.integers(0, 23), st.integers(0, 59)), st.sampled_from([time(2, 30), time(0)]))
zones = st.sampled_from(ZONES)
quiet_hours = st.one_of(
    st.none(),
    st.just(QuietHours(time(21), time(8))),
    st.tuples(clocks, clocks).filter(lambda ends: ends[0] != ends[1]).map(lambda ends: QuietHours(*ends)),
)
places = st.builds(Place, zone=zones.map(zone), holidays=st.sampled_from(CALENDARS), quiet=quiet_hours)


def signed(unit: Unit, months: int, days: int, minutes: int, sign: int) -> Offset:
    match unit:
        case Unit.CALENDAR:
            return Offset(unit=unit, months=sign * months, days=sign * days)
        case Unit.ABSOLUTE:
            return Offset(unit=unit, minutes=sign * minutes)
        case Unit.BUSINESS:
            return Offset(unit=unit, days=sign * (days % 15))


offsets = st.builds(
    signed,
    st.sampled_from(Unit),
    st.integers(0, 14),
    st.integers(0, 40),
    st.integers(0, 20_000),
    st.sampled_from([-1, 1]),
)


@st.composite
def timings(draw: st.DrawFn) -> Timing:
    offset = draw(offsets)
    is_absolute = offset.unit is Unit.ABSOLUTE
    return Timing(
        offset=offset,
        dates={},
        at=None if is_absolute else draw(st.none() | clocks),
        shift="none" if is_absolute else draw(st.sampled_from(["none", "previous", "next"])),
        quiet=draw(st.sampled_from(["later", "earlier", "skip"])),
        expires=draw(st.none() | offsets),
        repeat=draw(st.none() | st.sampled_from([Offset(unit=Unit.CALENDAR, months=m, days=d) for m, d in
                                                 ((0, 1), (0, 7), (1, 0), (3, 0), (12, 0))])),
        times=None,
    )  # fmt: skip


@st.composite
def anchors(draw: st.DrawFn) -> Anchor:
    if draw(st.booleans()):
        return Anchor(id="a", start=draw(days))
    wall = datetime.combine(draw(days), draw(clocks))
    return Anchor(id="a", start=instant_of(wall, zone(draw(zones))))


def holds_for_every_moment(written: Timing, anchor: Anchor, where: Place, k: int) -> None:
    found = moment(written, anchor, where, k)
    assert (found.send is None) == (found.why_not is not None)
    if found.send is None:
        return
    assert found.send <= found.expires, "never after the deadline"
    assert where.quiet is None or not where.quiet.hold(found.send, where.zone), "never inside quiet hours"
    assert found.send.tzinfo is UTC
    if written.quiet == "later":
        assert found.send >= found.due
    if written.quiet == "earlier":
        assert found.send <= found.due
    assert written.offset is not None
    if written.offset.sign < 0 and anchor.is_instant and written.expires is None:
        assert found.send <= found.anchor - timedelta(hours=2), "no reminder within two hours of its appointment"


def holds_for_what_is_late(written: Timing, anchor: Anchor, where: Place, minutes: int) -> None:
    found = moment(written, anchor, where)
    now = found.due + timedelta(minutes=minutes)
    late = at_once(found, now, written, where)
    assert (late.send is None) == (late.why_not is not None)
    if late.send is not None:
        assert now <= late.send <= found.expires
        assert where.quiet is None or not where.quiet.hold(late.send, where.zone)


def ordered(written: Timing, first: Anchor, second: Anchor, where: Place) -> tuple[Anchor, Anchor] | None:
    """Two anchors in the order that the offset counts in; None where order isn't promised."""
    if written.offset is None or written.expires is not None:
        return None
    if written.offset.unit is Unit.ABSOLUTE:
        both_instants = first.is_instant and second.is_instant
        one, other = sorted((first, second), key=lambda anchor: anchor.instant_in(where.zone))
        return (one, other) if both_instants else None
    one, other = sorted((first, second), key=lambda anchor: anchor.day_in(where.zone))
    return (one, other) if written.at is not None else None


def holds_for_two_anchors(written: Timing, first: Anchor, second: Anchor, where: Place) -> None:
    """Monotone in the anchor: a later one never brings an earlier e-mail.

    Said of days where `at` gives the time, and of instants where hours count. A time of day that comes from the
    anchor may pass another by the length of the jump, on the one day on which a clock jumps over it.
    """
    pair = ordered(written, first, second, where)
    if pair is None:
        return
    one, other = (moment(written, anchor, where) for anchor in pair)
    assert one.due <= other.due
    if one.send is not None and other.send is not None:
        assert one.send <= other.send


def holds_for_planning_twice(written: Timing, anchor: Anchor, where: Place, since: date, cut: int) -> None:
    """The same repetitions with the same instants, whatever windows the planner asks for."""
    begin = start_of_day(since, where.zone)
    middle, end = begin + timedelta(days=cut), begin + timedelta(days=14)
    whole = dict(moments(written, anchor, where, begin, end))
    first, then = (
        dict(moments(written, anchor, where, begin, middle)),
        dict(moments(written, anchor, where, middle, end)),
    )
    assert first | then == whole
    assert whole == dict(moments(written, anchor, where, begin, end))
    for k, found in whole.items():
        assert moment(written, anchor, where, k) == found


def holds_for_walls(day: date, clock: time, name: str) -> None:
    where, wall = zone(name), datetime.combine(day, clock)
    shown = [wall_of(instant, where) for instant in instants_of(wall, where)]
    assert all(back >= wall for back in shown)
    if shown[0] == wall:
        assert all(back == wall for back in shown)
    else:
        assert len(shown) == 1
    assert start_of_day(day, where) <= end_of_day(day, where) or wall_of(start_of_day(day, where), where).date() > day


@FEW
@given(timings(), anchors(), places, st.integers(0, 40))
def test_never_after_the_deadline_and_never_in_quiet_hours(t: Timing, a: Anchor, p: Place, k: int) -> None:
    holds_for_every_moment(t, a, p, k)


@FEW
@given(timings(), anchors(), places, st.integers(0, 5_000))
def test_what_is_late_goes_at_once_in_time_and_by_day(t: Timing, a: Anchor, p: Place, minutes: int) -> None:
    holds_for_what_is_late(t, a, p, minutes)


@FEW
@given(timings(), anchors(), anchors(), places)
def test_a_later_anchor_never_brings_an_earlier_email(t: Timing, a: Anchor, b: Anchor, p: Place) -> None:
    holds_for_two_anchors(t, a, b, p)


@FEW
@given(timings(), anchors(), places, days, st.integers(0, 14))
def test_planning_in_pieces_or_twice_is_planning_once(t: Timing, a: Anchor, p: Place, since: date, cut: int) -> None:
    holds_for_planning_twice(t, a, p, since, cut)


@FEW
@given(days, clocks, zones)
def test_a_wall_time_is_shown_at_its_instant_or_jumped_over(day: date, clock: time, name: str) -> None:
    holds_for_walls(day, clock, name)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@MANY
@given(
    t=timings(),
    a=anchors(),
    b=anchors(),
    p=places,
    k=st.integers(0, 40),
    minutes=st.integers(0, 5_000),
    since=days,
    cut=st.integers(0, 14),
)
def test_ten_thousand_schedules_hold_all_of_it(
    part: int, t: Timing, a: Anchor, b: Anchor, p: Place, k: int, minutes: int, since: date, cut: int
) -> None:
    holds_for_every_moment(t, a, p, k)
    holds_for_what_is_late(t, a, p, minutes)
    holds_for_two_anchors(t, a, b, p)
    holds_for_planning_twice(t, a, p, since, cut)


def test_a_monotone_order_could_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The property above is no tautology: a clock that runs backwards breaks it."""
    written = Timing(offset=Offset(unit=Unit.ABSOLUTE, minutes=0), dates={}, at=None, shift="none", quiet="later",
                     expires=None, repeat=None, times=None)  # fmt: skip
    first, second = (Anchor(id="a", start=datetime(2026, 11, day, tzinfo=UTC)) for day in (1, 2))

    def backwards(_: Timing, anchor: Anchor, __: Place) -> Moment:
        instant = datetime(2026, 1, 1, tzinfo=UTC) - (anchor.instant_in(zone("UTC")) - datetime(2026, 1, 1, tzinfo=UTC))
        return Moment(anchor=instant, due=instant, expires=instant, send=instant)

    monkeypatch.setattr("tests.schedule.test_properties.moment", backwards)
    with pytest.raises(AssertionError):
        holds_for_two_anchors(written, first, second, Place(zone=zone("UTC")))
