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
    return sum(map(_char_columns, text))


def _char_columns(char: str) -> int:
    if unicodedata.category(char) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
