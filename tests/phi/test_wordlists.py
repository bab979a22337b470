"""Cues and words are compiled so that a text without any of them is told at once, and none with one is missed."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.phi.cues import LANGUAGES, OTHERS, PATTERNS, Hints, cues
from campcompile.phi.identifiers.clues import Phrases, words
from campcompile.phi.necessary import necessary
from campcompile.phi.wordlists import compiled_cues

COMPILED = compiled_cues()
ROWS = sorted({row for cue in COMPILED.values() if cue["needs"] for row in cue["rows"]})


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
    assert all(isinstance(getattr(known, key), re.Pattern) for key in OTHERS if key != "words_between")
    every = Hints(known, frozenset(PATTERNS), (1 << 5000) - 1)
    assert {len(list(every.pattern(key).finditer(""))) for key in PATTERNS} == {0}


def test_only_cues_whose_words_stand_in_a_text_are_hinted_at() -> None:
    assert "care" in cues("en").hinted("your results are ready")
    assert "care" not in cues("en").hinted("your garden in spring")
    assert not cues("zh-Hant").hinted("abc").keys


def sentences_of(language: str) -> st.SearchStrategy[str]:
    """A few matches of rows, whole or cut, with words and signs between."""
    rows = sorted({row for key in PATTERNS for row in COMPILED[f"{language}/{key}"]["rows"]})
    said = st.sampled_from(rows).flatmap(lambda row: st.from_regex(row, fullmatch=True))
    cut = st.tuples(said, st.integers(0, 9)).map(lambda drawn: drawn[0][drawn[1] :])
    return st.lists(said | cut | st.sampled_from(["and", ", ", " ", ". ", "您"]), max_size=5).map(" ".join)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=25)
@given(data=st.data())
def test_rows_hinted_at_find_what_all_rows_of_a_cue_would(language: str, data: st.DataObject) -> None:
    text = data.draw(sentences_of(language))
    known = cues(language)
    hints = known.hinted(text)
    start, end = data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))) if text else (0, 0)
    for key in PATTERNS:
        rows = COMPILED[f"{language}/{key}"]["rows"]
        whole = whole_pattern(language, key)
        if key not in hints:
            assert not rows or whole.search(text) is None, key
            continue
        pattern = hints.pattern(key)
        places = [found.span() for found in pattern.finditer(text, start, end)]
        assert places == [found.span() for found in whole.finditer(text, start, end)], key
        assert [found.span() for found in pattern.finditer(text)] == [found.span() for found in whole.finditer(text)]
        assert bool(pattern.match(text, start, end)) == bool(whole.match(text, start, end))


@cache
def whole_pattern(language: str, key: str) -> re.Pattern[str]:
    rows = "|".join(f"{row}" for row in COMPILED[f"{language}/{key}"]["rows"]) or "(?!)"
    return re.compile(f"(?:{rows})" if language == "zh-Hant" else rf"(?<!\w)(?:{rows})(?!\w)")


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
