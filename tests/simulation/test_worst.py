"""The search for the fullest week: the same witness every time, as a file that tells the same again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campcompile.simulation.outcome import Outcome, Status
from campcompile.simulation.person_yaml import person_yaml
from campcompile.simulation.story import story_of
from campcompile.simulation.worst import WEEK, fullest_week, sample_person, worst_week
from tests.simulation.lives import NEWS, OSLO, RECALL, REMINDERS, SINCE, WELCOME, outcomes, practice, read

ALL = practice(("news", NEWS), ("recall", RECALL), ("reminders", REMINDERS), ("welcome", WELCOME))
ONE = outcomes(practice(("reminders", REMINDERS)), """
kari:
  patient: {email: kari@post.example, locale: en, country: "NO"}
  appointment: {a1: {start: "2026-11-20T10:00", status: booked}}
""")[0]  # fmt: skip


def going(hours: list[int]) -> list[Outcome]:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    return [replace(ONE, at=start + timedelta(hours=hour), status=Status.SENT) for hour in hours]


@given(st.lists(st.integers(0, 1_000), max_size=20))
def test_the_fullest_week_is_the_fullest(hours: list[int]) -> None:
    found = fullest_week(going(hours))
    most = max((sum(0 <= other - hour < 168 for other in hours) for hour in hours), default=0)
    assert len(found) == most
    assert not found or found[-1].at - found[0].at < WEEK


def test_what_does_not_go_fills_no_week() -> None:
    dropped = [replace(one, status=Status.DROPPED) for one in going([1, 2, 3])]
    assert fullest_week(dropped) == ()


def test_the_search_finds_a_collision_and_its_witness_as_a_file_collides_again() -> None:
    found = worst_week(ALL, SINCE, 60)
    assert found == worst_week(ALL, SINCE, 60), "the same on every machine"
    assert len(found.week) >= 6, "two visits' reminders and the welcome series"
    printed = "\n".join(person_yaml(found.person, OSLO))
    again = story_of(ALL, read(printed, ALL.programme).people[0], found.since, 42)
    assert [(one.name, one.at) for one in again.week] == [(one.name, one.at) for one in found.week]


def test_the_witness_has_nothing_that_the_week_does_not_need() -> None:
    found = worst_week(ALL, SINCE, 60)
    assert "patient.in_care" not in found.person.rows["patient"]["sample"]


def test_somebody_made_up_is_reminded_of_a_visit() -> None:
    found = story_of(ALL, sample_person(ALL, SINCE), SINCE, 30)
    assert {"reminders/week", "reminders/three-days", "reminders/day"} <= {
        one.name for one in found.outcomes if one.status.goes
    }
