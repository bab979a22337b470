"""The `send` of an e-mail, read; offsets, dates and times that can't be, or contradict each other, are findings."""

from __future__ import annotations

import re

from campcompile.model.findings import CONTRADICTORY_TIME, IMPOSSIBLE_TIME
from campcompile.model.lengths import always_after
from campcompile.model.read import Reader
from campcompile.model.settings import check_zone
from campcompile.model.timing import Offset, Send, Unit, nearest_offset, parse_date, parse_offset
from campcompile.regex import regex
from campcompile.syntax.findings import Findings
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.tree import Scalar
from campcompile.values import dataclass

_TIME = regex(r"([01]\d|2[0-3]):[0-5]\d")
_TWO_HOURS = 120
_WRITE_OFFSET = (
    "write `-P7D` (7 days before), `P1M` (a month after), `-PT24H` (24 hours before) or `2BD` (2 working days after)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What an offset counts from, as far as timing must know."""

    name: str  # a field's name, "entry" or "event.start"
    is_datetime: bool  # entry is a day


def read_send(row: Reader, anchor: Anchor, *, has_holidays: bool, findings: Findings) -> Send:
    """The `send` of one e-mail."""
    send = Send(
        offset=_offset(row.scalar("offset"), findings),
        dates=_dates(row, findings),
        anchor="" if "date" in row else anchor.name,
        at=_time(row.scalar("at"), findings),
        zone=_zone(row.scalar("zone"), findings),
        shift=row.text("shift", "none"),
        quiet=row.text("quiet", "later"),
        expires=_expires(row.scalar("expires"), findings),
        repeat=_length(row.scalar("repeat"), findings),
        times=row.whole_number("times"),
        span=row.start,
    )
    _check_together(row, send, anchor, has_holidays, findings)
    return send


def read_date(scalar: Scalar, findings: Findings) -> str:
    """An ISO date that exists; "" with a finding."""
    found = parse_date(scalar.value)
    if found is not None:
        return found.isoformat()
    advice = 'write year, month and day: `"2026-09-08"`'
    findings.add(IMPOSSIBLE_TIME.at(scalar.span, value=scalar.value[:60], what="date", advice=advice))
    return ""


def _offset(scalar: Scalar | None, findings: Findings) -> Offset | None:
    if scalar is None:
        return None
    offset = parse_offset(scalar.value)
    if offset is None:
        meant = nearest_offset(scalar.value)
        advice = f"did you mean `{meant}`?" if meant else _WRITE_OFFSET
        findings.add(IMPOSSIBLE_TIME.at(scalar.span, value=scalar.value[:60], what="offset", advice=advice))
    return offset


def _length(scalar: Scalar | None, findings: Findings) -> Offset | None:
    """A repeat: at least a day, calendar."""
    if scalar is None:
        return None
    offset = parse_offset(scalar.value)
    if offset is None or offset.unit is not Unit.CALENDAR or offset.sign <= 0:
        advice = "write `P1D`, `P7D`, `P1M` or `P12M`: a day is the shortest"
        findings.add(IMPOSSIBLE_TIME.at(scalar.span, value=scalar.value[:60], what="length of a repeat", advice=advice))
        return None
    return offset


def _expires(scalar: Scalar | None, findings: Findings) -> str:
    if scalar is None:
        return ""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", scalar.value):
        return read_date(scalar, findings)
    if parse_offset(scalar.value) is None:
        meant = nearest_offset(scalar.value)
        advice = f"did you mean `{meant}`?" if meant else "write an offset from the anchor such as `-P4D`, or a date"
        findings.add(IMPOSSIBLE_TIME.at(scalar.span, value=scalar.value[:60], what="offset or date", advice=advice))
        return ""
    return scalar.value


def _dates(row: Reader, findings: Findings) -> dict[str, str]:
    node = row.get("date")
    if isinstance(node, Scalar):
        found = read_date(node, findings)
        return {"": found} if found else {}
    if isinstance(node, YamlMapping):
        pairs = ((entry.key.value, entry.value) for entry in node.entries)
        dates = {locale: read_date(value, findings) for locale, value in pairs if isinstance(value, Scalar)}
        return {locale: day for locale, day in dates.items() if day}
    return {}


def _time(scalar: Scalar | None, findings: Findings) -> str:
    if scalar is None or _TIME.fullmatch(scalar.value):
        return "" if scalar is None else scalar.value
    findings.add(IMPOSSIBLE_TIME.at(scalar.span, value=scalar.value[:60], what="time of day", advice='write `"09:00"`'))
    return ""


def _zone(scalar: Scalar | None, findings: Findings) -> str:
    if scalar is None or scalar.value in ("site", "patient"):
        return "site" if scalar is None else scalar.value
    return scalar.value if check_zone(scalar, findings) else "site"


def _check_together(row: Reader, send: Send, anchor: Anchor, has_holidays: bool, findings: Findings) -> None:
    offset = send.offset

    def contradiction(key: str, problem: str, advice: str) -> None:
        findings.add(CONTRADICTORY_TIME.at(row.span(key), problem=problem, advice=advice))

    if "offset" in row and "date" in row:
        contradiction("date", "an e-mail has an offset or a date, not both", "leave one of them out")
    counting = _counts_working_days(send)
    if counting and not has_holidays:
        contradiction(
            counting,
            "working days need a calendar of holidays",
            'write `holidays: "NO"` (or FR, US, TW …) under `practice:` in campcompile.yaml',
        )
    if "date" in row:
        if not send.at and "at" not in row:
            contradiction("date", "a date needs a time of day", 'add `at: "09:00"`')
        return
    if offset is None:
        return
    if offset.unit is Unit.ABSOLUTE:
        if send.at:
            contradiction("at", "hours and `at` contradict each other", "write days (`-P1D`), or leave `at` out")
        if send.shift != "none":
            contradiction("shift", "hours and `shift` contradict each other", "write days, or leave `shift` out")
        if not anchor.is_datetime and anchor.name != "entry":
            contradiction("offset", f"`{anchor.name}` is a day without an hour", "write days: `P1D` with `at`")
    elif not send.at and "at" not in row and not anchor.is_datetime:
        contradiction("offset", "days counted from a day need a time", 'add `at: "09:00"`')
    due_minutes = offset.minutes if offset.unit is Unit.ABSOLUTE else None
    if due_minutes is not None and -_TWO_HOURS <= due_minutes < 0 and not send.expires and anchor.is_datetime:
        contradiction(
            "offset",
            "this is due within two hours of its anchor, and would never go out",
            "say how late it may go: `expires: -PT1H`",
        )
    _check_expires(row, send, findings)


def _counts_working_days(send: Send) -> str:
    """The first key that can't be followed without a calendar of holidays; "" where there is none."""
    until = parse_offset(send.expires)
    if send.offset is not None and send.offset.unit is Unit.BUSINESS:
        return "offset"
    if send.shift != "none":
        return "shift"
    return "expires" if until is not None and until.unit is Unit.BUSINESS else ""


def _check_expires(row: Reader, send: Send, findings: Findings) -> None:
    """`expires` before the due instant, where both count in one unit; in whatever month."""
    until = parse_offset(send.expires) if send.expires else None
    due = send.offset
    if until is None or due is None or until.unit is not due.unit:
        return
    if always_after(due, until):
        findings.add(
            CONTRADICTORY_TIME.at(
                row.span("expires"),
                problem=f"it expires (`{send.expires}`) before it is due (`{due}`)",
                advice="`expires` counts from the anchor too: `-P4D` is later than `-P7D`",
            )
        )
