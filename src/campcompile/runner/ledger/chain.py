"""The audit: every change in a hash chain, one link after the other; what was changed or taken out breaks it.

Each writer has a chain of its own, so that two needn't wait for each other; its first link holds the heads of all
chains that were there before. What is cut off at the very end shows against a head that somebody has kept: `audit`
prints them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry of the audit."""

    writer: str
    number: int  # 1 is the writer's first
    at: int  # milliseconds since 1970, UTC
    what: str  # "turn", "plan", "pause" …
    details: str  # JSON
    digest: str

    def as_json(self) -> str:
        """A line of an export."""
        at = datetime.fromtimestamp(self.at / 1000, UTC).isoformat(timespec="milliseconds")
        shown: dict[str, Any] = {"writer": self.writer, "number": self.number, "at": at, "what": self.what}
        return json.dumps({**shown, "details": json.loads(self.details), "digest": self.digest}, ensure_ascii=False)


def following(before: str, writer: str, number: int, at: int, what: str, details: str) -> str:
    """The digest of a link whose forerunner has the digest `before` ("" for the first)."""
    return sha256("\n".join((before, writer, str(number), str(at), what, details)).encode()).hexdigest()


def faults(links: Iterable[Link]) -> list[str]:
    """What is wrong with chains whose links come in order, by writer and number; nothing where they are whole."""
    found: list[str] = []
    heads: dict[str, str] = {}
    numbers: dict[str, int] = {}
    named: dict[str, str] = {}
    for link in links:
        expected = following(heads.get(link.writer, ""), link.writer, link.number, link.at, link.what, link.details)
        if link.number != numbers.get(link.writer, 0) + 1:
            found.append(f"{link.writer}: link {numbers.get(link.writer, 0) + 1} is missing")
        elif link.digest != expected:
            found.append(f"{link.writer}: link {link.number} was changed")
        if link.number == 1:
            named |= _heads_in(link)
        heads[link.writer], numbers[link.writer] = link.digest, link.number
    found += [f"{writer}: the whole chain is missing" for writer in named if writer not in heads]
    return found


def _heads_in(link: Link) -> Mapping[str, str]:
    known = json.loads(link.details).get("heads", {})
    return known if isinstance(known, dict) else {}
