"""Numbers that only their name tells: medical records (MRN, IPP, 病歷號), health plans, accounts, devices, plates.

They have no common format and no check digit, so a clue must stand directly before them (data/clues.yaml), and they
hold at least four digits. The letters are those of 45 CFR 164.514(b)(2)(i)(H) to (M) and (R).
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import before, kinds_in
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.regex import regex

_HIPAA = {
    "mrn": "H",
    "plan-number": "I",
    "account": "J",
    "licence": "K",
    "vehicle": "L",
    "device": "M",
    "other-number": "R",
}
_FEWEST_DIGITS = {"vehicle": 3}
# Groups of letters and digits; every group after the first holds a digit.
_NUMBER = regex(r"\d[0-9a-z]{0,20}(?:[-/ .]{1,2}[0-9a-z]{0,6}\d[0-9a-z]{0,12}){0,6}")
_LETTERS_BEFORE = regex(r"(?<![0-9a-zà-öø-ÿ])[a-z]{1,6}[- ]?\Z")
_LETTERS_AFTER = regex(r"[ -]?[a-z]{2,3}(?![a-z0-9])")  # of a plate: 482 KLM
_NOT_A_NUMBER = regex(
    r"(?:19|20)\d{2}(?:[-–](?:19|20)?\d{2})?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}"
)


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    if kinds_in(read.text).isdisjoint(_HIPAA):
        return
    for found in _NUMBER.finditer(read.text):
        count = sum(map(str.isdigit, found[0]))
        if count < 3 or _NOT_A_NUMBER.fullmatch(found[0]):
            continue
        for start in _starts(read.text, found.start()):
            kinds = before(read.text, start).named
            kind = next((kind for kind in _HIPAA if kind in kinds and count >= _FEWEST_DIGITS.get(kind, 4)), "")
            if kind:
                end = _LETTERS_AFTER.match(read.text, found.end()) if kind == "vehicle" else None
                yield Identifier(kind, start, end.end() if end else found.end(), _HIPAA[kind])
                break


def _starts(text: str, first_digit: int) -> Iterator[int]:
    """Where a number may begin: at its first digit, or at letters before it, as in `A0012345`."""
    yield first_digit
    letters = _LETTERS_BEFORE.search(text, max(0, first_digit - 8), first_digit)
    if letters:
        yield letters.start()
