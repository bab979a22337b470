"""bundle: files for any other tool (Solutionreach, Demandforce, PatientPop …): `[[t1]]` is where values go."""

from __future__ import annotations

from campcompile.dialects.compiled import Compiled, mailings
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Medium, Row, UnsayableError
from campcompile.dialects.export import Export
from campcompile.dialects.pages import fields_csv, page_files, pen_of, texts_of, when

_README = """\
# {code}

What `campcompile export` made of campaign `{code}` for a tool that it does not know.

* `*.html` and `*.txt`: one e-mail in one language, as HTML and as plain text. Send both.
* `assets/`: pictures. Upload them, and put their addresses in the place of `assets/…`.
* `fields.csv`: what stands between `[[` and `]]`. `campcompile export CAMPAIGN --target … --recipients FILE.csv
  --people people.csv` computes each person's values. A field whose kind is *escaped for HTML* goes into the HTML as it
  is; no other does.
* `[[if c1]]…[[else]]…[[end]]` shows the first part to people whose `c1` is `yes`, the second to all others.
  In a tool that has no such condition, make two e-mails.

| file | subject | when |
| --- | --- | --- |
{rows}
"""


def _variable(name: str, is_html: bool) -> str:
    return f"[[{name}]]"


def _test(name: str) -> tuple[str, str, str]:
    return f"[[if {name}]]", "[[else]]", "[[end]]"


def _literal(text: str, medium: Medium, tag: bool) -> str:
    if "[[" not in text and not (tag and text.endswith("[")):
        return text
    if medium is Medium.HTML:
        return text.replace("[", "&#91;")
    raise UnsayableError("[[")


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    pen = pen_of(compiled, dialect)
    manifest = compiled.manifest
    files: dict[str, bytes] = {}
    rows = []
    for mailing in mailings(manifest):
        files |= page_files(compiled, mailing, pen)
        subject = texts_of(compiled, mailing.renderings[0], pen).subject
        rows.append(f"| `{mailing.stem}` | {subject.replace('|', '&#124;')} | {when(manifest, mailing)} |")
    files["fields.csv"] = fields_csv(compiled, dialect, ("field", "kind", "made of", "tells"))
    files["README.md"] = _README.format(code=manifest.code, rows="\n".join(rows)).encode()
    return Export(files=files, notes=("README.md beside the files says what to do with them",))


DIALECT = Dialect(
    id="bundle",
    title="files for any tool",
    capabilities=Capabilities(kind=Kind.FILES, escaping=Escaping.BEFORE, engine="an interpreter of ours"),
    variable=_variable,
    test=_test,
    literal=_literal,
    name=lambda code, short: short,
    export=_export,
)
