"""Words and conditions after binding: every name is a field, every merge field a typed node with a formula."""

from __future__ import annotations

from typing import TypeAlias

from campcompile.formula import Formula
from campcompile.model.labels import Label
from campcompile.syntax.source import Span
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A typed yes/no. Only *true* selects, shows or stops."""

    formula: Formula
    reads: frozenset[str]  # names of the fields read, `is set` too
    label: Label  # the join over all fields read
    implies_set: frozenset[str]  # fields that are surely set where this is true
    span: Span
    words: str = ""  # the condition as written


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A merge field: a value as words, in the locale of the text that it stands in."""

    formula: Formula  # of type text
    field: str  # "recipient" resolved: "patient.first_name"; for practice.x, "practice.name"
    filter: str  # "" | date | weekday | time | elapsed
    reads: frozenset[str]
    label: Label
    span: Span


@dataclass(frozen=True, slots=True)
class Arm:
    condition: Condition | None
    children: Inlines


@dataclass(frozen=True, slots=True)
class When:
    arms: tuple[Arm, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Strong:
    children: Inlines


@dataclass(frozen=True, slots=True)
class Emphasis:
    children: Inlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a link or button goes: a fixed https address, or one address a recipient (a url field).

    `address` is "" exactly where `print` is set. mailto: and tel: addresses are made by layouts alone.
    """

    address: str = ""
    print: Print | None = None
    span: Span


@dataclass(frozen=True, slots=True)
class Link:
    target: Target
    children: Inlines
    span: Span


@dataclass(frozen=True, slots=True)
class Break:
    pass


Inline: TypeAlias = "Words | Print | When | Strong | Emphasis | Link | Break"
Inlines: TypeAlias = "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class Paragraph:
    children: Inlines


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 2 or 3
    children: Inlines


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[tuple[Paragraph, ...], ...]
    start: int | None  # first number of an ordered list


RichBlock: TypeAlias = "Paragraph | Heading | Bullets"
RichText: TypeAlias = "tuple[RichBlock, ...]"
