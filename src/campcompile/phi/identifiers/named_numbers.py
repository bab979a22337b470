"""Numbers that only their name tells: medical records (MRN, IPP, 病歷號), health plans and mutuelles, accounts, devices.

They have no common format and no check digit, so a clue must stand directly before them (data/clues.yaml), and they
hold at least four digits. The letters are those of 45 CFR 164.514(b)(2)(i)(H) to (M) and (R).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import CONNECTORS, clue
from campcompile.phi.identifiers.identifier import Identifier

_HIPAA = {
    "mrn": "H",
    "plan-number": "I",
    "account": "J",
    "licence": "K",
    "vehicle": "L",
    "device": "M",
    "other-number": "R",
}
_FEWEST_DIGITS = {"vehicle": 2}
# Groups of letters and digits; every group after the first holds a digit.
_VALUE = r"[a-z]{0,5}[-/ .]?[0-9a-z]{0,6}\d[0-9a-z]{0,20}(?:[-/ .]{1,2}[0-9a-z]{0,6}\d[0-9a-z]{0,12}){0,6}"
_NOT_A_NUMBER = re.compile(
    r"(?:19|20)\d{2}(?:[-–](?:19|20)?\d{2})?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}"
)


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for kind, hipaa in _HIPAA.items():
        for found in _pattern(kind).finditer(read.text):
            value = found["value"]
            enough = sum(map(str.isdigit, value)) >= _FEWEST_DIGITS.get(kind, 4)
            if enough and not _NOT_A_NUMBER.fullmatch(value):
                yield Identifier(kind, *found.span("value"), hipaa)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(rf"{clue(kind).pattern}{CONNECTORS}(?P<value>{_VALUE})(?![0-9a-z])")
