"""A DEA registration number of a prescriber: two letters (or a letter and 9) and seven digits.

Format: the last digit is that of (1st + 3rd + 5th) + 2 × (2nd + 4th + 6th) (DEA Diversion Control Division,
«Practitioner's Manual», 2023; 21 CFR 1301.13 for who is registered).
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import is_named
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import digits, matches, shape, weighted

_SHAPE = shape("[a-hj-mpr-ux]", "[a-z9]", *digits(7))


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for start, end, number in matches(_SHAPE, read.text):
        digit = weighted(number[2:8], (1, 2, 1, 2, 1, 2)) % 10
        if digit == int(number[8]) and not is_named("order", read.text, start):
            yield Identifier("dea", start, end, "K")
