"""HubSpot: HubL, whose core is Jinja's; values are properties of contacts, and a filter escapes them.

Read on 2026-11-22: knowledge.hubspot.com on personalization and CAN-SPAM footers; the specification of its API for
marketing e-mails, version 2026-09. Sensitive properties can't be merged into mail, so there are none. That API takes
the name of a coded template, not its page: a person pastes the page, and the e-mail that uses it is made by a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from campcompile.dialects import braces
from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Row
from campcompile.dialects.export import Export, Find, Request, answer, given, instant
from campcompile.dialects.folder import VALUES, Page, first_variants, folder, list_of
from campcompile.manifest import Manifest

SUBSCRIPTION = "subscription"  # given: which of the account's types of subscription these e-mails belong to
_EMAILS = "/marketing/emails/2026-09"
_STEPS = (
    VALUES,
    "Make a contact property of each row of `fields.csv`, then import `people.csv`.",
    "Upload `assets/` to *Files*, and put the addresses in the place of `assets/…`.",
    "*Design Manager → New file → Template type: Email*: paste each page, and save it as `campcompile/NAME.html`, "
    "where NAME is the e-mail's below. HubSpot asks for its own address line: `{{ site_settings.company_name }}` and "
    "the fields beside it.",
    "Make a list of the people whose field names each version.",
    "`requests.json` makes an e-mail of each page, for that list, and sets its time (by `--apply`: Marketing Hub "
    "Enterprise). By hand: *Marketing → Email → Create*, with that template.",
)


def _variable(name: str, is_html: bool) -> str:
    return f"{{{{ contact.{name}|escape_html }}}}" if is_html else f"{{{{ contact.{name} }}}}"


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    return Export(
        files=folder(compiled, dialect, _STEPS, called=lambda mailing: _page(compiled.manifest, mailing.stem)),
        requests=tuple(_requests(compiled, dialect)),
        notes=("HubSpot's API takes no pages: README.md says how a person brings them in, before --apply",),
    )


def _requests(compiled: Compiled, dialect: Dialect) -> Iterator[Request]:
    for page in first_variants(compiled, dialect):
        yield from _email(page, _page(compiled.manifest, page.mailing.stem))


def _page(manifest: Manifest, stem: str) -> str:
    """With the bundle's digest: an e-mail never shows a page that was pasted before its words changed."""
    return f"{manifest.code}-{stem}-{manifest.digest[:8]}"


def _email(page: Page, name: str) -> Iterator[Request]:
    """An e-mail that nothing sends until it is published, which sets its time; without one, a step of a workflow."""
    dated = page.mailing.goes_at is not None
    yield Request(
        step=f"email {page.name}",
        says="makes the e-mail" if dated else "makes the e-mail that a step of a workflow sends",
        method="POST",
        path=_EMAILS,
        body=_body(page, name),
        keeps="id",
        find=Find(path=f"{_EMAILS}?limit=100&sort=-createdAt", rows="results", field="name", value=name),
    )
    path = f"{_EMAILS}/{answer(f'email {page.name}')}"
    if dated:
        yield Request(
            step=f"schedule {page.name}",
            says="sets its time",
            method="POST",
            path=f"{path}/publish",
            find=Find(path=path, rows="", field="state", value="SCHEDULED"),
        )


def _body(page: Page, name: str) -> dict[str, Any]:
    sender, goes_at = page.mailing.sender, page.mailing.goes_at
    body: dict[str, Any] = {
        "name": name,
        "subject": page.texts.subject,
        "from": {"fromName": sender.name, "replyTo": sender.email},
        "content": {"templatePath": f"campcompile/{name}.html", "plainTextVersion": page.texts.text},
        "subscriptionDetails": {"subscriptionId": given(SUBSCRIPTION)},
        "sendOnPublish": False,
    }
    if sender.reply_to:
        body["from"]["customReplyTo"] = sender.reply_to
    if goes_at is None:
        return {**body, "subcategory": "automated"}
    to = {"contactIlsLists": {"include": [given(list_of(page.mailing))]}}
    return {**body, "subcategory": "batch", "to": to, "publishDate": instant(goes_at)}


DIALECT = Dialect(
    id="hubspot",
    title="HubSpot",
    capabilities=Capabilities(
        kind=Kind.CAMPAIGNS, escaping=Escaping.FILTER, unsubscribe="{{ unsubscribe_link }}", engine="Jinja, HubL's core"
    ),
    variable=_variable,
    test=braces.test,
    literal=lambda text, medium, tag: braces.literal(text, tag),
    name=lambda code, short: f"{code}_{short}",
    export=_export,
)
