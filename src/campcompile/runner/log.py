"""What a run did, as JSON lines for a machine to read: states, reasons and the tokens of messages; nobody's data."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from campcompile.errors import UsageError
from campcompile.runner.delivery import Account
from campcompile.runner.ledger.entry import Finished


class Log:
    """A file that is added to; for its owner alone. A full disk ends the log, and not the run."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        """Raises UsageError where it can't be written."""
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise UsageError(f"can't write the log `{path}`: {error.strerror}") from None
        self._file = os.fdopen(handle, "w", encoding="utf-8", buffering=1)
        self._now = now
        self.failure = ""  # why it isn't whole

    def began(self, campaign: str, email: str, due: int) -> None:
        self._write("began", campaign=campaign, email=email, due=due)

    def message(self, token: str, ended: Finished) -> None:
        """One answer. `planned` means later."""
        self._write("message", message=token, state=ended.state.value, reason=ended.reason)

    def ended(self, account: Account) -> None:
        self._write(
            "ended",
            sent=account.sent,
            set_aside=len(account.set_aside),
            refused=len(account.refused),
            unknown=len(account.unknown),
            later=dict(account.later),
            never=dict(account.ended),
            failure=account.failure,
        )

    def close(self) -> None:
        try:
            self._file.close()
        except OSError as error:
            self.failure = error.strerror or "it can't be closed"

    def _write(self, event: str, **more: Any) -> None:
        if self.failure:
            return
        at = self._now().astimezone(UTC).isoformat(timespec="milliseconds")
        try:
            self._file.write(json.dumps({"at": at, "event": event, **more}, ensure_ascii=False) + "\n")
        except OSError as error:
            self.failure = error.strerror or "it can't be written"
