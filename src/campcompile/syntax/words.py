"""An author's words as written: literal text, merge fields, conditions and Markdown, each with its span."""

from __future__ import annotations

from typing import TypeAlias

from campcompile.syntax.expression import Expression, Name
from campcompile.syntax.source import Span
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Literal text, decoded (Markdown escapes and entities resolved, template syntax gone)."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Merge:
    """`{{ name }}` or `{{ name | filter }}`; `span` covers what stands between the braces, trimmed."""

    name: Name
    filter: str  # "" for none; else date, weekday, time, elapsed
    filter_span: Span
    span: Span


@dataclass(frozen=True, slots=True)
class Arm:
    """One `{% if %}`, `{% elif %}` or (condition None) `{% else %}` with what it shows."""

    condition: Expression | None
    children: tuple[Inline, ...]
    span: Span  # the tag, from `{%` to `%}`
    is_unread: bool = False  # its condition couldn't be read (a finding says so): it is no `else`


@dataclass(frozen=True, slots=True)
class When:
    """`{% if %} … {% elif %} … {% else %} … {% endif %}`: at most one arm shows."""

    arms: tuple[Arm, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Strong:
    children: tuple[Inline, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Emphasis:
    children: tuple[Inline, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Link:
    """`[words](links.book)` or `[words](https://…)`; `target` as written."""

    target: str
    target_span: Span
    children: tuple[Inline, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Break:
    """A hard line break (two spaces or a backslash at the line's end)."""

    span: Span


Inline: TypeAlias = Words | Merge | When | Strong | Emphasis | Link | Break


@dataclass(frozen=True, slots=True)
class Paragraph:
    children: tuple[Inline, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 2 or 3
    children: tuple[Inline, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `start` is the first number of an ordered list, None for bullets. Items are blocks."""

    items: tuple[tuple[Paragraph, ...], ...]
    start: int | None
    span: Span


Block: TypeAlias = Paragraph | Heading | Bullets
RichText: TypeAlias = tuple[Block, ...]
