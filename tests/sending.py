"""Sending in tests: a bundle's e-mail into a folder, with a ledger that is forgotten."""

from __future__ import annotations

from datetime import datetime

from campcompile.runner.bundle import Bundle
from campcompile.runner.clock import Clock
from campcompile.runner.delivery import Account
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.send import Plan, Send
from campcompile.runner.transport import Transport


def send_all(
    bundle: Bundle, email: str, recipients: bytes, transport: Transport, now: datetime
) -> tuple[Plan, Account]:
    """What was planned, and what became of it."""
    with Ledger.passing() as ledger:
        sending = Send(bundle, email, recipients, ledger, Clock(now))
        return sending.plan(), sending.carry_out([transport])
