"""Checks a tree of MJML before it is rendered: mjml-python takes nearly all, and drops what it doesn't know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from itertools import islice, pairwise

from campcompile.regex import regex
from campcompile.syntax import findings_lay as lay
from campcompile.syntax import markup
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.link_check import check_address, check_link_words
from campcompile.syntax.mjml_attributes import check_attributes, check_css, check_mj_class, declared_classes
from campcompile.syntax.mjml_comments import check_comments
from campcompile.syntax.mjml_facts import facts
from campcompile.syntax.mjml_tree import Element, Tree, Words, fixed_pieces, has_filler, visible_text, within
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest

MAX_FINDINGS = 100  # of one file: who broke more than that broke one thing

_QUIET = regex(rf"[\s{markup.STATEMENT}{markup.NOTE}{markup.HOLE}]*")
_ENTITY = regex(r"&(?:([A-Za-z][A-Za-z0-9]*)|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_INSTEAD = {
    "script": "delete it: no mail client runs scripts",
    "form": "link to a page with `mj-button`: an answer typed into an e-mail travels in the clear",
    "svg": "save the picture as PNG and put it into assets/",
    "link": "write the style into `mj-style`",
}
_FROM_AFAR = {
    "mj-font": ("a font", "use fonts that devices bring along, such as Arial or Georgia"),
    "mj-social": ("its icons", "use `mj-image` with pictures of assets/"),
    "mj-carousel": ("its arrows", "use `mj-image`: few mail clients show a carousel"),
    "mj-accordion": ("its arrows", "show the text, or link to a page"),
}


def check_mjml(tree: Tree, *, fragment: bool = False) -> tuple[Diagnostic, ...]:
    """Findings about tags, attributes, values, nesting, safety, comments and links of a tree.

    A `fragment` (a block, or what a layout includes) need not begin with `<mjml>`. Where template tags
    are blanked out (markup.HOLE), what they will print is left unjudged.
    """
    return tuple(islice(_findings(tree, fragment), MAX_FINDINGS))


def may_hold(parent: str, name: str) -> bool:
    """Whether an element of this name may stand directly in one of that name."""
    row = facts().tags.get(parent)
    if row is None or row.content in ("html", "phrase", "rows"):
        return not name.startswith("mj")
    return row.content == "tags" and name in row.children


def _findings(tree: Tree, fragment: bool) -> Iterator[Diagnostic]:
    if not fragment and all(not isinstance(node, Element) or node.name != "mjml" for node in tree.nodes):
        first = next((node for node in tree.nodes if isinstance(node, Element)), None)
        yield lay.NESTING.at(first.name_span if first else tree.span, say="no-mjml")
        fragment = True  # the rest is judged as if it stood in a layout
    if not fragment:
        yield from _document(tree)
    for node in tree.nodes:
        if isinstance(node, Words):
            yield from _entities(node)
            yield from _top_text(node, tree, fragment)
    yield from check_comments(tree)
    classes = None if fragment else declared_classes(tree)
    for element, around in tree.elements():
        parent = around[-1] if around else None
        if has_filler(element.name):
            continue
        for found in _tag(element, parent, fragment):
            if found.rule is not lay.NESTING or not _repeats(element, around):
                yield found
        yield from check_attributes(element, parent)
        yield from _content(element)
        if element.name == "mj-raw" and parent is not None and parent.name == "mj-head":
            yield from _raw_in_head(element)
        yield from _links(element, around)
        if classes is not None:
            yield from check_mj_class(element, classes)


def _document(tree: Tree) -> Iterator[Diagnostic]:
    seen: dict[str, Element] = {}
    for element, around in tree.elements():
        if element.name in ("mjml", "mj-head", "mj-body") and len(around) <= 1:
            if element.name in seen:
                yield lay.NESTING.at(element.name_span, say="twice", name=element.name)
            elif element.name == "mj-head" and "mj-body" in seen:
                yield lay.NESTING.at(element.name_span, say="head-after-body")
            seen.setdefault(element.name, element)
    if missing := [f"`{name}`" for name in ("lang", "dir") if seen["mjml"].get(name) is None]:
        yield lay.LANG_AND_DIR.at(seen["mjml"].name_span, say="layout", missing=" and ".join(missing))
    if "mj-head" in seen:
        yield from _twice_in_head(seen["mj-head"])
    if "mj-body" not in seen:
        yield lay.NESTING.at(seen["mjml"].name_span, say="no-body")


def _twice_in_head(head: Element) -> Iterator[Diagnostic]:
    """mjml-python prints the words of a second `<mj-title>` or `<mj-preview>` nowhere."""
    seen: set[str] = set()
    for child in head.children:
        if isinstance(child, Element) and child.name in ("mj-title", "mj-preview"):
            if child.name in seen:
                yield lay.NESTING.at(child.name_span, say="twice", name=child.name)
            seen.add(child.name)


def _top_text(words: Words, tree: Tree, fragment: bool) -> Iterator[Diagnostic]:
    beside_mjml = any(isinstance(node, Element) and node.name.startswith("mj") for node in tree.nodes)
    if (beside_mjml or not fragment) and not _QUIET.fullmatch(words.text):
        yield lay.NESTING.at(_trimmed(words), say="text-top")


def _tag(element: Element, parent: Element | None, fragment: bool) -> Iterator[Diagnostic]:
    known = facts()
    name = element.name
    if name in known.refused:
        yield _refused(element, known.refused[name])
        return
    if name.startswith("mj"):
        if name not in known.tags:
            meant = nearest(name, known.parents)
            names = ", ".join(f"`{tag}`" for tag in ("mj-section", "mj-column", "mj-text", "mj-button", "mj-image"))
            yield lay.UNKNOWN_TAG.at(
                element.name_span, say="" if meant else "unheard-of", name=name, meant=meant, known=names
            )
            return
        yield from _mjml_place(element, parent, fragment)
        return
    lower = name.lower()
    if lower in known.unsafe:
        instead = _INSTEAD.get(lower, "use text, pictures and links")
        yield lay.UNSAFE_MARKUP.at(element.name_span, name=name, instead=instead)
    elif lower not in known.html:
        meant = nearest(lower, [*known.html, *known.parents])
        yield lay.UNKNOWN_TAG.at(element.name_span, say="" if meant else "html", name=name, meant=meant)
    if parent is None and not fragment:
        yield lay.NESTING.at(element.name_span, say="top", name=name, allowed="`mj-text`")
    yield from _html_place(element, parent)


def _repeats(element: Element, around: tuple[Element, ...]) -> bool:
    """Whether two tags of these names stand in one another further out, too: that is told once."""
    names = [outer.name for outer in around]
    return any((*names[-1:], element.name) == pair for pair in pairwise(names))


def _refused(element: Element, why: str) -> Diagnostic:
    name = element.name
    if why == "inclusion":
        path = element.get("path")
        shown = path.value if path else "blocks/footer.mjml"
        return lay.INCLUSION.at(element.name_span, say="mj-include", name=shown)
    if why == "dropped":
        return lay.UNKNOWN_TAG.at(element.name_span, say="dropped", name=name)
    family = next(key for key in _FROM_AFAR if name.startswith(key))
    what, instead = _FROM_AFAR[family]
    return lay.REMOTE.at(element.name_span, say="tag", name=name, what=what, instead=instead)


def _mjml_place(element: Element, parent: Element | None, fragment: bool) -> Iterator[Diagnostic]:
    known, name = facts(), element.name
    allowed = ", ".join(f"`{tag}`" for tag in known.parents.get(name, ())) or "nothing: it is the whole"
    if parent is None:
        if name == "mjml" or (fragment and name not in ("mj-head", "mj-body")):
            if name == "mjml" and fragment:
                yield lay.NESTING.at(element.name_span, say="top", name=name, allowed="a file of layouts/ itself")
            return
        if not fragment:
            yield lay.NESTING.at(element.name_span, say="top", name=name, allowed=allowed)
        return
    row = known.tags.get(parent.name)
    if row is None or row.content in ("html", "phrase", "rows"):
        if not parent.name.startswith("mj") or row is not None:
            yield lay.NESTING.at(element.name_span, say="mjml-in-html", name=name, parent=parent.name)
        return
    if row.content == "none":
        yield lay.NESTING.at(element.name_span, say="empty", parent=parent.name)
    elif row.content in ("text", "css"):
        yield lay.NESTING.at(element.name_span, say=f"only-{row.content}", name=name, parent=parent.name)
    elif name not in row.children:
        yield lay.NESTING.at(element.name_span, name=name, parent=parent.name, allowed=allowed)


def _html_place(element: Element, parent: Element | None) -> Iterator[Diagnostic]:
    if parent is None or parent.name not in facts().tags:
        return
    match facts().tags[parent.name].content:
        case "tags":
            yield lay.NESTING.at(element.name_span, say="html", name=element.name, parent=parent.name)
        case "none":
            yield lay.NESTING.at(element.name_span, say="empty", parent=parent.name)
        case "text" | "css" as only:
            yield lay.NESTING.at(element.name_span, say=f"only-{only}", name=element.name, parent=parent.name)


def _content(element: Element) -> Iterator[Diagnostic]:
    row = facts().tags.get(element.name)
    styled = (row is not None and row.content == "css") or element.name.lower() == "style"
    for node in element.children:
        if not isinstance(node, Words):
            continue
        if styled:
            yield from check_css(node.text, node.span)
            if element.get("inline") is not None:
                yield from _at_rules(node)
            continue
        yield from _entities(node)
        if row is not None and row.content in ("tags", "none") and not _QUIET.fullmatch(node.text):
            say = "text" if row.content == "tags" else "empty"
            yield lay.NESTING.at(_trimmed(node), say=say, parent=element.name)


def _at_rules(sheet: Words) -> Iterator[Diagnostic]:
    """Rules that can't be written into the tags' own `style`."""
    for match in re.finditer(r"@[\w-]+", sheet.text):
        place = within(sheet.text, sheet.span, *match.span())
        yield lay.ATTRIBUTE_VALUE.at(place, say="at-rule", value=match[0])


def _raw_in_head(raw: Element) -> Iterator[Diagnostic]:
    for node in raw.children:
        if isinstance(node, Words) and not _QUIET.fullmatch(node.text):
            yield lay.NESTING.at(_trimmed(node), say="text", parent="mj-head")
        elif isinstance(node, Element) and node.name.lower() not in ("meta", "style"):
            yield lay.NESTING.at(node.name_span, say="in-head", name=node.name)


def _entities(words: Words) -> Iterator[Diagnostic]:
    for match in _ENTITY.finditer(words.text):
        if match[1] is None:
            number = match[0][2:-1]
            code = int(number[1:], 16) if number[0] in "xX" else int(number)
            if code > 0x10FFFF or markup.FORBIDDEN.match(chr(code)):
                place = within(words.text, words.span, *match.span())
                yield lay.FORBIDDEN_CHARACTER.at(place, character=f"U+{code:04X}")
        elif f"{match[1]};" not in html5:
            meant = nearest(match[1], _COMMON_ENTITIES)
            yield lay.STRAY_MARKUP.at(
                within(words.text, words.span, *match.span()),
                say="entity-near" if meant else "entity",
                name=match[0],
                meant=f"&{meant};",
            )


_COMMON_ENTITIES = ("amp", "lt", "gt", "quot", "apos", "nbsp", "copy", "reg", "euro", "ndash", "mdash", "shy", "hellip")


def _links(element: Element, around: tuple[Element, ...]) -> Iterator[Diagnostic]:
    if around and around[-1].name == "mj-attributes":
        return
    href = element.get("href")
    if href is None:
        if element.name in ("mj-button", "mj-navbar-link"):
            yield lay.LINK_SAFETY.at(element.name_span)
        return
    if element.name not in ("a", "mj-button", "mj-image", "mj-navbar-link"):
        return
    outer = next((other for other in around if other.name in ("a", "mj-button", "mj-navbar-link")), None)
    if outer is not None:
        yield lay.NESTING.at(element.name_span, say="link-in-link", parent=outer.name)
    if has_filler(href.value):
        for piece in fixed_pieces(href.value):
            yield from check_address(piece, href.span)
        return
    yield from check_address(href.value, href.span if href.span.end > href.span.start else href.name_span)
    words = visible_text(element)
    if not has_filler(words):
        yield from check_link_words(words, href.value, href.span)


def _trimmed(words: Words) -> Span:
    inner = words.text.strip()
    start = words.text.index(inner)
    return within(words.text, words.span, start, start + len(inner))
