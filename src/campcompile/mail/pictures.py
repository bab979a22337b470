"""A picture is read by its headers alone: format, size in px, and what it tells besides; nothing is decoded."""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from campcompile.mail.findings_mail import (
    DAMAGED_PICTURE,
    PICTURE_DIMENSIONS,
    PICTURE_FORMAT,
    PICTURE_METADATA,
    PICTURE_WEIGHT,
)
from campcompile.model.campaign import Asset
from campcompile.regex import regex
from campcompile.syntax.findings import Checked, Diagnostic
from campcompile.syntax.source import Span
from campcompile.values import dataclass

MAX_BYTES = 1_000_000
MAX_SIDE_PX = 10_000
_SUFFIXES = {"image/png": (".png",), "image/jpeg": (".jpg", ".jpeg"), "image/gif": (".gif",)}
_NAMES = {"image/png": "a PNG", "image/jpeg": "a JPEG", "image/gif": "a GIF"}
_PLAIN_KEYWORDS = frozenset({b"Software", b"Creation Time", b"date:create", b"date:modify", b"date:timestamp"})
_SVG = regex(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!DOCTYPE svg|!--)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the headers say. `tells` names metadata that a reader would not expect."""

    width: int
    height: int
    tells: tuple[str, ...] = ()


class _Damaged(Exception):
    """The bytes break off or contradict themselves; the text says where."""


def read_picture(path: str, data: bytes) -> Checked[Asset | None]:
    """A picture of assets/, named by its digest; None, with a finding, for one that can't be sent.

    `Asset.name` is the first 16 hex digits of the SHA-256 of the bytes and the suffix of the format.
    """
    span = Span(path, 0, 0)
    media_type = _media_type(data)
    if media_type not in _SUFFIXES:
        say = "" if media_type else "unknown"
        return Checked(None, (PICTURE_FORMAT.at(span, say=say, picture=path, what=media_type),))
    suffixes = _SUFFIXES[media_type]
    if PurePosixPath(path).suffix.lower() not in suffixes:
        better = str(PurePosixPath(path).with_suffix(suffixes[0]))
        return Checked(
            None, (PICTURE_FORMAT.at(span, say="suffix", picture=path, what=_NAMES[media_type], better=better),)
        )
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1_000_000:.1f} MB" if len(data) >= 1_050_000 else f"{len(data):,} bytes"
        return Checked(None, (PICTURE_WEIGHT.at(span, picture=path, size=size),))
    try:
        frame = _READERS[media_type](data)
    except _Damaged as damage:
        return Checked(None, (DAMAGED_PICTURE.at(span, picture=path, what=str(damage)),))
    if not (1 <= frame.width <= MAX_SIDE_PX and 1 <= frame.height <= MAX_SIDE_PX):
        width, height = str(frame.width), str(frame.height)
        return Checked(None, (PICTURE_DIMENSIONS.at(span, picture=path, width=width, height=height),))
    asset = Asset(
        path=path,
        name=hashlib.sha256(data).hexdigest()[:16] + suffixes[0],
        media_type=media_type,
        width=frame.width,
        height=frame.height,
        size=len(data),
    )
    return Checked(asset, tuple(_metadata_findings(path, span, frame)))


def _metadata_findings(path: str, span: Span, frame: _Frame) -> Iterator[Diagnostic]:
    for what in dict.fromkeys(frame.tells):
        yield PICTURE_METADATA.at(span, picture=path, what=what)


def _media_type(data: bytes) -> str:
    """By content, never by name; a format that we refuse comes back in words, "" for no picture at all."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return "AVIF or HEIC"
    if data.startswith(b"BM"):
        return "a BMP"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "a TIFF"
    if data.startswith(b"%PDF"):
        return "a PDF"
    if data.startswith(b"\0\0\1\0"):
        return "an icon file"
    return "SVG" if _SVG.match(data) else ""


# PNG: ISO/IEC 15948, chunks of length, type, data and CRC.


def _read_png(data: bytes) -> _Frame:
    width = height = 0
    tells: list[str] = []
    kind = b""
    for kind, body in _png_chunks(data):
        if width == height == 0:
            if kind != b"IHDR" or len(body) != 13:
                raise _Damaged("its header is missing")
            width, height = struct.unpack(">II", body[:8])
        elif kind == b"eXIf":
            tells.extend(_exif_tells(body))
        elif kind in (b"tEXt", b"zTXt", b"iTXt") and body.partition(b"\0")[0] not in _PLAIN_KEYWORDS:
            tells.append("a text comment")
    if kind != b"IEND":
        raise _Damaged("it breaks off before its end")
    return _Frame(width, height, tuple(tells))


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(data):
        if at + 12 > len(data):
            raise _Damaged("it breaks off in the middle")
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        end = at + 12 + length
        if end > len(data):
            raise _Damaged("it breaks off in the middle")
        if zlib.crc32(data[at + 4 : at + 8 + length]) != struct.unpack_from(">I", data, end - 4)[0]:
            raise _Damaged("a checksum doesn't match")
        yield kind, body
        if kind == b"IEND":
            return
        at = end


# JPEG: ITU-T T.81, segments that begin with FF and a marker.

_FRAME_MARKERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_START_OF_SCAN = 0xDA


def _read_jpeg(data: bytes) -> _Frame:
    size: tuple[int, int] | None = None
    tells: list[str] = []
    scan = 0
    for marker, body, end in _jpeg_segments(data):
        if marker in _FRAME_MARKERS and size is None:
            if len(body) < 6:
                raise _Damaged("its header is cut short")
            height, width = struct.unpack_from(">HH", body, 1)
            size = width, height
        elif marker == 0xFE:
            tells.append("a text comment")
        elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
            tells.extend(_exif_tells(body[6:]))
        elif marker == 0xE1 and body.startswith(b"http://ns.adobe.com/xap/"):
            tells.append("an XMP description")
        elif marker == 0xED and body.startswith(b"Photoshop"):
            tells.append("a caption")
        elif marker == _START_OF_SCAN:
            scan = end
    if size is None or not scan:
        raise _Damaged("its header is missing")
    if data.rfind(b"\xff\xd9") < scan:
        raise _Damaged("it breaks off before its end")
    return _Frame(*size, tuple(tells))


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(marker, body, offset after it) of each segment up to the first scan."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise _Damaged("a segment doesn't begin where it should")
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data):
            raise _Damaged("it breaks off in the middle")
        yield marker, data[at + 4 : end], end
        if marker == _START_OF_SCAN:
            return
        at = end


# GIF89a: a screen descriptor, then blocks of sub-blocks.


def _read_gif(data: bytes) -> _Frame:
    if len(data) < 13:
        raise _Damaged("it breaks off in the middle")
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    tells: list[str] = []
    images = 0
    while True:
        kind = data[at : at + 1]
        if kind == b";":
            break
        if kind == b"!":
            label, at = data[at + 1 : at + 2], at + 2
            if label == b"\xfe":
                tells.append("a text comment")
            if label == b"\xff" and data[at + 1 : at + 12] == b"XMP DataXMP":
                tells.append("an XMP description")
        elif kind == b"," and len(data) > at + 10:
            images += 1
            at += 11 + (3 << ((data[at + 9] & 7) + 1) if data[at + 9] & 0x80 else 0)  # 10, and the LZW code size
        else:
            raise _Damaged("it breaks off in the middle" if at >= len(data) else "a block is unknown")
        at = _after_sub_blocks(data, at)
    if not images:
        raise _Damaged("it holds no image")
    return _Frame(width, height, tuple(tells))


def _after_sub_blocks(data: bytes, at: int) -> int:
    while True:
        if at >= len(data):
            raise _Damaged("it breaks off in the middle")
        length = data[at]
        at += 1 + length
        if length == 0:
            return at


# Exif: TIFF directories of 12-byte entries; only the tags that tell about people are looked at.

_GPS, _EXIF_DIRECTORY = 0x8825, 0x8769
_TELLING_TAGS = {
    _GPS: "the place where it was taken",
    0x010E: "a caption",
    0x013B: "the photographer's name",
    0x9286: "a text comment",
    0x9C9B: "a caption",
    0x9C9C: "a text comment",
    0x9C9D: "the photographer's name",
    0xA430: "the camera owner's name",
}


def _exif_tells(tiff: bytes) -> Iterator[str]:
    """What an Exif block says about people or places; a block that can't be read is itself worth a word."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        yield "metadata that we can't read"
        return
    (first,) = struct.unpack_from(order + "I", tiff, 4)
    for tag, value in _exif_entries(tiff, order, first):
        if tag in _TELLING_TAGS:
            yield _TELLING_TAGS[tag]
        if tag == _EXIF_DIRECTORY:
            inner = (_TELLING_TAGS.get(tag) for tag, _ in _exif_entries(tiff, order, value))
            yield from filter(None, inner)


def _exif_entries(tiff: bytes, order: str, at: int) -> Iterator[tuple[int, int]]:
    if at + 2 > len(tiff):
        return
    (count,) = struct.unpack_from(order + "H", tiff, at)
    for index in range(count):
        entry = at + 2 + 12 * index
        if entry + 12 > len(tiff):
            return
        (tag,) = struct.unpack_from(order + "H", tiff, entry)
        (value,) = struct.unpack_from(order + "I", tiff, entry + 8)
        yield tag, value


_READERS = {"image/png": _read_png, "image/jpeg": _read_jpeg, "image/gif": _read_gif}
