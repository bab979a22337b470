"""A11Y006: a link whose words don't say where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, SLOT_OPEN
from campcompile.analysis.own_layouts import own_layouts
from campcompile.analysis.vague_words import is_vague, is_vague_anywhere
from campcompile.analysis.version_words import WordLine, field_inlines, lines_in, version_words
from campcompile.model import bound
from campcompile.model.campaign import Block, Line, Programme, Version
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.mjml_tree import Element, Words, has_filler, visible_text
from campcompile.syntax.source import Span

_ADDRESS = regex(r"\s*(?:https?://\S+|[\w-]+(?:\.[\w-]+)+/\S+)\s*", re.IGNORECASE)


class _Link(NamedTuple):
    """A link or a button as a reader meets it."""

    words: str
    goes_to: str
    span: Span
    always: bool  # under no condition


@rule(
    code="A11Y006",
    slug="link-text",
    severity=Severity.WARNING,
    message="`{words}` doesn't say where the link leads",
    help="say what is there: `Change my time`, `Reprogrammer mon rendez-vous`, `Endre timen`, `更改看診時間`",
    also={
        "address": (
            "the words of this link are a bare address",
            "say what is there: an address is read aloud letter by letter",
        ),
        "same-words": (
            "`{words}` stands on two links that lead to different places",
            "let each say what is its own",
        ),
        "twice": (
            "two links beside one another lead to the same place",
            "make one link of them: both are read aloud, and both are tabbed to",
        ),
        "empty": (
            "this link has no words",
            "put words between `<a>` and `</a>`, or an `alt` on its picture",
        ),
    },
    sources=("WCAG 2.2, 2.4.4 Link Purpose (A)",),
)
def link_text(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Reports links and buttons whose words are vague (*click here*, *ici*, *les mer*, *按此*) or a bare address with its
    path; two with the same words that lead to different places; a link right behind another one to the same place;
    and in the workspace's own layouts a link without words. Links that only some readers get, because of a condition,
    are not compared with others.

    ## Why it matters

    Screen readers can list a page's links. A list of *here, here, here* helps nobody, and whoever skims looks at
    links first.

    ## Example

    ```yaml
    - button: {label: Click here, to: links.book}
    ```

    ## Use instead

    ```yaml
    - button: {label: Change my time, to: links.book}
    ```

    ## Sources

    * WCAG 2.2, 2.4.4 Link Purpose (In Context), A
    * WCAG technique H2: combining adjacent image and text links for the same resource
    """
    linking = {part.block for part in facts.once(version_words, version).parts if part.targets}
    if not linking:
        return
    language = version.locale.partition("-")[0].lower()
    blocks = [version.blocks[number] for number in sorted(linking) if number >= 0]
    links = [link for block in blocks for link in _links_of(block)]
    for link in links:
        if not link.goes_to:
            continue  # an address that means nothing has its finding
        if is_vague(link.words, language):
            yield link_text.at(link.span, words=link.words.strip())
        elif _ADDRESS.fullmatch(link.words):
            yield link_text.at(link.span, say="address")
    yield from _same_words(links)
    yield from _side_by_side(version, blocks)


@rule(link_text.rule)
def layout_links(programme: Programme, facts: Facts) -> Found:
    """The links that a workspace's own layouts bring along."""
    for layout in facts.once(own_layouts, facts.layouts):
        for element, around in layout.elements:
            if element.get("href") is None or element.name not in ("a", "mj-button", "mj-navbar-link"):
                continue
            if any(one.name == "mj-attributes" for one in around):
                continue
            words = visible_text(element)
            if has_filler(words):
                continue
            if not words.strip() and not _has_picture(element):
                yield link_text.at(element.tag_span, say="empty")
            elif is_vague_anywhere(words):
                yield link_text.at(_words_span(element), words=" ".join(words.split()))


def _links_of(block: Block) -> Iterator[_Link]:
    always = block.condition is None
    for field, value in block.fields.items():
        to = block.fields.get("to")
        if field == "label" and isinstance(value, Line) and isinstance(to, bound.Target):
            for line in lines_in(value.words):
                yield _made(line, to, always=always)
        for words in field_inlines(value):
            yield from _links_in(words, always=always)


def _links_in(inlines: bound.Inlines, *, always: bool) -> Iterator[_Link]:
    for inline in inlines:
        match inline:
            case bound.Link(target, children, _):
                for line in lines_in(children):
                    yield _made(line, target, always=always)
            case bound.When(arms, _):
                for arm in arms:
                    yield from _links_in(arm.children, always=False)
            case bound.Strong(children) | bound.Emphasis(children):
                yield from _links_in(children, always=always)
            case _:
                pass


def _made(line: WordLine, target: bound.Target, *, always: bool) -> _Link:
    return _Link(line.text.replace(ARM, " "), _goes_to(target), line.whole(), always)


def _goes_to(target: bound.Target) -> str:
    return target.print.field if target.print is not None else target.address


def _same_words(links: list[_Link]) -> Iterator[Diagnostic]:
    """The later of two links that say the same and lead elsewhere."""
    first: dict[str, _Link] = {}
    for link in links:
        words = " ".join(link.words.casefold().split())
        if not link.always or not link.goes_to or SLOT_OPEN in words:
            continue
        other = first.setdefault(words, link)
        if other.goes_to != link.goes_to:
            yield link_text.at(link.span, say="same-words", words=" ".join(link.words.split()))


def _side_by_side(version: Version, blocks: list[Block]) -> Iterator[Diagnostic]:
    """A picture that links and the button below it; two links with nothing between them."""
    for one, other in zip(version.blocks, version.blocks[1:], strict=False):
        here, there = one.fields.get("to"), other.fields.get("to")
        if not (isinstance(here, bound.Target) and isinstance(there, bound.Target)):
            continue
        same = _goes_to(here) == _goes_to(there) != "" and one.condition == other.condition
        if same and "image" in (one.kind, other.kind):
            yield link_text.at(other.spans.get("to", other.span), say="twice")
    for block in blocks:
        for value in block.fields.values():
            for words in field_inlines(value):
                yield from _adjacent(words)


def _adjacent(inlines: bound.Inlines) -> Iterator[Diagnostic]:
    before: bound.Link | None = None
    for inline in inlines:
        if isinstance(inline, bound.Link):
            if before and _goes_to(before.target) and _goes_to(before.target) == _goes_to(inline.target):
                yield link_text.at(inline.span, say="twice")
            before = inline
        elif not (isinstance(inline, bound.Words) and not inline.text.strip()):
            before = None


def _has_picture(element: Element) -> bool:
    return any(
        isinstance(child, Element) and (child.name == "img" or _has_picture(child)) for child in element.children
    )


def _words_span(element: Element) -> Span:
    words = [child for child in element.children if isinstance(child, Words) and child.text.strip()]
    if len(words) != 1:
        return element.tag_span
    text, span = words[0].text, words[0].span
    start = span.start + len(text) - len(text.lstrip())
    return Span(span.path, start, start + len(text.strip()))
