"""What became of one e-mail for one person, when, and why in plain words."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from campcompile.schedule.moments import Why
from campcompile.simulation.series import Series, Step
from campcompile.values import dataclass


class Status(Enum):
    SENT = "sent"
    DEFERRED = "deferred"  # sent, but later than it was due
    DROPPED = "dropped"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def goes(self) -> bool:
        return self in (Status.SENT, Status.DEFERRED)


@dataclass(frozen=True, slots=True)
class Reason:
    """A word for programs and words for people: `quiet-hours`, "it was due in quiet hours, and goes at their end"."""

    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One e-mail of one run: an anchor and a person."""

    series: Series
    step: Step
    recipient: str  # the id of the row that is written to
    anchor: str  # the id of the event that it counts from
    anchor_start: datetime | None  # None for a day or a date
    due: datetime
    expires: datetime
    at: datetime  # when it goes; for others, when that was decided
    zone: str
    status: Status
    why: tuple[Reason, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.series.campaign.folder}/{self.step.email.id}"


OF_TIME = {
    Why.SKIPPED_IN_QUIET_HOURS: Reason("quiet-skip", "it was due in quiet hours, and its `quiet` is `skip`"),
    Why.QUIET_PAST_DEADLINE: Reason("quiet-past-deadline", "quiet hours hold it until its time is over"),
    Why.QUIET_BEFORE_ANCHOR: Reason("quiet-before-anchor", "going before the quiet hours, it would precede its event"),
    Why.TOO_NEAR: Reason("too-near", "it is due within two hours of its event, and states no `expires`"),
    Why.NEVER_IN_TIME: Reason("expires-before-due", "its `expires` lies before the time that it is due"),
    Why.EXPIRED: Reason("expired", "its time was over"),
}
