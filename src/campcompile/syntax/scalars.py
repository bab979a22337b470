"""Scalars: which kind of value a plain text is, and where each code point of a decoded value was written."""

from __future__ import annotations

import re

from campcompile.regex import regex
from campcompile.syntax.source import MappedText, Piece
from campcompile.syntax.tree import Kind, Scalar, Style

_QUOTES = {Style.SINGLE: "'", Style.DOUBLE: '"'}
_NUMERIC_START = frozenset("-0123456789")
_INTEGER = regex(r"-?[1-9][0-9]{0,17}|0")
_NUMBER = regex(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_WORDS = {
    "": Kind.NULL,
    "~": Kind.NULL,
    **dict.fromkeys(("null", "Null", "NULL"), Kind.NULL),
    **dict.fromkeys(("true", "True", "TRUE", "false", "False", "FALSE"), Kind.BOOLEAN),
}

_LINE = regex(r"[^\n]*\n|[^\n]+")
_FOLD = r"[ \t]*\n(?:[ \t]*\n)*[ \t]*"
_PLAIN_TOKEN = regex(rf"(?P<fold>{_FOLD})|(?P<same>(?:[^ \t\n]|[ \t]+(?![ \t\n]))+|[ \t]+)")
_SINGLE_TOKEN = regex(rf"(?P<fold>{_FOLD})|(?P<quote>'')|(?P<same>(?:[^ \t\n']|[ \t]+(?![ \t\n]))+|[ \t]+|')")
_DOUBLE_TOKEN = regex(
    rf"(?P<fold>{_FOLD})"
    r"|(?P<join>\\\n(?:[ \t]*\n)*[ \t]*)"
    r"|\\(?:x(?P<x>[0-9A-Fa-f]{2})|u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|(?P<short>[0abtnvfre \"/\\N_LP\t]))"
    r"|(?P<same>(?:[^ \t\n\\]|[ \t]+(?![ \t\n]))+|[ \t]+|\\)"
)
_SHORT_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


def kind_of_plain(value: str) -> Kind:
    """The kind of an unquoted scalar: YAML 1.2's core schema, less whatever would lose a character.

    A number is only what prints back as it was written: `12`, `-3`, `0.5`. So `012`, `+47`, `1.50`, `1e9`,
    `0x1f` and a number of more than 18 digits stay text, and no zip code, phone number or version is
    changed by reading it. `no`, `on`, `10:30`, `1_000` and dates are text by the core schema itself.
    """
    if value and value[0] in _NUMERIC_START:
        if _INTEGER.fullmatch(value):
            return Kind.INTEGER
        if _NUMBER.fullmatch(value) and repr(float(value)) == value:
            return Kind.NUMBER
        return Kind.TEXT
    return _WORDS.get(value, Kind.TEXT)


def map_scalar(scalar: Scalar) -> MappedText:
    """The decoded value of a scalar, each code point with its place in the source.

    Unchanged text maps exactly; an escape, a doubled quote or a fold is a piece of its own. Should the
    source not decode to the value (no known case), the whole value maps to the whole scalar.
    """
    text, path = scalar.source.text, scalar.source.path
    start, end = scalar.span.start, scalar.span.end
    match scalar.style:
        case Style.LITERAL:
            pieces = _literal_pieces(scalar.value, text, start)
            return MappedText(scalar.value, path, tuple(pieces))
        case Style.SINGLE:
            value, pieces = _decoded(_SINGLE_TOKEN, text, start + 1, end - 1)
        case Style.DOUBLE:
            value, pieces = _decoded(_DOUBLE_TOKEN, text, start + 1, end - 1)
        case Style.PLAIN:
            if text[start:end] == scalar.value:
                return MappedText.plain(scalar.value, path, start)
            value, pieces = _decoded(_PLAIN_TOKEN, text, start, end)
    if value != scalar.value:
        return MappedText(scalar.value, path, (Piece(0, len(scalar.value), start, end - start),))
    return MappedText(
        value, path, tuple(pieces) or (Piece(0, 0, min(start + 1, end), 0),), _QUOTES.get(scalar.style, "")
    )


def decode_raw(text: str, start: int, end: int, style: Style) -> str:
    """The value of a scalar as our own reading has it: for one that the parser refused, e.g. an unknown escape."""
    if style is Style.DOUBLE:
        return _decoded(_DOUBLE_TOKEN, text, start + 1, end - 1)[0]
    if style is Style.SINGLE:
        return _decoded(_SINGLE_TOKEN, text, start + 1, end - 1)[0]
    return _decoded(_PLAIN_TOKEN, text, start, end)[0]


def literal_end(value: str, text: str, start: int) -> int:
    """Where the text of a literal block ends whose `|` stands at `start`: after its last line break, if that counts."""
    pieces = _literal_pieces(value, text, start)
    return pieces[-1].source_start + pieces[-1].source_length


def _literal_pieces(value: str, text: str, start: int) -> list[Piece]:
    """One piece a line: each line of the value is the end of its line in the source."""
    line_start = text.find("\n", start) + 1
    if not line_start or not value:
        end = len(text) if not line_start else line_start - 1
        return [Piece(0, len(value), end, 0)]
    pieces: list[Piece] = []
    at = 0
    for line in _LINE.findall(value):
        line_end = text.find("\n", line_start)
        line_end = len(text) if line_end < 0 else line_end
        words = len(line) - line.endswith("\n")
        pieces.append(Piece(at, len(line), line_end - words, len(line)))
        at += len(line)
        line_start = line_end + 1
    return pieces


def _decoded(token: re.Pattern[str], text: str, start: int, end: int) -> tuple[str, list[Piece]]:
    words: list[str] = []
    pieces: list[Piece] = []
    at = 0
    run_end = -1  # where the last piece ends in the source, if it stands there unchanged
    for found in token.finditer(text, start, end):
        word = _meaning(found)
        if not word:
            continue
        length, source_length = len(word), found.end() - found.start()
        if found.lastgroup == "same" and found.start() == run_end:
            last = pieces.pop()
            pieces.append(Piece(last.at, last.length + length, last.source_start, last.length + length))
        else:
            pieces.append(Piece(at, length, found.start(), source_length))
        run_end = found.end() if found.lastgroup == "same" else -1
        words.append(word)
        at += length
    return "".join(words), pieces


def _meaning(found: re.Match[str]) -> str:
    """What one token of a quoted or folded scalar stands for."""
    group, raw = found.lastgroup, found.group()
    match group:
        case "same":
            return raw
        case "fold":
            breaks = raw.count("\n")
            return " " if breaks == 1 else "\n" * (breaks - 1)
        case "join":
            return "\n" * (raw.count("\n") - 1)
        case "quote":
            return "'"
        case "short":
            return _SHORT_ESCAPES[found["short"]]
        case _:
            code = int(found[group or "x"], 16)
            return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else raw
