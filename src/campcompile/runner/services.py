"""How each service is reached: its address, how a request shows the key, and what its answers mean."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import UTC, datetime
from typing import TypeAlias

from campcompile.errors import UsageError
from campcompile.runner.aws import Credentials, signed
from campcompile.runner.keys import Environment, Stored, key_of, stored, variable_of
from campcompile.values import dataclass

Signer: TypeAlias = Callable[[str, str, bytes], Mapping[str, str]]
_WAIT = frozenset({429, 503})  # answers of a service that took nothing and wants us to come later


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    name: str
    base: Callable[[str, Environment], str]  # of the key; "" where only the practice knows
    signer: Callable[[str, Environment], Signer]
    busy: frozenset[int] = _WAIT
    secret: str = ""  # the name under which a request's body asks for the key, where no header shows it
    refusals: frozenset[str] = frozenset()  # names of errors that come as answer 500, and did nothing
    absent: str = ""  # that of them which says that a thing isn't there


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A service under one key."""

    service: Service
    base: str
    sign: Signer
    secrets: Mapping[str, str] = field(repr=False)  # for bodies: shown and kept nowhere


def _mailchimp_base(key: str, environment: Environment) -> str:
    """The data centre is the key's end: `…-us21`."""
    place = key.rpartition("-")[2]
    return f"https://{place}.api.mailchimp.com/3.0" if place.isalnum() and place != key else ""


def _ses_base(key: str, environment: Environment) -> str:
    region = environment.get(_REGION, "")
    return f"https://email.{region}.amazonaws.com" if region else ""


def _ses_signer(key: str, environment: Environment) -> Signer:
    """The key is `ID:SECRET`. Each request is signed by itself; the secret never leaves."""
    id, _, secret = key.partition(":")
    if not id or not secret:
        raise UsageError(
            f"the key of Amazon SES is two: {variable_of('aws-ses')} is `ID:SECRET`",
            help="make an access key for a user who may do nothing but manage templates, or send e-mail",
        )
    credentials = Credentials(id=id, secret=secret, region=environment.get(_REGION, "us-east-1"), service="ses")
    return lambda method, url, content: signed(
        credentials, method, url, content, datetime.now(UTC), {"Content-Type": "application/json"}
    )


def _with(name: str, value: Callable[[str], str]) -> Callable[[str, Environment], Signer]:
    """A header that is the same for each request."""
    return lambda key, environment: lambda method, url, content: {name: value(key)}


def _basic(key: str, user: str = "campcompile") -> str:
    return "Basic " + b64encode(f"{user}:{key}".encode()).decode()


def _unsigned(key: str, environment: Environment) -> Signer:
    return lambda method, url, content: {}


def _always(address: str) -> Callable[[str, Environment], str]:
    return lambda key, environment: address


_REGION = "AWS_REGION"
SERVICES: Mapping[str, Service] = {
    "aws-ses": Service(name="Amazon SES", base=_ses_base, signer=_ses_signer),
    "brevo": Service(name="Brevo", base=_always("https://api.brevo.com/v3"), signer=_with("api-key", str)),
    "constant-contact": Service(
        name="Constant Contact",
        base=_always("https://api.cc.email/v3"),
        signer=_with("Authorization", "Bearer {}".format),
    ),
    "hubspot": Service(
        name="HubSpot", base=_always("https://api.hubapi.com"), signer=_with("Authorization", "Bearer {}".format)
    ),
    "listmonk": Service(name="listmonk", base=_always(""), signer=_with("Authorization", "token {}".format)),
    "mailchimp": Service(name="Mailchimp", base=_mailchimp_base, signer=_with("Authorization", _basic)),
    "mandrill": Service(
        name="Mandrill",
        base=_always("https://mandrillapp.com/api/1.4"),
        signer=_unsigned,
        secret="key",
        refusals=frozenset({"Invalid_Key", "Invalid_Template", "Unknown_Template", "ValidationError"}),
        absent="Unknown_Template",
    ),
    "sendgrid": Service(
        name="SendGrid", base=_always("https://api.sendgrid.com"), signer=_with("Authorization", "Bearer {}".format)
    ),
}
MAILERS: Mapping[str, Service] = {  # take messages, and no campaigns of ours
    "mailgun": Service(
        name="Mailgun",
        base=_always("https://api.mailgun.net"),
        signer=_with("Authorization", lambda key: _basic(key, "api")),
    ),
    "paubox": Service(
        name="Paubox",
        base=_always("https://api.paubox.com/v1/email"),
        signer=_with("Authorization", "Token token={}".format),
    ),
    "postmark": Service(
        name="Postmark", base=_always("https://api.postmarkapp.com"), signer=_with("X-Postmark-Server-Token", str)
    ),
}


def reached(dialect: str, environment: Environment, base: str = "", keyring: Stored = stored) -> Reached:
    """A service as its key opens it; `base` overrides the address.

    Raises UsageError where the service can't be asked by us, or there is no key or no address.
    """
    service = SERVICES.get(dialect) or MAILERS.get(dialect)
    if service is None:
        known = ", ".join(f"`{name}`" for name in SERVICES)
        raise UsageError(
            f"requests to `{dialect}` aren't carried out by campcompile",
            help=f"requests.json is for the service's own tools; we ask {known}",
        )
    key = key_of(dialect, service.name, environment, keyring)
    signer = service.signer(key, environment)
    address = base or service.base(key, environment)
    if not address:
        raise UsageError(
            f"it isn't known where {service.name} is",
            help=f"say it with {_REGION}, or --base-url"
            if dialect == "aws-ses"
            else "say it with --base-url https://…",
        )
    return Reached(service=service, base=address, sign=signer, secrets={service.secret: key} if service.secret else {})
