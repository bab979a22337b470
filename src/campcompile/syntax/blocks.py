"""Builds the blocks of one text, paragraphs, headings and lists, out of runs of words in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import field

from campcompile.regex import regex
from campcompile.syntax.findings import Checked, Diagnostic, Findings
from campcompile.syntax.findings_prose import HEADING_LEVEL, IF_ACROSS_BLOCKS, LIST_FORM
from campcompile.syntax.pieces import Piece, inlines
from campcompile.syntax.source import MappedText
from campcompile.syntax.template import Mark, Tag
from campcompile.syntax.words import Block, Bullets, Heading, Inline, Paragraph, RichText
from campcompile.values import dataclass

_BLOCK_START = regex(r"[ \t]*([-+*]|\d{1,9}[.)]|#{1,6})[ \t]")


@dataclass(slots=True)
class _Item:
    start: int  # where its marker stands
    marker: str
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass(slots=True)
class _List:
    start: int
    first_number: int | None
    items: list[_Item] = field(default_factory=list)


class Blocks:
    """Takes blocks in the order of the text; offsets are those of `text`, a run of words goes from `start` to `end`."""

    def __init__(self, text: MappedText, marks: tuple[Mark, ...]) -> None:
        self._text, self._marks = text, marks
        self._mark_starts = [mark.start for mark in marks]
        self._findings = Findings()
        self._blocks: list[Block] = []
        self._across: set[tuple[int, int]] = set()  # conditions already reported
        self._list: _List | None = None
        self._list_depth = 0
        self._end = 0  # of the last run

    def add(self, finding: Diagnostic) -> None:
        self._findings.add(finding)

    def paragraph(self, start: int, end: int, pieces: Iterable[Piece]) -> None:
        if children := self._run(start, end, pieces):
            self._add_paragraph(Paragraph(children, self._text.span(start, end)))

    def _add_paragraph(self, paragraph: Paragraph) -> None:
        if self._list and self._list.items:
            self._list.items[-1].paragraphs.append(paragraph)
        else:
            self._blocks.append(paragraph)

    def heading(self, level: int, marks_start: int, start: int, end: int, pieces: Iterable[Piece]) -> None:
        """A heading of `level` 1 to 6, whose `#` begin at `marks_start`; other levels than 2 and 3 were findings."""
        children = self._run(start, end, pieces)
        marks = "#" * level
        if not children:
            span = self._text.span(marks_start, marks_start + level)
            self.add(HEADING_LEVEL.at(span, say="empty", seen=marks))
        elif self._list:
            self.add(HEADING_LEVEL.at(self._text.span(marks_start, marks_start + level), say="in-list", seen=marks))
            self._add_paragraph(Paragraph(children, self._text.span(start, end)))
        else:
            self._blocks.append(Heading(min(max(level, 2), 3), children, self._text.span(marks_start, end)))

    def open_list(self, start: int, first_number: int | None) -> None:
        """A list begins; `first_number` is None for bullets."""
        self._list_depth += 1
        if self._list is None:
            self._list = _List(start, first_number)

    def item(self, start: int, marker: str) -> None:
        """A list item begins with its marker at `start`; in a list inside a list, that is a finding."""
        assert self._list is not None
        if self._list_depth > 1:
            self.add(LIST_FORM.at(self._text.span(start, start + len(marker))))
        self._list.items.append(_Item(start, marker))

    def close_list(self) -> None:
        self._list_depth -= 1
        if self._list_depth or not self._list:
            return
        closed, self._list = self._list, None
        for item in closed.items:
            if not item.paragraphs:
                span = self._text.span(item.start, item.start + len(item.marker))
                self.add(LIST_FORM.at(span, say="empty", seen=item.marker))
        items = tuple(tuple(item.paragraphs) for item in closed.items if item.paragraphs)
        if items:
            self._blocks.append(Bullets(items, closed.first_number, self._text.span(closed.start, self._end)))

    def done(self) -> Checked[RichText]:
        self._tags_before_blocks()
        return self._findings.done(tuple(self._blocks))

    def _run(self, start: int, end: int, pieces: Iterable[Piece]) -> tuple[Inline, ...]:
        self._end = end
        marks = self._marks
        if marks:
            marks = marks[bisect_left(self._mark_starts, start) : bisect_left(self._mark_starts, end)]
            marks = tuple(self._within(mark, start, end) for mark in marks)
        return self._findings.take(inlines(self._text, marks, pieces))

    def _within(self, mark: Mark, start: int, end: int) -> Mark:
        """The mark; a tag of a condition that isn't whole within `start:end` is reported, and prints nothing."""
        tag = mark.printed
        if not isinstance(tag, Tag) or start <= tag.group[0] <= tag.group[1] <= end:
            return mark
        if tag.group not in self._across:
            self._across.add(tag.group)
            self.add(IF_ACROSS_BLOCKS.at(tag.span))
        return Mark(mark.start, mark.end, None)

    def _tags_before_blocks(self) -> None:
        """Report `{% if … %}- item`: Markdown sees a list only where its marker begins the line."""
        words, line_start, at = self._text.text, 0, 0
        for mark in self._marks:
            if "\n" in words[at : mark.start]:
                line_start = words.rfind("\n", at, mark.start) + 1
            elif words[max(at, line_start) : mark.start].strip():
                line_start = len(words)
            at = mark.end
            if not isinstance(mark.printed, Tag) or line_start > mark.start:
                continue
            marker = _BLOCK_START.match(words, mark.end)
            if marker and not words[line_start : mark.start].strip() and mark.printed.group not in self._across:
                self.add(IF_ACROSS_BLOCKS.at(self._text.span(*marker.span(1)), say="block", seen=marker.group(1)))
