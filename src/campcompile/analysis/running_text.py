"""Running text is what is read as sentences: paragraphs, list items and checklists; no labels, tables or footers."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from campcompile.analysis.flat import ARM, SLOT_MARK
from campcompile.analysis.version_words import VersionWords, WordLine
from campcompile.model.campaign import Version

_FIELDS = frozenset((("text", "text"), ("notice", "text"), ("checklist", "items")))


class RunningLine(NamedTuple):
    block: int  # index among the version's blocks
    words: WordLine
    text: str  # without merge fields; all arms of a condition are among it


def running_text(version: Version, words: VersionWords) -> tuple[RunningLine, ...]:
    """The lines of a version's running text in reading order; `words` are those of the same version."""
    kinds = [block.kind for block in version.blocks]
    return tuple(
        RunningLine(part.block, line, without_fields(line.text))
        for part in words.parts
        if part.block >= 0 and (kinds[part.block], part.field) in _FIELDS
        for line in part.lines
    )


@lru_cache(maxsize=4096)
def without_fields(text: str) -> str:
    """A line without its merge fields; where an arm of a condition begins or ends stands a space."""
    return SLOT_MARK.sub("", text).replace(ARM, " ")
