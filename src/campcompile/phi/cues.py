"""Cues turn a health word into a claim about the reader: `your`, `deg med`, 您的. One file a language."""

from __future__ import annotations

import re
from functools import cache

from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Scalar, Sequence
from campcompile.values import dataclass

LANGUAGES = ("en", "fr", "nb", "zh-Hant")
_FAMILY = {"no": "nb", "nn": "nb", "zh": "zh-Hant"}
_PATTERNS = (
    "your", "your_kin", "yours", "ends_reach", "reader_with", "reader_is", "still", "after", "afterwards", "group",
    "group_after", "group_with", "generic", "calls", "care", "illness", "status", "status_says",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """Compiled patterns over levelled words (`lexicon.level`); docs/phi.md tells what each is for."""

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
    calls: re.Pattern[str]
    care: re.Pattern[str]
    illness: re.Pattern[str]
    status: re.Pattern[str]
    status_says: re.Pattern[str]
    question: re.Pattern[str]


def language_of(locale: str) -> str | None:
    """The language whose cues and lexicon read a locale; None where nobody has written them."""
    primary = locale.partition("-")[0].lower()
    language = _FAMILY.get(primary, primary)
    return language if language in LANGUAGES else None


@cache
def cues(language: str) -> Cues:
    """The cues of one of LANGUAGES. Raises re.error where a row of its file is no pattern (a test reads them all)."""
    root = pack(f"phi/cues/{language}.yaml").root
    by_characters = language == "zh-Hant"
    reach = root.get("words_between")
    assert isinstance(reach, Scalar)

    def pattern(key: str) -> re.Pattern[str]:
        node = root.get(key)
        rows = [item.value for item in node.items if isinstance(item, Scalar)] if isinstance(node, Sequence) else []
        if not rows:
            return re.compile(r"(?!)")
        joined = "|".join(rows)
        return re.compile(f"(?:{joined})" if by_characters else rf"(?<!\w)(?:{joined})(?!\w)")

    question = root.get("question")
    assert isinstance(question, Scalar)
    return Cues(
        words_between=int(reach.value),
        by_characters=by_characters,
        question=re.compile(question.value),
        **{key: pattern(key) for key in _PATTERNS},
    )
