"""`campcompile audience`: the addresses that a practice keeps, looked over before anybody writes to them."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from campcompile.cli.console import out
from campcompile.errors import OccupiedError, UnreadableError, UsageError

if TYPE_CHECKING:
    from campcompile.contacts.checking import CheckedRow, Contacts


@click.group(short_help="Look over the addresses that a practice keeps.")
def audience() -> None:
    """Look over the addresses that a practice keeps.

    \b
    Examples:
      campcompile audience check patients.csv

    \b
    Exit codes: those of the command.
    """


@audience.command(short_help="Say which rows of a file have no usable address, a slip in it, or one that others have.")
@click.option("--column", default="email", show_default=True, metavar="NAME", help="The column of addresses.")
@click.option(
    "--dns", is_flag=True, help="Ask the DNS whether each domain takes mail: tells it which domains you have."
)
@click.option("--copy", type=click.Path(path_type=Path), metavar="FILE", help="Write the file again, addresses mended.")
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
def check(file: Path, column: str, dns: bool, copy: Path | None, format_: str) -> int:
    """Say which rows of a CSV file have no usable address, a slip in it, or one that others have.

    Told are rows without an address or with none that can be read, domains one slip away from a known service,
    addresses of a desk, disposable ones, duplicates, and addresses that several people share. A row is told by
    its number; no address is ever printed. Nothing leaves this machine, unless you ask the DNS.

    `--copy` writes every row again, none left out: blanks and brackets around addresses are taken off, domains
    are in small letters, and a last column `address_check` says what is to be looked at. FILE stays as it is.

    \b
    Examples:
      campcompile audience check patients.csv
      campcompile audience check patients.csv --copy patients-checked.csv
      campcompile audience check list.csv --column "E-mail" --dns --format json

    \b
    Exit codes: 0 nothing to look at; 1 something to look at; 2 no such file or column.
    """
    from campcompile.contacts.checking import NOTE, Contacts
    from campcompile.runner.cells import takes_mail

    if copy is not None and copy.exists():
        raise OccupiedError(f"{copy} is there already", help="name another file for the copy")
    with _opened(file) as text, _copying(copy) as copied:
        contacts = Contacts(text, column=column, takes_mail=cache(takes_mail) if dns else None)
        writer = csv.writer(copied, delimiter=contacts.delimiter) if copied is not None else None
        if writer is not None:
            writer.writerow((*contacts.header, NOTE))
        tally = _Tally(contacts, writer)
        out(_json(tally) if format_ == "json" else _text(tally))
    return int(bool(tally.kinds))


class _Tally:
    """What was counted while the lines were printed, and the copy written."""

    def __init__(self, contacts: Contacts, writer: Any) -> None:
        self.rows = self.mended = 0
        self.kinds: Counter[str] = Counter()
        self._contacts = contacts
        self._writer = writer

    def told(self) -> Iterator[CheckedRow]:
        """The rows with something to be said."""
        for row in self._contacts.rows():
            self.rows += 1
            self.mended += row.mended
            self.kinds.update(one.kind.value for one in row.remarks)
            if self._writer is not None:
                self._writer.writerow(self._contacts.copied(row))
            if row.remarks:
                yield row

    def summary(self) -> str:
        found = ", ".join(f"{count} {kind}" for kind, count in self.kinds.most_common())
        mended = f"; {self.mended} written more plainly in the copy" if self._writer is not None else ""
        return f"{self.rows} rows: {found or 'nothing to look at'}{mended}"


def _text(tally: _Tally) -> Iterator[str]:
    for row in tally.told():
        for one in row.remarks:
            yield f"row {row.row}: {'wrong' if one.kind.is_wrong else 'look'}: {one.kind.value}: {one.words}"
    yield tally.summary()


def _json(tally: _Tally) -> Iterator[str]:
    rows = [
        {"row": row.row, "kind": one.kind.value, "wrong": one.kind.is_wrong, "words": one.words}
        for row in tally.told()
        for one in row.remarks
    ]
    yield json.dumps({"rows": tally.rows, "mended": tally.mended, "found": rows}, ensure_ascii=False, indent=2)


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    if not file.is_file():
        raise UsageError(f"{file}: no such file", help="name a CSV file")
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            yield text
    except UnicodeDecodeError:
        raise UnreadableError(f"{file} is not UTF-8", help="save it as CSV with encoding UTF-8") from None


@contextmanager
def _copying(copy: Path | None) -> Iterator[TextIO | None]:
    """The copy, for its owner's eyes; whole, or not there."""
    if copy is None:
        yield None
        return
    partial = copy.with_name(f".{copy.name}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as text:
            yield text
        partial.replace(copy)
    finally:
        partial.unlink(missing_ok=True)
