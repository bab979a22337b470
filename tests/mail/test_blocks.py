"""Every block has an example, `blocks/NAME.md`: a body as an author writes it, and the plain text that Kari gets.

The example is read in every locale of the practice: fences `yaml fr` hold the translation, where the block has words,
and `text fr` the lines as she reads them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from campcompile.analysis.columns import columns
from campcompile.compiler import Compilation, compile_files
from campcompile.mail.layouts import read_layouts
from campcompile.mail.text import COLUMNS
from campcompile.model.rendered import RenderedEmail
from campcompile.render import Value, join, values
from tests.workspace import workspace

EXAMPLES = sorted((Path(__file__).parent / "blocks").glob("*.md"))
HARBOUR = (Path(__file__).parents[2] / "assets" / "harbour.png").read_bytes()
NOW = datetime(2026, 9, 3, 9, 0, tzinfo=UTC)
KARI: dict[str, Value] = {
    "patient.first_name": "Kari",
    "appointment.start": datetime(2026, 9, 10, 7, 30, tzinfo=UTC),
    "links.confirm": "https://time.fjordklinikken.example/k/8Xq2",
}
CAMPAIGN = """\
title: A letter
code: lt26
purpose: treatment
layer: essential
audience: upcoming
anchor: appointment.start
event: {start: "2026-11-12T18:00", end: "2026-11-12T19:30", place: "Strandgaten 14, Bergen", link: links.book}
locales: [en, fr, nb, zh-Hant]
emails:
  - id: letter
    send: {offset: -P7D, at: "09:00", expires: -PT2H}
    subject: "A message from {{ practice.name }}"
    preheader: Please read this before you come
    body:
"""
LOCALES = ("en", "fr", "nb", "zh-Hant")
OTHERS = {
    "fr": ("Un message de {{ practice.name }}", "À lire avant de venir"),
    "nb": ("En melding fra {{ practice.name }}", "Les gjerne dette før du kommer"),
    "zh-Hant": ("來自{{ practice.name }}的訊息", "來之前，請先看看這封信"),
}
_FENCE = re.compile(r"^```(yaml|text)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def example(file: Path) -> dict[tuple[str, str], str]:
    """The bodies and the texts that they become: `yaml` or `text`, and the locale."""
    return {(kind, locale or "en"): text for kind, locale, text in _FENCE.findall(file.read_text(encoding="utf-8"))}


@cache
def compiled(file: Path) -> Compilation:
    fences = example(file)
    files: dict[str, str | bytes] = {
        "campaigns/letter/campaign.yaml": CAMPAIGN + indented(fences["yaml", "en"], 6),
        "assets/harbour.png": HARBOUR,
    }
    for locale, (subject, preheader) in OTHERS.items():
        words = fences.get(("yaml", locale), "")
        body = "  body:\n" + indented(words, 4) if words else ""
        files[f"campaigns/letter/{locale}.yaml"] = f'letter:\n  subject: "{subject}"\n  preheader: {preheader}\n{body}'
    return compile_files(workspace(files), as_of=None, now=NOW)


def indented(text: str, spaces: int) -> str:
    return "".join(" " * spaces + line if line.strip() else line for line in text.splitlines(keepends=True))


def rendered(file: Path, locale: str) -> RenderedEmail:
    (found,) = (message for message in compiled(file).rendered if message.version.locale == locale)
    return found


def for_kari(message: RenderedEmail, medium: str) -> str:
    found = values(message.derived, KARI, NOW)
    if medium == "html":
        return join(message.html, found, message.derived)
    return join(message.text, found, message.derived, medium="plain")


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_block_compiles_without_a_finding_and_reads_as_typed(file: Path, locale: str) -> None:
    assert [found.message for found in compiled(file).diagnostics] == []
    body, _, _ = for_kari(rendered(file, locale), "text").partition("\n-- \n")
    assert body.splitlines() == example(file)["text", locale].splitlines()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_block_says_in_html_what_it_says_in_plain_text(file: Path, locale: str) -> None:
    page = LexborHTMLParser(for_kari(rendered(file, locale), "html"))
    assert page.body is not None
    addresses = [str(link.attributes.get("href")) for link in page.css("a[href]")]
    pictures = [str(image.attributes.get("alt")) for image in page.css("img")]
    seen = words(" ".join([page.body.text(separator=" "), *addresses, *pictures]))
    told = words(example(file)["text", locale])
    if locale == "zh-Hant":  # a line may end amid a Chinese sentence
        assert [word for word in told if word not in "".join(seen)] == []
    else:
        assert set(told) <= set(seen)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_no_line_is_wider_than_72_columns_but_by_an_address(file: Path, locale: str) -> None:
    for line in example(file)["text", locale].splitlines():
        assert columns(line) <= COLUMNS or "https://" in line, line


def test_every_block_that_has_a_layout_has_an_example() -> None:
    kinds = {name.removeprefix("blocks/").removesuffix(".mjml") for name in read_layouts({}).value.files
             if name.startswith("blocks/") and name.endswith(".mjml")}  # fmt: skip
    assert kinds == {file.stem for file in EXAMPLES}
