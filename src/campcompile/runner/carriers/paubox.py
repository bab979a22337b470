"""Paubox's e-mail API: `POST /messages` (official OpenAPI, read 2026-11-22); encrypted, or by its portal.

It knows no idempotency key and no pictures inside a message, and may say 200 with `errors`. A header of ours comes back
in its answers and events.
"""

from __future__ import annotations

from typing import Any

from campcompile.runner.api import Answer
from campcompile.runner.carriers.carrier import Carrier, Order, Wishes
from campcompile.runner.carriers.letter import letter_of, mailbox
from campcompile.runner.message import Envelope
from campcompile.runner.services import MAILERS


def _order(envelope: Envelope, token: str, wishes: Wishes) -> Order:
    letter = letter_of(envelope)
    headers = {"subject": letter.subject, "from": mailbox(letter.name, letter.sender), "X-Message": token}
    if letter.reply_to:
        headers["reply-to"] = letter.reply_to
    headers |= {name: value for name, value in letter.headers.items() if name.startswith("List-")}
    message: dict[str, Any] = {
        "recipients": [letter.recipient],
        "headers": headers,
        "allowNonTLS": False,
        "content": {"text/plain": letter.text, "text/html": letter.html},
    }
    if letter.enclosures:
        message["attachments"] = [
            {"fileName": enclosure.name, "contentType": enclosure.media_type, "content": enclosure.base64}
            for enclosure in letter.enclosures
        ]
    return Order(path="/messages", body={"data": {"message": message}})


def _is_taken(answer: Answer) -> bool:
    return (
        answer.is_good and isinstance(answer.data, dict) and "sourceTrackingId" in answer.data and not _errors(answer)
    )


def _errors(answer: Answer) -> bool:
    return isinstance(answer.data, dict) and bool(answer.data.get("errors"))


CARRIER = Carrier(
    service=MAILERS["paubox"],
    order=_order,
    is_taken=_is_taken,
    is_refused=lambda answer: answer.status in (200, 400, 422) and _errors(answer),
    shows_pictures=False,
)
