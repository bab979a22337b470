"""A compiled text is parts: literals, slots for one person's values, branches on a yes/no; never one string."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from campcompile.values import dataclass


class Context(Enum):
    """Where a slot stands, which decides how its value is escaped."""

    TEXT = "text"  # between tags of HTML
    ATTRIBUTE = "attribute"  # inside a quoted HTML attribute
    URL = "url"  # the whole of an href: must be https on the slot's host
    HEADER = "header"  # a header field's text: no line ends
    PLAIN = "plain"  # the plain text part
    CALENDAR = "calendar"  # a value of type TEXT in a calendar file


@dataclass(frozen=True, slots=True)
class Slot:
    name: str  # of a derived field of the manifest, e.g. "t3"
    context: Context


@dataclass(frozen=True, slots=True)
class Branch:
    """Shows `then` where the derived yes/no field is true, else `orelse`; unknown is not true."""

    name: str  # of a derived field of the manifest, e.g. "c1"
    then: Parts
    orelse: Parts = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A reference to a picture of the bundle, in an attribute; printed as `../assets/NAME`."""

    name: str  # "3f2a9c1d5b7e8a40.png": digest and suffix


Part: TypeAlias = "str | Slot | Branch | Picture"
Parts: TypeAlias = "tuple[Part, ...]"
