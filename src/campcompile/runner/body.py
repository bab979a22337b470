"""A body whose literals were encoded once, for all its readers; only what is a person's own is encoded for each.

In quoted-printable a line may be broken anywhere by `=` at its end, and the break isn't part of the text (RFC 2045,
6.7). So a literal, and a value between two literals, are encoded apart, each from the start of a line.
"""

from __future__ import annotations

from binascii import b2a_qp
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from campcompile.parts import Branch, Parts, Picture, Slot
from campcompile.render import Computed, Value, join, printed
from campcompile.runner.mime import encoding_of, text_part, text_part_of
from campcompile.values import dataclass

_SOFT = b"=\r\n"
_MOST_COURSES = 256  # ways through the conditions of one e-mail that are kept; most people share a few
_MOST_VALUES = 64  # of a slot on such a way: places and days come again with every message
_Encoded: TypeAlias = "bytes | Slot | Picture | tuple[str, tuple[_Encoded, ...], tuple[_Encoded, ...]]"


@dataclass(frozen=True, slots=True)
class _Course:
    """What is left of a body when its conditions are decided: pieces, and which of them a value or a picture fills."""

    pieces: tuple[bytes, ...]
    filled: tuple[tuple[Slot | Picture, tuple[int, ...], dict[str, bytes]], ...]  # with what its first values became


class Body:
    """The HTML or the plain text of an e-mail in one locale, variant and look."""

    def __init__(self, kind: Literal["html", "plain"], parts: Parts) -> None:
        self.kind: Literal["html", "plain"] = kind
        self.parts = parts
        self.is_quoted = encoding_of("".join(_literals(parts))) == "quoted-printable"
        self.encoded = _encoded(parts) if self.is_quoted else ()
        self.conditions = tuple(dict.fromkeys(_conditions(parts)))
        self.courses: dict[tuple[bool, ...], _Course] = {}

    def part(self, found: Mapping[str, Value], derived: Mapping[str, Computed], picture: Callable[[str], str]) -> bytes:
        """The MIME part with one person's values. Raises what `join` raises."""
        if not self.is_quoted:
            return text_part(self.kind, join(self.parts, found, derived, picture=picture, medium=self.kind))
        course = self._course(found)
        pieces = list(course.pieces)
        for part, places, known in course.filled:
            if isinstance(part, Slot):
                value = found[part.name]
                piece = known.get(value) if type(value) is str else None
                if piece is None:
                    piece = _quoted(printed(part, value, derived.get(part.name), self.kind))
                    if type(value) is str and len(known) < _MOST_VALUES:
                        known[value] = piece
            else:
                piece = _quoted(picture(part.name))
            for place in places:
                pieces[place] = piece
        content = b"".join(pieces)
        return text_part_of(self.kind, content[: -len(_SOFT)] + b"\r\n" if content.endswith(_SOFT) else content)

    def _course(self, found: Mapping[str, Value]) -> _Course:
        decided = tuple([found[name] is True for name in self.conditions])
        course = self.courses.get(decided)
        if course is None:
            course = _through(_decided(self.encoded, dict(zip(self.conditions, decided, strict=True))))
            if len(self.courses) < _MOST_COURSES:
                self.courses[decided] = course
        return course


def _literals(parts: Parts) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Branch):
            yield from _literals(part.then)
            yield from _literals(part.orelse)


def _conditions(parts: Parts) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Branch):
            yield part.name
            yield from _conditions(part.then)
            yield from _conditions(part.orelse)


def _encoded(parts: Parts) -> tuple[_Encoded, ...]:
    made: list[_Encoded] = []
    for part in parts:
        if isinstance(part, str):
            made.append(_quoted(part))
        elif isinstance(part, Branch):
            made.append((part.name, _encoded(part.then), _encoded(part.orelse)))
        else:
            made.append(part)
    return tuple(made)


def _decided(encoded: tuple[_Encoded, ...], holds: Mapping[str, bool]) -> Iterator[bytes | Slot | Picture]:
    for part in encoded:
        if isinstance(part, tuple):
            name, then, orelse = part
            yield from _decided(then if holds[name] else orelse, holds)
        else:
            yield part


def _through(parts: Iterable[bytes | Slot | Picture]) -> _Course:
    """Neighbouring literals become one piece; what is filled in is there once, with all its places."""
    pieces: list[bytes] = []
    filled: dict[Slot | Picture, list[int]] = {}
    is_open = False  # whether the last piece is a literal
    for part in parts:
        if not isinstance(part, bytes):
            filled.setdefault(part, []).append(len(pieces))
            pieces.append(b"")
        elif is_open:
            pieces[-1] += part
        else:
            pieces.append(part)
        is_open = isinstance(part, bytes)
    return _Course(tuple(pieces), tuple((part, tuple(places), {}) for part, places in filled.items()))


def _quoted(text: str) -> bytes:
    """From the start of a line to the start of another: a hard end where the text has one, else a soft one."""
    if not text:
        return b""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    # A line end is added and taken off: without any, b2a_qp would break lines by a bare LF.
    encoded = b2a_qp(f"{lines}\r\n".encode("utf-8", "replace"), quotetabs=False, istext=True)[:-2]
    return encoded if encoded.endswith(b"\r\n") else encoded + _SOFT
