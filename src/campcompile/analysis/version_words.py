"""Version words are an e-mail's words in one locale as plain lines, each stretch with its place in the source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from campcompile.analysis.flat import ARM, SLOT_CLOSE, SLOT_OPEN
from campcompile.model import bound
from campcompile.model.campaign import FieldValue, Items, Line, Prose, Rows, Version
from campcompile.model.words import lines_of
from campcompile.syntax.source import Source, Span
from campcompile.values import dataclass


class Stretch(NamedTuple):
    """Words that stand together in one place of a source, or a merge field's mark."""

    at: int  # in the line's text
    text: str
    span: Span
    is_words: bool


class WordLine(NamedTuple):
    """A subject, a label, a paragraph: one line of what a reader sees, both arms of every condition in it.

    In `text` a merge field is `SLOT_OPEN field.name SLOT_CLOSE`, and `ARM` parts the arms, as in flat parts.
    """

    text: str
    stretches: tuple[Stretch, ...]

    def span(self, start: int, end: int, source: Source | None = None) -> Span:
        """The source span of `text[start:end]`: exact, where the words are written as they are read.

        Where an escape or an entity stands between, the stretch is searched for the text as it is
        (`source` given); failing that, all of the stretches are meant.
        """
        first, last = self._stretch(start), self._stretch(max(end - 1, start))
        if first.span.path != last.span.path:
            last, end = first, first.at + len(first.text)
        low, high = _offset(first, start), _offset(last, end)
        if low is not None and high is not None and low <= high:
            return Span(first.span.path, low, high)
        whole = first.span.cover(last.span)
        found = source.text.find(self.text[start:end], whole.start, whole.end) if source else -1
        return whole if found < 0 else Span(whole.path, found, found + end - start)

    def whole(self) -> Span:
        return self.span(0, len(self.text))

    def _stretch(self, offset: int) -> Stretch:
        return self.stretches[max(bisect_right(self.stretches, offset, key=lambda part: part.at) - 1, 0)]


class Part(NamedTuple):
    """One field of an e-mail: its lines, for each stretch of words that a translation matches one by one."""

    block: int  # -2 the subject, -1 the preheader
    field: str
    texts: tuple[tuple[WordLine, ...], ...]  # a paragraph, an item, a label: lines where hard breaks part it
    targets: tuple[bound.Target, ...]  # of the links in it, or of the button

    @property
    def lines(self) -> tuple[WordLine, ...]:
        return tuple(line for text in self.texts for line in text)


@dataclass(frozen=True, slots=True)
class VersionWords:
    parts: tuple[Part, ...]
    lines: tuple[WordLine, ...]  # subject and preheader first; none is empty
    text: str  # the lines, one under the other

    @property
    def targets(self) -> tuple[bound.Target, ...]:
        return tuple(target for part in self.parts for target in part.targets)

    @property
    def addresses(self) -> tuple[bound.Target, ...]:
        """The fixed ones; one that could not be bound has none."""
        return tuple(target for target in self.targets if target.address)


def version_words(version: Version) -> VersionWords:
    """All words of a version. Ask through `facts.once(version_words, version)`."""
    parts = tuple(_parts(version))
    lines = tuple(line for part in parts for text in part.texts for line in text)
    return VersionWords(parts, lines, "\n".join(line.text for line in lines))


def _parts(version: Version) -> Iterator[Part]:
    yield _part(-2, "subject", (version.subject,))
    yield _part(-1, "preheader", (version.preheader,))
    for number, block in enumerate(version.blocks):
        for field, value in block.fields.items():
            if isinstance(value, bound.Target):
                yield Part(number, field, (), (value,))
            else:
                yield _part(number, field, tuple(field_inlines(value)))


def _part(block: int, field: str, inlines: tuple[bound.Inlines, ...]) -> Part:
    texts = tuple(tuple(lines_in(line)) for line in inlines)
    return Part(block, field, texts, tuple(target for line in inlines for target in targets_of(line)))


def field_inlines(value: FieldValue) -> Iterator[bound.Inlines]:
    """Every line of words of one field of a block."""
    match value:
        case Line(words):
            yield words
        case Prose(text):
            yield from lines_of(text)
        case Items(items):
            for item in items:
                yield item.words
        case Rows(rows):
            for row in rows:
                yield row.label
                yield row.value
        case _:
            return


def targets_of(inlines: bound.Inlines) -> Iterator[bound.Target]:
    """Where the links in a line go, in reading order."""
    for inline in inlines:
        match inline:
            case bound.Link(target, children, _):
                yield target
                yield from targets_of(children)
            case bound.When(arms, _):
                for arm in arms:
                    yield from targets_of(arm.children)
            case bound.Strong(children) | bound.Emphasis(children):
                yield from targets_of(children)
            case _:
                pass


def lines_in(inlines: bound.Inlines) -> Iterator[WordLine]:
    """The line, or the lines where hard breaks part it."""
    lines = _Lines()
    lines.add(inlines)
    lines.end()
    return iter(lines.done)


class _Lines:
    """Lines in the making, stretch by stretch: every word of a workspace goes through here."""

    def __init__(self) -> None:
        self.done: list[WordLine] = []
        self.stretches: list[Stretch] = []
        self.at = 0

    def add(self, inlines: bound.Inlines) -> None:
        for inline in inlines:
            match inline:
                case bound.Words(text, span):
                    if text:
                        self._stretch(text, span, True)
                case bound.Print():
                    self._stretch(f"{SLOT_OPEN}{inline.field}{SLOT_CLOSE}", inline.span, False)
                case bound.When(arms, span):
                    for arm in arms:
                        self._stretch(ARM, span, False)
                        self.add(arm.children)
                    self._stretch(ARM, span, False)
                case bound.Strong(children) | bound.Emphasis(children) | bound.Link(_, children, _):
                    self.add(children)
                case bound.Break():
                    self.end()

    def end(self) -> None:
        if stretches := self.stretches:
            text = stretches[0].text if len(stretches) == 1 else "".join([stretch.text for stretch in stretches])
            self.done.append(WordLine(text, tuple(stretches)))
            self.stretches, self.at = [], 0

    def _stretch(self, text: str, span: Span, is_words: bool) -> None:
        self.stretches.append(Stretch(self.at, text, span, is_words))
        self.at += len(text)


def _offset(stretch: Stretch, offset: int) -> int | None:
    """Where `offset` of the line stands in the source; None where the words are written otherwise."""
    if not stretch.is_words or len(stretch.text) != stretch.span.end - stretch.span.start:
        return None
    return stretch.span.start + offset - stretch.at
