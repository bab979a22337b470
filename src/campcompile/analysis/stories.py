"""Stories about one patient, and the details in them by which others can tell who it was."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from campcompile.phi.cues import language_of
from campcompile.phi.folded import fold
from campcompile.phi.lexicon import concept, find_concepts
from campcompile.phi.patterns import level
from campcompile.regex import regex
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping, Scalar, Sequence

_DATA = "analysis/data/stories.yaml"
_DETAILS = ("age", "sex", "day", "job")
_ILL = frozenset({"condition", "drug", "procedure", "test", "device"})
_OLDEST = 89  # 45 CFR 164.514(b)(2)(i)(C): ages over 89 identify
_NUMBER = regex(r"\d{1,3}")
# A name of a place after a preposition; months and the first word of a sentence begin with capitals, too.
_PLACE = {
    "en": regex(
        r"\b(?:from|in|near|at) (?!January|February|March|April|May|June|July|August|Sept|Oct|Nov|Dec)[A-ZÆØÅ]\w+"
    ),
    "fr": regex(r"\b(?:de|d'|d’|à|près de|en) ?[A-ZÉÈÎ]\w+"),
    "nb": regex(r"\b(?:fra|i|på|ved|nær) [A-ZÆØÅ]\w+"),
    "zh-Hant": regex(r"(?:來自|住在|家住)[\u4e00-\u9fff]{2,6}|[\u4e00-\u9fff]{1,3}(?:鄉|鎮|村|里)"),
}


class Story(NamedTuple):
    """Where it begins and ends in the line, and the kinds of its details."""

    start: int
    end: int
    details: tuple[str, ...]  # of age, sex, day, job, place, illness
    is_very_old: bool


@lru_cache(maxsize=4096)
def find_story(text: str, locale: str) -> Story | None:
    """The story that a line tells of one patient; None where it speaks of nobody, or of everybody."""
    language = language_of(locale)
    if language is None:
        return None
    read = fold(text)
    levelled = level(read.text)
    padded = f" {levelled} "
    if not any(hint in padded for hint in _texts("hints", language)):
        return None
    people = list(_pattern("person", language).finditer(levelled))
    if not people:
        return None
    found = {kind: match for kind in _DETAILS if (match := _pattern(kind, language).search(levelled))}
    spans = [match.span() for match in (*people, *found.values())]
    details = list(found)
    if place := _PLACE[language].search(read.cased):
        details.append("place")
        spans.append(place.span())
    ill = [one for one in find_concepts(read.text, locale, cased=read.cased) if concept(one.concept_id).kind in _ILL]
    if ill:
        details.append("illness")
        spans += [(one.start, one.end) for one in ill]
    ages = [int(number) for number in _NUMBER.findall(found["age"][0])] if "age" in found else []
    start, end = read.author(min(start for start, _ in spans), max(end for _, end in spans))
    return Story(start, end, tuple(details), any(_OLDEST < age < 130 for age in ages))


@cache
def _pattern(kind: str, language: str) -> re.Pattern[str]:
    written = "|".join(_texts(kind, language))
    return re.compile(written if language == "zh-Hant" else rf"(?<!\w)(?:{written})(?!\w)")


@cache
def _texts(kind: str, language: str) -> tuple[str, ...]:
    row = pack(_DATA).root.get(kind)
    assert isinstance(row, Mapping), f"{kind} is missing in {_DATA}"
    texts = row.get(language)
    assert isinstance(texts, Sequence), f"{kind} lacks {language} in {_DATA}"
    return tuple(item.value for item in texts.items if isinstance(item, Scalar))
