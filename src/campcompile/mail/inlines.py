"""Bound words become parts: HTML with tags for Markdown, attributes, headers and plain text with the words alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import assert_never

from campcompile.mail.deriving import Deriving, escape
from campcompile.mail.joining import joined
from campcompile.mail.numbers import unbroken
from campcompile.mail.theme import Theme
from campcompile.model.bound import (
    Break,
    Bullets,
    Emphasis,
    Heading,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Print,
    RichBlock,
    RichText,
    Strong,
    Target,
    When,
    Words,
)
from campcompile.parts import Context, Part, Parts
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class ProseLook:
    """The opening tags of Markdown's elements in a theme; classes are for dark mode, styles for all else."""

    link: str  # up to the address
    link_end: str  # after it
    headings: tuple[str, str]  # of level 2 and 3
    paragraph: str
    last_paragraph: str
    bullets: str
    numbers: str  # up to the first number
    item: str


@lru_cache(maxsize=64)
def prose_look(theme: Theme) -> ProseLook:
    font = escape(theme.heading_font, Context.ATTRIBUTE)
    heading = f"font-family:{font};color:{theme.light.text};font-weight:700"
    listed = "margin:0 0 16px;padding:0 24px"  # on both sides: a line may begin at either
    return ProseLook(
        link='<a class="cc-link" href="',
        link_end=f'" style="color:{theme.light.accent};text-decoration:underline">',
        headings=(
            f'<h2 class="cc-ink" style="margin:20px 0 8px;font-size:22px;line-height:1.3;{heading}">',
            f'<h3 class="cc-ink" style="margin:16px 0 6px;font-size:19px;line-height:1.35;{heading}">',
        ),
        paragraph='<p style="margin:0 0 16px">',
        last_paragraph='<p style="margin:0">',
        bullets=f'<ul style="{listed}">',
        numbers=f'<ol style="{listed}" start="',
        item='<li style="margin:0 0 8px">',
    )


def inline_parts(inlines: Inlines, context: Context, deriving: Deriving, look: ProseLook) -> Parts:
    """Words on one line, in any context. Tags are printed between tags (`Context.TEXT`) alone."""
    if len(inlines) == 1 and isinstance(inlines[0], Words):
        return (escape(inlines[0].text, context),)
    return joined(_inlines(inlines, context, deriving, look))


def target_parts(target: Target, context: Context, deriving: Deriving) -> Parts:
    """A link's address: in HTML the whole of an href, in plain text as one reads it."""
    if target.print is not None:
        return (deriving.link(target.print, context),)
    return (escape(target.address, context),)


def prose_html(text: RichText, deriving: Deriving, look: ProseLook) -> Parts:
    """Markdown between the tags of HTML."""
    parts: list[Part] = []
    for at, block in enumerate(text):
        parts.extend(_block_html(block, at == len(text) - 1, deriving, look))
    return unbroken(joined(parts), deriving.derived)


def prose_plain(text: RichText, deriving: Deriving, look: ProseLook, colon: str) -> Parts:
    """Markdown as a person types it: a heading on its own line above its text, `- ` before items, no asterisks.

    The links of a paragraph stand below it, each on a line of its own, in the words that it has above:
    `book a time: https://…`.
    """
    parts: list[Part] = []
    for at, block in enumerate(text):
        if at:
            parts.append("\n" if isinstance(text[at - 1], Heading) else "\n\n")
        parts.extend(_block_plain(block, deriving, look, colon))
    return joined(parts)


def _inlines(inlines: Inlines, context: Context, deriving: Deriving, look: ProseLook) -> Iterator[Part]:
    tags = context is Context.TEXT
    for inline in inlines:
        match inline:
            case Words(text, _):
                yield escape(text, context)
            case Print():
                yield deriving.printed(inline, context)
            case When():
                yield from _when(inline, context, deriving, look)
            case Strong(children) | Emphasis(children):
                name = "strong" if isinstance(inline, Strong) else "em"
                yield f"<{name}>" if tags else ""
                yield from _inlines(children, context, deriving, look)
                yield f"</{name}>" if tags else ""
            case Link(target, children, _):
                if tags:
                    yield look.link
                    yield from target_parts(target, Context.URL, deriving)
                    yield look.link_end
                yield from _inlines(children, context, deriving, look)
                yield "</a>" if tags else ""
            case Break():
                yield "<br />" if tags else "\n" if context is Context.PLAIN else " "
            case _:
                assert_never(inline)


def _when(when: When, context: Context, deriving: Deriving, look: ProseLook) -> Parts:
    """Several arms nest: each next one is what the one before shows else."""
    parts: Parts = ()
    for arm in reversed(when.arms):
        shown = joined(_inlines(arm.children, context, deriving, look))
        parts = shown if arm.condition is None else deriving.either(arm.condition, shown, parts)
    return parts


def _block_html(block: RichBlock, last: bool, deriving: Deriving, look: ProseLook) -> Iterator[Part]:
    match block:
        case Paragraph(children):
            yield look.last_paragraph if last else look.paragraph
            yield from _inlines(children, Context.TEXT, deriving, look)
            yield "</p>"
        case Heading(level, children):
            yield look.headings[min(level, 3) - 2]
            yield from _inlines(children, Context.TEXT, deriving, look)
            yield f"</h{min(level, 3)}>"
        case Bullets(items, start):
            yield look.bullets if start is None else f'{look.numbers}{start}">'
            for item in items:
                yield look.item
                for at, paragraph in enumerate(item):
                    yield "<br />" if at else ""
                    yield from _inlines(paragraph.children, Context.TEXT, deriving, look)
                yield "</li>"
            yield "</ul>" if start is None else "</ol>"
        case _:
            assert_never(block)


def _block_plain(block: RichBlock, deriving: Deriving, look: ProseLook, colon: str) -> Iterator[Part]:
    match block:
        case Paragraph(children):
            yield from _paragraph_plain(children, deriving, look, colon)
        case Heading(_, children):
            yield from _paragraph_plain(children, deriving, look, colon)
        case Bullets(items, start):
            for at, item in enumerate(items):
                yield "\n" if at else ""
                yield "- " if start is None else f"{start + at}. "
                for line, paragraph in enumerate(item):
                    yield "\n  " if line else ""
                    yield from _paragraph_plain(paragraph.children, deriving, look, colon)
        case _:
            assert_never(block)


def _paragraph_plain(inlines: Inlines, deriving: Deriving, look: ProseLook, colon: str) -> Iterator[Part]:
    only = inlines[0] if len(inlines) == 1 else None
    if isinstance(only, Link):
        yield from _link_line(only, deriving, look, colon)
        return
    yield from _inlines(inlines, Context.PLAIN, deriving, look)
    yield from _links_below(inlines, deriving, look, colon)


def _links_below(inlines: Iterable[Inline], deriving: Deriving, look: ProseLook, colon: str) -> Iterator[Part]:
    """A line for each link, under the same conditions as the link itself."""
    for inline in inlines:
        match inline:
            case Link():
                yield "\n"
                yield from _link_line(inline, deriving, look, colon)
            case Strong(children) | Emphasis(children):
                yield from _links_below(children, deriving, look, colon)
            case When(arms, _):
                parts: Parts = ()
                for arm in reversed(arms):
                    shown = joined(_links_below(arm.children, deriving, look, colon))
                    parts = shown if arm.condition is None else deriving.either(arm.condition, shown, parts)
                yield from parts
            case _:
                pass


def _link_line(link: Link, deriving: Deriving, look: ProseLook, colon: str) -> Iterator[Part]:
    label = inline_parts(link.children, Context.PLAIN, deriving, look)
    address = target_parts(link.target, Context.PLAIN, deriving)
    if label != address:
        yield from label
        yield colon
    yield from address
