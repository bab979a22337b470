"""Cues and words are compiled so that a text without any of them is told at once, and none with one is missed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.phi.cues import LANGUAGES, PATTERNS, cues
from campcompile.phi.identifiers.clues import Phrases, words
from campcompile.phi.necessary import necessary
from campcompile.phi.wordlists import compiled_cues

ROWS = sorted({row for cue in compiled_cues().values() if cue["needs"] for row in cue["rows"]})


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("(?:lab )?results?|pills", ("pills", "result")),
        ("surger(?:y|ies)", ("surgeries", "surgery")),
        ("\\d+ (?:days|weeks)(?: after)?", (" days", " weeks")),
        ("[您你](?:們)?的?", ("你", "您")),
        ("(?<!健康)檢查(?!時間)", ("檢查",)),
        ("(?:see|call) your (?:\\w+ ){0,3}doctor", ("call your ", "see your ")),
        ("(?:ab)+c", ("ab",)),
    ],
)
def test_a_pattern_tells_what_it_cannot_match_without(pattern: str, needs: tuple[str, ...]) -> None:
    assert necessary(pattern) == needs


@pytest.mark.parametrize("pattern", ["", "\\w+", "(?:diabetes)?", "diabetes|\\d{4}", "[^a]", "(?:ab)*"])
def test_a_pattern_that_asks_for_no_word_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="may match where none"):
        necessary(pattern)


@settings(max_examples=150)
@given(st.sampled_from(ROWS).flatmap(lambda row: st.tuples(st.just(row), st.from_regex(row, fullmatch=True))))
def test_every_match_of_a_cue_holds_a_text_that_it_needs(row_and_match: tuple[str, str]) -> None:
    row, match = row_and_match
    assert any(text in match for text in necessary(row))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cue_is_a_pattern(language: str) -> None:
    known = cues(language)
    assert all(isinstance(getattr(known, key), re.Pattern) for key in (*PATTERNS, "ends_reach", "question"))


def test_only_cues_whose_words_stand_in_a_text_are_hinted_at() -> None:
    assert "care" in cues("en").hinted("your results are ready")
    assert "care" not in cues("en").hinted("your garden in spring")
    assert not cues("zh-Hant").hinted("abc")


def test_words_are_texts_even_where_yaml_would_read_numbers() -> None:
    assert "112" in words("public_numbers", "numbers")


def test_phrases_are_met_as_whole_words_each_with_all_its_kinds() -> None:
    phrases = Phrases({"one": ["her", "after her"], "two": ["her", "術後"]})
    met = phrases.met("after her, not mother or here: 王術後")
    assert met == (
        (0, 9, frozenset({"one"})),
        (6, 9, frozenset({"one", "two"})),
        (32, 34, frozenset({"two"})),
    )
