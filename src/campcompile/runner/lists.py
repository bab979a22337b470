"""The practice's lists as CSV files: whom not to write to, and who agreed; each cell becomes a key at once."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from io import StringIO

from campcompile.errors import RecipientsError
from campcompile.runner.cells import typed_email
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.ledger.orders import agree, suppress

_LAYERS = ("", "essential", "updates", "promotional")


def take_suppressions(ledger: Ledger, content: bytes, now: datetime) -> int:
    """Add the rows `email, layer` to those who get no mail (an empty layer: none at all); how many are new.

    Raises RecipientsError for the first row that can't be used: nobody is forgotten without a word.
    """

    def read() -> Iterator[tuple[bytes, str]]:
        for row, cells in _rows(content, "suppressions", {"email", "layer"}):
            layer = cells["layer"].strip()
            if layer not in _LAYERS:
                raise _wrong("suppressions", row, "`layer` is none of essential, updates, promotional, or empty")
            yield ledger.secret.address(_address("suppressions", row, cells)), layer

    return suppress(ledger, list(read()), now, "list")


def take_consents(ledger: Ledger, content: bytes, now: datetime) -> int:
    """Replace what is known of consents by the rows `recipient_id` (or `email`), `consent`, `given`; how many."""

    def read() -> Iterator[tuple[bytes, str, datetime]]:
        for row, cells in _rows(content, "consents", {"consent", "given"}):
            reference = cells.get("recipient_id", "").strip()
            person = reference or _address("consents", row, cells).casefold()
            try:
                day = date.fromisoformat(cells["given"].strip())
            except ValueError:
                raise _wrong("consents", row, "`given` is no date such as 2026-03-12") from None
            yield ledger.secret.person(person), cells["consent"].strip(), datetime.combine(day, time(), UTC)

    return agree(ledger, list(read()), now)


def _rows(content: bytes, what: str, columns: set[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        reader = csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        missing = columns - set(reader.fieldnames or ())
        if missing:
            raise RecipientsError(
                f"the file of {what} has no column {', '.join(f'`{name}`' for name in sorted(missing))}",
                help=f"its first line is `{','.join(sorted(columns))}`, and other columns may follow",
            )
        for row, cells in enumerate(reader, start=2):
            if None in cells or None in cells.values():
                raise _wrong(what, row, "it hasn't as many cells as the first line")
            yield row, cells
    except UnicodeDecodeError:
        raise RecipientsError(f"the file of {what} is not UTF-8", help="save it as “CSV UTF-8”") from None
    except csv.Error:
        raise RecipientsError(f"the file of {what} is no CSV", help="save it as “CSV UTF-8”") from None


def _address(what: str, row: int, cells: Mapping[str, str]) -> str:
    try:
        return typed_email(cells.get("email", ""))
    except ValueError as error:
        raise _wrong(what, row, f"`email` {error}") from None


def _wrong(what: str, row: int, reason: str) -> RecipientsError:
    return RecipientsError(f"row {row} of the file of {what}: {reason}", help="mend it, and run the command again")
