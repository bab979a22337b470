"""Shown: what a compiled e-mail shows in its HTML and in its plain text, and whether a value is among it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from campcompile.analysis.flat import ARM, SLOT_MARK, flat, slots_in
from campcompile.analysis.html_facts import HtmlFacts, read_html
from campcompile.formula import Const, Format, Formula, Lookup
from campcompile.model.rendered import Derived, RenderedEmail
from campcompile.values import dataclass

# An address stands on one line with commas, on several without.
_COMMAS = (",", "，", "、", ARM)


@dataclass(frozen=True, slots=True)
class Side:
    """One part of a message, HTML or plain text, as a reader sees it."""

    name: str  # "HTML", "plain text"
    words: str  # flat
    squeezed: str  # for finding values however they are set; a slot is what it prints by default, "" for a person's
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
    return Shown(
        page,
        flat(message.subject),
        _side("HTML", page.words, message.derived),
        _side("plain text", flat(message.text), message.derived),
    )


def shows(side: Side, value: str) -> bool:
    """Is a value of the practice among the words, each of its lines?"""
    return all(line in side.squeezed for line in _squeezed_lines(value))


def squeeze(text: str) -> str:
    """A text without its white space and commas, folded."""
    compact = "".join(text.split())
    for comma in _COMMAS:
        compact = compact.replace(comma, "")
    return compact.casefold()


def default_words(formula: Formula) -> str:
    """What a slot prints where no site says otherwise; "" where that depends on the person."""
    match formula:
        case Lookup(_, _, default):
            return default
        case Const(value):
            return str(value)
        case Format(_, _, of, _):
            return default_words(of)
        case _:
            return ""


def _side(name: str, words: str, derived: Mapping[str, Derived]) -> Side:
    slots = frozenset(slots_in(words))
    defaults = {slot: default_words(derived[slot].formula) if slot in derived else "" for slot in slots}
    filled = SLOT_MARK.sub(lambda found: defaults[found[1]], words) if slots else words
    return Side(name, words, squeeze(filled), slots)


@lru_cache(maxsize=256)
def _squeezed_lines(value: str) -> tuple[str, ...]:
    return tuple(squeeze(line) for line in value.splitlines())
