"""`per_day`: so many first e-mails a site and day, the others later, nobody after their time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.schedule.turns import Turn, Wish, take_turns
from campcompile.schedule.wall import wall_of
from campcompile.zones import zone

OSLO = zone("Europe/Oslo")
NINE = datetime(2026, 3, 27, 8, tzinfo=UTC)  # nine in Oslo, two days before clocks are put forward
DAY = timedelta(days=1)


def wish(number: int, site: str = "kaien", send: datetime = NINE, days: float = 30) -> Wish:
    return Wish(number=number, site=site, send=send, expires=send + days * DAY, zone=OSLO)


def days_of(*wishes: Wish, per_day: int, taken: dict[tuple[str, date], int] | None = None) -> dict[int, str]:
    turns = take_turns(wishes, per_day, parse_quiet_hours("21:00-08:00"), taken or {})
    return {turn.wish.number: _local(turn) for turn in turns}


def _local(turn: Turn) -> str:
    return "too late" if turn.send is None else f"{turn.send.astimezone(OSLO):%d %H:%M}"


def test_the_third_of_two_a_day_goes_the_next_day_at_the_same_time_of_day() -> None:
    assert days_of(wish(1), wish(2), wish(3), per_day=2) == {1: "27 09:00", 2: "27 09:00", 3: "28 09:00"}


def test_turns_are_taken_by_the_wall_where_clocks_change() -> None:
    assert list(days_of(*map(wish, range(4)), per_day=1).values()) == ["27 09:00", "28 09:00", "29 09:00", "30 09:00"]


def test_each_site_has_its_own_turns() -> None:
    assert days_of(wish(1), wish(2, site="fjellsiden"), per_day=1) == {1: "27 09:00", 2: "27 09:00"}


def test_whose_time_ends_first_goes_first() -> None:
    assert days_of(wish(1), wish(2, days=3), per_day=1) == {2: "27 09:00", 1: "28 09:00"}


def test_who_would_wait_too_long_is_told_and_takes_no_turn() -> None:
    found = days_of(wish(1, days=0.5), wish(2, days=0.5), wish(3, days=1), per_day=1)
    assert found == {1: "27 09:00", 2: "too late", 3: "28 09:00"}


def test_what_went_today_already_counts() -> None:
    assert days_of(wish(1), per_day=2, taken={("kaien", date(2026, 3, 27)): 2}) == {1: "28 09:00"}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 96), st.integers(0, 12), st.sampled_from(["kaien", "sentrum"])), max_size=40),
    st.integers(1, 4),
)
def test_no_day_holds_more_and_nobody_goes_early_or_late(drawn: list[tuple[int, int, str]], per_day: int) -> None:
    wishes = [
        wish(number, site, NINE + hours * timedelta(hours=1), days) for number, (hours, days, site) in enumerate(drawn)
    ]
    turns = list(take_turns(wishes, per_day, None, {}))
    assert sorted(turn.wish.number for turn in turns) == list(range(len(wishes)))
    goes = [(turn.wish, turn.send) for turn in turns if turn.send is not None]
    assert all(one.send <= send <= one.expires for one, send in goes)
    held = Counter((one.site, wall_of(send, OSLO).date()) for one, send in goes)
    assert max(held.values(), default=0) <= per_day
    for turn in turns:  # who is too late found every day full until then
        if turn.send is None:
            last = wall_of(turn.wish.expires - DAY, OSLO).date()
            day = wall_of(turn.wish.send, OSLO).date()
            while day <= last:
                assert held[turn.wish.site, day] == per_day
                day += DAY
