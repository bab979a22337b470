"""Judges a place where a pattern stands in a text: is it the word, or only a part of another one?

`statiner` is a form with an ending, `diabetesoppfølging` a compound, `lastA1c` a field; `sting` is no `STI`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from campcompile.phi.patterns import (
    CAPITALS,
    CODE,
    EXACT,
    EXCEPTION,
    LEAST_CAPITALS,
    OPEN_LEFT,
    OPEN_RIGHT,
    PLAIN,
    STEM,
    WEAK,
    count_capitals,
    has_accents,
)
from campcompile.regex import regex

LEAST_BEFORE_STEM = 3  # letters: `-mab` ends a drug's name in `adalimumab`, and no more than itself in `mab`
LEAST_AT_SEAM = 3  # letters of a form that may touch a figure or a capital: `diabetes2026`, `hivRecall`
LEAST_WITH_ENDING = 3
LONGEST_BEFORE_STEM = 40
LONGEST_ENDING = 5
SHOUTING = 3  # words: in fewer, capitals may be all that there is (`HIV`, `HIV PEP`)

_CJK = "\u2e80"  # from here on, every sign is a word's edge
_CODE_TAIL = regex(r"(?:\.[0-9][0-9a-z]{0,3}|[0-9]{0,3}[a-z]?)(?![0-9a-zà-öø-ÿ])")
_ADDRESS_SIGN = regex(r"[_/=&#@]|-.*-")
_REST_OF_ADDRESS = regex(r"\S{0,60}")
_NONE, _SEAM, _WORD = range(3)  # kinds of an edge: within a word; figures or a capital within it; between two words

Reading = tuple[str, str]
"""What a pattern stands for: a concept's id, and the marks of patterns.py."""


class Hit(NamedTuple):
    start: int
    end: int  # with the ending
    length: int  # of the pattern
    weak: bool
    concept_id: str
    exception: bool


class Reader:
    """One text with what is asked about it again and again."""

    __slots__ = ("_cased", "_endings", "_folded", "_plain", "_shouts", "_text")

    def __init__(self, folded: str, levelled: str, cased: str, endings: frozenset[str]) -> None:
        self._folded = folded
        self._text = levelled
        self._cased = cased if len(cased) == len(folded) else ""
        self._endings = endings
        self._shouts: bool | None = None
        self._plain: bool | None = None

    def is_inside(self, start: int) -> bool:
        """Does the place surely lie within a word of Latin letters? Quick, and often asked."""
        pair = self._text[start - 1 : start + 1]
        return start > 0 and pair.isascii() and pair.isalpha() and not self._cased[start : start + 1].isupper()

    def read(self, readings: tuple[Reading, ...], start: int, end: int) -> Iterator[Hit]:
        """What the pattern at `start` to `end` says there."""
        edge = self._edge(start)
        for concept_id, marks in readings:
            if edge == _NONE and OPEN_LEFT not in marks and STEM not in marks:
                continue
            if PLAIN in marks and not self._leaves_accents_out(start, end):
                continue
            if STEM in marks:
                hit = self._stem(concept_id, start, end)
            elif CODE in marks:
                hit = self._code(concept_id, start, end) if edge == _WORD else None
            else:
                hit = self._form(concept_id, marks, start, end, edge)
            if hit:
                yield hit

    def _form(self, concept_id: str, marks: str, start: int, end: int, edge: int) -> Hit | None:
        surely = CAPITALS not in marks or self._capitals(start, end)
        least = _SEAM if surely and end - start >= LEAST_AT_SEAM else _WORD
        if edge < least and OPEN_LEFT not in marks:
            return None
        after = self._end(marks, start, end, least, edge >= least)
        if after is None:
            return None
        return Hit(start, after, end - start, WEAK in marks or not surely, concept_id, EXCEPTION in marks)

    def _end(self, marks: str, start: int, end: int, least: int, begins: bool) -> int | None:
        """Where the form with its ending ends; None where it is but a part of another word."""
        if self._edge(end) >= least:
            return end
        if EXACT in marks:
            return None
        after = self._letters_end(end)
        tail = self._text[end:after] if end - start >= LEAST_WITH_ENDING else ""
        if self._text[end - 1 : end + 1] == "mm":
            tail = tail[1:]  # Norwegian: no word ends in -mm, so `sykdom` becomes `sykdommen`
        is_another = CAPITALS in marks and tail != "s" and self._cased[end:after].isupper()  # `FIVE` is no French `FIV`
        if not is_another and tail in self._endings and self._edge(after) >= least:
            return after
        return end if begins and OPEN_RIGHT in marks else None

    def _letters_end(self, at: int) -> int:
        """Where the letters that begin here end, if they may be an ending."""
        last = min(len(self._text), at + LONGEST_ENDING + 1)
        while at < last and self._text[at].isalpha() and self._text[at] < _CJK:
            at += 1
        return at

    def _stem(self, concept_id: str, start: int, end: int) -> Hit | None:
        """A drug's name by its last letters: the mention is the whole word."""
        after = self._end(STEM, start, end, _WORD, False)
        if after is None:
            return None
        first = start
        while first > max(0, start - LONGEST_BEFORE_STEM) and self._text[first - 1].isalpha() and not self._edge(first):
            first -= 1
        if start - first < LEAST_BEFORE_STEM:
            return None
        return Hit(first, after, end - start, False, concept_id, False)

    def _code(self, concept_id: str, start: int, end: int) -> Hit | None:
        """`E11.9` can be nothing else; `E11` may be a gate or a hall."""
        tail = _CODE_TAIL.match(self._text, end)
        if tail is None:
            return None
        return Hit(start, tail.end(), end - start, not tail[0].startswith("."), concept_id, False)

    def _edge(self, at: int) -> int:
        if at == 0 or at == len(self._text):
            return _WORD
        before, after = self._text[at - 1], self._text[at]
        if not before.isalnum() or not after.isalnum() or before >= _CJK or after >= _CJK:
            return _WORD
        if before.isdigit() != after.isdigit() or (self._cased and self._capital_begins(at)):
            return _SEAM
        return _NONE

    def _capital_begins(self, at: int) -> bool:
        """`lastA1c`, `HIVRecall`: a capital after small letters, or before them after capitals."""
        if not self._cased[at].isupper():
            return False
        before, after = self._cased[at - 1], self._cased[at + 1 : at + 2]
        return before.islower() or (before.isupper() and after.islower())

    def _capitals(self, start: int, end: int) -> bool:
        """Are capitals written, and do they tell anything there?"""
        if self._shouts is None:
            self._shouts = self._cased.isupper() and len(self._text.split(maxsplit=SHOUTING)) >= SHOUTING
        return not self._shouts and count_capitals(self._cased[start:end]) >= LEAST_CAPITALS

    def _leaves_accents_out(self, start: int, end: int) -> bool:
        if self._plain is None:
            self._plain = not has_accents(self._text)
        return self._plain or self._in_address(start)

    def _in_address(self, at: int) -> bool:
        """Does the place lie in an address or a tag, such as `/rappel-depistage-sein` or `depistage_2026`?"""
        before = self._folded[max(0, at - 60) : at]
        word = before.split()[-1] if before and not before[-1].isspace() else ""
        rest = _REST_OF_ADDRESS.match(self._folded, at)
        return bool(rest and _ADDRESS_SIGN.search(word + rest[0]))
