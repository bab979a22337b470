"""A workspace's own layouts as they are written: trees of markup, and the style declarations in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from campcompile.regex import regex
from campcompile.syntax.jinja import lex
from campcompile.syntax.layout_places import blanked
from campcompile.syntax.layout_tree import LayoutFile
from campcompile.syntax.mjml_tree import Element, Words
from campcompile.syntax.source import Source, Span
from campcompile.values import dataclass

_DECLARATION = regex(r"([a-zA-Z-]+)\s*:\s*([^;{}]+)")
_BLOCK = regex(r"[^{}]*\{([^{}]*)\}")
_COMMENT = regex(r"/\*.*?\*/", re.DOTALL)


class Declaration(NamedTuple):
    """`name: value` in a style attribute or a sheet."""

    name: str  # lower case
    value: str  # as written, without `!important`
    span: Span  # of all of it
    element: Element  # whose attribute it is in, or the sheet
    before: tuple[tuple[str, str], ...]  # (name, value) of those before it in the same place
    beside: frozenset[str]  # names of all in the same place


@dataclass(frozen=True, slots=True)
class OwnLayout:
    file: LayoutFile
    elements: tuple[tuple[Element, tuple[Element, ...]], ...]  # with those around each, outermost first
    declarations: tuple[Declaration, ...]

    @property
    def source(self) -> Source:
        return self.file.source


def own_layouts(layouts: Mapping[str, LayoutFile]) -> tuple[OwnLayout, ...]:
    """The workspace's own MJML files that were compiled. Ask through `facts.once(own_layouts, facts.layouts)`.

    One that can't be rendered isn't among them: ours was filled in its place, and findings say why.
    """
    mine = (layouts[name] for name in sorted(layouts) if name.endswith(".mjml"))
    return tuple(_own_layout(file) for file in mine if file.source.path.startswith("layouts/") and file.nodes)


def _own_layout(file: LayoutFile) -> OwnLayout:
    return OwnLayout(file, tuple(file.tree.elements()), tuple(_declarations(file)))


def _declarations(file: LayoutFile) -> Iterator[Declaration]:
    text = blanked(file.source.text, lex(file.source.text))  # a template tag's braces are no braces of CSS
    for element, _ in file.tree.elements():
        style = element.get("style")
        if style is not None and style.quote:
            yield from _in_place(text, style.span, element)
        if element.name in ("mj-style", "style"):
            for child in element.children:
                if isinstance(child, Words):
                    yield from _in_sheet(text, child.span, element)


def _in_sheet(text: str, span: Span, element: Element) -> Iterator[Declaration]:
    for found in _BLOCK.finditer(_without_comments(text[span.start : span.end])):
        at = span.start + found.start(1)
        yield from _in_place(text, Span(span.path, at, at + len(found[1])), element)


def _in_place(text: str, span: Span, element: Element) -> Iterator[Declaration]:
    found = list(_DECLARATION.finditer(_without_comments(text[span.start : span.end])))
    pairs = [(one[1].lower(), one[2].replace("!important", "").strip()) for one in found]
    names = frozenset(name for name, _ in pairs)
    for number, (one, (name, value)) in enumerate(zip(found, pairs, strict=True)):
        start = span.start + one.start()
        whole = Span(span.path, start, start + len(one[0].rstrip()))
        yield Declaration(name, value, whole, element, tuple(pairs[:number]), names)


def _without_comments(text: str) -> str:
    return _COMMENT.sub(lambda found: " " * len(found[0]), text) if "/*" in text else text
