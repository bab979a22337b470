"""The Medicare Beneficiary Identifier: eleven characters, shown as 1EG4-TE5-MK73, without a check digit.

Format: digit 1–9, letter, letter or digit, digit, letter, letter or digit, digit, letter, letter, digit, digit;
letters without S, L, O, I, B, Z (CMS, «Understanding the Medicare Beneficiary Identifier (MBI) Format»).
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import is_named
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import matches, shape

_A, _AN, _N = "[ac-hjkmnp-rt-y]", r"[\dac-hjkmnp-rt-y]", r"\d"
_SHAPE = shape("[1-9]", _A, _AN, _N, _A, _AN, _N, _A, _A, _N, _N)


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for start, end, _ in matches(_SHAPE, read.text):
        if not is_named("order", read.text, start):
            yield Identifier("mbi", start, end, "I")
