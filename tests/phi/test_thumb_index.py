"""A thumb index finds what its automaton finds, and opens no page that a text doesn't need."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.phi import thumb_index
from campcompile.phi.thumb_index import ThumbIndex, printed_pages

WORDS = {
    "癌": [("cancer", "")],
    "肝癌": [("liver-cancer", "")],
    "ed": [("erection", "c")],
    "pill": [("drug", ""), ("contraceptive", "w")],
    "pills": [("drug", "!")],
    "mab": [("antibody", "s")],
    "the pill": [("contraceptive", "")],
    "kreft": [("cancer", "<>")],
}
TEXTS = st.lists(st.sampled_from([*WORDS, " ", "s", "pil", "肝", "thé"]) | st.text(max_size=3), max_size=12).map(
    "".join
)


def found(index: ThumbIndex, text: str) -> list[object]:
    return sorted(index.find(text))


@settings(max_examples=60)
@given(st.lists(TEXTS, max_size=4))
def test_whoever_reads_much_finds_what_whoever_reads_little_finds(texts: list[str]) -> None:
    pages = printed_pages(WORDS)
    leafing = ThumbIndex(pages)
    with patch.object(thumb_index, "MANY_SIGNS", 0):
        automaton = ThumbIndex(pages)
    for text in texts:
        places = [(word, at, at + len(word)) for word in WORDS for at in range(len(text)) if text.startswith(word, at)]
        assert [(entry.word, start, end) for entry, start, end in found(leafing, text)] == sorted(places)
        assert found(automaton, text) == found(leafing, text)


def test_a_word_comes_with_all_that_it_stands_for() -> None:
    [(entry, start, end)] = ThumbIndex(printed_pages(WORDS)).find("a mab")
    assert (entry.word, entry.readings, entry.inside, start, end) == ("mab", (("antibody", "s"),), True, 2, 5)
    [(entry, _, _)] = ThumbIndex(printed_pages(WORDS)).find("a pill")
    assert entry.readings == (("drug", ""), ("contraceptive", "w")) and not entry.inside


def test_a_short_text_builds_no_automaton() -> None:
    with patch.object(thumb_index, "finder", side_effect=AssertionError):
        assert list(ThumbIndex(printed_pages(WORDS)).find("no pills"))
