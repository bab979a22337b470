"""HubSpot: HubL, whose core is Jinja's; values are properties of contacts, and a filter escapes them.

Read on 2026-11-22: knowledge.hubspot.com on personalization and CAN-SPAM footers. Sensitive properties can't be merged
into mail, so there are none. A page is pasted into a coded e-mail by a person: its API takes modules, not pages.
"""

from __future__ import annotations

from campcompile.dialects.braces import literal
from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Row
from campcompile.dialects.export import Export
from campcompile.dialects.folder import VALUES, folder

_STEPS = (
    VALUES,
    "Make a contact property of each row of `fields.csv`, then import `people.csv`.",
    "Upload `assets/` to *Files*, and put the addresses in the place of `assets/…`.",
    "*Design Manager → New file → Template type: Email*: paste each page, then make an e-mail of it. HubSpot asks for "
    "its own address line: `{{ site_settings.company_name }}` and the fields beside it.",
    "Send it to the list of people whose field names that version.",
)


def _variable(name: str, is_html: bool) -> str:
    return f"{{{{ contact.{name}|escape_html }}}}" if is_html else f"{{{{ contact.{name} }}}}"


def _test(name: str) -> tuple[str, str, str]:
    return f'{{% if contact.{name} == "yes" %}}', "{% else %}", "{% endif %}"


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    return Export(
        files=folder(compiled, dialect, _STEPS),
        notes=("HubSpot's API takes modules, not pages: README.md says how a person brings the pages in",),
    )


DIALECT = Dialect(
    id="hubspot",
    title="HubSpot",
    capabilities=Capabilities(
        kind=Kind.CAMPAIGNS, escaping=Escaping.FILTER, unsubscribe="{{ unsubscribe_link }}", engine="Jinja, HubL's core"
    ),
    variable=_variable,
    test=_test,
    literal=lambda text, medium, tag: literal(text, tag),
    name=lambda code, short: f"{code}_{short}",
    export=_export,
)
