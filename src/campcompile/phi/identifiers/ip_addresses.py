"""Internet addresses, version 4 as four numbers up to 255 (RFC 791), version 6 as groups of four hex digits (RFC 4291).

Loopback and broadcast are nobody's; a version such as `v2.10.3.1` is no address.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import is_named
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.regex import regex

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_V4 = regex(rf"(?<![0-9a-zà-öø-ÿ_.,+-])(?:{_OCTET}\.){{3}}{_OCTET}(?!\.?\d)(?![0-9a-zà-öø-ÿ_-])")
_V6 = regex(r"(?<![0-9a-zà-öø-ÿ_:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![0-9a-zà-öø-ÿ_:])")
_NOBODYS = ("127.0.0.1", "0.0.0.0", "255.255.255.255")


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for found in _V4.finditer(read.text) if read.text.count(".") >= 3 else ():
        if found[0] not in _NOBODYS and not is_named("order", read.text, found.start()):
            yield Identifier("ip-address", *found.span(), "O")
    if read.text.count(":") >= 3:
        for found in _V6.finditer(read.text):
            if "::" in found[0] or found[0].count(":") == 7:
                yield Identifier("ip-address", *found.span(), "O")
