"""Jargon: the lists are sound, and terms are found where they stand."""

from __future__ import annotations

import pytest

from campcompile.analysis.jargon import is_explained, jargon_in, terms_of

LOCALES = ("en", "fr", "nb", "zh-Hant")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_language_has_its_terms_each_once_with_plain_words_that_hold_no_term(locale: str) -> None:
    terms = terms_of(locale)
    names = [term.name for term in terms]
    assert 60 <= len(terms) <= 110
    assert len(set(names)) == len(names)
    for term in terms:
        assert term.plain and not [found.term.name for found in jargon_in(term.plain, locale)], term


@pytest.mark.parametrize(
    ("text", "locale", "seen"),
    [
        ("Hypertension and HbA1c.", "en", ["Hypertension", "HbA1c"]),
        ("after a Myocardial Infarction", "en", ["Myocardial Infarction"]),
        ("l'HTA, d'hématomes", "fr", ["HTA", "hématomes"]),
        ("Anamnesen og ødemene", "nb", ["Anamnesen", "ødemene"]),
        ("您的HbA1c與預後", "zh-Hant", ["HbA1c", "預後"]),
        ("bp bmi psa ecg", "en", []),
        ("The benefit of a hyper tension", "en", []),
        ("預約後請提早十分鐘", "zh-Hant", []),
        ("\x02patient.prognosis\x03 prognosis", "en", ["prognosis"]),
    ],
)
def test_terms_are_found_where_they_stand(text: str, locale: str, seen: list[str]) -> None:
    assert [text[found.start : found.end] for found in jargon_in(text, locale)] == seen


@pytest.mark.parametrize(
    "text",
    [
        "Hypertension (pressure in your vessels) is common.",
        "Too much pressure (hypertension) is common.",
        "Hypertension – pressure in your vessels – is common.",
        "Hypertension, that is pressure in your vessels, is common.",
        "Hypertension is high blood pressure.",
    ],
)
def test_a_term_is_explained_by_what_stands_beside_it(text: str) -> None:
    (found,) = jargon_in(text, "en")
    assert is_explained(found, text, text.casefold())


@pytest.mark.parametrize(
    "text", ["Hypertension is common.", "Hypertension (1) is common.", "Your hypertension, please."]
)
def test_a_term_alone_is_not(text: str) -> None:
    (found,) = jargon_in(text, "en")
    assert not is_explained(found, text, text.casefold())
