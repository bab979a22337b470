"""Addresses of pages that tell whose page it is: a record number, a mail address, a hash or a session in the link.

45 CFR 164.514(b)(2)(i)(N) and (R). Read are the query, the fragment and the folders; percent signs and base64 are
decoded first. A hash of an address still names its owner (FTC, «No, hashing still doesn't make your data anonymous»,
July 2024). Campaign keys such as `utm_source` and short opaque codes are nobody's.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator
from functools import cache

from campcompile.phi.folded import Folded, fold
from campcompile.phi.identifiers.clues import folded_words
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.regex import regex

Finders = tuple[Callable[[Folded, str], Iterator[Identifier]], ...]

_URL = regex(r"(?:https?://|www\.|mailto:|tel:)[^\s<>\"'「」『』,。)\]]{1,2000}", re.IGNORECASE)
_PARTS = regex(r"(?P<key>[\w.\[\]-]{1,40})=(?P<value>[^&;#?]{1,600})|(?<=/)(?P<folder>[^/?#&=]{1,300})")
_MERGE = regex(r"\{[{%]|\*\||%%|\[\[")
_SECRETS = regex(
    r"(?<![0-9a-f])[0-9a-f]{32,128}(?![0-9a-f])"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|eyj[\w-]{10,}\.[\w-]{4,}"
)
_FILE = regex(r"\.(?:png|jpe?g|gif|webp|css|js|pdf|ics|html?|svg)$")
_PERCENT = regex(r"(?:%[0-9a-f]{2})+", re.IGNORECASE)
_BASE64 = regex(r"[A-Za-z0-9+/_-]{12,600}={0,2}")
_RECORD = regex(r"(?!(?:19|20)\d{2}(?:$|-))[a-z]{0,4}-?\d[\d-]{3,}[a-z]?$")


def find(read: Folded, locale: str, finders: Finders) -> Iterator[Identifier]:
    """`finders` are the recognisers that look into a decoded value."""
    for url in _URL.finditer(read.cased):
        before = ""
        for part in _PARTS.finditer(read.cased, url.start(), url.end()):
            value = part["value"] or part["folder"]
            if not _MERGE.search(value) and _tells(part["key"], value, before, locale, finders):
                yield Identifier("url", *part.span(), "N")
            before = (part["folder"] or "").lower()


def _tells(key: str | None, value: str, before: str, locale: str, finders: Finders) -> bool:
    decoded = fold(_decoded(value)).text
    if _holds_identifier(value, locale, finders):
        return True
    if key is None:
        if _FILE.search(decoded):
            return False
        return bool(_SECRETS.search(decoded)) or (before in _folders() and bool(_RECORD.match(decoded)))
    name = key.lower()
    if name in _name_keys():
        return bool(re.search(r"[^\W\d_]{2}", decoded))
    if name in _number_keys():
        return bool(re.search(r"\d\D*\d|@", decoded)) or len(decoded) >= 16
    return bool(_SECRETS.search(decoded))


def _holds_identifier(value: str, locale: str, finders: Finders) -> bool:
    """In the value as decoded; the value as written is read with the rest of the text."""
    readings = {_decoded(value), *(_unpacked(_decoded(value)))} - {value}
    return any(next(find(fold(reading), locale), None) for reading in readings for find in finders)


def _decoded(value: str) -> str:
    text = value.replace("+", " ")
    for _ in range(2 if "%" in text else 0):  # `%2540` hides an @ behind two
        text = _PERCENT.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), text)
    return text


def _unpacked(value: str) -> Iterator[str]:
    """What a value says where it is base64 of readable words."""
    if not _BASE64.fullmatch(value.replace(" ", "+")):
        return
    packed = value.replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        text = binascii.a2b_base64(packed + "=" * (-len(packed) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return
    if text.isprintable():
        yield text


@cache
def _folders() -> frozenset[str]:
    return folded_words("url_keys", "folders")


@cache
def _number_keys() -> frozenset[str]:
    return folded_words("url_keys", "number_keys")


@cache
def _name_keys() -> frozenset[str]:
    return folded_words("url_keys", "name_keys")
