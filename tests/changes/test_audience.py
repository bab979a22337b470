"""Whether an audience grew is proved, or left open: nobody is told that nothing changes for people where it does."""

from __future__ import annotations

import pytest

from campcompile.changes.account import Direction, Selected
from tests.changes.clinic import RE, REMINDERS, account

BOOKED = 'appointment.status == "booked"'
EITHER = 'appointment.status in ["booked", "cancelled"]'
NAMED = f"{BOOKED} and patient.first_name is set"


def told(before: str, after: str) -> list[Direction]:
    def files(where: str) -> dict[str, str]:
        return {RE: REMINDERS.replace("audience: upcoming", f"audience:\n  where: {where}")}

    found = account(files(after), files(before))
    return [one.detail.direction for one in found.all_changes() if isinstance(one.detail, Selected)]


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        (BOOKED, EITHER, Direction.WIDENED),
        (EITHER, BOOKED, Direction.NARROWED),
        (NAMED, BOOKED, Direction.WIDENED),
        (BOOKED, NAMED, Direction.NARROWED),
        (BOOKED, 'appointment.status == "cancelled"', Direction.SHIFTED),
        ("months_since(appointment.start) >= 12", "months_since(appointment.start) >= 6", Direction.WIDENED),
        (f"{BOOKED} or patient.first_name is set", NAMED, Direction.NARROWED),
    ],
)
def test_the_direction_of_a_change_is_proved(before: str, after: str, direction: Direction) -> None:
    assert told(before, after) == [direction]


def test_who_is_selected_by_the_same_words_in_another_order_stays() -> None:
    assert told(NAMED, f"patient.first_name is set and {BOOKED}") == []


def test_an_end_that_comes_for_more_people_narrows() -> None:
    stopping = REMINDERS.replace("locales: [en]", f"stop_when: {BOOKED}\nlocales: [en]")
    [found] = [one for one in account({RE: stopping}).all_changes() if one.topic == "stop_when"]
    assert isinstance(found.detail, Selected)
    assert found.detail.direction is Direction.NARROWED
