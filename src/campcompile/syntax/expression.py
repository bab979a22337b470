"""Conditions and printed values as written: the tree of the one expression language (language.md §6)."""

from __future__ import annotations

from typing import TypeAlias

from campcompile.syntax.source import Span
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name: a field, `practice.x`, `links.x`, or the bare word `goal`."""

    path: str  # "appointment.start"
    span: Span


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | int | float | bool
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """`age(patient.birth_date)`, `has(list, "x")`, `segment("name")`."""

    function: str
    args: tuple[Expression, ...]
    span: Span
    function_span: Span


@dataclass(frozen=True, slots=True)
class Compare:
    """`40 <= age(x) < 65`: first operand, then (operator, operand) pairs; operator is one of == != < <= > >=."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Membership:
    """`value in ["a", "b"]`, or `not in`."""

    operand: Expression
    choices: tuple[Literal, ...]
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class IsSet:
    """`field is set`, or `is not set`."""

    operand: Expression
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Not:
    operand: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple[Expression, ...]
    span: Span


Expression: TypeAlias = Name | Literal | Call | Compare | Membership | IsSet | Not | And | Or
