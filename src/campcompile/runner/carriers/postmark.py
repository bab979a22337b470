"""Postmark: one message a request (`POST /email`); what one may leave goes by the broadcast stream, as Postmark asks.

`X-PM-KeepID` lets our Message-ID stand; it is in `Metadata`, too, which its events carry.
"""

from __future__ import annotations

from typing import Any

from campcompile.runner.api import Answer
from campcompile.runner.carriers.carrier import Carrier, Order, Wishes
from campcompile.runner.carriers.letter import Enclosure, letter_of, mailbox
from campcompile.runner.message import Envelope
from campcompile.runner.services import MAILERS

_GONE = 406  # ErrorCode: bounced or complained before, and Postmark writes there no more
_ADDRESS = 300  # ErrorCode: no address


def _order(envelope: Envelope, token: str, wishes: Wishes) -> Order:
    letter = letter_of(envelope)
    headers = {**letter.headers, "Message-ID": f"<{token}@{letter.sender.rpartition('@')[2]}>", "X-PM-KeepID": "true"}
    body: dict[str, Any] = {
        "From": mailbox(letter.name, letter.sender),
        "To": letter.recipient,
        "Subject": letter.subject,
        "HtmlBody": letter.html,
        "TextBody": letter.text,
        "TrackOpens": False,
        "TrackLinks": "None",
        "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
        "Metadata": {"message": token},
        "MessageStream": "broadcast" if "List-Unsubscribe" in letter.headers else "outbound",
    }
    if letter.reply_to:
        body["ReplyTo"] = letter.reply_to
    if letter.enclosures:
        body["Attachments"] = [_attachment(enclosure) for enclosure in letter.enclosures]
    return Order(path="/email", body=body)


def _attachment(enclosure: Enclosure) -> dict[str, str]:
    made = {"Name": enclosure.name, "Content": enclosure.base64, "ContentType": enclosure.media_type}
    return {**made, "ContentID": f"cid:{enclosure.cid}"} if enclosure.cid else made


def _code(answer: Answer) -> object:
    return answer.data.get("ErrorCode") if isinstance(answer.data, dict) else None


CARRIER = Carrier(
    service=MAILERS["postmark"],
    order=_order,
    is_taken=lambda answer: answer.is_good and _code(answer) == 0,
    is_refused=lambda answer: _code(answer) in (_ADDRESS, _GONE),
    is_gone=lambda answer: _code(answer) == _GONE,
    encrypts=lambda environment: False,
)
