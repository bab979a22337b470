"""A carrier takes one message a request. What a request says and an answer means is in the carrier's own file."""

from __future__ import annotations

from collections.abc import Callable

from campcompile.runner.api import Answer
from campcompile.runner.keys import Environment
from campcompile.runner.message import Envelope
from campcompile.runner.services import Service
from campcompile.values import dataclass

_RECIPIENT = frozenset({400, 422})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is asked of a carrier beside the message itself."""

    tls: bool = False  # to the mailbox, or not at all
    configuration: str = ""  # of Amazon SES: the name of a configuration set


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One request to send one message."""

    path: str
    body: object  # JSON, or bytes of `content_type`
    content_type: str = "application/json"


def is_good(answer: Answer) -> bool:
    return answer.is_good


def is_about_recipient(answer: Answer) -> bool:
    """Where a service doesn't tell better: what it can't read is somebody's address."""
    return answer.status in _RECIPIENT


def _never(answer: Answer) -> bool:
    return False


def _always(environment: Environment) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """`order` makes the request for a message and its token, which the service keeps and tells in its events."""

    service: Service
    order: Callable[[Envelope, str, Wishes], Order]
    is_taken: Callable[[Answer], bool] = is_good
    is_refused: Callable[[Answer], bool] = is_about_recipient  # for this recipient; what else is no is our account's
    is_gone: Callable[[Answer], bool] = _never  # nothing is written to this mailbox again
    encrypts: Callable[[Environment], bool] = _always  # whether it can be made to deliver encrypted or not at all
    shows_pictures: bool = True  # inside a message
