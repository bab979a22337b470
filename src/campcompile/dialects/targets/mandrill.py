"""Mandrill (Mailchimp Transactional): templates in Handlebars, which whoever calls `send-template` gives the values.

Read on 2026-11-22: mandrill.zendesk.com 360039278713, npmjs.com/package/mandrill-template-helpers, its specification.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.dialects import handlebars
from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Row
from campcompile.dialects.export import Export, Find, Request, given
from campcompile.dialects.folder import UPLOAD, VALUES, folder, pages

KEY = "key"  # it stands in the body of each request, and comes from the environment or the keyring alone


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    steps = (
        UPLOAD,
        "`requests.json` makes a template of each version.",
        VALUES,
        "Send them with `merge_language: handlebars`.",
    )
    return Export(
        files=folder(compiled, dialect, steps),
        requests=tuple(_requests(compiled, dialect)),
        notes=("the templates send nothing by themselves: whoever calls send-template gives it people.csv's values",),
    )


def _requests(compiled: Compiled, dialect: Dialect) -> Iterator[Request]:
    for page in pages(compiled, dialect):
        sender = page.mailing.sender
        yield Request(
            step=f"template {page.name}",
            says="makes a template",
            method="POST",
            path="/templates/add",
            body={
                "key": given(KEY),
                "name": page.slug,
                "from_email": sender.email,
                "from_name": sender.name,
                "subject": page.texts.subject,
                "code": page.texts.html,
                "text": page.texts.text,
                "publish": True,
            },
            find=Find(
                path="/templates/info",
                rows="",
                field="name",
                value=page.slug,
                body={"key": given(KEY), "name": page.slug},
            ),
        )


DIALECT = Dialect(
    id="mandrill",
    title="Mandrill",
    capabilities=Capabilities(kind=Kind.TEMPLATES, escaping=Escaping.ENGINE, engine="handlebars.js"),
    variable=handlebars.escaped_variable,
    test=handlebars.test,
    literal=handlebars.literal,
    name=lambda code, short: short,
    export=_export,
)
