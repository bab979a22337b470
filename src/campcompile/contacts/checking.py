"""A file of contacts, looked over row by row: which rows say what, and the file again with its addresses mended."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TextIO

from campcompile.contacts.judging import Asked, Judged, Kind, Remark, judged
from campcompile.csv_lines import CsvLines
from campcompile.errors import RecipientsError
from campcompile.values import dataclass

NOTE = "address_check"  # the copy's last column
PERSON = "recipient_id"
_DELIMITERS = (",", ";", "\t")
_LONGEST_CELL = 1 << 20
_QUOTES = "a quotation mark isn't closed, or stands inside of a cell"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRow:
    """One row: its number as a spreadsheet counts, what is said about it, and its cells with the address mended."""

    row: int
    remarks: tuple[Remark, ...]
    cells: tuple[str, ...]
    mended: bool  # was the address written anew?


class Contacts:
    """A CSV file whose column of addresses was found; read once, row by row."""

    def __init__(self, text: TextIO, *, column: str, takes_mail: Asked | None = None) -> None:
        """Raises RecipientsError where the file has no first line, or not that column."""
        csv.field_size_limit(_LONGEST_CELL)
        first = text.readline()
        self.delimiter = max(_DELIMITERS, key=first.count)
        self.header = tuple(cell.strip() for cell in next(csv.reader([first], delimiter=self.delimiter), ()))
        names = [name.lower() for name in self.header]
        if column.lower() not in names:
            raise RecipientsError(f"no column `{column}`", help=f"name it: `--column {_likely(self.header)}`")
        self._at = names.index(column.lower())
        self._id = names.index(PERSON) if PERSON in names else -1
        self._text = text
        self._takes_mail = takes_mail
        self._first: dict[bytes, int] = {}  # address → the first row that has it
        self._people: dict[bytes, int] = {}  # address and person → the first row of both

    def rows(self) -> Iterator[CheckedRow]:
        """Every row; none is left out."""
        lines = CsvLines(self._text)
        for number, cells in enumerate(lines.rows(self.delimiter), start=2):
            if cells is None or (len(cells) != len(self.header) and lines.reread()):
                yield CheckedRow(row=number, remarks=(Remark(Kind.RAGGED, _QUOTES),), cells=(lines.line,), mended=False)
            else:
                yield self._checked(number, cells)

    def copied(self, row: CheckedRow) -> tuple[str, ...]:
        """A row of the copy: its own cells, then what is said about it."""
        empty = ("",) * (len(self.header) - len(row.cells))
        return (*row.cells, *empty, "; ".join(f"{one.kind.value}: {one.words}" for one in row.remarks))

    def _checked(self, number: int, cells: Sequence[str]) -> CheckedRow:
        if len(cells) != len(self.header):
            words = f"{len(cells)} cells, where the first line has {len(self.header)}"
            return CheckedRow(row=number, remarks=(Remark(Kind.RAGGED, words),), cells=tuple(cells), mended=False)
        found = judged(cells[self._at], self._takes_mail)
        new = [*cells]
        new[self._at] = found.address
        remarks = (*found.remarks, *self._met_before(number, found, new))
        return CheckedRow(row=number, remarks=remarks, cells=tuple(new), mended=found.address != cells[self._at])

    def _met_before(self, number: int, found: Judged, cells: Sequence[str]) -> Iterator[Remark]:
        if not found.domain:
            return
        address = found.address.lower()
        person = cells[self._id].strip() if self._id >= 0 else "\x1f".join(cells)
        same = self._people.setdefault(_digest(address, person), number)
        first = self._first.setdefault(_digest(address), number)
        if same != number:
            yield Remark(Kind.DUPLICATE, f"the same as row {same}")
        elif first != number:
            yield Remark(Kind.SHARED, f"row {first} is another person with it")


def _digest(*parts: str) -> bytes:
    return blake2b("\x1e".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _likely(header: Sequence[str]) -> str:
    """The column that most likely holds addresses, for the help of a mistake."""
    return next((name for name in header if "mail" in name.lower()), "NAME")
