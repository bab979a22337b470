"""Styling is what the sheets, attributes and ancestors of an element make of it: colours, sizes, room for words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from campcompile.analysis.colours import CLEAR, colour_over
from campcompile.analysis.css import Rule, declarations, pixels, read_sheet
from campcompile.regex import regex

SCREEN_PX = 600.0  # as wide as a mail client's column is where a layout doesn't say
NORMAL_LINE = 1.2  # of the size: what browsers take for `normal`
_SHEET = regex(r"<style\b([^>]*)>(.*?)</style", re.DOTALL | re.IGNORECASE)
_COLUMN = regex(r"mj-column-(per|px)-(\d+(?:-\d+)?)")
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_HEADING_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67}


class Mode(NamedTuple):
    """What an element hands down to those in it, for one of the two modes."""

    colour: str
    ground: str
    around: str


class Styled:
    """An open element, with what holds inside it."""

    __slots__ = (
        "classes", "dark", "edge", "height_px", "hidden", "id", "is_bold", "light", "line", "link", "links",
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
        self.light = self.dark = Mode("#000000", "#ffffff", "#ffffff")
        self.width_px = SCREEN_PX
        self.link: Styled | None = None  # the link around
        self.links: list[Styled] = []  # the links that are its children
        self.edge = ""
        self.spoken = False  # words stand in it
        self.pictured: tuple[float, float] | None = None  # the size of a picture in it
        self.height_px = 0.0

    @property
    def line_px(self) -> float:
        value, is_share = self.line
        return value * self.size_px if is_share else value


class Sheets:
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

    def of(self, element: Styled, around: Sequence[Styled]) -> list[tuple[int, Rule]]:
        keys = (*element.classes, element.tag, "")
        return [
            (number, rule) for key in keys for number, rule in self.found.get(key, ()) if rule.matches(element, around)
        ]


def styled(sheets: Sheets, open_ones: Sequence[Styled], tag: str, attributes: dict[str, str]) -> Styled:
    """An element with what its own styles and the sheets say, over what is handed down."""
    parent = open_ones[-1]
    element = Styled(tag, attributes)
    inline, inline_important = declarations(attributes.get("style", ""))
    rules = sheets.of(element, open_ones[1:])
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


def _cascaded(rules: list[tuple[int, Rule]], inline: Mapping[str, str], important: frozenset[str]) -> dict[str, str]:
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


def _size(tag: str, values: dict[str, str], parent: Styled) -> float:
    size = pixels(values.get("font-size", ""), parent.size_px)
    return size if size is not None else parent.size_px * _HEADING_SIZES.get(tag, 1.0)


def _line(values: dict[str, str], parent: Styled, size_px: float) -> tuple[float, bool]:
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


def _width(element: Styled, attributes: dict[str, str], around: float) -> float:
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


def _mode(parent: Mode, values: dict[str, str], tag: str) -> Mode:
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
    return Mode(ink, ground, around)


def _edge(values: dict[str, str], light: Mode) -> str:
    """The colour of a border all round, "" without one."""
    border = values.get("border", "")
    width = next((pixels(part, 0) for part in border.split() if pixels(part, 0) is not None), None)
    if not border or border == "none" or not width or "none" in border.split():
        return ""
    found = (colour_over(part, light.around or "#ffffff") for part in border.split())
    return next((colour for colour in found if colour), light.colour)
