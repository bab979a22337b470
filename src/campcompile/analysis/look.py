"""The look of a compiled page: the colours and sizes of its words, its links as targets, its headings.

A page is walked once for all messages that are built alike, and what looks alike in it is told once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from campcompile.analysis.colours import CLEAR, colour_over
from campcompile.analysis.css import Rule, declarations, pixels, read_sheet
from campcompile.analysis.flat import flat
from campcompile.model.campaign import Programme
from campcompile.model.rendered import RenderedEmail
from campcompile.values import dataclass

SCREEN_PX = 600.0  # as wide as a mail client's column is where a layout doesn't say
NORMAL_LINE = 1.2  # of the size: what browsers take for `normal`
_TOKEN = re.compile(r"""<!--.*?-->|<(/?)([a-zA-Z][\w:-]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>|([^<]+)""", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_OF_WORDS = (' href="', ' src="', ' alt="', ' title="', ' aria-label="', ' lang="')
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_SHEET = re.compile(r"<style\b([^>]*)>(.*?)</style", re.DOTALL | re.IGNORECASE)
_COLUMN = re.compile(r"mj-column-(per|px)-(\d+(?:-\d+)?)")
_VOID = frozenset({"br", "img", "hr", "meta", "input", "link", "wbr", "col"})
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_HEADING_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67}
_RUNNING = frozenset({"p", "li", "span", "strong", "em", "b", "i", "h1", "h2", "h3", "h4", "h5", "h6"})
_INVISIBLE = re.compile(r"[\s\u034f\u00ad\u200b-\u200f\u2060\ufeff\x01]*")
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
    is_picture: bool
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
    walk = _Walk(_Sheets(html[: max(body, 0)]))
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


class _Mode(NamedTuple):
    """What an element hands down to those in it, for one of the two modes."""

    colour: str
    ground: str
    around: str


class _Element:
    """An open element, with what holds inside it."""

    __slots__ = (
        "classes", "dark", "edge", "height_px", "hidden", "id", "is_bold", "light", "line", "link",
        "pictured", "size_px", "spoken", "tag", "values", "width_px",
    )  # fmt: skip

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.classes = frozenset(attributes.get("class", "").split())
        self.id = attributes.get("id", "")
        self.values: dict[str, str] = {}
        self.hidden = False
        self.size_px = 16.0
        self.line: tuple[float, bool] = (NORMAL_LINE, True)  # and whether it is a share of the size
        self.is_bold = False
        self.light = self.dark = _Mode("#000000", "#ffffff", "#ffffff")
        self.width_px = SCREEN_PX
        self.link: _Element | None = None  # the link around
        self.edge = ""
        self.spoken = False  # words stand in it
        self.pictured: tuple[float, float] | None = None  # the size of a picture in it
        self.height_px = 0.0

    @property
    def line_px(self) -> float:
        value, is_share = self.line
        return value * self.size_px if is_share else value


class _Sheets:
    """The page's rules, found by the class or tag that their last compound asks for."""

    def __init__(self, head: str) -> None:
        self.found: defaultdict[str, list[tuple[int, Rule]]] = defaultdict(list)
        number = 0
        for attributes, text in _SHEET.findall(head):
            if "media=" in attributes:
                continue  # for one screen or client alone
            for rule in read_sheet(text):
                if rule.media and "prefers-color-scheme" not in rule.media:
                    continue
                step = rule.steps[0]
                self.found[next(iter(step.classes), "") or step.tag].append((number, rule))
                number += 1

    def of(self, element: _Element, around: Sequence[_Element]) -> list[tuple[int, Rule]]:
        keys = (*element.classes, element.tag, "")
        return [
            (number, rule) for key in keys for number, rule in self.found.get(key, ()) if rule.matches(element, around)
        ]


class _Walk:
    """One way through a page's tags."""

    def __init__(self, sheets: _Sheets) -> None:
        self.sheets = sheets
        self.open: list[_Element] = [_Element("", {})]
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
        element = self._styled(tag, attributes)
        if tag == "a" and "href" in attributes:
            element.link = element
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" and not element.hidden:
            self.headings.append(int(tag[1]))
        self.open.append(element)

    def _close(self, tag: str) -> None:
        if not any(element.tag == tag for element in self.open[1:]):
            return
        while (element := self.open.pop()).tag != tag:
            pass
        if element.link is element:
            self.targets.extend(self._target(element))

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        link = self.open[-1].link
        if tag == "img" and link is not None:
            picture = self._styled(tag, attributes)
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
        if element.link:
            element.link.spoken = True
        self.runs.append(
            Run(
                light=Ink(*element.light),
                dark=Ink(*element.dark),
                size_px=round(element.size_px, 2),
                line_height=round(element.line_px / element.size_px, 2),
                is_bold=element.is_bold,
                is_link=element.link is not None,
                width_px=round(element.width_px, 1),
            )
        )

    def _target(self, link: _Element) -> Iterator[Target]:
        if link.hidden or not (link.spoken or link.pictured):
            return
        values = {**_NO_SPACE, **link.values}
        parent = self.open[-1]
        is_block = link.values.get("display", "inline") in ("block", "inline-block")
        holder = next((one for one in reversed(self.open) if one.tag in ("td", "div", "p", "li")), parent)
        own_ground = link.values.get("background-color", CLEAR) != CLEAR or bool(link.edge)
        cell_ground = holder.tag == "td" and is_block and holder.values.get("background-color", CLEAR) != CLEAR
        is_button = is_block and (own_ground or (cell_ground and link.light.ground != link.light.around))
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
            is_button=is_button,
            is_picture=link.pictured is not None and not link.spoken,
            light=Ink(*link.light),
            dark=Ink(*link.dark),
            edge=link.edge,
        )

    def _styled(self, tag: str, attributes: dict[str, str]) -> _Element:
        """An element with what its own styles and the sheets say, over what is handed down."""
        parent = self.open[-1]
        element = _Element(tag, attributes)
        inline, inline_important = declarations(attributes.get("style", ""))
        rules = self.sheets.of(element, self.open[1:])
        values = _cascaded([one for one in rules if not one[1].media], inline, inline_important)
        if "bgcolor" in attributes:
            values.setdefault("background-color", attributes["bgcolor"])
        element.values = values
        element.link = parent.link
        element.hidden = parent.hidden or _is_hidden(values)
        element.size_px = _size(tag, values, parent)
        element.line = _line(values, parent, element.size_px)
        weight = values.get("font-weight", "")
        element.is_bold = _is_bold(weight) if weight else (tag in _BOLD or parent.is_bold)
        element.width_px = _width(element, attributes, parent.width_px)
        element.light = _mode(parent.light, values, tag)
        has_dark = any(rule.media for _, rule in rules)
        dark = _cascaded(rules, inline, inline_important) if has_dark else values
        if "bgcolor" in attributes:
            dark.setdefault("background-color", attributes["bgcolor"])
        element.dark = _mode(parent.dark, dark, tag)
        element.edge = _edge(values, element.light)
        return element


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): one or two or bare for name, one, two, bare in _ATTRIBUTE.findall(text)}


def _cascaded(rules: list[tuple[int, Rule]], inline: dict[str, str], important: frozenset[str]) -> dict[str, str]:
    """The declarations that win: sheets by weight and order, then the style attribute, then what is important."""
    ordered = [rule for _, rule in sorted(rules, key=lambda one: (one[1].weight, one[0]))]
    values: dict[str, str] = {}
    for rule in ordered:
        values |= rule.declarations
    values |= inline
    for rule in ordered:
        values |= {name: rule.declarations[name] for name in rule.important}
    return values | {name: inline[name] for name in important}


def _is_hidden(values: dict[str, str]) -> bool:
    return (
        values.get("display") == "none"
        or values.get("visibility") == "hidden"
        or (values.get("overflow") == "hidden" and pixels(values.get("max-height", ""), 0) == 0)
    )


def _size(tag: str, values: dict[str, str], parent: _Element) -> float:
    size = pixels(values.get("font-size", ""), parent.size_px)
    return size if size is not None else parent.size_px * _HEADING_SIZES.get(tag, 1.0)


def _line(values: dict[str, str], parent: _Element, size_px: float) -> tuple[float, bool]:
    stated = values.get("line-height", "")
    if not stated or stated == "inherit":
        return parent.line
    if stated == "normal":
        return NORMAL_LINE, True
    value = pixels(stated, size_px)
    if value is None:
        return parent.line
    return value, stated.replace(".", "").isdecimal()


def _is_bold(weight: str) -> bool:
    return weight in ("bold", "bolder") or (weight.isdecimal() and int(weight) >= 700)


def _width(element: _Element, attributes: dict[str, str], around: float) -> float:
    """The width that words have in an element on a wide screen."""
    values = element.values
    stated = values.get("width", "") or attributes.get("width", "")
    width = around if not stated or stated.endswith("%") or stated == "auto" else pixels(stated, 0) or around
    most = values.get("max-width", "")
    if most and not most.endswith("%"):
        width = min(width, pixels(most, element.size_px) or width)
    elif not stated:
        width = around
    for name in element.classes:
        if found := _COLUMN.fullmatch(name):
            share = float(found[2].replace("-", "."))
            width = around * share / 100 if found[1] == "per" else share
    sides = (pixels(values.get(f"padding-{side}", "0"), element.size_px) or 0.0 for side in ("left", "right"))
    return max(width - sum(sides), 0.0)


def _mode(parent: _Mode, values: dict[str, str], tag: str) -> _Mode:
    """Colours inside an element. An unknown ground is "": nothing can be said of words on it."""
    ground, around = parent.ground, parent.around
    stated = values.get("background-color", "")
    pictured = "url" in values.get("background-image", "")
    if stated and stated != CLEAR:
        behind = parent.ground or "#ffffff"
        own = colour_over(stated, behind) or ""
        if own != parent.ground:
            around = parent.ground
        ground = own
    if pictured and (not stated or stated == CLEAR):
        ground = ""
    colour = values.get("color", "")
    if colour in ("", "inherit"):
        ink = "#0000ee" if tag == "a" and not colour else parent.colour
    else:
        ink = colour_over(colour, ground or "#ffffff") or ""
    opacity = values.get("opacity", "")
    if opacity and ink and ground and opacity.replace(".", "", 1).isdecimal() and float(opacity) < 1:
        ink = colour_over(f"rgba({','.join(str(int(ink[i : i + 2], 16)) for i in (1, 3, 5))},{opacity})", ground) or ink
    return _Mode(ink, ground, around)


def _edge(values: dict[str, str], light: _Mode) -> str:
    """The colour of a border all round, "" without one."""
    border = values.get("border", "")
    width = next((pixels(part, 0) for part in border.split() if pixels(part, 0) is not None), None)
    if not border or border == "none" or not width or "none" in border.split():
        return ""
    found = (colour_over(part, light.around or "#ffffff") for part in border.split())
    return next((colour for colour in found if colour), light.colour)
