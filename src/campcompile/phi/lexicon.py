"""Finds health concepts in words: `your a1c is due` mentions `hba1c`, which tells of `diabetes`.

A mention is a word, not yet a claim about anybody: whether it is one, its clause, its slot and its reader decide. What
is read here is written by `inventory.py` from what people write (docs/lexicon.md).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from campcompile.phi.loading import load
from campcompile.phi.patterns import ENDINGS, level
from campcompile.phi.reading import Hit, Reader
from campcompile.phi.thumb_index import ThumbIndex
from campcompile.regex import regex
from campcompile.values import dataclass

_WRAPPED = regex(r"\s{2,}")
_FAMILY = {"no": "nb", "nn": "nb", "zh": "zh-Hant"}
_SIMPLIFIED = frozenset({"hans", "cn", "sg"})  # another script: the lexicon would miss most, and silence would mislead
_CODE = regex(r"[a-z][0-9]{2}")  # of a diagnosis: E11; `b201` may be a code that was drawn


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


class Lexicon:
    """The words of one language, ready to be found."""

    __slots__ = ("_endings", "_words")

    def __init__(self, pages: Mapping[str, str], language: str) -> None:
        """`pages`: those of its thumb index, as compiled."""
        self._words = ThumbIndex(pages)
        self._endings = ENDINGS[language]

    def find(self, folded_text: str, cased: str = "") -> tuple[Mention, ...]:
        """As `find_concepts`."""
        levelled = level(folded_text)
        if "  " in levelled and _WRAPPED.search(folded_text):
            return self._find_wrapped(levelled, folded_text, cased)
        reader = Reader(folded_text, levelled, cased, self._endings)
        hits = [
            hit
            for entry, start, end in self._words.find(levelled)
            if entry.inside or not reader.is_inside(start)  # most of what is found begins there, and is nothing
            for hit in reader.read(entry.readings, start, end)
        ]
        if not hits:
            return ()
        return tuple(_leftmost_longest(_without_exceptions(hits), levelled))

    def _find_wrapped(self, levelled: str, folded_text: str, cased: str) -> tuple[Mention, ...]:
        """Where lines are wrapped, several spaces count as one, and every place is that of the text as it was."""
        dropped = {at for run in _WRAPPED.finditer(folded_text) for at in range(run.start() + 1, run.end())}
        kept = [at for at in range(len(folded_text)) if at not in dropped]
        unwrapped = "".join([folded_text[at] for at in kept])
        cased = "".join([cased[at] for at in kept]) if len(cased) == len(folded_text) else ""
        return tuple(
            mention._replace(start=start, end=end, form=levelled[start:end])
            for mention in self.find(unwrapped, cased)
            for start, end in ((kept[mention.start], kept[mention.end - 1] + 1),)
        )


def find_concepts(folded_text: str, locale: str, *, cased: str = "") -> tuple[Mention, ...]:
    """The concepts that a text names, from left to right: of forms that overlap, the leftmost, then the longest.

    `folded_text` is `fold(…).text` and `cased` its `cased`: without it, abbreviations such as `ED` are weak. A form
    that means two concepts gives two mentions of one place. () in a language without a lexicon (`knows`).
    """
    language = _language(locale)
    return _lexicon(language).find(folded_text, cased) if language else ()


def knows(locale: str) -> bool:
    """Is there a lexicon of this locale's language?"""
    return _language(locale) is not None


def find_in_name(folded_name: str, locale: str) -> tuple[Mention, ...]:
    """The concepts that a name tells surely, where an abbreviation or a code in small letters is one, too: `copd`."""
    upper = folded_name.upper()
    if len(upper) != len(folded_name):
        found = find_concepts(folded_name, locale)
    else:
        found = find_concepts(f"{folded_name} .a", locale, cased=f"{upper} .a")  # all in capitals, it were a headline
    return tuple(mention for mention in found if not mention.weak or _CODE.fullmatch(mention.form))


@cache
def concept(concept_id: str) -> Concept:
    """Raises KeyError where there is none of this id."""
    kind, sensitivity, relates = _rows()[concept_id]
    return Concept(concept_id, kind, frozenset(sensitivity), tuple(relates))


def concept_ids() -> Iterable[str]:
    return _rows().keys()


@cache
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


@cache
def _lexicon(language: str) -> Lexicon:
    return Lexicon(load(language), language)


@cache
def _rows() -> Mapping[str, tuple[str, list[str], list[str]]]:
    """Concept → its kind, its sensitivity, what it relates to."""
    rows: Mapping[str, tuple[str, list[str], list[str]]] = load("concepts")
    return rows


@lru_cache(maxsize=256)
def _language(locale: str) -> str | None:
    primary, *others = locale.lower().replace("_", "-").split("-")
    language = _FAMILY.get(primary, primary)
    if language not in ENDINGS or (primary == "zh" and not _SIMPLIFIED.isdisjoint(others)):
        return None
    return language


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────────


_is_exception = attrgetter("exception")


def _without_exceptions(hits: list[Hit]) -> list[Hit]:
    """Hits of which no exception phrase of their own concept is all around."""
    if not any(map(_is_exception, hits)):
        return hits
    exceptions = defaultdict(list)
    for hit in hits:
        if hit.exception:
            exceptions[hit.concept_id].append((hit.start, hit.end))
    phrases = {concept_id: _Phrases(places) for concept_id, places in exceptions.items()}
    return [
        hit
        for hit in hits
        if not hit.exception and (hit.concept_id not in phrases or not phrases[hit.concept_id].surround(hit))
    ]


class _Phrases:
    """Places of exception phrases, asked in the logarithm of their number."""

    __slots__ = ("_furthest", "_starts")

    def __init__(self, places: list[tuple[int, int]]) -> None:
        places.sort()
        self._starts = [start for start, _ in places]
        self._furthest = list(accumulate((end for _, end in places), max))

    def surround(self, hit: Hit) -> bool:
        at = bisect_right(self._starts, hit.start)
        return at > 0 and self._furthest[at - 1] >= hit.end


def _leftmost_longest(hits: list[Hit], text: str) -> Iterator[Mention]:
    """Of one place, the longest pattern wins: a name by itself before the ending that it shares with others."""
    hits.sort(key=lambda hit: (hit.start, -hit.end, -hit.length, hit.weak, hit.concept_id))
    best: Hit | None = None
    told: set[str] = set()
    for hit in hits:
        if best is None or hit.start >= best.end:
            best, told = hit, set()
        elif (hit.start, hit.end, hit.length) != (best.start, best.end, best.length) or hit.concept_id in told:
            continue
        told.add(hit.concept_id)
        yield Mention(hit.concept_id, hit.start, hit.end, text[hit.start : hit.end], hit.weak)
