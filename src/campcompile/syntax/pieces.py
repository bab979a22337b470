"""One run of words, a paragraph or heading, in pieces: text, line breaks, beginnings and ends of bold and links."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from campcompile.syntax.findings import Checked
from campcompile.syntax.inlines import Builder
from campcompile.syntax.source import MappedText
from campcompile.syntax.template import Mark
from campcompile.syntax.words import Inline, Merge


class Piece(NamedTuple):
    """One piece; pieces come in the order of the text."""

    kind: str  # text, soft, hard, mark, open, close
    start: int
    end: int
    text: str = ""  # of text: the words; of open and close: strong, em or link; of an open link: its target follows
    target: tuple[str, int, int] | None = None  # of a link that closes: its target, and where that stands
    mark: Mark | None = None


def inlines(text: MappedText, marks: Sequence[Mark], pieces: Iterable[Piece]) -> Checked[tuple[Inline, ...]]:
    """The tree of a run. `marks` are those that stand in it; they split the text pieces."""
    run = list(_split(pieces, marks) if marks else pieces)
    joints = iter(_joints(run))
    builder = Builder(text)
    for piece in run:
        match piece.kind:
            case "text":
                builder.words(piece.start, piece.end, piece.text)
            case "soft":
                if joint := next(joints):
                    builder.words(piece.start, piece.end, joint)
                else:
                    builder.skip(piece.start, piece.end)
            case "hard":
                builder.line_break(piece.start, piece.end)
            case "mark":
                assert piece.mark is not None
                builder.mark(piece.mark)
            case "open":
                builder.open(piece.text, piece.start, piece.end)
            case "close":
                builder.close(piece.text, piece.end, piece.target)
    return builder.done()


def _split(pieces: Iterable[Piece], marks: Sequence[Mark]) -> Iterator[Piece]:
    starts = [mark.start for mark in marks]
    at = 0
    for piece in pieces:
        if piece.kind != "text":
            yield piece
            continue
        at = max(at, piece.start)
        for mark in marks[bisect_left(starts, piece.start) : bisect_left(starts, piece.end)]:
            if at < mark.start:
                yield Piece("text", at, mark.start, piece.text[at - piece.start : mark.start - piece.start])
            yield Piece("mark", mark.start, mark.end, mark=mark)
            at = mark.end
        if at == piece.start:
            yield piece
        elif at < piece.end:
            yield Piece("text", at, piece.end, piece.text[at - piece.start :])
            at = piece.end


def _joints(run: list[Piece]) -> Iterator[str]:
    """What each soft break prints: a space, or "".

    Nothing between two characters of a script without spaces, as browsers do (CSS Text 4, segment break
    transformation). What a merge field will print isn't known, so the nearest letters beyond it decide.
    Nothing, too, after a space and after a line that holds tags alone: `{% if … %}` may have its own line.
    """
    following = _next_letters(run)
    before, after_space, tags_alone, line_has_tag = "", True, True, False
    for index, piece in enumerate(run):
        match piece.kind:
            case "text":
                before, after_space = piece.text[-1], piece.text[-1].isspace()
                tags_alone = tags_alone and piece.text.isspace()
            case "mark":
                assert piece.mark is not None
                if isinstance(piece.mark.printed, Merge):
                    after_space = tags_alone = False
                else:
                    line_has_tag = True
            case "soft":
                after = following[index]
                left, right = before or after, after or before
                silent = after_space or (tags_alone and line_has_tag) or (_is_unspaced(left) and _is_unspaced(right))
                yield "" if silent else " "
                after_space, tags_alone, line_has_tag = True, True, False
            case "hard":
                after_space, tags_alone, line_has_tag = True, True, False


def _next_letters(run: list[Piece]) -> dict[int, str]:
    """For each soft break, the first character of the text after it; "" where none follows."""
    letters, letter = {}, ""
    for index in range(len(run) - 1, -1, -1):
        piece = run[index]
        if piece.kind == "text":
            letter = piece.text.lstrip()[:1] or letter
        elif piece.kind == "soft":
            letters[index] = letter
    return letters


def _is_unspaced(letter: str) -> bool:
    """Is it of a script written without spaces: Chinese or Japanese, not Korean, no emoji?"""
    return (
        letter > "\u2e7f"
        and unicodedata.east_asian_width(letter) in "WFH"
        and unicodedata.category(letter) not in ("So", "Sk")
        and not unicodedata.name(letter, "").startswith("HANGUL")
    )
