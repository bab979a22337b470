"""SendGrid: one personalization a request (`POST /v3/mail/send`, official specification of twilio/sendgrid-oai).

It knows no idempotency key; `custom_args` come back in its events.
"""

from __future__ import annotations

from typing import Any

from campcompile.runner.carriers.carrier import Carrier, Order, Wishes
from campcompile.runner.carriers.letter import Enclosure, letter_of
from campcompile.runner.message import Envelope
from campcompile.runner.services import SERVICES

_OFF = {"enable": False}


def _order(envelope: Envelope, token: str, wishes: Wishes) -> Order:
    letter = letter_of(envelope)
    body: dict[str, Any] = {
        "personalizations": [{"to": [{"email": letter.recipient}], "custom_args": {"message": token}}],
        "from": {"email": letter.sender, **({"name": letter.name} if letter.name else {})},
        "subject": letter.subject,
        "content": [{"type": "text/plain", "value": letter.text}, {"type": "text/html", "value": letter.html}],
        "tracking_settings": {
            "click_tracking": {**_OFF, "enable_text": False},
            "open_tracking": _OFF,
            "subscription_tracking": _OFF,
        },
    }
    if letter.reply_to:
        body["reply_to"] = {"email": letter.reply_to}
    if letter.headers:
        body["headers"] = letter.headers
    if letter.enclosures:
        body["attachments"] = [_attachment(enclosure) for enclosure in letter.enclosures]
    return Order(path="/v3/mail/send", body=body)


def _attachment(enclosure: Enclosure) -> dict[str, str]:
    made = {"content": enclosure.base64, "type": enclosure.media_type, "filename": enclosure.name}
    if enclosure.cid:
        return {**made, "disposition": "inline", "content_id": enclosure.cid}
    return {**made, "disposition": "attachment"}


CARRIER = Carrier(service=SERVICES["sendgrid"], order=_order, encrypts=lambda environment: False)
