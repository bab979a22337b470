"""Amazon SES (API v2): templates, which whoever calls `SendEmail` gives each person's values, every one of them.

Read on 2026-11-22: docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html ("SES doesn't escape HTML
content"), and botocore's model of the API. A value that is missing lets a message vanish, so none is ever left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.dialects import handlebars
from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Row
from campcompile.dialects.export import Export, Find, Request
from campcompile.dialects.folder import UPLOAD, VALUES, folder, pages


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    steps = (
        UPLOAD,
        "`requests.json` makes a template of each version (`CreateEmailTemplate`).",
        VALUES,
        "Send with a configuration set whose TLS policy is `REQUIRE`.",
    )
    return Export(
        files=folder(compiled, dialect, steps),
        requests=tuple(_requests(compiled, dialect)),
        notes=("the templates send nothing by themselves: whoever calls SendEmail gives it all of a row's values",),
    )


def _requests(compiled: Compiled, dialect: Dialect) -> Iterator[Request]:
    for page in pages(compiled, dialect):
        yield Request(
            step=f"template {page.name}",
            says="makes a template",
            method="POST",
            path="/v2/email/templates",
            body={
                "TemplateName": page.slug,
                "TemplateContent": {
                    "Subject": page.texts.subject,
                    "Html": page.texts.html,
                    "Text": page.texts.text,
                },
            },
            find=Find(path=f"/v2/email/templates/{page.slug}", rows="", field="TemplateName", value=page.slug),
        )


DIALECT = Dialect(
    id="aws-ses",
    title="Amazon SES",
    capabilities=Capabilities(kind=Kind.TEMPLATES, escaping=Escaping.BEFORE, engine="handlebars.js, escaping nothing"),
    variable=handlebars.plain_variable,
    test=handlebars.test,
    literal=handlebars.literal,
    name=lambda code, short: short,
    export=_export,
)
