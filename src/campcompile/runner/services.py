"""How each service is reached: its address, and the key, which comes from the environment alone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import TypeAlias

from campcompile.errors import UsageError
from campcompile.values import dataclass

Headers: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    name: str
    base: Callable[[str], str]  # of the key; "" where it is the practice's own server
    headers: Callable[[str], Headers]
    busy: frozenset[int] = frozenset({429, 503})  # answers of a service that took nothing and wants us to wait


def _mailchimp_base(key: str) -> str:
    """The data centre is the key's end: `…-us21`."""
    place = key.rpartition("-")[2]
    return f"https://{place}.api.mailchimp.com/3.0" if place.isalnum() and place != key else ""


def _basic(user: str) -> Callable[[str], Headers]:
    return lambda key: {"Authorization": "Basic " + b64encode(f"{user}:{key}".encode()).decode()}


SERVICES: Mapping[str, Service] = {
    "brevo": Service(name="Brevo", base=lambda key: "https://api.brevo.com/v3", headers=lambda key: {"api-key": key}),
    "listmonk": Service(name="listmonk", base=lambda key: "", headers=lambda key: {"Authorization": f"token {key}"}),
    "mailchimp": Service(name="Mailchimp", base=_mailchimp_base, headers=_basic("campcompile")),
    "sendgrid": Service(
        name="SendGrid",
        base=lambda key: "https://api.sendgrid.com",
        headers=lambda key: {"Authorization": f"Bearer {key}"},
    ),
}


def variable_of(dialect: str) -> str:
    """The environment variable that holds a service's key: `CAMPCOMPILE_MAILCHIMP_KEY`."""
    return f"CAMPCOMPILE_{dialect.upper().replace('-', '_')}_KEY"


def reached(dialect: str, environment: Mapping[str, str], base: str = "") -> tuple[Service, str, Headers]:
    """A service, its address and what each request carries; `base` overrides the address.

    Raises UsageError where the service can't be asked by us, or there is no key or no address.
    """
    service = SERVICES.get(dialect)
    if service is None:
        known = ", ".join(f"`{name}`" for name in SERVICES)
        raise UsageError(
            f"requests to `{dialect}` aren't carried out by campcompile",
            help=f"requests.json is for the service's own tools; we ask {known}",
        )
    variable = variable_of(dialect)
    key = environment.get(variable, "").strip()
    if not key or not key.isascii() or not key.isprintable():
        raise UsageError(
            f"there is no key for {service.name}", help=f"put it into the environment as {variable}, and nowhere else"
        )
    address = base or service.base(key)
    if not address:
        raise UsageError(f"it isn't known where {service.name} is", help="say it with --base-url https://…")
    return service, address, service.headers(key)
