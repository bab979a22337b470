"""Readability is how hard a text is to read, by a published formula of its language; a proxy, never a verdict.

* English: the grade level of Flesch and Kincaid. J. P. Kincaid et al., Derivation of new readability formulas
  for Navy enlisted personnel, 1975.
* French: Flesch's ease as L. Kandel and A. Moles adapted it, 1958.
* Norwegian, Danish, Swedish: C. H. Björnsson's LIX, Läsbarhet, 1968.
* Chinese: characters a sentence, the inverse of the sentences a hundred characters that Q. Wang et al. measure
  in patients' leaflets, BMJ Open 2020;10:e038091, and characters a clause. Their words are counted without
  figures and Latin letters; that they are characters is how we read them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from campcompile.analysis.syllables import english_syllables, french_syllables
from campcompile.regex import regex

_WORD = regex(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_SENTENCE_END = regex(
    r"(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMme)(?<!\bkl)(?<![.!?…])[.!?…]+[\"”»’)*]*\s++(?=[\"“«(–-]*+\s?[^\W\d_a-zà-ÿ])"
)
_LIX_END = regex(_SENTENCE_END.pattern + r"|:\s+")  # Björnsson counts the colon as a full stop
_CHINESE_END = regex("[。！？；!?;…]+")
_CLAUSE_END = regex("[。！？；!?;…，,：:]+")
_LONG = 6  # letters: LIX calls a word of more a long one


class Counts(NamedTuple):
    """What a text is made of. In Chinese a word is a character."""

    words: int = 0
    sentences: int = 0
    syllables: int = 0  # English and French
    long_words: int = 0  # LIX
    clauses: int = 0  # Chinese


class Readability(NamedTuple):
    measure: str  # flesch-kincaid | kandel-moles | lix | hanzi
    score: float
    counts: Counts


class Sentence(NamedTuple):
    start: int  # in its text
    end: int
    words: int


def measure_of(locale: str) -> str:
    """The measure of a locale's language; "" where none is known here."""
    return _MEASURES.get(locale.partition("-")[0].lower(), "")


def readability(texts: Iterable[str], locale: str) -> Readability | None:
    """How hard some lines are to read together; a line's end ends a sentence. None without words or measure.

    Higher is harder, but for kandel-moles, where 100 is easy and 0 hard. Each distinct line is counted once.
    """
    measure = measure_of(locale)
    rows = [counts_of(text, measure) for text in texts] if measure else []
    counts = Counts(*map(sum, zip(*rows, strict=True)))
    if not counts.words:
        return None
    return Readability(measure, _FORMULAS[measure](counts), counts)


@lru_cache(maxsize=8192)
def counts_of(text: str, measure: str) -> Counts:
    """What one line is made of."""
    if measure == "hanzi":
        return _chinese_counts(text)
    words = _WORD.findall(text)
    if not words:
        return Counts()
    ends = _LIX_END if measure == "lix" else _SENTENCE_END
    syllables = _SYLLABLES.get(measure)
    return Counts(
        words=len(words),
        sentences=len(ends.findall(text.rstrip())) + 1,
        syllables=sum(map(syllables, words)) if syllables else 0,
        long_words=sum(len(word) > _LONG for word in words),
    )


def sentences_in(text: str, measure: str) -> tuple[Sentence, ...]:
    """The sentences of a line, for showing the longest one."""
    pattern = {"hanzi": _CHINESE_END, "lix": _LIX_END}.get(measure, _SENTENCE_END)
    found = []
    start = 0
    for end in [*(match.end() for match in pattern.finditer(text)), len(text)]:
        piece = text[start:end]
        if words := counts_of(piece, measure).words:
            low = start + len(piece) - len(piece.lstrip())
            found.append(Sentence(low, start + len(piece.rstrip()), words))
        start = end
    return tuple(found)


def flesch_kincaid(counts: Counts) -> float:
    """The school year of the United States that reads it with ease."""
    return 0.39 * counts.words / counts.sentences + 11.8 * counts.syllables / counts.words - 15.59


def kandel_moles(counts: Counts) -> float:
    """Ease of reading: 100 is very easy, below 30 very hard."""
    return 207 - 1.015 * counts.words / counts.sentences - 73.6 * counts.syllables / counts.words


def lix(counts: Counts) -> float:
    """About 25 for a children's book, 55 for a law."""
    return counts.words / counts.sentences + 100 * counts.long_words / counts.words


def hanzi_a_sentence(counts: Counts) -> float:
    """Characters a sentence; sentences end with 。！？；…"""
    return counts.words / counts.sentences


def _chinese_counts(text: str) -> Counts:
    words = sum(map(_is_hanzi, text))
    if not words:
        return Counts()
    return Counts(words=words, sentences=_pieces(_CHINESE_END, text), clauses=_pieces(_CLAUSE_END, text))


def _pieces(ends: re.Pattern[str], text: str) -> int:
    return sum(any(map(_is_hanzi, piece)) for piece in ends.split(text))


def _is_hanzi(sign: str) -> bool:
    """As a pattern, this took longer to compile than a campaign takes to read."""
    return "\u3400" <= sign <= "\u9fff" or "\uf900" <= sign <= "\ufaff" or "\U00020000" <= sign <= "\U0003ffff"


_MEASURES = {
    "en": "flesch-kincaid", "fr": "kandel-moles", "nb": "lix", "nn": "lix", "no": "lix", "da": "lix", "sv": "lix",
    "zh": "hanzi",
}  # fmt: skip
_SYLLABLES: dict[str, Callable[[str], int]] = {"flesch-kincaid": english_syllables, "kandel-moles": french_syllables}
_FORMULAS: dict[str, Callable[[Counts], float]] = {
    "flesch-kincaid": flesch_kincaid,
    "kandel-moles": kandel_moles,
    "lix": lix,
    "hanzi": hanzi_a_sentence,
}
