"""A folder of .eml files: what would be sent, for a mail program to open. Names tell nothing; only the owner reads."""

from __future__ import annotations

import os
from pathlib import Path

from campcompile.errors import DeliveryError
from campcompile.runner.message import Envelope


class Outbox:
    """Writes each message whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        """Makes the folder where it isn't there. Raises DeliveryError."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DeliveryError(f"can't make the folder `{self.folder}`: {error.strerror}") from None

    def deliver(self, envelope: Envelope, token: str) -> str:
        """Writes TOKEN.eml. Returns "", as no message is ever refused. Raises DeliveryError."""
        final = self.folder / f"{token}.eml"
        draft = self.folder / f".{token}.tmp"
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(envelope.data)
            draft.replace(final)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise DeliveryError(f"can't write into `{self.folder}`: {error.strerror}") from None
        return ""

    def close(self) -> None:
        """Nothing is kept open."""
