"""When an e-mail goes, as written: offsets, dates and what bends them (language.md §4, time.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum

from campcompile.regex import regex
from campcompile.syntax.source import Span
from campcompile.values import dataclass

_DATE = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CALENDAR = regex(r"([+-]?)P(?=[0-9])(?:([0-9]{1,4})M)?(?:([0-9]{1,5})D)?")
_ABSOLUTE = regex(r"([+-]?)PT(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?")
_SAID_OFFSET = regex(
    r"(?P<sign>[-−–+]?) ?p?(?P<number>\d{1,3}) ?"
    r"(?P<unit>bd|days?|d|weeks?|w|months?|hours?|h|(?:working|business)(?= days?))"
    r"(?: days?)?(?: (?P<side>before|after))?"
)
_BUSINESS = regex(r"([+-]?)([0-9]{1,4})BD")


class Unit(Enum):
    CALENDAR = "calendar"  # months and days, in local time
    ABSOLUTE = "absolute"  # hours and minutes
    BUSINESS = "business"  # working days


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """A signed distance: calendar (months, then days), absolute (minutes) or business (working days)."""

    unit: Unit
    months: int = 0
    days: int = 0
    minutes: int = 0

    @property
    def sign(self) -> int:
        total = self.months or self.days or self.minutes
        return (total > 0) - (total < 0)

    def __str__(self) -> str:
        sign = "-" if self.sign < 0 else ""
        match self.unit:
            case Unit.CALENDAR:
                months = f"{abs(self.months)}M" if self.months else ""
                days = f"{abs(self.days)}D" if self.days or not self.months else ""
                return f"{sign}P{months}{days}"
            case Unit.ABSOLUTE:
                hours, minutes = divmod(abs(self.minutes), 60)
                tail = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes or not hours else "")
                return f"{sign}PT{tail}"
            case Unit.BUSINESS:
                return f"{self.days}BD"


def parse_offset(text: str) -> Offset | None:
    """`-P7D`, `P1M14D`, `-PT24H`, `PT1H30M`, `4BD`; None for anything else.

    time.md also says n ≠ 0 for nBD; language.md's own example has `0BD` ("the day itself, at 10:00"),
    so zero is read, and a first e-mail on the anchor's day can be said.
    """
    if found := _CALENDAR.fullmatch(text):
        sign = -1 if found[1] == "-" else 1
        return Offset(unit=Unit.CALENDAR, months=sign * int(found[2] or 0), days=sign * int(found[3] or 0))
    if found := _ABSOLUTE.fullmatch(text):
        sign = -1 if found[1] == "-" else 1
        return Offset(unit=Unit.ABSOLUTE, minutes=sign * (60 * int(found[2] or 0) + int(found[3] or 0)))
    if found := _BUSINESS.fullmatch(text):
        sign = -1 if found[1] == "-" else 1
        return Offset(unit=Unit.BUSINESS, days=sign * int(found[2]))
    return None


def nearest_offset(text: str) -> str:
    """The offset that `-3D`, `3 days before`, `2w` or `-P24H` surely means; "" where that can't be told."""
    found = _SAID_OFFSET.fullmatch(text.strip().lower())
    if found is None:
        return ""
    sign = "-" if found["sign"] in ("-", "−", "–") or found["side"] == "before" else ""
    number, unit = int(found["number"]), found["unit"]
    if unit.startswith("h"):
        return f"{sign}PT{number}H"
    if unit in ("bd", "working", "business"):
        return f"{sign}{number}BD"
    days = 7 if unit.startswith("w") else 1
    return f"{sign}P{number}M" if unit.startswith("mo") else f"{sign}P{number * days}D"


def parse_date(text: str) -> date | None:
    """`2026-09-08`, where there is such a day; None for anything else (fromisoformat reads weeks too)."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """The `send` of one e-mail. Either `offset` or `dates` is given."""

    offset: Offset | None
    dates: Mapping[str, str]  # locale → ISO date; "" for every locale
    anchor: str  # a field's name, "entry", "event.start"; "" where dates are given
    at: str  # "09:00" or ""
    zone: str  # site, patient or an IANA name
    shift: str  # none | previous | next
    quiet: str  # later | earlier | skip
    expires: str  # an offset or a date as written; "" for the default
    repeat: Offset | None
    times: int | None
    span: Span
