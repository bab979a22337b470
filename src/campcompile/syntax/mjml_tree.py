"""The tree of one MJML file: every tag, attribute and text with its span."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from campcompile.syntax import markup
from campcompile.syntax.source import Span
from campcompile.values import dataclass

FILLERS = (markup.HOLE, markup.STATEMENT, markup.NOTE)


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    value: str  # character references resolved
    name_span: Span
    span: Span  # the value without its quotes; empty, behind the name, where there is none
    quote: str  # '"', "'" or "" for none


@dataclass(frozen=True, slots=True)
class Element:
    """`<name …> children </name>`; what was never closed ends where its parent does."""

    name: str
    attributes: tuple[Attribute, ...]
    children: tuple[Node, ...]
    name_span: Span
    tag_span: Span  # `<name …>`
    span: Span  # from `<name` to the end of `</name>`

    def get(self, name: str) -> Attribute | None:
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        return None


@dataclass(frozen=True, slots=True)
class Words:
    """Text between tags, as written."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Comment:
    """`<!-- … -->`; `text` is what stands between the dashes. Conditional ones for Outlook are comments too."""

    text: str
    span: Span


Node: TypeAlias = Element | Words | Comment


@dataclass(frozen=True, slots=True)
class Tree:
    """One MJML file read: a whole `<mjml>` document, or the pieces that a block holds."""

    nodes: tuple[Node, ...]
    span: Span  # the first line of the file, for findings about the whole

    def elements(self) -> Iterator[tuple[Element, tuple[Element, ...]]]:
        """Every element with those that enclose it, outermost first, in reading order."""
        waiting: list[tuple[Node, tuple[Element, ...]]] = [(node, ()) for node in reversed(self.nodes)]
        while waiting:
            node, around = waiting.pop()
            if isinstance(node, Element):
                yield node, around
                inner = (*around, node)
                waiting.extend((child, inner) for child in reversed(node.children))


def within(text: str, span: Span, start: int, end: int) -> Span:
    """The span of `text[start:end]`, where `span` covers `text` as it stands in the source."""
    if span.end - span.start != len(text):
        return span
    return Span(span.path, span.start + start, span.start + end)


def has_filler(text: str) -> bool:
    """Whether a template tag stands in `text`."""
    return any(filler in text for filler in FILLERS)


def without_fillers(text: str) -> str:
    """`text` as it is where its template tags print nothing."""
    for filler in FILLERS:
        text = text.replace(filler, "")
    return text


def fixed_pieces(value: str) -> tuple[str, ...]:
    """What an attribute's value holds between the tags of conditions, but for pieces that a print completes."""
    pieces = value.replace(markup.NOTE, "").split(markup.STATEMENT)
    return tuple(piece for piece in pieces if piece.strip() and markup.HOLE not in piece)


def visible_text(element: Element) -> str:
    """The words of an element and all in it, template tags as they are blanked."""
    pieces: list[str] = []
    waiting = list(reversed(element.children))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Words):
            pieces.append(markup.decode_attribute(node.text))
        elif isinstance(node, Element):
            waiting.extend(reversed(node.children))
    return "".join(pieces)
