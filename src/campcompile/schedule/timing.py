"""The `send` of one e-mail, parsed: the one form that compiler, planner and simulator count with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from campcompile import manifest
from campcompile.model import timing as model
from campcompile.model.timing import Offset, parse_date, parse_offset
from campcompile.schedule.quiet_hours import QuietHours
from campcompile.schedule.wall import start_of_day, wall_of
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Either `offset` or `dates` is given."""

    offset: Offset | None
    dates: Mapping[str, date]  # locale → day; the key "" for every locale
    at: time | None
    shift: str  # none | previous | next
    quiet: str  # later | earlier | skip
    expires: Offset | date | None  # None for the default
    repeat: Offset | None
    times: int | None

    @classmethod
    def of(cls, send: manifest.Send | model.Send) -> Timing:
        """From a manifest's `send`, or a campaign's."""
        return cls(
            offset=parse_offset(str(send.offset or "")),
            dates={locale: day for locale, text in send.dates.items() if (day := parse_date(text))},
            at=time.fromisoformat(send.at) if send.at else None,
            shift=send.shift,
            quiet=send.quiet,
            expires=parse_date(send.expires) or parse_offset(send.expires),
            repeat=parse_offset(str(send.repeat or "")),
            times=send.times,
        )

    def day_for(self, locale: str) -> date | None:
        """The date of a newsletter's issue in a locale."""
        return self.dates.get(locale, self.dates.get(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What an offset counts from: a field of one event, or a day.

    `wall` is the time as it was written, where that was without a zone; an instant alone tells it otherwise.
    """

    id: str  # of the event, for ever: a rescheduled appointment keeps its own
    start: datetime | date  # an instant with a zone, or a day
    wall: datetime | None = None

    @property
    def is_instant(self) -> bool:
        return isinstance(self.start, datetime)

    def wall_in(self, zone: ZoneInfo) -> datetime:
        """The local time that days count from; midnight of a day."""
        if self.wall is not None:
            return self.wall
        if isinstance(self.start, datetime):
            return wall_of(self.start, zone)
        return datetime.combine(self.start, time.min)

    def instant_in(self, zone: ZoneInfo) -> datetime:
        """The instant itself, or the first one of the day."""
        return self.start if isinstance(self.start, datetime) else start_of_day(self.start, zone)

    def day_in(self, zone: ZoneInfo) -> date:
        return self.wall_in(zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an e-mail counts its time: the zone of `send.zone`, the site's holidays, the practice's quiet hours."""

    zone: ZoneInfo
    holidays: str = ""  # "NO", "FR-57"; "" where none are known
    quiet: QuietHours | None = None
