"""The ways that `send` knows: a folder, a mail server, a service's API; and what must be so before one is taken."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from campcompile.errors import DeliveryError, UsageError
from campcompile.values import dataclass

if TYPE_CHECKING:  # the runner takes longer to import than --help may take to answer
    from campcompile.manifest import Email
    from campcompile.runner.bundle import Bundle
    from campcompile.runner.ledger.place import Place
    from campcompile.runner.send import Send
    from campcompile.runner.transport import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How somebody wants messages to leave; "" or None for what wasn't said."""

    outbox: Path | None
    smtp: str | None
    via: str | None
    base_url: str
    dkim: str | None
    apply: bool

    @property
    def name(self) -> str:
        """As the reader typed it."""
        return str(self.outbox or self.smtp or self.via or "")

    @property
    def told(self) -> str:
        return "written into" if self.outbox else "delivered to"

    @property
    def is_elsewhere(self) -> bool:
        """Whether messages leave by a socket."""
        return bool(self.smtp or self.via)

    @property
    def acts(self) -> bool:
        return self.outbox is not None or (self.is_elsewhere and self.apply)

    def demand(self) -> None:
        """Raises UsageError where what is asked doesn't go together."""
        given = [
            flag for flag, value in (("--outbox", self.outbox), ("--smtp", self.smtp), ("--via", self.via)) if value
        ]
        if len(given) > 1:
            raise UsageError(f"both {given[0]} and {given[1]} are given", help="choose one")
        if self.apply and not given:
            raise UsageError(
                "--apply needs --smtp HOST:PORT, or --via SERVICE", help="or --outbox DIR to write .eml files"
            )
        if self.dkim and not self.smtp:
            raise UsageError(
                "--dkim signs what goes to a mail server", help="leave it out: a service signs with a key of its own"
            )
        if self.base_url and not self.via:
            raise UsageError("--base-url is where a service is", help="add --via SERVICE")

    def how_to_go_on(self) -> str:
        if self.is_elsewhere:
            return f"add --apply to deliver to {self.name}"
        return "add --outbox DIR to write .eml files, or --smtp HOST:PORT --apply to deliver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What takes the messages, opened by nobody yet."""

    transports: Sequence[Transport]
    name: str = ""  # of a server or service; "" for a folder, or for none
    is_here: bool = True  # nothing leaves this machine
    encrypts: bool = True
    vendor: str = ""


def way(asked: Asked, email: Email, connections: int) -> Way:
    """No socket is opened; a service is asked to encrypt what tells of health, on all of its way.

    Raises UsageError for a server or service that can't be, or without its key."""
    from campcompile.runner.permission import is_telling

    if asked.outbox:
        from campcompile.runner.outbox import Outbox

        return Way(transports=[Outbox(asked.outbox)])
    if asked.smtp:
        return _by_smtp(asked.smtp, asked.dkim, connections)
    if asked.via:
        return _by_api(asked.via, asked.base_url, connections, is_telling(email))
    return Way(transports=[])


def demand_way(bundle: Bundle, email: Email, asked: Asked, way: Way, now: datetime) -> None:
    """What must be so before anybody else gets a message. Raises DeliveryError, BundleError, UsageError."""
    from campcompile.runner.permission import demand_cleared, demand_unexpired

    if bundle.manifest.deliver == "portal":
        raise UsageError(
            f"campaign `{bundle.manifest.code}` goes to the portal, and a mail server gets its notices alone",
            help="--outbox DIR writes both",
        )
    demand_unexpired(bundle.manifest, now)
    demand_carriable(bundle, email, way)
    if not way.is_here:
        demand_cleared(bundle.manifest, email, now, encrypts=way.encrypts, vendor=way.vendor)


def demand_elsewhere(way: Way, ledger: Place | None, instant: str | None) -> None:
    """What another machine needs of us."""
    if way.is_here:
        return
    if ledger is None:
        raise DeliveryError(
            f"`{way.name}` is not this machine: without a ledger it delivers to loopback hosts only",
            help="add --ledger FILE, use localhost:PORT, or write .eml files with --outbox",
        )
    if instant is not None:
        raise UsageError("--now is for trials on this machine", help="leave it out: deadlines are of the real time")


def demand_plan(sending: Send, way: Way) -> None:
    if not way.is_here and not sending.recipients.is_planned and sending.planned is None:
        raise DeliveryError(
            "without --plan, or the columns `send` and `expires`, nobody says until when a message may go",
            help="campcompile plan --output makes one; or use localhost:PORT for a trial",
        )


def _by_smtp(server: str, dkim: str | None, connections: int) -> Way:
    from campcompile.runner.dkim import Dkim
    from campcompile.runner.smtp import Login, Smtp

    user, password = os.environ.get("CAMPCOMPILE_SMTP_USER"), os.environ.get("CAMPCOMPILE_SMTP_PASSWORD")
    login = Login(user=user, password=password or "") if user else None
    sign = Dkim(dkim).signed if dkim else None
    lines = [Smtp(server, login=login, sign=sign) for _ in range(connections)]
    place = lines[0].place
    return Way(transports=lines, name=place.name, is_here=place.is_this_machine, encrypts=lines[0].encrypts)


def _by_api(vendor: str, base_url: str, connections: int, tls: bool) -> Way:
    from campcompile.runner.carriers.amazon import CONFIGURATION
    from campcompile.runner.carriers.carrier import Wishes
    from campcompile.runner.carriers.line import Line
    from campcompile.runner.carriers.registry import find_carrier
    from campcompile.runner.services import reached

    carrier = find_carrier(vendor)
    found = reached(vendor, os.environ, base_url)
    wishes = Wishes(tls=tls, configuration=os.environ.get(CONFIGURATION, ""))
    lines = [Line(carrier, found.base, found.sign, wishes) for _ in range(connections)]
    here = lines[0].is_this_machine
    return Way(
        transports=lines,
        name=carrier.service.name,
        is_here=here,
        encrypts=not tls or carrier.encrypts(os.environ),
        vendor=vendor,
    )


def demand_carriable(bundle: Bundle, email: Email, way: Way) -> None:
    """Raises DeliveryError where a service can't show what an e-mail holds."""
    if not way.vendor:
        return
    from campcompile.runner.carriers.registry import find_carrier

    if not find_carrier(way.vendor).shows_pictures and any(
        "../assets/" in bundle.contents[one.html.path].decode("utf-8") for one in email.renderings
    ):
        raise DeliveryError(
            f"{way.name}'s API takes no pictures inside a message, and `{email.id}` shows some",
            help="send it through the service's mail server: --smtp HOST:587",
        )
