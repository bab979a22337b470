"""YAML text → tree, from the C parser's events: nothing is composed, every scalar keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import Any

import yaml
from yaml._yaml import CParser

from campcompile.regex import regex
from campcompile.syntax import slips
from campcompile.syntax.around import block_end, flow_end
from campcompile.syntax.decode import FORBIDDEN, LOST, MAX_REPORTED, is_clean
from campcompile.syntax.findings import Checked, Diagnostic, Label
from campcompile.syntax.findings_syn import (
    ANCHOR_OR_ALIAS,
    COMPLEX_KEY,
    DIRECTIVE,
    DUPLICATE_KEY,
    EMPTY_FILE,
    NO_KEY,
    NOT_A_MAPPING,
    SEVERAL_DOCUMENTS,
    TAG,
    TOO_LARGE,
    UNREADABLE,
)
from campcompile.syntax.mend import Mend, Snag, Trap, drop, end_of_reading, mend, patched, quote
from campcompile.syntax.scalars import decode_raw, kind_of_plain, literal_end, map_scalar
from campcompile.syntax.source import Source, Span
from campcompile.syntax.tree import Document, Entry, Kind, Mapping, Node, Scalar, Sequence, Style
from campcompile.values import dataclass

__all__ = ["map_scalar", "read_yaml"]

MAX_DEPTH = 32
MAX_NODES = 20_000
MAX_MENDS = 60
MAX_REREAD = 4_000_000  # code points read again for the sake of further findings: about half a second

_STYLES = {"": Style.PLAIN, "'": Style.SINGLE, '"': Style.DOUBLE, "|": Style.LITERAL, ">": Style.LITERAL}
_MARK = regex(r"[&!][^\s,\[\]{}]*")
_MARKS = regex(r"(?:[&!][^\s,\[\]{}]*\s*)+")
_IN_BRACES = regex(r"\{[^{},:\n]*\w[^{},:\n]*\}")
_TAG_DIRECTIVE = regex(r"^%TAG(?:(?!\s+#)[^\n])*", re.MULTILINE)


def read_yaml(source: Source) -> Checked[Document]:
    """The tree of one file, and every finding about how it is written.

    A part that can't be read is mended in a copy of the same length and read again, at most MAX_MENDS
    times, so that ten slips give ten findings. What could not be mended stands in `Document.lost`.
    """
    text = source.text if is_clean(source.text) else FORBIDDEN.sub(LOST, source.text)
    mended = _Mended()
    rounds = min(MAX_MENDS, 2 + MAX_REREAD // (len(text) + 1))
    for count in range(rounds + 1):
        reading = _Reading(source, text, mended)
        snag = reading.read()
        if snag is None:
            break
        remedy = _remedy(snag, source, text) if count < rounds else None
        before = text
        if remedy is not None:
            if mended.knows(remedy, source):  # an echo of an earlier slip: leave its line out
                remedy = drop(source, text, remedy.finding.span.start, remedy.finding)
            else:
                mended.findings.append(remedy.finding)
            text = patched(text, remedy.patches)
            mended.add(remedy, source)
        if text == before:
            last = UNREADABLE.at(source.span(snag.at, snag.at), say="many") if count == rounds else None
            reading.stop(snag.at, last or end_of_reading(snag, source))
            break
    document = reading.document()
    return Checked(document, tuple(sorted((*mended.findings, *reading.findings), key=lambda one: one.sort_key)))


def _remedy(snag: Snag, source: Source, text: str) -> Mend | None:
    """How to read on: as the author meant it, or else without the line; None where the document has ended."""
    if remedy := mend(snag, source, text):
        return remedy
    at = snag.at if snag.at < len(text.rstrip()) or not snag.flows else snag.flows[-1]
    if "document start" in snag.problem or at >= len(text):
        return None
    return drop(source, text, at, end_of_reading(snag, source))


@dataclass(slots=True)
class _Mended:
    """What was mended so far, and so how to understand the patched text."""

    findings: list[Diagnostic] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)  # that have a finding
    meant: dict[int, tuple[int, int]] = field(default_factory=dict)
    lost: list[Span] = field(default_factory=list)

    def knows(self, remedy: Mend, source: Source) -> bool:
        return not remedy.repeats and source.position(remedy.finding.span.start)[0] in self.lines

    def add(self, remedy: Mend, source: Source) -> None:
        self.lines.add(source.position(remedy.finding.span.start)[0])
        self.lines.update(source.position(start)[0] for start, _ in remedy.patches)
        self.meant.update(remedy.meant)
        self.lost.extend(remedy.lost)


@dataclass(slots=True)
class _Frame:
    """A collection under construction."""

    start: int
    flow: bool
    is_mapping: bool
    wants_key: bool
    entries: list[Entry] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    keys: dict[str, Scalar] = field(default_factory=dict)
    key: Scalar | None = None  # None where a key was refused: its value is left out


class _Reading:
    """One pass over the events of a text."""

    def __init__(self, source: Source, text: str, mended: _Mended) -> None:
        self.source = source
        self.path = source.path
        self.text = text
        self.is_patched = text is not source.text
        self.mended = mended
        self.findings: list[Diagnostic] = []
        self.lost: list[Span] = list(mended.lost)
        self.frames: list[_Frame] = []
        self.root: Node | None = None
        self.nodes = 0
        self.quoted: list[tuple[int, int]] = []  # where a `#` is no comment
        self.last_scalar = (-1, -1, "")
        self.stopped = False
        self.marked = 0  # anchors and tags that have a finding
        self.marks: set[str] = set()  # aliases that have a finding: one for each name is enough

    def read(self) -> Snag | None:
        """Read to the end, or to the first snag."""
        try:
            for event in _events(self.text):
                snag = self._scalar(event) if type(event) is yaml.ScalarEvent else self._take(event)
                if snag is not None or self.stopped:
                    return snag
        except yaml.YAMLError as error:
            return self._parser_snag(error)
        return None

    def stop(self, at: int, finding: Diagnostic) -> None:
        """Leave out the rest of the file, and keep what has been read."""
        self.findings.append(finding)
        self.lost.append(self.source.span(at, len(self.text)))
        self.stopped = True
        while self.frames:
            self._close(at)

    def document(self) -> Document:
        """What was read, with what only the whole can tell."""
        root = self.root
        if root is None:
            if not self.stopped:
                self.findings.append(EMPTY_FILE.at(self.source.whole()))
        elif not isinstance(root, Mapping):
            if isinstance(root, Scalar) and root.kind is Kind.NULL and not root.value:
                self.findings.append(EMPTY_FILE.at(self.source.whole()))
            else:
                seen = "a list" if isinstance(root, Sequence) else "a single text"
                end = min(root.span.end, self._line_end(root.span.start))
                self.findings.append(NOT_A_MAPPING.at(self.source.span(root.span.start, end), seen=seen))
            self.lost.append(root.span)
        covered = sorted((*self.quoted, *((span.start, span.end) for span in self.lost)))
        mapping = root if isinstance(root, Mapping) else Mapping((), self.source.whole())
        comments = slips.comments_of(self.source, covered)
        return Document(self.source, mapping, comments, tuple(sorted(self.lost)))

    # --- events

    def _take(self, event: yaml.Event) -> Snag | None:
        match event:
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                return self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent():
                self._document_start(event)
        return None

    def _document_start(self, event: Any) -> None:
        at = event.start_mark.index
        if self.root is not None:
            self.stop(at, SEVERAL_DOCUMENTS.at(self.source.span(at, event.end_mark.index)))
        elif event.tags and (found := _TAG_DIRECTIVE.search(self.text)):
            self.findings.append(DIRECTIVE.at(self.source.span(*found.span()), written=found.group().strip()))

    def _open(self, event: Any) -> Snag | None:
        start = self._after_marks(event)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        flow = bool(event.flow_style)
        if flow and is_mapping:
            is_key = bool(self.frames) and self.frames[-1].wants_key
            if self.text[start : start + 2] in ("{{", "{%") or (not is_key and _IN_BRACES.match(self.text, start)):
                return self._snag(Trap.TEMPLATE, start)
            if self.text[start] != "{":
                return self._snag(Trap.PAIR, start)
        if len(self.frames) == MAX_DEPTH:
            span = self.source.span(start, min(start + 1, len(self.text)))
            self.stop(start, TOO_LARGE.at(span, say="depth", limit=str(MAX_DEPTH)))
            return None
        if self.frames and self.frames[-1].wants_key:
            span = self.source.span(start, start + 1 if flow else start)
            self.findings.append(COMPLEX_KEY.at(span, seen="a mapping" if is_mapping else "a list"))
        self.frames.append(_Frame(start, flow, is_mapping, is_mapping))
        self._count(start)
        return None

    def _end(self, event: Any) -> None:
        self._close(event.end_mark.index)

    def _close(self, end: int) -> None:
        frame = self.frames.pop()
        start = frame.start
        if not frame.flow:  # a block ends with its last node
            if frame.entries:
                end = max(frame.entries[-1].key.span.end, frame.entries[-1].value.span.end)
            else:
                end = frame.items[-1].span.end if frame.items else start
        span = Span(self.path, start, max(end, start))
        self._place(Mapping(tuple(frame.entries), span) if frame.is_mapping else Sequence(tuple(frame.items), span))

    def _alias(self, event: Any) -> None:
        span = self.source.span(event.start_mark.index, event.end_mark.index)
        written = self.source.quote(span)
        if written not in self.marks:
            self.marks.add(written)
            self.findings.append(ANCHOR_OR_ALIAS.at(span, say="alias", written=written, fix=quote(written)))
        self.lost.append(span)
        self._place(Scalar("", Kind.NULL, Style.PLAIN, span, self.source))

    def _scalar(self, event: Any) -> Snag | None:
        start, end, style = event.start_mark.index, event.end_mark.index, event.style or ""
        if event.anchor or event.tag:
            start = self._after_marks(event)
        self.last_scalar = (start, end, style)
        if self.is_patched and (remedied := self._remedied(event, start, end, style)) is not None:
            scalar = remedied
        elif style == "":
            scalar = Scalar(
                event.value, kind_of_plain(event.value), Style.PLAIN, Span(self.path, start, end), self.source
            )
            snag, scalar = self._check_plain(scalar)
            if snag is not None:
                return snag
        else:
            if style == ">":
                return self._snag(Trap.FOLDED, start)
            if style == "|":
                end = max(literal_end(event.value, self.text, start), start + 1)
            elif "\n" in self.text[start:end] and self._swallows_a_key(start, end):
                return self._snag(Trap.SWALLOWED, start)
            scalar = Scalar(event.value, Kind.TEXT, _STYLES[style], Span(self.path, start, end), self.source)
            self.quoted.append((start, end))
        if event.tag and event.tag != "!":
            scalar = Scalar(scalar.value, Kind.TEXT, scalar.style, scalar.span, scalar.source)
        self._count(start)
        if not self.stopped:
            self._place(scalar)
        return None

    def _remedied(self, event: Any, start: int, end: int, style: str) -> Scalar | None:
        """A scalar that was patched, read from the author's own text; None for all others."""
        source = self.source
        if start in self.mended.meant:
            low, high = self.mended.meant[start]
            if "\n" in self.text[start:end]:
                high = max(high, end)
            words = decode_raw(source.text, low, high, Style.PLAIN)
            return Scalar(words, Kind.TEXT, Style.PLAIN, source.span(low, high), source)
        if style in ("|", ">") or source.text[start:end] == self.text[start:end]:
            return None
        if any(span.start == start for span in self.lost):
            return Scalar("", Kind.NULL, Style.PLAIN, source.span(start, end), source)
        # An unknown escape, or a line left out.
        self.quoted.append((start, end))
        words = decode_raw(source.text, start, end, _STYLES[style])
        return Scalar(words, Kind.TEXT, _STYLES[style], source.span(start, end), source)

    def _check_plain(self, scalar: Scalar) -> tuple[Snag | None, Scalar]:
        """Text without quotes: what YAML took for something else than its author meant."""
        start, end = scalar.span.start, scalar.span.end
        value, text = scalar.value, self.text
        if self.frames and self.frames[-1].wants_key:
            frame = self.frames[-1]
            is_first = not frame.flow and frame.start == start and not frame.entries
            if is_first and slips.is_sentence_item(text, scalar):
                return self._snag(Trap.SENTENCE, start), scalar
        if not value:
            if hidden := slips.hidden_value(self.source, text, start):
                finding, scalar = hidden
                self.findings.append(finding)
                self.quoted.append((scalar.span.start, scalar.span.end))
            return None, scalar
        if len(value) != end - start and (finding_ := slips.swallowed_item(self.source, text, scalar.span)):
            self.findings.append(finding_)
        if end < len(text) and text[end] in " \t" and (finding_ := slips.cut_off(self.source, text, scalar)):
            self.findings.append(finding_)
        return None, scalar

    # --- the tree

    def _place(self, node: Node) -> None:
        """Put a finished node where it belongs."""
        if not self.frames:
            if self.root is None:
                self.root = node
            return
        frame = self.frames[-1]
        if not frame.is_mapping:
            frame.items.append(node)
        elif frame.wants_key:
            frame.wants_key = False
            frame.key = self._checked_key(frame, node)
        else:
            frame.wants_key = True
            if frame.key is None:
                self.lost.append(node.span)
            else:
                frame.entries.append(Entry(frame.key, node))

    def _checked_key(self, frame: _Frame, node: Node) -> Scalar | None:
        """The key, or None where it is refused."""
        if not isinstance(node, Scalar):
            self.lost.append(node.span)
            return None
        name = node.value
        finding: Diagnostic | None = None
        if name in frame.keys:
            first = frame.keys[name]
            line, _ = self.source.position(first.span.start)
            related = (Label(first.span, "first given here"),)
            finding = DUPLICATE_KEY.at(node.span, key=name, line=str(line), related=related)
        elif node.style is Style.PLAIN and not name.isidentifier():
            if name == "<<":
                finding = ANCHOR_OR_ALIAS.at(node.span, say="merge")
            elif not name:
                at = node.span.start
                finding = NO_KEY.at(self.source.span(at, min(at + 1, len(self.text))))
            else:
                finding = slips.bad_key(self.source, self.text, node, in_flow=frame.flow)
        elif frame.flow and node.style is Style.PLAIN:
            finding = slips.bad_key(self.source, self.text, node, in_flow=True)
        if finding is not None:
            if not (len(self.frames) > 1 and self.frames[-2].wants_key):  # a mapping in the place of a key has its own
                self.findings.append(finding)
            return None
        frame.keys[name] = node
        return node

    def _count(self, at: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES and not self.stopped:
            span = self.source.span(at, min(at + 1, len(self.text)))
            self.stop(at, TOO_LARGE.at(span, say="nodes", limit=f"{MAX_NODES:,}"))

    def _swallows_a_key(self, start: int, end: int) -> bool:
        in_flow = bool(self.frames) and self.frames[-1].flow
        return not in_flow and slips.swallows_a_key(self.text, start, end)

    def _after_marks(self, event: Any) -> int:
        """Where a node begins after its anchor and tag, each of which is a finding."""
        start: int = event.start_mark.index
        found = _MARKS.match(self.text, start) if event.anchor or event.tag else None
        if found is None:
            return start
        line = self.source.text[start : min(self._line_end(start), start + 200)]
        in_flow = bool(self.frames) and self.frames[-1].flow
        words = quote(line[: flow_end(line, 0) if in_flow else block_end(line, 0)])
        fix = words if len(words) <= 160 else words[:159] + "…"
        for mark in _MARK.finditer(self.text, start, found.end()):
            self.marked += 1
            if self.marked > MAX_REPORTED:
                break
            rule = ANCHOR_OR_ALIAS if mark.group().startswith("&") else TAG
            self.findings.append(rule.at(self.source.span(*mark.span()), written=mark.group(), fix=fix))
        return min(found.end(), int(event.end_mark.index))

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    # --- what stops the reading

    def _snag(self, trap: Trap, at: int) -> Snag:
        flows = tuple(frame.start for frame in self.frames if frame.flow)
        return Snag(trap=trap, at=at, scalar=self.last_scalar, flows=flows)

    def _parser_snag(self, error: yaml.YAMLError) -> Snag:
        mark = getattr(error, "problem_mark", None)
        context = getattr(error, "context_mark", None)
        return Snag(
            trap=Trap.PARSER,
            at=min(mark.index, len(self.text)) if mark else 0,
            problem=getattr(error, "problem", "") or "",
            context_at=context.index if context else -1,
            scalar=self.last_scalar,
            flows=tuple(frame.start for frame in self.frames if frame.flow),
        )


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()
