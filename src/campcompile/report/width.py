"""How wide a text stands on a terminal: Chinese takes two cells, an accent none, a tab runs to its stop."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from campcompile.regex import regex

TAB = 4
_JOINERS = "\u200c\u200d"  # part of how emoji and several scripts are written: shown as they are
_SHOWN_AS_IS = frozenset(_JOINERS)
_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60"
_PARTS = regex(rf"[{_WIDE}] *|[^ {_WIDE}]+ *| +")
_CLOSING = "、。，；：？！）」』"


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


def wrapped(text: str, cells: int) -> list[str]:
    """A text that is `printed`, in lines of at most `cells`, broken at blanks and between wide characters.

    What can't be broken stands on a line of its own; no line begins with what closes (`。`, `）`).
    """
    lines = [""]
    for part in _PARTS.findall(" ".join(text.split(" "))):
        if lines[-1] and width(lines[-1] + part.rstrip(" ")) > cells and part[0] not in _CLOSING:
            lines.append("")
        lines[-1] += part
    return [line.rstrip(" ") for line in lines if line]


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
