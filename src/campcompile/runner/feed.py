"""A feed of events, such as a mail server's log made into JSON lines, and what it says of messages that are unknown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from campcompile.errors import UsageError
from campcompile.runner.carriers.events import told_by_service
from campcompile.runner.ledger.account import unknown_by_token, written_by_token
from campcompile.runner.ledger.entry import Doubt, Finished, Policy, State
from campcompile.runner.ledger.ledger import ALL, Ledger
from campcompile.runner.ledger.orders import settle, suppress
from campcompile.values import dataclass

ARRIVED = ("accepted", "delivered", "opened", "clicked", "complained", "unsubscribed")
REFUSED = ("bounced", "rejected")
_SOURCES = {"bounced": "late bounce", "complained": "complaint", "unsubscribed": "person"}
_MARGIN = timedelta(minutes=10)  # a server may take so long to answer the final dot (RFC 5321, 4.5.3.2.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What was seen of one message."""

    token: str  # its Message-ID, up to the @
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What became of what was unknown."""

    sent: int
    failed: int
    again: int  # planned once more: it didn't arrive, and there is still time
    left: int
    suppressed: int  # addresses that get no more, or less


def read_feed(lines: Iterable[str]) -> Iterator[Event]:
    """JSON lines: a service's own events, one a line or several in a list; or `message` (a Message-ID, or what it
    begins with) and `event`. Raises UsageError for another."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            told = [pair for one in _each(found) for pair in _told(one)]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise UsageError(
                f"line {number} of the feed isn't an event",
                help='write {"message": "<…@clinic.example>", "event": "delivered"}, one a line, or a service\'s own',
            ) from None
        for message, kind in told:
            if kind not in (*ARRIVED, *REFUSED):
                raise UsageError(f"line {number} of the feed has an unknown event", help=_advice(kind))
            yield Event(token=token_of(message), kind=kind)


def _each(found: object) -> list[object]:
    return found if isinstance(found, list) and found else [found]


def _told(found: Any) -> tuple[tuple[str, str], ...]:
    """Message and kind; none for a service's event of somebody else's mail. Raises KeyError or TypeError for none."""
    told = told_by_service(found)
    return told if told is not None else ((str(found["message"]), str(found["event"])),)


def _advice(kind: str) -> str:
    known = (*ARRIVED, *REFUSED)
    near = get_close_matches(kind, known, n=1)
    return (f"did you mean `{near[0]}`? " if near else "") + f"there are {', '.join(map('`{}`'.format, known))}"


def token_of(message_id: str) -> str:
    """What names our message in a Message-ID: `<TOKEN@clinic.example>`."""
    return message_id.strip().removeprefix("<").partition("@")[0]


def clear_up(
    ledger: Ledger, events: Iterable[Event], covers_until: datetime | None, now: datetime, margin: timedelta = _MARGIN
) -> Cleared:
    """What a feed shows becomes sent or failed; what it would show if it had arrived goes again, if its policy is so.

    Bounces, complaints and leavers are heeded whatever was known of the message. `covers_until`: the feed is complete
    up to this instant. What went later stays unknown, and so does what goes at most once and wasn't seen.
    """
    doubts = unknown_by_token(ledger)
    kinds: dict[str, str] = {}
    troubles: dict[str, str] = {}
    for event in events:
        if event.kind in _SOURCES:
            troubles[event.token] = event.kind
        if event.token in doubts and kinds.get(event.token) not in REFUSED:
            kinds[event.token] = event.kind
    certain = covers_until - margin if covers_until else None
    ends = [end for token, doubt in doubts.items() if (end := _end(doubt, kinds.get(token), certain, now))]
    settle(ledger, ends, now, "feed")
    states = [end.state for end in ends]
    return Cleared(
        sent=states.count(State.SENT),
        failed=states.count(State.FAILED),
        again=states.count(State.PLANNED),
        left=len(doubts) - len(ends),
        suppressed=_suppressed(ledger, troubles, now),
    )


def _suppressed(ledger: Ledger, troubles: Mapping[str, str], now: datetime) -> int:
    """Who bounced or complained gets nothing more; who left gets nothing more of that layer."""
    found = written_by_token(ledger, troubles.keys()) if troubles else {}
    count = 0
    for kind, source in _SOURCES.items():
        whom = [found[token] for token, seen in troubles.items() if seen == kind and token in found]
        rows = [(address, layer if kind == "unsubscribed" else ALL) for address, layer in whom if address]
        count += suppress(ledger, rows, now, source)
    return count


def _end(doubt: Doubt, kind: str | None, certain: datetime | None, now: datetime) -> Finished | None:
    if kind in ARRIVED:
        return Finished(doubt.key, State.SENT, "seen by a feed")
    if kind in REFUSED:
        return Finished(doubt.key, State.FAILED, "refused, as a feed says")
    if doubt.policy is Policy.RECONCILE and certain is not None and doubt.claimed <= certain and now <= doubt.expires:
        return Finished(doubt.key, State.PLANNED, "not seen by a feed")
    return None
