"""A run and what waits in it: one person and anchor in a campaign, each e-mail with its instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass as mutable
from dataclasses import field
from datetime import date, datetime

from campcompile.model.campaign import Campaign
from campcompile.schedule.moments import Moment
from campcompile.schedule.timing import Anchor, Place
from campcompile.schedule.wall import wall_of
from campcompile.simulation.outcome import Outcome, Reason, Status
from campcompile.simulation.series import Series, Step
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """What makes an e-mail the same one: planned again, it isn't sent again."""

    step: int
    repetition: int
    anchor: str
    start: datetime | date | None


@dataclass(frozen=True, slots=True)
class Instance:
    """What a run is about: an anchor's row, or for `entry` and dates the person alone."""

    id: str
    start: datetime | date | None  # None for entry and dates
    rows: Mapping[str, str]


@mutable(slots=True)
class Pending:
    """An e-mail that waits for its instant."""

    key: Key
    step: Step
    anchor: Anchor | None
    place: Place
    moment: Moment
    when: datetime
    rows: Mapping[str, str]
    notes: list[Reason] = field(default_factory=list)


@mutable(slots=True)
class Run:
    """One person and anchor in a campaign."""

    series: Series
    recipient: str
    instance: Instance
    began: datetime
    entry: date
    pending: dict[Key, Pending] = field(default_factory=dict)
    done: set[Key] = field(default_factory=set)
    sent: list[tuple[Pending, datetime]] = field(default_factory=list)
    met: bool | None = None  # whether the person was in the audience when it was last looked at
    ended: bool = False

    @property
    def campaign(self) -> Campaign:
        return self.series.campaign


def may_wait(campaign: Campaign, pending: Pending) -> Reason | None:
    """What `per_day` may do to the first e-mail of a run; how many others wait, one person's life doesn't tell."""
    if campaign.per_day is None:
        return None
    expires = wall_of(pending.moment.expires, pending.place.zone)
    turns = f"{campaign.per_day} first e-mails a site and day: it may wait its turn"
    return Reason("per-day", f"{turns}, until {expires:%a %d %b %Y %H:%M} at most")


def outcome(run: Run, pending: Pending, status: Status, now: datetime, why: tuple[Reason, ...]) -> Outcome:
    """What is told of an e-mail when it is decided."""
    anchor = pending.anchor
    start = anchor.start if anchor is not None and isinstance(anchor.start, datetime) else None
    return Outcome(
        series=run.series,
        step=pending.step,
        recipient=run.recipient,
        anchor="" if anchor is None else anchor.id,
        anchor_start=start,
        due=pending.moment.due,
        expires=pending.moment.expires,
        at=now,
        zone=pending.place.zone.key,
        status=status,
        why=why,
    )
