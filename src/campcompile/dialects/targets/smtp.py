"""smtp: our own runner sends, one message a person; the texts stay in their neutral form until then."""

from __future__ import annotations

from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Medium, Row
from campcompile.dialects.export import Export


def _variable(name: str, is_html: bool) -> str:
    return f"{{{{ {name} | attribute }}}}" if is_html else f"{{{{ {name} }}}}"


def _test(name: str) -> tuple[str, str, str]:
    return f"{{% if {name} %}}", "{% else %}", "{% endif %}"


def _literal(text: str, medium: Medium, tag: bool) -> str:
    return text


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    code = compiled.manifest.code
    return Export(
        files={}, notes=(f"nothing is exported for a mail server: `campcompile send build/{code}` sends the bundle",)
    )


DIALECT = Dialect(
    id="smtp",
    title="a mail server (our runner)",
    capabilities=Capabilities(
        kind=Kind.RUNNER, escaping=Escaping.BEFORE, attachments=True, portal=True, engine="render.py"
    ),
    variable=_variable,
    test=_test,
    literal=_literal,
    name=lambda code, short: short,
    export=_export,
)
