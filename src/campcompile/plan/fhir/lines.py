"""NDJSON files as numbered lines: a relation of `_row` and `text`, in which blank lines count and bring nothing.

A row's number tells its file, too: `_row` is the file's place × 2⁴⁰ + the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from campcompile.errors import UsageError
from campcompile.plan.contract import Aside
from campcompile.plan.duck import Duck
from campcompile.plan.tables import LookupTable

FILE = 2**40
_LONGEST = 32_000_000  # bytes of a resource, pictures included, that are read in the quick way
_BATCH = 10_000


def lines_of(paths: Sequence[Path]) -> str:
    """SQL of the lines of files, each as DuckDB reads it. A line that is no UTF-8 makes the query fail."""
    options = (  # no JSON holds the sign between cells, so that each line is one
        "header = false, delim = '\x01', quote = '', escape = '', comment = '', strict_mode = false, "
        f"parallel = false, auto_detect = false, max_line_size = {_LONGEST}, buffer_size = {_LONGEST}, "
        "columns = {'text': 'VARCHAR'}"
    )
    parts = []
    for place, path in enumerate(paths):
        quoted = str(path).replace("'", "''")
        numbered = f"{place * FILE} + ROW_NUMBER() OVER () AS _row"
        parts.append(f"SELECT {numbered}, text FROM read_csv('{quoted}', {options})")
    return f"SELECT _row, text FROM ({' UNION ALL '.join(parts)}) WHERE TRIM(text, ' \t\r') <> ''"


def lines_by_hand(duck: Duck, paths: Sequence[Path], table: str) -> list[Aside]:
    """The slow way, into a table: lines that are no UTF-8 are named, and the others kept."""
    aside: list[Aside] = []
    duck.run(f"CREATE OR REPLACE TABLE {table} (_row BIGINT, text VARCHAR)")
    for place, path in enumerate(paths):
        rows = _decoded(path, place, aside)
        while batch := list(islice(rows, _BATCH)):
            columns = {"_row": "whole", "text": "text"}
            duck.load(LookupTable(name="_lines", columns=columns, rows=batch))
            duck.run(f"INSERT INTO {table} SELECT * FROM _lines")
    return aside


def _decoded(path: Path, place: int, aside: list[Aside]) -> Iterator[tuple[int, str]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                except UnicodeDecodeError:
                    aside.append(Aside(path.name, number, "", "is no UTF-8"))
                    continue
                if text:
                    yield place * FILE + number, text
    except OSError as error:
        raise UsageError(f"can't read `{path}`: {error.strerror}") from None
