"""A CSV file as numbered rows, every cell a text: what is no row is named, and the rows around it are read.

DuckDB reads files that are as they should be. It passes over blank lines without counting them, and over all that
follows a quotation mark that is never closed; so a file with either is read here, row by row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from campcompile.csv_lines import CsvLines
from campcompile.errors import UsageError
from campcompile.plan.contract import Aside
from campcompile.plan.duck import Duck
from campcompile.plan.tables import LookupTable

_AT_ONCE = 10_000  # rows
_CHUNK = 2**20
_QUOTES = "has a quotation mark that isn't closed, or one inside of a cell"


def read_csv(duck: Duck, path: Path, raw: str) -> list[Aside]:
    """Make the table `raw` of a file's rows, with `_row` as a spreadsheet counts; what are no rows is returned.

    Raises UsageError for a header that can't be used.
    """
    delimiter = _delimiter(path)
    header = _header(path, delimiter)
    if _is_plain(path) and _read_quickly(duck, path, delimiter, header, raw):
        return []
    return _read_by_hand(duck, path, delimiter, header, raw)


def _is_plain(path: Path) -> bool:
    """Whether no line between others is blank, and quotation marks come in pairs."""
    marks, ending = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = ending + chunk
            lines = text.rstrip(b"\r\n")
            ending = text[len(lines) :]
            if b"\n\n" in lines or b"\n\r\n" in lines:
                return False
            marks += chunk.count(b'"')
    return marks % 2 == 0


def _read_quickly(duck: Duck, path: Path, delimiter: str, header: Sequence[str], raw: str) -> bool:
    """Whether DuckDB could read every row; each must be as long as the header."""
    quoted = str(path).replace("'", "''")
    names = ", ".join("'" + name.replace("'", "''") + "': 'VARCHAR'" for name in header)
    options = (
        f"header = true, delim = '{delimiter}', quote = '\"', escape = '\"', parallel = false, auto_detect = false"
    )
    cells = f"read_csv('{quoted}', {options}, columns = {{{names}}})"
    duck.run("SET preserve_insertion_order = true")
    try:
        duck.run(f"CREATE TABLE {raw} AS SELECT ROW_NUMBER() OVER () + 1 AS _row, * FROM {cells}")
    except duck.error:
        return False
    finally:
        duck.run("SET preserve_insertion_order = false")
    return True


def _read_by_hand(duck: Duck, path: Path, delimiter: str, header: Sequence[str], raw: str) -> list[Aside]:
    columns = {"_row": "whole", **dict.fromkeys(header, "text")}
    duck.load(LookupTable(name=raw, columns=columns, rows=()))
    aside: list[Aside] = []
    rows = _rows(path, delimiter, len(header), aside)
    while batch := list(islice(rows, _AT_ONCE)):
        duck.load(LookupTable(name="_some_rows", columns=columns, rows=batch))
        duck.run(f"INSERT INTO {raw} SELECT * FROM _some_rows")
    return aside


def _rows(path: Path, delimiter: str, width: int, aside: list[Aside]) -> Iterator[tuple[str | int, ...]]:
    """Good rows with their numbers. A bad one takes no other along: reading goes on at the next line."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = CsvLines(file)
        for number, cells in enumerate(lines.rows(delimiter), start=1):
            if number == 1:
                if cells is None or any(map(_is_broken, cells)):
                    raise UsageError(f"`{path.name}`: its first row is no UTF-8", help="save the file as “CSV UTF-8”")
            elif cells is None or (len(cells) != width and lines.reread()):
                aside.append(Aside(path.name, number, "", _QUOTES))
            elif not cells:
                continue  # a blank line counts, and brings nothing
            elif len(cells) != width:
                aside.append(Aside(path.name, number, "", f"has {len(cells)} cells, and the header {width}"))
            elif any(map(_is_broken, cells)):
                aside.append(Aside(path.name, number, "", "is no UTF-8: save the file as “CSV UTF-8”"))
            else:
                yield number, *cells


def _is_broken(cell: str) -> bool:
    """Whether bytes were no UTF-8. Read as something else, two people's ids could become the same."""
    return not cell.isascii() and any("\ud800" <= sign <= "\udfff" for sign in cell)


# ── the header ───────────────────────────────────────────────────────────────────────────────────────


def _delimiter(path: Path) -> str:
    header = _header_line(path)
    return max(",;\t", key=header.count)


def _header(path: Path, delimiter: str) -> list[str]:
    """The columns' names; spreadsheets leave some without one. Raises UsageError for a name that stands there twice."""
    line = _header_line(path)
    if not line.strip():
        raise UsageError(f"`{path.name}` is empty", help="its first row names the columns")
    written = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    names = [name if name not in ("", "_row") else f"_{place}" for place, name in enumerate(written, start=1)]
    folded = [name.lower() for name in names]
    if twice := next((name for name in folded if folded.count(name) > 1), None):
        raise UsageError(f"`{path.name}`: the column `{twice}` stands there twice", help="keep one of the two")
    return names


def _header_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return file.readline().rstrip("\r\n")
    except OSError as error:
        raise UsageError(f"can't read `{path}`: {error.strerror}") from None
