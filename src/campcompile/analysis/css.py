"""CSS as a compiled page has it: sheets become rules, rules meet elements; a small part of the language is enough."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol

from campcompile.regex import regex
from campcompile.values import dataclass

_COMMENT = regex(r"/\*.*?\*/", re.DOTALL)
_COMPOUND = regex(r"([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_STEP = regex(r"\s*(>)\s*|\s+")
_LENGTH = regex(r"(-?[0-9]*\.?[0-9]+)(px|pt|em|rem|%)?")
_DEEPEST = 4  # of @media within @media
_SIDES = ("top", "right", "bottom", "left")


class Matched(Protocol):
    """An element that a selector may be held against, and those around it, outermost first."""

    tag: str
    classes: frozenset[str]
    id: str


class Step(NamedTuple):
    """One compound of a selector: `td.cc-row`, and whether the next one before it must be its parent."""

    tag: str  # "" for any
    classes: frozenset[str]
    id: str
    is_child: bool

    def fits(self, element: Matched) -> bool:
        return (
            (not self.tag or self.tag == element.tag)
            and self.classes <= element.classes
            and (not self.id or self.id == element.id)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector of a rule set with its declarations; `steps` from the element outwards."""

    steps: tuple[Step, ...]
    weight: tuple[int, int, int]  # specificity
    declarations: Mapping[str, str]
    important: frozenset[str]
    media: str  # "" for every screen

    def matches(self, element: Matched, around: Sequence[Matched]) -> bool:
        """Whether the selector means `element`; `around` are its ancestors, outermost first."""
        return self.steps[0].fits(element) and (len(self.steps) == 1 or _matches(self.steps, around))


@lru_cache(maxsize=32)
def read_sheet(text: str) -> tuple[Rule, ...]:
    """The rules of a sheet in order. Selectors that no client needs to read words (`:hover`) are left out."""
    return tuple(_rule_sets(_COMMENT.sub("", text), "", _DEEPEST))


def _rule_sets(text: str, media: str, deeper: int) -> Iterator[Rule]:
    at = 0
    while (opening := text.find("{", at)) >= 0:
        prelude = text[at:opening].strip().rpartition(";")[2].strip()
        closing = _closing(text, opening)
        inside, at = text[opening + 1 : closing], closing + 1
        if prelude.startswith("@media") and deeper:
            yield from _rule_sets(inside, prelude[6:].strip(), deeper - 1)
        elif not prelude.startswith("@"):
            yield from _rules(prelude, inside, media)


@lru_cache(maxsize=1024)
def declarations(text: str) -> tuple[Mapping[str, str], frozenset[str]]:
    """`a:b; c:d !important` as a mapping with long names, and the names of those that are important.

    Remembered: a page writes the same few styles into every cell.
    """
    found: dict[str, str] = {}
    important = set()
    for part in text.split(";"):
        name, colon, value = part.partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon or not value:
            continue
        is_important = value.endswith("!important")
        for long, one in _long_forms(name, value.removesuffix("!important").strip()):
            found[long] = one
            if is_important:
                important.add(long)
    return found, frozenset(important)


def pixels(value: str, of: float = 0.0) -> float | None:
    """A length in px; `em` and `%` are shares of `of`. None for what is no length."""
    found = _LENGTH.fullmatch(value)
    if found is None:
        return None
    number, unit = float(found[1]), found[2]
    match unit:
        case "pt":
            return number * 4 / 3
        case "em":
            return number * of
        case "rem":
            return number * 16
        case "%":
            return number * of / 100
        case _:
            return number


def _closing(text: str, opening: int) -> int:
    depth = 0
    for found in re.compile(r"[{}]").finditer(text, opening):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.start()
    return len(text)


def _rules(prelude: str, inside: str, media: str) -> Iterator[Rule]:
    found, important = declarations(inside)
    for selector in prelude.split(","):
        steps = _steps(selector.strip())
        if steps and found:
            ids = sum(bool(step.id) for step in steps)
            classes = sum(len(step.classes) for step in steps)
            tags = sum(bool(step.tag) for step in steps)
            yield Rule(steps, (ids, classes, tags), found, important, media)


def _steps(selector: str) -> tuple[Step, ...]:
    """The compounds of a selector from right to left; none where it says more than tags, classes and ids."""
    steps: list[Step] = []
    at, is_child = 0, False
    while at < len(selector):
        compound = _COMPOUND.match(selector, at)
        if compound is None or not compound[0]:
            return ()
        names = re.findall(r"([.#])([\w-]+)", compound[2])
        tag = (compound[1] or "").lower().replace("*", "")
        classes = frozenset(name for sign, name in names if sign == ".")
        steps.append(Step(tag, classes, next((name for sign, name in names if sign == "#"), ""), is_child))
        at = compound.end()
        gap = _STEP.match(selector, at)
        if at < len(selector) and gap is None:
            return ()
        is_child = bool(gap and gap[1])
        at = gap.end() if gap else at
    return tuple(reversed(steps))


def _matches(steps: tuple[Step, ...], around: Sequence[Matched]) -> bool:
    """Whether the outer compounds find their elements: those that each may mean, from the inside outwards."""
    places = {len(around)}
    for inner, step in pairwise(steps):
        tried = {place - 1 for place in places if place} if inner.is_child else range(max(places))
        places = {place for place in tried if step.fits(around[place])}
        if not places:
            return False
    return True


def _long_forms(name: str, value: str) -> Iterable[tuple[str, str]]:
    """`padding: 1px 2px` as its four sides, `border` as its width and colour, `background` as a colour or a picture."""
    if name in ("padding", "margin"):
        sizes = value.split()[:4]
        top, right, bottom, left = (sizes * 4)[:4] if len(sizes) != 3 else (*sizes, sizes[1])
        return [(f"{name}-{side}", size) for side, size in zip(_SIDES, (top, right, bottom, left), strict=True)]
    if name == "background":
        colour = re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)", value)
        plain = value.split()[0] if re.fullmatch(r"[a-zA-Z]+", value.split()[0]) and "url" not in value else ""
        ground = colour[0] if colour else (plain or "transparent")
        return [("background-color", ground), ("background-image", "url" if "url(" in value else "none")]
    return [(name, value)]
