"""A folder of .eml files: what would be sent, for a mail program to open. Names tell nothing; only the owner reads.

What goes to the portal lies beside its notice: TOKEN.portal.html, TOKEN.portal.txt and, for an event, TOKEN.portal.ics.
"""

from __future__ import annotations

import os
from pathlib import Path

from campcompile.errors import DeliveryError
from campcompile.runner.message import Envelope
from campcompile.runner.transport import ACCEPTED, Outcome


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

    def deliver(self, envelope: Envelope, token: str) -> Outcome:
        """Writes TOKEN.eml last; no message is ever refused. Raises DeliveryError."""
        if envelope.portal_html:
            self._write(f"{token}.portal.html", envelope.portal_html.encode())
            self._write(f"{token}.portal.txt", envelope.portal_text.encode())
        if envelope.portal_calendar:
            self._write(f"{token}.portal.ics", envelope.portal_calendar.encode())
        self._write(f"{token}.eml", envelope.data)
        return ACCEPTED

    def _write(self, name: str, content: bytes) -> None:
        draft = self.folder / f".{name}.tmp"
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            draft.replace(self.folder / name)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise DeliveryError(f"can't write into `{self.folder}`: {error.strerror}") from None

    def close(self) -> None:
        """Nothing is kept open."""
