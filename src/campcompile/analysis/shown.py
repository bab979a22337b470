"""Shown: what a compiled e-mail shows in its HTML and in its plain text, and whether a value is among it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from campcompile.analysis.flat import flat, slots_in, without_marks
from campcompile.analysis.html_facts import HtmlFacts, read_html
from campcompile.formula import Const, Format, Formula, Lookup
from campcompile.model.rendered import RenderedEmail

_SPACE = re.compile(r"[\s,，、]+")  # an address stands on one line with commas, or on several without


@dataclass(frozen=True, slots=True)
class Side:
    """One part of a message, HTML or plain text, as a reader sees it."""

    name: str  # "HTML", "plain text"
    words: str  # flat
    squeezed: str  # without white space, commas and marks, folded: for finding values however they are set
    slots: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shown:
    page: HtmlFacts
    subject: str  # flat
    html: Side
    text: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.html, self.text


def shown(message: RenderedEmail) -> Shown:
    """What both parts show. Ask through `facts.once(shown, message)`: the page is read once a message."""
    page = read_html(flat(message.html))
    return Shown(page, flat(message.subject), _side("HTML", page.words), _side("plain text", flat(message.text)))


def shows(side: Side, value: str, message: RenderedEmail) -> bool:
    """Is a value of the practice among the words: each of its lines, as text, or as a slot that prints it?"""
    if all(squeeze(line) in side.squeezed for line in value.splitlines()):
        return True
    wanted = squeeze(value)
    return any(wanted in fixed_values(message.derived[name].formula) for name in side.slots if name in message.derived)


def fixed_values(formula: Formula) -> frozenset[str]:
    """What a slot can print that depends on the site alone, squeezed; empty where it depends on the person."""
    match formula:
        case Format(_, _, of, _):
            return fixed_values(of)
        case Lookup(_, table, default):
            return frozenset(squeeze(text) for text in (default, *(text for _, text in table)))
        case Const(value):
            return frozenset((squeeze(str(value)),))
        case _:
            return frozenset()


def squeeze(text: str) -> str:
    """A text without its white space and commas, folded."""
    return _SPACE.sub("", text).casefold()


def _side(name: str, words: str) -> Side:
    return Side(name, words, squeeze(without_marks(words)), frozenset(slots_in(words)))
