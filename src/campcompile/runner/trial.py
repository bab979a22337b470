"""Tests: each e-mail of a bundle in each language for a person who is made up, to one address; no ledger, no file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from campcompile.errors import RenderError
from campcompile.manifest import Email, Field, Manifest
from campcompile.render import Value
from campcompile.runner.bundle import Bundle
from campcompile.runner.mailing import Mailing
from campcompile.runner.message import Envelope
from campcompile.runner.recipients import Person
from campcompile.values import dataclass

_MARK = "[test] "
_NAMES = {"fr": "Camille", "nb": "Kari", "nn": "Kari", "no": "Kari", "zh": "雅婷"}  # nobody's
_NAME = "Robin"
_AHEAD = timedelta(days=7)
_BEHIND = timedelta(days=400)
_OTHERS: Mapping[str, Value] = {
    "phone": "+4755500000",
    "country": "NO",
    "zone": "Europe/Oslo",
    "number": 3,
    "yes_no": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One message to try, or why it can't be made."""

    email: str
    locale: str
    token: str
    envelope: Envelope | None
    reason: str = ""


def tests(bundle: Bundle, emails: tuple[Email, ...], address: str, now: datetime) -> Iterator[Test]:
    """In the order of the campaign and of its locales; audience and conditions don't count."""
    for email in emails:
        mailing = Mailing(bundle, email, asks_consent=False)
        for locale in dict.fromkeys(rendering.locale for rendering in mailing.renderings.values()):
            token = uuid4().hex
            person = _person(bundle.manifest, locale, address, now)
            try:
                envelope, reason = mailing.envelope(person, now, token, mark=_MARK), ""
            except RenderError as error:
                envelope, reason = None, error.message
            yield Test(email=email.id, locale=locale, token=token, envelope=envelope, reason=reason)


def _person(manifest: Manifest, locale: str, address: str, now: datetime) -> Person:
    values = {field.name: _value(field, manifest, locale, now) for field in manifest.fields}
    record = manifest.recipient.record
    return Person(
        row=0,
        email=address,
        locale=locale,
        values={**values, f"{record}.email": address, f"{record}.locale": locale},
        reference="",
        anchor_id="",
        repetition=0,
        instants={},
    )


def _value(field: Field, manifest: Manifest, locale: str, now: datetime) -> Value:
    if field.type == "list":
        single = replace(field, type=field.element or "text")
        return (str(_value(single, manifest, locale, now)),)
    if field.choices:
        return field.choices[0]
    is_ahead = field.name == manifest.anchor or field.pick is not None
    match field.type:
        case "date" | "datetime":
            at = now + _AHEAD if is_ahead else now - _BEHIND
            return at if field.type == "datetime" else date(at.year, at.month, at.day)
        case "url":
            return f"https://{field.host or 'test.example'}/test"
        case "locale":
            return locale
        case "text" if field.name.endswith("name"):
            return _NAMES.get(locale.partition("-")[0], _NAME)
    return _OTHERS.get(field.type, field.name.rpartition(".")[2].replace("_", " "))
