"""Whether a bundle's e-mail may go to a server at all: asked before anything is claimed."""

from __future__ import annotations

from datetime import date, datetime
from typing import get_args

from campcompile.errors import BundleError, DeliveryError
from campcompile.manifest import Email, Label, Manifest, Target
from campcompile.zones import zone

_ORDER = get_args(Label)  # from what tells least to what tells most
_TELLING = ("health", "special")  # labels of messages that need an encrypted way


def is_telling(email: Email) -> bool:
    """Whether it needs an encrypted way to the mailbox."""
    return email.label in _TELLING


def demand_unexpired(manifest: Manifest, now: datetime) -> None:
    """Raises BundleError where a waiver that the bundle was compiled with is over, in the practice's zone."""
    today = now.astimezone(zone(manifest.practice.zone)).date()
    over = sorted({waiver.rule for waiver in manifest.waivers if date.fromisoformat(waiver.until) < today})
    if over:
        raise BundleError(
            f"campaign `{manifest.code}` was allowed {', '.join(map('`{}`'.format, over))} until a day that is over",
            help="mend what was waived, or have it waived anew; then compile again",
        )


def demand_cleared(manifest: Manifest, email: Email, now: datetime, *, encrypts: bool, vendor: str = "") -> None:
    """Raises DeliveryError where the campaign isn't for this way, or tells more than who is on it may learn.

    `vendor` takes the messages over its API; without one it is a mail server, and whose only campcompile.yaml knows.
    """
    runner = [target for target in manifest.targets if target.dialect == "smtp"]
    targets = [target for target in runner if vendor in ("", target.vendor)]
    if not targets:
        wanted = f"`{{dialect: smtp, vendor: {vendor}}}`" if vendor else "`dialect: smtp`"
        raise DeliveryError(
            f"campaign `{manifest.code}` isn't compiled for {f'`{vendor}`' if vendor else 'a mail server'}",
            help=f"add a target with {wanted} to campcompile.yaml, name it in the campaign's `targets`, compile again",
        )
    day = now.astimezone(zone(manifest.practice.zone)).date().isoformat()
    if not any(_may_learn(target, email.label, day) for target in targets):
        raise DeliveryError(
            f"e-mail `{email.id}` tells what is {email.label}, and `{targets[0].vendor}` may not learn that",
            help="sign an agreement with it and write `baa: {signed: …}` into its target, or send by a server of "
            "your own; campcompile explain VEN001 tells more",
        )
    if is_telling(email) and not encrypts:
        raise DeliveryError(
            f"e-mail `{email.id}` tells of health, and this way isn't encrypted",
            help="send through a server with STARTTLS; for Amazon SES name a configuration set that requires TLS in "
            "CAMPCOMPILE_AWS_SES_CONFIGURATION_SET",
        )
    if is_telling(email) and not any(target.tls == "required" for target in targets):
        raise DeliveryError(
            f"e-mail `{email.id}` tells of health, and no target of `{manifest.code}` says `tls: required`",
            help="have the relay pass it on encrypted only, and say so in campcompile.yaml",
        )


def _may_learn(target: Target, label: str, day: str) -> bool:
    """Whether what may be told to a target's vendor on a day reaches up to a label."""
    return any(
        _ORDER.index(label) <= _ORDER.index(one.label) and one.since <= day and (not one.until or day <= one.until)
        for one in target.clearances
    )
