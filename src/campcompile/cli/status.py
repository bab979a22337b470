"""`campcompile status`: what a ledger knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out
from campcompile.cli.orders import ledger_option, opened

if TYPE_CHECKING:
    from campcompile.runner.ledger.entry import Open
    from campcompile.runner.ledger.ledger import Ledger
    from campcompile.runner.ledger.place import Place

_SHOWN = 20  # of the unknown


@click.command(short_help="Say what a ledger knows: how many went, and what is unknown.")
@click.argument("campaign", metavar="[CODE]", required=False, default="")
@ledger_option
@click.option(
    "--format", "format_", type=click.Choice(("text", "json", "openmetrics")), default="text", show_default=True
)
@click.pass_context
def status(context: click.Context, campaign: str, place: Place, format_: str) -> None:
    """Say what a ledger knows: of each e-mail how many are planned, sent, failed …, what is paused and unknown.

    Unknown is what may or may not have arrived, since the sender or the connection died at that instant. Each is
    listed by the row of its file and by what its Message-ID begins with: look into the mail server's log. JSON
    lists them all; openmetrics is for a monitor, e.g. a node exporter's textfile. No name or address is shown, for
    the ledger has none.

    \b
    Examples:
      campcompile status --ledger /srv/clinic/ledger
      campcompile status ap71 --ledger /srv/clinic/ledger --format json

    Exit codes: 0 nothing is unknown; 1 something is; 2 the ledger can't be read.
    """
    from campcompile.runner.ledger.account import unknown

    ledger = opened(place, campaign)
    open_ones = unknown(ledger, campaign)
    if format_ == "json":
        out([json.dumps(_as_json(ledger, campaign, open_ones), indent=2)])
    elif format_ == "openmetrics":
        out(_metrics(ledger, campaign, open_ones))
    else:
        out(_lines(ledger, campaign, open_ones))
    context.exit(1 if open_ones else 0)


def _lines(ledger: Ledger, campaign: str, open_ones: list[Open]) -> Iterator[str]:
    from campcompile.runner.ledger.account import counts, paused

    for code, since, reason in paused(ledger):
        yield f"{code or 'all campaigns'}: paused since {since:%Y-%m-%d %H:%M} UTC ({reason})"
    found = counts(ledger, campaign)
    if not found:
        yield "nothing is planned yet"
    shown = ("", "")
    for code, item, state, count in found:
        if (code, item) != shown:
            yield f"{code} {item}:"
            shown = (code, item)
        yield f"  {state.value:<10} {count:>9,}"
    if open_ones:
        yield "unknown, each may or may not have arrived:"
    for one in open_ones[:_SHOWN]:
        at = f"{one.since:%Y-%m-%d %H:%M} UTC"
        yield f"  {one.campaign} {one.item} row {one.row}: {one.reason}, {at}, <{one.token}@…>"
    if len(open_ones) > _SHOWN:
        yield f"  and {len(open_ones) - _SHOWN} more: --format json lists them"


def _metrics(ledger: Ledger, campaign: str, open_ones: list[Open]) -> Iterator[str]:
    """OpenMetrics 1.0: campaigns' codes and e-mails' ids are all that a label holds."""
    from campcompile.runner.ledger.account import counts, paused

    yield "# TYPE campcompile_messages gauge"
    yield "# HELP campcompile_messages Messages of the ledger by state."
    for code, item, state, count in counts(ledger, campaign):
        yield f'campcompile_messages{{campaign="{code}",email="{item}",state="{state.value}"}} {count}'
    yield "# TYPE campcompile_unknown gauge"
    yield "# HELP campcompile_unknown Messages that may or may not have arrived."
    yield f"campcompile_unknown {len(open_ones)}"
    yield "# TYPE campcompile_paused gauge"
    yield "# HELP campcompile_paused Campaigns that are paused; all of them count as one."
    yield f"campcompile_paused {len(paused(ledger))}"
    yield "# EOF"


def _as_json(ledger: Ledger, campaign: str, open_ones: list[Open]) -> object:
    from campcompile.runner.ledger.account import counts, paused

    return {
        "paused": [
            {"campaign": code, "since": since.isoformat(), "reason": reason} for code, since, reason in paused(ledger)
        ],
        "counts": [
            {"campaign": code, "email": item, "state": state.value, "count": count}
            for code, item, state, count in counts(ledger, campaign)
        ],
        "unknown": [
            {
                "message": one.token,
                "campaign": one.campaign,
                "email": one.item,
                "row": one.row,
                "policy": one.policy,
                "since": one.since.isoformat(),
                "reason": one.reason,
            }
            for one in open_ones
        ],
    }
