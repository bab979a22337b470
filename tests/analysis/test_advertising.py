"""The claims of advertising are written in every language, read in small letters, and found wherever a pattern fits."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campcompile.analysis import advertising
from campcompile.analysis.advertising import Pitch, instead, says
from campcompile.analysis.inventory import ADVERTISING
from campcompile.phi.cues import LANGUAGES
from campcompile.syntax.packs import pack

DATA = {kind: row for kind, row in pack(ADVERTISING).root.data().items() if isinstance(row, dict)}
WITH_ADVICE = [Pitch(kind) for kind in DATA["instead"]]


@pytest.mark.parametrize("kind", [*(pitch.value for pitch in Pitch), "not"])
def test_every_kind_is_written_in_every_language_in_small_letters(kind: str) -> None:
    assert list(DATA[kind]) == list(LANGUAGES)
    for ways in DATA[kind].values():
        for way in ways:
            re.compile(way)
            assert not re.search(r"[A-ZÆØÅÉ]", re.sub(r"\\[A-Z]|\(\?P", "", way)), way


@pytest.mark.parametrize("pitch", WITH_ADVICE, ids=lambda pitch: pitch.value)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_proposed_instead_is_no_such_claim(pitch: Pitch, language: str) -> None:
    words = instead(pitch, language)
    assert words and [one for one in Pitch if one is not Pitch.DISCLAIMER and says(words, one, language)] == []


@st.composite
def said(draw: st.DrawFn) -> tuple[str, Pitch, str]:
    """A language, a kind, and words that one of its patterns fits."""
    language, pitch = draw(st.sampled_from(LANGUAGES)), draw(st.sampled_from(Pitch))
    way = draw(st.sampled_from(DATA[pitch.value][language]))
    plain = re.sub(r"\(\?[!=][^)]*\)|\\b", "", way)
    return language, pitch, draw(st.from_regex(re.compile(plain, re.ASCII), fullmatch=True))


@given(said())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_hint_is_missing_where_a_pattern_fits(text: tuple[str, Pitch, str]) -> None:
    language, pitch, words = text
    levelled = advertising.level(advertising.fold(words).text)
    if advertising._pattern(pitch, language).search(levelled):
        assert pitch in advertising._hinted(words, language)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "We can't guarantee a result."),
        ("fr", "Nous ne pouvons pas garantir un résultat."),
        ("nb", "Vi kan ikke garantere et resultat."),
        ("zh-Hant", "我們無法保證療效"),
    ],
)
def test_a_claim_that_is_taken_back_is_none(language: str, words: str) -> None:
    assert not says(words, Pitch.GUARANTEE, language)


def test_a_language_that_nobody_wrote_is_silent() -> None:
    assert not says("Garantierte Heilung", Pitch.GUARANTEE, "de")
