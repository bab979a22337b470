"""Header fields as bytes on the wire, folded and encoded by us.

The standard library's email package reads `=?utf-8?q?…?=` inside a value as an encoded word (so a
person's name could hold a line end after all), folds a long address of List-Unsubscribe into encoded
words that no mailbox provider follows, and quotes newlines only since 3.11.10 (CVE-2024-6923).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache

_LINE = 76  # RFC 5322 recommends at most 78
_LONGEST = 998  # RFC 5322, 2.1.1
_WORD_BYTES = 39  # 52 characters of base64 and 12 around them: with "Subject: " within RFC 2047's 76 a line
_PLAIN = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def header_line(name: str, value: str) -> bytes:
    """A field that is ASCII, such as an address or a date: folded at spaces, never encoded.

    Raises ValueError for control characters and what isn't ASCII: our own mistake.
    """
    if not _PLAIN.fullmatch(value):
        raise ValueError(f"the header {name} holds what no header may")
    return _folded(name, value.split(" "))


@lru_cache(maxsize=256)  # most subjects say nothing of a person
def text_line(name: str, value: str) -> bytes:
    """An unstructured field such as Subject: as it is where it is short and plain, else as encoded words (RFC 2047)."""
    words = value.split(" ")
    if _PLAIN.fullmatch(value) and "=?" not in value and max(map(len, words)) < _LINE - len(name):
        return _folded(name, words)
    return _folded(name, list(_encoded_words(value)))


@lru_cache(maxsize=256)  # senders come again with every message
def mailbox_line(name: str, display: str, address: str) -> bytes:
    """A field with one mailbox: `From: Fjordklinikken <care@clinic.example>`.

    An address with characters beyond ASCII stands as UTF-8 (RFC 6532).
    """
    if not display:
        return _folded(name, [address])
    if _ATOMS.fullmatch(display) and "=?" not in display:
        shown = display.split(" ")
    else:
        shown = list(_encoded_words(display))
    return _folded(name, [*shown, f"<{address}>"])


def _encoded_words(value: str) -> Iterator[str]:
    """Base64 words of whole characters; spaces between words don't count, so they are inside."""
    chunk = b""
    for char in value:
        encoded = char.encode("utf-8", "replace")
        if len(chunk) + len(encoded) > _WORD_BYTES:
            yield f"=?utf-8?b?{b64encode(chunk).decode()}?="
            chunk = b""
        chunk += encoded
    yield f"=?utf-8?b?{b64encode(chunk).decode()}?="


def _folded(name: str, words: list[str]) -> bytes:
    """Lines broken at single spaces."""
    lines = [f"{name}:"]
    for place, word in enumerate(filter(None, words)):
        if place and len(lines[-1]) + 1 + len(word) > _LINE:
            lines.append("")
        lines[-1] += f" {word}"
    if max(map(len, lines)) > _LONGEST:
        raise ValueError(f"the header {name} has a line of more than {_LONGEST} characters")
    return "\r\n".join(lines).encode() + b"\r\n"
