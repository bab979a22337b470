"""A compiled campaign as a dialect sees it: the manifest, its texts as parts, its pictures; and who gets what when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from campcompile.manifest import Email, Manifest, Rendering, Sender
from campcompile.render import Template
from campcompile.schedule.moments import dated_moment
from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.schedule.timing import Place, Timing
from campcompile.values import dataclass
from campcompile.zones import zone


class Compiled(Protocol):
    """What `runner/bundle.py` reads from build/, or what a compile just made."""

    @property
    def manifest(self) -> Manifest: ...
    def template(self, rendering: Rendering) -> Template: ...
    def picture(self, name: str) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """One e-mail in one locale and look from one sender, in every variant: what a service sends at one time."""

    email: Email
    locale: str
    look: str
    site: str  # the key of `site_senders`; "" for the campaign's own sender
    sender: Sender
    renderings: tuple[Rendering, ...]  # variant a first
    goes_at: datetime | None  # None where each person has a time of their own

    @property
    def stem(self) -> str:
        """A name for files: `issue-2026-09.en`, with look and sender where there are several."""
        return ".".join(part for part in (self.email.id, self.locale, self.look.strip("1"), self.site) if part)


def mailings(manifest: Manifest) -> Iterator[Mailing]:
    """All that goes out, in reading order."""
    for email in manifest.emails:
        looks = dict.fromkeys((rendering.locale, rendering.look) for rendering in email.renderings)
        senders = {"": manifest.sender, **(manifest.site_senders if email.sender else {})}
        for locale, look in looks:
            for site, sender in senders.items():
                yield Mailing(
                    email=email,
                    locale=locale,
                    look=look,
                    site=site,
                    sender=sender,
                    renderings=tuple(one for one in email.renderings if (one.locale, one.look) == (locale, look)),
                    goes_at=_instant(manifest, email, locale),
                )


def _instant(manifest: Manifest, email: Email, locale: str) -> datetime | None:
    timing = Timing.of(email.send)
    day = timing.day_for(locale)
    if day is None or timing.at is None:
        return None
    practice = manifest.practice
    name = practice.zone if email.send.zone in ("site", "patient") else email.send.zone
    place = Place(zone=zone(name), holidays=practice.holidays, quiet=parse_quiet_hours(practice.quiet_hours))
    return dated_moment(timing, day, place).send
