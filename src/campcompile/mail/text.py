"""Plain text is wrapped at 72 columns, as a person would type it: no break inside an address or a merge field.

Where a line breaks never depends on the person: a merge field counts as 12 columns, and after a
condition the line goes on from the longest of its arms. So no arm makes a line longer than 72, and
what follows a condition looks the same whichever arm shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from campcompile.analysis.columns import SLOT_COLUMNS, columns
from campcompile.mail.joining import joined
from campcompile.mail.numbers import glued, unglued
from campcompile.parts import Branch, Part, Parts, Slot
from campcompile.regex import regex

COLUMNS = 72

# Scripts that are written without spaces: a line may break between any two of these, but for the marks below.
# No pattern: one of them all takes longer to compile than a campaign's words take to wrap.
_IDEOGRAPHS = (
    ("\u2e80", "\u303f"), ("\u3041", "\u30ff"), ("\u3100", "\u312f"), ("\u31a0", "\u31ff"), ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"), ("\uf900", "\ufaff"), ("\uff01", "\uff60"), ("\U00020000", "\U0003fffd"),
)  # fmt: skip
_NO_START = frozenset(
    "、。，．・：；？！）］｝」』】〉》〕〗’”…‥—～％,.:;?!)]}%"
)  # JLREQ and CLREQ: never begin a line
_NO_END = frozenset("（［｛「『【〈《〔〖‘“([{")
_PIECE = regex(r"\n| +|[^ \n]+")
_BULLET = regex(r"-|\d{1,3}\.")
_SPACES = regex(" +")
_MANY_BLANKS = regex(r"\n{3,}")


class _Word(NamedTuple):
    """A stretch that is never broken."""

    part: str | Slot
    columns: int


class _Gap(NamedTuple):
    """A place where a line may break: spaces (which the break replaces), or "" between ideographs."""

    spaces: str


class _End(NamedTuple):
    """A line end that the text asks for; continuation lines of the next line are indented by `hang`."""

    hang: int


class _Fork(NamedTuple):
    name: str
    arms: tuple[tuple[_Item, ...], tuple[_Item, ...]]


_Item: TypeAlias = "_Word | _Gap | _End | _Fork"


def wrap(parts: Parts) -> Parts:
    """The same text with no line above 72 columns, unless a single word or address is longer.

    A line that begins with `- ` or `1. ` goes on under its words. More than one blank line becomes one.
    A number in groups, such as a telephone number, is one word.
    """
    out: list[Part] = []
    for line in _logical_lines(parts):
        if isinstance(line, str):
            out.append(line)
        elif _most_columns(line) <= COLUMNS:
            out.extend(line)
        elif len(line) == 1 and isinstance(line[0], str) and not _has_ideographs(line[0]):
            out.append(_filled(line[0]))
        else:
            items = tuple(_items(line, ""))
            _Layer(out).lay(items, 0, _hang(items, 0), 0)
    return tuple(_MANY_BLANKS.sub("\n\n", part) if isinstance(part, str) else part for part in joined(out))


def _logical_lines(parts: Parts) -> Iterator[str | list[Part]]:
    """Lines that are short enough as they are, as text; others as parts. Only literals end lines here."""
    line: list[Part] = []
    for part in parts:
        if not isinstance(part, str):
            line.append(part)
            continue
        *ended, rest = part.split("\n")
        for text in ended:
            if line:
                yield [*line, text + "\n"]
                line = []
            else:
                yield from _short_or_long(text + "\n")
        if rest:
            line.append(rest)
    if line:
        yield line


def _short_or_long(text: str) -> Iterator[str | list[Part]]:
    yield text if len(text) <= COLUMNS // 2 or columns(text) <= COLUMNS + 1 else [text]


def _filled(line: str) -> str:
    """A line of words alone, broken at spaces: what `_Layer` does, without its steps."""
    line = glued(line)
    hang = _hanging(line[:5])
    lines: list[str] = []
    start = at = 0
    column = 0
    for gap in _SPACES.finditer(line):
        after = _SPACES.search(line, gap.end())
        column += columns(line[at : gap.start()])
        following = columns(line[gap.end() : after.start() if after else len(line.rstrip("\n"))])
        at = gap.end()
        if column > hang and column + len(gap[0]) + following > COLUMNS:
            lines.append(line[start : gap.start()])
            start, column = at, hang
        else:
            column += len(gap[0])
    lines.append(line[start:])
    return unglued(("\n" + " " * hang).join(lines))


def _most_columns(parts: Sequence[Part]) -> int:
    """The columns of a line at its longest; more than a line has where an arm holds several lines."""
    total = 0
    for part in parts:
        match part:
            case str():
                ended = part.find("\n")
                if 0 <= ended < len(part) - 1:
                    return COLUMNS + 1
                total += columns(part) - (ended >= 0)
            case Slot():
                total += SLOT_COLUMNS
            case Branch(_, then, orelse):
                total += max(_most_columns(then), _most_columns(orelse))
            case _:
                pass
    return total


def _items(parts: Sequence[Part], before: str) -> Iterator[_Item]:
    """What `parts` are made of; `before` is the character that stands before them."""
    for part in parts:
        match part:
            case str():
                yield from _literal_items(part, before)
                before = part[-1:] or before
            case Slot():
                if _may_break(before, "x"):
                    yield _Gap("")
                yield _Word(part, SLOT_COLUMNS)
                before = "x"
            case Branch(name, then, orelse):
                yield _Fork(name, (tuple(_items(then, before)), tuple(_items(orelse, before))))
                before = "x"
            case _:
                pass  # plain text shows no pictures


def _literal_items(text: str, before: str) -> Iterator[_Item]:
    text = glued(text)
    for found in _PIECE.finditer(text):
        piece = found[0]
        if piece == "\n":
            yield _End(_hanging(text[found.end() : found.end() + 5]))
        elif piece[0] == " ":
            yield _Gap(piece)
        elif not _has_ideographs(piece) and not _may_break(before, piece[0]):
            yield _word(piece)
        else:
            yield from _ideographic_items(piece, before)
        before = piece[-1]


def _ideographic_items(piece: str, before: str) -> Iterator[_Item]:
    start = 0
    for at, char in enumerate(piece):
        if _may_break(piece[at - 1] if at else before, char):
            if at > start:
                yield _word(piece[start:at])
            yield _Gap("")
            start = at
    yield _word(piece[start:])


def _word(piece: str) -> _Word:
    return _Word(unglued(piece), columns(piece))


def _may_break(before: str, after: str) -> bool:
    """May a line break between two characters that no space parts?"""
    if before in ("", " ", "\n") or before in _NO_END or after in _NO_START:
        return False
    return _is_ideograph(before) or _is_ideograph(after)


def _has_ideographs(text: str) -> bool:
    return not text.isascii() and max(text) >= "\u2e80" and any(map(_is_ideograph, text))


def _is_ideograph(sign: str) -> bool:
    return sign >= "\u2e80" and any(first <= sign <= last for first, last in _IDEOGRAPHS)


def _hang(items: Sequence[_Item], at: int) -> int:
    """The indent of the continuation lines of the line that begins with `items[at]`."""
    first = items[at] if at < len(items) else None
    return _hanging(first.part + " ") if isinstance(first, _Word) and isinstance(first.part, str) else 0


def _hanging(start: str) -> int:
    bullet = _BULLET.match(start)
    return bullet.end() + 1 if bullet and start[bullet.end() :].startswith(" ") else 0


class _Layer:
    """Lays items down, one line after another."""

    def __init__(self, out: list[Part]) -> None:
        self.out = out

    def lay(self, items: Sequence[_Item], column: int, hang: int, after: int) -> int:
        """The column after the last item; `after` are the columns that follow without a chance to break."""
        ahead = _ahead(items, after)
        for at, item in enumerate(items):
            match item:
                case _Word(part, width):
                    self.out.append(part)
                    column += width
                case _Gap(spaces):
                    if column > hang and column + len(spaces) + ahead[at + 1] > COLUMNS:
                        self.out.append("\n" + " " * hang)
                        column = hang
                    else:
                        self.out.append(spaces)
                        column += len(spaces)
                case _End(next_hang):
                    self.out.append("\n")
                    column, hang = 0, next_hang
                case _Fork(name, arms):
                    column = self._lay_arms(name, arms, column, hang, ahead[at + 1])
        return column

    def _lay_arms(
        self, name: str, arms: tuple[tuple[_Item, ...], tuple[_Item, ...]], column: int, hang: int, after: int
    ) -> int:
        then, orelse = _Layer([]), _Layer([])
        longest = max(
            then.lay(arms[0], column, hang if column else _hang(arms[0], 0), after),
            orelse.lay(arms[1], column, hang if column else _hang(arms[1], 0), after),
        )
        self.out.append(Branch(name, joined(then.out), joined(orelse.out)))
        return longest


def _ahead(items: Sequence[_Item], after: int) -> list[int]:
    """For each item, the columns from its start to the next chance to break; one more entry for the end."""

    def before(following: int, item: _Item) -> int:
        match item:
            case _Word(_, width):
                return width + following
            case _Fork(_, arms):
                return max(_ahead(arm, following)[0] for arm in arms)
            case _:
                return 0

    return list(accumulate(reversed(items), before, initial=after))[::-1]
