"""Whether a bundle's e-mail may go to a server at all: asked before anything is claimed."""

from __future__ import annotations

from datetime import date, datetime

from campcompile.errors import BundleError, DeliveryError
from campcompile.manifest import Email, Manifest
from campcompile.zones import zone

_TELLING = ("health", "special")  # labels of messages that need an encrypted way


def demand_unexpired(manifest: Manifest, now: datetime) -> None:
    """Raises BundleError where a waiver that the bundle was compiled with is over, in the practice's zone."""
    today = now.astimezone(zone(manifest.practice.zone)).date()
    over = sorted({waiver.rule for waiver in manifest.waivers if date.fromisoformat(waiver.until) < today})
    if over:
        raise BundleError(
            f"campaign `{manifest.code}` was allowed {', '.join(map('`{}`'.format, over))} until a day that is over",
            help="mend what was waived, or have it waived anew; then compile again",
        )


def demand_cleared(manifest: Manifest, email: Email, encrypts: bool) -> None:
    """Raises DeliveryError where the campaign isn't for mail servers, or tells too much for an open way."""
    targets = [target for target in manifest.targets if target.dialect == "smtp"]
    if not targets:
        raise DeliveryError(
            f"campaign `{manifest.code}` isn't compiled for a mail server",
            help="add a target with `dialect: smtp` to campcompile.yaml, and compile again",
        )
    if email.label in _TELLING and not encrypts:
        raise DeliveryError(
            f"e-mail `{email.id}` tells of health, and this way isn't encrypted",
            help="send through a server with STARTTLS",
        )
    if email.label in _TELLING and not any(target.tls == "required" for target in targets):
        raise DeliveryError(
            f"e-mail `{email.id}` tells of health, and no target of `{manifest.code}` says `tls: required`",
            help="have the relay pass it on encrypted only, and say so in campcompile.yaml",
        )
