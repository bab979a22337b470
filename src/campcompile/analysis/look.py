"""The look of a compiled page: the colours and sizes of its words, its links as targets, its headings.

A page is walked once for all messages that are built alike, and what looks alike in it is told once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from campcompile.analysis.colours import CLEAR
from campcompile.analysis.css import pixels
from campcompile.analysis.flat import flat
from campcompile.analysis.styling import Sheets, Styled, styled
from campcompile.model.campaign import Programme
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.values import dataclass

_TOKEN = regex(r"""<!--.*?-->|<(/?)([a-zA-Z][\w:-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>|([^<]+)""", re.DOTALL)
_TAG = regex(r"<[^>]*>")
_OF_WORDS = (' href="', ' src="', ' alt="', ' title="', ' aria-label="', ' lang="')
_ATTRIBUTE = regex(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_VOID = frozenset({"br", "img", "hr", "meta", "input", "link", "wbr", "col"})
_RUNNING = frozenset({"p", "li", "span", "strong", "em", "b", "i", "h1", "h2", "h3", "h4", "h5", "h6"})
_INVISIBLE = regex(r"[\s\u034f\u00ad\u200b-\u200f\u2060\ufeff\x01]*")
_NO_SPACE = {f"padding-{side}": "0" for side in ("top", "right", "bottom", "left")}


class Ink(NamedTuple):
    """Words on a ground, each `#rrggbb`; "" where that isn't known (a picture behind, a colour of another kind)."""

    colour: str
    ground: str
    around: str  # behind the ground, where a button has one of its own; else the ground


class Run(NamedTuple):
    """Words that look alike. `line_height` is a share of the size, `width_px` that of their column."""

    light: Ink
    dark: Ink  # where a client honours the page's own dark mode
    size_px: float
    line_height: float
    is_bold: bool
    is_link: bool
    width_px: float


class Target(NamedTuple):
    """A link that stands by itself: how high it is to a finger. `is_button`: it has a ground or edge of its own."""

    height_px: float
    width_px: float  # of what is around its words, or of its picture
    is_button: bool
    is_filled: bool  # with a ground of its own, not with an edge alone
    is_picture: bool
    picture_px: tuple[float, float]  # width and height of the picture itself; zeros without one
    light: Ink
    dark: Ink
    edge: str  # the colour of a button's border, "" without one


@dataclass(frozen=True, slots=True)
class Look:
    runs: tuple[Run, ...]
    targets: tuple[Target, ...]
    headings: tuple[int, ...]  # levels, in order


class Looks:
    """The looks of one compile's pages. Ask through `facts.once(Looks, facts.programme).of(message)`."""

    def __init__(self, _programme: Programme) -> None:
        self._known: dict[str, Look] = {}
        self._last: tuple[RenderedEmail | None, Look] = (None, Look((), (), ()))

    def of(self, message: RenderedEmail) -> Look:
        """The look of a message's page: read once for all whose tags, styles and sheets are the same."""
        if self._last[0] is not message:
            html = flat(message.html)
            key = _build(html)
            look = self._known.get(key)
            if look is None:
                look = self._known[key] = read_look(html)
            self._last = (message, look)
        return self._last[1]


def read_look(html: str) -> Look:
    """The look of a whole page: every arm of a condition shows."""
    body = html.find("<body")
    walk = _Walk(Sheets(html[: max(body, 0)]))
    walk.read(html[max(body, 0) :])
    return Look(tuple(dict.fromkeys(walk.runs)), tuple(dict.fromkeys(walk.targets)), tuple(walk.headings))


def _build(html: str) -> str:
    """What a page's look depends on: its sheets and tags, without addresses and words."""
    head, _, body = html.partition("<body")
    first, *rest = body.split("<!--")
    body = first + "".join(piece.partition("-->")[2] for piece in rest)
    tags = "".join(_TAG.findall(body))
    for attribute in _OF_WORDS:
        first, *rest = tags.split(attribute)
        tags = first + "".join(piece.partition('"')[2] for piece in rest)
    return head[max(head.find("<style"), 0) :] + tags


class _Walk:
    """One way through a page's tags."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self.open: list[Styled] = [Styled("", {})]
        self.runs: list[Run] = []
        self.targets: list[Target] = []
        self.headings: list[int] = []

    def read(self, body: str) -> None:
        for closing, tag, attributes, words in _TOKEN.findall(body):
            name = tag.lower()
            if words:
                self._words(words)
            elif closing:
                self._close(name)
            elif name in _VOID or attributes.rstrip().endswith("/"):
                self._void(name, _attributes(attributes))
            elif name:
                self._open(name, _attributes(attributes))

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        element = styled(self.sheets, self.open, tag, attributes)
        if tag == "a" and "href" in attributes:
            element.link = element
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" and not element.hidden:
            self.headings.append(int(tag[1]))
        self.open.append(element)

    def _close(self, tag: str) -> None:
        if not any(element.tag == tag for element in self.open[1:]):
            return
        while True:
            element = self.open.pop()
            for link in element.links:  # only now is it known whether words stand beside them
                self.targets.extend(self._target(link, element))
            if element.link is element:
                self.open[-1].links.append(element)
            if element.tag == tag:
                return

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        link = self.open[-1].link
        if tag == "img" and link is not None:
            picture = styled(self.sheets, self.open, tag, attributes)
            width = pixels(picture.values.get("width", "") or attributes.get("width", ""), 0) or 0.0
            width = pixels(attributes.get("width", ""), 0) or width
            height = pixels(attributes.get("height", ""), 0) or pixels(picture.values.get("height", ""), 0) or width
            link.pictured = (width, height)

    def _words(self, words: str) -> None:
        if _INVISIBLE.fullmatch(words) or _INVISIBLE.fullmatch(words.replace("&nbsp;", "").replace("&#160;", "")):
            return
        element = self.open[-1]
        if element.hidden or element.size_px < 1:
            return
        element.spoken = True
        if element.link:
            element.link.spoken = True
        self.runs.append(
            Run(
                light=Ink(*element.light),
                dark=Ink(*element.dark),
                size_px=round(element.size_px, 2),
                line_height=round(element.line_px / element.size_px, 4),
                is_bold=element.is_bold,
                is_link=element.link is not None,
                width_px=round(element.width_px, 1),
            )
        )

    def _target(self, link: Styled, parent: Styled) -> Iterator[Target]:
        if link.hidden or not (link.spoken or link.pictured):
            return
        values = {**_NO_SPACE, **link.values}
        is_block = link.values.get("display", "inline") in ("block", "inline-block")
        around = (parent, *reversed(self.open))
        holder = next((one for one in around if one.tag in ("td", "div", "p", "li")), parent)
        own_ground = link.values.get("background-color", CLEAR) != CLEAR
        cell_ground = holder.tag == "td" and is_block and holder.values.get("background-color", CLEAR) != CLEAR
        edge = link.edge or (holder.edge if cell_ground else "")  # MJML draws a button's border around its cell
        is_filled = is_block and (own_ground or (cell_ground and link.light.ground != link.light.around))
        if not is_block and (parent.tag in _RUNNING or parent.spoken):
            return  # a link within a sentence is as high as the sentence
        above, below = (pixels(values[f"padding-{side}"], link.size_px) or 0.0 for side in ("top", "bottom"))
        left, right = (pixels(values[f"padding-{side}"], link.size_px) or 0.0 for side in ("left", "right"))
        high = link.pictured[1] if link.pictured and not link.spoken else link.line_px
        wide = link.pictured[0] if link.pictured else 0.0
        stated = pixels(link.values.get("height", ""), 0) or 0.0
        in_cell = (pixels(holder.values.get("height", ""), 0) or 0.0) if cell_ground else 0.0
        yield Target(
            height_px=round(max(above + high + below, stated, in_cell), 1),
            width_px=round(left + wide + right, 1),
            is_button=is_filled or (is_block and bool(edge)),
            is_filled=is_filled,
            is_picture=link.pictured is not None and not link.spoken,
            picture_px=link.pictured or (0.0, 0.0),
            light=Ink(*link.light),
            dark=Ink(*link.dark),
            edge=edge,
        )


@lru_cache(maxsize=1024)
def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): one or two or bare for name, one, two, bare in _ATTRIBUTE.findall(text)}
