"""Slips that YAML reads without a word: text cut off by a `#`, values that read as comments, sentences as keys."""

from __future__ import annotations

import re

from campcompile.regex import regex
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix
from campcompile.syntax.findings_syn import CUT_OFF, INDENTATION, NEEDS_QUOTES, NO_KEY
from campcompile.syntax.mend import quote
from campcompile.syntax.source import MappedText, Source, Span
from campcompile.syntax.tree import Kind, Scalar, Style

_AFTER_TEXT = regex(r"([ \t]+)(#[^\n]*)")
_BLANK = regex(r"\s")
_ENTRY_END = regex(r"\s*[,}]")
_TIGHT_KEY = regex(r"([a-z_]{2,}):([^\s:/].*)")
_WIDE_KEY = regex(r"([a-z_]{2,})：\s*(.*)")
_DASH_LINE = regex(r"\n[ \t]*(- )")
_KEY_LINE = regex(r"\n([ ]*)(?:- +)?[\w.\"'*-]+:(?:[ \t]|$)", re.MULTILINE)
_DEPTH = regex(r"[ ]*(?:- +)*")


def swallowed_item(source: Source, text: str, span: Span) -> Diagnostic | None:
    """An item of a list that is indented further than the one above, and so became part of its text."""
    dash = _DASH_LINE.search(text, span.start, span.end)
    return INDENTATION.at(source.span(dash.start(1), dash.start(1) + 1), say="dash") if dash else None


def cut_off(source: Source, text: str, scalar: Scalar) -> Diagnostic | None:
    """Words that a `#` makes a comment of: after a single blank, or with a letter right behind it.

    Two blanks, `#` and a blank are a comment; so is a `#` with a blank behind it after a number, true or false.
    """
    after = _AFTER_TEXT.match(text, scalar.span.end)
    if after is None:
        return None
    gap, comment = after[1], after[2].rstrip()
    spaced = comment == "#" or comment[1].isspace()
    if spaced and (len(gap) > 1 or gap == "\t" or scalar.kind is not Kind.TEXT):
        return None
    end = after.start(2) + len(comment)
    whole = source.span(scalar.span.start, end)
    words = source.quote(whole)
    edit = Fix("put quotes around the text", (Edit(whole, quote(words)),), Applicability.UNSAFE)
    return CUT_OFF.at(
        source.span(after.start(2), end),
        cut=_shorten(comment, 40),
        fix=_shorten(_before(source, scalar.span.start) + quote(words), 160),
        fixes=(edit,) if "\n" not in words else (),
    )


def hidden_value(source: Source, text: str, at: int) -> tuple[Diagnostic, Scalar] | None:
    """`accent: #0b6b62`: a value that reads as a comment, where the line holds no other."""
    after = _AFTER_TEXT.match(text, at)
    if after is None or text[at - 1 : at] != ":":
        return None
    comment = after[2].rstrip()
    if len(comment) < 2 or comment[1].isspace():
        return None
    span = source.span(after.start(2), after.start(2) + len(comment))
    edit = Fix("put quotes around it", (Edit(span, quote(comment)),), Applicability.SAFE)
    fix = _shorten(_before(source, span.start) + quote(comment), 160)
    finding = CUT_OFF.at(span, say="value", cut=_shorten(comment, 40), fix=fix, fixes=(edit,))
    return finding, Scalar(comment, Kind.TEXT, Style.PLAIN, span, source)


def bad_key(source: Source, text: str, key: Scalar, *, in_flow: bool) -> Diagnostic | None:
    """A key without quotes that must have been meant as something else: a sentence, or `key:value`."""
    span = key.span
    line_end = text.find("\n", span.end)
    rest = source.text[span.start : len(text) if line_end < 0 else line_end].rstrip()
    if in_flow and _ENTRY_END.match(text, span.end):
        if wide := _WIDE_KEY.fullmatch(key.value):
            return NO_KEY.at(span, say="wide", fix=_shorten(f"{wide[1]}: {wide[2]}", 160))
        if tight := _TIGHT_KEY.fullmatch(key.value):
            return NO_KEY.at(span, say="space", key=tight[1], fix=_shorten(f"{tight[1]}: {tight[2]}", 160))
        return NEEDS_QUOTES.at(span, say="comma", written=_shorten(key.value, 40))
    if _BLANK.search(key.value):
        return NEEDS_QUOTES.at(span, say="key", written=_shorten(key.value, 60), fix=_shorten(quote(rest), 160))
    if tight := _TIGHT_KEY.fullmatch(key.value):
        start = span.start + len(tight[1]) + 1
        value = quote(rest[start - span.start :])
        edit = Edit(source.span(start, span.start + len(rest)), f" {value}")
        return NO_KEY.at(
            source.span(span.start, start),
            say="space",
            key=tight[1],
            fix=_shorten(f"{tight[1]}: {value}", 160),
            fixes=(Fix("write a space", (edit,), Applicability.SAFE),) if " #" not in rest else (),
        )
    return None


def is_sentence_item(text: str, key: Scalar) -> bool:
    """`- Please note: bring your card`: an item of a list whose first words read as a key."""
    line_start = text.rfind("\n", 0, key.span.start) + 1
    return bool(_BLANK.search(key.value)) and text[line_start : key.span.start].strip() == "-"


def swallows_a_key(text: str, start: int, end: int) -> bool:
    """Whether a quoted text of several lines holds what looks like the next key of its mapping."""
    line_start = text.rfind("\n", 0, start) + 1
    depth = _DEPTH.match(text, line_start, start)
    limit = depth.end() - line_start if depth else 0
    return any(len(found[1]) <= limit for found in _KEY_LINE.finditer(text, start, end))


def comments_of(source: Source, covered: list[tuple[int, int]]) -> tuple[MappedText, ...]:
    """Every comment, in order: a `#` after a blank that stands in no text; `covered` are the texts, sorted."""
    text = source.text
    comments: list[MappedText] = []
    nearest = 0
    at = text.find("#")
    while at >= 0:
        while nearest < len(covered) and covered[nearest][1] <= at:
            nearest += 1
        start = covered[nearest][0] if nearest < len(covered) and covered[nearest][0] <= at else -1
        on_header = start >= 0 and text[start] in "|>" and "\n" not in text[start:at]
        if start >= 0 and not on_header:
            at = text.find("#", covered[nearest][1])
            continue
        if at and not text[at - 1].isspace():
            at = text.find("#", at + 1)
            continue
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        comments.append(MappedText.plain(text[at:end], source.path, at))
        at = text.find("#", end)
    return tuple(comments)


def _before(source: Source, at: int) -> str:
    """What stands before a place on its line: its key, or its dash."""
    line_start = source.text.rfind("\n", 0, at) + 1
    return source.text[line_start:at].lstrip()


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
