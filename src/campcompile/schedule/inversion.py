"""An e-mail's instant as a function of its anchor, cut into stretches on which it stays, or moves with the anchor.

The stretches are found by asking `moment` itself, at both ends and in the middle of ever smaller pieces,
so that they can't say anything else than it does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from campcompile.model.timing import Unit
from campcompile.schedule.moments import Moment, moment_on_calendar
from campcompile.schedule.sendings import Row, Sending, Window, sending_of
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.schedule.wall import clock_changes, instants_of, wall_of

LONGEST_WAIT = timedelta(days=62)  # an e-mail that may go until a date isn't looked for further back
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOVING = ("send", "expires", "counted_since")
_FIXED = ("late", "why", "today", "home_today", "quiet_from", "quiet_until")


def inverted(timing: Timing, place: Place, window: Window, k: int, *, first: datetime, last: datetime) -> Iterator[Row]:
    """The rows of the `k`-th repetition for the anchors from `first` on, and before `last`."""
    yield from _joined(_Inverted(timing, place, window, k).rows(first, last))


class _Inverted:
    """One repetition of an e-mail as a function of its anchor, cut into stretches on which it is plain."""

    def __init__(self, timing: Timing, place: Place, window: Window, k: int) -> None:
        self.timing = timing
        self.place = place
        self.window = window
        self.k = k
        self.known: dict[int, Moment | None] = {}

    def rows(self, first: datetime, last: datetime) -> Iterator[Row]:
        """Rows for the anchors from `first` on, and before `last`."""
        for low, high in self._near(_seconds(first), _seconds(last)):
            cuts = sorted({low, high, *(cut for cut in self._cuts(_instant(low), _instant(high)) if low < cut < high)})
            near = [piece for piece in pairwise(cuts) if self._may_meet(*piece)]
            for begin, end in _plain(near, self._raw_is_plain):
                edges = sorted({begin, end, *self._edges(begin, end)})
                for one, other in _plain(pairwise(edges), self._is_plain):
                    yield from self._row(one, other)

    def _near(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The stretches of whole days, as long as can be, that may bring something into the window."""
        low = high = first
        while high < last:
            following = min(high + 86_400, last)
            if not self._may_meet(high, following):
                if low < high:
                    yield low, high
                low = following
            high = following
        if low < high:
            yield low, high

    def _row(self, low: int, high: int) -> Iterator[Row]:
        sending = self.sending(low)
        if sending is None:
            return
        moving: frozenset[str] = frozenset()
        if high - low > 1:
            there = self.sending(high - 1)
            assert there is not None
            moving = frozenset(name for name in _MOVING if getattr(sending, name) != getattr(there, name))
        yield Row(
            sending=sending, repetition=self.k, anchor_from=_instant(low), anchor_until=_instant(high), moving=moving
        )

    def moment(self, anchor: int) -> Moment | None:
        if anchor not in self.known:
            start = Anchor(id="", start=_instant(anchor))
            self.known[anchor] = moment_on_calendar(self.timing, start, self.place, self.k)
        return self.known[anchor]

    def sending(self, anchor: int) -> Sending | None:
        found = self.moment(anchor)
        return None if found is None else sending_of(found, self.timing, self.place, self.window)

    def _may_meet(self, low: int, high: int) -> bool:
        """Whether something may be due in the window: not where it surely was long ago, or will be long after."""
        ends = [found for found in (self.moment(low), self.moment(high - 1)) if found is not None]
        if not ends:
            return False
        begin = self.window.since - 2 * _DAY
        latest = max(max(found.due, found.expires) if self.window.with_late else found.due for found in ends)
        return latest >= begin and min(found.due for found in ends) < self.window.until + 2 * _DAY

    def _raw_is_plain(self, low: int, high: int) -> bool:
        ends = [self.moment(anchor) for anchor in (low, (low + high) // 2, high)]
        if None in ends:
            return all(end is None for end in ends)
        a, b, c = (end for end in ends if end is not None)
        steps = ((low, a, (low + high) // 2, b), (low, a, high, c))
        return a.why_not is b.why_not is c.why_not and all(
            _keeps(one, there, getattr(first, name), getattr(second, name))
            for one, first, there, second in steps
            for name in ("due", "expires", "send")
        )

    def _is_plain(self, low: int, high: int) -> bool:
        middle = (low + high) // 2
        a, b, c = (self.sending(anchor) for anchor in (low, middle, high))
        if a is None or b is None or c is None:
            return a is None and b is None and c is None
        steps = ((middle, b), (high, c))
        return all(_alike(a, other) for _, other in steps) and all(
            _moves_alike(name, (low, a), (middle, b), (high, c)) for name in _MOVING
        )

    def _edges(self, low: int, high: int) -> Iterator[int]:
        """Where what moves with the anchor crosses the window's ends, or its own deadline."""
        here, there = self.moment(low), self.moment(high - 1)
        if here is None or there is None or high - low < 2:
            return
        for name in ("send", "due", "expires"):
            at, then = getattr(here, name), getattr(there, name)
            if at is not None and at != then:
                for bound in (self.window.since, self.window.until):
                    edge = _seconds(bound) - (_seconds(at) - low)
                    yield from (cut for cut in (edge, edge + 1) if low < cut < high)

    def _cuts(self, first: datetime, last: datetime) -> Iterator[int]:
        """Local midnights, and the times of day at which quiet hours or a changed clock may bear on the send."""
        offset, moves = self.timing.offset, self.timing.at is None
        minutes = offset.minutes if offset is not None and offset.unit is Unit.ABSOLUTE else 0
        times = {time(0)}
        if self.place.quiet is not None and moves:
            times |= {self.place.quiet.start, self.place.quiet.end}
        zone, window = self.place.zone, self.window
        distances = {timedelta(0), timedelta(minutes=minutes)}
        for change in clock_changes(
            zone, min(first, window.since) - LONGEST_WAIT, max(last, window.until) + LONGEST_WAIT
        ):
            yield from (_seconds(change - distance) for distance in distances)
            if moves or self.timing.expires is not None:
                times |= {wall_of(change, zone).time(), (wall_of(change - _SECOND, zone) + _SECOND).time()}
        for distance in distances:
            for instant in _at_times(times, zone, first + distance, last + distance):
                cut = _seconds(instant - distance)
                yield from (cut, cut + 1) if moves else (cut,)


def _joined(rows: Iterable[Row]) -> Iterator[Row]:
    """Neighbours that say the same become one row."""
    last: Row | None = None
    for row in rows:
        moving = None if last is None else _moving_in_both(last, row)
        if last is not None and moving is not None:
            last = replace(last, anchor_until=row.anchor_until, moving=moving)
            continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


def _moving_in_both(one: Row, other: Row) -> frozenset[str] | None:
    """What moves with the anchor in two neighbours that say the same; None where they don't.

    A row of a single second may be said to move, or not to.
    """
    if one.anchor_until != other.anchor_from or not _alike(one.sending, other.sending):
        return None
    assert one.anchor_from is not None and other.anchor_from is not None
    moving = set()
    for name in _MOVING:
        here, there = getattr(one.sending, name), getattr(other.sending, name)
        if here == there and name not in one.moving | other.moving:
            continue
        is_parallel = here is not None and there is not None and there - here == other.anchor_from - one.anchor_from
        if not is_parallel or not all(name in row.moving or row.is_one_second for row in (one, other)):
            return None
        moving.add(name)
    return frozenset(moving)


def _plain(pieces: Iterable[tuple[int, int]], is_plain: Callable[[int, int], bool]) -> Iterator[tuple[int, int]]:
    """The same stretches, halved until each is plain from its first to its last second."""
    stack = sorted(pieces, reverse=True)
    while stack:
        low, high = stack.pop()
        if high - low <= 1 or is_plain(low, high - 1):
            yield low, high
        else:
            middle = (low + high) // 2
            stack += [(middle, high), (low, middle)]


def _keeps(low: int, high: int, here: datetime | None, there: datetime | None) -> bool:
    """Whether an instant stays, or moves with the anchor."""
    if here is None or there is None:
        return here is there
    return (there - here).total_seconds() in (0, high - low)


def _alike(one: Sending, other: Sending) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _FIXED)


def _moves_alike(name: str, *points: tuple[int, Sending]) -> bool:
    """Whether an instant stays at all points, or moves with the anchor at all of them."""
    first = points[0]
    pairs = [(at, getattr(sending, name)) for at, sending in points]
    if any(value is None for _, value in pairs):
        return all(value is None for _, value in pairs)
    distances = [((value - getattr(first[1], name)).total_seconds(), at - first[0]) for at, value in pairs]
    return all(moved == 0 for moved, _ in distances) or all(moved == gone for moved, gone in distances)


def _at_times(times: Collection[time], zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Every instant from a day before `first` to a day after `last` at which a clock shows one of the times."""
    day, final = wall_of(first, zone).date() - _DAY, wall_of(last, zone).date() + _DAY
    while day <= final:
        for clock in times:
            yield from instants_of(datetime.combine(day, clock), zone)
        day += _DAY


def _seconds(instant: datetime) -> int:
    return int((instant - _EPOCH).total_seconds())


def _instant(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)
