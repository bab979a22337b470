"""A CSV file of recipients as typed rows; a bad row is set aside with its number and reason, never its values.

The file is read row by row, as often as it is asked for: it may hold more people than memory does.
"""

from __future__ import annotations

import csv
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO, TextIOWrapper
from typing import BinaryIO, TextIO

from campcompile.csv_lines import CsvLines
from campcompile.errors import RecipientsError
from campcompile.formats import lineage
from campcompile.manifest import Field, Locales, Manifest
from campcompile.render import Value
from campcompile.runner.cells import typed, typed_email, typed_instant
from campcompile.values import dataclass

_DELIMITERS = (",", ";", "\t")
_LONGEST_CELL = 1 << 20  # characters; the csv module's own bound of 131,072 is a setting of the process
_CHUNK = 1 << 20  # bytes
_REFERENCES = ("recipient_id", "anchor_id", "repetition")
_INSTANTS = ("send", "expires", "quiet_from", "quiet_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One good row."""

    row: int  # as a spreadsheet counts: 1 is the header
    email: str
    locale: str  # one of the manifest's
    values: Mapping[str, Value]  # of the fields that were asked for
    reference: str  # the practice's own id of the person; "" where the file has none
    anchor_id: str  # likewise of what the e-mail counts from
    repetition: int  # of a series that repeats
    instants: Mapping[str, datetime]  # of a plan: send, expires, quiet_from, quiet_until; empty without one


@dataclass(frozen=True, slots=True, order=True)
class SetAside:
    """A row that gets no message, and why; never a value of it."""

    row: int
    reason: str


class Recipients:
    """A file whose columns are there."""

    def __init__(
        self, opened: Callable[[], BinaryIO], manifest: Manifest, needed: frozenset[str], supplied: frozenset[str]
    ) -> None:
        """Raises RecipientsError where the file can't be read as such, or a column is missing."""
        _demand_utf8(opened)
        self._opened = opened
        self._delimiter = _delimiter(opened)
        with _text(opened) as text:
            header = next(_rows(text, self._delimiter))[1] or ()
        self._columns = _Columns(header, manifest, needed, supplied)
        self.ignored = self._columns.ignored  # columns that the campaign doesn't read
        self.is_planned = self._columns.is_planned  # whether each row says when it may go

    def rows(self) -> Iterator[Person | SetAside]:
        """Every row, in order, read anew."""
        with _text(self._opened) as text:
            rows = _rows(text, self._delimiter)
            next(rows)
            for number, cells in rows:
                try:
                    yield self._columns.person(number, cells)
                except ValueError as error:
                    yield SetAside(number, str(error))


def read_recipients(
    content: bytes | Callable[[], BinaryIO],
    manifest: Manifest,
    needed: frozenset[str],
    supplied: frozenset[str] = frozenset(),
) -> Recipients:
    """A file, or what opens it, with the fields that are `needed`; those `supplied` by the sender may be missing.

    Columns: `email`, `locale` and the manifest's fields by name; UTF-8, separated by `,`, `;` or tab.
    Where the person's own e-mail or locale is a field too, `email` and `locale` fill it. `recipient_id`, `anchor_id`,
    `send`, `expires`, `quiet_from` and `quiet_until` may be there: a plan's.
    Raises RecipientsError where the file can't be read as such, or a column is missing.
    """
    opened = (lambda: BytesIO(content)) if isinstance(content, bytes) else content
    return Recipients(opened, manifest, needed, supplied)


def locale_for(wanted: str, locales: Locales) -> str:
    """The manifest's locale for a person: theirs, else a wider form of it, else a fallback; "" for none.

    Example: with [en, nb, zh-Hant] and fallback {nn: nb, "*": en}, zh-TW gets zh-Hant, nn-NO nb, de en.
    """
    by_spelling = {locale.lower(): locale for locale in locales.list}
    if found := by_spelling.get(wanted.lower()):
        return found  # the common case, without Babel's 40 ms
    for candidate in lineage(wanted):
        if found := by_spelling.get(candidate.lower()):
            return found
        if candidate in locales.fallback:
            return locales.fallback[candidate]
    return locales.fallback.get("*", "")


class _Columns:
    """The header, read: which column holds what, and how a row becomes a person."""

    def __init__(
        self, header: Sequence[str], manifest: Manifest, needed: frozenset[str], supplied: frozenset[str]
    ) -> None:
        self.names = tuple(_column(cell) for cell in header)
        self.locales = manifest.locales
        record = manifest.recipient.record
        self.stand_ins = {f"{record}.email": "email", f"{record}.locale": "locale"}
        asked = needed - (supplied - set(self.names))
        self.fields = tuple(field for field in manifest.fields if field.name in asked)
        known = {"email", "locale", *_REFERENCES, *_INSTANTS, *(field.name for field in manifest.fields)}
        self.ignored = tuple(name for name in self.names if name and name not in known)
        self.is_planned = not {"send", "expires"}.isdisjoint(self.names)
        self._demand()

    def person(self, number: int, cells: Sequence[str] | None) -> Person:
        """Raises ValueError with the reason why the row is set aside."""
        if cells is None:
            raise ValueError("no CSV: a quotation mark is opened or closed in the wrong place")
        if len(cells) != len(self.names):
            raise ValueError(f"{len(cells)} cells, where the first line has {len(self.names)}")
        row = dict(zip(self.names, cells, strict=True))
        return Person(
            row=number,
            email=self._email(row["email"]),
            locale=self._locale(row["locale"].strip()),
            values={field.name: self._value(field, row) for field in self.fields},
            reference=row.get("recipient_id", "").strip(),
            anchor_id=row.get("anchor_id", "").strip(),
            repetition=_repetition(row.get("repetition", "")),
            instants=_instants(row) if self.is_planned else {},
        )

    def _demand(self) -> None:
        for name in self.names:
            if name and self.names.count(name) > 1:
                raise RecipientsError(f"the column `{name}` is there twice", help="keep the one that is meant")
        wanted = ["email", "locale", *(field.name for field in self.fields if not field.ledger)]
        missing = [name for name in wanted if not {name, self.stand_ins.get(name)} & set(self.names)]
        if missing:
            columns = ", ".join(f"`{name}`" for name in missing)
            raise RecipientsError(
                f"row 1 of the file of recipients lacks the column{'s' * (len(missing) > 1)} {columns}",
                help="add what is missing; its cells may be empty where nothing is known, unless the field is required",
            )

    def _email(self, cell: str) -> str:
        try:
            return typed_email(cell)
        except ValueError as error:
            raise ValueError(f"`email` {error}") from None

    def _locale(self, wanted: str) -> str:
        if not wanted:
            raise ValueError("`locale` is empty")
        if locale := locale_for(wanted, self.locales):
            return locale
        raise ValueError("`locale`: the campaign is not in this person's language, and no fallback covers it")

    def _value(self, field: Field, row: Mapping[str, str]) -> Value:
        cell = row.get(field.name, row.get(self.stand_ins.get(field.name, ""), ""))
        try:
            value = typed(cell, field)
        except ValueError as error:
            raise ValueError(f"`{field.name}` {error}") from None
        if value is None and field.ledger and field.type == "yes_no":
            return False  # nothing of the kind is known to have happened
        if value is None and field.required:
            raise ValueError(f"`{field.name}` is empty")
        return value


def _repetition(cell: str) -> int:
    text = cell.strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise ValueError("`repetition` is no whole number")
    return int(text)


def _instants(row: Mapping[str, str]) -> Mapping[str, datetime]:
    """Raises ValueError where one that a plan must have is missing, or isn't one."""
    found = {}
    for name in _INSTANTS:
        try:
            value = typed_instant(row.get(name, ""))
        except ValueError as error:
            raise ValueError(f"`{name}` {error}") from None
        if value is not None:
            found[name] = value
        elif name in ("send", "expires"):
            raise ValueError(f"`{name}` is empty")
    if ("quiet_from" in found) != ("quiet_until" in found):
        raise ValueError("of `quiet_from` and `quiet_until` one is empty")
    return found


def _column(cell: str) -> str:
    name = cell.strip()
    return name.lower() if name.lower() in ("email", "locale") else name


def _demand_utf8(opened: Callable[[], BinaryIO]) -> None:
    decoder = getincrementaldecoder("utf-8")()
    before = 0
    with opened() as file:
        while chunk := file.read(_CHUNK):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=False)
            except UnicodeDecodeError as error:
                raise _not_utf8(before - pending + error.start) from None
            before += len(chunk)
    if pending := len(decoder.getstate()[0]):
        raise _not_utf8(before - pending)


def _not_utf8(offset: int) -> RecipientsError:
    return RecipientsError(
        f"the file of recipients is not UTF-8 (byte {offset + 1})",
        help="in a spreadsheet program, save it as “CSV UTF-8”",
    )


def _text(opened: Callable[[], BinaryIO]) -> TextIO:
    return TextIOWrapper(opened(), encoding="utf-8-sig", newline="")


def _delimiter(opened: Callable[[], BinaryIO]) -> str:
    """The one that gives the header a column `email`, and the most columns.

    A file without that column may have no header at all: then nothing of it is quoted in the message.
    """
    counts: dict[str, int] = {}
    for delimiter in _DELIMITERS:
        with _text(opened) as text:
            header = next(_rows(text, delimiter), (1, None))[1] or ()
        if "email" in map(_column, header):
            counts[delimiter] = len(header)
    if not counts:
        raise RecipientsError(
            "the file of recipients has no column `email` in its first line",
            help="the first line names the columns: email, locale, then the campaign's fields",
        )
    return max(counts, key=counts.__getitem__)


def _rows(text: TextIO, delimiter: str) -> Iterator[tuple[int, Sequence[str] | None]]:
    """Rows that aren't blank, with their numbers; None for one that is no CSV."""
    csv.field_size_limit(_LONGEST_CELL)
    for number, cells in enumerate(CsvLines(text).rows(delimiter), start=1):
        if cells is None or any(cell.strip() for cell in cells):
            yield number, cells
