"""The folder of a target: each page and text, the table of fields, and a README that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from campcompile.dialects.compiled import Compiled, Mailing, mailings
from campcompile.dialects.dialect import Dialect, Kind
from campcompile.dialects.export import given
from campcompile.dialects.pages import (
    Texts,
    fields_csv,
    page_files,
    pen_of,
    stem_of,
    texts_of,
    version_value,
    version_variable,
    when,
)
from campcompile.manifest import Manifest, Rendering
from campcompile.values import dataclass

PICTURES = "pictures"  # given: the address of the folder that the practice put its pictures into


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One version of an e-mail, written for a service."""

    mailing: Mailing
    rendering: Rendering
    name: str  # "lt26-letter.en"
    digest: str  # of the bundle: what is made from changed words is another page at the service
    texts: Texts

    @property
    def title(self) -> str:
        """What it is called at the service: `lt26-letter.en 31c80f2a`."""
        return f"{self.name} {self.digest}"

    @property
    def slug(self) -> str:
        """The same for a service that takes letters, digits and hyphens alone."""
        return f"{self.name}-{self.digest}".replace(".", "-")


def pages(compiled: Compiled, dialect: Dialect) -> tuple[Page, ...]:
    """Each version in its own words, its pictures at the address that the practice gives."""
    pen = pen_of(compiled, dialect, picture=lambda name: f"{given(PICTURES)}/{name}")
    return tuple(
        Page(
            mailing=mailing,
            rendering=rendering,
            name=f"{compiled.manifest.code}-{stem_of(mailing, rendering)}",
            digest=compiled.manifest.digest[:8],
            texts=texts_of(compiled, rendering, pen),
        )
        for mailing in mailings(compiled.manifest)
        for rendering in mailing.renderings
    )


def first_variants(compiled: Compiled, dialect: Dialect) -> tuple[Page, ...]:
    """The same for a service that is given no tests: of each mailing one page."""
    return tuple(page for page in pages(compiled, dialect) if page.rendering.variant == "a")


def list_of(mailing: Mailing) -> str:
    """Given: the service's own list of the people who get a mailing, which the practice made there."""
    return f"list {mailing.stem}"


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
        who = f"`{dialect.name(manifest.code, version_variable(mailing.email))}` is `{version_value(mailing)}`"
        rows.append(f"| `{called(mailing)}` | {subject} | {when(manifest, mailing)} | {who} |")
    numbered = [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
    lines = [f"# {manifest.code} for {dialect.title}", "", *numbered, "", *rows, ""]
    if dialect.capabilities.kind is Kind.CAMPAIGNS:
        lines += journey(manifest, dialect, called)
    files["fields.csv"] = fields_csv(compiled, dialect, ("field", "kind", "made of", "tells"))
    files["README.md"] = "\n".join(lines).encode()
    return files


def journey(manifest: Manifest, dialect: Dialect, called: Callable[[Mailing], str], where: str = "") -> Iterator[str]:
    """The recipe by which a person builds what sends e-mails at times that differ by person; nothing where none do."""
    steps = [mailing for mailing in mailings(manifest) if mailing.goes_at is None]
    if not steps:
        return
    yield from (
        "## The journey",
        "",
        f"{dialect.title}'s API can't make one, so a person builds it{where}.",
        "Each step waits until its time, looks at its field and sends its e-mail. People leave it when `people.csv`,",
        "computed again, has the field empty: compute and import it every day.",
        "",
        "| step | when | only where | e-mail |",
        "| --- | --- | --- | --- |",
    )
    for number, one in enumerate(steps, start=1):
        field = dialect.name(manifest.code, version_variable(one.email))
        yield f"| {number} | {when(manifest, one)} | `{field}` is `{version_value(one)}` | `{called(one)}` |"
    yield ""


VALUES = (
    "`campcompile export CAMPAIGN --target … --recipients FILE.csv --people people.csv` computes each person's values; "
    "`fields.csv` says what they are. Delete the file when it is imported."
)
UPLOAD = "Upload what lies in `assets/`; in `requests.json` its address is `<<given pictures>>`."
