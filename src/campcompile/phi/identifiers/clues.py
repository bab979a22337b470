"""Clues are words that say what the number, date or address beside them is: `MRN`, `født`, 健保卡號."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, TypeAlias

from campcompile.phi.automaton import finder
from campcompile.phi.folded import fold
from campcompile.phi.loading import load
from campcompile.regex import regex
from campcompile.values import dataclass

# A clue and its number stand in one sentence, a few words apart at most.
_REACH = 28
_LONGEST = 60  # characters of a clue
_STOPS = "!?。;\n"
# What may stand between a clue and the number that it names: "MRN no.: ", "號碼為 ", "n° ".
_CONNECTORS = regex(
    r"(?:[\s:.#=\-–(\[\"'「]|no\.?(?![a-z])|nr\.?(?![a-z])|n°|nº|number|nummer(?:et)?|numéro|id(?![a-z])|code|is(?![a-z])"
    r"|er(?![a-z])|est(?![a-z])|號碼|號|編號|卡號|為|是|=|:){0,6}"
)
_ALL = (
    "norwegian-id", "nir", "nhi-card", "ssn", "npi", "dea", "nhs-number", "mrn", "plan-number", "account", "licence",
    "vehicle", "device", "other-number", "phone", "born", "visited", "seen-after", "tagged", "home", "order",
)  # fmt: skip
_WORD_START = regex(r"[a-zà-öø-ÿ](?<![0-9a-zà-öø-ÿ].)")  # or any Chinese sign, which a pattern takes 2 ms to learn
_place = itemgetter(0, 1)
_LETTERS_MEET = regex(r"[a-zà-öø-ÿ]{2}")  # at a clue's end: a longer word goes on


@cache
def words(name: str, *keys: str) -> tuple[str, ...]:
    """The texts under a key path of data/<name>.yaml, as written, those of all languages together."""
    node = _data()[name]
    for key in keys:
        node = node[key]
    return tuple(_texts(node))


@cache
def _data() -> Any:
    return load("words")


def _texts(node: Any) -> Iterator[str]:
    match node:
        case str():
            yield node
        case list():
            for item in node:
                yield from _texts(item)
        case dict():
            for value in node.values():
                yield from _texts(value)


@cache
def folded_words(name: str, *keys: str) -> frozenset[str]:
    return frozenset(fold(word).text for word in words(name, *keys))


Met: TypeAlias = "tuple[int, int, frozenset[str]]"  # start, end, the kinds of a phrase that a text holds


class Phrases:
    """Words and phrases of several kinds, all looked for at once: a text is read once however many there are."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        kinds_of: dict[str, set[str]] = {}
        for kind, words in phrases.items():
            for word in words:
                kinds_of.setdefault(word, set()).add(kind)
        self._find = finder(kinds_of)
        self._kinds = tuple(map(frozenset, kinds_of.values()))

    def met(self, text: str) -> tuple[Met, ...]:
        """Those that a folded text holds, none inside a longer Latin word, in the order of their starts."""
        found = self._find(text)
        if not found:
            return ()
        whole = [
            (start, end, self._kinds[at])
            for at, start, end in found
            if ("\u2e80" <= text[start] <= "\u9fff" or _WORD_START.match(text, start))
            and not _LETTERS_MEET.match(text, end - 1)
        ]
        return tuple(sorted(whole, key=_place))


@dataclass(frozen=True, slots=True)
class Before:
    """The kinds of clues before a place: directly, but for `no.`, a colon and their like; or a few words apart."""

    named: frozenset[str]
    led: frozenset[str]
    at: int  # where the clue that is farthest away begins; the place itself where there is none


_NOTHING: frozenset[str] = frozenset()


@lru_cache(maxsize=256)
def before(text: str, start: int) -> Before:
    """The clues before `start` of a folded text, in the same sentence."""
    met = _clues_in(text)
    first = bisect_left(met, start - _REACH - _LONGEST, key=itemgetter(0))
    clues = [
        clue for clue in met[first : bisect_left(met, start, key=itemgetter(0))] if start - _REACH <= clue[1] <= start
    ]
    if not clues:
        return Before(_NOTHING, _NOTHING, start)
    stop = max(text.rfind(sign, clues[0][1], start) for sign in _STOPS)
    clues = [clue for clue in clues if clue[1] > stop]
    return Before(
        named=_NOTHING.union(*(kinds for _, end, kinds in clues if _CONNECTORS.fullmatch(text, end, start))),
        led=_NOTHING.union(*(kinds for _, _, kinds in clues)),
        at=min((first for first, _, _ in clues), default=start),
    )


@lru_cache(maxsize=64)
def kinds_in(text: str) -> frozenset[str]:
    """The kinds of all clues in a text: what names nothing is seen at once."""
    return _NOTHING.union(*(kinds for _, _, kinds in _clues_in(text)))


@lru_cache(maxsize=64)
def _clues_in(text: str) -> tuple[Met, ...]:
    return _clues().met(text)


@cache
def _clues() -> Phrases:
    return Phrases({kind: folded_words("clues", "clues", kind) for kind in _ALL})


def is_led_to(kind: str, text: str, start: int) -> bool:
    """Does a clue of the kind stand a few words before `start`, in the same sentence?"""
    return kind in before(text, start).led


def is_named(kind: str, text: str, start: int) -> bool:
    """Does a clue of the kind stand directly before `start`?"""
    return kind in before(text, start).named


def choice(options: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, none of them inside a longer Latin word."""
    return "(?:" + "|".join(_whole(word) for word in sorted(set(options), key=lambda word: (-len(word), word))) + ")"


def _whole(word: str) -> str:
    left = r"(?<![0-9a-zà-öø-ÿ])" if word[0].isalnum() and word[0] < "\u2e80" else ""
    right = r"(?![a-zà-öø-ÿ])" if word[-1].isalnum() and word[-1] < "\u2e80" else ""
    return left + re.escape(word) + right
