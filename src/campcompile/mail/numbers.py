"""A number in groups, such as a telephone number, stays on one line: in plain text and in HTML, with its spaces."""

from __future__ import annotations

import re
from collections.abc import Mapping

from campcompile.formula import Const, Formula, Lookup
from campcompile.mail.joining import joined
from campcompile.model.rendered import Derived
from campcompile.parts import Branch, Part, Parts, Slot
from campcompile.regex import regex

GLUE = "\x00"  # stands for a space that doesn't break while a text is wrapped: no author's text holds it (SYN002)
LONGEST = 24  # characters: a written telephone number with its country code; what is longer may break

_GROUP = r"\(?\d{1,5}\)?(?:-\d{1,5})*"
_GROUPED = rf"(?<![\d.,])\+?{_GROUP}(?: {_GROUP})+(?!\d)"
_NUMBER = regex(_GROUPED)
_TAG_OR_NUMBER = regex(f"<[^>]*>|{_GROUPED}")
_APART = regex(r"\d\)? \(?\d")
_BEFORE, _BEHIND = '<span style="white-space:nowrap">', "</span>"


def glued(text: str) -> str:
    """The same text with `GLUE` for the spaces inside numbers. Example: `Call 116 117` → `Call 116␀117`."""
    return _NUMBER.sub(_glued, text) if _APART.search(text) else text


def unglued(text: str) -> str:
    return text.replace(GLUE, " ") if GLUE in text else text


def unbroken(parts: Parts, derived: Mapping[str, Derived]) -> Parts:
    """HTML between tags, where browsers don't break the numbers; a practice's number is known for every site."""
    return joined([piece for part in parts for piece in _unbroken(part, derived)])


def _glued(number: re.Match[str]) -> str:
    return number[0].replace(" ", GLUE) if len(number[0]) <= LONGEST else number[0]


def _unbroken(part: Part, derived: Mapping[str, Derived]) -> Parts:
    match part:
        case str():
            return (_TAG_OR_NUMBER.sub(_in_span, part) if _APART.search(part) else part,)
        case Branch(name, then, orelse):
            return (Branch(name, unbroken(then, derived), unbroken(orelse, derived)),)
        case Slot(name) if _is_number(derived[name].formula):
            return (_BEFORE, part, _BEHIND)
        case _:
            return (part,)


def _in_span(found: re.Match[str]) -> str:
    text = found[0]
    return text if text[0] == "<" or len(text) > LONGEST else f"{_BEFORE}{text}{_BEHIND}"


def _is_number(formula: Formula) -> bool:
    """Whether a value that the practice states is one number, at each of its sites."""
    match formula:
        case Const(str(text)):
            return len(text) <= LONGEST and _NUMBER.fullmatch(text) is not None
        case Lookup(_, table, default):
            return all(_is_number(Const(text)) for text in (default, *(value for _, value in table)))
        case _:
            return False
