"""Cues turn a health word into a claim about the reader: `your`, `deg med`, 您的. One file a language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache

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


class Cues:
    """Patterns over levelled words (`patterns.level`), compiled when asked for; docs/lexicon.md explains them."""

    words_between: int  # how far a cue reaches: words, or characters where a language has no blanks
    by_characters: bool
    your: re.Pattern[str]
    your_kin: re.Pattern[str]
    yours: re.Pattern[str]
    ends_reach: re.Pattern[str]
    reader_with: re.Pattern[str]
    reader_is: re.Pattern[str]
    still: re.Pattern[str]
    after: re.Pattern[str]
    afterwards: re.Pattern[str]
    group: re.Pattern[str]
    group_after: re.Pattern[str]
    group_with: re.Pattern[str]
    generic: re.Pattern[str]
    brings: re.Pattern[str]
    recalls: re.Pattern[str]
    called: re.Pattern[str]
    calls: re.Pattern[str]
    care: re.Pattern[str]
    care_says: re.Pattern[str]
    illness: re.Pattern[str]
    status: re.Pattern[str]
    status_says: re.Pattern[str]
    question: re.Pattern[str]
    given: re.Pattern[str]
    served: re.Pattern[str]
    at_work: re.Pattern[str]
    as_a: re.Pattern[str]
    anybodys: re.Pattern[str]
    routine: re.Pattern[str]
    notices: re.Pattern[str]
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
        needs: dict[str, int] = {}
        for at, name in enumerate(PATTERNS):
            for text in table[f"{language}/{name}"]["needs"]:
                needs[text] = needs.get(text, 0) | 1 << at
        self._find = finder(needs)
        self._bits = tuple(needs.values())
        self._hints: dict[int, frozenset[str]] = {}  # by the bits of PATTERNS; few occur

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """The pattern of a key. Raises re.error where a row is none (a test reads them all)."""
        rows = self.__dict__["_rows"].get(name)
        if rows is None:
            raise AttributeError(name)
        joined = "|".join(rows) or "(?!)"
        anywhere = self.by_characters or name == "question"
        begins = "" if name in _JOINED else r"(?<!\w)"  # `hjerteteamet`: what is joined to a health word
        pattern = re.compile(f"(?:{joined})" if anywhere else rf"{begins}(?:{joined})(?!\w)")
        setattr(self, name, pattern)
        return pattern

    def hinted(self, levelled: str) -> Collection[str]:
        """The keys of all patterns that may match somewhere in a text; what isn't among them needn't be looked for."""
        bits = 0
        for at, _, _ in self._find(levelled):
            bits |= self._bits[at]
        known = self._hints.get(bits)
        if known is None:
            known = self._hints[bits] = frozenset(name for at, name in enumerate(PATTERNS) if bits >> at & 1)
        return known


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
