"""Builds the tree of one run of words, out of words, merge fields, conditions, bold, italics and links in order."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from campcompile.syntax.findings import Checked, Findings
from campcompile.syntax.findings_prose import CROSSING
from campcompile.syntax.findings_tpl import TOO_MUCH
from campcompile.syntax.source import MappedText, Span
from campcompile.syntax.words import Arm, Break, Emphasis, Inline, Link, Merge, Strong, When, Words
from campcompile.values import dataclass

if TYPE_CHECKING:
    from campcompile.syntax.template import Mark, Tag

MAX_LEVELS = 32
_NAMES = {"strong": "**bold**", "em": "*italics*", "link": "[a link](…)", "if": "{% if %}"}


@dataclass(slots=True)
class _Frame:
    """A node that is still open."""

    kind: str  # strong, em, link, if
    start: int
    opener: Span
    children: list[Inline] = field(default_factory=list)
    arms: list[Arm] = field(default_factory=list)
    tag: Tag | None = None


class Builder:
    """Takes nodes in the order of the text; offsets are those of `text`."""

    def __init__(self, text: MappedText) -> None:
        self._span = text.span
        self._findings = Findings()
        self._frames: list[_Frame] = [_Frame("", 0, text.span(0, 0))]
        self._children = self._frames[0].children  # of the innermost frame
        self._said: list[str] = []  # words not yet a node
        self._said_start = self._said_end = self._skipped_to = 0

    def words(self, start: int, end: int, words: str) -> None:
        """Literal words that stand at `start:end`; words that adjoin become one node."""
        if self._said and start not in (self._said_end, self._skipped_to):
            self._flush()
        if not self._said:
            self._said_start = start
        self._said.append(words)
        self._said_end = end

    def skip(self, start: int, end: int) -> None:
        """Text that prints nothing, such as a line break between two Chinese characters; words may go on after it."""
        if start == self._said_end:
            self._skipped_to = end

    def line_break(self, start: int, end: int) -> None:
        self._flush()
        self._children.append(Break(self._span(start, end)))

    def mark(self, mark: Mark) -> None:
        """A merge field, or a tag of a condition; the caller has seen to it that tags pair."""
        printed = mark.printed
        if printed is None:
            return
        self._flush()
        if isinstance(printed, Merge):
            self._children.append(printed)
        elif printed.role == "if":
            self._push(_Frame("if", mark.start, printed.span, tag=printed))
        elif self._reach("if"):
            self._next_arm(printed)
            if printed.role == "endif":
                frame = self._pop()
                self._children.append(When(tuple(frame.arms), frame.opener.cover(printed.span)))

    def open(self, kind: str, start: int, end: int) -> None:
        """Bold ("strong"), italics ("em") or a link ("link"), whose opening marks stand at `start:end`."""
        self._flush()
        self._push(_Frame(kind, start, self._span(start, end)))

    def close(self, kind: str, end: int, target: tuple[str, int, int] | None = None) -> None:
        """The end of the innermost open `kind`, whose closing marks end at `end`; a link has a target and its place."""
        self._flush()
        if not self._reach(kind):
            return
        frame = self._pop()
        span = self._span(frame.start, end)
        children = tuple(frame.children)
        if kind == "strong" and len(self._frames) <= MAX_LEVELS:
            self._children.append(Strong(children, span))
        elif kind == "em" and len(self._frames) <= MAX_LEVELS:
            self._children.append(Emphasis(children, span))
        elif target:
            self._children.append(Link(target[0], self._span(target[1], target[2]), children, span))
        else:
            self._children.extend(children)

    def done(self) -> Checked[tuple[Inline, ...]]:
        self._flush()
        while len(self._frames) > 1:
            self._abandon()
        return self._findings.done(tuple(self._children))

    def _flush(self) -> None:
        if self._said:
            self._children.append(Words("".join(self._said), self._span(self._said_start, self._said_end)))
            self._said = []

    def _push(self, frame: _Frame) -> None:
        if len(self._frames) == MAX_LEVELS + 1:
            self._findings.add(TOO_MUCH.at(frame.opener, say="deep-words", limit=str(MAX_LEVELS)))
        self._frames.append(frame)
        self._children = frame.children

    def _pop(self) -> _Frame:
        frame = self._frames.pop()
        self._children = self._frames[-1].children
        return frame

    def _next_arm(self, tag: Tag) -> None:
        frame = self._frames[-1]
        assert frame.tag is not None
        opened = frame.tag
        is_unread = opened.condition is None and opened.role != "else"
        frame.arms.append(Arm(opened.condition, tuple(frame.children), opened.span, is_unread))
        frame.tag, frame.children = tag, []
        self._children = frame.children

    def _reach(self, kind: str) -> bool:
        """Is a `kind` open? What was opened inside it and isn't closed yet crosses it, and ends here."""
        if self._frames[-1].kind == kind:
            return True
        if all(frame.kind != kind for frame in self._frames):
            return False
        while (frame := self._frames[-1]).kind != kind:
            self._findings.add(CROSSING.at(frame.opener, inner=_NAMES[frame.kind], outer=_NAMES[kind]))
            self._abandon()
        return True

    def _abandon(self) -> None:
        frame = self._pop()
        self._children.extend(child for arm in frame.arms for child in arm.children)
        self._children.extend(frame.children)
