"""iCalendar files (RFC 5545): text that can't disturb the lines around it, and lines as they must be written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
_LONGEST = 75  # octets of a line, without its end (RFC 5545, 3.1)
_EVENT = "BEGIN:VEVENT"
_KEPT = "\t\n"


def escaped(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11): no line end, comma, semicolon or backslash of its own."""
    plain = "".join(sign for sign in text if sign in _KEPT or (sign >= " " and sign != "\x7f"))
    plain = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\n", "\\n")


def instant(at: datetime) -> str:
    """An instant in UTC, which every calendar program reads without a table of time zones: 20261112T170000Z."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def finished(lines: str, now: datetime) -> str:
    """The file as it is attached: each event stamped with the instant of sending, lines folded, CRLF at their ends.

    Programs take the entry with the later stamp for the newer one, so a second e-mail about a moved event
    moves it (RFC 5546, 2.1.5); that is why the bundle, which knows no clock, leaves the stamp out.
    """
    return "".join(f"{part}\r\n" for line in _stamped(lines, now) for part in _folded(line))


def _stamped(lines: str, now: datetime) -> Iterator[str]:
    for line in lines.split("\n"):
        if line:
            yield line
        if line == _EVENT:
            yield f"DTSTAMP:{instant(now)}"


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, between characters; all but the first begin with a space."""
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode("utf-8", "replace"))
        if size + octets > _LONGEST:
            yield piece
            piece, size = " ", 1
        piece += sign
        size += octets
    yield piece
