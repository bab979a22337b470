"""One person's message as bytes of e-mail: the headers that it must have, and none that tells more."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from campcompile.errors import BundleError, RenderError
from campcompile.manifest import Manifest, Sender
from campcompile.render import Message
from campcompile.runner.headers import header_line, mailbox_line, text_line
from campcompile.runner.mime import Picture, mime_body
from campcompile.values import dataclass

_MUST_CARRY = ("List-Unsubscribe", "List-Unsubscribe-Post")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What SMTP is told, and the message itself, CRLF at the line ends."""

    sender: str
    recipient: str
    data: bytes
    portal_html: str = ""  # what the portal must show before the message goes; "" where nothing must
    portal_text: str = ""
    portal_calendar: str = ""  # "" for none


@dataclass(frozen=True, slots=True, kw_only=True)
class Bodies:
    """Both bodies of a message as MIME parts, and the pictures that the HTML shows."""

    text: bytes
    html: bytes
    pictures: tuple[Picture, ...] = ()


def content_id(name: str, token: str) -> str:
    """What the HTML of one message calls a picture, after `cid:`."""
    return f"{name}@{token}"


def date_line(instant: datetime) -> bytes:
    """RFC 5322, in UTC and in English whatever the machine's locale: `Date: Thu, 05 Mar 2026 09:00:00 +0000`."""
    return _date_line(instant.astimezone(UTC).replace(microsecond=0))


@lru_cache(maxsize=2)
def _date_line(at: datetime) -> bytes:
    return header_line("Date", f"{_DAYS[at.weekday()]}, {at:%d} {_MONTHS[at.month - 1]} {at:%Y %H:%M:%S} +0000")


def compose(
    manifest: Manifest,
    message: Message,
    bodies: Bodies,
    recipient: str,
    *,
    sender: Sender,
    token: str,
    now: datetime,
) -> Envelope:
    """The message to one recipient.

    `token` is opaque and unique; it names the message, and its pictures as `content_id` does. Raises
    BundleError where a message that isn't essential lacks the headers of RFC 8058: it must not go.
    Raises RenderError for a recipient's own address of opting out that is too long for a header.
    """
    _demand_opt_out(manifest, message)
    head = [
        mailbox_line("From", sender.name, sender.email),
        mailbox_line("To", "", recipient),
        *([mailbox_line("Reply-To", "", sender.reply_to)] if sender.reply_to else []),
        text_line("Subject", message.subject),
        date_line(now),
        header_line("Message-ID", f"<{token}@{_domain(sender)}>"),
        *(_personal(name, value) for name, value in message.headers.items()),
        header_line("Auto-Submitted", "auto-generated"),
    ]
    attached = "" if message.portal_html else message.calendar
    body = mime_body(bodies.text, bodies.html, bodies.pictures, token, attached)
    return Envelope(
        sender=sender.email,
        recipient=recipient,
        data=b"".join([*head, body]),
        portal_html=message.portal_html,
        portal_text=message.portal_text,
        portal_calendar=message.calendar if message.portal_html else "",
    )


def _demand_opt_out(manifest: Manifest, message: Message) -> None:
    missing = [name for name in _MUST_CARRY if not message.headers.get(name)]
    if manifest.layer != "essential" and missing:
        raise BundleError(
            f"campaign `{manifest.code}` is {manifest.layer}, and its messages lack {missing[0]}",
            help="give the workspace an `opt_out` with `one_click`, and compile again",
        )


def _personal(name: str, value: str) -> bytes:
    """A header with a recipient's own address in it, which may be too long for a line."""
    try:
        return header_line(name, value)
    except ValueError as error:
        raise RenderError(str(error)) from None


def _domain(sender: Sender) -> str:
    return sender.email.rpartition("@")[2]
