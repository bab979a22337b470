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
    "group_after", "group_with", "generic", "calls", "care", "care_says", "illness", "status", "status_says",
)  # fmt: skip
OTHERS = ("ends_reach", "brings", "recalls", "called", "question", "words_between")  # looked at where a cue was found


class Cues:
    """Patterns over levelled words (`patterns.level`), compiled when asked for; docs/phi.md tells what each is for."""

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

    def __init__(self, language: str) -> None:
        table: Mapping[str, Mapping[str, Sequence[str]]] = load("cues")
        self._rows = {name: table[f"{language}/{name}"]["rows"] for name in (*PATTERNS, *OTHERS)}
        self.by_characters = language == "zh-Hant"
        self.words_between = int(self._rows["words_between"][0])
        needs: dict[str, set[str]] = {}
        for name in PATTERNS:
            for text in table[f"{language}/{name}"]["needs"]:
                needs.setdefault(text, set()).add(name)
        self._find = finder(needs)
        self._names = tuple(needs.values())

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """The pattern of a key. Raises re.error where a row is none (a test reads them all)."""
        rows = self.__dict__["_rows"].get(name)
        if rows is None:
            raise AttributeError(name)
        joined = "|".join(rows) or "(?!)"
        whole = self.by_characters or name == "question"
        pattern = re.compile(f"(?:{joined})" if whole else rf"(?<!\w)(?:{joined})(?!\w)")
        setattr(self, name, pattern)
        return pattern

    def hinted(self, levelled: str) -> Collection[str]:
        """The keys of all patterns that may match somewhere in a text; what isn't among them needn't be looked for."""
        found = self._find(levelled)
        return set().union(*[self._names[at] for at in {at for at, _, _ in found}]) if found else ()


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
