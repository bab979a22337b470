"""DKIM (RFC 6376): a signature under the practice's own key, so that mailboxes can tell who wrote; by dkimpy.

It covers the headers that RFC 8058 wants covered: without them no mailbox shows its button for leaving.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from campcompile.errors import DeliveryError, UsageError
from campcompile.runner.message import Envelope

_COVERED = (
    "from", "to", "reply-to", "subject", "date", "message-id", "mime-version", "content-type", "list-unsubscribe",
    "list-unsubscribe-post",
)  # fmt: skip
_SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?", re.IGNORECASE)
_LEAST_BITS = 1024  # RFC 8301, 3.2: shorter ones count as no signature; 2048 are advised
_RELAXED = (b"relaxed", b"relaxed")  # relays change spaces


class Dkim:
    """Signs messages; the domain is each sender's."""

    def __init__(self, named: str) -> None:
        """`named` is SELECTOR:FILE, an RSA key in PEM. Raises UsageError for another, or a key that others can read."""
        selector, _, file = named.partition(":")
        if not _SELECTOR.fullmatch(selector) or not file:
            raise UsageError(
                f"`{named}` is no selector and key",
                help="write SELECTOR:FILE, e.g. s2026:/etc/clinic/dkim.pem; the selector is the word before "
                "`._domainkey` in your domain's DNS",
            )
        self._selector = selector.encode()
        self._key = _read(Path(file))
        _demand_key(self._key, file)

    def signed(self, envelope: Envelope) -> bytes:
        """The message below its signature. Raises DeliveryError for a sender whose domain can't be one."""
        import dkim

        there = {line.partition(b":")[0].lower() for line in envelope.data.partition(b"\r\n\r\n")[0].split(b"\r\n")}
        covered = [name.encode() for name in _COVERED if name.encode() in there]
        try:
            domain = envelope.sender.rpartition("@")[2].encode("idna")
            signature = dkim.sign(
                envelope.data, self._selector, domain, self._key, canonicalize=_RELAXED, include_headers=covered
            )
        except (dkim.DKIMException, UnicodeError) as error:
            raise DeliveryError(f"no signature can be made ({type(error).__name__})") from None
        assert isinstance(signature, bytes)
        return signature + envelope.data


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise UsageError(
            f"can't read the key `{path}`: {error.strerror}",
            help="openssl genrsa -out FILE 2048 makes one; your domain's DNS then tells its public half",
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise UsageError(
            f"the key `{path}` can be read by others", help=f"whoever has it can sign as you: chmod 600 {path}"
        )
    return content.replace(b"\r\n", b"\n")


def _demand_key(content: bytes, file: str) -> None:
    try:
        from dkim.crypto import UnparsableKeyError, parse_pem_private_key
    except ImportError:
        raise UsageError("signing needs dkimpy", help="pip install 'campcompile[dkim]'") from None
    try:
        bits = parse_pem_private_key(content)["modulus"].bit_length()
    except (UnparsableKeyError, ValueError, IndexError, KeyError):
        raise UsageError(
            f"`{file}` holds no RSA key", help="openssl genrsa -out FILE 2048 makes one (-----BEGIN PRIVATE KEY-----)"
        ) from None
    if bits < _LEAST_BITS:
        raise UsageError(
            f"the key `{file}` has {bits} bits, and mailboxes want 1,024 at least", help="make one of 2048"
        )
