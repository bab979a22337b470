"""One e-mail of a bundle, its templates read once: who gets it, under which key, and each one's message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property

from campcompile.errors import RenderError
from campcompile.formula import Formula, source_fields
from campcompile.manifest import ONE_CLICK, Email, Manifest, Rendering, Sender
from campcompile.parts import Context
from campcompile.parts_text import parse_parts
from campcompile.render import Prepared, Template, Value, evaluate, names
from campcompile.runner.body import Body
from campcompile.runner.bundle import Bundle
from campcompile.runner.ledger.entry import Entry
from campcompile.runner.ledger.secret import Secret
from campcompile.runner.message import Bodies, Envelope, compose, content_id
from campcompile.runner.mime import Picture
from campcompile.runner.preferences.links import link_token
from campcompile.runner.recipients import Person
from campcompile.runner.window import agreed_since

_LOOK = "1"  # where all have one
_VARIANT = "a"  # shares of an experiment need a plan that draws them: until then everyone gets the e-mail itself
_UNPLANNED = timedelta(hours=24)  # a file without a plan's instants is meant for now


class _Made:
    """What is done once for all who get an e-mail in one locale and look."""

    def __init__(self, manifest: Manifest, template: Template) -> None:
        self.prepared = Prepared(manifest, template)
        self.html = Body("html", template.html)
        self.text = Body("plain", template.text)


class Mailing:
    """One e-mail of a bundle."""

    def __init__(self, bundle: Bundle, email: Email, *, asks_consent: bool = True) -> None:
        self.bundle = bundle
        self.asks_consent = asks_consent
        self.manifest = bundle.manifest
        self.email = email
        self.renderings: dict[tuple[str, str], Rendering] = {
            (rendering.locale, rendering.look): rendering
            for rendering in email.renderings
            if rendering.variant == _VARIANT
        }
        self.made = {key: _Made(self.manifest, bundle.template(found)) for key, found in self.renderings.items()}
        self.is_anchored = any(field.name == self.manifest.anchor for field in self.manifest.fields)

    @cached_property
    def needed(self) -> frozenset[str]:
        """The fields that a row must bring: for audience, conditions, prints, headers and the key of this e-mail."""
        read = frozenset(field for formula in self._formulas() for field in source_fields(formula))
        return read | {self.manifest.anchor} if self.is_anchored else read

    def reason_against(self, person: Person, now: datetime) -> str:
        """Why a person doesn't get this e-mail; "" for no reason. What is unknown is not true."""
        manifest = self.manifest
        if evaluate(manifest.audience.formula, person.values, now) is not True:
            return "not in the audience"
        if manifest.stop_when and evaluate(manifest.stop_when.formula, person.values, now) is True:
            return "the run has ended (`stop_when`)"
        condition = self.email.condition
        if condition and evaluate(manifest.derived[condition].formula, person.values, now) is not True:
            return "the e-mail's `if` does not hold"
        return ""

    def completed(self, person: Person, secret: Secret) -> Person:
        """With a link to leave by, where the file has none: made of the ledger's key of the address."""
        opt_out = self.manifest.opt_out
        if opt_out is None or ONE_CLICK not in self.needed or ONE_CLICK in person.values:
            return person
        token = link_token(secret, secret.address(person.email), self.manifest.layer)
        return replace(person, values={**person.values, ONE_CLICK: f"{opt_out.one_click.rstrip('/')}/{token}"})

    def anchor(self, person: Person) -> date | None:
        """What the e-mail counts from, where that is a field."""
        found = person.values.get(self.manifest.anchor) if self.is_anchored else None
        return found if isinstance(found, date) else None

    def agreed_since(self, now: datetime) -> datetime | None:
        """A consent older than this has worn out: the shortest that any of the campaign's consents lasts."""
        lasting = self.manifest.planning.consents
        zone = self.manifest.practice.zone
        asked = {basis.consent for basis in self.manifest.bases if basis.consent}
        ends = [agreed_since(lasting[consent], now, zone) for consent in asked if lasting.get(consent)]
        return max(ends, default=None)

    def key(self, person: Person, secret: Secret, email_id: str = "") -> bytes:
        """What tells this message from every other, for ever: campaign, e-mail, anchor and person."""
        return secret.occurrence(
            self.manifest.code,
            email_id or self.email.id,
            person.anchor_id,
            self.anchor(person),
            person.reference or person.email.casefold(),
            person.repetition,
        )

    def entry(self, person: Person, secret: Secret, now: datetime) -> Entry:
        """What the ledger keeps of a row."""
        instants = person.instants
        quiet_from, quiet_until = instants.get("quiet_from"), instants.get("quiet_until")
        return Entry(
            key=self.key(person, secret),
            campaign=self.manifest.code,
            item=self.email.id,
            digest=self.manifest.digest,
            layer=self.manifest.layer,
            send=instants.get("send", now),
            expires=instants.get("expires", now + _UNPLANNED),
            quiet=(quiet_from, quiet_until) if quiet_from and quiet_until else None,
            person=secret.person(person.reference or person.email.casefold()),
            address=secret.address(person.email),
            consent=self._consent(person) if self.asks_consent else "",
            row=person.row,
        )

    def envelope(self, person: Person, now: datetime, token: str, *, mark: str = "") -> Envelope:
        """`mark` stands before the subject. Raises RenderError, which names the field."""
        key = (person.locale, self._chosen(self.email.look, person, now) or _LOOK)
        if key not in self.made:
            raise RenderError(f"the e-mail is not there in `{person.locale}`")

        made = self.made[key]
        found = made.prepared.values(person.values, now)
        message = made.prepared.message(found, now, has_bodies=False)
        if mark:
            message = replace(message, subject=f"{mark}{message.subject}")
        bodies = self._bodies(made, found, token)
        sender = self.sender(person, now)
        return compose(self.manifest, message, bodies, person.email, sender=sender, token=token, now=now)

    def sender(self, person: Person, now: datetime) -> Sender:
        """The site's own, where the person's record says a site that has one."""
        manifest = self.manifest
        return manifest.site_senders.get(self._chosen(self.email.sender, person, now), manifest.sender)

    def _bodies(self, made: _Made, found: Mapping[str, Value], token: str) -> Bodies:
        shown: dict[str, Picture] = {}

        def address(name: str) -> str:
            cid = content_id(name, token)
            shown[name] = Picture(name, cid, self.bundle.media_type(name), self.bundle.picture(name))
            return f"cid:{cid}"

        derived = made.prepared.derived
        html = made.html.part(found, derived, address)
        return Bodies(text=made.text.part(found, derived, address), html=html, pictures=tuple(shown.values()))

    def _consent(self, person: Person) -> str:
        """The consent that the campaign rests on where this person lives; "" where it rests on another basis."""
        country = person.values.get(f"{self.manifest.recipient.record}.country")
        bases = self.manifest.bases
        own = [basis for basis in bases if country and basis.jurisdiction.partition("-")[0] == country]
        return next((basis.consent for basis in own or bases if basis.consent), "")

    def _chosen(self, name: str | None, person: Person, now: datetime) -> str:
        """What the person's site chooses; "" where it chooses nothing."""
        return "" if name is None else str(evaluate(self.manifest.derived[name].formula, person.values, now))

    def _formulas(self) -> Iterator[Formula]:
        manifest = self.manifest
        yield manifest.audience.formula
        if manifest.stop_when:
            yield manifest.stop_when.formula
        used = {name for name in (self.email.condition, self.email.look, self.email.sender) if name}
        for made in self.made.values():
            used |= names(part for parts in made.prepared.template.all for part in parts)
        for text in manifest.headers.values():
            used |= names(parse_parts(text, Context.HEADER, ()))
        for name in sorted(used):
            yield manifest.derived[name].formula
