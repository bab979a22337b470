"""The example practice, and a small one, exported: what the tests of targets look at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from campcompile.cli.carrying import Carrying
from campcompile.cli.inputs import Inputs
from campcompile.compiler import Compilation, compile_files
from campcompile.dialects.dialect import Row
from campcompile.dialects.export import Export
from campcompile.dialects.registry import find_dialect
from campcompile.manifest import from_json
from campcompile.runner.bundle import Bundle
from campcompile.workspace import read
from tests.workspace import CAMPCOMPILE, LETTER, workspace

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)

SERIES = """\
title: Letters after signing up
code: sr31
purpose: operations
layer: updates
sender: care
audience: readers
locales: [en]
emails:
  - id: first
    send: {offset: P1D, at: "09:00"}
    subject: Welcome to our letters
    preheader: What you will hear from us
    body:
      - phrase: greeting
      - text: here is what we do.
  - id: second
    send: {offset: P8D, at: "09:00"}
    subject: What is new
    preheader: Winter by the fjord
    body:
      - text: we are open all winter.
"""
TEST_OF_TWO = LETTER.replace(
    "    body:",
    """    experiment:
      metric: click
      detect: 3pp
      people: 20000
      baseline: "20%"
      variants:
        b: {subject: Winter at the fjord}
    body:""",
)


@cache
def example() -> Compilation:
    return compile_files(read(ROOT).files, as_of=date(2026, 8, 15), now=NOW)


@cache
def judged() -> Carrying:
    """What can be carried of the example practice."""
    return Carrying(Inputs(read(ROOT), frozenset()), example())


def practice(target: str, campaign: str = LETTER, row: str = "", **files: str) -> dict[str, bytes]:
    """A small practice whose one campaign is for one target."""
    said = row or f'{{dialect: {target}, signs: fjordklinikken.example, region: "NO"}}'
    settings = CAMPCOMPILE.replace("targets:\n", f"targets:\n  there: {said}\n")
    return workspace({"campcompile.yaml": settings, "campaigns/letter/campaign.yaml": campaign, **files})


def compiled(files: Mapping[str, bytes]) -> Compilation:
    return compile_files(files, as_of=date(2026, 11, 2), now=NOW)


def bundle_of(compilation: Compilation, code: str) -> Bundle:
    files = compilation.bundle
    manifest = from_json(json.loads(files[f"{code}/manifest.json"]))
    contents = {file.path: files[f"{code}/{file.path}"] for file in manifest.files()}
    return Bundle(folder=Path("build") / code, manifest=manifest, contents=contents)


def exported(target: str, compilation: Compilation, code: str, row: Row | None = None) -> Export:
    dialect = find_dialect(target)
    assert dialect is not None
    return dialect.export(bundle_of(compilation, code), dialect, row or Row(id=target))


STRAIGHT = LETTER.replace("      - phrase: greeting\n", "")  # for a service without conditions
ROWS = {  # they put a picture into every mail that tells who opens it
    "brevo": "{dialect: brevo, signs: fjordklinikken.example, region: FR, tracking: {open: aggregate, click: none}}",
    "constant-contact": '{dialect: constant-contact, signs: fjordklinikken.example, region: "NO", '
    "tracking: {open: aggregate, click: none}}",
}


@cache
def letter(target: str, campaign: str = "", code: str = "lt26") -> Export:
    """A small campaign for one target, exported: the letter, as far as the target can say it."""
    said = campaign or (STRAIGHT if target == "constant-contact" else LETTER)
    compilation = compiled(practice(target, said, row=ROWS.get(target, "")))
    assert compilation.bundle, [found.message for found in compilation.diagnostics]
    return exported(target, compilation, code, Row(id="there"))


@cache
def newsletter(target: str) -> Export:
    """The newsletter of the example practice, exported."""
    return exported(target, example(), "wm83")
