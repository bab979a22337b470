"""Finds health concepts in words: `your a1c is due` mentions `hba1c`, which tells of `diabetes`.

A mention is a word, not yet a claim about anybody: whether it is one, its clause, its slot and its reader decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from campcompile.phi.patterns import ENDINGS, has_accents, level
from campcompile.values import dataclass

_FAMILY = {"no": "nb", "nn": "nb", "zh": "zh-Hant"}
_LEAST_BEFORE_STEM = 3  # letters: `-mab` is a drug in `adalimumab`, not in `amab`
_LEAST_BESIDE_DIGITS = 4  # letters of a form that may touch a figure: `diabetes2026`
_CJK = "\u2e80"  # from here on, a letter is no edge's business
_LETTERS = re.compile(r"[^\W\d_\u2e80-\U0010ffff]*")
_LETTERS_BEFORE = re.compile(r"[^\W\d_\u2e80-\U0010ffff]+\Z")
_CODE_TAIL = re.compile(r"\.[0-9]{1,4}[a-z]?(?![^\W_])|[0-9]{0,3}[a-z]?(?![^\W_])")


class Mention(NamedTuple):
    """A concept where it is named; `start` and `end` are offsets of the folded text."""

    concept_id: str
    start: int
    end: int
    form: str  # as the text has it, levelled
    weak: bool  # counts only beside a strong cue: the word has an innocent meaning, too


@dataclass(frozen=True, slots=True)
class Concept:
    id: str
    kind: str  # condition | drug | vaccine | procedure | test | screening | device | specialty | population | …
    sensitivity: frozenset[str]  # HL7 ActCode: HIV, MH, SEX, …; not empty: specially protected
    relates: tuple[str, ...]


def find_concepts(folded_text: str, locale: str, *, cased: str = "") -> tuple[Mention, ...]:
    """The concepts that a text names, from left to right: of forms that overlap, the leftmost, then the longest.

    `folded_text` is `fold(…).text` and `cased` its `cased`: without it, abbreviations such as `ED` are weak. A form that
    means two concepts gives two mentions of one place. () in a language without a lexicon (`knows`).
    """
    language = _language(locale)
    if language is None:
        return ()
    lexicon = _lexicon(language)
    text = level(folded_text)
    hits = lexicon.automaton.find_matches_as_indexes(text, overlapping=True)
    if not hits:
        return ()
    reader = _Reader(text, cased if len(cased) == len(text) else "", ENDINGS[language])
    found = [hit for at, start, end in hits for hit in reader.read(lexicon.readings[at], start, end)]
    return tuple(_leftmost_longest(_without_exceptions(found), text))


def knows(locale: str) -> bool:
    """Is there a lexicon of this locale's language?"""
    return _language(locale) is not None


def concept(concept_id: str) -> Concept:
    """Raises KeyError where there is none of this id."""
    kind, sensitivity, relates, _ = _rows()[concept_id]
    return Concept(concept_id, kind, frozenset(sensitivity), tuple(relates))


def concept_ids() -> Iterable[str]:
    return _rows().keys()


@lru_cache(maxsize=2048)
def tells_of(concept_id: str) -> frozenset[str]:
    """The concept and all that it tells of, near and far: `mammogram`, `breast-cancer`, `cancer`."""
    told = {concept_id}
    waiting = [concept_id]
    while waiting:
        new = [other for other in concept(waiting.pop()).relates if other not in told]
        told.update(new)
        waiting += new
    return frozenset(told)


# ── loading ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a pattern means in one of its uses; the marks are those of patterns.py and inventory.py."""

    concept_id: str
    length: int  # of the pattern
    exact: bool
    open_left: bool
    open_right: bool
    capitals: bool
    plain: bool
    weak: bool
    exception: bool
    stem: bool
    code: bool


@dataclass(frozen=True, slots=True)
class _Lexicon:
    automaton: AhoCorasick
    readings: Sequence[tuple[_Reading, ...]]  # of each pattern


@cache
def _lexicon(language: str) -> _Lexicon:
    readings: dict[str, tuple[_Reading, ...]] = {}
    for concept_id, by_marks in _load(language).items():
        for marks, texts in by_marks.items():
            for text in texts:
                readings[text] = (*readings.get(text, ()), _reading(concept_id, len(text), marks))
    for concept_id, (_, _, _, codes) in _rows().items():
        for code in codes:
            readings[code] = (*readings.get(code, ()), _reading(concept_id, len(code), "k"))
    # Built in 15 ms where a DFA takes 70, and still reads 900,000 lines a second (7,000 patterns).
    automaton = AhoCorasick(readings, store_patterns=False, implementation=Implementation.ContiguousNFA)
    return _Lexicon(automaton, tuple(readings.values()))


@lru_cache(maxsize=65536)
def _reading(concept_id: str, length: int, marks: str) -> _Reading:
    has = marks.__contains__
    return _Reading(
        concept_id, length, has("!"), has("<"), has(">"), has("c"), has("u"), has("w"), has("n"), has("s"), has("k")
    )


@cache
def _rows() -> Mapping[str, tuple[str, list[str], list[str], list[str]]]:
    rows: Mapping[str, tuple[str, list[str], list[str], list[str]]] = _load("concepts")
    return rows


def _load(name: str) -> Any:
    return json.loads(files("campcompile.phi").joinpath("compiled", f"{name}.json").read_bytes())


@cache
def _language(locale: str) -> str | None:
    primary = locale.partition("-")[0].lower()
    language = _FAMILY.get(primary, primary)
    there = language in ENDINGS and files("campcompile.phi").joinpath("compiled", f"{language}.json").is_file()
    return language if there else None


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────


class _Hit(NamedTuple):
    start: int
    end: int
    weak: bool
    reading: _Reading


class _Reader:
    """Judges the places where a pattern stands in one text: is that a word, or a part of another?"""

    __slots__ = ("_accents", "_cased", "_endings", "_text")

    def __init__(self, text: str, cased: str, endings: frozenset[str]) -> None:
        self._text = text
        self._cased = cased
        self._endings = endings
        self._accents: bool | None = None

    def read(self, readings: tuple[_Reading, ...], start: int, end: int) -> Iterator[_Hit]:
        edge_before = self._edge_before(start, end)
        for reading in readings:
            if not edge_before and not (reading.open_left or reading.stem):
                continue
            if reading.plain and self._has_accents():
                continue
            if reading.code:
                yield from self._code(reading, start, end)
            elif reading.stem:
                yield from self._stem(reading, start, end)
            elif (after := self._end(reading, start, end, edge_before)) is not None:
                yield _Hit(start, after, reading.weak or (reading.capitals and not self._capital(start, end)), reading)

    def _end(self, reading: _Reading, start: int, end: int, edge_before: bool) -> int | None:
        """Where the form with its ending ends; None where it is but a part of another word."""
        if self._edge_after(start, end):
            return end
        if reading.exact or self._text[end - 1] >= _CJK:
            return None
        tail = _LETTERS.match(self._text, end)
        if tail is None or tail.end() == end:
            return None
        if reading.length > 2 and tail[0] in self._endings and self._edge_after(end, tail.end()):
            return tail.end()
        return end if reading.open_right and edge_before else None

    def _stem(self, reading: _Reading, start: int, end: int) -> Iterator[_Hit]:
        """A drug's name by its last letters: the mention is the whole word."""
        after = self._end(reading, start, end, False)
        before = _LETTERS_BEFORE.search(self._text, max(0, start - 40), start)
        if after is not None and before and len(before[0]) >= _LEAST_BEFORE_STEM:
            yield _Hit(before.start(), after, False, reading)

    def _code(self, reading: _Reading, start: int, end: int) -> Iterator[_Hit]:
        """`E11.9` can be nothing else; `E11` may be a gate or a hall."""
        tail = _CODE_TAIL.match(self._text, end)
        if tail is not None:
            yield _Hit(start, tail.end(), not tail[0].startswith("."), reading)

    def _edge_before(self, start: int, end: int) -> bool:
        if start == 0:
            return True
        first, before = self._text[start], self._text[start - 1]
        if not before.isalnum() or before >= _CJK or first >= _CJK:
            return True
        return before.isdigit() and first.isalpha() and end - start >= _LEAST_BESIDE_DIGITS

    def _edge_after(self, start: int, end: int) -> bool:
        if end == len(self._text):
            return True
        last, after = self._text[end - 1], self._text[end]
        if not after.isalnum() or after >= _CJK or last >= _CJK:
            return True
        return after.isdigit() and last.isalpha() and end - start >= _LEAST_BESIDE_DIGITS

    def _capital(self, start: int, end: int) -> bool:
        return self._cased[start:end].isupper()

    def _has_accents(self) -> bool:
        if self._accents is None:
            self._accents = has_accents(self._text)
        return self._accents


def _without_exceptions(hits: list[_Hit]) -> list[_Hit]:
    """Hits of which no exception phrase of their own concept is all around."""
    exceptions = [hit for hit in hits if hit.reading.exception]
    if not exceptions:
        return hits
    return [
        hit
        for hit in hits
        if not hit.reading.exception
        and not any(
            other.start <= hit.start and hit.end <= other.end and other.reading.concept_id == hit.reading.concept_id
            for other in exceptions
        )
    ]


def _leftmost_longest(hits: list[_Hit], text: str) -> Iterator[Mention]:
    hits.sort(key=lambda hit: (hit.start, -hit.end, hit.reading.stem, -hit.reading.length, hit.reading.concept_id))
    last: _Hit | None = None
    told: set[str] = set()
    for hit in hits:
        name = hit.reading.concept_id
        if last is None or hit.start >= last.end:
            last, told = hit, set()
        elif (hit.start, hit.end) != (last.start, last.end) or hit.reading.stem or name in told:
            continue
        told.add(name)
        yield Mention(name, hit.start, hit.end, text[hit.start : hit.end], hit.weak)
