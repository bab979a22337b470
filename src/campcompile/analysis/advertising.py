"""How advertising speaks: guarantees, superlatives, testimonials, fear, urgency, found in the words of an e-mail.

People write `data/advertising.yaml`; `inventory.py` compiles it, with the texts that a match can't do without: what
holds none of them, as most e-mails, costs a few searches for a text, and no pattern is compiled for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from campcompile.analysis.facts import Facts
from campcompile.analysis.version_words import Part, WordLine, version_words
from campcompile.model.campaign import Version
from campcompile.package_files import package_text
from campcompile.phi.automaton import Finder, finder
from campcompile.phi.cues import language_of
from campcompile.phi.folded import fold
from campcompile.phi.patterns import level
from campcompile.regex import regex
from campcompile.syntax.source import Span

_NOT = "not"  # no claim by itself: what turns one round
_BEFORE = 48  # characters of the same sentence that may do so
_END = regex(r"[.!?;\n。！？；]")


class Pitch(Enum):
    """A kind of claim: its value is its key in advertising.yaml."""

    GUARANTEE = "guarantee"
    SUPERLATIVE = "superlative"
    FREE_CARE = "free-care"
    TESTIMONIAL = "testimonial"
    FEAR = "fear"
    URGENCY = "urgency"
    HARD_WAY_OUT = "hard-way-out"
    REWARD = "reward"
    CARE_PROMISE = "care-promise"
    DISCLAIMER = "disclaimer"


class Pitched(NamedTuple):
    """A claim in its line."""

    pitch: Pitch
    part: Part
    line: WordLine
    start: int  # in the line's text
    end: int

    @property
    def words(self) -> str:
        return self.line.text[self.start : self.end]

    @property
    def in_inbox_line(self) -> bool:
        return self.part.block < 0

    def span(self, facts: Facts) -> Span:
        return self.line.span(self.start, self.end, facts.source(self.line.stretches[0].span.path))


def pitched(version: Version, facts: Facts, *pitches: Pitch) -> Iterator[Pitched]:
    """The claims of these kinds in a version's words, subject and preheader first; none in a language unknown here.

    A text that takes its claim back (`we can't guarantee a result`) makes none.
    """
    language = language_of(version.locale)
    if language is None:
        return
    words = facts.once(version_words, version)
    hinted = [pitch for pitch in _hinted(words.text, language) if pitch in pitches]
    if not hinted:
        return
    for part in words.parts:
        for line in part.lines:
            yield from (
                Pitched(pitch, part, line, *at) for pitch in hinted for at in _places(line.text, pitch, language)
            )


def says(text: str, pitch: Pitch, locale: str) -> bool:
    """Does a text of its own, such as the name of a picture, make such a claim?"""
    language = language_of(locale)
    return language is not None and pitch in _hinted(text, language) and bool(_places(text, pitch, language))


def instead(pitch: Pitch, locale: str) -> str:
    """What to write instead, in the language of what was written; in English where that isn't known."""
    words: str = _compiled(language_of(locale) or "en")[pitch.value]["instead"]
    return words


@lru_cache(maxsize=256)
def _hinted(text: str, language: str) -> tuple[Pitch, ...]:
    """The kinds that a text may hold: asked several times of an e-mail, one after the other."""
    pitches, find = _hints(language)
    return tuple({pitches[number]: None for number, _, _ in find(level(fold(text).text))})


@lru_cache(maxsize=1024)
def _places(text: str, pitch: Pitch, language: str) -> tuple[tuple[int, int], ...]:
    read = fold(text)
    levelled = level(read.text)
    return tuple(
        read.author(*found.span())
        for found in _pattern(pitch, language).finditer(levelled)
        if not _is_taken_back(levelled, found.start(), language)
    )


def _is_taken_back(text: str, at: int, language: str) -> bool:
    before = _END.split(text[max(at - _BEFORE, 0) : at])[-1]
    return _denial(language).search(before) is not None


@cache
def _hints(language: str) -> tuple[tuple[Pitch, ...], Finder]:
    """What finds the hints of all kinds in one pass, and the kind of each."""
    hints = [(pitch, hint) for pitch in Pitch for hint in _compiled(language)[pitch.value]["hints"]]
    return tuple(pitch for pitch, _ in hints), finder(hint for _, hint in hints)


@cache
def _pattern(pitch: Pitch, language: str) -> re.Pattern[str]:
    ways = "|".join(_compiled(language)[pitch.value]["ways"])
    return re.compile(ways if language == "zh-Hant" else rf"(?<!\w)(?:{ways})(?!\w)")


@cache
def _denial(language: str) -> re.Pattern[str]:
    return re.compile("|".join(_compiled(language)[_NOT]["ways"]))


@cache
def _compiled(language: str) -> Any:
    return json.loads(package_text(f"analysis/compiled/advertising.{language}.json"))
