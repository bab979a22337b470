"""The folder of a target: each page and text, the table of fields, and a README that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from campcompile.dialects.compiled import Compiled, Mailing, mailings
from campcompile.dialects.dialect import Dialect
from campcompile.dialects.export import given
from campcompile.dialects.pages import Texts, fields_csv, page_files, pen_of, stem_of, texts_of, version_variable, when
from campcompile.manifest import Rendering
from campcompile.values import dataclass

PICTURES = "pictures"  # given: the address of the folder that the practice put its pictures into


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One version of an e-mail, written for a service."""

    mailing: Mailing
    rendering: Rendering
    name: str  # "lt26-letter.en": what it is called at the service
    texts: Texts


def pages(compiled: Compiled, dialect: Dialect) -> tuple[Page, ...]:
    """Each version in its own words, its pictures at the address that the practice gives."""
    pen = pen_of(compiled, dialect, picture=lambda name: f"{given(PICTURES)}/{name}")
    return tuple(
        Page(
            mailing=mailing,
            rendering=rendering,
            name=f"{compiled.manifest.code}-{stem_of(mailing, rendering)}",
            texts=texts_of(compiled, rendering, pen),
        )
        for mailing in mailings(compiled.manifest)
        for rendering in mailing.renderings
    )


def folder(
    compiled: Compiled,
    dialect: Dialect,
    steps: Iterable[str],
    called: Callable[[Mailing], str] = lambda mailing: mailing.stem,
) -> Mapping[str, bytes]:
    """The files; `steps` are what a person does with them, one sentence each."""
    manifest = compiled.manifest
    pen = pen_of(compiled, dialect)
    files: dict[str, bytes] = {}
    rows = ["| e-mail | subject | when | who: the field |", "| --- | --- | --- | --- |"]
    for mailing in mailings(manifest):
        files |= page_files(compiled, mailing, pen)
        subject = texts_of(compiled, mailing.renderings[0], pen).subject.replace("|", "&#124;")
        field = dialect.name(manifest.code, version_variable(mailing))
        rows.append(f"| `{called(mailing)}` | {subject} | {when(manifest, mailing)} | `{field}` |")
    numbered = [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
    lines = [f"# {manifest.code} for {dialect.title}", "", *numbered, "", *rows, ""]
    files["fields.csv"] = fields_csv(compiled, dialect, ("field", "kind", "made of", "tells"))
    files["README.md"] = "\n".join(lines).encode()
    return files


VALUES = (
    "`campcompile export CAMPAIGN --target … --recipients FILE.csv --people people.csv` computes each person's values; "
    "`fields.csv` says what they are. Delete the file when it is imported."
)
UPLOAD = "Upload what lies in `assets/`; in `requests.json` its address is `<<given pictures>>`."
