"""Bodies of a message as MIME: alternative(text, related(html, pictures)), every line short ASCII.

With a calendar file it is mixed(alternative(…), calendar): an attachment, so that a program which doesn't
show entries still offers to open it.

Made by hand: the standard library's email package would parse each header that it has just written,
at 5 ms a message, and folds differently from one Python to the next. Texts are quoted-printable or
base64, so no relay has to convert a part, which would break a DKIM signature (RFC 6376, 5.3).
"""

from __future__ import annotations

from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from campcompile.calendar_file import MEDIA_TYPE
from campcompile.values import dataclass

_LINE = 76  # RFC 2045, 6.8
CALENDAR_NAME = "event.ics"  # the same for every event: a file's name stands in logs and folders


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside a message: `cid` is what the HTML names it by."""

    name: str
    cid: str
    media_type: str
    content: bytes


def mime_body(text: bytes, html: bytes, pictures: Sequence[Picture], token: str, calendar: str = "") -> bytes:
    """MIME-Version, Content-Type and all that follows, CRLF at the line ends; `text` and `html` are parts.

    `token` is unique; boundaries are made of it, with `=_`, which no encoded line holds.
    """
    rich: list[bytes] = [html]
    if pictures:
        rich = _multipart("related", f"{token}_2", [rich, *map(_picture, pictures)])
    body = _multipart("alternative", f"{token}_1", [[text], rich])
    if calendar:
        body = _multipart("mixed", f"{token}_0", [body, _calendar(calendar)])
    return b"".join([b"MIME-Version: 1.0\r\n", *body])


def _multipart(kind: str, boundary: str, parts: Sequence[Sequence[bytes]]) -> list[bytes]:
    """In pieces, as the parts: a message is long, and put together once."""
    mark = f"--=_{boundary}".encode()
    pieces = [f'Content-Type: multipart/{kind};\r\n boundary="=_{boundary}"\r\n\r\n'.encode()]
    for part in parts:
        pieces += (mark, b"\r\n", *part, b"\r\n")
    return [*pieces, mark, b"--\r\n"]


def text_part(kind: Literal["html", "plain"], text: str) -> bytes:
    """A text as a part of a message, its last line ended."""
    # The last line is ended, too: without any line end b2a_qp would break lines by a bare LF.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    content = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")
    if encoding_of(text) == "base64":
        return _head(f"text/{kind}; charset=utf-8", "base64") + _base64(content)
    # b2a_qp leaves "From " and a dot at a line's start to others: SMTP doubles the dot, nobody here writes mbox
    return text_part_of(kind, b2a_qp(content, quotetabs=False, istext=True))


def text_part_of(kind: Literal["html", "plain"], quoted: bytes) -> bytes:
    """The same for a text that is quoted-printable already."""
    return _head(f"text/{kind}; charset=utf-8", "quoted-printable") + quoted


def encoding_of(text: str) -> Literal["base64", "quoted-printable"]:
    """Quoted-printable for mostly Latin text, which stays readable; base64 for Chinese and the like."""
    content = text.encode("utf-8", "replace")
    beyond = len(content) - len(content.translate(None, bytes(range(0x80, 0x100))))
    return "base64" if 6 * beyond > len(content) else "quoted-printable"


def _picture(picture: Picture) -> list[bytes]:
    more = [f"Content-ID: <{picture.cid}>", f'Content-Disposition: inline; filename="{picture.name}"']
    return [_head(picture.media_type, "base64", more), _picture_as_text(picture.content)]


@lru_cache(maxsize=64)  # every message of a mailing holds the same
def _picture_as_text(content: bytes) -> bytes:
    return _base64(content)


def _calendar(lines: str) -> list[bytes]:
    more = [f'Content-Disposition: attachment; filename="{CALENDAR_NAME}"']
    return [_head(f'{MEDIA_TYPE}; name="{CALENDAR_NAME}"', "base64", more), _base64(lines.encode())]


def _head(content_type: str, encoding: str, more: Sequence[str] = ()) -> bytes:
    """A part's headers, and the empty line behind them."""
    head = [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", *more]
    return "\r\n".join([*head, "", ""]).encode()


def _base64(content: bytes) -> bytes:
    encoded = b2a_base64(content, newline=False)
    return b"".join(encoded[start : start + _LINE] + b"\r\n" for start in range(0, len(encoded), _LINE))
