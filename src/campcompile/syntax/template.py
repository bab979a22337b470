"""An author's words with their merge fields and conditions: what each `{{ }}` and `{% %}` of a text is, and its lines.

`parse_line` reads a text of one line; markdown.py reads texts of paragraphs; both begin with `read`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeAlias

from campcompile.regex import regex
from campcompile.syntax.condition import MAX_CHARACTERS, parse_call, parse_condition, parse_expression, too_long
from campcompile.syntax.expression import Expression
from campcompile.syntax.findings import Applicability, Checked, Edit, Findings, Fix
from campcompile.syntax.findings_tpl import (
    BROKEN_TAG,
    CONDITION_FORM,
    LINE_BREAK,
    PRINT_FORM,
    TOO_MUCH,
    UNKNOWN_TAG,
    UNPAIRED_IF,
)
from campcompile.syntax.inlines import MAX_LEVELS, Builder
from campcompile.syntax.jinja import Chunk, Fault, Kind, brief, lex
from campcompile.syntax.merge import parse_merge
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import MappedText, Span
from campcompile.syntax.suggest import nearest
from campcompile.syntax.words import Inline, Merge
from campcompile.values import dataclass

__all__ = ["Mark", "Tag", "parse_call", "parse_condition", "parse_line", "read"]


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a condition."""

    role: str  # if, elif, else, endif
    condition: Expression | None
    span: Span
    group: tuple[int, int] = (0, 0)  # where the whole condition stands, from its `if` to its `endif`


Printed: TypeAlias = Merge | Tag | None  # None prints nothing: a comment, or what was a finding


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text that is no words; what `-` eats of the white space around it belongs to it."""

    start: int
    end: int
    printed: Printed


_STRAY = regex(
    r"""
      (?P<spaced>\{[ \t]+(?:\{[^{}\n]*\}[ \t]*\}?|%[^{}\n]*%[ \t]*\}?))
    | (?P<wide>｛[｛%％][^｛｝\n]*[｝%％]?｝?)
    | (?P<stray>[}%]\}|\#\})
    """,
    re.X,
)
_WORD = regex(r"[^\W\d]\w*")
_LINE_BREAK = regex(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ROLES = frozenset({"if", "elif", "else", "endif"})
_MEANT = {
    "elseif": "elif", "elsif": "elif", "elsei": "elif", "otherwise": "else", "end": "endif", "fi": "endif",
    "endfi": "endif", "unless": "if not",
}  # fmt: skip
_FOREIGN = {
    "for": "loop", "while": "loop", "foreach": "loop", "loop": "loop", "set": "variable", "with": "variable",
    "let": "variable", "assign": "variable", "include": "include", "import": "include", "from": "include",
    "extends": "include", "block": "include", "macro": "macro", "call": "macro", "autoescape": "escape",
    "filter": "filter",
}  # fmt: skip


def parse_line(text: MappedText) -> Checked[tuple[Inline, ...]]:
    """A text of one line, such as a subject: words, merge fields and conditions; Markdown is not read.

    A line break is a finding and becomes a space.
    """
    if len(text.text) > MAX_CHARACTERS:
        return Checked((), (too_long(text),))
    findings = Findings()
    marks = findings.take(read(text))
    words = text.text
    breaks = list(_LINE_BREAK.finditer(words))
    for broken in breaks:
        is_last = broken.end() == len(words)
        if not is_last or len(breaks) == 1:  # a text of two lines ends with a break too: `|` writes it
            findings.add(LINE_BREAK.at(text.span(*broken.span()), say="end" if is_last else ""))
    builder = Builder(text)
    at = 0
    for mark in marks:
        _add_words(builder, words, at, mark.start)
        builder.mark(mark)
        at = mark.end
    _add_words(builder, words, at, len(words))
    return findings.done(findings.take(builder.done()))


def _add_words(builder: Builder, words: str, start: int, end: int) -> None:
    if start < end:
        builder.words(start, end, _LINE_BREAK.sub(" ", words[start:end]))


def read(text: MappedText) -> Checked[tuple[Mark, ...]]:
    """All that is no words in `text`, in order. Conditions pair: a lone or unknown tag prints nothing."""
    words = text.text
    if "{" not in words and "}" not in words and "｛" not in words:
        return Checked(())
    reader = _Marks(text)
    for chunk in lex(words):
        reader.read(chunk)
    reader.end()
    return reader.findings.done(tuple(reader.marks))


class _Marks:
    def __init__(self, text: MappedText) -> None:
        self.text = text
        self.findings = Findings()
        self.marks: list[Mark] = []
        self._open: list[list[int]] = []  # of each condition still open, the indices of its marks
        self._foreign: set[str] = set()  # `for`, …: their end tags are not reported again
        self._unheard_of = 0  # tags such as `hvis`: for each, an `endif` is not reported

    def read(self, chunk: Chunk) -> None:
        match chunk.kind:
            case Kind.WORDS:
                self._stray_braces(chunk)
            case Kind.PRINT:
                self._mark(chunk, self._merge(chunk))
            case Kind.TAG:
                self._tag(chunk)
            case Kind.COMMENT | Kind.RAW:
                if chunk.fault is not Fault.NONE:
                    self.findings.add(BROKEN_TAG.at(self._span(chunk), say=chunk.kind.value))
                self._mark(chunk, None)
            case Kind.VERBATIM:
                pass

    def end(self) -> None:
        """Report conditions that never end; their words are shown without condition."""
        for indices in self._open:
            tag = self.marks[indices[0]].printed
            assert isinstance(tag, Tag)
            self.findings.add(UNPAIRED_IF.at(tag.span))
            self._silence(indices)

    def _span(self, chunk: Chunk) -> Span:
        return self.text.span(chunk.start, chunk.end)

    def _mark(self, chunk: Chunk, printed: Printed) -> None:
        words, start, end = self.text.text, chunk.start, chunk.end
        if chunk.trims_before:
            floor = self.marks[-1].end if self.marks else 0
            start = floor + len(words[floor:start].rstrip())
        if chunk.trims_after:
            end = len(words) - len(words[end:].lstrip())
        if self.marks and start < self.marks[-1].end:  # -}} has eaten up to here
            start = max(start, self.marks[-1].end)
        self.marks.append(Mark(start, max(start, end), printed))

    def _merge(self, chunk: Chunk) -> Merge | None:
        if chunk.fault is not Fault.NONE:
            self._broken(chunk, "}}")
            return None
        if chunk.inner_start >= chunk.inner_end:
            self.findings.add(PRINT_FORM.at(self._span(chunk), say="empty"))
            return None
        return self.findings.take(parse_merge(self.text, chunk.inner_start, chunk.inner_end))

    def _broken(self, chunk: Chunk, meant: str) -> None:
        seen = brief(self.text.text[chunk.start : chunk.end])
        say = "mismatched" if chunk.fault is Fault.MISMATCHED else ""
        self.findings.add(BROKEN_TAG.at(self._span(chunk), say=say, seen=seen, meant=meant))

    def _stray_braces(self, chunk: Chunk) -> None:
        for stray in _STRAY.finditer(self.text.text, chunk.start, chunk.end):
            span = self.text.span(*stray.span())
            self.findings.add(BROKEN_TAG.at(span, say=stray.lastgroup or "stray", seen=brief(stray.group())))
            self.marks.append(Mark(*stray.span(), None))

    # Tags

    def _tag(self, chunk: Chunk) -> None:
        words = self.text.text
        word = _WORD.match(words, chunk.inner_start, chunk.inner_end)
        if chunk.fault is not Fault.NONE:
            self._broken(chunk, "%}")
        if not word:
            if chunk.fault is Fault.NONE:
                self.findings.add(BROKEN_TAG.at(self._span(chunk), say="empty"))
            self._mark(chunk, None)
            return
        role, rest = self._role(chunk, word)
        if role not in _ROLES:
            self._mark(chunk, None)
            return
        condition = None
        if role in ("if", "elif"):
            if not words[rest : chunk.inner_end].strip():
                self.findings.add(CONDITION_FORM.at(self._span(chunk), say="empty"))
            elif chunk.fault is not Fault.UNCLOSED:
                condition = self.findings.take(parse_expression(self.text, rest, chunk.inner_end))
        elif too_much := words[rest : chunk.inner_end].strip():
            start = words.index(too_much, rest)
            self.findings.add(UNKNOWN_TAG.at(self.text.span(start, chunk.inner_end), say="rest", seen=role))
        self._mark(chunk, Tag(role, condition, self._span(chunk)))
        self._pair(role, chunk)

    def _role(self, chunk: Chunk, word: re.Match[str]) -> tuple[str, int]:
        """What the tag is, or is surely meant to be, and where its condition begins; "" for any other."""
        seen, rest = word.group(), word.end()
        if seen in _ROLES and seen != "else":
            return seen, rest
        following = _WORD.match(self.text.text, rest + 1, chunk.inner_end)
        pair = f"{seen} {following.group()}" if following else ""
        if following and pair.lower() in ("else if", "end if"):
            self._respell(word.start(), following.end(), pair, "elif" if seen.lower() == "else" else "endif")
            return ("elif" if seen.lower() == "else" else "endif"), following.end()
        if seen == "else":
            return seen, rest
        meant = seen.lower() if seen.lower() in _ROLES else _MEANT.get(seen.lower(), "")
        if meant:
            self._respell(*word.span(), seen, meant)
            return meant.partition(" ")[0], rest
        return self._unknown(word), rest

    def _respell(self, start: int, end: int, seen: str, meant: str) -> None:
        span = self.text.span(start, end)
        fix = Fix(f"write `{meant}`", (Edit(span, meant),), Applicability.SAFE)
        self.findings.add(UNKNOWN_TAG.at(span, say="spelling", seen=seen, meant=meant, fixes=(fix,)))

    def _unknown(self, word: re.Match[str]) -> str:
        """Take it down; what it was surely meant to be, or ""."""
        seen, span = word.group(), self.text.span(*word.span())
        opener = seen.removeprefix("end").lstrip("_")
        if seen in _FOREIGN:
            self._foreign.add(seen)
            self.findings.add(UNKNOWN_TAG.at(span, say=_FOREIGN[seen], seen=seen))
        elif opener != seen and opener in self._foreign:
            pass
        elif near := nearest(seen, _ROLES):
            self.findings.add(UNKNOWN_TAG.at(span, say="near", seen=seen, meant=near, fixes=renaming(span, seen, near)))
            return near
        else:
            self._foreign.add(seen)
            self._unheard_of += 1
            self.findings.add(UNKNOWN_TAG.at(span, seen=brief(seen)))
        return ""

    def _pair(self, role: str, chunk: Chunk) -> None:
        index = len(self.marks) - 1
        if role == "if":
            self._open.append([index])
            return
        if not self._open and role == "endif" and self._unheard_of:
            self._unheard_of -= 1
            self._silence([index])
            return
        if not self._open:
            self._alone(chunk, role, "orphan")
            return
        indices = self._open[-1]
        before = self.marks[indices[-1]].printed
        if role != "endif" and isinstance(before, Tag) and before.role == "else":
            self._alone(chunk, role, "after-else")
            return
        indices.append(index)
        if role == "endif":
            self._open.pop()
            self._close(indices)

    def _alone(self, chunk: Chunk, role: str, say: str) -> None:
        self.findings.add(UNPAIRED_IF.at(self._span(chunk), say=say, seen=role))
        self._silence([len(self.marks) - 1])

    def _close(self, indices: list[int]) -> None:
        if len(self._open) >= MAX_LEVELS:
            tag = self.marks[indices[0]].printed
            assert isinstance(tag, Tag)
            if len(self._open) == MAX_LEVELS:
                self.findings.add(TOO_MUCH.at(tag.span, say="deep-words", limit=str(MAX_LEVELS)))
            self._silence(indices)
            return
        group = (self.marks[indices[0]].start, self.marks[indices[-1]].end)
        for index in indices:
            mark = self.marks[index]
            assert isinstance(mark.printed, Tag)
            self.marks[index] = replace(mark, printed=replace(mark.printed, group=group))

    def _silence(self, indices: list[int]) -> None:
        for index in indices:
            self.marks[index] = replace(self.marks[index], printed=None)
