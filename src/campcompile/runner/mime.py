"""Bodies of a message as MIME: alternative(text, related(html, pictures)), every line short ASCII.

With a calendar file it is mixed(alternative(…), calendar): an attachment, so that a program which doesn't
show entries still offers to open it.

Made by hand: the standard library's email package would parse each header that it has just written,
at 5 ms a message, and folds differently from one Python to the next. Texts are quoted-printable or
base64, so no relay has to convert a part, which would break a DKIM signature (RFC 6376, 5.3).
"""

from __future__ import annotations

from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Sequence

from campcompile.calendar_file import MEDIA_TYPE
from campcompile.values import dataclass

CALENDAR_NAME = "event.ics"  # the same for every event: a file's name stands in logs and folders


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside a message: `cid` is what the HTML names it by."""

    name: str
    cid: str
    media_type: str
    content: bytes


def mime_body(text: str, html: str, pictures: Sequence[Picture], token: str, calendar: str = "") -> bytes:
    """MIME-Version, Content-Type and all that follows, CRLF at the line ends.

    `token` is unique; boundaries are made of it, with `=_`, which no encoded line holds.
    """
    rich = _text("html", html)
    if pictures:
        rich = _multipart("related", f"{token}_2", [rich, *map(_picture, pictures)])
    body = _multipart("alternative", f"{token}_1", [_text("plain", text), rich])
    if calendar:
        body = _multipart("mixed", f"{token}_0", [body, _calendar(calendar)])
    return b"MIME-Version: 1.0\r\n" + body


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    mark = f"--=_{boundary}".encode()
    inner = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts)
    head = f'Content-Type: multipart/{kind};\r\n boundary="=_{boundary}"\r\n\r\n'
    return head.encode() + inner + mark + b"--\r\n"


def _text(kind: str, text: str) -> bytes:
    # The last line is ended, too: without any line end b2a_qp would break lines by a bare LF.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    content = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")
    encoding, encoded = _encoded(content)
    return _part(f"text/{kind}; charset=utf-8", encoding, [], encoded)


def _encoded(content: bytes) -> tuple[str, bytes]:
    """Quoted-printable for mostly Latin text, which stays readable; base64 for Chinese and the like."""
    beyond = len(content) - len(content.translate(None, bytes(range(0x80, 0x100))))
    if 6 * beyond > len(content):
        return "base64", _base64(content)
    # b2a_qp leaves "From " and a dot at a line's start to others: SMTP doubles the dot, nobody here writes mbox
    return "quoted-printable", b2a_qp(content, quotetabs=False, istext=True)


def _picture(picture: Picture) -> bytes:
    more = [f"Content-ID: <{picture.cid}>", f'Content-Disposition: inline; filename="{picture.name}"']
    return _part(picture.media_type, "base64", more, _base64(picture.content))


def _calendar(lines: str) -> bytes:
    more = [f'Content-Disposition: attachment; filename="{CALENDAR_NAME}"']
    return _part(f'{MEDIA_TYPE}; name="{CALENDAR_NAME}"', "base64", more, _base64(lines.encode()))


def _part(content_type: str, encoding: str, more: Sequence[str], content: bytes) -> bytes:
    head = [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", *more]
    return "\r\n".join([*head, "", ""]).encode() + content


def _base64(content: bytes) -> bytes:
    return encodebytes(content).replace(b"\n", b"\r\n")
