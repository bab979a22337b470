"""`campcompile send`: one e-mail of a bundle to the people of a file; dry unless told otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from campcompile.cli.orders import LedgerPlace
from campcompile.cli.sent import after_failure, counted, ended_lines, planned_lines, tried
from campcompile.cli.trial import demand_alone, try_out
from campcompile.cli.ways import Asked, demand_elsewhere, demand_plan, demand_way, way
from campcompile.errors import DeliveryError, UsageError

if TYPE_CHECKING:  # the runner takes longer to import than --help may take to answer
    from campcompile.runner.bundle import Bundle
    from campcompile.runner.clock import Clock
    from campcompile.runner.delivery import Account
    from campcompile.runner.ledger.entry import Finished
    from campcompile.runner.ledger.ledger import Ledger
    from campcompile.runner.ledger.place import Place
    from campcompile.runner.log import Log
    from campcompile.runner.planned import PlanRows
    from campcompile.runner.rates import Rates
    from campcompile.runner.send import Plan, Send
    from campcompile.runner.transport import Transport

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(short_help="Send one e-mail of a bundle to the people of a file (dry unless told otherwise).")
@click.argument("manifest", type=click.Path(exists=True, path_type=Path))
@click.option("--email", "email_id", metavar="ID", help="Which e-mail of the campaign; --test-to takes all without it.")
@click.option(
    "--recipients",
    metavar="FILE.csv",
    type=_FILE,
    help="Who: a CSV file in UTF-8 with the columns email, locale and the fields that the campaign reads.",
)
@click.option(
    "--test-to",
    "test_to",
    metavar="ADDRESS",
    help="Instead: each e-mail in each language, for a person who is made up, marked [test], to this address alone.",
)
@click.option(
    "--outbox",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write each message as an .eml file into this folder.",
)
@click.option("--smtp", metavar="HOST:PORT", help="Deliver to this mail server, together with --apply.")
@click.option(
    "--via",
    metavar="SERVICE",
    help="Deliver over a service's API, together with --apply: aws-ses, mailgun, paubox, postmark or sendgrid.",
)
@click.option("--base-url", metavar="URL", default="", help="Where that service is, if not at its usual address.")
@click.option(
    "--dkim",
    metavar="SELECTOR:FILE",
    envvar="CAMPCOMPILE_DKIM",
    help="Sign what goes to the mail server with this RSA key (or the variable CAMPCOMPILE_DKIM).",
)
@click.option("--apply", is_flag=True, help="Really deliver to the mail server or service.")
@click.option(
    "--ledger",
    "ledger_place",
    metavar="FILE|URL",
    type=LedgerPlace(),
    help="Where it is written who got what, so that nothing goes twice: a file, or postgresql://… for many runners; "
    "needed for every server but this machine's.",
)
@click.option(
    "--connections",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many messages are on their way at once.",
)
@click.option(
    "--suppressions", metavar="FILE.csv", type=_FILE, help="Whom not to write to: email, layer (empty: none at all)."
)
@click.option(
    "--consents", metavar="FILE.csv", type=_FILE, help="Who agreed: recipient_id (or email), consent, given (the day)."
)
@click.option(
    "--plan",
    "plan_path",
    metavar="FILE.parquet",
    type=_FILE,
    help="Only who is due by this plan (campcompile plan --output), and at its instants.",
)
@click.option(
    "--log",
    "log_path",
    metavar="FILE.jsonl",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Add what became of each message to this file, one JSON line each; it names nobody.",
)
@click.option(
    "--warm-up",
    metavar="DAY",
    help="The first day on which your server sends at all: few go on that day, twice as many on each day after it.",
)
@click.option("--rate", type=click.FloatRange(0.01, 10_000), help="At most so many messages a second.")
@click.option(
    "--now", "instant", metavar="ISO", help="The instant of sending, with its offset from UTC (default: the clock's)."
)
@click.pass_context
def send(
    context: click.Context,
    manifest: Path,
    email_id: str | None,
    recipients: Path | None,
    test_to: str | None,
    outbox: Path | None,
    smtp: str | None,
    via: str | None,
    base_url: str,
    dkim: str | None,
    apply: bool,
    ledger_place: Place | None,
    connections: int,
    suppressions: Path | None,
    consents: Path | None,
    plan_path: Path | None,
    log_path: Path | None,
    warm_up: str | None,
    rate: float | None,
    instant: str | None,
) -> None:
    """Send one e-mail of a compiled campaign to the people of a file, one recipient a message.

    MANIFEST is build/CODE/manifest.json, or its folder. Without --outbox or --apply nothing leaves: you
    see how many messages would go in each locale, and which rows of the file are set aside and why.

    A column is missing, or the bundle was changed: nothing goes. A row is wrong: it is set aside, and the
    others go. Who is not in the audience is left out, as are people whom `stop_when` or the e-mail's `if`
    leaves out.

    A ledger keeps who got what, under keys that tell nobody's name or address, and makes sure that nothing goes
    twice, late, in quiet hours, without consent or to somebody who opted out. After an interruption run the same
    command again. What may or may not have arrived is listed by `campcompile status`, never guessed. A server
    that isn't this machine's needs the ledger, STARTTLS, and a file with the instants of a plan (send, expires).

    The variables CAMPCOMPILE_SMTP_USER and CAMPCOMPILE_SMTP_PASSWORD let you in where a server asks. --via takes a
    service's key from CAMPCOMPILE_SENDGRID_KEY and the like, and needs a target with `dialect: smtp` and its `vendor`.

    \b
    Examples:
      campcompile send build/ap71/manifest.json --email week-before --recipients people.csv
      campcompile send build/ap71 --email week-before --recipients people.csv --outbox outbox
      campcompile send build/ap71 --email week-before --recipients people.csv --smtp localhost:1025 --apply
      campcompile send build/ap71 --email week-before --recipients due.csv --smtp mail.clinic.example:587 \\
        --ledger /srv/clinic/ledger --apply

    \b
    A file of recipients:
      email,locale,patient.first_name,appointment.start
      kari@post.example,nb,Kari,2026-03-12T09:00+01:00
    With --plan also recipient_id and anchor_id, as the plan has them; without, send, expires, quiet_from and
    quiet_until may stand in the file.

    Exit codes: 0 all is well; 1 rows were set aside or refused, or are unknown; 2 nothing could be sent, or not to
    the end.
    """
    asked = Asked(outbox=outbox, smtp=smtp, via=via, base_url=base_url, dkim=dkim, apply=apply)
    asked.demand()
    if ledger_place and outbox:
        raise UsageError("--ledger is for what is sent, and --outbox sends nothing", help="leave one of them out")
    if ledger_place is None and warm_up:
        raise UsageError("--warm-up counts what a ledger says went", help="add --ledger FILE")
    if ledger_place is None and (suppressions or consents):
        raise UsageError("--suppressions and --consents are kept in a ledger", help="add --ledger FILE")
    from campcompile.runner.bundle import read_bundle
    from campcompile.runner.clock import Clock
    from campcompile.runner.rates import Rates

    clock, first_day = Clock(instant_of(instant)), _first_day(warm_up)
    _settle(manifest)
    bundle = read_bundle(manifest)
    if test_to is not None:
        others = {"--recipients": recipients, "--ledger": ledger_place, "--plan": plan_path,
                  "--suppressions": suppressions, "--consents": consents}  # fmt: skip
        address = demand_alone(test_to, others)
        context.exit(try_out(bundle, email_id, address, asked, clock.now()))
    if email_id is None or recipients is None:
        raise UsageError(
            f"{'--email' if email_id is None else '--recipients'} is missing: which e-mail goes, and to whom",
            help=f"the campaign has {', '.join(f'`{email.id}`' for email in bundle.manifest.emails)}; add --email ID "
            "and --recipients FILE.csv, or --test-to ADDRESS to try it",
        )
    found = way(asked, bundle.email(email_id), connections)
    if asked.is_elsewhere:
        demand_elsewhere(found, ledger_place, instant)
        demand_way(bundle, bundle.email(email_id), asked, found, clock.now())
    acts = asked.acts
    with ExitStack() as held:
        lasting = _lasting(held, ledger_place, acts=acts)
        if lasting is not None and acts:
            _take_lists(lasting, suppressions, consents, clock.now())
        sending = _sending(held, bundle, email_id, recipients, clock, lasting, plan_path, acts=acts)
        log = _log(held, log_path if acts else None, clock)
        demand_plan(sending, found)
        planned = sending.plan(None if acts else lasting or sending.ledger)
        click.echo("\n".join(planned_lines(bundle, planned, dry=not acts)))
        if asked.is_elsewhere and acts and ledger_place is None:
            click.echo("  without --ledger nothing is remembered: the same command sends it all again")
        if not acts:
            click.echo(asked.how_to_go_on())
            context.exit(1 if planned.set_aside else 0)
        most = _most(first_day, lasting, clock, bundle)
        account = _carried_out(sending, planned, found.transports, Rates(rate), most, log)
    click.echo("\n".join(ended_lines(account, f"{asked.told} {asked.name}")))
    is_one = ledger_place is not None and ledger_place.file is not None  # no other runner has any of them
    if is_one and most is None and not account.failure and (waiting := planned.due - tried(account)) > 0:
        click.echo(f"  {counted(waiting, 'row')} not tried: not due yet, or called off meanwhile")
    if account.failure:
        raise DeliveryError(account.failure, help=account.help or after_failure(ledger_place))
    context.exit(1 if planned.set_aside or account.set_aside or account.refused or account.unknown else 0)


def _settle(manifest: Path) -> None:
    """Finish a compile that was interrupted, so that the bundle is whole: the old one or the new."""
    from campcompile.workspace import settle

    folder = manifest if manifest.is_dir() else manifest.parent
    if folder.parent.name == "build":
        settle(folder.parent.parent)


def instant_of(text: str | None) -> datetime | None:
    """What `--now` says; None for the clock's. Raises UsageError for what is no instant."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise UsageError(f"--now `{text}` is no instant", help="write e.g. 2026-03-05T09:00+01:00")
    return instant


def _lasting(held: ExitStack, place: Place | None, *, acts: bool) -> Ledger | None:
    """The ledger that was asked for; where nothing is sent, none is made."""
    from campcompile.runner.ledger.ledger import Ledger

    if place is None or (not acts and not Ledger.is_there(place)):
        return None
    ledger = Ledger.open(place)
    held.callback(ledger.close)
    if acts:
        held.enter_context(ledger.alone())
    return ledger


def _sending(
    held: ExitStack,
    bundle: Bundle,
    email_id: str,
    recipients: Path,
    clock: Clock,
    lasting: Ledger | None,
    plan_path: Path | None,
    *,
    acts: bool,
) -> Send:
    from campcompile.runner.ledger.ledger import Ledger
    from campcompile.runner.send import Send

    ledger = lasting if lasting is not None and acts else None
    if ledger is None:
        ledger = held.enter_context(Ledger.passing(lasting.secret if lasting else None))
    lasts = lasting is not None
    plan = _plan_rows(plan_path, bundle.manifest.code, email_id) if plan_path else None
    return Send(bundle, email_id, _opener(recipients), ledger, clock, asks_consent=lasts, makes_links=lasts, plan=plan)


def _plan_rows(path: Path, campaign: str, email_id: str) -> PlanRows:
    from campcompile.plan.duck import Duck
    from campcompile.runner.planned import COLUMNS, PlanRows

    duck = Duck.in_memory()
    place, code, email = ("'" + str(value).replace("'", "''") + "'" for value in (path, campaign, email_id))
    try:
        return PlanRows(
            duck.each(
                f"SELECT {', '.join(COLUMNS)} FROM read_parquet({place}) WHERE campaign = {code} AND email = {email}"
            )
        )
    except duck.error:
        raise UsageError(f"`{path}` is no plan", help="campcompile plan --output writes one") from None


def _opener(path: Path) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            return path.open("rb")
        except OSError as error:
            raise UsageError(f"can't read `{path}`: {error.strerror}") from None

    return opened


def _take_lists(ledger: Ledger, suppressions: Path | None, consents: Path | None, now: datetime) -> None:
    from campcompile.runner.lists import take_consents, take_suppressions

    if suppressions:
        take_suppressions(ledger, suppressions.read_bytes(), now)
    if consents:
        take_consents(ledger, consents.read_bytes(), now)


def _first_day(warm_up: str | None) -> date | None:
    """What `--warm-up` says. Raises UsageError for what is no day."""
    try:
        return date.fromisoformat(warm_up) if warm_up is not None else None
    except ValueError:
        raise UsageError(f"--warm-up `{warm_up}` is no day", help="write e.g. 2026-09-01") from None


def _most(first: date | None, ledger: Ledger | None, clock: Clock, bundle: Bundle) -> int | None:
    """How many may still go on this day of the practice's; said, too."""
    from campcompile.runner.ledger.account import gone_since
    from campcompile.runner.rates import most_on
    from campcompile.zones import zone

    if first is None or ledger is None:
        return None
    now = clock.now().astimezone(zone(bundle.manifest.practice.zone))
    most = most_on(now.date(), first)
    if most is None:
        return None
    left = max(most - gone_since(ledger, now.replace(hour=0, minute=0, second=0, microsecond=0)), 0)
    click.echo(f"  warm-up since {first}: {most:,} may go today, {left:,} of them still; the rest stays planned")
    return left


def _log(held: ExitStack, path: Path | None, clock: Clock) -> Log | None:
    from campcompile.runner.log import Log

    if path is None:
        return None
    log = Log(path, clock.now)
    held.callback(log.close)
    return log


def _carried_out(
    sending: Send, planned: Plan, transports: Sequence[Transport], rates: Rates, most: int | None, log: Log | None
) -> Account:
    if log is None:
        return _watched(sending, planned, transports, rates, most, lambda token, ended: None)
    log.began(sending.mailing.manifest.code, planned.email, planned.due)
    account = _watched(sending, planned, transports, rates, most, log.message)
    log.ended(account)
    if log.failure:
        click.echo(f"  the log isn't whole: {log.failure}")
    return account


def _watched(
    sending: Send,
    planned: Plan,
    transports: Sequence[Transport],
    rates: Rates,
    most: int | None,
    on_end: Callable[[str, Finished], None],
) -> Account:
    from campcompile.cli.processor import one_processor
    from campcompile.runner.progress import Progress

    if not sys.stderr.isatty():
        with one_processor():
            return sending.carry_out(transports, rates=rates, most=most, on_end=on_end)
    with Progress(sys.stderr, planned.due) as progress, one_processor():
        return sending.carry_out(transports, rates=rates, most=most, on_progress=progress, on_end=on_end)
