"""The sentences of a line, and how far a cue reaches in them: to a health word beside it, not over a comma."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from campcompile.phi.cues import PATTERNS, Cues, Hints, Pattern
from campcompile.phi.lexicon import Mention
from campcompile.regex import regex

# Each begins with its first sign, so that a search skips what can't be one.
_SENTENCE = regex(
    r"[.!?;\n|。！？；](?:(?<=[.!?])(?<!\b(?:dr|mr|ms|st|pr|kl|nr)\.)(?<!\bmrs\.)(?<!\bmme\.)[.!?]*(?=\s|$)"
    r"|(?<=[;\n|。！？；])[;\n|。！？；]*)"
)
_STOPS = regex(r"[,;:()\[\]\"“”«»「」，、：（）\x01-\x03]")
_COMMA = regex(r"[,，、]")
_HINTED = frozenset(PATTERNS)
_WORD = regex(r"[\w']+")


class Sentence(NamedTuple):
    start: int
    end: int  # before the mark that ends it
    after: int  # where the next one begins


class Clauses:
    """One line, read by the cues of its language; offsets are those of the levelled text."""

    def __init__(self, text: str, cues: Cues, hints: Hints) -> None:
        self.text = text
        self.cues = cues
        self.hints = hints
        self.sentences = tuple(self._sentences())

    def before(self, key: str, mention: Mention, sentence: Sentence, reach: int) -> str | None:
        """The nearest cue before the mention that reaches it."""
        pattern = self._pattern(key)
        if pattern is None:
            return None
        nearest = None
        last = mention.start + (key != "group")  # a group's cue takes in every word before the mention, and no more
        for found in pattern.finditer(self.text, sentence.start, last):
            if found.end() <= mention.start and self._reaches(found.end(), mention.start, reach):
                nearest = found[0]
        return nearest

    def directly_after(self, key: str, mention: Mention, sentence: Sentence) -> str | None:
        pattern = self._pattern(key)
        if pattern is None:
            return None
        found = pattern.match(self.text, self._skip_blank(mention.end), sentence.end)
        return found[0] if found else None

    def _pattern(self, key: str) -> Pattern | None:
        """What may match of a cue; None where nothing may."""
        if key in self.hints.keys:
            return self.hints.pattern(key)
        other: Pattern | None = None if key in _HINTED else getattr(self.cues, key)
        return other

    def _reaches(self, start: int, end: int, reach: int) -> bool:
        if _STOPS.search(self.text, start, end):
            return False
        between = self.text[start:end]
        if self.cues.ends_reach.search(between):
            return False
        return self.words_in(start, end) <= reach

    def words_in(self, start: int, end: int) -> int:
        if self.cues.by_characters:
            return len(self.text[start:end].strip()) // 2
        return len(_WORD.findall(self.text, start, end))

    def word_end(self, at: int) -> int:
        """The end of a compound, of which a health word is the beginning: `Cellegiftdagen din`."""
        if self.cues.by_characters:
            return at
        while at < len(self.text) and self.text[at].isalpha():
            at += 1
        return at

    def clause_end(self, at: int, sentence: Sentence) -> int:
        comma = _COMMA.search(self.text, at, sentence.end)
        return comma.start() if comma else sentence.end

    def _skip_blank(self, at: int) -> int:
        while at < len(self.text) and self.text[at] == " ":
            at += 1
        return at

    def _sentences(self) -> Iterator[Sentence]:
        start = 0
        for found in _SENTENCE.finditer(self.text):
            yield Sentence(start, found.start(), found.end())
            start = found.end()
        yield Sentence(start, len(self.text), len(self.text))

    def sentence_of(self, at: int) -> Sentence:
        for sentence in self.sentences:
            if sentence.start <= at <= sentence.end:
                return sentence
        return self.sentences[-1]
