"""FHIRPath as a tree: what a view's column or condition asks of a resource, and of which type that is."""

from __future__ import annotations

from typing import TypeAlias

from campcompile.plan.fhir.elements import type_below
from campcompile.values import dataclass

Constant: TypeAlias = str | int | float | bool


class PathError(Exception):
    """A part of a path that can't be read, or isn't among what views may use here."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Literal:
    value: Constant


@dataclass(frozen=True, slots=True)
class This:
    """What the path begins in: the resource, or what `forEach` or `where` is at."""


@dataclass(frozen=True, slots=True)
class Step:
    """Into an element of each item; `deceased.ofType(boolean)` is the step `deceasedBoolean`."""

    of: Path
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    of: Path
    place: int  # from 0


@dataclass(frozen=True, slots=True)
class Call:
    of: Path
    function: str
    arguments: tuple[Path, ...]  # a type's name is a Literal


@dataclass(frozen=True, slots=True)
class Compare:
    sign: str
    left: Path
    right: Path


@dataclass(frozen=True, slots=True)
class Logic:
    word: str  # and, or
    left: Path
    right: Path


Path: TypeAlias = Literal | This | Step | Index | Call | Compare | Logic


def type_of(path: Path, this: str) -> str:
    """The FHIR type of what a path brings, where it begins in one of type `this`; "" where that isn't known."""
    match path:
        case This():
            return this
        case Step(of, name):
            return type_below(type_of(of, this), name)
        case Index(of, _) | Call(of, "first" | "where", _):
            return type_of(of, this)
        case Call(_, "extension", _):
            return "Extension"
        case Call(_, "iif", (_, chosen, *_)):
            return type_of(chosen, this)
        case _:
            return ""
