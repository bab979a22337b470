"""Short ways to say when: a timing as an author writes it, an anchor, a place, and what came of them."""

from __future__ import annotations

from datetime import date, datetime

from campcompile import manifest
from campcompile.schedule.moments import Moment, moment
from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.schedule.timing import Anchor, Place, Timing
from campcompile.zones import zone

NIGHT = "21:00-08:00"


def timing(offset: str = "", **written: object) -> Timing:
    """`send:` of one e-mail: timing("-P7D", at="09:00")."""
    values: dict[str, object] = {
        "offset": offset, "dates": {}, "anchor": "appointment.start", "at": "", "zone": "site", "shift": "none",
        "quiet": "later", "expires": "", "repeat": "", "times": None,
    }  # fmt: skip
    return Timing.of(manifest.Send(**{**values, **written}))  # type: ignore[arg-type]


def anchor(text: str, id: str = "a1", wall: str = "") -> Anchor:
    """`2026-03-14` is a day, `2026-03-14T09:00-04:00` an instant."""
    start: date = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return Anchor(id=id, start=start, wall=datetime.fromisoformat(wall) if wall else None)


def place(name: str = "Europe/Oslo", holidays: str = "NO", quiet: str = "") -> Place:
    return Place(zone=zone(name), holidays=holidays, quiet=parse_quiet_hours(quiet))


def local(instant: datetime | None, where: Place) -> str:
    """`2026-03-07 09:00 -05:00`; "" for none."""
    return "" if instant is None else instant.astimezone(where.zone).isoformat(" ", "minutes")


def sends(written: Timing, counted: Anchor, where: Place, k: int = 0) -> str:
    """When it goes, or why it doesn't."""
    found: Moment = moment(written, counted, where, k)
    return local(found.send, where) if found.why_not is None else found.why_not.value
