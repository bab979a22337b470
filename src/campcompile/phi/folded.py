"""A text folded for reading: look-alikes made one, invisible characters dropped, each place known in the author's text.

`Ａ１２３` and `A\\u200b123` both fold to `a123`. Whoever finds something in the folded text asks `author(start, end)`
where the author wrote it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from campcompile.regex import regex
from campcompile.values import dataclass

# Format characters (soft hyphen, zero-width space, joiners, marks of direction), fillers and variation selectors.
_INVISIBLE = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_invisible = regex(f"[{_INVISIBLE}]")
# Full-width signs and the spaces that NFKC makes one plain sign each: most Chinese texts need no more.
_ONE_FOR_ONE = {**{0xFF01 + at: 0x21 + at for at in range(94)}, 0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20}
_other_digit = regex(r"[^\D0-9]")
# Runs of characters that fold one to one, and every other character with the few marks that may combine with it.
_MARKS = "\u0300-\u036f\u3099\u309a"
_ONE_TO_ONE = (
    r" -~\n\t\xa1-\xa7\xb0\xb1\xb7\xbbÀ-ÞàáâãäåæçèéêëìíîïñòóôõöøùúûüýŒœŠšŽž"
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2022、。〈-』一-\u9fff"
)
_ordinary = regex(f"[{_ONE_TO_ONE}]*").fullmatch
_PIECES = regex(rf"(?P<plain>[{_ONE_TO_ONE}]+)(?![{_MARKS}{_INVISIBLE}])|[\s\S][{_MARKS}{_INVISIBLE}]{{0,8}}")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is small letters, `cased` the same characters with the author's capitals; both of one length.

    `starts` and `ends` hold each character's place in the author's text; both empty where every place is its own.
    """

    text: str
    cased: str
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()

    def author(self, start: int, end: int) -> tuple[int, int]:
        """The range of the author's text that `text[start:end]`, which is not empty, was folded from."""
        if not self.starts:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def replaced(self, changes: Iterable[tuple[int, int, str]]) -> Folded:
        """The same with ranges read otherwise, such as `two one` as `21`; (start, end, reading), in order, apart."""
        text, cased = [], []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for start, end, reading in (*changes, (len(self.text), len(self.text), "")):
            text += [self.text[at:start], reading]
            cased += [self.cased[at:start], reading]
            starts += self.starts[at:start] if self.starts else range(at, start)
            ends += self.ends[at:start] if self.starts else range(at + 1, start + 1)
            if reading:
                first, last = self.author(start, end)
                starts += [first] * len(reading)
                ends += [last] * len(reading)
            at = end
        return Folded("".join(text), "".join(cased), tuple(starts), tuple(ends))


@lru_cache(maxsize=2048)
def fold(text: str) -> Folded:
    """NFKC, case folded, without invisible characters, digits of every script as 0 to 9."""
    if text.isascii():
        return Folded(text.lower(), text)
    if _ordinary(text):
        return Folded(text.casefold(), text)
    cased = text if _stands_as_it_is(text) else text.translate(_ONE_FOR_ONE)
    if cased is text or _ordinary(cased) or _stands_as_it_is(cased):
        folded = cased.casefold()
        if len(folded) == len(text):
            return Folded(folded, cased)
    return _fold_piecewise(text)


def _stands_as_it_is(text: str) -> bool:
    return unicodedata.is_normalized("NFKC", text) and not _invisible.search(text) and not _other_digit.search(text)


def _fold_piecewise(text: str) -> Folded:
    """Character by character, a letter with the marks that combine with it as one."""
    folded, cased = [], []
    starts: list[int] = []
    ends: list[int] = []
    for found in _PIECES.finditer(text):
        start, end = found.span()
        if found["plain"]:
            folded.append(found[0].casefold())
            cased.append(found[0])
            starts += range(start, end)
            ends += range(start + 1, end + 1)
            continue
        small, shown = _fold_piece(found[0])
        folded.append(small)
        cased.append(shown)
        starts += [start] * len(small)
        ends += [end] * len(small)
    return Folded("".join(folded), "".join(cased), tuple(starts), tuple(ends))


@lru_cache(maxsize=4096)
def _fold_piece(piece: str) -> tuple[str, str]:
    """Small letters, and the same with capitals where that is as long."""
    shown = unicodedata.normalize("NFKC", piece)
    shown = _other_digit.sub(lambda digit: str(unicodedata.decimal(digit[0])), shown)
    shown = _invisible.sub("", shown)
    small = unicodedata.normalize("NFKC", shown.casefold())
    return small, shown if len(shown) == len(small) else small
