"""The wordings of every kind and language can be read, and hold for small letters."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campcompile.analysis.wordings import find_wordings
from campcompile.phi.cues import LANGUAGES
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping, Sequence

DATA = pack("analysis/data/wordings.yaml").root
STORIES = pack("analysis/data/stories.yaml").root
KINDS = [entry.key.value for entry in DATA.entries if isinstance(entry.value, Mapping) and entry.key.value != "hints"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_in_every_language(kind: str) -> None:
    row = DATA.get(kind)
    assert isinstance(row, Mapping)
    assert list(row.keys()) == list(LANGUAGES)
    for language in LANGUAGES:
        ways = row.get(language)
        assert isinstance(ways, Sequence) and ways.items
        for way in ways.data():
            re.compile(way)
            assert not re.search(r"[A-ZÆØÅÉ]", re.sub(r"\\[A-Z]|\(\?P", "", way)), (
                f"{way}: texts are read in small letters"
            )


def test_a_wording_stands_where_the_author_wrote_it() -> None:
    (found,) = find_wordings("See you. ２０％ off whitening!", "en")
    assert (found.kind, found.start, found.end) == ("offer", 9, 16)


def test_a_language_without_wordings_says_nothing() -> None:
    assert find_wordings("20 % Rabatt", "de") == ()


@pytest.mark.parametrize(
    "kind",
    [entry.key.value for entry in STORIES.entries if isinstance(entry.value, Mapping) and entry.key.value != "hints"],
)
def test_a_detail_of_stories_is_written_in_every_language(kind: str) -> None:
    row = STORIES.get(kind)
    assert isinstance(row, Mapping)
    assert list(row.keys()) == list(LANGUAGES)
    for ways in row.data().values():
        assert ways and all(re.compile(way) for way in ways)


@st.composite
def said(draw: st.DrawFn) -> tuple[str, str]:
    """A language, and a text that one of its patterns finds."""
    language = draw(st.sampled_from(LANGUAGES))
    kind = draw(st.sampled_from([kind for kind in KINDS if kind != "no-reply"]))
    way = draw(st.sampled_from(DATA.data()[kind][language]))
    return language, draw(st.from_regex(way, fullmatch=True))


@given(said())
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_pattern_finds_holds_a_hint(text: tuple[str, str]) -> None:
    language, match = text
    assert any(hint in match for hint in DATA.data()["hints"][language]), match


@st.composite
def told(draw: st.DrawFn) -> tuple[str, str]:
    language = draw(st.sampled_from(LANGUAGES))
    way = draw(st.sampled_from(STORIES.data()["person"][language]))
    return language, draw(st.from_regex(way, fullmatch=True))


@given(told())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_whoever_is_in_a_story_is_hinted_at(text: tuple[str, str]) -> None:
    language, match = text
    assert any(hint in f" {match} " for hint in STORIES.data()["hints"][language]), match
