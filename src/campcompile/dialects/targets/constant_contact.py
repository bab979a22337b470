"""Constant Contact: fields of contacts and nothing else; no conditions, no escaping, and an open pixel in every mail.

Read on 2026-11-22: v3.developer.constantcontact.com/api_guide/design_code_emails.html, and its API's specification.
"""

from __future__ import annotations

from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Medium, Row, UnsayableError
from campcompile.dialects.export import Export
from campcompile.dialects.folder import VALUES, folder

_SIGNS = ("[[", "[#", "${", "<@")
_STEPS = (
    VALUES,
    "Make a custom field of each row of `fields.csv`, then import `people.csv`.",
    "Upload `assets/` to the library, and put the addresses in the place of `assets/…`.",
    "*Create → Email → Custom code*: paste each page, with `[[trackingImage]]` behind `<body>`, which it asks for.",
    "Send it to the segment of people whose field names that version.",
)


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
    return Export(
        files=folder(compiled, dialect, _STEPS),
        notes=("README.md says how a person brings the pages in",),
    )


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
