"""One person's message as bytes of e-mail: text and HTML, pictures inside, and no header that tells more.

Bodies are quoted-printable or base64, so every line is short ASCII: no relay has to convert one, which
would break a DKIM signature (RFC 6376, 5.3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from campcompile.errors import BundleError, RenderError
from campcompile.manifest import Manifest, Sender
from campcompile.render import Message
from campcompile.runner.headers import header_line, mailbox_line, text_line

_MUST_CARRY = ("List-Unsubscribe", "List-Unsubscribe-Post")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What SMTP is told, and the message itself, CRLF at the line ends."""

    sender: str
    recipient: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    media_type: str
    content: bytes


def picture_address(token: str) -> Callable[[str], str]:
    """How the HTML of one message names its pictures: `cid:3f2a9c1d5b7e8a40.png@TOKEN`."""
    return lambda name: f"cid:{name}@{token}"


def compose(
    manifest: Manifest,
    message: Message,
    recipient: str,
    picture: Callable[[str], Picture],
    *,
    token: str,
    now: datetime,
) -> Envelope:
    """The message to one recipient.

    `token` is opaque and unique; it names the message and its pictures, which `message.html` must have
    by `picture_address(token)`. Raises BundleError where a message that isn't essential lacks the
    headers of RFC 8058: it must not go.
    """
    _demand_opt_out(manifest, message)
    sender = manifest.sender
    head = [
        mailbox_line("From", sender.name, sender.email),
        mailbox_line("To", "", recipient),
        *([mailbox_line("Reply-To", "", sender.reply_to)] if sender.reply_to else []),
        text_line("Subject", message.subject),
        header_line("Date", format_datetime(now.astimezone(UTC))),
        header_line("Message-ID", f"<{token}@{_domain(sender)}>"),
        *(_personal(name, value) for name, value in message.headers.items()),
        header_line("Auto-Submitted", "auto-generated"),
    ]
    data = b"".join(head) + _body(message, picture, token)
    return Envelope(sender=sender.email, recipient=recipient, data=data)


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


def _body(message: Message, picture: Callable[[str], Picture], token: str) -> bytes:
    """MIME-Version, Content-Type and all that follows: alternative(text, related(html, pictures))."""
    mail = EmailMessage(policy=SMTP)
    mail.set_content(message.text, cte=_encoding(message.text))
    mail.add_alternative(message.html, subtype="html", cte=_encoding(message.html))
    html = mail.get_payload(1)
    assert isinstance(html, EmailMessage)
    for name in message.pictures:
        shown = picture(name)
        maintype, _, subtype = shown.media_type.partition("/")
        html.add_related(shown.content, maintype, subtype, cid=f"<{name}@{token}>", disposition="inline", filename=name)
    mail.set_boundary(f"=_{token}_1")  # `=_` stands in no quoted-printable or base64 line
    if html.is_multipart():
        html.set_boundary(f"=_{token}_2")
    return mail.as_bytes()


def _encoding(text: str) -> str:
    """Quoted-printable for mostly Latin text, base64 for the rest: whichever is shorter."""
    content = text.encode("utf-8", "replace")
    beyond = sum(byte > 0x7E for byte in content)
    return "base64" if 2 * beyond > len(content) // 3 else "quoted-printable"
