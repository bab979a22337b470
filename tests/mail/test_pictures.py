"""Pictures are read by their headers, and what a recipient shouldn't get is refused or pointed out."""

from __future__ import annotations

import hashlib
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.mail.pictures import read_picture


def png(width: int = 2, height: int = 3, *extra: tuple[bytes, bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def jpeg(width: int = 40, height: int = 30, *extra: bytes) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + b"".join(extra)
        + segment(0xC2, frame)
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + b"\x12\x34\xff\x00\x56"
        + b"\xff\xd9"
    )


def gif(width: int = 5, height: int = 4, extra: bytes = b"") -> bytes:
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    image = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + screen + extra + image + b";"


def exif(tag: int) -> bytes:
    inside = struct.pack("<H", 1) + struct.pack("<HHII", tag, 7, 4, 0) + b"\0\0\0\0"
    outside = struct.pack("<H", 1) + struct.pack("<HHII", 0x8769, 4, 1, 26) + b"\0\0\0\0"
    return b"II*\0" + struct.pack("<I", 8) + outside + inside


def findings(path: str, data: bytes) -> list[str]:
    checked = read_picture(path, data)
    for found in checked.diagnostics:
        assert found.message and found.help
        assert found.span.path == path
    return [f"{found.rule.code} {found.message}" for found in checked.diagnostics]


@pytest.mark.parametrize(
    ("path", "data", "media_type", "size", "suffix"),
    [
        ("assets/a.png", png(1200, 800), "image/png", (1200, 800), ".png"),
        ("assets/a.jpeg", jpeg(640, 480), "image/jpeg", (640, 480), ".jpg"),
        ("assets/A.JPG", jpeg(1, 10_000), "image/jpeg", (1, 10_000), ".jpg"),
        ("assets/a.gif", gif(88, 31), "image/gif", (88, 31), ".gif"),
    ],
)
def test_a_picture_is_read_with_its_size_and_named_by_its_digest(
    path: str, data: bytes, media_type: str, size: tuple[int, int], suffix: str
) -> None:
    checked = read_picture(path, data)
    assert checked.diagnostics == ()
    asset = checked.value
    assert asset is not None
    assert (asset.width, asset.height) == size
    assert (asset.media_type, asset.size, asset.path) == (media_type, len(data), path)
    assert asset.name == hashlib.sha256(data).hexdigest()[:16] + suffix


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is SVG"),
        (b'\xef\xbb\xbf <?xml version="1.0"?><svg/>', "is SVG"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "is WebP"),
        (b"\0\0\0\x1cftypavif", "is AVIF or HEIC"),
        (b"BM\0\0\0\0", "is a BMP"),
        (b"MM\0*\0\0\0\x08", "is a TIFF"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\0\0\1\0\1\0", "is an icon file"),
        (b"", "is no picture that we can read"),
        (b"hello", "is no picture that we can read"),
    ],
)
def test_other_formats_are_refused_by_content_whatever_the_name_says(data: bytes, words: str) -> None:
    checked = read_picture("assets/a.png", data)
    assert checked.value is None
    (found,) = findings("assets/a.png", data)
    assert found.startswith("LAY040") and words in found


def test_a_name_that_says_another_format_is_refused_with_the_right_one() -> None:
    checked = read_picture("assets/team.jpg", png())
    assert checked.value is None
    assert findings("assets/team.jpg", png()) == ["LAY040 `assets/team.jpg` holds a PNG, but its name says otherwise"]
    assert checked.diagnostics[0].help == "rename it to `assets/team.png`"


def test_more_than_a_megabyte_is_refused() -> None:
    heavy = jpeg(40, 30, *(segment(0xE2, b"\0" * 65_000) for _ in range(16)))
    assert findings("a.jpg", heavy) == ["LAY041 `a.jpg` weighs 1,040,114 bytes, more than 1 MB"]


@pytest.mark.parametrize(("path", "data"), [("a.png", png()), ("a.jpg", jpeg()), ("a.gif", gif())])
def test_every_truncation_is_refused(path: str, data: bytes) -> None:
    for end in range(len(data)):
        checked = read_picture(path, data[:end])
        assert checked.value is None, end
        assert [d.rule.code for d in checked.diagnostics] in (["LAY040"], ["LAY042"]), end


def test_a_garbled_png_is_refused() -> None:
    data = bytearray(png())
    data[18] ^= 1
    assert findings("a.png", bytes(data)) == ["LAY042 `a.png` is damaged: a checksum doesn't match"]


@pytest.mark.parametrize(
    ("path", "data", "shown"),
    [
        ("a.png", png(60_000, 60_000), "60000 × 60000"),
        ("a.jpg", jpeg(10_001, 5), "10001 × 5"),
        ("a.gif", gif(0, 7), "0 × 7"),
    ],
)
def test_sizes_that_would_choke_a_reader_are_refused(path: str, data: bytes, shown: str) -> None:
    assert read_picture(path, data).value is None
    assert findings(path, data) == [f"LAY043 `{path}` is {shown} px"]


@pytest.mark.parametrize(
    ("path", "data", "what"),
    [
        ("a.jpg", jpeg(4, 4, segment(0xE1, b"Exif\0\0" + exif(0x9286))), "a text comment"),
        (
            "a.jpg",
            jpeg(4, 4, segment(0xE1, b"Exif\0\0" + exif(0x9286).replace(b"\x69\x87", b"\x25\x88"))),
            "the place where it was taken",
        ),
        ("a.jpg", jpeg(4, 4, segment(0xE1, b"Exif\0\0II")), "metadata that we can't read"),
        ("a.jpg", jpeg(4, 4, segment(0xFE, b"Kari Nordmann, knee")), "a text comment"),
        ("a.jpg", jpeg(4, 4, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")), "an XMP description"),
        ("a.jpg", jpeg(4, 4, segment(0xED, b"Photoshop 3.0\0")), "a caption"),
        ("a.png", png(4, 4, (b"tEXt", b"Comment\0Kari Nordmann")), "a text comment"),
        ("a.png", png(4, 4, (b"eXIf", exif(0xA430))), "the camera owner's name"),
        ("a.gif", gif(4, 4, b"!\xfe\x04Kari\0"), "a text comment"),
        ("a.gif", gif(4, 4, b"!\xff\x0bXMP DataXMP\x02ab\0"), "an XMP description"),
    ],
)
def test_metadata_that_tells_is_pointed_out_and_never_quoted(path: str, data: bytes, what: str) -> None:
    checked = read_picture(path, data)
    assert checked.value is not None
    assert findings(path, data) == [f"LAY044 `{path}` carries {what}"]
    assert "Kari" not in checked.diagnostics[0].message + checked.diagnostics[0].help


def test_harmless_metadata_is_silent() -> None:
    assert findings("a.png", png(4, 4, (b"tEXt", b"Software\0GIMP"))) == []
    assert findings("a.jpg", jpeg(4, 4, segment(0xE1, b"Exif\0\0" + exif(0x9003)))) == []


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([png(), jpeg(4, 4, segment(0xE1, b"Exif\0\0" + exif(0x9286))), gif()]),
    st.data(),
)
def test_no_bytes_crash_the_reader(whole: bytes, data: st.DataObject) -> None:
    changed = bytearray(whole)
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=6)):
        changed[at] = data.draw(st.integers(0, 255))
    checked = read_picture("a.png", bytes(changed))
    assert (checked.value is None) <= bool(checked.diagnostics)
