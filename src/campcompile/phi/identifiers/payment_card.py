"""A payment card's number: 13 to 19 digits with Luhn's check digit and an issuer's first digits.

Format: ISO/IEC 7812-1; first digits 34, 37 (American Express), 4 (Visa), 51–55 and 2221–2720 (Mastercard), 6011 and
65 (Discover), as those networks publish them.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import digits, luhn, matches, shape

_SHAPES = (
    shape("3", "[47]", *digits(13)),
    shape("(?:4|5|2|6)", *digits(15)),
)


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for pattern in _SHAPES:
        for start, end, number in matches(pattern, read.text):
            if luhn(number) and _is_issued(number):
                yield Identifier("payment-card", start, end, "J")


def _is_issued(number: str) -> bool:
    return (
        number[0] in "34"
        or 51 <= int(number[:2]) <= 55
        or 2221 <= int(number[:4]) <= 2720
        or number.startswith(("6011", "65"))
    )
