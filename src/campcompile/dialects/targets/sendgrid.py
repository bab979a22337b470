"""SendGrid: dynamic templates, which whoever calls `mail/send` gives each person's values.

Read on 2026-11-22: twilio.com/docs/sendgrid/for-developers/sending-email/using-handlebars, and its API's specification.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.dialects import handlebars
from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Row
from campcompile.dialects.export import Export, Find, Request, answer
from campcompile.dialects.folder import UPLOAD, VALUES, folder, pages


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    steps = (UPLOAD, "`requests.json` makes a dynamic template of each version.", VALUES)
    return Export(
        files=folder(compiled, dialect, steps),
        requests=tuple(_requests(compiled, dialect)),
        notes=("the templates send nothing by themselves: whoever calls mail/send gives it people.csv's values",),
    )


def _requests(compiled: Compiled, dialect: Dialect) -> Iterator[Request]:
    for page in pages(compiled, dialect):
        yield Request(
            step=f"template {page.name}",
            says="makes a template",
            method="POST",
            path="/v3/templates",
            body={"name": page.title, "generation": "dynamic"},
            keeps="id",
            find=Find(
                path="/v3/templates?generations=dynamic&page_size=200", rows="result", field="name", value=page.title
            ),
        )
        path = f"/v3/templates/{answer(f'template {page.name}')}"
        yield Request(
            step=f"version {page.name}",
            says="puts the words into it",
            method="POST",
            path=f"{path}/versions",
            body={
                "name": page.title,
                "subject": page.texts.subject,
                "html_content": page.texts.html,
                "plain_content": page.texts.text,
                "generate_plain_content": False,
                "active": 1,
            },
            find=Find(path=path, rows="versions", field="name", value=page.title),
        )


DIALECT = Dialect(
    id="sendgrid",
    title="SendGrid",
    capabilities=Capabilities(kind=Kind.TEMPLATES, escaping=Escaping.ENGINE, engine="handlebars.js"),
    variable=handlebars.escaped_variable,
    test=handlebars.test,
    literal=handlebars.literal,
    name=lambda code, short: short,
    export=_export,
)
