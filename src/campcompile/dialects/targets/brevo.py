"""Brevo: Django's words, which escape for HTML unless told not to; dated e-mails as campaigns, others as templates.

Read on 2026-11-22: help.brevo.com on its template language, on auto-escaping and on anonymous tracking, and its API's
specification: it takes no plain text, uploads no pictures, and counts opens and clicks in every mail, if only in sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from campcompile.dialects.braces import literal
from campcompile.dialects.compiled import Compiled, mailings
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Row
from campcompile.dialects.export import Export, Find, Request, answer, given, number
from campcompile.dialects.folder import UPLOAD, VALUES, Page, folder, list_of, pages
from campcompile.dialects.pages import variables_of, version_variable

TEST_ADDRESS = "test_address"
_CAMPAIGNS = "/emailCampaigns"
_TEMPLATES = "/smtp/templates"
_STEPS = (
    VALUES,
    "*Campaigns → Settings → Default settings → Tracking → Anonymous email tracking*: unless readers agreed to be "
    "counted one by one.",
    UPLOAD,
    "`requests.json` makes a contact attribute of each row of `fields.csv` (or make them by hand: *Text*). Then import "
    "`people.csv`, and make a list of the people whose attribute names each version.",
    "`requests.json` makes a campaign of each page for its list, and sets its time; of a page whose time differs by "
    "person, a template. By hand: *Campaigns → Create → Email → Code your own*: paste each page, with the pictures' "
    "addresses in the place of `assets/…`.",
)


def _variable(name: str, is_html: bool) -> str:
    """What is no page is escaped, too, where nothing says that it is none."""
    printed = f"{{{{ contact.{name} }}}}"
    return printed if is_html else f"{{% autoescape off %}}{printed}{{% endautoescape %}}"


def _test(name: str) -> tuple[str, str, str]:
    return f'{{% if contact.{name} == "yes" %}}', "{% else %}", "{% endif %}"


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    digest = compiled.manifest.digest[:8]
    code = compiled.manifest.code
    return Export(
        files=folder(compiled, dialect, _STEPS, called=lambda mailing: f"{code}-{mailing.stem} {digest}"),
        requests=tuple(_requests(compiled, dialect)),
        notes=(
            "Brevo makes the plain text of a mail from its page by itself: no text is handed over",
            "Brevo leads each link by an address of its own, which counts who clicks: README.md tells its setting",
        ),
    )


def _requests(compiled: Compiled, dialect: Dialect) -> Iterator[Request]:
    manifest = compiled.manifest
    versions = dict.fromkeys(version_variable(mailing) for mailing in mailings(manifest))
    for short in (*versions, *(variable.short for variable in variables_of(compiled, dialect))):
        yield _attribute(dialect.name(manifest.code, short))
    for page in pages(compiled, dialect):
        if page.rendering.variant == "a":
            name = f"{page.name} {manifest.digest[:8]}"
            yield from _template(page, name) if page.mailing.goes_at is None else _campaign(page, name)


def _attribute(name: str) -> Request:
    return Request(
        step=f"attribute {name}",
        says="adds a contact attribute",
        method="POST",
        path=f"/contacts/attributes/normal/{name}",
        body={"type": "text"},
        find=Find(path="/contacts/attributes", rows="attributes", field="name", value=name),
    )


def _template(page: Page, name: str) -> Iterator[Request]:
    yield Request(
        step=f"template {page.name}",
        says="makes the template that a step of the automation uses",
        method="POST",
        path=_TEMPLATES,
        body={"templateName": name, "isActive": True, **_mail(page)},
        keeps="id",
        find=Find(path=f"{_TEMPLATES}?limit=1000&sort=desc", rows="templates", field="name", value=name),
    )


def _campaign(page: Page, name: str) -> Iterator[Request]:
    """A draft that goes to its list; the test goes out before the time is set, which makes it wait for it."""
    goes_at, step = page.mailing.goes_at, f"campaign {page.name}"
    assert goes_at is not None
    yield Request(
        step=step,
        says="makes the campaign",
        method="POST",
        path=_CAMPAIGNS,
        body={
            "name": name,
            **_mail(page),
            "recipients": {"listIds": [number(list_of(page.mailing))]},
            "mirrorActive": False,  # no copy of the mail lies on a page of the web
        },
        keeps="id",
        find=Find(
            path=f"{_CAMPAIGNS}?limit=100&sort=desc&excludeHtmlContent=true", rows="campaigns", field="name", value=name
        ),
    )
    path = f"{_CAMPAIGNS}/{answer(step)}"
    scheduled = Find(path=path, rows="", field="status", value="queued")
    yield Request(
        step=f"test {page.name}",
        says="sends a test to the practice",
        method="POST",
        path=f"{path}/sendTest",
        body={"emailTo": [given(TEST_ADDRESS)]},
        find=scheduled,
        optional=True,
    )
    instant = goes_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    yield Request(
        step=f"schedule {page.name}",
        says="sets its time",
        method="PUT",
        path=path,
        body={"scheduledAt": instant},
        find=scheduled,
    )


def _mail(page: Page) -> dict[str, Any]:
    sender = page.mailing.sender
    return {
        "sender": {"name": sender.name, "email": sender.email},
        "replyTo": sender.reply_to or sender.email,
        "subject": page.texts.subject,  # no `previewText`: the page begins with the preheader
        "htmlContent": page.texts.html,
    }


DIALECT = Dialect(
    id="brevo",
    title="Brevo",
    capabilities=Capabilities(
        kind=Kind.CAMPAIGNS, escaping=Escaping.ENGINE, unsubscribe="{{ unsubscribe }}", demands_opens=True
    ),
    variable=_variable,
    test=_test,
    literal=lambda text, medium, tag: literal(text, tag),
    name=lambda code, short: f"{code}_{short}".upper(),
    export=_export,
)
