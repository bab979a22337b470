"""One cell of a file of recipients as a typed value; what is wrong with it is told without quoting it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from campcompile.address import checked_address
from campcompile.manifest import Field
from campcompile.render import Value
from campcompile.zones import is_zone

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_PLAIN_YES_NO = {"true": True, "yes": True, "false": False, "no": False}
_YEARS = range(1800, 2300)  # farther dates are slips, and the edges of the calendar overflow in other zones
# What most addresses look like: they need no long look, which takes 60 µs each. A test holds this to the long way.
_PLAIN_ADDRESS = re.compile(
    r"(?P<local>[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@"
    r"(?:[a-z0-9](?:(?!.{0,3}--)[a-z0-9-]{0,60}[a-z0-9])?\.)+(?P<top>[a-z]{2,20})"
)
_SPECIAL = frozenset({"arpa", "home", "internal", "invalid", "lan", "local", "localhost", "onion", "test"})
_DNS_SECONDS = 5
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


def typed(cell: str, field: Field) -> Value:
    """The value, or None for an empty cell. Raises ValueError: a clause that says what belongs there."""
    cell = cell.strip()
    if not cell:
        return None
    if field.type == "list":
        return tuple(_element(item, field) for part in cell.split(";") if (item := part.strip()))
    return _single(cell, field.type, field)


def typed_email(cell: str) -> str:
    """The address, its domain in lower case and in ASCII (IDNA). Raises ValueError without quoting it."""
    cell = cell.strip(" ")
    plain = _PLAIN_ADDRESS.fullmatch(cell)
    if plain and len(plain["local"]) <= 64 and len(cell) <= 200 and plain["top"] not in _SPECIAL:
        return cell
    from email_validator import EmailNotValidError, validate_email  # 60 ms to import

    if _CONTROLS.search(cell):
        raise ValueError("holds a control character or a line break")
    try:
        found = validate_email(cell, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValueError("is no e-mail address") from None
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"


def takes_mail(domain: str) -> bool | None:
    """Whether the DNS names a host that takes a domain's mail; None where nobody answers in time. Opens a socket."""
    from email_validator import EmailUndeliverableError, validate_email

    try:
        found = validate_email(f"postmaster@{domain}", check_deliverability=True, timeout=_DNS_SECONDS)
    except EmailUndeliverableError:
        return False
    except ValueError:  # a name that no resolver would be asked for
        return None
    return None if found.mx is None else True


def typed_instant(cell: str) -> datetime | None:
    """An instant with its offset, or None for an empty cell. Raises ValueError."""
    return _datetime(cell.strip()) if cell.strip() else None


def _element(item: str, field: Field) -> str:
    """Elements of a list stay texts; their type is checked."""
    value = _single(item, field.element or "text", field)
    return value if isinstance(value, str) else item


def _single(cell: str, kind: str, field: Field) -> Value:
    match kind:
        case "number":
            return _number(cell)
        case "yes_no":
            return _yes_no(cell)
        case "date":
            return _date(cell)
        case "datetime":
            return _datetime(cell)
        case "email":
            return typed_email(cell)
        case "url":
            checked_address(cell, field.host)
            return cell
        case "choice" | "site":
            return _choice(cell, field.choices)
        case "zone" if not is_zone(cell):
            raise ValueError("is no time zone such as `Europe/Oslo`")
        case "locale" if not _LOCALE.fullmatch(cell):
            raise ValueError("is no locale such as `en` or `zh-Hant`")
        case "country" if not _COUNTRY.fullmatch(cell):
            raise ValueError("is no country code such as `NO`")
        case _:
            return cell


def _number(cell: str) -> int | float:
    if not _NUMBER.fullmatch(cell):
        raise ValueError("is no number such as `12` or `12.5`")
    return float(cell) if "." in cell else int(cell)


def _yes_no(cell: str) -> bool:
    if cell.lower() not in _PLAIN_YES_NO:
        raise ValueError("is none of `yes`, `no`, `true`, `false`")
    return _PLAIN_YES_NO[cell.lower()]


def _date(cell: str) -> date:
    try:
        value = date.fromisoformat(cell) if _DATE.fullmatch(cell) else None
    except ValueError:
        value = None
    if value is None or value.year not in _YEARS:
        raise ValueError("is no date such as `2026-03-12`")
    return value


def _datetime(cell: str) -> datetime:
    try:
        value = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError("is no date and time such as `2026-03-12T09:00+01:00`") from None
    if value.tzinfo is None:
        raise ValueError("has no offset from UTC: write `2026-03-12T09:00+01:00`, or `Z` for UTC")
    if value.year not in _YEARS:
        raise ValueError("is no date and time of these centuries")
    return value.astimezone(UTC)


def _choice(cell: str, choices: tuple[str, ...]) -> str:
    if choices and cell not in choices:
        raise ValueError("is none of " + ", ".join(f"`{choice}`" for choice in choices))
    return cell
