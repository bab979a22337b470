"""Folded text reads the same however it was disguised, and quotes the author."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campcompile.phi.folded import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Fødselsdag", "fødselsdag"),
        ("Ａ１２３", "a123"),
        ("A\u200b1\u00ad2\ufeff3", "a123"),
        ("e\u0301te\u0301", "été"),
        ("a\u030angstro\u0308m", "ångström"),
        ("٠١٢", "012"),
        ("ﬁ … ß", "fi ... ss"),
        ("kari＠mail．example", "kari@mail.example"),
        ("\u0301", "\u0301"),
        ("", ""),
    ],
)
def test_disguises_fold_to_plain_text(written: str, folded: str) -> None:
    assert fold(written).text == folded


def test_a_place_in_the_folded_text_is_the_authors() -> None:
    written = "nr. １２\u200b３ …"
    read = fold(written)
    start = read.text.index("123")
    first, last = read.author(start, start + 3)
    assert written[first:last] == "１２\u200b３"


def test_capitals_stay_beside_the_small_letters() -> None:
    read = fold("Élise … ＢＥＲＧ")
    assert read.cased == "Élise ... BERG"
    assert read.text == "élise ... berg"


def test_a_range_read_otherwise_stands_where_the_author_wrote_it() -> None:
    written = "ring en to tre nå"
    read = fold(written).replaced([(5, 14, "123")])
    assert read.text == "ring 123 nå"
    assert read.author(5, 6) == (5, 14)
    first, last = read.author(9, 11)
    assert written[first:last] == "nå"


@given(st.text(max_size=60))
def test_every_folded_character_has_a_place(written: str) -> None:
    read = fold(written)
    assert len(read.text) == len(read.cased)
    places = [read.author(at, at + 1) for at in range(len(read.text))]
    assert all(0 <= first < last <= len(written) for first, last in places)
    assert places == sorted(places)


@given(st.text(alphabet="aB1 é\u200b\u0301１ßﬁ王", max_size=30))
def test_what_is_folded_stays_so(written: str) -> None:
    folded = fold(written).text
    assert fold(folded).text == folded
