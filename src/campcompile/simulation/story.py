"""What a simulation tells: each person's window, e-mails and fullest week, for every form of report."""

from __future__ import annotations

from datetime import datetime, timedelta

from campcompile.simulation.life import simulate
from campcompile.simulation.outcome import Outcome, Status
from campcompile.simulation.person import Person
from campcompile.simulation.series import Practice
from campcompile.simulation.worst import Worst, fullest_week
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One person's part."""

    person: Person
    since: datetime  # in the practice's zone
    until: datetime
    outcomes: tuple[Outcome, ...]
    week: tuple[Outcome, ...]  # the fullest seven days

    def count(self, status: Status) -> int:
        return sum(one.status is status for one in self.outcomes)

    @property
    def going(self) -> int:
        return sum(one.status.goes for one in self.outcomes)


def story_of(practice: Practice, person: Person, since: datetime, days: int) -> Story:
    """One person from `since` on, `days` long."""
    until = since + timedelta(days=days)
    outcomes = simulate(practice, person, since, until)
    return Story(person=person, since=since, until=until, outcomes=outcomes, week=fullest_week(outcomes))


def story_of_worst(found: Worst) -> Story:
    """The witness of a search."""
    return Story(person=found.person, since=found.since, until=found.until, outcomes=found.outcomes, week=found.week)
