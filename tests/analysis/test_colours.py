"""Colours as sheets write them come out as `#rrggbb`; inverting one twice gives it back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.analysis.colours import colour_over, inverted
from campcompile.analysis.contrast import channels

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("written", "colour"),
    [
        ("#ABC", "#aabbcc"),
        ("White", "#ffffff"),
        ("rebeccapurple", "#663399"),
        ("rgb(0, 128, 255)", "#0080ff"),
        ("rgba(0,0,0,0.5)", "#808080"),
        ("rgb(0% 50% 100% / 50%)", "#80bfff"),
        ("#00000080", "#7f7f7f"),
        ("transparent", "#ffffff"),
    ],
)
def test_a_colour_in_each_of_its_forms_over_white(written: str, colour: str) -> None:
    assert colour_over(written, "#ffffff") == colour


@pytest.mark.parametrize("written", ["", "blurple", "rgb(1,2)", "rgb(a,b,c)", "hsl(0 0% 0%)", "currentcolor"])
def test_what_is_no_known_colour_is_none(written: str) -> None:
    assert colour_over(written, "#ffffff") is None


@given(COLOURS)
@settings(max_examples=60)
def test_inverting_twice_gives_the_colour_back(colour: str) -> None:
    back = channels(inverted(inverted(colour)))
    assert all(abs(one - other) <= 3 for one, other in zip(back, channels(colour), strict=True))


def test_black_and_white_change_places() -> None:
    assert (inverted("#000000"), inverted("#ffffff")) == ("#ffffff", "#000000")


@given(st.text(max_size=24))
@settings(max_examples=100)
def test_any_text_is_a_colour_or_none(text: str) -> None:
    found = colour_over(text, "#ffffff")
    assert found is None or len(found) == 7
