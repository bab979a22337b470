"""Brevo: Django's words, which escape for HTML unless told not to; dated e-mails as campaigns, others as templates.

Read on 2026-11-22: help.brevo.com on its template language, on auto-escaping and on anonymous tracking, and its API's
specification: it takes no plain text, uploads no pictures, and counts opens and clicks in every mail, if only in sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from campcompile.dialects import braces
from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Row
from campcompile.dialects.export import TEST_ADDRESS, Export, Find, Request, answer, given, instant, number, trial
from campcompile.dialects.folder import UPLOAD, VALUES, Page, first_variants, folder, list_of
from campcompile.dialects.pages import field_names

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
    yield from map(_attribute, field_names(compiled, dialect))
    for page in first_variants(compiled, dialect):
        goes_at = page.mailing.goes_at
        yield from _template(page) if goes_at is None else _campaign(page, goes_at)


def _attribute(name: str) -> Request:
    return Request(
        step=f"attribute {name}",
        says="adds a contact attribute",
        method="POST",
        path=f"/contacts/attributes/normal/{name}",
        body={"type": "text"},
        find=Find(path="/contacts/attributes", rows="attributes", field="name", value=name),
    )


def _template(page: Page) -> Iterator[Request]:
    yield Request(
        step=f"template {page.name}",
        says="makes the template that a step of the automation uses",
        method="POST",
        path=_TEMPLATES,
        body={"templateName": page.title, "isActive": True, **_mail(page)},
        keeps="id",
        find=Find(path=f"{_TEMPLATES}?limit=1000&sort=desc", rows="templates", field="name", value=page.title),
    )


def _campaign(page: Page, goes_at: datetime) -> Iterator[Request]:
    """A draft that goes to its list; the test goes out before the time is set, which makes it wait for it."""
    step = f"campaign {page.name}"
    yield Request(
        step=step,
        says="makes the campaign",
        method="POST",
        path=_CAMPAIGNS,
        body={
            "name": page.title,
            **_mail(page),
            "recipients": {"listIds": [number(list_of(page.mailing))]},
            "mirrorActive": False,  # no copy of the mail lies on a page of the web
        },
        keeps="id",
        find=Find(
            path=f"{_CAMPAIGNS}?limit=100&sort=desc&excludeHtmlContent=true",
            rows="campaigns",
            field="name",
            value=page.title,
        ),
    )
    path = f"{_CAMPAIGNS}/{answer(step)}"
    scheduled = Find(path=path, rows="", field="status", value="queued")
    yield trial(page.name, f"{path}/sendTest", {"emailTo": [given(TEST_ADDRESS)]}, done=scheduled)
    yield Request(
        step=f"schedule {page.name}",
        says="sets its time",
        method="PUT",
        path=path,
        body={"scheduledAt": instant(goes_at)},
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
    test=braces.test,
    literal=lambda text, medium, tag: braces.literal(text, tag),
    name=lambda code, short: f"{code}_{short}".upper(),
    export=_export,
)
