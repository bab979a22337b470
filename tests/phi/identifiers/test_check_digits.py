"""Numbers with a check digit are found a thousand times of a thousand, and silent where the digit is wrong."""

from __future__ import annotations

import pytest

from campcompile.phi.identifiers import OwnDetails, find_identifiers
from tests.phi.identifiers.generate import CHECKED, valid, wrong

NOBODY = OwnDetails()
LOCALES = {"norwegian-id": "nb", "nir": "fr", "taiwan-id": "zh-Hant", "taiwan-arc": "zh-Hant"}


@pytest.mark.parametrize("name", CHECKED)
def test_a_thousand_valid_numbers_are_found(name: str) -> None:
    kind, _, sentence = CHECKED[name]
    for number in valid(name, 1000):
        text = sentence.format(number)
        found = find_identifiers(text, LOCALES.get(kind, "en"), NOBODY)
        assert [(one.kind, text[one.start : one.end]) for one in found] == [(kind, number)], text


@pytest.mark.parametrize("name", CHECKED)
def test_a_thousand_with_a_wrong_check_digit_are_silent(name: str) -> None:
    kind, _, sentence = CHECKED[name]
    for number in wrong(name, 1000):
        text = sentence.format(number)
        assert not find_identifiers(text, LOCALES.get(kind, "en"), NOBODY), text


@pytest.mark.parametrize(
    "name", ["fødselsnummer", "D-number", "Tenor", "NIR", "Taiwan ID", "ARC", "old ARC", "NHS number"]
)
def test_a_national_number_needs_no_word_that_names_it(name: str) -> None:
    kind = CHECKED[name][0]
    for number in valid(name, 200):
        assert [one.kind for one in find_identifiers(number, "en", NOBODY)] == [kind], number


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SSN 219-09-9999", "ssn"),
        ("219-09-9999", "ssn"),
        ("social security number: 219 09 9999", "ssn"),
        ("ITIN 912-70-1234", "ssn"),
        ("Your card says 1EG4-TE5-MK73", "mbi"),
        ("1EG4TE5MK73", "mbi"),
        ("健保卡號：000012345678", "nhi-card"),
        ("NIR sans clé 1 85 05 78 006 084", "nir"),
        ("FH-nummer 80001234572", "norwegian-id"),
    ],
)
def test_numbers_that_a_shape_or_a_word_tells(text: str, kind: str) -> None:
    assert [one.kind for one in find_identifiers(text, "en", NOBODY)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "666-12-3456",
        "000-12-3456",
        "123-00-4567",
        "123-45-0000",
        "912-10-1234",
        "219 09 9999",
        "SEG4-TE5-MK73",
        "000012345678",
    ],
)
def test_numbers_that_nobody_was_given_are_silent(text: str) -> None:
    assert not find_identifiers(text, "en", NOBODY)
