"""Reports that come back by mail: what couldn't be delivered (RFC 3464), and who complained (RFC 5965).

Only our own messages count, by the Message-ID in what the report returns: nobody can suppress somebody else by a letter
that looks like a report, for the token in a Message-ID is known to those who got it.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from campcompile.runner.feed import Event, token_of


def read_bounces(folder: Path) -> Iterator[Event]:
    """What the .eml files of a folder report, by name; other mail in it is passed over."""
    for path in sorted(folder.glob("*.eml")):
        event = bounce_of(path.read_bytes())
        if event is not None:
            yield event


def bounce_of(content: bytes) -> Event | None:
    """What one mail reports of one of ours; None where it reports nothing final."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    kind, returned = "", ""
    try:
        for part in message.walk():
            match part.get_content_type():
                case "message/delivery-status":
                    kind = "bounced" if _is_final(part) else kind
                case "message/feedback-report":
                    kind = "complained" if "abuse" in _text(part).lower() else kind
                case "message/rfc822" | "text/rfc822-headers":
                    returned = returned or _message_id(part)
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):  # of what isn't the mail it says it is
        return None
    return Event(token=token_of(returned), kind=kind) if kind and returned else None


def _is_final(part: EmailMessage) -> bool:
    """Whether any recipient's block says `Action: failed` with a status of class 5."""
    blocks = part.get_payload()
    fields = [block for block in blocks if hasattr(block, "get")] if isinstance(blocks, list) else []
    return any(
        str(block.get("Action", "")).strip().lower() == "failed"
        and str(block.get("Status", "")).strip().startswith("5")
        for block in fields
    )


def _message_id(part: EmailMessage) -> str:
    """Of the message that came back, whole or its headers alone."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0)
        return str(inner.get("Message-ID", "")) if hasattr(inner, "get") else ""
    return str(email.message_from_string(_text(part)).get("Message-ID", ""))


def _text(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        return content.decode("utf-8", "replace")
    inner = part.get_payload()
    return "\n".join(str(one) for one in inner) if isinstance(inner, list) else str(inner)
