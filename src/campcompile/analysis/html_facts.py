"""HTML facts are what a reader meets in a compiled page: its languages, visible words, links and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from campcompile.regex import regex
from campcompile.values import dataclass

_HTML_TAG = regex(r"<html\b([^>]*)>", re.IGNORECASE)
_TITLE = regex(r"<title\b[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_ATTRIBUTE = regex(r"""([a-zA-Z:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# `font-size:0` is no sign of hiding: MJML sets it on every cell and sets it again inside.
_HIDING = ("display:none", "display: none", "visibility:hidden", "visibility: hidden")


@dataclass(frozen=True, slots=True)
class HtmlLink:
    href: str  # flat: a slot is a mark
    words: str
    visible: bool


@dataclass(frozen=True, slots=True)
class HtmlImage:
    src: str
    alt: str | None  # None where there is no attribute


@dataclass(frozen=True, slots=True)
class Wrapper:
    """An outermost visible element of the body: what webmail keeps when it strips <html>."""

    tag: str
    lang: str
    dir: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlFacts:
    lang: str
    dir: str
    title: str
    wrappers: tuple[Wrapper, ...]
    lines: tuple[str, ...]  # visible words as elements part them, white space collapsed
    links: tuple[HtmlLink, ...]
    images: tuple[HtmlImage, ...]

    @property
    def words(self) -> str:
        return " ".join(self.lines)


def read_html(html: str) -> HtmlFacts:
    """The facts of a whole flat page: every branch shows. Of the head only the title is read; of comments nothing."""
    root = _HTML_TAG.search(html)
    attributes = _attributes(root[1]) if root else {}
    title = _TITLE.search(html)
    written = _without_hidden_words(_without_comments(html[max(html.find("<body"), 0) :]))
    body = LexborHTMLParser(written).body
    if body is None:
        return HtmlFacts(
            lang=attributes.get("lang", ""), dir=attributes.get("dir", ""), title="",
            wrappers=(), lines=(), links=(), images=(),
        )  # fmt: skip
    images = tuple(HtmlImage(node.attributes.get("src") or "", _alt(node)) for node in body.css("img"))
    # Innermost first: a node that left with its parent must not be touched again.
    links = [link for node in reversed(_hidden(body, written)) for link in _take_out(node)]
    links.extend(_link(node, visible=True) for node in body.css("a[href]"))
    return HtmlFacts(
        lang=attributes.get("lang", ""),
        dir=attributes.get("dir", ""),
        title=_collapse(unescape(title[1])) if title else "",
        wrappers=tuple(_wrapper(node) for node in body.iter()),
        lines=tuple(filter(None, map(_collapse, body.text(separator="\n").split("\n")))),
        links=tuple(links),
        images=images,
    )


class LinkLook(NamedTuple):
    """A link as it is styled in the page itself; sheets aside."""

    words: str  # "" where it is a picture
    styles: tuple[str, ...]  # the `style` of the link and of what it stands in, innermost first


def link_looks(html: str, href: str) -> tuple[LinkLook, ...]:
    """Every link of a flat page whose address begins so, in reading order."""
    body = LexborHTMLParser(_without_comments(html[max(html.find("<body"), 0) :])).body
    nodes = body.css("a[href]") if body is not None else []
    return tuple(
        LinkLook(_collapse(node.text(separator=" ")), tuple(_styles(node)))
        for node in nodes
        if (node.attributes.get("href") or "").startswith(href)
    )


def _styles(node: LexborNode | None) -> Iterator[str]:
    while node is not None:
        if style := node.attributes.get("style"):
            yield style
        node = node.parent


def _without_comments(html: str) -> str:
    """Outlook's conditional tables repeat the page in comments; nobody else sees them, and parsing is what costs."""
    first, *rest = html.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def _without_hidden_words(html: str) -> str:
    """Hidden elements that hold words alone, such as the preheader, needn't be parsed to be left out."""
    at = html.find(_HIDING[0])
    while at >= 0:
        start, tag_end = html.rfind("<", 0, at), html.find(">", at)
        end = html.find("<", tag_end)
        if start >= 0 and tag_end >= 0 and html.startswith("</", end):
            html = html[:start] + html[html.find(">", end) + 1 :]
            at = start
        else:
            at += 1
        at = html.find(_HIDING[0], at)
    return html


def _hidden(body: LexborNode, written: str) -> list[LexborNode]:
    """Elements that hide what is in them, in document order; a selector for each sign that occurs is dear enough."""
    signs = [f'[style*="{declaration}"]' for declaration in _HIDING if declaration in written]
    return body.css(",".join(signs)) if signs else []


def _take_out(hidden: LexborNode) -> list[HtmlLink]:
    links = [_link(node, visible=False) for node in hidden.css("a[href]")]
    hidden.decompose()
    return links


def _link(node: LexborNode, *, visible: bool) -> HtmlLink:
    words = _collapse(node.text(separator=" "))
    if not words and (image := node.css_first("img")):
        words = _alt(image) or ""
    return HtmlLink(node.attributes.get("href") or "", words, visible)


def _alt(image: LexborNode) -> str | None:
    attributes = image.attributes
    return (attributes["alt"] or "") if "alt" in attributes else None


def _wrapper(node: LexborNode) -> Wrapper:
    attributes = node.attributes
    return Wrapper(node.tag or "", attributes.get("lang") or "", attributes.get("dir") or "")


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): double or single for name, double, single in _ATTRIBUTE.findall(text)}


def _collapse(text: str) -> str:
    return " ".join(text.split())
