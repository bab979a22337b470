"""Fødselsnummer, D-number, H-number and FH-number: eleven digits, the last two of them check digits.

Format: DDMMYY, three individual digits, two check digits by modulus 11 with the weights below
(Forskrift til folkeregisterloven, 2017, § 2-2-1; Skatteetaten, «Fødselsnummer»). A D-number has 40 added to the
day. A hospital's own H-number has 40 added to the month, an FH-number begins with 8 or 9 and holds no date
(HIS 1001:2010, Direktoratet for e-helse). Skatteetaten's Tenor adds 80 to the month of synthetic people: they are
told too, as nobody can see the difference in a mail. From 2032 the first check digit may be weaker by law; those
numbers aren't given out yet, and are not read here.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import is_led_to
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import digits, matches, shape, weighted

_SHAPE = shape(*digits(11))
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for start, end, number in matches(_SHAPE, read.text):
        if not _checks(number):
            continue
        if _has_date(number) or (number[0] in "89" and is_led_to("norwegian-id", read.text, start)):
            yield Identifier("norwegian-id", start, end, "R")


def _checks(number: str) -> bool:
    return weighted(number, _FIRST) % 11 == 0 and weighted(number, _SECOND) % 11 == 0


def _has_date(number: str) -> bool:
    day, month = int(number[:2]), int(number[2:4])
    day -= 40 if day > 40 else 0
    month -= 80 if month > 80 else 40 if month > 40 else 0
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]
