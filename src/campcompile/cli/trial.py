"""`send --test-to`: what a campaign looks like in a mailbox, for a person who is made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import click

from campcompile.cli.ways import Asked, Way, demand_carriable, way
from campcompile.errors import DeliveryError, UsageError

if TYPE_CHECKING:
    from campcompile.manifest import Email
    from campcompile.runner.bundle import Bundle
    from campcompile.runner.trial import Test


def demand_alone(address: str, others: Mapping[str, object]) -> str:
    """The address, as it is written to. Raises UsageError for none, and for options that are about patients."""
    from campcompile.runner.cells import typed_email

    for flag, value in others.items():
        if value:
            raise UsageError(
                f"--test-to writes to one address for a person who is made up, and {flag} is about others",
                help=f"leave out {flag}, or --test-to",
            )
    try:
        return typed_email(address)
    except ValueError as error:
        raise UsageError(f"--test-to {error}", help="write e.g. --test-to you@clinic.example") from None


def try_out(bundle: Bundle, email_id: str | None, address: str, asked: Asked, now: datetime) -> int:
    """Says what goes, and sends it where that is asked; the exit code. Raises DeliveryError where nothing can go."""
    from campcompile.runner.carriers.letter import letter_of
    from campcompile.runner.trial import tests

    emails = (bundle.email(email_id),) if email_id else bundle.manifest.emails
    found = _way(bundle, emails, asked)
    made = list(tests(bundle, emails, address, now))
    click.echo(f"{bundle.manifest.code}: {'sending' if asked.acts else 'dry run, nothing is sent'}")
    for test in made:
        what = letter_of(test.envelope).subject if test.envelope else f"can't be made: {test.reason}"
        click.echo(f"  {test.email}  {test.locale:<8}  {what}")
    if not asked.acts:
        click.echo(asked.how_to_go_on())
        return 1 if any(test.reason for test in made) else 0
    problems = list(_sent(made, found))
    gone = sum(test.envelope is not None for test in made) - len(problems)
    click.echo("\n".join([f"  {gone} of {len(made)} {asked.told} {asked.name}", *problems]))
    return 0 if gone == len(made) else 1


def _way(bundle: Bundle, emails: tuple[Email, ...], asked: Asked) -> Way:
    if bundle.manifest.deliver == "portal" and asked.is_elsewhere:
        raise UsageError(
            f"campaign `{bundle.manifest.code}` goes to the portal, and a mailbox gets its notices alone",
            help="--outbox DIR writes both",
        )
    found = way(asked, emails[0], 1)
    for email in emails:
        demand_carriable(bundle, email, found)
    return found


def _sent(made: list[Test], found: Way) -> Iterator[str]:
    """What didn't go, in words."""
    from campcompile.runner.transport import Fate

    (transport,) = found.transports
    transport.open()
    try:
        for test in made:
            if test.envelope is None:
                continue
            try:
                outcome = transport.deliver(test.envelope, test.token)
            except DeliveryError as error:
                yield f"  {test.email}  {test.locale}: {error.message}; {error.help}"
                return
            if outcome.fate is not Fate.ACCEPTED:
                yield f"  {test.email}  {test.locale}: {outcome.reason}"
            if not outcome.is_open:
                transport.close()
                transport.open()
    finally:
        transport.close()
