"""How wide a text stands on a terminal: Chinese takes two cells, an accent none, a tab runs to its stop."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

TAB = 4
_JOINERS = "\u200c\u200d"  # part of how emoji and several scripts are written: shown as they are
_SHOWN_AS_IS = frozenset(_JOINERS)


def width(text: str) -> int:
    """The number of cells of `text` as `visible` shows it."""
    return sum(cells for _, cells in visible(text))


def visible(text: str) -> Iterator[tuple[str, int]]:
    """For each code point what is shown for it, and in how many cells.

    What a terminal would obey (escapes), hide or turn around (bidirectional controls) is shown by name.
    """
    column = 0
    for character in text:
        shown, cells = _cell(character, column)
        column += cells
        yield shown, cells


def printed(text: str) -> str:
    """`text` as a terminal may safely get it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(shown for shown, _ in visible(text))


def _cell(character: str, column: int) -> tuple[str, int]:
    if character == "\t":
        cells = TAB - column % TAB
        return " " * cells, cells
    if " " <= character <= "~":
        return character, 1
    kind = unicodedata.category(character)
    if kind in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") or (kind == "Cf" and character not in _SHOWN_AS_IS):
        name = f"<U+{ord(character):04X}>"
        return name, len(name)
    if kind in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":  # vowels and finals of Hangul syllables
        return character, 0
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1
