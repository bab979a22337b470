"""The French NIR, numéro de sécurité sociale: thirteen characters and a key of two digits.

Format: sex (1, 2; 3, 4 while being registered; 7, 8 temporary), year, month (01 to 12, 20 and above where unknown),
département (2A, 2B in Corsica) and commune, order, key = 97 − (number mod 97), with 2A read as 19 and 2B as 18
(Décret 82-103 du 22 janvier 1982, art. 4; INSEE, « Numéro d'inscription au répertoire »). With its key it is known
anywhere; without, where the words before it say so.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import is_led_to
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import digits, matches, shape

_BODY = (r"[1-478]", *digits(5), r"[\dab]", *digits(6))
_WITH_KEY = shape(*_BODY, *digits(2))
_WITHOUT_KEY = shape(*_BODY)


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for start, end, number in matches(_WITH_KEY, read.text):
        if _has_month(number) and key_of(number[:13]) == int(number[13:]):
            yield Identifier("nir", start, end, "G")
    for start, end, number in matches(_WITHOUT_KEY, read.text):
        if _has_month(number) and _stands_alone(read.text, end) and is_led_to("nir", read.text, start):
            yield Identifier("nir", start, end, "G")


def key_of(body: str) -> int:
    """The key of thirteen characters, from 1 to 97."""
    department = {"2a": "19", "2b": "18"}.get(body[5:7], body[5:7])
    return 97 - int(body[:5] + department + body[7:]) % 97


def _has_month(number: str) -> bool:
    month = int(number[3:5])
    return (1 <= month <= 12 or 20 <= month <= 42 or month >= 50) and (number[6].isdigit() or number[5] == "2")


def _stands_alone(text: str, end: int) -> bool:
    """No two digits follow: those would be a key, and it was wrong."""
    return not text[end : end + 3].strip(" .-/")[:1].isdigit()
