"""`campcompile reconcile`: clear up what is unknown from what a mail server or an ESP says arrived."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.orders import ledger_option, opened
from campcompile.errors import UsageError

if TYPE_CHECKING:
    from campcompile.runner.ledger.place import Place


@click.command(short_help="Clear up what is unknown, from what the mail server or ESP says arrived.")
@click.argument("feed", type=click.Path(exists=True, path_type=Path))
@ledger_option
@click.option(
    "--covers-until",
    "covers",
    metavar="ISO",
    default=None,
    help="Up to when the feed is complete, with the offset from UTC: what it doesn't show by then didn't arrive.",
)
@click.pass_context
def reconcile(context: click.Context, feed: Path, place: Place, covers: str | None) -> None:
    """Clear up what is unknown from a feed: what it shows is sent or failed. Who bounced or complained gets no more.

    What it doesn't show, though it would, goes again with the next `send`, if it is a reminder (layer essential) and
    its deadline isn't over. A newsletter is never sent again. Whatever went later than ten minutes before
    --covers-until stays unknown; without that option nothing goes again.

    FEED holds the events of Amazon SES, Mailgun, Postmark or SendGrid as they came, one JSON object or list a line.
    Or one of your own: message, the Message-ID; and event: accepted, delivered, bounced, rejected, opened, clicked,
    complained or unsubscribed. Or FEED is a folder of .eml files: reports of what couldn't be
    delivered, and of complaints, as they come back to the sender's mailbox.

    \b
    Examples:
      campcompile reconcile bounces/ --ledger /srv/clinic/ledger
      campcompile reconcile events.jsonl --covers-until 2026-09-15T12:00+02:00 --ledger /srv/clinic/ledger

    Exit codes: 0 nothing is unknown any more; 1 something still is; 2 the feed can't be read.
    """
    from campcompile.runner.bounces import read_bounces
    from campcompile.runner.feed import clear_up, read_feed

    until = _instant(covers) if covers else None
    ledger, now = opened(place, ""), datetime.now(UTC)
    try:
        if feed.is_dir():
            cleared = clear_up(ledger, read_bounces(feed), until, now)
        else:
            with feed.open(encoding="utf-8") as lines:
                cleared = clear_up(ledger, read_feed(lines), until, now)
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"can't read `{feed}`", help="it is JSON lines in UTF-8") from None
    click.echo(
        f"sent {cleared.sent}, failed {cleared.failed}, to go again {cleared.again}, still unknown {cleared.left}; "
        f"newly suppressed {cleared.suppressed}"
    )
    context.exit(1 if cleared.left else 0)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min
    if found.tzinfo is None:
        raise UsageError(f"--covers-until `{text}` is no instant", help="write e.g. 2026-03-05T09:00+01:00")
    return found
