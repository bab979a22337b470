"""The United States' Social Security number and ITIN: three, two and four digits, without a check digit.

Format: no area 000, 666 or 900–999, no group 00, no serial 0000 (SSA, «SSN Randomization», 2011); an ITIN begins
with 9 and has a group of 50–65, 70–88, 90–92 or 94–99 (IRS, Internal Revenue Manual 3.21.263). With hyphens it is
known anywhere; written otherwise, where words name it.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import is_led_to, is_named
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import digits, matches, shape
from campcompile.regex import regex

_SHAPE = shape(*digits(9))
_HYPHENS = regex(r"\d{3} ?[-–—] ?\d{2} ?[-–—] ?\d{4}")


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for start, end, number in matches(_SHAPE, read.text):
        if not _may_be_given(number) or is_named("order", read.text, start):
            continue
        if _HYPHENS.fullmatch(read.text, start, end) or is_led_to("ssn", read.text, start):
            yield Identifier("ssn", start, end, "G")


def _may_be_given(number: str) -> bool:
    area, group, serial = number[:3], int(number[3:5]), number[5:]
    if area[0] == "9":
        return 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or group >= 94
    return area not in ("000", "666") and group != 0 and serial != "0000"
