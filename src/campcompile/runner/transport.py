"""What takes messages away, and what it says became of one."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from campcompile.runner.message import Envelope
from campcompile.values import dataclass


class Fate(Enum):
    """What is known of a message that was handed over."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good
    DEFERRED = "deferred"  # certainly not taken: it may be tried again
    UNKNOWN = "unknown"  # it may have been taken


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message; `reason` is in our words, for a server's often quote the address."""

    fate: Fate
    reason: str = ""
    is_open: bool = True  # whether the connection can take another
    is_gone: bool = False  # there is no such mailbox


ACCEPTED = Outcome(Fate.ACCEPTED)


class Transport(Protocol):
    """Takes messages away, one at a time."""

    def open(self) -> None:
        """Raises DeliveryError where nobody takes them."""

    def deliver(self, envelope: Envelope, token: str) -> Outcome:
        """Hands one message over. Raises DeliveryError where no other can be taken either, and this one wasn't."""

    def close(self) -> None: ...
