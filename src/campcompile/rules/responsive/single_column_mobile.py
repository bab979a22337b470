"""RSP002: a page that a telephone shows sideways, in columns, or with its button far below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.columns import SLOT_COLUMNS, columns
from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import SLOT_MARK
from campcompile.analysis.limits import limits
from campcompile.analysis.own_layouts import OwnLayout, own_layouts
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Programme, Version
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.mjml_tree import Element, visible_text

_LIMITS = "rules/data/legibility.yaml"
_PX = regex(r"([0-9]{1,5})(?:px)?")
_WIDE_AS_SCREEN = regex(r"(?:^|;)\s*(?:max-width|width)\s*:\s*(?:100%|[0-9.]+%)")


@rule(
    code="RSP002",
    slug="single-column-mobile",
    severity=Severity.ERROR,
    message="`{shown}` is wider than a telephone: the page is scrolled sideways",
    help='write `width="100%"`, and `max-width: {seen}` if it must not grow beyond that',
    also={
        "page": (
            "a page of {seen} doesn't fit a mail client's reading pane, which shows {most} px",
            'write `width="{most}px"`',
        ),
        "group": (
            "the columns of `mj-group` stay side by side on a telephone",
            "take `mj-group` away: columns then stand one below the other where there is no room",
        ),
        "cells": (
            "{count} columns of words stay side by side on a telephone",
            "use `<mj-column>` for each, or rows of a label and a value",
        ),
        "picture": (
            "a picture with a fixed width runs off a telephone's edge",
            'give it `style="width:100%;max-width:{seen}px;height:auto"`',
        ),
        "far-button": (
            "the first button comes after about {screens} screens of a telephone",
            "move it up, or put less before it: many readers never scroll that far",
        ),
    },
    sources=("WCAG 2.2, 1.4.10 Reflow", "caniemail: css-at-media"),
)
def single_column_mobile(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Looks at the workspace's own layouts for what a telephone can't show in one column even where its mail client
    knows no `@media`: a page wider than 600 px, a table or picture of a fixed width, columns in `mj-group`, rows
    of a layout table with three or more cells of words. And it reports an e-mail whose first button comes after
    about two screens of text.

    Columns of MJML are fine: they stand below one another where there is no room. A table of data may have
    columns, and a label beside its value is one line.

    ## Why it matters

    More than half of all e-mails are read on a telephone. The apps for other people's mailboxes, LaPoste.net and
    SFR drop `@media` altogether, so a layout that needs it to become narrow stays wide there.

    ## Example

    ```html
    <mj-body width="700px">
    ```

    ## Use instead

    ```html
    <mj-body width="600px">
    ```

    ## Sources

    * WCAG 2.2, 1.4.10 Reflow (AA): 320 px without scrolling sideways
    * caniemail.com: `@media` isn't known to Outlook on Windows, LaPoste.net and SFR
    * 600 px and two screens: our own rule
    """
    for layout in facts.once(own_layouts, facts.layouts):
        yield from _wide_things(layout)


@rule(single_column_mobile.rule)
def far_button(version: Version, facts: Facts) -> Found:
    """An e-mail whose first button is far below."""
    if not any(block.kind == "button" for block in version.blocks):
        return
    most = limits(_LIMITS)["words-before-button"].value  # a character takes two columns at most
    words = facts.once(version_words, version)
    if 2 * len(words.text) < most:
        return
    before = 0
    for part in words.parts:
        if part.block < 0:
            continue
        block = version.blocks[part.block]
        if block.kind == "button":
            if before > most:
                span = block.spans.get("label", block.span)
                screens = f"{2 * before / most:.1f}".removesuffix(".0")
                yield single_column_mobile.at(span, say="far-button", severity=Severity.WARNING, screens=screens)
            return
        for line in part.lines if part.field != "alt" else ():
            before += columns(SLOT_MARK.sub("x" * SLOT_COLUMNS, line.text))


def _wide_things(layout: OwnLayout) -> Iterator[Diagnostic]:
    known = limits(_LIMITS)
    narrow, most = known["narrow-screen"].value, known["page-width"].value
    for element, around in layout.elements:
        match element.name:
            case "mj-body":
                if (width := element.get("width")) and _px(width.value) > most:
                    yield single_column_mobile.at(width.span, say="page", seen=width.value, most=f"{most:.0f}")
            case "mj-group":
                columns_of_words = [child for child in _children(element, "mj-column") if _has_words(child)]
                if len(columns_of_words) > 1:
                    yield single_column_mobile.at(element.name_span, say="group")
            case "img":
                yield from _fixed_picture(element, narrow)
            case "table" | "td" | "div" | "p":
                yield from _fixed_width(element, narrow)
            case "tr":
                yield from _side_by_side(element, around)
            case _:
                pass
    for declaration in layout.declarations:
        fixed = declaration.name == "min-width" or (
            declaration.name == "width" and declaration.element.name not in ("img", "mj-style", "style")
        )
        if fixed and "max-width" not in declaration.beside and _px(declaration.value) > narrow:
            yield single_column_mobile.at(
                declaration.span, shown=f"{declaration.name}: {declaration.value}", seen=declaration.value
            )


def _fixed_width(element: Element, narrow: float) -> Iterator[Diagnostic]:
    width, style = element.get("width"), element.get("style")
    if width is None or _px(width.value) <= narrow or (style and _WIDE_AS_SCREEN.search(style.value)):
        return
    yield single_column_mobile.at(width.span, shown=f'width="{width.value}"', seen=f"{_px(width.value)}px")


def _fixed_picture(element: Element, narrow: float) -> Iterator[Diagnostic]:
    style, width = element.get("style"), element.get("width")
    if (style and _WIDE_AS_SCREEN.search(style.value)) or (width and width.value.endswith("%")):
        return
    seen = _px(width.value) if width else 0
    stated = re.search(r"(?:^|;)\s*width\s*:\s*([0-9]+)px", style.value) if style else None
    seen = int(stated[1]) if stated else seen
    if seen > narrow:
        yield single_column_mobile.at(width.span if width else element.name_span, say="picture", seen=str(seen))


def _side_by_side(row: Element, around: tuple[Element, ...]) -> Iterator[Diagnostic]:
    """Three or more cells of words in a table that only lays things out."""
    cells = [cell for cell in _children(row, "td") if _has_words(cell)]
    if len(cells) < 3 or any(True for _ in _children(row, "th")):
        return
    table = next((one for one in reversed(around) if one.name == "table"), None)
    if table is None or table.get("role") is not None:
        yield single_column_mobile.at(cells[2].tag_span, say="cells", count=str(len(cells)))


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element.children if isinstance(child, Element) and child.name == name)


def _has_words(element: Element) -> bool:
    return bool(visible_text(element).strip(" \n\t\u00a0"))


def _px(value: str) -> int:
    """A length in px, 0 for one that is no such length."""
    found = _PX.fullmatch(value.strip())
    return int(found[1]) if found else 0
