"""Rows of a CSV file: a bad one takes no other along, for a quotation mark that is left open ends with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterator


class CsvLines:
    """Lines of a file as rows; those behind the first of a row can be read once more, as rows of their own."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._fresh = lines
        self._again: list[str] = []  # the next one last
        self._row: list[str] = []  # the lines of the row at hand

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._fresh)
        self._row.append(line)
        return line

    def rows(self, delimiter: str) -> Iterator[list[str] | None]:
        """Cells of each row; None for a line whose quotation marks can't be understood."""
        reader = csv.reader(self, delimiter=delimiter, strict=True)
        while True:
            self._row = []
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error:
                self.reread()
                yield None

    def reread(self) -> bool:
        """Go back to the second line of the row at hand; whether there is one."""
        self._again += reversed(self._row[1:])
        return len(self._row) > 1

    @property
    def line(self) -> str:
        """The first line of the row at hand, as it is written."""
        return self._row[0].rstrip("\r\n")
