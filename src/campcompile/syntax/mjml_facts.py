"""What MJML and the HTML of e-mails allow, from data/mjml.json: tags, attributes, and the types of their values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache

from campcompile.package_files import package_text
from campcompile.regex import regex
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class TagFacts:
    content: str  # tags | html | phrase | rows | text | css | none
    children: frozenset[str]
    attributes: Mapping[str, str]  # name → type, such as "lengths px %"


@dataclass(frozen=True, slots=True)
class Facts:
    tags: Mapping[str, TagFacts]
    parents: Mapping[str, tuple[str, ...]]
    dropped: Mapping[str, frozenset[str]]  # tag → attributes of MJML that mjml-python does not print
    refused: Mapping[str, str]  # tag of MJML → inclusion | remote | dropped
    html: frozenset[str]
    unsafe: frozenset[str]  # tags of HTML that no e-mail may hold
    void: frozenset[str]
    html_attributes: frozenset[str]
    html_links: frozenset[str]
    html_pictures: frozenset[str]
    colors: frozenset[str]


NO_DEFAULTS = frozenset({"link", "picture"})  # types whose values belong where they are used


@cache
def facts() -> Facts:
    """The facts, read once from the package."""
    data = json.loads(package_text("syntax/data/mjml.json"))
    tags = {
        name: TagFacts(row["content"], frozenset(row.get("children", ())), row["attributes"])
        for name, row in data["tags"].items()
    }
    # Every tag may stand under mj-attributes, as a default: that is no place for the tag itself.
    parents = {
        name: tuple(
            parent
            for parent, row in tags.items()
            if name in row.children and (parent != "mj-attributes" or name in ("mj-all", "mj-class"))
        )
        for name in tags
    }
    everything = {name: kind for row in tags.values() for name, kind in row.attributes.items()}
    for own in ("mj-class", "lang", "dir", "inline", "alt"):
        del everything[own]
    everything = {name: kind for name, kind in everything.items() if kind not in NO_DEFAULTS}
    tags["mj-all"] = TagFacts("none", frozenset(), everything)
    tags["mj-class"] = TagFacts("none", frozenset(), everything | {"name": "text"})
    html = data["html"]
    return Facts(
        tags=tags,
        parents=parents,
        dropped={tag: frozenset(names) for tag, names in data["dropped"].items()},
        refused=data["refused"],
        html=frozenset(html["tags"]),
        unsafe=frozenset(html["refused"]),
        void=frozenset(html["void"]),
        html_attributes=frozenset(html["attributes"]),
        html_links=frozenset(html["links"]),
        html_pictures=frozenset(html["pictures"]),
        colors=frozenset(data["colors"]),
    )


_NUMBER = r"\d{1,4}(?:\.\d{1,4})?"
_RGB = regex(rf"rgba?\((\s*{_NUMBER}%?\s*,){{2}}\s*{_NUMBER}%?\s*(,\s*{_NUMBER}%?\s*)?\)")
_HEX = regex(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_NOT_CSS = regex(r"[;{}<>\\@]|/\*|\*/|url\s*\(|expression\s*\(|javascript\s*:", re.IGNORECASE)


@cache
def _lengths(kind: str, units: tuple[str, ...]) -> re.Pattern[str]:
    unit = "|".join(re.escape(unit) for unit in units if unit != "1")
    plain = "1" in units
    number = f"-?{_NUMBER}" if kind == "signed" else _NUMBER
    words = "|auto" if "auto" in units else ""
    unit = unit.replace("|auto", "").replace("auto", "")
    one = rf"(?:0|{number}(?:{unit}){'?' if plain else ''}{words})"
    return re.compile(rf"{one}(?: +{one}){{0,3}}" if kind == "lengths" else one)


def fits(value: str, type_: str) -> bool:
    """Whether an attribute's value is of a type of data/mjml.json; a link or picture is judged elsewhere."""
    kind, *args = type_.split(" ")
    match kind:
        case "color":
            return is_color(value)
        case "length" | "lengths" | "signed":
            return _lengths(kind, tuple(args)).fullmatch(value) is not None
        case "choice":
            return value in args
        case "boolean":
            return value in ("true", "false")
        case "integer":
            return re.fullmatch(r"\d{1,4}", value) is not None
        case "css":
            return value != "" and _NOT_CSS.search(value) is None
    return True


def is_color(value: str) -> bool:
    return (
        _HEX.fullmatch(value) is not None
        or value in facts().colors
        or value == "transparent"
        or _RGB.fullmatch(value) is not None
    )


def described(type_: str) -> tuple[str, str]:
    """What a type is called, and how it is written: ("length", "a number with `px` or `%`, …")."""
    kind, *args = type_.split(" ")
    units = [unit for unit in args if unit not in ("1", "auto")]
    number = "a number with " + " or ".join(f"`{unit}`" for unit in units) if units else "a number"
    if "1" in args:
        number += ", or a bare number"
    if "auto" in args:
        number += ", or `auto`"
    match kind:
        case "color":
            return "colour", "it as `#1a2b3c`, or as a name such as `white`"
        case "lengths":
            return "length", f"{number}, or up to four of them with spaces between"
        case "length" | "signed":
            return "length", number
        case "boolean":
            return "yes or no", "`true` or `false`"
        case "integer":
            return "whole number", "a whole number without a unit"
    return kind, ", ".join(f"`{word}`" for word in args)
