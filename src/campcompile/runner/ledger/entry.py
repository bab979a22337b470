"""What a ledger holds of one thing that is to leave, and the states that it goes through."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from campcompile.values import dataclass


class State(StrEnum):
    """planned → claimed → one of the others; `unknown`: it was on its way when its sender died, or the line broke."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Policy(StrEnum):
    """What becomes of the unknown: never again, or again once a feed shows that it didn't arrive."""

    AT_MOST_ONCE = "at-most-once"
    RECONCILE = "reconcile-then-resend"


def policy_of(layer: str) -> Policy:
    """Who misses a newsletter loses nothing; who misses a reminder may miss a visit."""
    return Policy.RECONCILE if layer == "essential" else Policy.AT_MOST_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to leave, as it is planned. Instants have a zone."""

    key: bytes
    campaign: str  # its code
    item: str  # the e-mail's id, or the name of a request
    digest: str  # of the bundle that it is made from
    layer: str
    send: datetime
    expires: datetime
    quiet: tuple[datetime, datetime] | None = None  # not between these two
    person: bytes = b""  # HMAC of whom it is for; b"" for nobody
    address: bytes = b""  # HMAC of where it goes
    consent: str = ""  # the consent that it rests on; "" for another basis
    row: int = 0  # of the file that it was planned from, for people who look for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a claim is judged by, beside what the ledger itself knows."""

    now: datetime
    digest: str  # of the bundle in the sender's hands; "" once it was compiled anew
    cap: int | None = None  # how many of other campaigns a person may have had since `counted_since`
    counted_since: datetime | None = None
    agreed_since: datetime | None = None  # an older consent has worn out


@dataclass(frozen=True, slots=True)
class Sight:
    """Why something may not leave: for good (with the state it ends in), or not now (`planned`)."""

    state: State
    reason: str


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a claim. Back to `planned` with `not_before`: it may be tried again."""

    key: bytes
    state: State
    reason: str = ""
    not_before: datetime | None = None
    is_gone: bool = False  # there is no such mailbox: nothing is written there again


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer of one durable write."""

    claimed: tuple[bytes, ...]
    held: tuple[tuple[bytes, Sight], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Something that is unknown or on its way, as a person is shown it."""

    token: str  # what its Message-ID begins with
    campaign: str
    item: str
    row: int
    policy: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something unknown, as a feed is asked about it."""

    key: bytes
    policy: Policy
    claimed: datetime
    expires: datetime
