"""Taiwan's old 外來人口統一證號, on ARCs until 2021 and valid until 2031: two letters and eight digits.

Format: a letter for the place, A to D for status and sex, seven digits and a check digit, computed as a citizen's
with the units of the second letter's number (內政部移民署, 統一證號編碼原則, before 2 January 2021).
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import digits, matches, shape
from campcompile.phi.identifiers.taiwan_id import checks, place

_SHAPE = shape(r"[a-z]", r"[a-d]", *digits(8))


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for start, end, number in matches(_SHAPE, read.text):
        if checks(f"{place(number[0])}{place(number[1]) % 10}{number[2:]}"):
            yield Identifier("taiwan-arc", start, end, "R")
