"""The NHS number of England, Wales and the Isle of Man: ten digits, shown as 943 476 5919.

Format: modulus 11 with weights 10 to 2; a remainder that asks for 10 is not given out (NHS Data Model and
Dictionary, «NHS NUMBER»). Set as 3-3-4 it is known anywhere; written otherwise, where words name it.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import is_led_to, is_named
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import digits, matches, shape, weighted
from campcompile.regex import regex

_SHAPE = shape(*digits(10))
_SET = regex(r"\d{3} \d{3} \d{4}")
_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for start, end, number in matches(_SHAPE, read.text):
        if weighted(number, _WEIGHTS) % 11 or len(set(number)) == 1:
            continue
        named = is_led_to("nhs-number", read.text, start)
        if named or (_SET.fullmatch(read.text, start, end) and not is_named("order", read.text, start)):
            yield Identifier("nhs-number", start, end, "R")
