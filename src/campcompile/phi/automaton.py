"""Many words looked for at once: one pass over a text, however many they are (ADR 0011)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick, Implementation

Finder: TypeAlias = "Callable[[str], list[tuple[int, int, int]]]"
"""Of a text, (number of the word, start, end) of every place, those that overlap, too, in the order of their ends."""


def finder(words: Iterable[str]) -> Finder:
    """What finds the words, which are numbered as they come; none of them may be empty."""
    # Built in 15 ms where a DFA takes 70, and still reads 900,000 lines a second (7,000 patterns).
    automaton = AhoCorasick(words, store_patterns=False, implementation=Implementation.ContiguousNFA)
    return partial(automaton.find_matches_as_indexes, overlapping=True)
