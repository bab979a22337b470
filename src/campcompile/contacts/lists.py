"""Lists of domains and names that a look at an address needs, as dated data."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from campcompile.package_files import package_text

_MAILBOXES = "rules/data/freemail.json"
_DISPOSABLE = "contacts/data/disposable.json"
_LOOKALIKES = "contacts/data/lookalikes.json"
_ROLES = "contacts/data/roles.json"
_LEAST = 5  # letters of a service's name: `live.se` is no slip for `live.fr`


def is_mailbox_service(domain: str) -> bool:
    """Do people have mail of their own there?"""
    return domain in _mailboxes()


def is_disposable(domain: str) -> bool:
    """Does the domain, or one above it, lend addresses for minutes?"""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in _disposable() for start in range(len(labels) - 1))


def is_role(local_part: str) -> bool:
    """Is it a desk's address, read by whoever sits there?"""
    return local_part.lower().partition("+")[0] in _roles()


@cache
def meant(domain: str) -> str:
    """The mailbox service that a domain is one slip away from: `gmial.com`, `gmail.con`; "" for none."""
    if is_mailbox_service(domain) or domain in _lookalikes():
        return ""
    return next((known for known in _targets() if _is_one_slip(domain, known)), "")


@cache
def _mailboxes() -> frozenset[str]:
    return frozenset(_read(_MAILBOXES)["domains"])


@cache
def _targets() -> tuple[str, ...]:
    return tuple(known for known in _read(_MAILBOXES)["domains"] if len(known.partition(".")[0]) >= _LEAST)


@cache
def _disposable() -> frozenset[str]:
    return frozenset(_read(_DISPOSABLE)["domains"])


@cache
def _lookalikes() -> frozenset[str]:
    return frozenset(_read(_LOOKALIKES)["domains"])


@cache
def _roles() -> frozenset[str]:
    return frozenset(_read(_ROLES)["roles"])


def _read(path: str) -> Any:
    return json.loads(package_text(path))


def _is_one_slip(written: str, known: str) -> bool:
    """One letter too many, too few or wrong, or two neighbours swapped."""
    if written == known or abs(len(written) - len(known)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(written, known, strict=False)) if a != b), -1)
    if start < 0:
        return True
    rest, other = written[start:], known[start:]
    if len(rest) != len(other):
        return rest[1:] == other or rest == other[1:]
    return rest[1:] == other[1:] or (rest[:2] == other[:2][::-1] and rest[2:] == other[2:])
