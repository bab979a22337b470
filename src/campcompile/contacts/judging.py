"""One address, looked over: what is wrong with it, in words that never quote it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

from campcompile.contacts.lists import is_disposable, is_role, meant
from campcompile.runner.cells import typed_email
from campcompile.values import dataclass

Asked = Callable[[str], bool | None]  # does a domain take mail? None where nobody answered
_BLANKS = "\u00a0\u200b\u200c\u200d\ufeff\u3000\u2060"
_AROUND = " \t\r\n<>,;\"'" + _BLANKS


class Kind(Enum):
    """What a look finds; the value is what stands in the copy's column."""

    MISSING = "missing"
    UNREADABLE = "no address"
    RAGGED = "cells don't fit"
    TYPO = "slip"
    ROLE = "a desk's"
    DISPOSABLE = "disposable"
    NO_HOST = "takes no mail"
    UNASKED = "nobody answered"
    DUPLICATE = "duplicate"
    SHARED = "shared"

    @property
    def is_wrong(self) -> bool:
        """Can nothing be sent there, as it is?"""
        return self in (Kind.MISSING, Kind.UNREADABLE, Kind.RAGGED, Kind.NO_HOST)


@dataclass(frozen=True, slots=True)
class Remark:
    kind: Kind
    words: str  # a clause without any part of an address but the name of a mailbox service


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An address as it should be written, and what is to be said about it."""

    address: str  # as read where it couldn't be
    domain: str  # "" where it couldn't be read
    remarks: tuple[Remark, ...]


def judged(cell: str, takes_mail: Asked | None = None) -> Judged:
    """Blanks, brackets and `mailto:` around an address are taken off, and its domain is in small letters.

    Example: `" <Kari@GMIAL.com> "` is `Kari@gmial.com`, with the remark that `gmail.com` may be meant.
    """
    bare = _bare(cell)
    if not bare:
        return Judged(address=cell, domain="", remarks=(Remark(Kind.MISSING, "no address"),))
    try:
        address = typed_email(bare)
    except ValueError as error:
        return Judged(address=cell, domain="", remarks=(Remark(Kind.UNREADABLE, str(error)),))
    local_part, _, domain = address.rpartition("@")
    return Judged(address=address, domain=domain, remarks=tuple(_remarks(local_part, domain, takes_mail)))


def _bare(cell: str) -> str:
    bare = cell.strip(_AROUND)
    if bare[:7].lower() == "mailto:":
        bare = bare[7:].strip(_AROUND)
    return bare.rstrip(".")


def _remarks(local_part: str, domain: str, takes_mail: Asked | None) -> Iterator[Remark]:
    if service := meant(domain):
        yield Remark(Kind.TYPO, f"its domain is one slip away from {service}")
    elif is_disposable(domain):
        yield Remark(Kind.DISPOSABLE, "its service lends addresses for minutes")
    if is_role(local_part):
        yield Remark(Kind.ROLE, "whoever sits at that desk reads it")
    if takes_mail is not None:
        answer = takes_mail(domain)
        if answer is None:
            yield Remark(Kind.UNASKED, "nobody answered for its domain")
        elif not answer:
            yield Remark(Kind.NO_HOST, "its domain takes no mail")
