"""Constant Contact: fields of contacts and nothing else; no conditions, no escaping, and an open pixel in every mail.

Read on 2026-11-22: v3.developer.constantcontact.com/api_guide/design_code_emails.html, and its API's specification: it
asks for the pixel in each page, and makes the plain text by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from campcompile.dialects.compiled import Compiled, Mailing
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Medium, Row, UnsayableError
from campcompile.dialects.export import TEST_ADDRESS, Export, Find, Request, answer, given, instant, trial
from campcompile.dialects.folder import UPLOAD, VALUES, Page, first_variants, folder, list_of
from campcompile.dialects.pages import field_names

_SIGNS = ("[[", "[#", "${", "<@")
_STEPS = (
    VALUES,
    UPLOAD,
    "`requests.json` makes a custom field of each row of `fields.csv` (or make them by hand). Then import "
    "`people.csv`, and make a list of the people whose field names each version.",
    "`requests.json` makes an e-mail of each page for its list, and sets its time. By hand: *Create → Email → Custom "
    "code*: paste each page, with the pictures' addresses in the place of `assets/…`.",
)
_BODY = re.compile(r"<body[^>]*>")
_PIXEL = "[[trackingImage]]"


def _variable(name: str, is_html: bool) -> str:
    return f"[[{name}]]"


def _test(name: str) -> tuple[str, str, str]:
    raise UnsayableError("if")


def _literal(text: str, medium: Medium, tag: bool) -> str:
    for sign in _SIGNS:
        if sign in text:
            if medium is not Medium.HTML:
                raise UnsayableError(sign)
            text = text.replace(sign, f"&#{ord(sign[0])};{sign[1]}")
    if tag and text.endswith("["):
        text = f"{text[:-1]}&#91;" if medium is Medium.HTML else text
    return text


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    files = {
        path: _asking_who_opens(content.decode()).encode() if path.endswith(".html") else content
        for path, content in folder(compiled, dialect, _STEPS).items()
    }
    return Export(
        files=files,
        requests=tuple(_requests(compiled, dialect)),
        notes=("Constant Contact makes the plain text of a mail from its page by itself: no text is handed over",),
    )


def _asking_who_opens(page: str) -> str:
    """It takes no page without the picture that tells who opens; `demands_opens` has asked the practice for it."""
    return _BODY.sub(lambda found: f"{found[0]}{_PIXEL}", page, count=1)


def _requests(compiled: Compiled, dialect: Dialect) -> Iterator[Request]:
    yield from map(_field, field_names(compiled, dialect))
    for page in first_variants(compiled, dialect):
        yield from _email(page)


def _field(name: str) -> Request:
    path = "/contact_custom_fields"
    return Request(
        step=f"field {name}",
        says="adds a custom field",
        method="POST",
        path=path,
        body={"label": name, "type": "string"},
        find=Find(path=f"{path}?limit=100", rows="custom_fields", field="label", value=name),
    )


def _email(page: Page) -> Iterator[Request]:
    """Its campaign, whose one activity is the e-mail; that gets its list and its time, or stays a draft."""
    campaign, activity = f"campaign {page.name}", f"activity {page.name}"
    yield Request(
        step=campaign,
        says="makes the campaign",
        method="POST",
        path="/emails",
        body={"name": page.title, "email_campaign_activities": [_activity(page)]},
        keeps="campaign_id",
        find=Find(path="/emails?limit=500", rows="campaigns", field="name", value=page.title),
    )
    if page.mailing.goes_at is None:
        return
    yield Request(
        step=activity,
        says="asks which e-mail of the campaign is the one to send",
        method="GET",
        path=f"/emails/{answer(campaign)}",
        keeps="campaign_activities.role=primary_email.campaign_activity_id",
    )
    path = f"/emails/activities/{answer(activity)}"
    scheduled = Find(path=path, rows="", field="current_status", value="SCHEDULED")
    yield Request(
        step=f"list {page.name}",
        says="says whom it goes to",
        method="PUT",
        path=path,
        body={**_envelope(page.mailing, page.texts.subject), "contact_list_ids": [given(list_of(page.mailing))]},
        find=scheduled,
    )
    yield trial(page.name, f"{path}/tests", {"email_addresses": [given(TEST_ADDRESS)]}, done=scheduled)
    yield Request(
        step=f"schedule {page.name}",
        says="sets its time",
        method="POST",
        path=f"{path}/schedules",
        body={"scheduled_date": instant(page.mailing.goes_at)},
        find=scheduled,
    )


def _activity(page: Page) -> dict[str, Any]:
    html = _asking_who_opens(page.texts.html)
    return {"format_type": 5, **_envelope(page.mailing, page.texts.subject), "html_content": html}


def _envelope(mailing: Mailing, subject: str) -> dict[str, str]:
    sender = mailing.sender
    return {
        "from_name": sender.name,
        "from_email": sender.email,
        "reply_to_email": sender.reply_to or sender.email,
        "subject": subject,
    }


DIALECT = Dialect(
    id="constant-contact",
    title="Constant Contact",
    capabilities=Capabilities(
        kind=Kind.CAMPAIGNS,
        escaping=Escaping.BEFORE,
        branches=False,
        demands_opens=True,
        unsubscribe="[[unsubscribeLink]]",
    ),
    variable=_variable,
    test=_test,
    literal=_literal,
    name=lambda code, short: f"{code}_{short}".upper(),
    export=_export,
)
