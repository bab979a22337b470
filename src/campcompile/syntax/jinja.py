"""Jinja's outer syntax: a text is words, `{{ prints }}`, `{% tags %}`, `{# comments #}` and raw stretches.

A lexer of our own: Jinja's gives no offsets, stops at the first mistake, and costs its whole package at start-up.
tests/syntax/test_template.py holds the two together on text that both accept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from campcompile.regex import regex


class Kind(Enum):
    WORDS = "words"
    PRINT = "print"  # {{ … }}
    TAG = "tag"  # {% … %}
    COMMENT = "comment"  # {# … #}
    RAW = "raw"  # {% raw %} or {% endraw %}
    VERBATIM = "verbatim"  # the words between them


class Fault(Enum):
    NONE = ""
    UNCLOSED = "unclosed"  # no end before the text or the next tag does
    MISMATCHED = "mismatched"  # {{ … %} or {% … }}


class Chunk(NamedTuple):
    """One stretch of a text; the chunks of a text lie end to end and cover it."""

    kind: Kind
    start: int  # 0-based code points, braces included
    end: int
    inner_start: int  # what stands between the braces, trimmed
    inner_end: int
    trims_before: bool = False  # {%- eats the white space before it
    trims_after: bool = False  # -%} eats the white space after it
    fault: Fault = Fault.NONE


class Token(NamedTuple):
    """One token of an expression; `kind` is name, number, text, op, curly (text in typographic quotes) or other."""

    kind: str
    text: str  # as written, quotes included
    start: int
    end: int


_OPENER = regex(r"\{([{%#])([-+]?)")
# A quote straight after a letter (patient's) opens no text. `+}}` is no end in Jinja, `+%}` is.
_IN_TAG = regex(
    r"""(?<!\w)"(?:\\.|[^"\\])*"|(?<!\w)'(?:\\.|[^'\\])*'|\{[{%#]|(?P<dash>-?)\}\}|(?P<sign>[-+]?)%\}""", re.S
)
_RAW = regex(r"\{%[-+]?\s*raw\s*(-?)%\}")
_END_RAW = regex(r"\{%([-+]?)\s*endraw\s*([-+]?)%\}")
_TORN_END = regex(r"[^{}\n]*?[%#]?\}|[-+]?[ \t]*[\w.]*(?:[ \t]*\|[ \t]*\w+)?")
_TOKEN = regex(
    r"""
      \s+
    | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    | (?P<number>\d(?:[\w]|\.\d)*)
    | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<curly>[“”„‟«»][^“”„‟«»"]*[“”‟«»"]|[‘’‚‹›][^‘’‚‹›']*[‘’‹›']|["'][^"'“”‘’]*[“”‘’])
    | (?P<op>=>|=<|={1,3}|＝{1,2}|!=|<=|>=|<>|&&|\|\||\*\*|//|[-+*/%~<>!()\[\],|.&{}:;?@])
    | (?P<other>.)
    """,
    re.X | re.S,
)


def lex(text: str) -> list[Chunk]:
    """The chunks of `text`. A broken tag is a chunk with a fault; what follows it is read as usual."""
    if "{" not in text:
        return [Chunk(Kind.WORDS, 0, len(text), 0, len(text))] if text else []
    return list(_chunks(text))


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of the expression `text[start:end]`, with offsets in `text`; white space is left out."""
    return [
        Token(match.lastgroup, match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(text, start, end)
        if match.lastgroup
    ]


def brief(text: str) -> str:
    """The first line of an author's text, cut where it is long: for messages."""
    line = text.partition("\n")[0]
    return line if len(line) <= 60 else line[:59] + "…"


def _chunks(text: str) -> Iterator[Chunk]:
    at = 0
    while opener := _OPENER.search(text, at):
        if opener.start() > at:
            yield _words(Kind.WORDS, at, opener.start())
        if raw := _RAW.match(text, opener.start()):
            yield from _raw(text, raw)
            close = _END_RAW.search(text, raw.end())
            at = close.end() if close else raw.end()
            continue
        chunk = _comment(text, opener) if opener.group(1) == "#" else _tag(text, opener)
        yield chunk
        at = chunk.end
    if at < len(text):
        yield _words(Kind.WORDS, at, len(text))


def _words(kind: Kind, start: int, end: int) -> Chunk:
    return Chunk(kind, start, end, start, end)


def _raw(text: str, opener: re.Match[str]) -> Iterator[Chunk]:
    close = _END_RAW.search(text, opener.end())
    fault = Fault.NONE if close else Fault.UNCLOSED
    before = text[opener.start() + 2] == "-"
    yield Chunk(Kind.RAW, *opener.span(), *opener.span(), before, opener.group(1) == "-", fault)
    if close:
        if close.start() > opener.end():
            yield _words(Kind.VERBATIM, opener.end(), close.start())
        yield Chunk(Kind.RAW, *close.span(), *close.span(), close.group(1) == "-", close.group(2) == "-")


def _comment(text: str, opener: re.Match[str]) -> Chunk:
    end = text.find("#}", opener.end())
    before = opener.group(2) == "-"
    if end < 0:
        return Chunk(Kind.COMMENT, *opener.span(), *opener.span(), before, False, Fault.UNCLOSED)
    after = text[end - 1] == "-" and end > opener.end()
    return Chunk(Kind.COMMENT, opener.start(), end + 2, opener.end(), end, before, after)


def _tag(text: str, opener: re.Match[str]) -> Chunk:
    """The print or tag that `opener` begins, up to its end, or as much as surely belongs to it."""
    kind = Kind.PRINT if opener.group(1) == "{" else Kind.TAG
    before, after, fault = opener.group(2) == "-", False, Fault.NONE
    stop = _end_of_tag(text, opener.end())
    if stop:
        inner_end, end = stop.span()
        after = "-" in (stop["dash"], stop["sign"])
        if text[end - 2] != ("}" if kind is Kind.PRINT else "%"):
            fault = Fault.MISMATCHED
    else:
        torn = _TORN_END.match(text, opener.end())
        end = torn.end() if torn else opener.end()
        inner_end = opener.end() + len(text[opener.end() : end].rstrip("}%#"))
        fault = Fault.UNCLOSED
    inner = text[opener.end() : inner_end]
    inner_start = opener.end() + len(inner) - len(inner.lstrip())
    return Chunk(
        kind,
        opener.start(),
        end,
        inner_start,
        max(inner_start, opener.end() + len(inner.rstrip())),
        before,
        after,
        fault,
    )


def _end_of_tag(text: str, at: int) -> re.Match[str] | None:
    while match := _IN_TAG.search(text, at):
        if match.group().startswith("{"):
            return None
        if match.group()[0] not in "\"'":
            return match
        at = match.end()
    return None
