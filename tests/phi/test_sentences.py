"""Sentences of every class of concept and cue, by language: those that tell of their reader, and those that don't."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from campcompile.phi.audit import Auditor, Copy, FieldRules
from campcompile.phi.cues import LANGUAGES
from campcompile.phi.identifiers import OwnDetails

FILES = Path(__file__).parent / "sentences"
AUDITOR = Auditor(
    own=OwnDetails(
        names=("Riverside Family Clinic", "Cabinet des Tilleuls", "Fjordklinikken", "晨光診所"),
        phones=("(503) 555-0142",),
        staff=("Amelia Smith", "Raj Patel", "Karen Boyle", "Harold Winters", "Claire Martin", "Ingrid Hansen",
               "Lars Berg", "林怡君", "陳志明"),
    ),
    fields=FieldRules({}),
)  # fmt: skip


def copies(locale: str) -> Iterator[tuple[Copy, bool]]:
    """Each sentence where it stands, and whether it tells."""
    with (FILES / f"{locale}.tsv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            basis, _, segment = row["audience"].partition(": ")
            copy = Copy(
                id=str(number),
                lang=locale,
                context=row["context"],
                slot=row["slot"],
                text=row["text"],
                basis="none" if basis == "-" else basis,
                segment=segment,
            )
            yield copy, row["verdict"] == "tells"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_what_tells_of_its_reader_is_found(locale: str) -> None:
    missed = [copy.text for copy, tells in copies(locale) if tells and not AUDITOR.judge(copy).flagged]
    assert missed == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_what_everybody_may_read_is_silent(locale: str) -> None:
    judged = [(copy, AUDITOR.judge(copy)) for copy, tells in copies(locale) if not tells]
    assert [(copy.text, verdict.explanation) for copy, verdict in judged if verdict.flagged] == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_each_language_has_sentences_of_both_kinds(locale: str) -> None:
    told = [tells for _, tells in copies(locale)]
    assert min(told.count(True), told.count(False)) >= 100
