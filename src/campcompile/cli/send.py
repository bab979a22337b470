"""`campcompile send`: one e-mail of a bundle to the people of a file; dry unless told otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.errors import DeliveryError, UsageError

if TYPE_CHECKING:  # the runner takes longer to import than --help may take to answer
    from campcompile.runner.bundle import Bundle
    from campcompile.runner.recipients import SetAside
    from campcompile.runner.send import Plan, Result, Transport

_SHOWN = 20  # rows listed by number; the rest is counted


@click.command(short_help="Send one e-mail of a bundle to the people of a file (dry unless told otherwise).")
@click.argument("manifest", type=click.Path(exists=True, path_type=Path))
@click.option("--email", "email_id", metavar="ID", required=True, help="Which e-mail of the campaign.")
@click.option(
    "--recipients",
    metavar="FILE.csv",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Who: a CSV file in UTF-8 with the columns email, locale and the fields that the campaign reads.",
)
@click.option(
    "--outbox",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write each message as an .eml file into this folder.",
)
@click.option(
    "--smtp", metavar="HOST:PORT", help="Deliver to this mail server, together with --apply; this machine only."
)
@click.option("--apply", is_flag=True, help="Really deliver to the mail server.")
@click.option(
    "--now", "instant", metavar="ISO", help="The instant of sending, with its offset from UTC (default: the clock's)."
)
@click.pass_context
def send(
    context: click.Context,
    manifest: Path,
    email_id: str,
    recipients: Path,
    outbox: Path | None,
    smtp: str | None,
    apply: bool,
    instant: str | None,
) -> None:
    """Send one e-mail of a compiled campaign to the people of a file, one recipient a message.

    MANIFEST is build/CODE/manifest.json, or its folder. Without --outbox or --apply nothing leaves: you
    see how many messages would go in each locale, and which rows of the file are set aside and why.

    A column is missing, or the bundle was changed: nothing goes. A row is wrong: it is set aside, and the
    others go. Who is not in the audience is left out, as are people whom `stop_when` or the e-mail's `if`
    leaves out; when it is due, and consent, are not looked at here. Therefore, until there is a ledger
    and a consent check, it delivers to loopback hosts only.

    \b
    Examples:
      campcompile send build/ap71/manifest.json --email week-before --recipients people.csv
      campcompile send build/ap71 --email week-before --recipients people.csv --outbox outbox
      campcompile send build/ap71 --email week-before --recipients people.csv --smtp localhost:1025 --apply

    \b
    A file of recipients:
      email,locale,patient.first_name,appointment.start
      kari@post.example,nb,Kari,2026-03-12T09:00+01:00

    Exit codes: 0 all is well; 1 rows were set aside or refused; 2 nothing could be sent, or not to the end.
    """
    if outbox and smtp:
        raise UsageError("both --outbox and --smtp are given", help="choose one")
    if apply and not (smtp or outbox):
        raise UsageError("--apply needs --smtp HOST:PORT", help="or --outbox DIR to write .eml files")
    from campcompile.runner.bundle import read_bundle
    from campcompile.runner.send import plan

    now = _instant(instant)
    _settle(manifest)
    transport = _transport(outbox, smtp)
    bundle = read_bundle(manifest)
    if smtp and bundle.manifest.deliver == "portal":
        raise UsageError(
            f"campaign `{bundle.manifest.code}` goes to the portal, and a mail server gets its notices alone",
            help="--outbox DIR writes both",
        )
    planned = plan(bundle, email_id, _content(recipients), now)
    acts = transport is not None and (outbox is not None or apply)
    click.echo("\n".join(_report(bundle, planned, dry=not acts)))
    if transport is None or not acts:
        click.echo(_how_to_go_on(smtp))
        context.exit(1 if planned.set_aside else 0)
    result = _carried_out(bundle, planned, transport, now)
    click.echo("\n".join(_outcome(result, f"written into {outbox}" if outbox else f"delivered to {smtp}")))
    if result.failure:
        raise DeliveryError(result.failure, help="what was delivered stays so: leave those rows out of the next file")
    context.exit(1 if planned.set_aside or result.refused else 0)


def _settle(manifest: Path) -> None:
    """Finish a compile that was interrupted, so that the bundle is whole: the old one or the new."""
    from campcompile.workspace import settle

    folder = manifest if manifest.is_dir() else manifest.parent
    if folder.parent.name == "build":
        settle(folder.parent.parent)


def _instant(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise UsageError(f"--now `{text}` is no instant", help="write e.g. 2026-03-05T09:00+01:00")
    return instant


def _transport(outbox: Path | None, smtp: str | None) -> Transport | None:
    if outbox:
        from campcompile.runner.outbox import Outbox

        return Outbox(outbox)
    if smtp:
        from campcompile.runner.smtp import Smtp

        return Smtp(smtp)
    return None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"can't read `{path}`: {error.strerror}") from None


def _carried_out(bundle: Bundle, planned: Plan, transport: Transport, now: datetime) -> Result:
    from campcompile.runner.send import carry_out

    if not sys.stderr.isatty():
        return carry_out(bundle, planned, transport, now)
    with click.progressbar(length=len(planned.due), label="sending", file=sys.stderr) as bar:
        return carry_out(bundle, planned, transport, now, on_progress=lambda: bar.update(1))


def _report(bundle: Bundle, planned: Plan, *, dry: bool) -> Iterator[str]:
    mode = "dry run, nothing is sent" if dry else "sending"
    yield f"{bundle.manifest.code} {planned.email}: {mode}"
    for locale, count in planned.locales.items():
        yield f"  {locale:<8} {_counted(count, 'message'):<12}  {planned.subjects[locale]}"
    if not planned.due:
        yield "  no messages"
    for reason, count in planned.left_out.items():
        yield f"  {_counted(count, 'row')} left out: {reason}"
    yield from _rows("set aside", planned.set_aside)
    if planned.ignored:
        yield "  columns that the campaign doesn't read: " + ", ".join(f"`{name}`" for name in planned.ignored)


def _rows(what: str, rows: tuple[SetAside, ...]) -> Iterator[str]:
    if rows:
        yield f"  {_counted(len(rows), 'row')} {what}:"
    for row in rows[:_SHOWN]:
        yield f"    row {row.row}: {row.reason}"
    if len(rows) > _SHOWN:
        yield f"    and {len(rows) - _SHOWN} more"


def _outcome(result: Result, what: str) -> Iterator[str]:
    yield f"  {_counted(result.delivered, 'message')} {what}"
    yield from _rows("refused", result.refused)
    if result.unknown:
        yield f"  row {result.unknown}: unknown whether it arrived"
        yield f"  {_counted(result.untried, 'row')} not tried"


def _how_to_go_on(smtp: str | None) -> str:
    if smtp:
        from campcompile.runner.smtp import LOOPBACK_ONLY

        return f"add --apply to deliver to {smtp}; {LOOPBACK_ONLY}"
    return "add --outbox DIR to write .eml files, or --smtp HOST:PORT --apply to deliver"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
