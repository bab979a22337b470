"""Columns are the width of words in a fixed-width font: what a line of plain text or an inbox has room for."""

from __future__ import annotations

import unicodedata

SLOT_COLUMNS = 12  # what a person's value counts as: nobody knows it while compiling
_NO_WIDTH = ("Mn", "Me", "Cf")  # accents, enclosing marks, joiners


def columns(text: str) -> int:
    """The width of `text`: ideographs and emoji take two columns, accents and joiners none.

    Example: `Timen din` has 9, `門診時間` has 8.
    """
    if text.isascii():
        return len(text)
    return sum(map(_WIDTHS.__getitem__, text))


class _Widths(dict[str, int]):
    """The columns of each character that has been met: a text is measured many times while it is wrapped."""

    def __missing__(self, char: str) -> int:
        wide = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        width = self[char] = 0 if unicodedata.category(char) in _NO_WIDTH else wide
        return width


_WIDTHS = _Widths()
