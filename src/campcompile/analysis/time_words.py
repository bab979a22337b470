"""Time words: `tomorrow`, `merry Christmas`, the month in a subject: words that are right on some days only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.tree import Node, Scalar, Sequence
from campcompile.values import dataclass

_DATA = "analysis/data/time_words.yaml"
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class DayWord:
    """A word that says how far away an event is: `tomorrow` is 1, `yesterday` -1."""

    start: int
    end: int
    days: int


@dataclass(frozen=True, slots=True)
class Season:
    """What is said in some months."""

    name: str
    months: frozenset[int]
    always: bool  # may an e-mail without a date say it too?


@dataclass(frozen=True, slots=True)
class SeasonWord:
    start: int
    end: int
    season: Season


def day_words(text: str, locale: str) -> tuple[DayWord, ...]:
    """Where a text says how far away the day is; a language that isn't known has no such words."""
    return _day_words(text, _language(locale))


@lru_cache(maxsize=4096)
def season_words(text: str, locale: str) -> tuple[SeasonWord, ...]:
    """Where a text says what belongs to a season."""
    found = []
    for season, pattern in _seasons(_language(locale)):
        found += [SeasonWord(one.start(), one.end(), season) for one in pattern.finditer(text)]
    return tuple(found)


@lru_cache(maxsize=4096)
def month_in(subject: str, locale: str) -> tuple[int, int, int] | None:
    """The one month that a subject names, with its place; None for none, and for several."""
    pattern = _months(_language(locale))
    found = list(pattern.finditer(subject)) if pattern is not None else []
    if len(found) != 1 or found[0].lastindex is None:
        return None
    return found[0].lastindex, found[0].start(), found[0].end()


@lru_cache(maxsize=8192)
def _day_words(text: str, language: str) -> tuple[DayWord, ...]:
    pattern = _days(language)
    if pattern is None:
        return ()
    found = []
    for one in pattern.finditer(text):
        days = next(name for name, value in one.groupdict().items() if value is not None)
        found.append(DayWord(one.start(), one.end(), int(days[1:].replace("m", "-"))))
    return tuple(found)


@cache
def _days(language: str) -> re.Pattern[str] | None:
    """All day words of a language in one pattern, longer ones first; a limit beside one takes it out."""
    forms = [(key, texts[language]) for key, texts in _by_language("days") if language in texts]
    if not forms:
        return None
    forms.sort(key=lambda form: -len(form[1]) if form[0] != "0" else 0)
    words = "|".join(f"(?P<d{key.replace('-', 'm')}>{form})" for key, form in forms)
    limits = _texts(pack(_DATA).root.get("limits"))[language].split("|")
    if language == "zh":
        return re.compile(f"(?:{words})(?!{'|'.join(limits)})")
    behind = "".join(f"(?<!\\b{word.replace('.', '[^ ]') if '.' in word else word} )" for word in limits)
    return re.compile(rf"{behind}\b(?:{words})\b", re.IGNORECASE)


@cache
def _seasons(language: str) -> tuple[tuple[Season, re.Pattern[str]], ...]:
    return tuple(_season_rows(language))


def _season_rows(language: str) -> Iterator[tuple[Season, re.Pattern[str]]]:
    rows = pack(_DATA).root.get("seasons")
    for entry in rows.entries if isinstance(rows, YamlMapping) else ():
        row = entry.value
        assert isinstance(row, YamlMapping), "a season has months, always and forms"
        form = _texts(row.get("forms")).get(language)
        months, always = row.get("months"), row.get("always")
        if form is not None and isinstance(months, Sequence) and isinstance(always, Scalar):
            numbers = frozenset(int(month.value) for month in months.items if isinstance(month, Scalar))
            edge = "" if language == "zh" else r"\b"
            pattern = re.compile(f"{edge}(?:{form}){edge}", re.IGNORECASE)
            yield Season(entry.key.value, numbers, always.value == "true"), pattern


@cache
def _months(language: str) -> re.Pattern[str] | None:
    if language == "zh":
        # A group for each month: the number of the group is the month.
        return re.compile("|".join(rf"(?<!\d)({month})\s*月(?!\d)" for month in range(1, _MONTHS + 1)))
    names = pack(_DATA).root.get("months")
    row = names.get(language) if isinstance(names, YamlMapping) else None
    if not isinstance(row, Sequence):
        return None
    words = [item.value for item in row.items if isinstance(item, Scalar)]
    return re.compile("|".join(rf"\b({word})\b" if word else "((?!))" for word in words), re.IGNORECASE)


def _by_language(key: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    rows = pack(_DATA).root.get(key)
    for entry in rows.entries if isinstance(rows, YamlMapping) else ():
        yield entry.key.value, _texts(entry.value)


def _texts(node: Node | None) -> dict[str, str]:
    entries = node.entries if isinstance(node, YamlMapping) else ()
    return {entry.key.value: entry.value.value for entry in entries if isinstance(entry.value, Scalar)}


def _language(locale: str) -> str:
    language = locale.partition("-")[0].lower()
    return "nb" if language == "no" else language
