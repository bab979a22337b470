"""A source is one text file of a workspace; a span is a range in it; mapped text knows where it was written."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in one source: Span("campaigns/a.yaml", 57, 95)."""

    path: str  # workspace-relative, POSIX separators
    start: int  # 0-based offset of the first code point
    end: int

    def cover(self, other: Span) -> Span:
        """The smallest span that holds both; both lie in the same source."""
        return Span(self.path, min(self.start, other.start), max(self.end, other.end))


@dataclass(frozen=True)
class Source:
    """One file's text, with line ends already `\\n` and no byte-order mark (workspace.py sees to it)."""

    path: str
    text: str

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return tuple(starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1, columns in code points."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its line end; "" past the end."""
        if not 1 <= number <= len(self._line_starts):
            return ""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]

    def quote(self, span: Span) -> str:
        """The text that a span of this source covers."""
        return self.text[span.start : span.end]

    def span(self, start: int, end: int) -> Span:
        return Span(self.path, start, end)

    def whole(self) -> Span:
        """A span for findings about the file itself: its first line."""
        return Span(self.path, 0, len(self.line(1)))


@dataclass(frozen=True, slots=True)
class Piece:
    """`length` code points of a value, from offset `at`, that stand unchanged at `source_start` of the source.

    A piece may also stand for text that is written otherwise in the source (an escape such as
    `\\u00e9`, a fold of a line break): then `source_length` differs from `length`, and any part of the
    value piece maps to the whole of the source piece.
    """

    at: int
    length: int
    source_start: int
    source_length: int


@dataclass(frozen=True, slots=True)
class MappedText:
    """A text whose every code point knows where in the source it was written.

    `pieces` are in order, without gap, and cover `text`.
    """

    text: str
    path: str
    pieces: tuple[Piece, ...]
    within: str = ""  # the quote that stands around it in the source

    @classmethod
    def plain(cls, text: str, path: str, source_start: int) -> MappedText:
        """Text that stands in the source just as it is."""
        return cls(text, path, (Piece(0, len(text), source_start, len(text)),))

    def span(self, start: int, end: int) -> Span:
        """The source span of `text[start:end]`; an empty range maps to an empty span at its place."""
        if 0 <= start < end:
            for piece in self.pieces:  # the ordinary case, made quick: within one piece that stands as it is
                if start < piece.at + piece.length:
                    if end <= piece.at + piece.length and piece.length == piece.source_length:
                        shift = piece.source_start - piece.at
                        return Span(self.path, start + shift, end + shift)
                    break
        first = self._offset(start, towards_end=False)
        last = first if end <= start else self._offset(end, towards_end=True)
        return Span(self.path, first, max(first, last))

    def whole(self) -> Span:
        return self.span(0, len(self.text))

    def slice(self, start: int, end: int) -> MappedText:
        """`text[start:end]`, mapped."""
        pieces = []
        for piece in self.pieces:
            low, high = max(start, piece.at), min(end, piece.at + piece.length)
            if low >= high and not (start == end == piece.at):
                continue
            if piece.length == piece.source_length:
                source_start, source_length = piece.source_start + (low - piece.at), high - low
            else:
                source_start, source_length = piece.source_start, piece.source_length
            pieces.append(Piece(low - start, high - low, source_start, source_length))
        if not pieces:
            offset = self._offset(start, towards_end=False)
            pieces.append(Piece(0, 0, offset, 0))
        return MappedText(self.text[start:end], self.path, tuple(pieces), self.within)

    def _offset(self, value_offset: int, *, towards_end: bool) -> int:
        if not self.pieces:
            return 0
        key = value_offset - 1 if towards_end else value_offset
        index = bisect_right(self.pieces, key, key=lambda piece: piece.at) - 1
        piece = self.pieces[max(index, 0)]
        inside = value_offset - piece.at
        if piece.length == piece.source_length:
            return piece.source_start + min(max(inside, 0), piece.length)
        if towards_end or inside >= piece.length:
            return piece.source_start + piece.source_length
        return piece.source_start
