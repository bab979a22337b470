"""Tables that a plan's queries read beside the practice's: instants and days reckoned in Python, and the ledger's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias

from campcompile.values import dataclass

Cell: TypeAlias = str | int | float | bool | date | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupTable:
    """Columns with their types (text, number, yes_no, date, datetime), and rows. Instants are UTC without a zone."""

    name: str
    columns: Mapping[str, str]
    rows: Sequence[tuple[Cell, ...]]


WINDOW = {"starts": "datetime", "ends": "datetime"}
SEND_CALENDAR = {
    "campaign": "text",
    "email": "text",
    "zone": "text",
    "holidays": "text",
    "locale": "text",
    "anchor_from": "datetime",
    "anchor_until": "datetime",
    "anchor_day": "date",
    "repetition": "whole",
    "send": "datetime",
    "send_seconds": "whole",
    "expires": "datetime",
    "expires_seconds": "whole",
    "counted_since": "datetime",
    "counted_since_seconds": "whole",
    "quiet_from": "datetime",
    "quiet_until": "datetime",
    "today": "date",
    "home_today": "date",
    "again_since": "date",
    "late": "yes_no",
    "why": "text",
}
ANCHOR_DAYS = {"campaign": "text", "day": "date"}
LOCAL_OFFSETS = {"zone": "text", "in_year": "whole", "since": "datetime", "until": "datetime", "seconds": "whole"}
DAYS_BACK = {"today": "date", "unit": "text", "number": "whole", "latest": "date"}
CONSENT_DAYS = {"consent": "text", "given": "date", "since": "datetime", "until": "datetime"}
READER_LOCALES = {"campaign": "text", "written": "text", "locale": "text"}

# What the ledger and the practice's own lists bring; absent ones are empty.
LISTS: Mapping[str, Mapping[str, str]] = {
    "suppressions": {"email": "text", "layer": "text"},
    "history": {
        "campaign": "text",
        "email": "text",
        "record": "text",
        "recipient_id": "text",
        "anchor_id": "text",
        "anchor": "datetime",
        "anchor_day": "date",
        "repetition": "whole",
        "sent": "datetime",
    },
    "entries": {"campaign": "text", "recipient_id": "text", "entry_day": "date"},
    "runs": {"campaign": "text", "recipient_id": "text", "replied": "yes_no", "clicked": "yes_no"},
}


def consents_of(person: str) -> Mapping[str, str]:
    """The columns of `consents`, each row of which belongs to a person."""
    return {f"{person}_id": "text", "consent": "text", "given": "date"}


def plain(instant: datetime) -> datetime:
    """UTC without a zone, as tables hold it."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def aware(instant: datetime) -> datetime:
    """The same in UTC with its zone, as everything else reckons."""
    return instant.replace(tzinfo=UTC)
