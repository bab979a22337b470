"""Applying fixes to files: edits of single places, so that comments, line ends and everything else stay as they are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping

from campcompile.regex import regex
from campcompile.syntax.decode import FORBIDDEN, LOST
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix
from campcompile.syntax.source import Source, Span
from campcompile.values import dataclass

_LINE_END = regex(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Applied:
    """The files that changed, with their new bytes, and how many fixes were applied to them."""

    files: Mapping[str, bytes]
    count: int


def apply_fixes(
    files: Mapping[str, bytes],
    sources: Mapping[str, Source],
    diagnostics: Iterable[Diagnostic],
    allowed: frozenset[Applicability],
) -> Applied:
    """One fix for each finding that has an `allowed` one, each whole or not at all.

    Of two that would touch one place, the first is applied: the other may be once the file is looked at again.
    A file that isn't UTF-8, or was read in part, is left alone.
    """
    editors: dict[str, _Editor | None] = {}
    count = 0
    for diagnostic in diagnostics:
        fix = fix_of(diagnostic, allowed)
        if fix is None:
            continue
        for path in {edit.span.path for edit in fix.edits} - editors.keys():
            known = path in files and path in sources
            editors[path] = _editor(files[path], sources[path]) if known else None
        taken = [(editor, edit) for edit in fix.edits if (editor := editors[edit.span.path]) and editor.takes(edit)]
        if len(taken) == len(fix.edits):
            for editor, edit in taken:
                editor.edits.append(edit)
            count += 1
    changed = {path: editor.written() for path, editor in editors.items() if editor and editor.edits}
    return Applied({path: content for path, content in changed.items() if content != files[path]}, count)


def apply_edits(content: bytes, source: Source, edits: Iterable[Edit]) -> bytes | None:
    """A file with all of `edits` made; None where its source isn't just its text, or two edits would meet."""
    editor = _editor(content, source)
    if editor is None:
        return None
    for edit in edits:
        if not editor.takes(edit):
            return None
        editor.edits.append(edit)
    return editor.written()


def fix_of(diagnostic: Diagnostic, allowed: frozenset[Applicability]) -> Fix | None:
    """The first fix of a finding that may be applied."""
    return next((fix for fix in diagnostic.fixes if fix.applicability in allowed and fix.edits), None)


class _Editor:
    """One file's text as it stands on the disk, and the edits to come."""

    def __init__(self, body: str, mark: str, source: Source) -> None:
        self.body = body
        self.mark = mark  # the byte-order mark, or nothing
        self.source = source
        self.edits: list[Edit] = []
        pairs = (found.start() for found in re.finditer("\r\n", body))
        self.pairs = [start - number for number, start in enumerate(pairs)]  # where the source has one `\n` for two
        first = _LINE_END.search(body)
        self.line_end = first.group() if first else "\n"

    def takes(self, edit: Edit) -> bool:
        """Whether an edit lies in the file and touches none before it."""
        inside = 0 <= edit.span.start <= edit.span.end <= len(self.source.text)
        return inside and not any(_meet(edit.span, other.span) for other in self.edits)

    def written(self) -> bytes:
        parts = [self.mark]
        at = 0
        for edit in sorted(self.edits, key=lambda one: one.span):
            parts += (self.body[at : self.place(edit.span.start)], edit.text.replace("\n", self.line_end))
            at = self.place(edit.span.end)
        return "".join((*parts, self.body[at:])).encode("utf-8")

    def place(self, offset: int) -> int:
        """Where a place of the source stands in the file."""
        return offset + bisect_left(self.pairs, offset)


def _editor(content: bytes, source: Source) -> _Editor | None:
    """None where the source is not just the file's text."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    body = text.removeprefix("\ufeff")
    plain = _LINE_END.sub("\n", body)
    if FORBIDDEN.sub(LOST, plain) != source.text:
        return None
    return _Editor(body, text[: len(text) - len(body)], source)


def _meet(one: Span, other: Span) -> bool:
    """Whether two edits overlap; what is written in between two letters meets what touches it."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end
