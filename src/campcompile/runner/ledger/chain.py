"""The audit: every change in a hash chain, one link after the other; what was changed or taken out breaks it.

What is cut off at the very end shows against a head that somebody has kept: `audit` prints it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry of the audit."""

    chain: str
    number: int  # 1 is the first
    at: int  # milliseconds since 1970, UTC
    what: str  # "turn", "plan", "pause" …
    details: str  # JSON
    digest: str

    def as_json(self) -> str:
        """A line of an export."""
        at = datetime.fromtimestamp(self.at / 1000, UTC).isoformat(timespec="milliseconds")
        shown: dict[str, Any] = {"chain": self.chain, "number": self.number, "at": at, "what": self.what}
        return json.dumps({**shown, "details": json.loads(self.details), "digest": self.digest}, ensure_ascii=False)


def following(before: str, chain: str, number: int, at: int, what: str, details: str) -> str:
    """The digest of a link whose forerunner has the digest `before` ("" for the first)."""
    return sha256("\n".join((before, chain, str(number), str(at), what, details)).encode()).hexdigest()


def faults(links: Iterable[Link]) -> list[str]:
    """What is wrong with chains whose links come in order, by chain and number; nothing where they are whole."""
    found: list[str] = []
    last: dict[str, Link] = {}
    for link in links:
        before = last.get(link.chain)
        number, head = (before.number + 1, before.digest) if before else (1, "")
        if link.number != number:
            found.append(f"{link.chain}: link {number} is missing")
        elif link.digest != following(head, link.chain, link.number, link.at, link.what, link.details):
            found.append(f"{link.chain}: link {link.number} was changed")
        last[link.chain] = link
    return found
