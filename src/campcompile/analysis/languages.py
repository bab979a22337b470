"""Languages are told by their little words: `your` and `is` are English, whatever the locale says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from campcompile.package_files import package_text
from campcompile.regex import regex
from campcompile.values import dataclass

_DATA = "analysis/data/languages.json"
_FAMILY = {"no": "nb"}
_WORD = regex(r"[^\W\d_]+")
_CHINESE = regex(r"[\u4e00-\u9fff]")
_LEAST_WORDS = 4  # of a line that is judged, and of Chinese signs
_LEAST_TOLD = 2  # words of another language, and none of its own
_SHARE = 0.4  # of the line's words
SIMPLIFIED = "zh-Hans"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Another language than the one that was declared."""

    language: str  # en, fr, nb, nn, zh, zh-Hans
    is_sure: bool  # three words or more


@lru_cache(maxsize=8192)
def other_language(text: str, locale: str) -> Spoken | None:
    """The language of a line where it isn't the locale's; None where it is, or too little is said to tell.

    Example: `Your visit is tomorrow` in `nb` is `en`. Names and quotations have too few little words to count.
    """
    declared = locale.partition("-")[0].lower()
    declared = _FAMILY.get(declared, declared)
    signs = _CHINESE.findall(text)
    if declared == "zh":
        simplified = _simplified() & set(signs)
        if len(simplified) >= _LEAST_TOLD and locale.lower() not in ("zh-hans", "zh-cn", "zh-sg", "zh"):
            return Spoken(SIMPLIFIED, True)
        return None if signs else _by_words(text, "")
    if len(signs) >= _LEAST_WORDS and len(signs) > len(_WORD.findall(_CHINESE.sub(" ", text))):
        return Spoken("zh", True) if declared in _little_words() else None
    return _by_words(text, declared) if declared in _little_words() else None


def _by_words(text: str, declared: str) -> Spoken | None:
    words = [word.casefold() for word in _WORD.findall(text)]
    table = _little_words()
    if len(words) < _LEAST_WORDS or any(word in table.get(declared, ()) for word in words):
        return None
    counts = {language: sum(word in own for word in words) for language, own in table.items() if language != declared}
    language, most = max(counts.items(), key=lambda one: one[1])
    if most < _LEAST_TOLD or most < _SHARE * len(words):
        return None
    return Spoken(language, most > _LEAST_TOLD)


@cache
def _little_words() -> Mapping[str, frozenset[str]]:
    return {language: frozenset(words) for language, words in _data().items() if isinstance(words, list)}


@cache
def _simplified() -> frozenset[str]:
    return frozenset(_data()["simplified"])


@cache
def _data() -> Any:
    return json.loads(package_text(_DATA))
