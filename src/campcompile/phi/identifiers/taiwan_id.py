"""Taiwan's 身分證統一編號 and the residents' 統一證號 of the same form: a letter and nine digits.

Format: a letter for the place (each a number from 10 to 35), 1 or 2 for a citizen, 8 or 9 for a resident since
2 January 2021, seven digits and a check digit: letter's tens × 1 + units × 9 + digits × 8…1 + check ≡ 0 mod 10
(內政部戶政司, 國民身分證統一編號編碼原則; 內政部移民署, 新式外來人口統一證號, 2021). The third character tells where a
number came from; it is not looked at, as the rules for it have grown.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import digits, matches, shape, weighted

_SHAPE = shape(r"[a-z]", r"[1289]", *digits(8))
_PLACES = "abcdefghjklmnpqrstuvxywzio"  # a is 10, b is 11, …, o is 35
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for start, end, number in matches(_SHAPE, read.text):
        if checks(str(place(number[0])) + number[1:]):
            kind = "taiwan-id" if number[1] in "12" else "taiwan-arc"
            yield Identifier(kind, start, end, "R")


def place(letter: str) -> int:
    """The number of a letter: 10 for a, 35 for o."""
    return _PLACES.index(letter) + 10


def checks(number: str) -> bool:
    """Eleven digits, the letters already read as numbers."""
    return weighted(number, _WEIGHTS) % 10 == 0
