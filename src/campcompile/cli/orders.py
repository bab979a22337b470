"""`campcompile pause`, `resume`, `cancel` and `forget`: what people order, also while another process is sending."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from campcompile.errors import UsageError

if TYPE_CHECKING:
    from campcompile.runner.ledger.ledger import Ledger
    from campcompile.runner.ledger.place import Place


class LedgerPlace(click.ParamType[Any]):
    """A file, or the address of a PostgreSQL database."""

    name = "ledger"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """Raises UsageError where nobody says in which file the secret of such an address lies."""
        from campcompile.runner.ledger.place import SECRET_VARIABLE, place_of

        return place_of(value, os.environ.get(SECRET_VARIABLE, "")) if isinstance(value, str) else value


ledger_option = click.option(
    "--ledger",
    "place",
    metavar="FILE|URL",
    required=True,
    type=LedgerPlace(),
    help="The ledger that `send` keeps: a file, or postgresql://…",
)
_KEPT = "P400D"
_LEAST = timedelta(days=90)
_campaign = click.argument("campaign", metavar="[CODE]", required=False, default="")


@click.command(short_help="Let nothing of a campaign leave until `resume`.")
@_campaign
@ledger_option
def pause(campaign: str, place: Place) -> None:
    """Let nothing of a campaign leave until `resume`; without CODE, nothing of any campaign.

    Holds for a `send` that is running, too: what is on its way at this instant arrives, and nothing after it.

    \b
    Examples:
      campcompile pause ap71 --ledger /srv/clinic/ledger
      campcompile pause --ledger /srv/clinic/ledger
    """
    from campcompile.runner.ledger.orders import pause as pause_in

    ledger = opened(place, campaign)
    pause_in(ledger, campaign, datetime.now(UTC))
    click.echo(f"{campaign or 'all campaigns'}: paused; campcompile resume lets it go on")


@click.command(short_help="Let a paused campaign go on with the next `send`.")
@_campaign
@ledger_option
def resume(campaign: str, place: Place) -> None:
    """Let a paused campaign go on with the next `send`. Without CODE it lifts the pause of all campaigns.

    \b
    Example:
      campcompile resume ap71 --ledger /srv/clinic/ledger
    """
    from campcompile.runner.ledger.account import paused
    from campcompile.runner.ledger.orders import resume as resume_in

    ledger = opened(place, "")
    if not resume_in(ledger, campaign, datetime.now(UTC)):
        others = ", ".join(f"`{code}`" if code else "all campaigns" for code, _, _ in paused(ledger)) or "nothing"
        raise UsageError(f"{f'`{campaign}`' if campaign else 'all campaigns'} isn't paused", help=f"paused: {others}")
    click.echo(f"{campaign or 'all campaigns'}: goes on with the next campcompile send")


@click.command(short_help="Call off what is planned and not yet on its way.")
@click.argument("campaign", metavar="CODE")
@ledger_option
@click.option("--email", "email_id", metavar="ID", default="", help="Only this e-mail of the campaign.")
@click.option("--recipient", metavar="ID", default="", help="Only to this person: the recipient_id of the plan.")
def cancel(campaign: str, place: Place, email_id: str, recipient: str) -> None:
    """Call off what is planned and not yet on its way. A later plan may plan it again.

    \b
    Examples:
      campcompile cancel ap71 --ledger /srv/clinic/ledger
      campcompile cancel ap71 --email week-before --recipient 4711 --ledger /srv/clinic/ledger
    """
    from campcompile.runner.ledger.orders import cancel as cancel_in

    ledger = opened(place, campaign)
    _demand_email(ledger, campaign, email_id)
    person = _person(ledger, campaign, recipient) if recipient else b""
    count = cancel_in(ledger, campaign, datetime.now(UTC), item=email_id, person=person)
    click.echo(f"{campaign}: {count} called off")


def _demand_email(ledger: Ledger, campaign: str, email_id: str) -> None:
    """Raises UsageError for an e-mail that the ledger doesn't know: a slip, and nothing would be called off."""
    from campcompile.runner.ledger.account import counts
    from campcompile.syntax.suggest import listed, nearest

    known = dict.fromkeys(item for _, item, _, _ in counts(ledger, campaign))
    if email_id and email_id not in known:
        near = nearest(email_id, known)
        raise UsageError(
            f"the ledger knows no e-mail `{email_id}` of campaign `{campaign}`",
            help=f"did you mean `{near}`?" if near else f"it knows {listed(known)}",
        )


def _person(ledger: Ledger, campaign: str, recipient: str) -> bytes:
    """The key of somebody who is written to; an address in whatever case. Raises UsageError for nobody."""
    from campcompile.runner.ledger.account import is_written_to

    for said in (recipient, recipient.casefold()):
        person = ledger.secret.person(said)
        if is_written_to(ledger, campaign, person):
            return person
    raise UsageError(
        f"the ledger knows no message of campaign `{campaign}` to this person",
        help="--recipient is the `recipient_id` of the file that was sent; where it has none, the e-mail address",
    )


@click.command(short_help="Take out of a ledger whom old messages were about.")
@ledger_option
@click.option(
    "--older-than", default=_KEPT, show_default=True, metavar="DURATION", help="What was over longer ago: P400D, P13M."
)
def forget(place: Place, older_than: str) -> None:
    """Take out of a ledger whom old messages were about: the keys of persons and addresses, and the rows of files.

    What a message is known by stays, so that it doesn't go again; so do counts, what is unknown, the audit, and who
    opted out. A frequency cap counts what went before that day no more.

    \b
    Example:
      campcompile forget --older-than P13M --ledger /srv/clinic/ledger
    """
    from campcompile.runner.ledger.orders import forget as forget_in
    from campcompile.runner.window import counted_since

    now = datetime.now(UTC)
    try:
        before = counted_since(older_than, now, "UTC")
    except ValueError:
        raise UsageError(f"--older-than `{older_than}` is no duration", help="write e.g. P400D or P13M") from None
    if before > now - _LEAST:
        raise UsageError(
            f"--older-than `{older_than}` is too short: caps and limits count back up to {_LEAST.days} days",
            help=f"write P{_LEAST.days}D or more",
        )
    count = forget_in(opened(place, ""), before, now)
    click.echo(f"{count} {'row' if count == 1 else 'rows'} forgotten")


def opened(place: Place, campaign: str) -> Ledger:
    """The ledger. Raises UsageError for a campaign that it doesn't know ("" is every one)."""
    from campcompile.runner.ledger.account import campaigns
    from campcompile.runner.ledger.ledger import Ledger
    from campcompile.syntax.suggest import nearest

    ledger = Ledger.open(place, make=False)
    if campaign and campaign not in (known := campaigns(ledger)):
        near = nearest(campaign, known)
        advice = f"did you mean `{near}`?" if near else f"it knows {', '.join(f'`{code}`' for code in known) or 'none'}"
        raise UsageError(f"the ledger knows no campaign `{campaign}`", help=advice)
    return ledger
