"""A message read back from its bytes, for services that want its pieces instead."""

from __future__ import annotations

import re
from base64 import b64encode
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from campcompile.runner.message import Envelope
from campcompile.values import dataclass

_OURS = ("List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted")
_FOLD = re.compile(r"\r?\n(?=[ \t])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A picture, or a file."""

    name: str
    media_type: str
    base64: str
    cid: str  # what the HTML calls it by; "" for a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The pieces; addresses are bare."""

    name: str  # the sender's
    sender: str
    reply_to: str  # "" for none
    recipient: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]  # which services don't write themselves: List-Unsubscribe and the like
    enclosures: tuple[Enclosure, ...]


def letter_of(envelope: Envelope) -> Letter:
    """What `compose` made, and nothing else: its headers are ASCII but for addresses, which the envelope has."""
    message = message_from_bytes(envelope.data)
    bodies = {"text/plain": "", "text/html": ""}
    enclosures: list[Enclosure] = []
    for part in message.walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_content_type() in bodies:
            bodies[part.get_content_type()] = content.decode("utf-8")
        else:
            enclosures.append(_enclosure(part, content))
    return Letter(
        name=parseaddr(_words(message, "From"))[0],
        sender=envelope.sender,
        reply_to=parseaddr(_words(message, "Reply-To"))[1],
        recipient=envelope.recipient,
        subject=_words(message, "Subject"),
        text=bodies["text/plain"],
        html=bodies["text/html"],
        headers={name: _words(message, name) for name in _OURS if name in message},
        enclosures=tuple(enclosures),
    )


def mailbox(name: str, address: str) -> str:
    """`"Clinic, Bergen" <care@clinic.example>`: quoted, for services that encode it themselves."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>' if name else address


def _enclosure(part: Message, content: bytes) -> Enclosure:
    return Enclosure(
        name=part.get_filename() or "",
        media_type=part.get_content_type(),
        base64=b64encode(content).decode(),
        cid=str(part.get("Content-ID", "")).strip("<>"),
    )


def _words(message: Message, name: str) -> str:
    value = _FOLD.sub("", str(message.get(name, "")))
    return str(make_header(decode_header(value))) if "=?" in value else value
