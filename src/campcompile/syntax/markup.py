"""MJML and HTML as tokens with offsets: tags, attributes, text, comments, and what is none of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import NamedTuple, TypeAlias

from campcompile.regex import regex
from campcompile.syntax.source import Span

Place: TypeAlias = Callable[[int, int], Span]  # offsets of a text → where that is written

# A layout's template tags are blanked to these before its markup is read, so that offsets stay (layout.py).
# They are private-use characters, which no layout may hold: mjml-python mangles them.
HOLE = "\ue000"  # stands for {{ … }}
STATEMENT = "\ue001"  # stands for {% … %}
NOTE = "\ue002"  # stands for {# … #}

CURLY = "“”„‟«»‘’‚‹›"


class Attribute(NamedTuple):
    """One attribute of a tag; `start` and `end` enclose the value without its quotes."""

    name: str
    name_start: int
    name_end: int
    start: int
    end: int
    quote: str  # '"', "'", or "" where the value stands unquoted or there is none
    raw: str  # the value as written

    @property
    def value(self) -> str:
        """The value with its character references resolved."""
        return decode_attribute(self.raw) if "&" in self.raw else self.raw


class Open(NamedTuple):
    """`<name attributes>` or `<name attributes/>`."""

    start: int
    end: int
    name: str
    attributes: tuple[Attribute, ...]
    closed: bool  # by `/>`


class Close(NamedTuple):
    """`</name>`."""

    start: int
    end: int
    name: str


class Words(NamedTuple):
    start: int
    end: int


class Comment(NamedTuple):
    """`<!-- … -->`, conditional ones too."""

    start: int
    end: int


class Slip(NamedTuple):
    """Something that is no markup; `kind` is a key of the findings in findings_lay.py."""

    start: int
    end: int
    kind: str


Token: TypeAlias = Open | Close | Words | Comment | Slip

# Control characters, line separators, what only marks text as something else, and the private-use areas.
FORBIDDEN = regex(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufff9-\uffff\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)

_NAME_START = regex(rf"[A-Za-z{HOLE}{STATEMENT}]")
_NAME = regex(r"[^\s/>\"'=<]+")
_ATTRIBUTE_NAME = regex(rf"[^\s/>\"'=<{CURLY}]+")
_SPACE = regex(r"\s*")
_EQUALS = regex(r"\s*=\s*")
_UNQUOTED = regex(r"[^\s>\"'<]+")
_CURLY_VALUE = regex(rf"[{CURLY}]([^{CURLY}\"'<>\n]*)[{CURLY}\"']?")
_CLOSE = regex(r"</([^\s/>\"'=<]+)\s*>")
_CLOSE_STOP = regex(r"[<>\n]")
_ANY_CURLY = regex(rf"[{CURLY}]")
_RAW_ELEMENTS = frozenset({"mj-style", "style", "script"})
# In an attribute a reference without `;` counts only where no letter, digit or `=` follows (HTML, 13.2.5.73).
_REFERENCE = regex(r"&(?:#[xX]?[0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*(?:;|(?![A-Za-z0-9=])))")
_NOT_SAFE_IN_ATTRIBUTE = regex(r"[^ !#-%(-;=?-\[\]-~]")
_NOT_SAFE_IN_TEXT = regex(r"[&<>]")
_NOT_ASCII = regex(r"[^\x00-\x7f]")
_TEXT_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def scan(text: str) -> Iterator[Token]:
    """The tokens of `text`, in order. Slips stand beside the tokens of what could still be read."""
    at = 0
    endless: set[str] = set()  # raw elements that no closing tag follows any more
    while at < len(text):
        less = text.find("<", at)
        if less < 0:
            yield Words(at, len(text))
            return
        if less > at:
            yield Words(at, less)
        if text.startswith("<!--", less):
            comment = _comment(text, less)
            yield comment
            at = comment.end
        elif text.startswith("</", less):
            close = _close(text, less)
            yield close
            at = close.end
        elif _NAME_START.match(text, less + 1):
            tag, slips = _open(text, less)
            yield from slips
            yield tag
            at = tag.end
            if tag.name in _RAW_ELEMENTS - endless and not tag.closed:
                end = text.find(f"</{tag.name}", at)
                if end > at:
                    yield Words(at, end)
                    at = end
                elif end < 0:
                    endless.add(tag.name)
        elif text.startswith(("<!", "<?"), less):
            end = text.find(">", less)
            at = end + 1 if end >= 0 else len(text)
            yield Slip(less, at, "lone-endif" if text.startswith("<![endif]", less) else "declaration")
        else:
            yield Slip(less, less + 1, "stray-less")
            at = less + 1


def decode_attribute(raw: str) -> str:
    """What a reader sees of an attribute's value: its character references resolved."""
    return _REFERENCE.sub(lambda match: unescape(match[0]), raw)


def escape_attribute(value: str) -> str:
    """`value` for a quoted attribute of MJML or HTML, in printable ASCII.

    mjml-python prints attributes with Rust's Debug formatter, which turns a no-break space into `\\u{a0}`,
    a quote into `\\"` and a newline into `\\n`; character references pass through it unharmed.
    """
    return _NOT_SAFE_IN_ATTRIBUTE.sub(lambda match: f"&#{ord(match[0])};", value)


def escape_text(value: str) -> str:
    """`value` as text between the tags of MJML or HTML."""
    return _NOT_SAFE_IN_TEXT.sub(lambda match: _TEXT_REFERENCES[match[0]], value)


def in_ascii(markup: str) -> str:
    """The same markup in ASCII: what isn't becomes a character reference."""
    return markup if markup.isascii() else _NOT_ASCII.sub(lambda match: f"&#{ord(match[0])};", markup)


def css_ascii(css: str) -> str:
    """The same style sheet in ASCII: what isn't becomes an escape of CSS (CSS Syntax 3, 4.3.7)."""
    return css if css.isascii() else _NOT_ASCII.sub(lambda match: f"\\{ord(match[0]):x} ", css)


def _comment(text: str, start: int) -> Comment | Slip:
    end = text.find("-->", start + 4)
    if end < 0:
        kind = "unclosed-condition" if text.startswith("[if", start + 4) else "unclosed-comment"
        return Slip(start, len(text), kind)
    return Comment(start, end + 3)


def _close(text: str, start: int) -> Close | Slip:
    match = _CLOSE.match(text, start)
    if match:
        return Close(start, match.end(), match[1])
    stop = _CLOSE_STOP.search(text, start + 2)
    if stop is None:
        return Slip(start, len(text), "broken-close")
    return Slip(start, stop.end() if stop[0] == ">" else stop.start(), "broken-close")


def _open(text: str, start: int) -> tuple[Open, list[Slip]]:
    name = _NAME.match(text, start + 1)
    assert name is not None
    attributes: list[Attribute] = []
    slips: list[Slip] = []
    at = name.end()
    while True:
        space = _SPACE.match(text, at)
        assert space is not None
        spaced, at = space.end() > at, space.end()
        if at >= len(text) or text[at] == "<":
            slips.append(Slip(start, name.end(), "open-end"))
            return Open(start, at, name[0], tuple(attributes), False), slips
        if text[at] == ">":
            return Open(start, at + 1, name[0], tuple(attributes), False), slips
        if text.startswith("/>", at):
            return Open(start, at + 2, name[0], tuple(attributes), True), slips
        named = _ATTRIBUTE_NAME.match(text, at)
        if named is None or text[at] in ",;":  # they part attributes elsewhere, and name none here
            slips.append(Slip(at, at + 1, "curly-quote" if text[at] in CURLY else "stray-in-tag"))
            at += 1
            continue
        if not spaced:
            slips.append(Slip(at, named.end(), "no-space"))
        attribute, at = _attribute(text, named, slips)
        attributes.append(attribute)


def _attribute(text: str, named: re.Match[str], slips: list[Slip]) -> tuple[Attribute, int]:
    """The attribute that begins with `named`, and where reading goes on."""
    equals = _EQUALS.match(text, named.end())
    if equals is None:
        return Attribute(named[0], *named.span(), named.end(), named.end(), "", ""), named.end()
    at = equals.end()
    quote = text[at : at + 1]
    if quote and quote in "\"'":
        start, end, after = at + 1, *_quoted(text, at, slips)
    elif curly := _CURLY_VALUE.match(text, at):
        slips.append(Slip(at, at + 1, "curly-quote"))
        start, end, after, quote = *curly.span(1), curly.end(), '"'
    else:
        start, end = at, _unquoted_end(text, at)
        after, quote = end, ""
        if not any(filler in text[start:end] for filler in (HOLE, STATEMENT)):
            slips.append(Slip(start, end, "unquoted") if end > start else Slip(*named.span(), "no-value"))
    return Attribute(named[0], *named.span(), start, end, quote, text[start:end]), after


def _quoted(text: str, at: int, slips: list[Slip]) -> tuple[int, int]:
    """Where the value after the quote at `at` ends, and where reading goes on."""
    close = text.find(text[at], at + 1)
    raw = text[at + 1 : close] if close >= 0 else text[at + 1 :]
    less = raw.find("<")
    if close >= 0 and less < 0:
        return close, close + 1
    if close >= 0 and ">" not in raw:
        slips.append(Slip(at + 1 + less, at + 2 + less, "less-in-value"))
        return close, close + 1
    # The quote runs into other tags: it was never closed, or was closed by Word's.
    limit = at + 1 + (less if less >= 0 else len(raw))
    curly = _ANY_CURLY.search(text, at + 1, limit)
    if curly:
        slips.append(Slip(*curly.span(), "curly-quote"))
        return curly.start(), curly.end()
    slips.append(Slip(at, at + 1, "unclosed-quote"))
    more = text.find(">", at + 1, limit)
    end = more if more >= 0 else limit
    return end, end


def _unquoted_end(text: str, at: int) -> int:
    match = _UNQUOTED.match(text, at)
    if match is None:
        return at
    end = match.end()
    return end - 1 if text[end - 1] == "/" and text.startswith(">", end) else end
