"""A layout or block as a tree: literal markup, what is printed where, choices, repetitions, inclusions."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TypeAlias

from campcompile.parts import Context
from campcompile.syntax.expression import Expression, Name
from campcompile.syntax.mjml_tree import Tree
from campcompile.syntax.source import Source, Span
from campcompile.values import dataclass


class Place(Enum):
    """Where a print stands: `Context` says how its value is escaped, this what the value may be."""

    WORDS = "words"  # between tags that hold words, or anywhere in a plain-text layout
    MARKUP = "markup"  # between MJML tags: the value is MJML itself
    VALUE = "value"  # inside a quoted attribute, or in mj-title
    STYLE = "style"  # in a style, a colour, a length: the value is fixed, and plain CSS
    ADDRESS = "address"  # the whole of an address, or what follows `mailto:` or `tel:`


@dataclass(frozen=True, slots=True)
class Literal:
    """Markup as it goes into MJML: what stands in attributes is ASCII with character references."""

    text: str


@dataclass(frozen=True, slots=True)
class Output:
    """`{{ name }}` or `{{ name | filter }}`."""

    name: Name
    filter: str  # "" for none; else date, weekday, time, elapsed
    context: Context
    place: Place
    parent: str  # name of the element around it, "" at the top of a block
    span: Span  # what stands between the braces


@dataclass(frozen=True, slots=True)
class PictureUse:
    """`assets/NAME` written into a `src`: print its address in the bundle instead."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Arm:
    condition: Expression | None  # None: else
    nodes: tuple[LayoutNode, ...]
    span: Span  # the tag, from `{%` to `%}`


@dataclass(frozen=True, slots=True)
class Choice:
    """`{% if %} … {% elif %} … {% else %} … {% endif %}`; each arm is well formed by itself."""

    arms: tuple[Arm, ...]
    place: Place  # MARKUP: whole MJML elements are chosen from; VALUE: inside an attribute
    span: Span


@dataclass(frozen=True, slots=True)
class Repeat:
    """`{% for variable in items %} … {% endfor %}`."""

    variable: str
    items: Name
    nodes: tuple[LayoutNode, ...]
    place: Place  # MARKUP: whole MJML elements are repeated; VALUE: inside an attribute
    span: Span


@dataclass(frozen=True, slots=True)
class Inclusion:
    """`{% include "blocks/footer.mjml" %}`; the name is as seen from layouts/."""

    name: str
    parent: str  # name of the element around it, "" at the top of a block
    span: Span  # the name, quotes included


LayoutNode: TypeAlias = Literal | Output | PictureUse | Choice | Repeat | Inclusion


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name that a layout reads; within a repetition, `item.label` over `items` is `items[].label`."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class LayoutFile:
    """One file of layouts/, read and checked by itself."""

    source: Source
    nodes: tuple[LayoutNode, ...]
    tree: Tree  # its markup, template tags blanked out; empty for a plain-text layout
    names: tuple[NameUse, ...]
    fragment: bool  # a block, or what a layout includes: no whole `<mjml>`

    @property
    def outputs(self) -> tuple[Output, ...]:
        return tuple(node for node in self.walk() if isinstance(node, Output))

    @property
    def includes(self) -> tuple[Inclusion, ...]:
        return tuple(node for node in self.walk() if isinstance(node, Inclusion))

    @property
    def pictures(self) -> tuple[PictureUse, ...]:
        return tuple(node for node in self.walk() if isinstance(node, PictureUse))

    def walk(self) -> Iterator[LayoutNode]:
        """Every node, in reading order; a choice or repetition comes before what it holds."""
        waiting = list(reversed(self.nodes))
        while waiting:
            node = waiting.pop()
            yield node
            match node:
                case Choice():
                    waiting.extend(inner for arm in reversed(node.arms) for inner in reversed(arm.nodes))
                case Repeat():
                    waiting.extend(reversed(node.nodes))
