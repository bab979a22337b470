"""Wordings are ways to say something, by language: an offer, a request for a review, a reply that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from campcompile.phi.cues import language_of
from campcompile.phi.folded import fold
from campcompile.phi.patterns import level
from campcompile.regex import regex
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping, Scalar, Sequence

_DATA = "analysis/data/wordings.yaml"
_REFUSED = "no-reply"  # no finding by itself: what turns a sentence round
_HINTS = "hints"
_END = regex(r"[.!?]+(?=\s|$)|[;\n。！？；]+")


class Wording(NamedTuple):
    """What is said, where it stands in the text as it was written, and whether its sentence takes it back."""

    kind: str
    start: int
    end: int
    is_refused: bool  # `please don't reply with …`, `… through the portal`


@lru_cache(maxsize=8192)
def find_wordings(text: str, locale: str) -> tuple[Wording, ...]:
    """What a line says of all kinds, from left to right; () in a language that nobody has written them for."""
    language = language_of(locale)
    if language is None:
        return ()
    read = fold(text)
    levelled = level(read.text)
    if not any(hint in levelled for hint in _hints(language)):
        return ()
    return tuple(
        Wording(
            kind=str(found.lastgroup).replace("_", "-"),
            start=read.author(*found.span())[0],
            end=read.author(*found.span())[1],
            is_refused=_refusal(language).search(levelled, *_sentence(levelled, found.start())) is not None,
        )
        for found in _pattern(language).finditer(levelled)
    )


@cache
def _pattern(language: str) -> re.Pattern[str]:
    """One pattern of all kinds, each a group; whole words, where a language parts words by blanks."""
    kinds = [entry.key.value for entry in pack(_DATA).root.entries if isinstance(entry.value, Mapping)]
    groups = (
        f"(?P<{kind.replace('-', '_')}>{'|'.join(ways)})"
        for kind in kinds
        if kind not in (_REFUSED, _HINTS) and (ways := tuple(_ways(kind, language)))
    )
    return re.compile("|".join(groups) if language == "zh-Hant" else rf"\b(?:{'|'.join(groups)})(?!\w)")


@cache
def _hints(language: str) -> tuple[str, ...]:
    return tuple(_ways(_HINTS, language))


@cache
def _refusal(language: str) -> re.Pattern[str]:
    return re.compile("|".join(_ways(_REFUSED, language)))


def _ways(kind: str, language: str) -> Iterator[str]:
    row = pack(_DATA).root.get(kind)
    ways = row.get(language) if isinstance(row, Mapping) else None
    if isinstance(ways, Sequence):
        yield from (item.value for item in ways.items if isinstance(item, Scalar))


def _sentence(text: str, at: int) -> tuple[int, int]:
    """The sentence around a place."""
    start = 0
    for end in _END.finditer(text):
        if end.start() >= at:
            return start, end.start()
        start = end.end()
    return start, len(text)
