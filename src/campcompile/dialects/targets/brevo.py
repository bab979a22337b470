"""Brevo: attributes of contacts in a language like Django's, which escapes; campaigns at a set time.

Read on 2026-11-22: help.brevo.com 4402386448530 and 4405381108626, and its API's specification.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from campcompile.dialects.braces import literal
from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Row
from campcompile.dialects.export import Export, Find, Request, given
from campcompile.dialects.folder import UPLOAD, VALUES, Page, folder, pages

_STEPS = (
    VALUES,
    "Import `people.csv` into a list of its own for each version; the columns become attributes.",
    UPLOAD,
    "`requests.json` makes a campaign of each version, and sets its time.",
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
            yield _campaign(page, f"{page.name} {compiled.manifest.digest[:8]}")


def _campaign(page: Page, name: str) -> Request:
    sender, goes_at = page.mailing.sender, page.mailing.goes_at
    return Request(
        step=f"campaign {page.name}",
        says="makes the campaign, at its time where it has one",
        method="POST",
        path="/emailCampaigns",
        body={
            "name": name,
            "sender": {"name": sender.name, "email": sender.email},
            "replyTo": sender.reply_to or sender.email,
            "subject": page.texts.subject,
            "htmlContent": page.texts.html,
            "recipients": {"listIds": [given(f"list {page.mailing.stem}")]},
            **({"scheduledAt": goes_at.astimezone(UTC).isoformat(timespec="milliseconds")} if goes_at else {}),
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
