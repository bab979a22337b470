"""The ledger's own secret, and the keys that are made with it: they tell one from another, and nothing else.

It lies beside the ledger in a file of its own, for its owner alone: who gets hold of the ledger without it can't try
out addresses. It is made with the ledger and never changed: under another one everything would be sent again.
"""

from __future__ import annotations

import hmac
import json
import os
import time
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from secrets import token_bytes

from campcompile.errors import LedgerError

_BYTES = 32
_LOOKS, _BETWEEN_S = 40, 0.05


class Secret:
    """Keys under one secret."""

    def __init__(self, value: bytes) -> None:
        self._value = value

    def occurrence(
        self,
        campaign: str,
        email: str,
        anchor_id: str,
        anchor: date | datetime | None,
        recipient: str,
        repetition: int = 0,
    ) -> bytes:
        """The key of one e-mail of one anchor and person (time.md, 9); an edit of the campaign changes none.

        `campaign` is its code. The same instant in another zone is the same anchor.
        """
        said = anchor.timestamp() if isinstance(anchor, datetime) else anchor.isoformat() if anchor else ""
        parts = [campaign, email, anchor_id, said, recipient, *([repetition] if repetition else [])]
        return self._made("occurrence", json.dumps(parts, ensure_ascii=False))

    def request(self, campaign: str, target: str, said: str) -> bytes:
        """The key of one request to a target; `said` is the whole of it, so that another one has another key."""
        return self._made("request", json.dumps([campaign, target, said], ensure_ascii=False))

    def person(self, reference: str) -> bytes:
        return self._made("person", reference)

    def address(self, address: str) -> bytes:
        """The same for all spellings of an address: capitals don't count."""
        return self._made("address", address.casefold())

    def token(self, key: bytes) -> str:
        """What names a message to the world: the same at every try, and no key of the ledger."""
        return self._made("token", key.hex())[:16].hex()

    @property
    def fingerprint(self) -> bytes:
        return self._made("fingerprint", "")

    def signature(self, text: str) -> bytes:
        """For links that only we can have made."""
        return self._made("link", text)[:16]

    def _made(self, kind: str, text: str) -> bytes:
        return hmac.digest(self._value, f"{kind}\0{text}".encode("utf-8", "surrogatepass"), "sha256")


def read_secret(path: Path) -> Secret:
    """Raises LedgerError where there is none, or it isn't one."""
    try:
        value = bytes.fromhex(path.read_text("ascii").strip())
    except OSError as error:
        raise LedgerError(
            f"can't read the ledger's secret `{path}`: {error.strerror}",
            help="put back the file that was made with the ledger: with another one everything would go again",
        ) from None
    except ValueError:
        value = b""
    if len(value) != _BYTES:
        raise LedgerError(f"`{path}` is no secret of a ledger", help="put back the file that was made with the ledger")
    return Secret(value)


def new_secret() -> Secret:
    """One that is kept nowhere."""
    return Secret(token_bytes(_BYTES))


def make_secret(path: Path) -> Secret:
    """A new one, in a file for its owner alone. Raises LedgerError where it can't be written."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(token_bytes(_BYTES).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return _of_another(path)
    except OSError as error:
        raise LedgerError(f"can't write `{path}`: {error.strerror}") from None
    return read_secret(path)


def _of_another(path: Path) -> Secret:
    """Whoever made the file an instant ago may still be writing: it gets two seconds."""
    for _ in range(_LOOKS):
        with suppress(LedgerError):
            return read_secret(path)
        time.sleep(_BETWEEN_S)
    return read_secret(path)
