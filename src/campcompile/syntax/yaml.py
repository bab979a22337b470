"""YAML text → tree, from the C parser's events: nothing is composed, every scalar keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml._yaml import CParser

from campcompile.syntax.decode import FORBIDDEN, LOST
from campcompile.syntax.findings import Applicability, Checked, Diagnostic, Edit, Fix, Label
from campcompile.syntax.findings_syn import (
    ANCHOR_OR_ALIAS,
    COMPLEX_KEY,
    CUT_OFF,
    DIRECTIVE,
    DUPLICATE_KEY,
    EMPTY_FILE,
    INDENTATION,
    NEEDS_QUOTES,
    NO_KEY,
    NOT_A_MAPPING,
    SEVERAL_DOCUMENTS,
    TAG,
    TOO_LARGE,
    UNREADABLE,
)
from campcompile.syntax.mend import Mend, Snag, Trap, drop, end_of_reading, mend, patched, quote
from campcompile.syntax.scalars import decode_raw, kind_of_plain, literal_end, map_scalar
from campcompile.syntax.source import MappedText, Source, Span
from campcompile.syntax.tree import Document, Entry, Kind, Mapping, Node, Scalar, Sequence, Style

__all__ = ["map_scalar", "read_yaml"]

MAX_DEPTH = 32
MAX_NODES = 20_000
MAX_MENDS = 60
MAX_REREAD = 4_000_000  # code points read again for the sake of further findings: about half a second

_STYLES = {"": Style.PLAIN, "'": Style.SINGLE, '"': Style.DOUBLE, "|": Style.LITERAL, ">": Style.LITERAL}
_PROPERTIES = re.compile(r"(?:(?P<mark>[&!][^\s,\[\]{}]*)\s*)+")
_AFTER_TEXT = re.compile(r"([ \t]+)(#[^\n]*)")
_BLANK = re.compile(r"\s")
_ENTRY_END = re.compile(r"\s*[,}]")
_TIGHT_KEY = re.compile(r"([a-z_]{2,}):([^\s:/].*)")
_DASH_LINE = re.compile(r"\n[ \t]*(- )")
_KEY_LINE = re.compile(r"\n([ ]*)(?:- +)?[\w.\"'*-]+:(?:[ \t]|$)", re.MULTILINE)


def read_yaml(source: Source) -> Checked[Document]:
    """The tree of one file, and every finding about how it is written.

    A part that can't be read is mended in a copy of the same length and read again, at most MAX_MENDS
    times, so that ten slips give ten findings. What could not be mended stands in `Document.lost`.
    """
    text = FORBIDDEN.sub(LOST, source.text) if FORBIDDEN.search(source.text) else source.text
    mended = _Mended()
    rounds = min(MAX_MENDS, 2 + MAX_REREAD // (len(text) + 1))
    for count in range(rounds + 1):
        reading = _Reading(source, text, mended)
        snag = reading.read()
        if snag is None:
            break
        remedy = mend(snag, source, text) if count < rounds else None
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
    entries: list[Entry] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    keys: dict[str, Scalar] = field(default_factory=dict)
    key: Scalar | None = None
    drops_value: bool = False  # its key was refused

    @property
    def wants_key(self) -> bool:
        return self.is_mapping and self.key is None and not self.drops_value


class _Reading:
    """One pass over the events of a text."""

    def __init__(self, source: Source, text: str, mended: _Mended) -> None:
        self.source = source
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
        self.marks: set[str] = set()  # aliases that have a finding: one for each name is enough

    def read(self) -> Snag | None:
        """Read to the end, or to the first snag."""
        try:
            for event in _events(self.text):
                snag = self._take(event)
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
        root = self.root
        if root is None and not self.stopped:
            self.findings.append(EMPTY_FILE.at(self.source.whole()))
        elif root is not None and not isinstance(root, Mapping):
            if isinstance(root, Scalar) and root.kind is Kind.NULL and not root.value:
                self.findings.append(EMPTY_FILE.at(self.source.whole()))
            else:
                seen = "a list" if isinstance(root, Sequence) else "a single text"
                line_end = self.text.find("\n", root.span.start)
                end = min(root.span.end, line_end if line_end >= 0 else root.span.end)
                self.findings.append(NOT_A_MAPPING.at(self.source.span(root.span.start, end), seen=seen))
            self.lost.append(root.span)
        if not isinstance(root, Mapping):
            root = Mapping((), self.source.whole())
        return Document(self.source, root, self._comments(), tuple(sorted(self.lost)))

    # --- events

    def _take(self, event: Any) -> Snag | None:
        match event:
            case yaml.ScalarEvent():
                return self._scalar(event)
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
        elif event.tags:
            found = re.compile(r"^%TAG[^\n]*", re.MULTILINE).search(self.text)
            if found:
                span = self.source.span(*found.span())
                self.findings.append(DIRECTIVE.at(span, written=found.group().strip()))

    def _open(self, event: Any) -> Snag | None:
        start = self._after_properties(event, event.start_mark.index)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        flow = bool(event.flow_style)
        if flow and is_mapping:
            if self.text[start : start + 2] in ("{{", "{%"):
                return self._snag(Trap.TEMPLATE, start)
            if self.text[start] != "{":
                return self._snag(Trap.PAIR, start)
        if len(self.frames) == MAX_DEPTH:
            span = self.source.span(start, min(start + 1, len(self.text)))
            self.stop(start, TOO_LARGE.at(span, say="depth", limit=str(MAX_DEPTH)))
            return None
        if self.frames and self.frames[-1].wants_key:
            end = start + 1 if flow else start
            span = self.source.span(start, end)
            self.findings.append(COMPLEX_KEY.at(span, seen="a mapping" if is_mapping else "a list"))
        self.frames.append(_Frame(start, flow, is_mapping))
        self._count(start)
        return None

    def _end(self, event: Any) -> None:
        self._close(event.end_mark.index)

    def _close(self, end: int) -> None:
        frame = self.frames.pop()
        if not frame.flow:
            end = _last_end(frame, frame.start)
        span = self.source.span(frame.start, max(end, frame.start))
        if frame.is_mapping:
            self._place(Mapping(tuple(frame.entries), span))
        else:
            self._place(Sequence(tuple(frame.items), span))

    def _alias(self, event: Any) -> None:
        span = self.source.span(event.start_mark.index, event.end_mark.index)
        written = self.source.quote(span)
        if written not in self.marks:
            self.marks.add(written)
            self.findings.append(ANCHOR_OR_ALIAS.at(span, say="alias", written=written, fix=quote(written)))
        self.lost.append(span)
        self._place(Scalar("", Kind.NULL, Style.PLAIN, span, self.source))

    def _scalar(self, event: Any) -> Snag | None:
        mark = event.start_mark.index
        start, end, style = mark, event.end_mark.index, event.style or ""
        if event.anchor or event.tag:
            start = self._after_properties(event, mark)
        self.last_scalar = (start, end, style)
        if style == ">":
            return self._snag(Trap.FOLDED, start)
        if style in ("'", '"') and "\n" in self.text[start:end] and self._swallows_a_key(start, end):
            return self._snag(Trap.SWALLOWED, start)
        scalar = self._value(event, start, end, style)
        if style == "" and start not in self.mended.meant:
            if self._is_sentence_key(scalar):
                return self._snag(Trap.SENTENCE, start)
            if scalar.value:
                self._check_plain(scalar)
            else:
                scalar = self._hidden_value(scalar)
        if style:
            self.quoted.append((start, max(end, scalar.span.end)))
        if event.tag and event.tag != "!":
            scalar = Scalar(scalar.value, Kind.TEXT, scalar.style, scalar.span, scalar.source)
        self._count(start)
        if not self.stopped:
            self._place(scalar)
        return None

    def _value(self, event: Any, start: int, end: int, style: str) -> Scalar:
        source = self.source
        if start in self.mended.meant:
            low, high = self.mended.meant[start]
            if "\n" in self.text[start:end]:
                high = max(high, end)
            words = decode_raw(source.text, low, high, Style.PLAIN)
            return Scalar(words, Kind.TEXT, Style.PLAIN, source.span(low, high), source)
        value = event.value
        if self.is_patched and style != "|" and source.text[start:end] != self.text[start:end]:
            # An unknown escape, or a line left out: the author's own text counts.
            value = decode_raw(source.text, start, end, _STYLES[style])
            return Scalar(value, Kind.TEXT, _STYLES[style], source.span(start, end), source)
        if style == "":
            return Scalar(value, kind_of_plain(value), Style.PLAIN, source.span(start, end), source)
        if style == "|":
            end = max(literal_end(value, self.text, start), start + 1)
        return Scalar(value, Kind.TEXT, _STYLES[style], source.span(start, end), source)

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
            self._place_key(frame, node)
        elif frame.drops_value:
            frame.drops_value = False
            self.lost.append(node.span)
        elif frame.key is not None:
            frame.entries.append(Entry(frame.key, node))
            frame.key = None

    def _place_key(self, frame: _Frame, node: Node) -> None:
        frame.drops_value = True
        if not isinstance(node, Scalar):
            self.lost.append(node.span)
            return
        name = node.value
        if name == "<<" and node.style is Style.PLAIN:
            self.findings.append(ANCHOR_OR_ALIAS.at(node.span, say="merge"))
        elif name in frame.keys:
            first = frame.keys[name]
            line, _ = self.source.position(first.span.start)
            related = (Label(first.span, "first given here"),)
            self.findings.append(DUPLICATE_KEY.at(node.span, key=name, line=str(line), related=related))
        elif node.kind is Kind.NULL and not name:
            at = node.span.start
            self.findings.append(NO_KEY.at(self.source.span(at, min(at + 1, len(self.text)))))
        elif frame.flow and self._lacks_colon(node):
            self._comma(node)
        elif node.style is Style.PLAIN and _BLANK.search(name):
            span = node.span
            fix = quote(self.text[span.start : self._line_end(span.start)].rstrip())
            self.findings.append(NEEDS_QUOTES.at(span, say="key", written=name, fix=fix))
        elif node.style is Style.PLAIN and (tight := _TIGHT_KEY.fullmatch(name)):
            span = self.source.span(node.span.start, node.span.start + len(tight[1]) + 1)
            fix = f"{tight[1]}: {quote(self.text[span.end : self._line_end(span.end)].rstrip())}"
            self.findings.append(NO_KEY.at(span, say="space", key=tight[1], fix=fix))
        else:
            frame.keys[name] = node
            frame.key = node
            frame.drops_value = False

    def _lacks_colon(self, key: Scalar) -> bool:
        """`{a, b}`: a key between braces that no colon follows."""
        return bool(_ENTRY_END.match(self.text, key.span.end))

    def _comma(self, key: Scalar) -> None:
        if tight := _TIGHT_KEY.fullmatch(key.value):
            span = self.source.span(key.span.start, key.span.start + len(tight[1]) + 1)
            self.findings.append(NO_KEY.at(span, say="space", key=tight[1], fix=f"{tight[1]}: {tight[2]}"))
        else:
            self.findings.append(NEEDS_QUOTES.at(key.span, say="comma", written=key.value[:40]))

    def _count(self, at: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES and not self.stopped:
            span = self.source.span(at, min(at + 1, len(self.text)))
            self.stop(at, TOO_LARGE.at(span, say="nodes", limit=f"{MAX_NODES:,}"))

    # --- slips that YAML reads without a word

    def _is_sentence_key(self, scalar: Scalar) -> bool:
        """Words before a colon, where no key of ours has a space: `- Please note: bring your card`."""
        frame = self.frames[-1] if self.frames else None
        if frame is None or not frame.wants_key or not _BLANK.search(scalar.value):
            return False
        if frame.flow or frame.entries or frame.start != scalar.span.start:
            return False
        line_start = self.text.rfind("\n", 0, frame.start) + 1
        return self.text[line_start : frame.start].strip() == "-"

    def _check_plain(self, scalar: Scalar) -> None:
        """Text that a `#` cuts off, and an item that became part of the one above."""
        span, text = scalar.span, self.text
        if text.find("\n", span.start, span.end) >= 0:
            dash = _DASH_LINE.search(text, span.start, span.end)
            if dash:
                at = dash.start(1)
                self.findings.append(INDENTATION.at(self.source.span(at, at + 1), say="dash"))
        if text[span.end : span.end + 1] not in (" ", "\t"):
            return
        after = _AFTER_TEXT.match(text, span.end)
        if after is None:
            return
        gap, comment = after.groups()
        spaced = comment == "#" or comment[1] in " \t"
        if spaced and (len(gap) > 1 or gap == "\t" or scalar.kind is not Kind.TEXT):
            return
        self._cut_off(scalar, after.start(2), comment)

    def _hidden_value(self, scalar: Scalar) -> Scalar:
        """`accent: #0b6b62`: a value that reads as a comment, where the line holds nothing else."""
        after = _AFTER_TEXT.match(self.text, scalar.span.start)
        if after is None or self.text[scalar.span.start - 1 : scalar.span.start] != ":":
            return scalar
        comment = after[2].rstrip()
        if len(comment) < 2 or comment[1].isspace():
            return scalar
        span = self.source.span(after.start(2), after.start(2) + len(comment))
        line_start = self.text.rfind("\n", 0, span.start) + 1
        fix = self.source.text[line_start : span.start].lstrip() + quote(comment)
        edit = Fix("put quotes around it", (Edit(span, quote(comment)),), Applicability.SAFE)
        self.findings.append(CUT_OFF.at(span, say="value", cut=_shorten(comment, 40), fix=fix, fixes=(edit,)))
        self.quoted.append((span.start, span.end))
        return Scalar(comment, Kind.TEXT, Style.PLAIN, span, self.source)

    def _cut_off(self, scalar: Scalar, at: int, comment: str) -> None:
        end = at + len(comment.rstrip())
        whole = self.source.span(scalar.span.start, end)
        words = self.source.quote(whole)
        line_start = self.text.rfind("\n", 0, scalar.span.start) + 1
        prefix = self.source.text[line_start : scalar.span.start].lstrip()
        fix = Fix("put quotes around the text", (Edit(whole, quote(words)),), Applicability.UNSAFE)
        self.findings.append(
            CUT_OFF.at(
                self.source.span(at, end),
                cut=_shorten(comment.rstrip(), 40),
                fix=_shorten(prefix + quote(words), 160),
                fixes=(fix,) if "\n" not in words else (),
            )
        )

    def _swallows_a_key(self, start: int, end: int) -> bool:
        """Whether a quoted text of several lines holds what looks like the next key of its mapping."""
        if self.frames and self.frames[-1].flow:
            return False
        line_start = self.text.rfind("\n", 0, start) + 1
        depth = len(re.match(r"[ ]*(?:- +)*", self.text[line_start:start]).group())  # type: ignore[union-attr]
        return any(len(found[1]) <= depth for found in _KEY_LINE.finditer(self.text, start, end))

    def _after_properties(self, event: Any, start: int) -> int:
        """Where a node begins after its anchor and tag, each of which is a finding."""
        if not (event.anchor or event.tag):
            return start
        found = _PROPERTIES.match(self.text, start)
        if found is None:
            return start
        line_end = self._line_end(start)
        fix = _shorten(quote(self.source.text[start:line_end].rstrip()), 160)
        for mark in re.compile(r"[&!][^\s,\[\]{}]*").finditer(self.text, start, found.end()):
            span = self.source.span(*mark.span())
            rule = ANCHOR_OR_ALIAS if mark.group().startswith("&") else TAG
            self.findings.append(rule.at(span, written=mark.group(), fix=fix))
        return min(found.end(), int(event.end_mark.index))

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

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

    def _comments(self) -> tuple[MappedText, ...]:
        """Every comment, in order: a `#` after a blank that stands in no text."""
        text, path = self.source.text, self.source.path
        covered = sorted((*self.quoted, *((span.start, span.end) for span in self.lost)))
        comments: list[MappedText] = []
        nearest = 0
        at = text.find("#")
        while at >= 0:
            while nearest < len(covered) and covered[nearest][1] <= at:
                nearest += 1
            inside = nearest < len(covered) and covered[nearest][0] <= at
            header = inside and text[covered[nearest][0]] in "|>" and "\n" not in text[covered[nearest][0] : at]
            if (at and not text[at - 1].isspace()) or (inside and not header):
                at = text.find("#", at + 1)
                continue
            end = self._line_end(at)
            comments.append(MappedText.plain(text[at:end], path, at))
            at = text.find("#", end)
        return tuple(comments)


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


def _last_end(frame: _Frame, otherwise: int) -> int:
    """Where a block collection ends: with its last node."""
    if frame.entries:
        last = frame.entries[-1]
        return max(last.key.span.end, last.value.span.end)
    return frame.items[-1].span.end if frame.items else otherwise


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
