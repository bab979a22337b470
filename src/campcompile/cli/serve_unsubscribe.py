"""`campcompile serve-unsubscribe`: where the links of List-Unsubscribe lead."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import say
from campcompile.cli.orders import ledger_option
from campcompile.errors import UsageError

if TYPE_CHECKING:
    from campcompile.runner.ledger.place import Place


@click.command(short_help="Serve the page where people choose which e-mails they get.")
@ledger_option
@click.option("--listen", metavar="HOST:PORT", default="127.0.0.1:8090", show_default=True, help="Where to serve.")
@click.option("--name", metavar="TEXT", default="", help="The practice's name, above the page.")
def serve_unsubscribe(place: Place, listen: str, name: str) -> None:
    """Serve the page where people choose which e-mails they get, and leave with one click.

    Put it behind a web server with TLS, at the address that campcompile.yaml names as `opt_out.one_click`: a link is
    that address and an opaque, signed part, which `send --ledger` makes for each person. A mail program's one click
    (RFC 8058) is a POST, and holds at once, also for a `send` that is running. Opening the link changes nothing: it
    shows the page, in five languages, without login, script or cookie. Nothing is logged.

    \b
    Example:
      campcompile serve-unsubscribe --ledger /srv/clinic/ledger --name "Fjordklinikken"
    """
    from campcompile.runner.ledger.ledger import Ledger
    from campcompile.runner.preferences.service import Desk, serve

    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"--listen `{listen}` is no place", help="write HOST:PORT, e.g. 127.0.0.1:8090")
    ledger = Ledger.open(place, make=False)
    try:
        server = serve(Desk(ledger, name, lambda: datetime.now(UTC)), host.strip("[]"), int(port), say)
    except OSError as error:
        raise UsageError(
            f"can't serve at `{listen}`: {error.strerror}", help="choose another port, or an address of this machine"
        ) from None
    say(f"serving at http://{listen}/; Ctrl-C ends it")
    with server:
        server.serve_forever()
