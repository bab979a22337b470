"""What is outside of a test: the program as a process of its own, and a mail server on this machine."""

from __future__ import annotations

import email
import email.policy
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

CAMPCOMPILE = Path(sys.executable).with_name("campcompile")


@dataclass
class Inbox:
    """What a mail server took."""

    address: str
    received: list[tuple[list[str], bytes]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        """As Python's email package reads them, in order of arrival."""
        return [email.message_from_bytes(content, policy=email.policy.default) for _, content in self.received]


@contextmanager
def mail_server() -> Iterator[Inbox]:
    """A real SMTP server on loopback, at a free port, in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    inbox = Inbox(f"127.0.0.1:{port}")
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


def run(folder: Path, *arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """The installed program in a folder: its exit code, stdout and stderr, through pipes."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(
        [CAMPCOMPILE, *arguments],
        cwd=folder,
        env={**kept, **env},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
