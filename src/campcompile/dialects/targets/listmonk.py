"""listmonk: Go's html/template, which escapes by context and drops comments, so Outlook's are printed as safe texts.

Read on 2026-11-22: knadh/listmonk, docs/docs/content/templating.md and docs/swagger/collections.yaml.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC

from campcompile.dialects.braces import literal
from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Medium, Row
from campcompile.dialects.export import Export, Find, Request, answer, number
from campcompile.dialects.folder import UPLOAD, VALUES, Page, first_variants, folder

_COMMENT = re.compile(r"(<!--.*?-->)", re.DOTALL)
LIST = "list"


def _variable(name: str, is_html: bool) -> str:
    return f"{{{{ .Subscriber.Attribs.{name} }}}}"


def _test(name: str) -> tuple[str, str, str]:
    return f'{{{{ if eq .Subscriber.Attribs.{name} "yes" }}}}', "{{ else }}", "{{ end }}"


def _literal(text: str, medium: Medium, tag: bool) -> str:
    if medium is not Medium.HTML or "<!--" not in text:
        return literal(text, tag)
    pieces = _COMMENT.split(text)
    last = len(pieces) - 1
    return "".join(
        f"{{{{ Safe {json.dumps(one)} }}}}" if one.startswith("<!--") else literal(one, tag or at < last)
        for at, one in enumerate(pieces)
    )


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    steps = (
        VALUES,
        "Import `people.csv` into a list of its own for each version; the other columns become attributes.",
        UPLOAD,
        "`requests.json` makes a campaign of each version, and sets its time.",
    )
    return Export(files=folder(compiled, dialect, steps), requests=tuple(_requests(compiled, dialect)))


def _requests(compiled: Compiled, dialect: Dialect) -> Iterator[Request]:
    for page in first_variants(compiled, dialect):
        yield from _campaign(page)


def _campaign(page: Page) -> Iterator[Request]:
    sender, goes_at = page.mailing.sender, page.mailing.goes_at
    assert goes_at is not None, "what has no time of its own is refused before"
    yield Request(
        step=f"campaign {page.name}",
        says="makes the campaign",
        method="POST",
        path="/api/campaigns",
        body={
            "name": page.title,
            "subject": page.texts.subject,
            "lists": [number(LIST)],
            "from_email": f"{sender.name} <{sender.email}>",
            "type": "regular",
            "content_type": "html",
            "messenger": "email",
            "body": page.texts.html,
            "altbody": page.texts.text,
            "send_at": goes_at.astimezone(UTC).isoformat(timespec="seconds"),
        },
        keeps="data.id",
        find=Find(path="/api/campaigns?per_page=all&no_body=true", rows="data.results", field="name", value=page.title),
    )
    path = f"/api/campaigns/{answer(f'campaign {page.name}')}"
    yield Request(
        step=f"schedule {page.name}",
        says="sets its time",
        method="PUT",
        path=f"{path}/status",
        body={"status": "scheduled"},
        find=Find(path=path, rows="", field="data.status", value="scheduled"),
    )


DIALECT = Dialect(
    id="listmonk",
    title="listmonk",
    capabilities=Capabilities(
        kind=Kind.CAMPAIGNS,
        journeys=False,
        escaping=Escaping.ENGINE,
        unsubscribe="{{ UnsubscribeURL }}",
        engine="Go's html/template",
    ),
    variable=_variable,
    test=_test,
    literal=_literal,
    name=lambda code, short: f"{code}_{short}",
    export=_export,
)
