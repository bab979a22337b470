"""`campcompile audit`: a ledger's chain of changes, checked and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out, say
from campcompile.cli.orders import ledger_option, opened

if TYPE_CHECKING:
    from campcompile.runner.ledger.place import Place


@click.command(short_help="Check a ledger's chain of changes, and print it.")
@ledger_option
@click.option("--export", "as_json", is_flag=True, help="Print every link, one JSON object a line.")
@click.pass_context
def audit(context: click.Context, place: Place, as_json: bool) -> None:
    """Check a ledger's chain of changes, and print its heads, or with --export every link of it.

    Each change of the ledger (planned, claimed, sent, paused …) is a link that holds the digest of the one before:
    what was changed or taken out later shows. Keep the heads somewhere else from time to time: then nobody can cut
    off the end, either. Numbers in the links are the ledger's own; nothing in them tells who somebody is.

    \b
    Examples:
      campcompile audit --ledger /srv/clinic/ledger
      campcompile audit --ledger /srv/clinic/ledger --export > audit.jsonl

    Exit codes: 0 the chain is whole; 1 it isn't; 2 the ledger can't be read.
    """
    from campcompile.runner.ledger.account import audit as links_of
    from campcompile.runner.ledger.account import audit_faults, heads

    ledger = opened(place, "")
    if as_json:
        out(link.as_json() for link in links_of(ledger))
    else:
        out(f"{chain} {number} {digest}" for chain, number, digest in heads(ledger))
    broken = audit_faults(ledger)
    for fault in broken:
        say(f"broken: {fault}")
    if not broken and not as_json:
        say("whole")
    context.exit(1 if broken else 0)
