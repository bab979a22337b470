"""A test message: one e-mail to an address that was allowed when the preview was started, marked as a test."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from html import escape
from typing import Any

from campcompile.draft import Draft
from campcompile.errors import DeliveryError, UsageError
from campcompile.preview.mail import mail_json
from campcompile.preview.workshop import View
from campcompile.runner.cells import typed_email
from campcompile.runner.headers import header_line, mailbox_line, text_line
from campcompile.runner.message import Envelope, content_id, date_line
from campcompile.runner.mime import Picture, mime_body, text_part
from campcompile.runner.smtp import Smtp
from campcompile.runner.transport import Fate

_MARK = re.compile(r"<!--/?cc\d+-->")
_PICTURE = re.compile(r'"picture/([0-9a-f]+\.[a-z]+)"')
_BODY = re.compile(r"<body[^>]*>")
_BANNER = "margin:0;padding:8px;background:#ffe9a8;color:#3d2f00;font:14px sans-serif"
_NOTE = "This is a test from campcompile's preview. The person in it is made up."


class Trial:
    """Sends tests to a mail server, and to nobody but those allowed."""

    def __init__(self, server: str, allowed: tuple[str, ...], clock: Any) -> None:
        """Raises UsageError for an address that is none, or a server that isn't this machine."""
        self.allowed = tuple(_address(text) for text in allowed)
        self.server = server
        self.clock = clock
        if not Smtp(server).place.is_this_machine:
            raise UsageError(f"`{server}` is not this machine, and tests stay on it", help="use localhost:PORT")

    def send(self, view: View, kind: str, typed: Mapping[str, str], day: date, to: str) -> dict[str, Any]:
        """Raises CampcompileError where it didn't go."""
        if to not in self.allowed:
            raise UsageError("this address was not allowed", help="start the preview with --test-to ADDRESS")
        mail = mail_json(view, kind, typed, day)
        if "unprintable" in mail:
            raise UsageError(str(mail["unprintable"]))
        token = uuid.uuid4().hex
        connection = Smtp(self.server)
        connection.open()
        try:
            outcome = connection.deliver(_envelope(view, mail, to, token, self.clock()), token)
        finally:
            connection.close()
        if outcome.fate is not Fate.ACCEPTED:
            raise DeliveryError(outcome.reason)
        return {"sent": to, "server": self.server}


def _envelope(view: View, mail: Mapping[str, Any], to: str, token: str, now: datetime) -> Envelope:
    sender = view.message.campaign.sender
    shown: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        shown[found[1]] = content_id(found[1], token)
        return f'"cid:{shown[found[1]]}"'

    html = _PICTURE.sub(named, _MARK.sub("", mail["html"]))
    banner = (
        f'<p style="margin:0;padding:8px;background:#ffe9a8;color:#3d2f00;font:14px sans-serif">{escape(_NOTE)}</p>'
    )
    html = _BODY.sub(lambda body: body[0] + banner, html, count=1)
    head = [
        mailbox_line("From", sender.name, sender.email),
        mailbox_line("To", "", to),
        text_line("Subject", f"[Test] {mail['subject']}"),
        date_line(now),
        header_line("Message-ID", f"<{token}@{sender.email.rpartition('@')[2]}>"),
        header_line("X-Campcompile-Test", "yes"),
        header_line("Auto-Submitted", "auto-generated"),
    ]
    pictures = [_picture(name, cid, view.draft) for name, cid in shown.items()]
    body = mime_body(text_part("plain", f"{_NOTE}\n\n{mail['text']}"), text_part("html", html), pictures, token)
    return Envelope(sender=sender.email, recipient=to, data=b"".join(head) + body)


def _picture(name: str, cid: str, draft: Draft) -> Picture:
    asset = next(asset for asset in draft.programme.assets.values() if asset.name == name)
    return Picture(name=name, cid=cid, media_type=asset.media_type, content=draft.files[asset.path])


def _address(text: str) -> str:
    try:
        return typed_email(text)
    except ValueError as error:
        raise UsageError(f"`{text}` {error}", help="write an address such as you@clinic.example") from None
