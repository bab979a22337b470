"""A body whose literals were encoded once, for all its readers; only what is a person's own is encoded for each.

In quoted-printable a line may be broken anywhere by `=` at its end, and the break isn't part of the text (RFC 2045,
6.7). So a literal, and a value between two literals, are encoded apart, each from the start of a line.
"""

from __future__ import annotations

from binascii import b2a_qp
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Literal, TypeAlias

from campcompile.parts import Branch, Parts, Picture, Slot
from campcompile.render import Computed, Value, join, printed
from campcompile.runner.mime import encoding_of, text_part, text_part_of

_SOFT = b"=\r\n"
_Encoded: TypeAlias = "bytes | Slot | Picture | tuple[str, tuple[_Encoded, ...], tuple[_Encoded, ...]]"


class Body:
    """The HTML or the plain text of an e-mail in one locale, variant and look."""

    def __init__(self, kind: Literal["html", "plain"], parts: Parts) -> None:
        self.kind: Literal["html", "plain"] = kind
        self.parts = parts
        self.is_quoted = encoding_of("".join(_literals(parts))) == "quoted-printable"
        self.encoded = _encoded(parts) if self.is_quoted else ()

    def part(self, found: Mapping[str, Value], derived: Mapping[str, Computed], picture: Callable[[str], str]) -> bytes:
        """The MIME part with one person's values. Raises what `join` raises."""
        if not self.is_quoted:
            return text_part(self.kind, join(self.parts, found, derived, picture=picture, medium=self.kind))
        content = b"".join(_joined(self.encoded, found, derived, picture, self.kind))
        return text_part_of(self.kind, content[: -len(_SOFT)] + b"\r\n" if content.endswith(_SOFT) else content)


def _literals(parts: Parts) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Branch):
            yield from _literals(part.then)
            yield from _literals(part.orelse)


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


def _joined(
    encoded: tuple[_Encoded, ...],
    found: Mapping[str, Value],
    derived: Mapping[str, Computed],
    picture: Callable[[str], str],
    medium: Literal["html", "plain"],
) -> Iterator[bytes]:
    for part in encoded:
        if isinstance(part, bytes):
            yield part
        elif isinstance(part, Slot):
            yield _quoted_value(printed(part, found[part.name], derived.get(part.name), medium))
        elif isinstance(part, Picture):
            yield _quoted(picture(part.name))
        else:
            name, then, orelse = part
            yield from _joined(then if found[name] is True else orelse, found, derived, picture, medium)


def _quoted(text: str) -> bytes:
    """From the start of a line to the start of another: a hard end where the text has one, else a soft one."""
    if not text:
        return b""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    # A line end is added and taken off: without any, b2a_qp would break lines by a bare LF.
    encoded = b2a_qp(f"{lines}\r\n".encode("utf-8", "replace"), quotetabs=False, istext=True)[:-2]
    return encoded if encoded.endswith(b"\r\n") else encoded + _SOFT


@lru_cache(maxsize=1024)  # places and days come again with every message
def _quoted_value(text: str) -> bytes:
    return _quoted(text)
