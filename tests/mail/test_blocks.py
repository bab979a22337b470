"""Every block has an example, `blocks/NAME.md`: a body as an author writes it, and the plain text that Kari gets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from campcompile.compiler import Compilation, compile_files
from campcompile.mail.layouts import read_layouts
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
locales: [en]
emails:
  - id: letter
    send: {offset: -P7D, at: "09:00"}
    subject: "A message from {{ practice.name }}"
    preheader: Please read
    body:
"""
_FENCE = re.compile(r"^```(yaml|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def example(file: Path) -> tuple[str, str]:
    """The body, and the text that it becomes."""
    fences = dict(_FENCE.findall(file.read_text(encoding="utf-8")))
    return fences["yaml"], fences["text"]


@cache
def compiled(file: Path) -> Compilation:
    body = "".join(f"      {line}\n" if line else "\n" for line in example(file)[0].splitlines())
    files = workspace({"campaigns/letter/campaign.yaml": CAMPAIGN + body, "assets/harbour.png": HARBOUR})
    return compile_files(files, as_of=None, now=NOW)


def for_kari(message: RenderedEmail, medium: str) -> str:
    found = values(message.derived, KARI, NOW)
    if medium == "html":
        return join(message.html, found, message.derived)
    return join(message.text, found, message.derived, medium="plain")


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_block_compiles_without_a_finding_and_reads_as_typed(file: Path) -> None:
    assert [found.message for found in compiled(file).diagnostics] == []
    message = compiled(file).rendered[0]
    body, _, _ = for_kari(message, "text").partition("\n-- \n")
    assert body == example(file)[1]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_block_says_in_html_what_it_says_in_plain_text(file: Path) -> None:
    page = LexborHTMLParser(for_kari(compiled(file).rendered[0], "html"))
    assert page.body is not None
    addresses = [str(link.attributes.get("href")) for link in page.css("a[href]")]
    pictures = [str(image.attributes.get("alt")) for image in page.css("img")]
    seen = set(words(" ".join([page.body.text(separator=" "), *addresses, *pictures])))
    assert set(words(example(file)[1])) <= seen


def test_every_block_that_has_a_layout_has_an_example() -> None:
    kinds = {name.removeprefix("blocks/").removesuffix(".mjml") for name in read_layouts({}).value.files
             if name.startswith("blocks/") and name.endswith(".mjml")}  # fmt: skip
    assert kinds == {file.stem for file in EXAMPLES}
