"""The address that a person leaves by: opaque, signed, and of no use for anything else.

It holds the key of a mail address and a layer, as the ledger knows them, and a signature under the ledger's secret. Who
reads it learns neither the address nor the campaign; who makes one up is turned away.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hmac import compare_digest

from campcompile.runner.ledger.secret import Secret
from campcompile.values import dataclass

LAYERS = ("updates", "promotional")  # what may be refused; essential mail is about one's own care
_VERSION = 1
_KEY = 32
_SIGNATURE = 16


@dataclass(frozen=True, slots=True)
class Leaver:
    """Whom a link is of, and what they were written."""

    address: bytes
    layer: str


def link_token(secret: Secret, address: bytes, layer: str) -> str:
    """The last part of a link: 68 characters of URLs."""
    body = bytes((_VERSION, LAYERS.index(layer))) + address
    return urlsafe_b64encode(body + secret.signature(body.hex())).rstrip(b"=").decode()


def read_token(secret: Secret, token: str) -> Leaver | None:
    """None for what isn't one of ours."""
    try:
        found = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (UnicodeEncodeError, Error, ValueError):
        return None
    body, signature = found[:-_SIGNATURE], found[-_SIGNATURE:]
    if len(body) != 2 + _KEY or not compare_digest(signature, secret.signature(body.hex())):
        return None
    if body[0] != _VERSION or body[1] >= len(LAYERS):
        return None
    return Leaver(address=body[2:], layer=LAYERS[body[1]])


def left_with(layer: str) -> tuple[str, ...]:
    """What somebody leaves who leaves a layer by one click: it, and what is needed less."""
    return LAYERS[LAYERS.index(layer) :]
