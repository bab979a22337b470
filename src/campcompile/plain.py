"""A person's value as plain characters on one line, which can't disturb the text around them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BREAKS = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
# Controls, lone surrogates and code points that no text may hold (HTML, "noncharacters").
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ud800-\udfff\ufff9-\ufffb"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OPEN, _CLOSE = "\u2068", "\u2069"
_ISOLATES = frozenset("\u2066\u2067\u2068")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def printable(value: str) -> str:
    """One line without control characters; kept apart where its direction could spread.

    A name in Hebrew or Arabic, or with bidi controls of its own, comes back as FSI … PDI, so that what
    stands after it keeps its order; its own isolates are balanced first, or they would end ours.
    """
    return value if value.isascii() and value.isprintable() else _printable(value)


def collapsed(text: str) -> str:
    """Runs of spaces become one, none at the ends: the form of a header field."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


@lru_cache(maxsize=1024)  # names of places and months come again with every message
def _printable(value: str) -> str:
    value = _UNPRINTABLE.sub("", _BREAKS.sub(" ", value))
    if value.isascii() or not _needs_isolation(value):
        return value
    return _OPEN + _balanced(value) + _CLOSE


def _needs_isolation(value: str) -> bool:
    return bool(_CONTROLS.search(value)) or any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in value)


def _balanced(value: str) -> str:
    """Isolates that were opened are closed, and a close without an open is dropped."""
    result: list[str] = []
    depth = 0
    for char in value:
        if char == _CLOSE:
            if depth == 0:
                continue
            depth -= 1
        depth += char in _ISOLATES
        result.append(char)
    return "".join(result) + _CLOSE * depth
