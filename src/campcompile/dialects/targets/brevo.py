"""Brevo: attributes of contacts in a language like Django's, which escapes; campaigns at a set time.

Read on 2026-11-22: help.brevo.com 4402386448530 and 4405381108626, and its API's specification.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from campcompile.dialects.braces import literal
from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Row
from campcompile.dialects.export import Export, Find, Request, number
from campcompile.dialects.folder import UPLOAD, VALUES, Page, folder, list_of, pages

_STEPS = (
    VALUES,
    "Import `people.csv` into a list of its own for each version; the columns become attributes.",
    UPLOAD,
    "`requests.json` makes a campaign of each version, and sets its time; a template, where people's times differ.",
)


def _variable(name: str, is_html: bool) -> str:
    return f"{{{{ contact.{name} }}}}" if is_html else f"{{{{ contact.{name}|safe }}}}"


def _test(name: str) -> tuple[str, str, str]:
    return f'{{% if contact.{name} == "yes" %}}', "{% else %}", "{% endif %}"


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    return Export(
        files=folder(compiled, dialect, _STEPS),
        requests=tuple(_requests(compiled, dialect)),
        notes=("Brevo makes the plain text of a mail from its page by itself: no text is handed over",),
    )


def _requests(compiled: Compiled, dialect: Dialect) -> Iterator[Request]:
    for page in pages(compiled, dialect):
        if page.rendering.variant == "a":
            make = _template if page.mailing.goes_at is None else _campaign
            yield make(page, f"{page.name} {compiled.manifest.digest[:8]}")


def _template(page: Page, name: str) -> Request:
    sender = page.mailing.sender
    return Request(
        step=f"template {page.name}",
        says="makes the template that a step of the journey uses",
        method="POST",
        path="/smtp/templates",
        body={
            "templateName": name,
            "sender": {"name": sender.name, "email": sender.email},
            "replyTo": sender.reply_to or sender.email,
            "subject": page.texts.subject,
            "htmlContent": page.texts.html,
            "isActive": True,
        },
        keeps="id",
        find=Find(path="/smtp/templates?limit=1000&sort=desc", rows="templates", field="name", value=name),
    )


def _campaign(page: Page, name: str) -> Request:
    sender, goes_at = page.mailing.sender, page.mailing.goes_at
    assert goes_at is not None
    return Request(
        step=f"campaign {page.name}",
        says="makes the campaign, at its time",
        method="POST",
        path="/emailCampaigns",
        body={
            "name": name,
            "sender": {"name": sender.name, "email": sender.email},
            "replyTo": sender.reply_to or sender.email,
            "subject": page.texts.subject,
            "htmlContent": page.texts.html,
            "recipients": {"listIds": [number(list_of(page.mailing))]},
            "scheduledAt": goes_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        },
        keeps="id",
        find=Find(path="/emailCampaigns?limit=100&sort=desc", rows="campaigns", field="name", value=name),
    )


DIALECT = Dialect(
    id="brevo",
    title="Brevo",
    capabilities=Capabilities(kind=Kind.CAMPAIGNS, escaping=Escaping.ENGINE, unsubscribe="{{ unsubscribe }}"),
    variable=_variable,
    test=_test,
    literal=lambda text, medium, tag: literal(text, tag),
    name=lambda code, short: f"{code}_{short}".upper(),
    export=_export,
)
