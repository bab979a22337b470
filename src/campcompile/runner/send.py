"""One e-mail of a bundle to the people of a file: first what would go, then, if asked, the going."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from secrets import token_hex
from typing import Protocol

from campcompile.errors import DeliveryError, RenderError
from campcompile.formula import Formula, source_fields
from campcompile.manifest import Email, Rendering, Sender
from campcompile.parts import Context
from campcompile.parts_text import parse_parts
from campcompile.render import Template, evaluate, names, render_message
from campcompile.runner.bundle import Bundle
from campcompile.runner.message import Envelope, compose, content_id
from campcompile.runner.mime import Picture
from campcompile.runner.recipients import Person, SetAside, read_recipients
from campcompile.values import dataclass

_LOOK = "1"  # where all have one
_VARIANT = "a"  # shares of an experiment need the ledger: until then everyone gets the e-mail itself


class Transport(Protocol):
    """Takes messages away."""

    def open(self) -> None: ...
    def deliver(self, envelope: Envelope, token: str) -> str: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would go, and what not; nothing of it names a person."""

    email: str
    due: tuple[Person, ...]
    set_aside: tuple[SetAside, ...]
    left_out: Mapping[str, int]  # why not → how many: the audience, stop_when, the e-mail's own condition
    ignored: tuple[str, ...]
    subjects: Mapping[str, str]  # locale → the subject as neutral text

    @property
    def locales(self) -> Mapping[str, int]:
        """How many messages go in each locale, in the order of the locales' names."""
        return dict(sorted(Counter(person.locale for person in self.due).items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    delivered: int
    refused: tuple[SetAside, ...]
    unknown: int  # the row whose message may or may not have arrived; 0 for none
    untried: int  # people after it
    failure: str  # why it ended early; "" where it didn't


def plan(bundle: Bundle, email_id: str, recipients: bytes, now: datetime) -> Plan:
    """Reads the file and makes every message once, to be sure that it can be made; nothing leaves.

    Two rows that would bring the same message to the same address count once: in a campaign anchored in
    a field, rows that are alike in all that this e-mail reads; in any other, rows of one address.
    Raises UsageError for an unknown e-mail, RecipientsError for a file that can't be used.
    """
    mailing = _Mailing(bundle, bundle.email(email_id))
    read = read_recipients(recipients, bundle.manifest, mailing.needed)
    left_out: Counter[str] = Counter()
    aside = list(read.set_aside)
    due: list[Person] = []
    first_rows: dict[object, int] = {}
    for person in read.people:
        try:
            if reason := mailing.reason_against(person, now):
                left_out[reason] += 1
                continue
            mailing.envelope(person, now, "0" * 32)
        except RenderError as error:
            aside.append(SetAside(person.row, error.message))
            continue
        first = first_rows.setdefault(mailing.identity(person), person.row)
        if first == person.row:
            due.append(person)
        else:
            aside.append(SetAside(person.row, f"the same recipient as row {first}"))
    return Plan(
        email=email_id,
        due=tuple(due),
        set_aside=tuple(sorted(aside)),
        left_out=dict(sorted(left_out.items())),
        ignored=read.ignored,
        subjects={rendering.locale: rendering.subject for rendering in mailing.renderings.values()},
    )


def carry_out(
    bundle: Bundle,
    planned: Plan,
    transport: Transport,
    now: datetime,
    *,
    on_progress: Callable[[], None] = lambda: None,
    new_token: Callable[[], str] = lambda: token_hex(16),
) -> Result:
    """Delivers a plan, one recipient a message, in the file's order; stops where the transport fails.

    A message that was on its way at that instant is reported as unknown, never tried again.
    Raises DeliveryError where the transport doesn't open at all.
    """
    mailing = _Mailing(bundle, bundle.email(planned.email))
    refused: list[SetAside] = []
    delivered = 0
    transport.open()
    try:
        for place, person in enumerate(planned.due):
            token = new_token()
            try:
                why_not = transport.deliver(mailing.envelope(person, now, token), token)
            except DeliveryError as error:
                return Result(
                    delivered=delivered,
                    refused=tuple(refused),
                    unknown=person.row,
                    untried=len(planned.due) - place - 1,
                    failure=error.message,
                )
            if why_not:
                refused.append(SetAside(person.row, why_not))
            else:
                delivered += 1
            on_progress()
    finally:
        transport.close()
    return Result(delivered=delivered, refused=tuple(refused), unknown=0, untried=0, failure="")


class _Mailing:
    """One e-mail of a bundle, its templates read once."""

    def __init__(self, bundle: Bundle, email: Email) -> None:
        self.bundle = bundle
        self.manifest = bundle.manifest
        self.email = email
        self.renderings: dict[tuple[str, str], Rendering] = {
            (rendering.locale, rendering.look): rendering
            for rendering in email.renderings
            if rendering.variant == _VARIANT
        }
        self.templates: dict[tuple[str, str], Template] = {
            key: bundle.template(rendering) for key, rendering in self.renderings.items()
        }

    @cached_property
    def needed(self) -> frozenset[str]:
        """The fields that a row must bring: for audience, conditions, prints and headers of this e-mail."""
        return frozenset(field for formula in self._formulas() for field in source_fields(formula))

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

    def identity(self, person: Person) -> object:
        if any(field.name == self.manifest.anchor for field in self.manifest.fields):
            return person.email.casefold(), tuple(person.values.items())
        return person.email.casefold()

    def envelope(self, person: Person, now: datetime, token: str) -> Envelope:
        """Raises RenderError, which names the field."""
        key = (person.locale, self._chosen(self.email.look, person, now) or _LOOK)
        if key not in self.templates:
            raise RenderError(f"the e-mail is not there in `{person.locale}`")

        def address(name: str) -> str:
            return f"cid:{content_id(name, token)}"

        def picture(name: str) -> Picture:
            return Picture(name, content_id(name, token), self.bundle.media_type(name), self.bundle.picture(name))

        message = render_message(self.manifest, self.templates[key], person.values, now, address)
        return compose(
            self.manifest, message, person.email, picture, sender=self.sender(person, now), token=token, now=now
        )

    def sender(self, person: Person, now: datetime) -> Sender:
        """The site's own, where the person's record says a site that has one."""
        manifest = self.manifest
        return manifest.site_senders.get(self._chosen(self.email.sender, person, now), manifest.sender)

    def _chosen(self, name: str | None, person: Person, now: datetime) -> str:
        """What the person's site chooses; "" where it chooses nothing."""
        return "" if name is None else str(evaluate(self.manifest.derived[name].formula, person.values, now))

    def _formulas(self) -> Iterator[Formula]:
        manifest = self.manifest
        yield manifest.audience.formula
        if manifest.stop_when:
            yield manifest.stop_when.formula
        used = {name for name in (self.email.condition, self.email.look, self.email.sender) if name}
        for template in self.templates.values():
            used |= names(part for parts in template.all for part in parts)
        for text in manifest.headers.values():
            used |= names(parse_parts(text, Context.HEADER, ()))
        for name in sorted(used):
            yield manifest.derived[name].formula
