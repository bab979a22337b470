"""An identifier is a range of a text that points at one person; the practice's own details are none."""

from __future__ import annotations

from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class Identifier:
    """`start` and `end` are code points of the author's text."""

    kind: str  # "norwegian-id", "phone", …: a word for messages, stable
    start: int
    end: int
    hipaa: str  # A to R of 45 CFR 164.514(b)(2)(i)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDetails:
    """What the practice says of itself, and may say to everybody."""

    names: tuple[str, ...] = ()  # of the practice and its sites
    domains: tuple[str, ...] = ()  # with all below them
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    address_lines: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()  # registrations, licences, bank accounts
    staff: tuple[str, ...] = ()
    public_numbers: tuple[str, ...] = ()
