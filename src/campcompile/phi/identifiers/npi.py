"""The United States' National Provider Identifier: ten digits, where words name it.

Format: begins with 1 or 2; its last digit is Luhn's over 80840 and the number (45 CFR 162.406; CMS, «Requirements
for National Provider Identifier (NPI) and NPI Check Digit»). The practice's own is among its own details.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import is_led_to
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import digits, luhn, matches, shape

_SHAPE = shape("[12]", *digits(9))


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for start, end, number in matches(_SHAPE, read.text):
        if luhn("80840" + number) and is_led_to("npi", read.text, start):
            yield Identifier("npi", start, end, "K")
