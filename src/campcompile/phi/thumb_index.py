"""A thumb index: thousands of words on pages by their first letters, of which a short text opens only a few.

A lint of one campaign has read its few thousand signs long before an automaton of all words were built. Whoever reads
much, such as `scan`, gets the automaton; both find the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from campcompile.phi.automaton import Finder, finder
from campcompile.phi.patterns import OPEN_LEFT, STEM
from campcompile.phi.reading import Reading

LETTERS = 3  # of a page's name, where a language has letters; a shorter word has a page of its own
_SIGNS = "\u2e80"  # from here on, a sign is a page's name
MANY_SIGNS = 60_000  # were read: from here on the automaton is quicker, though building it takes up to 100 ms
_WORDS, _PARTS = "/", "_"  # between words, and between a word's parts: levelled text has neither

_Page: TypeAlias = dict[str, tuple[tuple[str, str], ...]]


class Entry(NamedTuple):
    """A word with all that it stands for."""

    word: str
    readings: tuple[Reading, ...]
    inside: bool  # may it begin within another word?


class ThumbIndex:
    """The words of one language, and where a text has them."""

    __slots__ = ("_entries", "_find", "_lengths", "_opened", "_pages", "_unread")

    def __init__(self, pages: Mapping[str, str]) -> None:
        """`pages`: as `printed_pages` prints them."""
        self._pages = pages
        self._lengths = sorted({len(name) for name in pages})
        self._opened: dict[str, _Page] = {}
        self._unread = MANY_SIGNS
        self._entries: tuple[Entry, ...] = ()
        self._find: Finder | None = None

    def find(self, text: str) -> Iterable[tuple[Entry, int, int]]:
        """(entry, start, end) of every place of every word, those that overlap, too; in no order."""
        if self._find is None and self._unread > 0:
            self._unread -= len(text)
            return self._leaf_through(text)
        if self._find is None:
            self._entries = tuple(_entry(*line) for name in self._pages for line in self._lines(name))
            self._find = finder(entry.word for entry in self._entries)
        entries = self._entries
        return [(entries[at], start, end) for at, start, end in self._find(text)]

    def _leaf_through(self, text: str) -> Iterator[tuple[Entry, int, int]]:
        pages = self._pages
        for length in self._lengths:
            for at in range(len(text) - length + 1):
                name = text[at : at + length]
                if name not in pages:
                    continue
                page = self._opened.get(name) or self._page(name)
                after = at + length
                for word, printed in page.get("", ()) + page.get(text[after : after + 1] or _WORDS, ()):
                    if text.startswith(word, at):
                        yield _entry(word, printed), at, at + len(word)

    def _page(self, name: str) -> _Page:
        """The words of a page by the sign after its name, "" where there is none."""
        page = self._opened.get(name)
        if page is None:
            by_sign: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
            for word, printed in self._lines(name):
                by_sign[word[len(name) : len(name) + 1]].append((word, printed))
            page = self._opened[name] = {sign: tuple(lines) for sign, lines in by_sign.items()}
        return page

    def _lines(self, name: str) -> Iterator[tuple[str, str]]:
        """(word, what it stands for as printed) of all words of a page."""
        for line in self._pages[name].split(_WORDS):
            word, _, printed = line.partition(_PARTS)
            yield word, printed


def printed_pages(words: Mapping[str, Iterable[Reading]]) -> Mapping[str, str]:
    """What is compiled of words and what each stands for: a text for each page, both sorted."""
    pages: defaultdict[str, list[str]] = defaultdict(list)
    for word, readings in sorted(words.items()):
        parts = (word, *(part for reading in readings for part in reading))
        assert not any(sign in part for part in parts for sign in (_WORDS, _PARTS)), parts
        pages[word[: LETTERS if word[0] < _SIGNS else 1]].append(_PARTS.join(parts))
    return {name: _WORDS.join(page) for name, page in pages.items()}


@lru_cache(maxsize=4096)
def _entry(word: str, printed: str) -> Entry:
    parts = printed.split(_PARTS)
    readings = tuple(zip(parts[::2], parts[1::2], strict=True))
    return Entry(word, readings, any(OPEN_LEFT in marks or STEM in marks for _, marks in readings))
