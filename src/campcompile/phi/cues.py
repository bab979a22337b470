"""Cues turn a health word into a claim about the reader: `your`, `deg med`, 您的. One file a language."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TypeAlias

from campcompile.phi.automaton import finder
from campcompile.phi.loading import load

LANGUAGES = ("en", "fr", "nb", "zh-Hant")
_FAMILY = {"no": "nb", "nn": "nb", "zh": "zh-Hant"}
PATTERNS = (
    "your", "your_kin", "yours", "reader_with", "reader_is", "still", "after", "afterwards", "group",
    "group_after", "group_with", "generic", "calls", "care", "care_says", "illness", "status", "status_says", "given",
    "as_a", "notices",
)  # fmt: skip
# Looked at where a cue was found.
OTHERS = (
    "ends_reach", "brings", "recalls", "called", "question", "served", "at_work", "anybodys", "routine",
    "reader", "since", "answered", "ails", "persists",
    "words_between",
)  # fmt: skip

_JOINED = frozenset({"served", "at_work"})
_KEYS = len(PATTERNS)


class Rows:
    """Some rows of a key, found as by the one pattern `row|row|…`: the leftmost, then the first of them."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Sequence[re.Pattern[str]]) -> None:
        self._rows = rows

    def search(self, text: str, start: int, end: int) -> re.Match[str] | None:
        return next(self.finditer(text, start, end), None)

    def match(self, text: str, start: int, end: int) -> re.Match[str] | None:
        return next((found for row in self._rows if (found := row.match(text, start, end))), None)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        ahead = [(found, row) for row in self._rows if (found := row.search(text, start, end))]
        while ahead:
            nearest = min(ahead, key=_beginning)[0]
            yield nearest
            at = nearest.end()
            ahead = [
                (later, row)
                for found, row in ahead
                if (later := found if found.start() >= at else row.search(text, at, end))
            ]


def _beginning(found: tuple[re.Match[str], object]) -> int:
    return found[0].start()


Pattern: TypeAlias = "re.Pattern[str] | Rows"


class Hints:
    """What of PATTERNS may match somewhere in one text: most rows of a key can't, and are spared."""

    __slots__ = ("_cues", "_rows", "keys")

    def __init__(self, cues: Cues, keys: frozenset[str], rows: int) -> None:
        self.keys = keys  # the others needn't be looked for
        self._cues = cues
        self._rows = rows

    def __contains__(self, key: str) -> bool:
        return key in self.keys

    def pattern(self, key: str) -> Pattern:
        """The rows of a key, which is among `keys`, that may match."""
        return self._cues.rows_of(key, self._rows)


class Cues:
    """Patterns over levelled words (`patterns.level`), compiled when asked for; docs/lexicon.md explains them.

    Those of OTHERS are attributes; of PATTERNS, `hinted` tells what may match in a text.
    """

    words_between: int  # how far a cue reaches: words, or characters where a language has no blanks
    by_characters: bool
    ends_reach: re.Pattern[str]
    brings: re.Pattern[str]
    recalls: re.Pattern[str]
    called: re.Pattern[str]
    question: re.Pattern[str]
    served: re.Pattern[str]
    at_work: re.Pattern[str]
    anybodys: re.Pattern[str]
    routine: re.Pattern[str]
    ails: re.Pattern[str]
    persists: re.Pattern[str]
    reader: re.Pattern[str]
    since: re.Pattern[str]
    answered: re.Pattern[str]

    def __init__(self, language: str) -> None:
        table: Mapping[str, Mapping[str, Sequence[str]]] = load("cues")
        self._rows = {name: table[f"{language}/{name}"]["rows"] for name in (*PATTERNS, *OTHERS)}
        self.by_characters = language == "zh-Hant"
        self.words_between = int(self._rows["words_between"][0])
        needs: dict[str, int] = {}  # text → bits of the keys, then of all their rows
        self._bits_of: dict[str, tuple[int, int]] = {}  # key → its first row's bit, and the bits of them all
        bit = _KEYS
        for at, name in enumerate(PATTERNS):
            first = bit
            for texts in table[f"{language}/{name}"]["needs"]:
                for text in texts:
                    needs[text] = needs.get(text, 0) | 1 << at | 1 << bit
                bit += 1
            self._bits_of[name] = first, (1 << bit - first) - 1
        self._find = finder(needs)
        self._bits = tuple(needs.values())
        self._keys: dict[int, frozenset[str]] = {}  # by the bits of PATTERNS; few occur
        self._compiled_rows: dict[tuple[str, int], re.Pattern[str]] = {}
        self._chosen = lru_cache(maxsize=2048)(self._choose)

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """The pattern of one of OTHERS. Raises re.error where a row is none (a test reads them all)."""
        if name not in OTHERS:
            raise AttributeError(name)
        rows = self._rows[name]
        pattern = self._compiled(name, "|".join(rows) or "(?!)")
        setattr(self, name, pattern)
        return pattern

    def _compiled(self, name: str, row: str) -> re.Pattern[str]:
        if self.by_characters or name == "question":
            return re.compile(f"(?:{row})")
        begins = "" if name in _JOINED else r"(?<!\w)"  # `hjerteteamet`: what is joined to a health word
        return re.compile(rf"{begins}(?:{row})(?!\w)")

    def hinted(self, levelled: str) -> Hints:
        """What may match somewhere in a text: of what isn't hinted at, no necessary word stands there."""
        bits = 0
        for at, _, _ in self._find(levelled):
            bits |= self._bits[at]
        of_keys = bits & (1 << _KEYS) - 1
        keys = self._keys.get(of_keys)
        if keys is None:
            keys = self._keys[of_keys] = frozenset(name for at, name in enumerate(PATTERNS) if bits >> at & 1)
        return Hints(self, keys, bits)

    def rows_of(self, name: str, bits: int) -> Pattern:
        """Of one of PATTERNS, the rows whose bits are set."""
        first, every = self._bits_of[name]
        return self._chosen(name, bits >> first & every)

    def _choose(self, name: str, bits: int) -> Pattern:
        rows = [self._row(name, at) for at in range(bits.bit_length()) if bits >> at & 1]
        return rows[0] if len(rows) == 1 else Rows(rows)

    def _row(self, name: str, at: int) -> re.Pattern[str]:
        row = self._compiled_rows.get((name, at))
        if row is None:
            row = self._compiled_rows[name, at] = self._compiled(name, self._rows[name][at])
        return row


@lru_cache(maxsize=256)
def language_of(locale: str) -> str | None:
    """The language whose cues and lexicon read a locale; None where nobody has written them."""
    primary = locale.partition("-")[0].lower()
    language = _FAMILY.get(primary, primary)
    return language if language in LANGUAGES else None


@cache
def cues(language: str) -> Cues:
    """The cues of one of LANGUAGES."""
    return Cues(language)
