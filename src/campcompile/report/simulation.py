"""A simulation as a table for people and as JSON for programs."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from campcompile.report.paint import Paint
from campcompile.report.report import counted, listed
from campcompile.report.width import printed
from campcompile.simulation.outcome import Outcome, Status
from campcompile.simulation.person_yaml import person_yaml
from campcompile.simulation.story import Story
from campcompile.zones import zone

VERSION = 1
_STYLES = {
    Status.SENT: "green",
    Status.DEFERRED: "yellow",
    Status.DROPPED: "red",
    Status.CANCELLED: "blue",
    Status.EXPIRED: "red",
}
_SECOND = timedelta(seconds=1)  # the window ends before its last midnight
_STATUS_CELLS = max(len(status.value) for status in Status)
_WHEN_CELLS = len("Tue 01 Sep 2026 12:00")


def story_lines(story: Story, own: ZoneInfo, *, colour: bool = False, width: int = 100) -> Iterator[str]:
    """A heading, a row for each e-mail in order of time, and the fullest week."""
    paint = Paint(colour)
    yield (
        paint("bold", printed(story.person.name))
        + f": {span_words(story.since, story.until - _SECOND)}, {totals(story)}"
    )
    names = max((len(one.name) for one in story.outcomes), default=0)
    for one in story.outcomes:
        at, status = when(one.at, one.zone, own), one.status.value
        head = f"  {at:<{_WHEN_CELLS}}  {status:<{_STATUS_CELLS}}  {one.name:<{names}}"
        painted = head.replace(status, paint(_STYLES[one.status], status), 1)
        why = "; ".join(reason.words for reason in one.why)
        yield from _with_reason(painted, len(head), printed(why), width)
    if not story.outcomes:
        yield "  nothing is due in this time"
    if len(story.week) > 1:
        first, last = story.week[0].at.astimezone(own), story.week[-1].at.astimezone(own)
        yield f"  fullest seven days: {counted(len(story.week), 'e-mail')}, {span_words(first, last)}"


def witness_lines(story: Story, own: ZoneInfo, tried: int) -> Iterator[str]:
    """The person that a search found, as a file that can be kept and changed."""
    yield f"nobody of {tried:,} made-up people gets more in seven days. This is the person, as a file:"
    yield ""
    yield from person_yaml(story.person, own)
    yield ""


def stories_json(stories: Sequence[Story], own: ZoneInfo, tried: int = 0) -> str:
    """Instants in UTC; `tried` is given where a search found the person."""
    people = [
        {
            "name": story.person.name,
            "from": story.since.isoformat(),
            "until": story.until.isoformat(),
            "counts": {status.value: story.count(status) for status in Status},
            "emails": [_email(one) for one in story.outcomes],
            "fullest_week": [story.outcomes.index(one) for one in story.week],
            "file": "\n".join(person_yaml(story.person, own)) + "\n",
        }
        for story in stories
    ]
    document: dict[str, object] = {"version": VERSION, "people": people}
    if tried:
        document["tried"] = tried
    return json.dumps(document, indent=2, ensure_ascii=False)


def when(instant: datetime, name: str, own: ZoneInfo) -> str:
    """`Tue 01 Sep 2026 12:00`, with the zone where it isn't the practice's."""
    local = instant.astimezone(zone(name))
    other = "" if local.utcoffset() == instant.astimezone(own).utcoffset() else f" {name}"
    return f"{local:%a %d %b %Y %H:%M}{other}"


def span_words(first: datetime, last: datetime) -> str:
    """`1 September to 30 November 2026`."""
    year = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {first:%B}{year} to {last.day} {last:%B} {last.year}"


def totals(story: Story) -> str:
    """`9 e-mails go (2 of them later than due), 3 dropped`."""
    deferred = story.count(Status.DEFERRED)
    later = f" ({deferred} of them later than due)" if deferred else ""
    verb = "goes" if story.going == 1 else "go"
    others = [
        f"{number} {status.value}"
        for status in (Status.DROPPED, Status.CANCELLED, Status.EXPIRED)
        if (number := story.count(status))
    ]
    return f"{counted(story.going, 'e-mail')} {verb}{later}" + (f"; {listed(others)}" if others else "")


def _with_reason(head: str, cells: int, why: str, width: int) -> Iterator[str]:
    """The reason behind the row, or wrapped below it where there is little room."""
    if not why:
        yield head.rstrip()
    elif cells + 2 + len(why) <= width:
        yield f"{head}  {why}"
    else:
        yield head.rstrip()
        indent = " " * (4 + _WHEN_CELLS)
        yield from textwrap.wrap(why, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _email(one: Outcome) -> dict[str, object]:
    campaign = one.series.campaign
    return {
        "campaign": campaign.folder,
        "code": campaign.code,
        "email": one.step.email.id,
        "layer": campaign.layer,
        "status": one.status.value,
        "at": _utc(one.at),
        "due": _utc(one.due),
        "expires": _utc(one.expires),
        "zone": one.zone,
        "recipient": one.recipient,
        "anchor": one.anchor,
        "anchor_start": None if one.anchor_start is None else _utc(one.anchor_start),
        "why": [{"code": reason.code, "words": reason.words} for reason in one.why],
    }


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
