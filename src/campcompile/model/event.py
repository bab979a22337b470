"""What a campaign invites people to: one event, at one instant for everybody."""

from __future__ import annotations

from datetime import date, datetime

from campcompile.model.findings import CONTRADICTORY_TIME, IMPOSSIBLE_TIME
from campcompile.model.practice import Practice
from campcompile.model.read import Reader
from campcompile.regex import regex
from campcompile.syntax.findings import Findings
from campcompile.syntax.source import Span
from campcompile.values import dataclass
from campcompile.zones import zone

NAMES = ("start", "end", "last_day", "place", "link")
_INSTANT = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_SOME_DAY = datetime(2000, 1, 1)  # for what couldn't be read: it has a finding, and nothing is compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A row of `event`, its times in the practice's zone."""

    start: datetime
    end: datetime | None
    place: str
    link: str  # as written: "links.book" or an https address
    span: Span

    @property
    def last_day(self) -> date | None:
        """The day of its end, where that is another one."""
        return None if self.end is None or self.end.date() == self.start.date() else self.end.date()

    def has(self, name: str) -> bool:
        """Whether `event.name` says something."""
        return bool(getattr(self, name, None))


def read_event(row: Reader, practice: Practice, findings: Findings) -> Event:
    """The campaign's `event`; a local time in a gap of the clock is moved forward (time.md)."""
    start = _instant(row, "start", practice, findings)
    end = _instant(row, "end", practice, findings)
    if start is not None and end is not None and end <= start:
        problem = "the event ends before it begins" if end < start else "the event ends when it begins"
        advice = "write an `end` after `start`, or leave it out"
        findings.add(CONTRADICTORY_TIME.at(row.span("end"), problem=problem, advice=advice))
        end = None
    return Event(
        start=start or _SOME_DAY.replace(tzinfo=zone("UTC")),
        end=end,
        place=row.text("place"),
        link=row.text("link"),
        span=row.start,
    )


def _instant(row: Reader, key: str, practice: Practice, findings: Findings) -> datetime | None:
    scalar = row.scalar(key)
    if scalar is None:
        return None
    if not _INSTANT.fullmatch(scalar.value):
        return None  # the schema has told it
    where = zone(practice.value("time_zone") or "UTC")
    try:
        local = datetime.fromisoformat(scalar.value).replace(tzinfo=where)
        return local.astimezone(zone("UTC")).astimezone(where)
    except (ValueError, OverflowError):
        advice = 'write a day that there is, and the local time: `"2026-11-12T18:00"`'
        findings.add(IMPOSSIBLE_TIME.at(scalar.span, value=scalar.value, what="day and time", advice=advice))
        return None
